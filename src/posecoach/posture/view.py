"""What the camera can see of a body: how much of it, and from which side."""

from __future__ import annotations

from collections import deque
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, HIPS, SHOULDERS, WRISTS
from posecoach.motion import Observation
from posecoach.posture.angles import compute_trunk_length
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
    o = observation
    plane = o.plane()
    trunk_px = float(compute_trunk_length(plane)) * o.height
    if max(trunk_px, _compute_leg_px(o, plane, visibility)) < _MIN_TRUNK_PX:
        return "too_small"
    core = [*SHOULDERS, *HIPS]
    inside = (np.abs(o.image[core, :2] - 0.5) <= 0.52).all()
    if not inside:
        return "cut_off"
    if (o.visibility[list(HIPS)] < visibility).all():
        return "hidden"
    return None


def _compute_leg_px(o: Observation, plane: Array, visibility: float) -> float:
    """Return the longer leg that is seen, as a trunk of that body would measure; 0 if none is.

    A trunk that bends towards the camera is short, and no sign of a small body.
    """
    longest = 0.0
    for hip, ankle in zip(HIPS, ANKLES, strict=True):
        inside = (np.abs(o.image[[hip, ankle], :2] - 0.5) <= 0.5).all()
        if inside and o.visibility[ankle] >= visibility:
            longest = max(longest, float(np.linalg.norm(plane[hip] - plane[ankle])))
    return _TRUNK_OF_LEG * longest * o.height


def are_arms_seen(
    observation: Observation, visibility: float = _SEEN, *, edge_on: bool = False
) -> bool:
    """Return whether both wrists are in the picture and seen; from the side, one of them."""
    o = observation
    wrists = list(WRISTS)
    inside = (np.abs(o.image[wrists, :2] - 0.5) <= 0.53).all(axis=1)
    # Hidden behind furniture a wrist is drawn all the same; its visibility warns too late.
    seen = inside & (o.visibility[wrists] >= 0.6 * visibility) & (o.presence[wrists] >= _THERE)
    return bool(seen.any() if edge_on else seen.all())


def compute_shoulder_width(plane: Array) -> Array:
    """Return shoulder width in trunk lengths; (..., 33, 2) to (...)."""
    across = np.linalg.norm(plane[..., SHOULDERS[0], :] - plane[..., SHOULDERS[1], :], axis=-1)
    return np.asarray(across / compute_trunk_length(plane))


def is_edge_on(plane: Array) -> bool:
    """Return whether a recording shows its body from the side; (n, 33, 2)."""
    trunk = compute_trunk_length(plane)
    across = np.linalg.norm(plane[:, SHOULDERS[0]] - plane[:, SHOULDERS[1]], axis=-1)
    known = np.isfinite(across) & (trunk > 0)
    return bool(known.any() and float(np.median(across[known] / trunk[known])) < SIDE)


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
        self._seen: deque[tuple[float, float, float, float]] = deque()
        self._planes: deque[Array] = deque()  # of the same frames
        self.facing_x = 0
        self.turn_deg = 0.0

    def step(self, time_s: float, plane: Array) -> View:
        """Take in one frame, (33, 2), and return the view."""
        width = float(compute_shoulder_width(plane))
        facing = float(sum(plane[pair[0], 0] - plane[pair[1], 0] for pair in (SHOULDERS, HIPS)))
        self._seen.append((time_s, width, facing, float(estimate_turn(plane))))
        self._planes.append(plane)
        while self._seen[0][0] < time_s - self._window_s:
            self._seen.popleft()
            self._planes.popleft()
        values = np.array(self._seen)
        width, self.turn_deg = np.median(values[:, [1, 3]], axis=0).tolist()
        self.facing_x = 0
        if width < SIDE:  # only there it matters
            looks = compute_facing_x(np.stack(self._planes))
            self.facing_x = 1 if float(np.median(looks)) >= 0 else -1
            return "side"
        if width < _OBLIQUE:
            return "oblique"
        return "back" if float(np.median(values[:, 2])) < 0 else "front"
