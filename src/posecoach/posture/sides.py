"""Keeping left left: catching the model's swaps of the two sides.

On hidden faces and in qigong's own key poses (hands above a tilted-back head, a deep bend) the
model exchanges left and right for 0.03 to 0.5 s, and its visibility does not warn. Two things give
it away. Toes and nose tell front from back whatever the sides are called, and the labelled left
must lie where that says (see `posecoach.posture.facing`); this holds from the first frame on.
Where neither can be seen, a swap is a jump of both sides at once; a person cannot move like that.

What stays exchanged for longer than any swap is no swap: then it was the frame before that was
wrong, or the recording calls the sides by other names, and the tracker is believed again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ELBOWS, HIPS, KNEES, MIRROR, SHOULDERS, WRISTS
from posecoach.motion import Observation
from posecoach.posture.angles import compute_trunk_length
from posecoach.posture.facing import LONGEST_S, FacingKeeper, compute_facing, compute_order

Array = NDArray[np.float64]

_POINTS = [*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES]
_TRUNK = [*SHOULDERS, *HIPS]
_MEMORY_S = 1.0
# Least `compute_order` the wrong way round: where front or back are seen (and of that, as a share),
# and where they are only remembered.
_EDGE, _SHARE, _WIDE = 0.1, 0.25, 0.6
_COLLAPSED, _CLEAR = 0.4, 0.9  # a body so narrow that shows its front so clearly is half swapped
_AFTER_S = 0.15  # so long after a swap the points are not to be trusted yet
_NAMED_S = 3.0  # sides exchanged for so long from the start are the recording's own names


class SideKeeper:
    """Repairs swapped frames; call `step` once a frame.

    Attributes
    ----------
    swaps : int
        Frames repaired.
    doubtful : bool
        Whether the last frame's sides were repaired, are changing, or have just changed: good
        enough to follow, not to measure.
    """

    def __init__(self) -> None:
        self._last: Array | None = None
        self._last_time = 0.0
        self._since: float | None = None  # from when on the sides are being exchanged by jumps
        self._facing = FacingKeeper()
        self._names = 1  # -1: the recording calls left what is right
        self._agreed = False  # whether order and facing have ever agreed
        self._started_s: float | None = None
        self._exchanged = False
        self._doubt_s = float("-inf")
        self.doubtful = False
        self.swaps = 0

    def step(self, observation: Observation) -> Observation:
        """Return the observation with its sides as they were before."""
        if not observation.found:
            return observation
        plane, t = observation.plane(), observation.time_s
        if self._last is None or t - self._last_time > _MEMORY_S:
            self._begin(t)
        facing = compute_facing(plane, observation.world)
        order = self._names * float(compute_order(plane))
        self._facing.step(t, facing, order)
        exchange = self._judge_order(t, order, facing)
        if exchange is None:
            exchange = self._judge_jump(t, plane)
        collapsed = abs(order) < _COLLAPSED and abs(facing) >= _CLEAR
        keeper = self._facing
        against = keeper.remembers(t) and order * keeper.facing < -_EDGE
        if exchange or collapsed or against or keeper.contrary:
            self._doubt_s = t
        self.doubtful = t - self._doubt_s <= _AFTER_S
        self._exchanged = exchange
        if exchange:
            self.swaps += 1
            plane = plane[MIRROR]
            observation = replace(
                observation,
                image=observation.image[MIRROR],
                world=observation.world[MIRROR],
                visibility=observation.visibility[MIRROR],
                presence=observation.presence[MIRROR],
            )
        self._last, self._last_time = plane, t
        return observation

    def _begin(self, time_s: float) -> None:
        self._last, self._since = None, None
        self._facing.reset()
        self._exchanged, self._agreed, self._started_s = False, False, time_s
        self._names = 1

    def _judge_order(self, time_s: float, order: float, facing: float) -> bool | None:
        """Return whether the sides are exchanged; None where front and back are not known."""
        keeper = self._facing
        if not keeper.facing or not keeper.remembers(time_s):
            return None
        agreement = order * keeper.facing
        least = max(_EDGE, _SHARE * abs(facing)) if keeper.strong else _WIDE
        if agreement > least:
            self._agreed = True
            return False
        if agreement >= -least:
            return self._exchanged if keeper.strong else None
        assert self._started_s is not None
        if not self._agreed and time_s - self._started_s > _NAMED_S:
            self._names, self._agreed = -self._names, True
            return False
        return True

    def _judge_jump(self, time_s: float, plane: Array) -> bool:
        """Return whether both sides have changed places since the last frame, and not for long."""
        last = self._last
        if last is None:
            return False
        trunk = float(compute_trunk_length(last))
        swapped = plane[MIRROR]
        # Where the body has moved as a whole, sides are told after that is taken out.
        drift = np.nanmean(plane[_TRUNK] - last[_TRUNK], axis=0)
        same = _distance(plane - drift, last, trunk)
        other = _distance(swapped - drift, last, trunk)
        trunk_same = _distance(plane - drift, last, trunk, _TRUNK)
        trunk_other = _distance(swapped - drift, last, trunk, _TRUNK)
        swap = other < 0.5 * same and trunk_other < trunk_same and same > 0.12
        if not swap:
            self._since = None
        elif self._since is None:
            self._since = time_s
        return swap and self._since is not None and time_s - self._since <= LONGEST_S


def _distance(a: Array, b: Array, trunk: float, points: list[int] = _POINTS) -> float:
    d = np.linalg.norm(a[points] - b[points], axis=1)
    d = d[np.isfinite(d)]
    return float(d.mean() / trunk) if len(d) and trunk > 0 else 0.0
