"""Colours (blue, green, red), sizes as shares of the picture's height, and type.

The two voices are blue-white for what is and orange for what to change: told apart by people who
confuse red and green, and always paired with a shape or a side as well.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

OWN: Colour = (225, 190, 105)
OWN_DARK: Colour = (110, 80, 25)
GHOST: Colour = (245, 245, 240)
CHANGE: Colour = (40, 150, 255)
GOOD: Colour = (150, 215, 150)
WHITE: Colour = (250, 250, 250)
QUIET: Colour = (205, 205, 200)
PANEL: Colour = (40, 34, 30)

CUE_CAP = 0.115  # readable from three metres
LABEL_CAP = 0.036
MARGIN = 0.025

_CAP = 0.75  # height of a capital in this font as a share of its size
_WEIGHT = 600


@cache
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


def font_size(cap_px: float) -> int:
    """Return the font size whose capitals are so high, in pixels."""
    return max(6, round(cap_px / _CAP))


@cache
def text_width(text: str, size: int) -> int:
    """Return the width of a text in pixels."""
    rect = cv2.getTextSize((0, 0), text, (0, 0), _font(), size, _WEIGHT)
    return int(rect[2])


def put_text(image: Image, text: str, left: int, baseline: int, size: int, colour: Colour) -> None:
    """Write one line; umlauts and Chinese are drawn as they are."""
    cv2.putText(image, text, (left, baseline), colour, _font(), size, _WEIGHT)


@cache
def wrap_text(text: str, size: int, width: int) -> tuple[str, ...]:
    """Return the text in as few lines as fit the width, as even as they can be."""
    words = text.split()
    lines = _fill(words, size, width)
    if len(lines) > 1:  # no lonely word at the end
        for narrower in range(width, width // 2, -max(8, width // 40)):
            tighter = _fill(words, size, narrower)
            if len(tighter) > len(lines):
                break
            if max(text_width(x, size) for x in tighter) <= width:
                lines = tighter
    return tuple(lines)


def _fill(words: list[str], size: int, width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def fit_size(text: str, cap_px: float, width: int) -> int:
    """Return a font size of that cap height, smaller only if one word is wider than the width."""
    size = font_size(cap_px)
    widest = max((text_width(w, size) for w in text.split()), default=1)
    return size if widest <= width else max(6, int(size * width / widest))


def shade(image: Image, left: int, top: int, right: int, bottom: int, keep: float) -> None:
    """Darken a part of the picture towards the panel colour; ``keep`` of it stays."""
    part = image[max(0, top) : bottom, max(0, left) : right]
    if part.size:
        panel = np.full((1, 1, 3), PANEL, np.uint8)
        wash = np.broadcast_to(panel, part.shape)
        part[:] = cv2.addWeighted(part, keep, np.ascontiguousarray(wash), 1.0 - keep, 0.0)
