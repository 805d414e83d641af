"""The person in the picture: skeleton, the teacher's ghost, plumb line, the joint to change."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.body import BONES, HIPS, INDEX, NOSE, SHOULDERS, WRISTS
from posecoach.coach.state import Cue, State
from posecoach.overlay.style import (
    CHANGE,
    GHOST,
    GHOST_EDGE,
    MARGIN,
    OWN,
    OWN_DARK,
    QUIET,
    WHITE,
    Colour,
    Image,
    shade,
    unit_of,
)
from posecoach.posture.angles import middle

Array = NDArray[np.float64]
Fixed = NDArray[np.int32]

_SHIFT = 4  # OpenCV draws in sixteenths of a pixel
_ONE = 1 << _SHIFT
_FAR = 20000.0  # pixels; points farther out are drawn there
_SEEN = 0.3
_JOINTS = sorted({i for bone in BONES for i in bone})
_TRUNK = [SHOULDERS[0], SHOULDERS[1], HIPS[1], HIPS[0]]
_TURN = np.linspace(0.0, 2 * np.pi, 64, endpoint=False)
_ROUND = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=-1)
_INSET, _INSET_TOP = 0.36, 0.22  # height of the small teacher, and where it begins
_TALL = 1.62  # where the crown is, in trunk lengths above the hips


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
        self.unit = unit_of(width, height)

    def pixels(self, plane: Array) -> Array:
        """Return pixels of points in units of the picture's height; (..., 2).

        What is farther away than any picture is wide is brought nearer; NaN stays.
        """
        out = np.clip(np.asarray(plane * self.height), -_FAR, _FAR)
        if self.mirrored:
            out[..., 0] = self.width - 1 - out[..., 0]
        return out


def _fixed(points: Array) -> Fixed:
    near = np.clip(np.nan_to_num(points, nan=_FAR), -2 * _FAR, 2 * _FAR)
    return np.asarray(np.rint(near * _ONE), np.int32)


def _strokes(image: Image, lines: list[Fixed], colour: Colour, thick: int) -> None:
    if lines:
        cv2.polylines(image, lines, False, colour, thick, cv2.LINE_AA, _SHIFT)


def _dot(image: Image, at: Fixed, radius: float, colour: Colour) -> None:
    centre = (int(at[0]), int(at[1]))
    cv2.circle(image, centre, round(radius * _ONE), colour, -1, cv2.LINE_AA, _SHIFT)


def _ring(image: Image, at: Array, radius: float, thick: float, colour: Colour) -> None:
    edges = [_fixed(at + (radius + s * thick / 2) * _ROUND) for s in (1, -1)]
    cv2.fillPoly(image, edges, colour, cv2.LINE_AA, _SHIFT)  # cheaper than a thick circle


def draw_ghost(image: Image, state: State, placed: Placed) -> None:
    """Draw the teacher as a soft figure that fades as the practitioner comes together with it."""
    if state.ghost is None:
        return
    _draw_body(image, placed.pixels(state.ghost), 0.7 * (1.0 - 0.8 * state.match), placed)


def draw_inset(image: Image, state: State, placed: Placed) -> None:
    """Draw the teacher small in a panel at the right, below the tempo."""
    if state.ghost is None:
        return
    points = placed.pixels(state.ghost)
    hips = middle(points, HIPS)
    trunk = float(np.linalg.norm(middle(points, SHOULDERS) - hips))
    if not (np.isfinite(hips).all() and trunk > 1):
        return
    tall, wide = round(_INSET * placed.unit), round(0.86 * _INSET * placed.unit)
    top, margin = round(_INSET_TOP * placed.unit), round(MARGIN * placed.unit)
    left = placed.width - wide - margin
    shade(image, left, top, left + wide, top + tall, 0.3)
    centre = np.array([left + 0.5 * wide, top + 0.54 * tall])
    _draw_body(image, centre + (points - hips) * (0.225 * tall / trunk), 0.95, placed)


def draw_figure(image: Image, points: Array, placed: Placed) -> None:
    """Draw the teacher alone, its points in pixels."""
    _draw_body(image, points, 1.0, placed)


def _draw_body(image: Image, points: Array, opacity: float, placed: Placed) -> None:
    """Draw a soft figure in pixels; NaN for what is not there."""
    there = np.asarray(np.isfinite(points).all(axis=1))
    trunk = float(np.linalg.norm(middle(points, SHOULDERS) - middle(points, HIPS)))
    if not (there.any() and np.isfinite(trunk)) or opacity < 0.05:
        return
    trunk = min(trunk, placed.height)
    thick = max(2, round(0.13 * trunk))
    edge = max(2, round(min(0.008 * placed.unit, 0.06 * trunk)))
    found = points[there]
    margin = thick + edge + round(0.2 * trunk)
    low = np.maximum(np.floor(found.min(axis=0)).astype(int) - margin, 0)
    high = np.ceil(found.max(axis=0)).astype(int) + margin
    high = np.minimum(high, (placed.width, placed.height))
    if (high <= low).any():
        return
    part = image[low[1] : high[1], low[0] : high[0]]
    layer = part.copy()
    local = _fixed(points - low)
    lines = [local[[a, b]] for a, b in BONES if there[a] and there[b]]
    for colour, more in ((GHOST_EDGE, 2 * edge), (GHOST, 0)):
        if there[_TRUNK].all():
            cv2.fillConvexPoly(layer, local[_TRUNK], colour, cv2.LINE_AA, _SHIFT)
        _strokes(layer, lines, colour, thick + more)
        if there[NOSE]:
            _dot(layer, local[NOSE], 0.2 * trunk + more / 2, colour)
    cv2.addWeighted(layer, opacity, part, 1.0 - opacity, 0.0, dst=part)


def draw_skeleton(image: Image, state: State, placed: Placed) -> None:
    """Draw what the camera sees of the body; points it is unsure of are left out."""
    o = state.observation
    if not o.found:
        return
    points = placed.pixels(o.plane())
    sure = (o.visibility >= _SEEN) & np.isfinite(points).all(axis=1)
    thick = max(2, round(0.0055 * placed.unit))
    fixed = _fixed(points)
    lines = [fixed[[a, b]] for a, b in BONES if sure[a] and sure[b]]
    _strokes(image, lines, OWN_DARK, thick + 3)
    _strokes(image, lines, OWN, thick)
    for i in _JOINTS:
        if sure[i]:
            _dot(image, fixed[i], 0.85 * thick + 1, OWN_DARK)
            _dot(image, fixed[i], 0.85 * thick, WHITE)


def draw_plumb_line(image: Image, state: State, placed: Placed) -> None:
    """Draw the calibrated vertical through the hips and the trunk's own line beside it."""
    o, c = state.observation, state.calibration
    lean = state.judgements.get("lateral_lean")
    if not o.found or c is None or not np.isfinite(c.roll_deg):
        return
    plane = o.plane()
    hips, shoulders = middle(plane, HIPS), middle(plane, SHOULDERS)
    a = np.radians(c.roll_deg)
    up = np.array([np.sin(a), -np.cos(a)])
    length = _TALL * float(np.linalg.norm(shoulders - hips))
    foot, top, crown = placed.pixels(
        np.stack([hips, hips + length * up, hips + _TALL * (shoulders - hips)])
    )
    thick = max(2, round(0.004 * placed.unit))
    steps = _fixed(foot + (top - foot) * (np.arange(12) / 12)[:, None])
    _strokes(image, list(steps.reshape(6, 2, 2)), QUIET, thick)  # dashes
    if lean is None or not lean.excess() > 0 or not state.guidance.shows_deviation:
        return
    corner = _fixed(np.stack([foot, top, crown]))
    low = np.maximum(corner.min(axis=0) >> _SHIFT, 0)
    high = np.maximum(corner.max(axis=0) >> _SHIFT, low) + 2
    part = image[low[1] : high[1], low[0] : high[0]]
    if part.size:
        wedge = part.copy()
        shape = (corner - (low << _SHIFT)).astype(np.int32)
        cv2.fillConvexPoly(wedge, shape, CHANGE, cv2.LINE_AA, _SHIFT)
        cv2.addWeighted(wedge, 0.45, part, 0.55, 0.0, dst=part)
    _strokes(image, [corner[[0, 2]]], CHANGE, thick + 2)


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
    return ()


