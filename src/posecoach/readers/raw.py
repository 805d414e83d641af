"""What stands in a file before it becomes a motion, and the limits every reader keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """

    points: Array
    time_s: Array | None = None
    visibility: Array | None = None
    joints: Sequence[str] | str | None = None
    rate_hz: float | None = None
    picture: tuple[float, float] | None = None
    up: str | None = None
    mirrored: bool | None = None


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
