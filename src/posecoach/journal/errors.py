"""What can be wrong with the journal; every message is one line."""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import InputError


class JournalError(InputError):
    """The journal cannot be read or written.

    Attributes
    ----------
    read_only : bool
        It is there but may not be written.
    """

    def __init__(self, message: str, *, read_only: bool = False) -> None:
        super().__init__(message)
        self.read_only = read_only


class DamagedJournalError(JournalError):
    """The file is damaged.

    Attributes
    ----------
    moved_to : Path or None
        Where it is now; None if it was left where it is.
    """

    def __init__(self, message: str, moved_to: Path | None = None) -> None:
        super().__init__(message)
        self.moved_to = moved_to
