"""Annotated pictures into a video file, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

from posecoach._closing import Closing
from posecoach.errors import InputError, UsageError
from posecoach.overlay.style import Image

_FORMATS = {".mp4": "mp4v", ".avi": "MJPG", ".mkv": "mp4v", ".mov": "mp4v"}


class OverlayWriter(Closing):
    """Writes pictures of one size to a video; the file appears when it is closed.

    Parameters
    ----------
    path : path
        ``.mp4``, ``.avi``, ``.mkv`` or ``.mov``.
    fps : float
        Pictures a second.

    Raises
    ------
    UsageError
        Another ending.
    InputError
        The folder is not there or cannot be written to.
    """

    def __init__(self, path: str | Path, fps: float) -> None:
        self.path = Path(path)
        self._fps = fps if 1.0 <= fps <= 240.0 else 30.0
        self._fourcc = _FORMATS.get(self.path.suffix.lower())
        if self._fourcc is None:
            raise UsageError(
                f"Expected a video name ending in {', '.join(_FORMATS)} but got {str(path)!r}."
            )
        folder = self.path.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise InputError(
                f"Expected a folder that can be written to but {str(folder)!r} is not; "
                "choose another place for the video."
            )
        self._part = folder / f".{self.path.stem}.{os.getpid()}.part{self.path.suffix}"
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self.frames = 0

    def write(self, picture: Image) -> None:
        """Append a picture, (height, width, 3) blue-green-red.

        One of another size than the first is fitted into it, with black edges.

        Raises
        ------
        InputError
            The video cannot be started.
        """
        height, width = picture.shape[:2]
        if self._writer is None:
            self._size = (width, height)
            fourcc = cv2.VideoWriter.fourcc(*self._fourcc)  # type: ignore[misc]
            self._writer = cv2.VideoWriter(str(self._part), fourcc, self._fps, (width, height))
            if not self._writer.isOpened():
                self._writer = None
                raise InputError(
                    f"Expected to write {str(self.path)!r} but the video could not be started; "
                    "is the disk full? Try a name ending in .avi."
                )
        if (width, height) != self._size:
            picture = _fit(picture, *self._size)
        self._writer.write(picture)
        self.frames += 1

    def close(self, *, keep: bool = True) -> None:
        """Finish the file, or drop it; may be called twice."""
        if self._writer is None:
            return
        self._writer.release()
        self._writer = None
        if keep:
            self._part.replace(self.path)
        else:
            self._part.unlink(missing_ok=True)


def _fit(picture: Image, width: int, height: int) -> Image:
    scale = min(width / picture.shape[1], height / picture.shape[0])
    wide = min(width, max(1, round(picture.shape[1] * scale)))
    tall = min(height, max(1, round(picture.shape[0] * scale)))
    small = cv2.resize(picture, (wide, tall), interpolation=cv2.INTER_AREA)
    left, top = (width - wide) // 2, (height - tall) // 2
    out = np.zeros((height, width, 3), np.uint8)
    out[top : top + tall, left : left + wide] = small
    return out
