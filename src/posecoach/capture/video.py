"""Frames of a video file, with the file's own timestamps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from posecoach._closing import Closing
from posecoach.capture.base import Frame
from posecoach.errors import InputError

_MAX_FPS = 240.0


def _silence() -> None:
    """Keep what OpenCV writes about damaged files off stderr; one line says it here."""
    if not os.environ.get("POSECOACH_VERBOSE"):
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class VideoFile(Closing):
    """A video file as a source of frames.

    Parameters
    ----------
    path : path
        Any format OpenCV reads. Rotation marks of phones are honoured.

    Raises
    ------
    InputError
        There is no such file, or it holds no frame that can be read.
    """

    live = False

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = self.path.name
        if not self.path.is_file():
            raise InputError(
                f"Expected a video file but {str(path)!r} is "
                f"{'a folder' if self.path.is_dir() else 'not there'}; check the name."
            )
        if self.path.stat().st_size == 0:
            raise InputError(f"Expected a video but {str(path)!r} is empty; choose another file.")
        _silence()
        self._capture = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG)
        ok, first = self._capture.read() if self._capture.isOpened() else (False, None)
        if not ok or first is None:
            self._capture.release()
            raise InputError(
                f"Expected a video but no frame of {str(path)!r} could be read; "
                "is it complete, and a format such as MP4, MOV, MKV, WebM or AVI?"
            )
        self._first: np.ndarray | None = first
        self.height, self.width = first.shape[:2]
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        self.fps = fps if 0.1 < fps <= _MAX_FPS else 30.0
        count = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self.frame_count: int | None = count if count > 0 else None

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames; times start at the file's own first stamp."""
        index, last = 0, -1.0
        image = self._first
        self._first = None
        while image is not None:
            stamp = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000.0
            # Missing or running-back stamps are replaced by the nominal rate.
            if not np.isfinite(stamp) or stamp <= last:
                stamp = last + 1.0 / self.fps if last >= 0 else 0.0
            last = stamp
            if image.shape[:2] != (self.height, self.width):
                image = cv2.resize(image, (self.width, self.height))
            yield Frame(image, stamp, index)
            index += 1
            ok, image = self._capture.read()
            if not ok:
                image = None

    def close(self) -> None:
        """Close the file."""
        self._capture.release()
