"""How bright a picture is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_EVERY = 8  # pixels; far more than enough for a mean
_LUMA = (0.114, 0.587, 0.299)  # of blue, green, red: ITU-R BT.601


def measure_brightness(image: NDArray[np.uint8]) -> float:
    """Return the mean brightness of a blue-green-red picture, 0 to 255."""
    return float(image[::_EVERY, ::_EVERY].mean(axis=(0, 1)) @ _LUMA)
