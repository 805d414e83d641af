"""A video one moves about in: the picture at any moment."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach._closing import Closing
from posecoach.capture.video import VideoFile

Image = NDArray[np.uint8]

_AHEAD_S = 1.5  # nearer than this it is faster to read on than to jump


class Clip(Closing):
    """A video file at any moment.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with VideoFile(path) as video:  # says what is wrong, and in which size it comes
            self.width, self.height, self.fps = video.width, video.height, video.fps
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        self._image: Image | None = None
        self._at_s = float("inf")

    def at(self, time_s: float) -> Image | None:
        """Return the picture at a moment, (height, width, 3) blue-green-red; None if none is."""
        half = 0.5 / self.fps
        if self._image is not None and abs(time_s - self._at_s) <= half:
            return self._image
        if not self._at_s - half <= time_s <= self._at_s + _AHEAD_S:
            self._capture.set(cv2.CAP_PROP_POS_MSEC, max(0.0, 1000 * (time_s - 0.5 * half)))
        for _ in range(round(_AHEAD_S * self.fps) + 10):
            ok, image = self._capture.read()
            if not ok:
                self._at_s = float("inf")
                break
            self._at_s = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000.0
            self._image = np.asarray(image, np.uint8)
            if self._at_s >= time_s - half:
                break
        return self._image

    def close(self) -> None:
        """Close the file."""
        self._capture.release()
