"""What raised arms do to the shoulder line, which is no tilt of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FROM_DEG = 60.0  # a lower arm moves in its socket alone
_LIFT = 0.07  # degrees of the line for each that one arm is raised beyond
UNLIKE = 0.3  # share of it by which people, and what a model makes of them, differ


def compute_girdle_tilt(shoulder_tilt: Array, elevation: Array) -> Array:
    """Return the shoulder line's tilt without what the arms' heights bring with them; degrees.

    An arm that is raised takes its shoulder along: the collar bone comes up by 11 to 15 degrees
    until the arm is up (Ludewig et al. 2004, J Orthop Sports Phys Ther 34:140), half of which
    is seen in the line between the shoulders. So a smaller movement, or an arm kept lower, changes
    the line where the form raises one arm; neither is a tilt.

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
