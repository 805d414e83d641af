"""The first window: today's form, all forms, history, settings, and the care before a practice."""
