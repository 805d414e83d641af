"""What stands in a file before it becomes a motion, and the limits every reader keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import InputError, make_one_line

Array = NDArray[np.float64]

MAX_BYTES = 500_000_000
MAX_FRAMES = 400_000  # more than three hours at 30 frames a second
MAX_JOINTS = 600  # holistic trackers give 543


@dataclass(frozen=True, eq=False)
class Raw:
    """Points as a file holds them.

    Attributes
    ----------
    points : (n, joints, 2 or 3) array
        NaN where not found.
    time_s : (n,) array or None
        None where the file has no times.
    visibility : (n, joints) array or None
    joints : sequence of str, str or None
        Names of the joints or of a skeleton; None where the file does not say.
    rate_hz : float or None
        Where the file says it instead of times.
    picture : (float, float) or None
        Width and height in pixels; x and y are then shares of them.
    up : str or None
        Axis that points up, such as ``"y"`` or ``"-y"``; None where the file does not say.
    mirrored : bool or None
        None where the file does not say.
    guessed : bool
        Whether the depth is a model's guess, by which nothing is turned.
    """

    points: Array
    time_s: Array | None = None
    visibility: Array | None = None
    joints: Sequence[str] | str | None = None
    rate_hz: float | None = None
    picture: tuple[float, float] | None = None
    up: str | None = None
    mirrored: bool | None = None
    guessed: bool = False


def drop_blanks(points: Array, visibility: Array | None) -> Array:
    """Return points with those at exactly zero, as many trackers write "not found", as NaN.

    A joint that is always at zero is the origin of the recording and stays.

    Parameters
    ----------
    points : (n, joints, 2 or 3) array
    visibility : (n, joints) array or None
        Where there is one, only points of visibility 0 are taken for missing.
    """
    blank = (points == 0).all(axis=2)
    blank &= ~blank.all(axis=0)
    if visibility is not None:
        blank &= np.nan_to_num(visibility) <= 0
    return np.where(blank[..., None], np.nan, points)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    InputError
        It is too large.
    OSError
        It cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(
            f"Expected a recording of at most {MAX_BYTES // 1_000_000} MB but {path} is larger; "
            "cut it into parts."
        )
    return data


def read_text(path: Path) -> str:
    """Return a text file's content; see `read_bytes`."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"Expected text but {path} is something else ({tell(error)}); choose another file."
        ) from error


def tell(error: Exception) -> str:
    """Return what an error of a library says, as part of one line."""
    return make_one_line(str(error), 100) or type(error).__name__


def check_counts(path: Path, frames: int, joints: int) -> None:
    """Raise `InputError` if there are no or too many frames or joints."""
    if not 1 <= frames <= MAX_FRAMES or not 1 <= joints <= MAX_JOINTS:
        raise InputError(
            f"Expected 1 to {MAX_FRAMES} frames of 1 to {MAX_JOINTS} joints but {path} has "
            f"{frames} of {joints}; cut it into parts."
        )
