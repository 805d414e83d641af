"""Practice in a window: from the command's options to the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posecoach.reference.sequence import Sequence


def practise_in_window(
    sequence: Sequence | None,
    source: Path | None,
    camera: str | None,
    language: str,
    overlay: Path | None,
    model: str | None,
    mirror: bool,
    say: Callable[[str], None],
) -> int:
    """Open the window and return the exit status.

    Parameters
    ----------
    sequence : Sequence or None
        None: the home window asks.
    """
    raise NotImplementedError
