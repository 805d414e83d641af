"""Recordings of other trackers: tables and arrays in, `posecoach.Motion` out."""

from posecoach.readers.recording import SUFFIXES, read_recording
from posecoach.readers.sides import SideCheck, compare_sides

__all__ = ["SUFFIXES", "SideCheck", "compare_sides", "read_recording"]
