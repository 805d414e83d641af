"""From a result to the picture in the window, and to the video that is kept of it."""

from __future__ import annotations

import cv2
import numpy as np

from posecoach.app.kit.view import PictureView
from posecoach.capture.base import Frame
from posecoach.coach.state import State
from posecoach.errors import InputError
from posecoach.overlay import OverlayWriter, Renderer
from posecoach.overlay.notices import Notice, draw_notice
from posecoach.overlay.style import Image


class Canvas:
    """Draws results in the size the window shows.

    Parameters
    ----------
    renderer : Renderer
    overlay : OverlayWriter, optional
        Gets every picture in the source's own size.
    """

    def __init__(self, renderer: Renderer, overlay: OverlayWriter | None = None) -> None:
        self.renderer = renderer
        self._overlay = overlay
        self._fps = float(getattr(overlay, "_fps", 25.0))
        self._began_s: float | None = None  # of the video, on the clock of the frames
        self._written = 0

    def draw(self, frame: Frame, state: State, lines: int, notice: Notice | None = None) -> Image:
        """Return the picture with everything on it.

        Parameters
        ----------
        frame : Frame
        state : State
        lines : int
            Height of the picture drawn, in pixels.
        notice : Notice, optional
            What is told in place of what the state says.
        """
        out = self.renderer.draw(_resize(frame.image, lines), state, told=notice is None)
        if notice is not None:
            draw_notice(out, notice)
        return out

    def scale(self, frame: Frame, view: PictureView) -> Image:
        """Return a frame's bare picture in the size a view shows."""
        height, width = frame.image.shape[:2]
        return _resize(frame.image, view.lines_for(width, height))

    def keep(self, drawn: Image, frame: Frame, state: State, notice: Notice | None) -> str | None:
        """Write a picture that was drawn; return what went wrong, after which none is written.

        Pictures come unevenly, the video runs evenly: some are written twice, some are left out.
        """
        if self._overlay is None:
            return None
        due = self._count_due(frame.time_s)
        height = frame.image.shape[0]
        try:
            if due and drawn.shape[0] != height:
                drawn = self.draw(frame, state, height, notice)
            for _ in range(due):
                self._overlay.write(drawn)
        except (InputError, OSError, cv2.error) as error:
            self._overlay = None
            return str(error)
        return None

    def _count_due(self, time_s: float) -> int:
        """Return how often a picture of this time is to be written; a gap is cut to a second."""
        if self._began_s is None:
            self._began_s = time_s
        due = int((time_s - self._began_s) * self._fps + 0.5) + 1 - self._written
        if due < 0 or due > self._fps:  # another source, or a gap
            due = max(1, min(due, round(self._fps)))
            self._began_s = time_s - (self._written + due - 1) / self._fps
        self._written += due
        return due


def _resize(picture: Image, lines: int) -> Image:
    height, width = picture.shape[:2]
    if lines == height:
        return picture
    size = (max(1, round(width * lines / height)), lines)
    how = cv2.INTER_LINEAR if lines > height else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
