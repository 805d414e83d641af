"""What the first window is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Attributes
    ----------
    form : str
        Id of the form; empty for the studio.
    language : str
    gentle, seated : bool
    feeling : int or None
        How the back feels, 0 to 10.
    """

    form: str
    language: str
    gentle: bool = False
    seated: bool = False
    feeling: int | None = None


@dataclass(frozen=True)
class Entry:
    """A form named beforehand: the window asks only what belongs to a practice of it."""

    form: str
    title: str
