"""Things that look the same on many pictures are drawn once and laid on each.

What is drawn (a wash, a line, a letter with its soft edge) changes each value of the picture
linearly, so that drawing it on black and on white tells all about it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from posecoach.overlay.style import Image


@dataclass(frozen=True, eq=False)
class Layer:
    """A drawing without its picture.

    Attributes
    ----------
    keep : (height, width, 3) array of uint8
        How much of the picture stays, 255 = all.
    paint : (height, width, 3) array of uint8
        What is added.
    """

    keep: Image
    paint: Image


def make_layer(width: int, height: int, draw: Callable[[Image], None]) -> Layer:
    """Return what ``draw`` does to a picture of that size."""
    paint = np.zeros((max(1, height), max(1, width), 3), np.uint8)
    on_white = np.full_like(paint, 255)
    draw(paint)
    draw(on_white)
    return Layer(np.asarray(cv2.subtract(on_white, paint), np.uint8), paint)


def lay(image: Image, layer: Layer, left: int, top: int) -> None:
    """Lay a layer on a picture in place; what stands over the edges is left out."""
    height, width = image.shape[:2]
    x, y = max(0, -left), max(0, -top)
    part = image[top + y : min(height, top + layer.keep.shape[0]), left + x : width]
    part = part[:, : layer.keep.shape[1] - x]
    if part.size == 0:
        return
    area = (slice(y, y + part.shape[0]), slice(x, x + part.shape[1]))
    cv2.multiply(part, layer.keep[area], dst=part, scale=1.0 / 255.0)
    cv2.add(part, layer.paint[area], dst=part)
