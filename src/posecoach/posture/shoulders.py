"""The shoulder line as it is, told from how a model draws it: too square to the trunk.

BlazePose reads the angle between shoulder line and trunk at two thirds: of 16 drawn people who let
one shoulder hang by 3 to 15 degrees (six bodies, three forms, cameras near and far, its three
models) 0.66 on average, with a standard deviation of 0.08. What a leaning trunk takes along it
reads in full: of 12 people who leaned and whose shoulders tilted by 6 to 18 degrees the same share
of what lies beyond the lean comes within 0.7 degrees of what was read. With raised arms it is 0.5
to 0.9. It has not been tried on real people, of whom no such truth is known; other trackers are
taken at their word.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.body import INDEX

Array = NDArray[np.float64]

READ = 0.66
READ_SD = 0.1

# No other tracker here gives points of the mouth.
_MOUTH = [INDEX["mouth_left"], INDEX["mouth_right"]]


def find_read_share(plane: Array) -> float:
    """Return what share of the angle between shoulders and trunk is read in these points.

    Parameters
    ----------
    plane : (..., 33, 2) array

    Returns
    -------
    float
        `READ` for BlazePose, 1 for other trackers.
    """
    return READ if np.isfinite(plane[..., _MOUTH, 0]).any() else 1.0


def estimate_shoulder_tilt(line: Array, lean: Array, share: float) -> Array:
    """Return the shoulder line's tilt from the line that was read; degrees, + = left lower.

    Parameters
    ----------
    line : (...) array
        Tilt of the line between the two points, degrees.
    lean : (...) array
        Lateral lean of the trunk, degrees, + = left.
    share : float
        See `find_read_share`.
    """
    return np.asarray(lean + (line - lean) / share) if share != 1.0 else line
