"""Capture: frames from cameras and videos, and landmark recordings that stand in for both."""
