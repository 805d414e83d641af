"""Outlines of bodies: the silhouette to step into, and who is being watched."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.body import BONES, HIPS, NOSE, SHOULDERS
from posecoach.overlay.style import Colour, Image
from posecoach.posture.angles import middle

Array = NDArray[np.float64]
Contour = NDArray[np.int32]

_COARSE = 4  # an outline is looked for in a picture so much smaller
_LIMB, _HEAD, _TRUNK_EDGE = 0.3, 0.3, 0.34  # of the trunk: across a limb, half a head, the trunk
_DASH = 0.022  # of the picture's height
_TRUNK = [SHOULDERS[0], SHOULDERS[1], HIPS[1], HIPS[0]]


def find_outline(points: Array, width: int, height: int, *, wider: float = 1.0) -> list[Contour]:
    """Return the outlines of a body drawn round its bones.

    Parameters
    ----------
    points : (33, 2) array
        Pixels; NaN for what is not there.
    width, height : int
        Of the picture.
    wider : float
        Factor on the body's breadth.
    """
    small = points / _COARSE
    trunk = float(np.linalg.norm(middle(small, SHOULDERS) - middle(small, HIPS)))
    there = np.asarray(np.isfinite(small).all(axis=1))
    if not np.isfinite(trunk) or not 2.0 <= trunk <= height:
        return []
    mask = np.zeros((height // _COARSE, width // _COARSE), np.uint8)
    at = np.clip(np.nan_to_num(small), -9999, 9999).astype(np.int32)
    thick = max(2, round(wider * _LIMB * trunk))
    for a, b in BONES:
        if there[a] and there[b]:
            cv2.line(mask, at[a].tolist(), at[b].tolist(), 255, thick)
    if there[_TRUNK].all():
        cv2.fillConvexPoly(mask, at[_TRUNK], 255)
        cv2.polylines(mask, [at[_TRUNK]], True, 255, max(2, round(wider * _TRUNK_EDGE * trunk)))
    if there[NOSE]:
        neck = np.round(middle(small, SHOULDERS)).astype(int).tolist()
        cv2.line(mask, neck, at[NOSE].tolist(), 255, thick)
        cv2.circle(mask, at[NOSE].tolist(), round(wider * _HEAD * trunk), 255, -1)
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [_soften(np.asarray(c, np.float64)[:, 0] * _COARSE) for c in found if len(c) > 20]


def _soften(points: Array) -> Contour:
    """Return a closed line without the steps of the coarse picture, in sixteenths of a pixel."""
    width = 7
    wrapped = np.concatenate([points[-width:], points, points[:width]])
    kernel = np.ones(2 * width + 1) / (2 * width + 1)
    smooth = np.stack([np.convolve(wrapped[:, k], kernel, mode="valid") for k in (0, 1)], axis=1)
    return np.asarray(np.round((smooth + _COARSE / 2) * 16), np.int32)


def draw_outline(
    image: Image, lines: list[Contour], colour: Colour, dark: Colour, thick: int
) -> None:
    """Draw closed lines with a dark edge, so that they show on any picture."""
    cv2.polylines(image, lines, True, dark, thick + 4, cv2.LINE_AA, 4)
    cv2.polylines(image, lines, True, colour, thick, cv2.LINE_AA, 4)


def draw_dashes(
    image: Image, lines: list[Contour], colour: Colour, dark: Colour, thick: int
) -> None:
    """Draw closed lines in dashes with a dark edge."""
    dashes = [d for line in lines for d in _cut(line, _DASH * image.shape[0])]
    cv2.polylines(image, dashes, False, dark, thick + 4, cv2.LINE_AA, 4)
    cv2.polylines(image, dashes, False, colour, thick, cv2.LINE_AA, 4)


def _cut(line: Contour, length_px: float) -> list[Contour]:
    closed = np.concatenate([line, line[:1]])
    steps = np.linalg.norm(np.diff(closed, axis=0), axis=1) / 16.0
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(1, round(along[-1] / (2 * length_px)))
    number = np.minimum((along / along[-1] * 2 * count).astype(int), 2 * count - 1)
    return [closed[number == k] for k in range(0, 2 * count, 2) if (number == k).sum() > 1]


@lru_cache(maxsize=4)
def find_fixed_outline(key: bytes, width: int, height: int, wider: float) -> list[Contour]:
    """Return `find_outline` of points given as bytes, which are looked for only once."""
    return find_outline(np.frombuffer(key).reshape(-1, 2), width, height, wider=wider)
