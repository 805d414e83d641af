"""What raised arms do to the shoulder line, which is no tilt of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.posture.shoulders import READ, READ_SD

Array = NDArray[np.float64]

_FROM_DEG = 60.0  # a lower arm moves in its socket alone
_LIFT = 0.09  # degrees of the line for each that one arm is raised beyond
_UNLIKE = 0.3  # share of it by which people, and what a model makes of them, differ


def compute_girdle_tilt(shoulder_tilt: Array, elevation: Array) -> Array:
    """Return the shoulder line's tilt without what the arms' heights bring with them; degrees.

    An arm that is raised takes its shoulder along: the collar bone comes up by 11 to 15 degrees
    until the arm is up (Ludewig et al. 2004, J Orthop Sports Phys Ther 34:140). So a smaller
    movement, or an arm kept lower, changes the line where the form raises one arm; neither is a
    tilt.

    Parameters
    ----------
    shoulder_tilt : (...) array
        Degrees, + = left lower.
    elevation : (..., 2) array
        Left and right arm above hanging, degrees; where one is not seen nothing is taken out.

    Returns
    -------
    (...) array
    """
    lift = _LIFT * np.maximum(elevation - _FROM_DEG, 0.0)
    return np.asarray(shoulder_tilt + np.nan_to_num(lift[..., 0] - lift[..., 1]))


def estimate_girdle_error(by_arms: Array | float, apart: Array | float) -> Array:
    """Return the standard error that a tilt's own size brings with it; degrees.

    Parameters
    ----------
    by_arms : (...) array
        What `compute_girdle_tilt` took out, against the reference's.
    apart : (...) array
        Deviation of the shoulder line from where a deviating trunk takes it: the larger, the more
        it matters what share of it was read.
    """
    return np.asarray(np.hypot(_UNLIKE * by_arms, READ_SD / READ * apart))
