"""What the camera can see of a body: how much of it, and from which side."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, HIPS, SHOULDERS, TRUNK, WRISTS
from posecoach.motion import Observation
from posecoach.posture.angles import compute_trunk_length, measure_trunk
from posecoach.posture.facing import compute_facing_x, estimate_turn

Array = NDArray[np.float64]
View = Literal["front", "oblique", "side", "back"]

_MIN_TRUNK_PX = 35.0  # below this a body is too small to judge (a figure of about 110 px)
_TRUNK_OF_LEG = 0.6  # trunk to leg, both seen from the front
_SEEN = 0.5
_THERE = (
    0.85  # presence of wrists: in view 0.96 and more (99.9 % of 30,000 frames), hidden 0.3 to 0.9
)
TURNED_DEG = 26.0  # feet turned further than this show a body that is
SIDE, _OBLIQUE = 0.38, 0.56  # shoulder width in trunk lengths


def find_obstacle(observation: Observation, visibility: float = _SEEN) -> str | None:
    """Return why a body cannot be judged now, as a message key, or None.

    Parameters
    ----------
    observation : Observation
    visibility : float
        Least visibility of a point that counts as seen; models differ in scale.
    """
    if not observation.found:
        return "nobody"
    o, points = observation, observation.points()
    # A trunk that bends towards the camera is short, and no sign of a small body: its legs tell.
    small = _MIN_TRUNK_PX / o.height
    if measure_trunk(points) < small and _measure_leg(o, points, visibility) < small:
        return "too_small"
    if not _are_within(o, TRUNK, 0.52):
        return "cut_off"
    if all(o.visibility[i] < visibility for i in HIPS):
        return "hidden"
    return None


def _measure_leg(o: Observation, points: list[list[float]], visibility: float) -> float:
    """Return the longer leg that is seen, as a trunk of that body would measure; 0 if none is."""
    longest = 0.0
    for pair in zip(HIPS, ANKLES, strict=True):
        if _are_within(o, pair, 0.5) and o.visibility[pair[1]] >= visibility:
            longest = max(longest, math.dist(*(points[i] for i in pair)))
    return _TRUNK_OF_LEG * longest


def _are_within(o: Observation, which: Iterable[int], most: float) -> bool:
    """Return whether points were found and lie so near to the picture's middle."""
    spots = o.image[list(which), :2].tolist()
    return all(abs(x - 0.5) <= most and abs(y - 0.5) <= most for x, y in spots)


def are_arms_seen(
    observation: Observation, visibility: float = _SEEN, *, edge_on: bool = False
) -> bool:
    """Return whether both wrists are in the picture and seen; from the side, one of them."""
    o = observation
    # Hidden behind furniture a wrist is drawn all the same; its visibility warns too late.
    seen = [
        bool(o.visibility[i] >= 0.6 * visibility and o.presence[i] >= _THERE)
        and _are_within(o, [i], 0.53)
        for i in WRISTS
    ]
    return any(seen) if edge_on else all(seen)


def compute_shoulder_width(plane: Array) -> Array:
    """Return shoulder width in trunk lengths; (..., 33, 2) to (...)."""
    across = plane[..., SHOULDERS[0], :] - plane[..., SHOULDERS[1], :]
    return np.asarray(np.hypot(across[..., 0], across[..., 1]) / compute_trunk_length(plane))


def is_edge_on(plane: Array) -> bool:
    """Return whether a recording shows its body from the side; (n, 33, 2)."""
    trunk = compute_trunk_length(plane)
    across = np.linalg.norm(plane[:, SHOULDERS[0]] - plane[:, SHOULDERS[1]], axis=-1)
    known = np.isfinite(across) & (trunk > 0)
    return bool(known.any() and float(np.median(across[known] / trunk[known])) < SIDE)


class _Look(NamedTuple):
    """One frame: shoulders' width in trunk lengths, which way round, feet's turn, all points."""

    time_s: float
    width: float
    way: float
    turn_deg: float
    plane: Array


class ViewKeeper:
    """Tells the view from the last second and follows when it changes.

    Attributes
    ----------
    facing_x : int
        Seen from the side: +1 looking towards greater x in the picture, -1 towards smaller; else 0.
    turn_deg : float
        How far the feet are turned to one side, 0 to 90.
    """

    def __init__(self, window_s: float = 1.0) -> None:
        self._window_s = window_s
        self._looks: deque[_Look] = deque()
        self.facing_x = 0
        self.turn_deg = 0.0

    def step(self, time_s: float, plane: Array) -> View:
        """Take in one frame, (33, 2), and return the view."""
        x = plane[:, 0].tolist()
        way = sum(x[left] - x[right] for left, right in (SHOULDERS, HIPS))
        width, turn = float(compute_shoulder_width(plane)), float(estimate_turn(plane))
        self._looks.append(_Look(time_s, width, way, turn, plane))
        while self._looks[0].time_s < time_s - self._window_s:
            self._looks.popleft()
        width = median(look.width for look in self._looks)
        self.turn_deg = median(look.turn_deg for look in self._looks)
        self.facing_x = 0
        if width < SIDE:  # only there it matters
            looks = compute_facing_x(np.stack([look.plane for look in self._looks]))
            self.facing_x = 1 if float(np.median(looks)) >= 0 else -1
            return "side"
        if width < _OBLIQUE:
            return "oblique"
        return "back" if median(look.way for look in self._looks) < 0 else "front"
