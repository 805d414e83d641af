"""From a result to the picture in the window, and to the video that is kept of it."""

from __future__ import annotations

import cv2

from posecoach.capture.base import Frame
from posecoach.coach.state import State
from posecoach.errors import InputError
from posecoach.overlay import OverlayWriter, Renderer
from posecoach.overlay.panels import draw_banner
from posecoach.overlay.style import WHITE, Image


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

    def draw(self, frame: Frame, state: State, lines: int, banner: str | None = None) -> Image:
        """Return the picture with everything on it.

        Parameters
        ----------
        frame : Frame
        state : State
        lines : int
            Height of the picture drawn, in pixels.
        banner : str, optional
            A large line at its foot, in place of what the state says.
        """
        picture = frame.image
        height, width = picture.shape[:2]
        if lines != height:
            size = (max(1, round(width * lines / height)), lines)
            how = cv2.INTER_LINEAR if lines > height else cv2.INTER_AREA
            picture = cv2.resize(picture, size, interpolation=how)
        out = self.renderer.draw(picture, state)
        if banner is not None:
            draw_banner(out, banner, WHITE)
        return out

    def keep(self, drawn: Image, frame: Frame, state: State, banner: str | None) -> str | None:
        """Write a picture that was drawn; return what went wrong, after which none is written.

        Pictures come unevenly, the video runs evenly: some are written twice, some are left out.
        """
        if self._overlay is None:
            return None
        due = self._count_due(frame.time_s)
        height = frame.image.shape[0]
        try:
            if due and drawn.shape[0] != height:
                drawn = self.draw(frame, state, height, banner)
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
