"""The practice window: set-up, the mirror with the overlay, rests, trouble."""
