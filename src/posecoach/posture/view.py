"""What the camera can see of a body: how much of it, and from which side."""

from __future__ import annotations

from collections import deque
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, HIPS, SHOULDERS, WRISTS
from posecoach.motion import Observation
from posecoach.posture.angles import compute_trunk_length

Array = NDArray[np.float64]
View = Literal["front", "oblique", "side", "back"]

_MIN_TRUNK_PX = 35.0  # below this a body is too small to judge (a figure of about 110 px)
_TRUNK_OF_LEG = 0.6  # trunk to leg, both seen from the front
_SEEN = 0.5
_SIDE, _OBLIQUE = 0.38, 0.56  # shoulder width in trunk lengths


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


def are_arms_seen(observation: Observation, visibility: float = _SEEN) -> bool:
    """Return whether both wrists are in the picture and seen."""
    o = observation
    wrists = list(WRISTS)
    inside = (np.abs(o.image[wrists, :2] - 0.5) <= 0.53).all()
    return bool(inside and (o.visibility[wrists] >= 0.6 * visibility).all())


def compute_shoulder_width(plane: Array) -> Array:
    """Return shoulder width in trunk lengths; (..., 33, 2) to (...)."""
    across = np.linalg.norm(plane[..., SHOULDERS[0], :] - plane[..., SHOULDERS[1], :], axis=-1)
    return np.asarray(across / compute_trunk_length(plane))


class ViewKeeper:
    """Tells the view from the last second and follows when it changes."""

    def __init__(self, window_s: float = 1.0) -> None:
        self._window_s = window_s
        self._seen: deque[tuple[float, float, float]] = deque()

    def step(self, time_s: float, plane: Array) -> View:
        """Take in one frame, (33, 2), and return the view."""
        width = float(compute_shoulder_width(plane))
        facing = float(sum(plane[pair[0], 0] - plane[pair[1], 0] for pair in (SHOULDERS, HIPS)))
        self._seen.append((time_s, width, facing))
        while self._seen[0][0] < time_s - self._window_s:
            self._seen.popleft()
        values = np.array(self._seen)
        width = float(np.median(values[:, 1]))
        if width < _SIDE:
            return "side"
        if float(np.median(values[:, 2])) < 0:
            return "back"
        return "front" if width >= _OBLIQUE else "oblique"
