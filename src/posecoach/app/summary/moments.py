"""The moments at which cues came, to look at again after a practice.

They live in memory and are gone with the window: the body's points, and pictures only where a
video is kept anyway.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posecoach.app.kit.view import PictureView
from posecoach.coach.state import Cue, State
from posecoach.live import LiveResult
from posecoach.measure.repetition import Repetition
from posecoach.overlay.figure import Placed, draw_change, draw_ghost, draw_skeleton
from posecoach.overlay.style import Image

BEFORE_S, AFTER_S = 2.5, 1.5
MOST = 8  # moments; of the same cue only the first
_KEEP_S = 75.0  # how far back the place of a fault may lie, once a repetition is over
_STEP_S = 0.035
_LINES = 1080
_MARGIN = 0.09  # of the picture's height
_CLEAR = 0.3  # match from which on the teacher's figure fades no more
_DARK = (29, 25, 22)
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 80]
_SLOWER = 2.0  # the replay takes so much longer

_Kept = tuple[State, bytes | None]


@dataclass(frozen=True, eq=False)
class Moment:
    """What was seen around the moment a cue is about.

    Attributes
    ----------
    cue : Cue
    at_s : float
        When what it is about was seen; for what only a whole repetition tells, before the cue.
    frames : tuple of (State, bytes or None)
        In order; the picture as JPEG where pictures are kept.
    """

    cue: Cue
    at_s: float
    frames: tuple[_Kept, ...]


class MomentKeeper:
    """Keeps the moments of one practice; `see` is called for each result, in order.

    Parameters
    ----------
    pictures : bool
        Keep pictures, too.
    """

    def __init__(self, *, pictures: bool = False) -> None:
        self._pictures = pictures
        self._ring: deque[_Kept] = deque()
        self._waiting: list[tuple[Cue, float]] = []
        self._worst: dict[str, float] = {}
        self._moments: dict[tuple[str, str], Moment] = {}

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The moments, in the order of their cues; call it when no more results come."""
        for cue, at_s in self._waiting:
            self._take(cue, at_s)
        self._waiting.clear()
        return tuple(self._moments.values())

    def see(self, result: LiveResult) -> None:
        """Take in a result."""
        state = result.state
        time_s = state.time_s
        if not self._ring or time_s - self._ring[-1][0].time_s >= _STEP_S:
            picture = None
            if self._pictures:
                picture = cv2.imencode(".jpg", result.frame.image, _QUALITY)[1].tobytes()
            self._ring.append((state, picture))
            while time_s - self._ring[0][0].time_s > _KEEP_S:
                self._ring.popleft()
        if state.finished is not None:
            self._worst = find_worst_times(state.finished)
        for cue in (state.new_cue, state.held_back):
            if cue is not None and self._is_new(cue):
                now = state.judgements.get(cue.measure)
                seen = now is not None and now.excess() > 0
                self._waiting.append(
                    (cue, time_s if seen else self._worst.get(cue.measure, time_s))
                )
        while self._waiting and time_s >= self._waiting[0][1] + AFTER_S:
            self._take(*self._waiting.pop(0))

    def _is_new(self, cue: Cue) -> bool:
        key = (cue.measure, cue.direction)
        waiting = {(c.measure, c.direction) for c, _ in self._waiting}
        room = len(self._moments) + len(self._waiting) < MOST
        return room and key not in self._moments and key not in waiting

    def _take(self, cue: Cue, at_s: float) -> None:
        frames = tuple(k for k in self._ring if -BEFORE_S <= k[0].time_s - at_s <= AFTER_S)
        if sum(s.observation.found for s, _ in frames) > 1:
            self._moments[cue.measure, cue.direction] = Moment(cue, at_s, frames)


def find_worst_times(repetition: Repetition) -> dict[str, float]:
    """Return when in the recording each measure's worst deviation was; its middle if unknown."""
    times, places = repetition.path
    out = {m: 0.5 * (repetition.start_s + repetition.end_s) for m in repetition.measures}
    known = np.isfinite(times) & np.isfinite(places)
    if known.sum() > 1:
        grown = np.maximum.accumulate(places[known])
        for measure, place in repetition.worst_place_s.items():
            out[measure] = float(np.interp(place, grown, times[known]))
    return out


def draw_moment(moment: Moment, index: int, *, mirrored: bool) -> Image:
    """Return a picture of a moment: the body, the teacher's figure, and what the cue is about."""
    state, jpeg = moment.frames[index]
    state = replace(state, cue=moment.cue, praise=False, match=min(state.match, _CLEAR))
    o = state.observation
    height = _LINES
    width = max(16, round(height * o.width / max(o.height, 1.0)))
    picture = np.full((height, width, 3), _DARK, np.uint8)
    if jpeg is not None:
        seen = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        if seen is not None:
            picture = np.asarray(cv2.resize(seen, (width, height)), np.uint8)
    if mirrored:
        picture = np.asarray(cv2.flip(picture, 1), np.uint8)
    placed = Placed(width, height, mirrored)
    draw_ghost(picture, state, placed)
    draw_skeleton(picture, state, placed)
    draw_change(picture, state, placed)
    left, top, right, bottom = find_room(moment, placed)
    return np.ascontiguousarray(picture[top:bottom, left:right])


def find_room(moment: Moment, placed: Placed) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the part of the picture in which all of it happens."""
    found = [placed.pixels(s.observation.plane()) for s, _ in moment.frames if s.observation.found]
    found += [placed.pixels(s.ghost) for s, _ in moment.frames if s.ghost is not None]
    points = np.concatenate(found)
    points = points[np.isfinite(points).all(axis=1)]
    size = np.array([placed.width, placed.height])
    points = np.clip(points, 0, size)
    margin = _MARGIN * placed.height * np.array([2.0, 1.0])
    low = np.maximum(points.min(axis=0) - margin, 0).astype(int)
    high = np.minimum(points.max(axis=0) + margin, size).astype(int)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


class MomentView(QWidget):
    """Shows a moment again and again, slowly."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PictureView()
        self.view.setMouseTracking(False)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # nothing can be done with it
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._moment: Moment | None = None
        self._mirrored = True
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)

    def play(self, moment: Moment, *, mirrored: bool) -> None:
        """Begin with a moment."""
        self._moment, self._mirrored, self._at = moment, mirrored, -1
        self._next()

    def stop(self) -> None:
        """Show nothing."""
        self._timer.stop()
        self._moment = None
        self.view.set_picture(None)

    @property
    def at_s(self) -> float | None:
        """Time of the picture on show, in seconds of the recording."""
        return None if self._moment is None else self._moment.frames[self._at][0].time_s

    def _next(self) -> None:
        if self._moment is None:
            return
        frames = self._moment.frames
        self._at = (self._at + 1) % len(frames)
        self.view.set_picture(draw_moment(self._moment, self._at, mirrored=self._mirrored))
        if self._at + 1 < len(frames):
            wait_s = frames[self._at + 1][0].time_s - frames[self._at][0].time_s
        else:
            wait_s = 0.4
        self._timer.start(round(1000 * _SLOWER * min(max(wait_s, 0.01), 0.4)))
