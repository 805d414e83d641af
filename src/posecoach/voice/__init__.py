"""Voice and breath tone, offline: the system's own voice, and a tone made here."""

from posecoach.voice.announcer import Announcer

__all__ = ["Announcer"]
