"""Measures: practitioner against reference at the same place, each with its uncertainty."""
