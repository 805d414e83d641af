"""Keeping left left: catching the model's swaps of the two sides.

On hidden faces and in qigong's own key poses (hands above a tilted-back head, a deep bend) the
model exchanges left and right for 0.03 to 0.5 s, and its visibility does not warn. A swap is a
jump of both sides at once; a person cannot move like that. What stays exchanged for longer than
any swap is no swap: then it was the frame before that was wrong (the very first one, or one half
way between the two), and the model is believed again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ELBOWS, HIPS, KNEES, MIRROR, SHOULDERS, WRISTS
from posecoach.motion import Observation
from posecoach.posture.angles import compute_trunk_length

Array = NDArray[np.float64]

_POINTS = [*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES]
_TRUNK = [*SHOULDERS, *HIPS]
_MEMORY_S = 1.0
_LONGEST_S = 0.8  # swaps last 0.03 to 0.5 s


class SideKeeper:
    """Repairs swapped frames; call `step` once a frame."""

    def __init__(self) -> None:
        self._last: Array | None = None
        self._last_time = 0.0
        self._since: float | None = None  # from when on the sides are being exchanged
        self.swaps = 0

    def step(self, observation: Observation) -> Observation:
        """Return the observation with its sides as they were before."""
        if not observation.found:
            return observation
        plane = observation.plane()
        last = self._last
        if last is not None and observation.time_s - self._last_time <= _MEMORY_S:
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
                self._since = observation.time_s
            if swap and self._is_brief(observation.time_s):
                self.swaps += 1
                observation = replace(
                    observation,
                    image=observation.image[MIRROR],
                    world=observation.world[MIRROR],
                    visibility=observation.visibility[MIRROR],
                    presence=observation.presence[MIRROR],
                )
                plane = swapped
        else:
            self._since = None
        self._last = plane
        self._last_time = observation.time_s
        return observation

    def _is_brief(self, time_s: float) -> bool:
        return self._since is not None and time_s - self._since <= _LONGEST_S


def _distance(a: Array, b: Array, trunk: float, points: list[int] = _POINTS) -> float:
    d = np.linalg.norm(a[points] - b[points], axis=1)
    d = d[np.isfinite(d)]
    return float(d.mean() / trunk) if len(d) and trunk > 0 else 0.0
