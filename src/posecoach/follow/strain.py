"""How well what is seen has lately fitted the place it was thought to be at.

A filter over places weighs one against another: of several that all fit badly it is sure of the
least bad. Whether any is to be believed shows in how far the postures were from the likeliest
ones for a while. Small movements and other forms are where that happens.
"""

from __future__ import annotations

import math

FADING_S = 1.5  # of movement, over which the distance is averaged
# Of 60,000 frames of 17 people (amplitude 0.5 to 1) in which a place was likely, the share that
# were right within half a second fell with the distance as a logistic curve; half of it at:
HALF = 3.5
_WIDTH = 0.6


class Strain:
    """The running mean of a squared distance, see `posecoach.follow.follower`."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget it."""
        self.mean = 0.0

    def step(self, apart: float, moved_s: float) -> None:
        """Take in one frame.

        Parameters
        ----------
        apart : float
            Squared distance of the posture from the reference's at the likely places.
        moved_s : float
            Seconds since the last frame; the less, the less one moved meanwhile: a posture held
            still tells nothing more.
        """
        self.mean += min(1.0, moved_s / FADING_S) * (apart - self.mean)

    @property
    def trust(self) -> float:
        """Share of the places thought to be certain that are right, 0 to 1."""
        return 1.0 / (1.0 + math.exp((self.mean - HALF) / _WIDTH))
