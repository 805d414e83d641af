"""Colours (blue, green, red), sizes as shares of the picture's height, and type.

The two voices are blue-white for what is and orange for what to change: told apart by people who
confuse red and green, and always paired with a shape or a side as well.
"""

from __future__ import annotations

from functools import cache, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

OWN: Colour = (225, 190, 105)
OWN_DARK: Colour = (110, 80, 25)
GHOST: Colour = (250, 242, 246)
GHOST_EDGE: Colour = (130, 70, 95)
CHANGE: Colour = (40, 150, 255)
GOOD: Colour = (150, 215, 150)
WHITE: Colour = (250, 250, 250)
QUIET: Colour = (205, 205, 200)
TRACK: Colour = (135, 130, 125)
PANEL: Colour = (40, 34, 30)

CUE_CAP = 0.11  # height of a capital; readable from three metres
LABEL_CAP = 0.042
SHAPE_CAP = 0.05  # beside the one slow shape
MARGIN = 0.025
MOST_LINES = 3

_CAP = 0.745  # about the height of a capital in this font as a share of its size
_WEIGHT = 600


@cache
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


def unit_of(width: int, height: int) -> float:
    """Return what labels and strokes are sized by: the height, less on an upright picture."""
    return min(float(height), 0.75 * width)


@lru_cache(maxsize=256)
def measure_cap(size: int) -> int:
    """Return how many pixels high a capital of a font size is, as it is drawn."""
    sheet = np.zeros((2 * size, 2 * size, 3), np.uint8)
    put_text(sheet, "H", size // 4, round(1.5 * size), size, WHITE)
    return int(np.count_nonzero((sheet[..., 0] > 127).any(axis=1)))


@lru_cache(maxsize=64)
def font_size(cap_px: float) -> int:
    """Return the smallest font size whose capitals are at least so high, in pixels."""
    size = max(6, int(0.95 * cap_px / _CAP))
    while measure_cap(size) < cap_px:
        size += 1
    return size


@lru_cache(maxsize=4096)
def text_width(text: str, size: int) -> int:
    """Return the width of a text in pixels."""
    rect = cv2.getTextSize((0, 0), text, (0, 0), _font(), size, _WEIGHT)
    return int(rect[2])


def put_text(image: Image, text: str, left: int, baseline: int, size: int, colour: Colour) -> None:
    """Write one line; umlauts and Chinese are drawn as they are."""
    cv2.putText(image, text, (left, baseline), colour, _font(), size, _WEIGHT)


@lru_cache(maxsize=256)
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


@lru_cache(maxsize=256)
def shorten_text(text: str, size: int, width: int) -> str:
    """Return the text, cut with an ellipsis if it is wider than the width."""
    if text_width(text, size) <= width:
        return text
    for end in range(len(text) - 1, 0, -1):
        cut = text[:end].rstrip() + "…"
        if text_width(cut, size) <= width:
            return cut
    return ""


@lru_cache(maxsize=256)
def fit_size(text: str, cap_px: float, width: int, lines: int) -> int:
    """Return a font size of that cap height.

    Smaller only if one word is wider than the width, or the text would need more than ``lines``.
    """
    size = font_size(cap_px)
    widest = max((text_width(w, size) for w in text.split()), default=1)
    if widest > width:
        size = max(6, int(size * width / widest))
    while size > 6 and len(_fill(text.split(), size, width)) > lines:
        size -= 1
    return size


def shade(image: Image, left: int, top: int, right: int, bottom: int, keep: float) -> None:
    """Darken a part of the picture towards the panel colour; ``keep`` of it stays."""
    part = image[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if part.size:
        wash = np.full(part.shape, PANEL, np.uint8)
        cv2.addWeighted(part, keep, wash, 1.0 - keep, 0.0, dst=part)