def draw_change(image: Image, state: State, placed: Placed) -> None:
    """Ring the place a cue is about, with an arrow where there is a way to go."""
    cue, o = state.cue, state.observation
    if cue is None or state.praise or not o.found:
        return
    points = placed.pixels(o.plane())
    if cue.measure == "lateral_lean":
        _draw_way_back(image, points, cue, placed)
        return
    radius = 0.045 * placed.unit
    thick = max(3, round(0.01 * placed.unit))
    for i in find_places(cue.measure, cue.direction):
        if not np.isfinite(points[i]).all():
            continue
        _ring(image, points[i], radius, thick + 4, OWN_DARK)
        _ring(image, points[i], radius, thick, CHANGE)
        if cue.measure in ("arm_height_difference", "shoulder_tilt", "pelvis_tilt"):
            far = 3.9 * radius
            over = points[i][1] - far > 0.14 * placed.unit
            aside = 0.0 if i in WRISTS else np.sign(points[i][0] - points[SHOULDERS, 0].mean())
            tip = points[i] + np.array([0.7 * radius * aside, -far if over else 1.5 * radius])
            _draw_arrow(image, tip, np.array([0.0, -1.0]), 2.4 * radius)


def _draw_way_back(image: Image, points: Array, cue: Cue, placed: Placed) -> None:
    """Draw an arrow beside the head, to the side a leaning trunk should go."""
    across = points[SHOULDERS[0]] - points[SHOULDERS[1]]
    way = float(np.sign(across[0])) * (-1.0 if cue.direction == "left" else 1.0)
    hips, shoulders = middle(points, HIPS), middle(points, SHOULDERS)
    trunk = min(float(np.linalg.norm(shoulders - hips)), 0.3 * placed.height)
    head = shoulders + 0.42 * (shoulders - hips)
    along = np.array([way, 0.0])
    _draw_arrow(image, head + 0.95 * trunk * along, along, 0.62 * trunk)


def _draw_arrow(image: Image, tip: Array, along: Array, length: float) -> None:
    """Draw a broad arrow with a dark edge that ends at ``tip``."""
    if not np.isfinite(tip).all() or not along.any():
        return
    side = np.array([-along[1], along[0]])
    shape = ((0, 0), (0.5, 0.42), (0.5, 0.17), (1, 0.17), (1, -0.17), (0.5, -0.17), (0.5, -0.42))
    corners = _fixed(np.stack([tip - b * length * along + s * length * side for b, s in shape]))
    edge = max(2, round(0.09 * length))
    cv2.polylines(image, [corners], True, OWN_DARK, edge, cv2.LINE_AA, _SHIFT)
    cv2.fillPoly(image, [corners], CHANGE, cv2.LINE_AA, _SHIFT)
