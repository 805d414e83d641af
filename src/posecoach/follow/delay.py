"""Left against right in time, over a whole repetition: what it is, and when it can be told.

A plain cross-correlation of the two sides is wrong as soon as their amplitudes differ, and says
nothing in a form whose sides take turns. Here each side is held against the reference; see
`posecoach.follow.adjust` for how.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.lowered import SIDES
from posecoach.follow.track import Track
from posecoach.posture.resample import quantile_found

Array = NDArray[np.float64]

REACH_S = 0.8
_MIN_RANGE_RAD = 0.35
_ARMS = (14, 15)


@dataclass(frozen=True)
class SideDelay:
    """How much later the left side moves than the right.

    Attributes
    ----------
    delay_s : float
        Seconds, + = left later, against the reference.
    error_s : float
        One standard error.
    """

    delay_s: float
    error_s: float


def undo_delay(time_s: Array, features: Array, delay_s: float) -> Array:
    """Return features with the left side earlier and the right later by half the delay.

    Parameters
    ----------
    time_s : (n,) array
    features : (n, features) array
        NaN where not seen; stays so.
    delay_s : float
        + = the left was late.
    """
    out = features.copy()
    for columns, move in zip(SIDES, (0.5 * delay_s, -0.5 * delay_s), strict=True):
        for c in columns:
            ok = np.isfinite(features[:, c])
            if ok.sum() > 1:
                out[:, c] = np.interp(time_s + move, time_s[ok], features[ok, c])
    return out


def can_differ(features: Array, track: Track) -> bool:
    """Return whether a delay can show: both arms are seen, and move as the reference's do.

    Parameters
    ----------
    features : (n, features) array
    track : Track
    """
    arms = features[:, _ARMS]
    own_range = np.nan_to_num(quantile_found(arms, 1.0) - quantile_found(arms, 0.0))
    ranges = np.concatenate([np.ptp(track.signals.features[:, _ARMS], axis=0), 3.0 * own_range])
    return not (ranges < _MIN_RANGE_RAD).any() and np.isfinite(arms).all(axis=1).mean() >= 0.5
