"""Readings of the trunk while the form goes on, averaged over half a second."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from posecoach.follow.follower import NEAR_S, Place
from posecoach.follow.track import STEP_S, Track
from posecoach.measure.girdle import UNLIKE, compute_girdle_tilt
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.spread import Tolerances
from posecoach.measure.uncertainty import estimate_error
from posecoach.posture.calibration import Calibration
from posecoach.posture.signals import Signals

Array = NDArray[np.float64]

WINDOW_S = 0.5
LIVE_MEASURES = ("lateral_lean", "shoulder_tilt", "pelvis_tilt")
SEEN_FROM = {"side": ("forward_lean",), "oblique": ("lateral_lean",)}
"""What is read from elsewhere than from the front or behind."""

_PLACE_S = 0.15  # by which the surest place is wrong


@dataclass(frozen=True)
class _Reading:
    """One measure in one frame: own, the reference's, deviation, and its doubt; degrees."""

    own: float
    reference: float
    deviation: float
    doubt: float


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
        self._window: deque[tuple[float, dict[str, _Reading]]] = deque()
        self._view = "front"
        self._shown = False

    def reset(self) -> None:
        """Forget the last readings."""
        self._window.clear()
        self._places.clear()

    def add(
        self, time_s: float, own: Signals, track: Track, place: Place, *, view: str = "front"
    ) -> None:
        """Take in one frame: its signals, the reference, where in it one is, and the view."""
        if SEEN_FROM.get(view) != SEEN_FROM.get(self._view):
            self.reset()
        self._view = view
        self._shown = track.edge_on
        self._places.append(place.place_s)
        spread_s = spread_place(place.certainty)
        readings = {m: _read(m, own, track, place.place_s, spread_s) for m in self._measures}
        self._window.append((time_s, readings))
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
            found = [r[measure] for _, r in self._window if np.isfinite(r[measure].deviation)]
            span = self._window[-1][0] - self._window[0][0] if len(self._window) > 1 else 0.0
            if len(found) < 4 or span < 0.5 * WINDOW_S:
                filmed = self._view != "side" or self._shown
                reason = "too_short" if filmed else "reference_front"
                out[measure] = Judgement.unseen(measure, reason, tolerance)
                continue
            # A place is wrong for longer than the window: no averaging over its doubt.
            value, reference, deviation, doubt = np.mean(
                [(r.own, r.reference, r.deviation, r.doubt) for r in found], axis=0
            ).tolist()
            error = estimate_error(measure, calibration, height_px, extra=doubt)
            out[measure] = Judgement(
                value,
                reference,
                deviation,
                deviation,
                error,
                tolerance,
                get_unit(measure),
                True,
                None,
            )
        return out


def spread_place(certainty: float) -> float:
    """Return a place's standard error, seconds of the reference, from how certain it is.

    Parameters
    ----------
    certainty : float
        Probability of being within `NEAR_S`, 0 to 1.
    """
    return float(np.hypot(_PLACE_S, NEAR_S / ndtri(0.5 + 0.5 * min(certainty, 1.0 - 1e-9))))


def _read(measure: str, own: Signals, track: Track, place_s: float, spread_s: float) -> _Reading:
    """Return one measure against the reference's at a place known to a standard error."""
    i, reach = track.index_at(place_s), int(np.ceil(2.0 * spread_s / STEP_S))
    first, last = max(0, i - reach), min(len(track.time_s), i + reach + 1)
    curve = getattr(track.signals, measure)[first:last]
    value, reference = float(getattr(own, measure)), float(curve[i - first])
    deviation, unlike = value - reference, 0.0
    if measure == "shoulder_tilt":
        curve = compute_girdle_tilt(curve, track.signals.elevation[first:last])
        plain = deviation
        deviation = float(compute_girdle_tilt(own.shoulder_tilt, own.elevation)) - curve[i - first]
        unlike = UNLIKE * (deviation - plain)
    # Where the reference changes, whoever is a moment elsewhere has another one to be held against.
    weight = np.exp(-0.5 * ((np.arange(first, last) - i) * STEP_S / spread_s) ** 2)
    moved = float(np.sqrt((weight * (curve - curve[i - first]) ** 2).sum() / weight.sum()))
    return _Reading(value, reference, deviation, float(np.hypot(moved, unlike)))
