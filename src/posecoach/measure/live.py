"""Readings of the trunk while the form goes on, averaged over half a second."""

from __future__ import annotations

from collections import deque

import numpy as np

from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.spread import Tolerances
from posecoach.measure.uncertainty import estimate_error
from posecoach.posture.calibration import Calibration
from posecoach.posture.signals import Signals

WINDOW_S = 0.5
LIVE_MEASURES = ("lateral_lean", "shoulder_tilt", "pelvis_tilt")
SEEN_FROM = {"side": ("forward_lean",), "oblique": ("lateral_lean",)}
"""What is read from elsewhere than from the front or behind."""


class LiveReadings:
    """Keeps the last half second of readings and says what they come to.

    Parameters
    ----------
    tolerances : Tolerances
        By measure and place.
    """

    def __init__(self, tolerances: Tolerances) -> None:
        self._tolerances = tolerances
        self._places: deque[float] = deque()
        self._window: deque[tuple[float, dict[str, tuple[float, float]]]] = deque()
        self._view = "front"
        self._shown = False

    def reset(self) -> None:
        """Forget the last readings."""
        self._window.clear()
        self._places.clear()

    def add(
        self,
        time_s: float,
        own: Signals,
        reference: Signals,
        place_s: float,
        *,
        view: str = "front",
    ) -> None:
        """Take in one frame: its signals, the reference's at the same place, place and view."""
        if SEEN_FROM.get(view) != SEEN_FROM.get(self._view):
            self.reset()
        self._view = view
        self._shown = bool(np.isfinite(reference.forward_lean))
        self._places.append(place_s)
        values = {m: (float(getattr(own, m)), float(getattr(reference, m))) for m in self._measures}
        self._window.append((time_s, values))
        while self._window and self._window[0][0] < time_s - WINDOW_S:
            self._window.popleft()
            self._places.popleft()

    @property
    def _measures(self) -> tuple[str, ...]:
        return SEEN_FROM.get(self._view, LIVE_MEASURES)

    def read(self, calibration: Calibration, height_px: float) -> dict[str, Judgement]:
        """Return the readings; not judged while there is less than half the window."""
        lost = [m for m in LIVE_MEASURES if m not in self._measures]
        out = {m: Judgement.unseen(m, f"{self._view}_view") for m in lost}
        for measure in self._measures:
            tolerance = self._tolerances.typical(measure)
            if self._places:
                tolerance = float(self._tolerances.at(measure, np.array(self._places)).max())
            pairs = np.array([v[measure] for _, v in self._window])
            if len(pairs):
                pairs = pairs[np.isfinite(pairs).all(axis=1)]
            span = self._window[-1][0] - self._window[0][0] if len(self._window) > 1 else 0.0
            if len(pairs) < 4 or span < 0.5 * WINDOW_S:
                filmed = self._view != "side" or self._shown
                reason = "too_short" if filmed else "reference_front"
                out[measure] = Judgement.unseen(measure, reason, tolerance)
                continue
            value, reference = pairs.mean(axis=0)
            deviation = float(value - reference)
            error = estimate_error(measure, calibration, height_px)
            out[measure] = Judgement(
                float(value),
                float(reference),
                deviation,
                deviation,
                error,
                tolerance,
                get_unit(measure),
                True,
                None,
            )
        return out
