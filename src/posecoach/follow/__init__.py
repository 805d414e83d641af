"""Following: where in the reference the practitioner is, and how fast."""
