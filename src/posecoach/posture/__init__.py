"""Posture: angles and features of a body at one moment, compared with nothing yet."""
