"""Kept sessions: what was practised, in one SQLite file on this machine, written as it happens."""
