"""What is told beside the coach's own words: a pause, being away, the count before the start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2

from posecoach.overlay.layer import Layer, lay, make_layer
from posecoach.overlay.panels import draw_banner
from posecoach.overlay.setup import draw_ring
from posecoach.overlay.style import (
    GOOD,
    PANEL,
    TRACK,
    WHITE,
    Image,
    font_size,
    measure_cap,
    put_text,
    shade,
    text_width,
    unit_of,
)

_DISC = 0.19  # radius of the count's disc, of the picture's unit
_DIGIT = 0.17  # height of its digit


@dataclass(frozen=True)
class Notice:
    """Something told in place of what the state says.

    Attributes
    ----------
    text : str
        A large line at the foot of the picture; empty for none.
    count : int or None
        A number in the middle.
    share : float or None
        How far a ring is closed, 0 to 1.
    """

    text: str = ""
    count: int | None = None
    share: float | None = None


def draw_notice(image: Image, notice: Notice) -> None:
    """Draw a notice in place."""
    if notice.count is not None:
        _draw_count(image, notice.count, notice.share or 0.0)
    elif notice.share is not None:
        draw_ring(image, notice.share)
    if notice.text:
        draw_banner(image, notice.text, WHITE)


def _draw_count(image: Image, count: int, share: float) -> None:
    height, width = image.shape[:2]
    unit = unit_of(width, height)
    layer = _count_layer(width, height, count)
    side = layer.keep.shape[0]
    lay(image, layer, (width - side) // 2, (height - side) // 2)
    thick = max(4, round(0.02 * unit))
    radius = round(_DISC * unit)
    cv2.ellipse(
        image,
        (width // 2, height // 2),
        (radius, radius),
        -90.0,
        0.0,
        360.0 * min(max(share, 0.0), 1.0),
        GOOD,
        thick,
        cv2.LINE_AA,
    )


@lru_cache(maxsize=4)
def _count_layer(width: int, height: int, count: int) -> Layer:
    unit = unit_of(width, height)
    radius, thick = round(_DISC * unit), max(4, round(0.02 * unit))
    side = 2 * (radius + thick)
    size = font_size(_DIGIT * unit)
    cap, text = measure_cap(size), str(count)

    def draw(sheet: Image) -> None:
        darker = sheet.copy()
        shade(darker, 0, 0, side, side, 0.25)
        disc = sheet.copy()
        disc[:] = 0
        cv2.circle(disc, (side // 2, side // 2), radius, (1, 1, 1), -1)
        sheet[disc > 0] = darker[disc > 0]
        cv2.circle(sheet, (side // 2, side // 2), radius, PANEL, thick + 4, cv2.LINE_AA)
        cv2.circle(sheet, (side // 2, side // 2), radius, TRACK, thick, cv2.LINE_AA)
        left = (side - text_width(text, size)) // 2
        put_text(sheet, text, left, (side + cap) // 2, size, WHITE)

    return make_layer(side, side, draw)
