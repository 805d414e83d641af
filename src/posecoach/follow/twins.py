"""Rests within a form that look like its beginning, and what follows them as it follows that.

Who rests there and moves on may go on or begin anew, and until the two courses part nothing that
is seen can tell: only how likely either was before counts. A filter that weighs every frame would
be sure of one of them after half a second, by what two people differ in at one place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.posture.resample import STEP_S

Array = NDArray[np.float64]

LIKE_START = 0.5  # likeness from which a posture passes for the start's
APART = 4.0  # squared distance from which two courses have parted
SLACK_S = 0.3  # by which one of them may be sooner
REAL = 0.05  # share from which a second possibility is one
SURE = 0.8  # certainty of being elsewhere from which the question is over


@dataclass(frozen=True)
class Twin:
    """A rest like the start, as indices of the grid.

    Attributes
    ----------
    first, last : int
        The rest.
    length : int
        Steps after `last`, and after the start, in which the courses are alike.
    """

    first: int
    last: int
    length: int


def find_twins(standard: Array, weights: Array, alike: Array, beyond: int) -> list[Twin]:
    """Return the rests within a form that look like its start.

    Parameters
    ----------
    standard : (n, features) array
        Course of the reference, in standard deviations.
    weights : (features,) array
    alike : (n,) array
        Likeness of each place to the start, 0 to 1.
    beyond : int
        First place that is not the start itself.
    """
    n = len(standard)
    like = np.flatnonzero(alike > LIKE_START)
    slack = int(SLACK_S / STEP_S)
    twins = []
    for part in np.split(like, np.flatnonzero(np.diff(like) > slack) + 1):
        # Before it the start has not been left; the end is followed by the start itself.
        if not len(part) or part[0] < beyond or part[-1] > n - beyond:
            continue
        last, length = int(part[-1]), 0
        while last + length + slack < n:
            near = standard[max(0, length - slack) : length + beyond + 1]
            off = (near - standard[last + length]) ** 2 @ weights
            if float(off.min()) > APART:
                break
            length += 1
        twins.append(Twin(int(part[0]), last, length))
    return twins


class TwinWatcher:
    """Remembers how likely it was, at rest, to go on or to begin anew."""

    def __init__(self, twins: list[Twin], beyond: int) -> None:
        self._twins = twins
        self._beyond = beyond
        self._odds: tuple[Twin, float] | None = None  # which, and the share of the new beginning

    def reset(self) -> None:
        """Forget it."""
        self._odds = None

    def step(self, by_place: Array, place: int, certainty: float, *, resting: bool) -> float:
        """Return the certainty of a place in view of its twin.

        Parameters
        ----------
        by_place : (n,) array
            Probability of each place.
        place : int
            The likeliest.
        certainty : float
            That of `place`, as weighed.
        resting : bool
            Whether one stands still.
        """
        if resting:
            self._odds = None
            start = float(by_place[: self._beyond].sum())
            for twin in self._twins:
                middle = float(by_place[twin.first : twin.last + 1].sum())
                share = start / max(start + middle, 1e-9)
                if start + middle > 0.5 and REAL < share < 1 - REAL:
                    self._odds = (twin, share)
        if self._odds is None:
            return certainty
        twin, share = self._odds
        if place < self._beyond + twin.length:
            return min(certainty, share)
        if twin.first - self._beyond <= place <= twin.last + twin.length:
            return min(certainty, 1.0 - share)
        if certainty > SURE:
            self._odds = None
        return certainty
