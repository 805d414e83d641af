"""The person in the picture: skeleton, the teacher's ghost, plumb line, the joint to change."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.body import BONES, HIPS, INDEX, NOSE, SHOULDERS, WRISTS
from posecoach.coach.state import State
from posecoach.overlay.style import CHANGE, GHOST, OWN, OWN_DARK, QUIET, WHITE, Image
from posecoach.posture.angles import middle

Array = NDArray[np.float64]
Pixel = tuple[int, int]

_SHIFT = 4  # OpenCV draws in sixteenths of a pixel
_SEEN = 0.3
_LEFT_ARM = tuple(INDEX[f"left_{j}"] for j in ("shoulder", "elbow", "wrist"))
_RIGHT_ARM = tuple(INDEX[f"right_{j}"] for j in ("shoulder", "elbow", "wrist"))


class Placed:
    """Points of the engine's picture plane as pixels of the drawn picture.

    Parameters
    ----------
    width, height : int
        Of the drawn picture.
    mirrored : bool
        Whether the picture has been flipped.
    """

    def __init__(self, width: int, height: int, mirrored: bool) -> None:
        self.width, self.height, self.mirrored = width, height, mirrored

    def pixels(self, plane: Array) -> Array:
        """Return pixels of points in units of the picture's height; (..., 2)."""
        out = plane * self.height
        if self.mirrored:
            out = np.stack([self.width - 1 - out[..., 0], out[..., 1]], axis=-1)
        return np.asarray(out)


def _fixed(point: Array) -> Pixel:
    x, y = np.clip(point, -20000, 20000) * (1 << _SHIFT)
    return round(float(x)), round(float(y))


def _line(image: Image, a: Array, b: Array, colour: tuple[int, int, int], thick: int) -> None:
    if np.isfinite(a).all() and np.isfinite(b).all():
        cv2.line(image, _fixed(a), _fixed(b), colour, thick, cv2.LINE_AA, _SHIFT)


def _dot(image: Image, at: Array, radius: float, colour: tuple[int, int, int], thick: int) -> None:
    if np.isfinite(at).all():
        r = round(radius * (1 << _SHIFT))
        cv2.circle(image, _fixed(at), r, colour, thick, cv2.LINE_AA, _SHIFT)


def draw_ghost(image: Image, state: State, placed: Placed) -> None:
    """Draw the teacher as a soft figure that fades as the practitioner comes together with it."""
    if state.ghost is None:
        return
    opacity = 0.62 * (1.0 - 0.75 * state.match)
    points = placed.pixels(state.ghost)
    found = points[np.isfinite(points).all(axis=1)]
    if len(found) == 0 or opacity < 0.05:
        return
    trunk = float(np.linalg.norm(middle(points, SHOULDERS) - middle(points, HIPS)))
    thick = max(2, round(0.13 * trunk))
    margin = thick + round(0.3 * trunk)
    low = np.maximum(np.floor(found.min(axis=0)).astype(int) - margin, 0)
    high = np.minimum(
        np.ceil(found.max(axis=0)).astype(int) + margin, (placed.width, placed.height)
    )
    if (high <= low).any():
        return
    part = image[low[1] : high[1], low[0] : high[0]]
    layer = part.copy()
    local = points - low
    for a, b in BONES:
        _line(layer, local[a], local[b], GHOST, thick)
    head = local[NOSE]
    _dot(layer, head, 0.2 * trunk, GHOST, -1)
    cv2.addWeighted(layer, opacity, part, 1.0 - opacity, 0.0, dst=part)


def draw_skeleton(image: Image, state: State, placed: Placed) -> None:
    """Draw what the camera sees of the body; points it is unsure of are left out."""
    o = state.observation
    if not o.found:
        return
    points = placed.pixels(o.plane())
    sure = o.visibility >= _SEEN
    thick = max(2, round(0.0055 * placed.height))
    for colour, width in ((OWN_DARK, thick + 3), (OWN, thick)):
        for a, b in BONES:
            if sure[a] and sure[b]:
                _line(image, points[a], points[b], colour, width)
    for i in sorted({i for bone in BONES for i in bone}):
        if sure[i]:
            _dot(image, points[i], 0.85 * thick + 1, OWN_DARK, -1)
            _dot(image, points[i], 0.85 * thick, WHITE, -1)


def draw_plumb_line(image: Image, state: State, placed: Placed) -> None:
    """Draw the calibrated vertical through the hips and the trunk's own line beside it."""
    o, c = state.observation, state.calibration
    lean = state.judgements.get("lateral_lean")
    if not o.found or c is None:
        return
    plane = o.plane()
    hips, shoulders = middle(plane, HIPS), middle(plane, SHOULDERS)
    a = np.radians(c.roll_deg)
    up = np.array([np.sin(a), -np.cos(a)])
    length = 1.62 * float(np.linalg.norm(shoulders - hips))
    foot, top = placed.pixels(hips), placed.pixels(hips + length * up)
    thick = max(2, round(0.004 * placed.height))
    off = lean is not None and lean.excess() > 0
    for k in range(0, 12, 2):  # dashes
        p, q = foot + (top - foot) * k / 12, foot + (top - foot) * (k + 1) / 12
        _line(image, p, q, QUIET, thick)
    reach = foot + (placed.pixels(shoulders) - foot) * 1.62
    if off:
        corner = np.array([_fixed(foot), _fixed(top), _fixed(reach)], np.int32)
        box_low = np.maximum(corner.min(axis=0) >> _SHIFT, 0)
        box_high = np.maximum(corner.max(axis=0) >> _SHIFT, box_low) + 2
        part = image[box_low[1] : box_high[1], box_low[0] : box_high[0]]
        if part.size:
            wedge = part.copy()
            shape = corner - (box_low << _SHIFT)
            cv2.fillConvexPoly(wedge, shape.astype(np.int32), CHANGE, cv2.LINE_AA, _SHIFT)
            cv2.addWeighted(wedge, 0.45, part, 0.55, 0.0, dst=part)
        _line(image, foot, reach, CHANGE, thick + 2)


def find_places(measure: str, direction: str) -> tuple[int, ...]:
    """Return the points of the body that a cue is about."""
    kind, _, joint = measure.partition(".")
    if kind == "joint_angle":
        return (INDEX[joint],) if joint in INDEX else ()
    if kind == "arm_height_difference":  # the lower arm is the one to lift
        return (WRISTS[1] if direction == "left" else WRISTS[0],)
    side = 0 if direction == "left" else 1
    if kind == "left_right_delay":
        return (WRISTS[side],)
    if kind == "shoulder_tilt":
        return (SHOULDERS[side],)
    if kind == "pelvis_tilt":
        return (HIPS[side],)
    if kind == "lateral_lean":
        return SHOULDERS
    return ()


def draw_change(image: Image, state: State, placed: Placed) -> None:
    """Ring the place a cue is about."""
    if state.cue is None or not state.observation.found:
        return
    points = placed.pixels(state.observation.plane())
    radius = 0.045 * placed.height
    thick = max(3, round(0.01 * placed.height))
    places: Iterable[int] = find_places(state.cue.measure, state.cue.direction)
    for i in places:
        _dot(image, points[i], radius, OWN_DARK, thick + 4)
        _dot(image, points[i], radius, CHANGE, thick)
