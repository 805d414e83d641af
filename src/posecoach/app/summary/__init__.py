"""After a practice: what was kept, what to try, the tempo, the moments of the cues."""
