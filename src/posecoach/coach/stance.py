"""Watching for the still stance that sets the vertical, while a session runs."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.posture.calibration import Calibration, calibrate, is_still_stance
from posecoach.posture.facing import compute_order
from posecoach.posture.view import compute_shoulder_width

Array = NDArray[np.float64]

_WINDOW_S = 1.0
_LONGEST_S = 3.0
_TURNED, _TURNED_S = 0.4, 0.4  # so wide and for so long the other way round, one has turned
_NARROW = 0.5  # share of the shoulders' width below which the model is confusing the sides


class StanceWatcher:
    """Calibrates on the first still stance and refines it while that lasts.

    Until there is one, the body's size is taken from what is seen and the picture's vertical
    is believed.
    """

    def __init__(self) -> None:
        self._frames: deque[tuple[float, Array, Array]] = deque()
        self.calibration: Calibration | None = None
        self.still = False
        self.changed = False
        self._width: float | None = None
        self._closed = False
        self._roll_deg = 0.0  # of the picture, as known before
        self._turned_s: float | None = None

    @property
    def calibration_done(self) -> bool:
        """Whether a still stance has been seen for long enough."""
        return self.calibration is not None and self.calibration.done

    def step(self, time_s: float, plane: Array, world: Array) -> Calibration:
        """Take in one frame, (33, 2) and (33, 3), and return the calibration to use."""
        self.changed = False
        if self._has_turned(time_s, plane):
            self._begin_anew()
        if self._closed and self.calibration is not None:
            return self.calibration
        if self._frames and time_s - self._frames[-1][0] > 0.5:
            self._frames.clear()
        self._frames.append((time_s, plane, world))
        while time_s - self._frames[0][0] > _LONGEST_S:
            self._frames.popleft()
        planes, worlds = self._stack(time_s - _WINDOW_S)
        span = self._span(time_s - _WINDOW_S)
        self.still = is_still_stance(planes, worlds)
        if self.still and span >= 0.8 * _WINDOW_S:
            known = self.calibration.seconds if self.calibration is not None else 0.0
            # A stance as long as the longest that is kept has nothing more to tell.
            if known + 0.2 < _LONGEST_S:
                planes, worlds, seconds = self._longest_still(time_s)
                if seconds > known + 0.2:
                    self._set(calibrate(planes, worlds, seconds))
        elif self.calibration_done:
            self._closed = True
        elif self.calibration is None or len(self._frames) == 10:
            makeshift = calibrate(planes, worlds, 0.0)
            self._set(replace(makeshift, roll_deg=self._roll_deg))
        assert self.calibration is not None
        return self.calibration

    def _has_turned(self, time_s: float, plane: Array) -> bool:
        """Return whether the body now shows its other side, front or back, for some time."""
        known = self.calibration
        if known is None or known.facing * float(compute_order(plane)) > -_TURNED:
            self._turned_s = None
            return False
        if self._turned_s is None:
            self._turned_s = time_s
        return time_s - self._turned_s >= _TURNED_S

    def _begin_anew(self) -> None:
        """Wait for another still stance: left and right are now elsewhere, vertical is not."""
        assert self.calibration is not None
        self._roll_deg = self.calibration.roll_deg
        self._frames.clear()
        self._closed, self._turned_s, self.calibration = False, None, None

    def is_narrowed(self, plane: Array) -> bool:
        """Return whether the shoulders have shrunk as they do when the sides are swapping."""
        if self._width is None or not self.calibration_done:
            return False
        return bool(compute_shoulder_width(plane) < _NARROW * self._width)

    def _set(self, calibration: Calibration) -> None:
        self.calibration = calibration
        self.changed = True
        self._width = float(np.median([compute_shoulder_width(f[1]) for f in self._frames]))

    def _longest_still(self, time_s: float) -> tuple[Array, Array, float]:
        best = self._stack(time_s - _WINDOW_S)
        seconds = self._span(time_s - _WINDOW_S)
        for back in (_LONGEST_S, 2.0, 1.5):
            planes, worlds = self._stack(time_s - back)
            if self._span(time_s - back) > seconds and is_still_stance(planes, worlds):
                best, seconds = (planes, worlds), self._span(time_s - back)
                break
        return *best, seconds

    def _stack(self, since_s: float) -> tuple[Array, Array]:
        frames = [f for f in self._frames if f[0] >= since_s - 1e-6]
        return np.stack([f[1] for f in frames]), np.stack([f[2] for f in frames])

    def _span(self, since_s: float) -> float:
        times = [f[0] for f in self._frames if f[0] >= since_s - 1e-6]
        return times[-1] - times[0] if times else 0.0
