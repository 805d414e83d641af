"""How well what is seen has lately fitted the place it was thought to be at.

A filter over places weighs one against another: of several that all fit badly it is sure of the
least bad. Whether any is to be believed shows in how far postures were from the likeliest one for
a while. Small movements and other forms are where that happens. Only what both sides are off by
counts: a lean, a tilted shoulder line or one late arm puts the sides off against each other, and
is nothing against the place.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.robust import robust_square
from posecoach.posture.features import FEATURES, MIRROR_FEATURES, SIDEWAYS

Array = NDArray[np.float64]

FADING_S = 1.0  # of movement, over which the distance is averaged
# Found with 14 people following (amplitude 0.5 to 1) and 8 with faults: of the frames in which a
# place was likely, the share that was right within half a second falls with the distance as a
# logistic curve, to a half at:
HALF = 2.3
_WIDTH = 0.6
_MOST = 2 * HALF  # of a frame's distance, so that what is over is soon forgotten
_MIRROR = np.array(MIRROR_FEATURES)
_SIGN = np.where(np.isin(np.arange(len(FEATURES)), SIDEWAYS), -1.0, 1.0)


class Trust:
    """The running mean of a squared distance, see `posecoach.follow.follower`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget it."""
        self.mean = 0.0

    def step(self, off: Array, weights: Array, moved_s: float) -> None:
        """Take in one frame.

        Parameters
        ----------
        off : (k, features) array
            Posture minus the reference's around the likeliest place, standard deviations; the
            nearest counts, since who is fast has moved on a little.
        weights : (features,) array
            0 where not seen.
        moved_s : float
            Seconds since the last frame; the less, the less one moved meanwhile: a posture held
            still tells nothing more.
        """
        both = 0.5 * (off + _SIGN * off[:, _MIRROR])
        seen = np.minimum(weights, weights[_MIRROR])
        apart = min(_MOST, float((robust_square(both) * seen).sum(axis=-1).min()))
        self.mean += min(1.0, moved_s / FADING_S) * (apart - self.mean)

    @property
    def share(self) -> float:
        """Share of the places thought to be certain that are right, 0 to 1."""
        return 1.0 / (1.0 + math.exp((self.mean - HALF) / _WIDTH))
