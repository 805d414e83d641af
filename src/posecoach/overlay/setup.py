"""The picture while setting up: where to stand, who is watched, and how long it is held."""

from __future__ import annotations

import cv2
import numpy as np

from posecoach.coach.state import State
from posecoach.overlay.figure import Placed
from posecoach.overlay.outline import (
    draw_dashes,
    draw_outline,
    find_fixed_outline,
    find_outline,
)
from posecoach.overlay.style import GOOD, OWN, OWN_DARK, PANEL, TRACK, WHITE, Image, unit_of

_WATCHED = 1.25  # the outline of who is watched stands so much off
_SEEN = 0.3


def draw_set_up(picture: Image, state: State, *, mirrored: bool = True) -> Image:
    """Return a new picture with silhouette, outline and ring on it.

    Parameters
    ----------
    picture : (height, width, 3) array of uint8
        As the camera gave it, not mirrored.
    state : State
        Of a set-up; without one the picture stays bare.
    mirrored : bool
    """
    out: Image = cv2.flip(picture, 1) if mirrored else picture.copy()
    found, o = state.set_up, state.observation
    if found is None:
        return out
    height, width = out.shape[:2]
    placed = Placed(width, height, mirrored)
    thick = max(2, round(0.006 * placed.unit))
    if o.found:
        points = placed.pixels(o.plane())
        points[(o.visibility < _SEEN)] = np.nan
        lines = find_outline(points, width, height, wider=_WATCHED)
        draw_outline(out, lines, GOOD if found.fits else OWN, OWN_DARK, thick)
    if not found.fits:
        wanted = np.ascontiguousarray(placed.pixels(found.silhouette))
        lines = find_fixed_outline(wanted.tobytes(), width, height, 1.1)
        draw_dashes(out, lines, WHITE, PANEL, thick)
    if found.held > 0:
        draw_ring(out, found.held)
    return out


def draw_ring(image: Image, share: float) -> None:
    """Draw a ring at the upper right, beside everybody, that closes with the share, 0 to 1."""
    height, width = image.shape[:2]
    unit = unit_of(width, height)
    radius = round(0.1 * unit)
    centre = (width - round(0.17 * unit), round(0.17 * unit))
    thick = max(4, round(0.026 * unit))
    cv2.circle(image, centre, radius, PANEL, thick + 6, cv2.LINE_AA)
    cv2.circle(image, centre, radius, TRACK, thick, cv2.LINE_AA)
    end = 360.0 * min(max(share, 0.0), 1.0)
    cv2.ellipse(image, centre, (radius, radius), -90.0, 0.0, end, GOOD, thick, cv2.LINE_AA)
