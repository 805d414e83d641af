"""Readings of the trunk while the form goes on, averaged over half a second."""

from __future__ import annotations

from collections import deque
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from posecoach.follow.follower import NEAR_S, Place
from posecoach.follow.track import STEP_S, Track
from posecoach.measure.girdle import compute_girdle_tilt, estimate_girdle_error
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.spread import Tolerances
from posecoach.measure.uncertainty import estimate_error
from posecoach.measure.unlike import estimate_unlike
from posecoach.posture.calibration import Calibration
from posecoach.posture.signals import Signals

Array = NDArray[np.float64]

WINDOW_S = 0.5
LIVE_MEASURES = ("lateral_lean", "shoulder_tilt", "pelvis_tilt")
SEEN_FROM = {"side": ("forward_lean",), "oblique": ("lateral_lean",)}
"""What is read from elsewhere than from the front or behind."""

_PLACE_S = 0.15  # by which the surest place is wrong


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
        self._window: deque[tuple[float, Array]] = deque()
        self._view = "front"
        self._track: Track | None = None
        self._curves: dict[str, Array] = {}
        self._visibility: Array | None = None  # of the last frame: it changes slowly

    def reset(self) -> None:
        """Forget the last readings."""
        self._window.clear()
        self._places.clear()

    def add(
        self,
        time_s: float,
        own: Signals,
        track: Track,
        place: Place,
        *,
        view: str = "front",
        visibility: Array | None = None,
    ) -> None:
        """Take in one frame: its signals, the reference, where in it one is, and the view.

        ``visibility``: (33,), of each point; all are seen if not given.
        """
        if SEEN_FROM.get(view) != SEEN_FROM.get(self._view):
            self.reset()
        self._view = view
        if track is not self._track:
            self._track, self._curves = track, _find_curves(track)
        self._visibility = visibility
        self._places.append(place.place_s)
        self._window.append((time_s, self._read_frame(own, track, place)))
        while self._window and self._window[0][0] < time_s - WINDOW_S:
            self._window.popleft()
            self._places.popleft()

    def _read_frame(self, own: Signals, track: Track, place: Place) -> Array:
        """Return value, reference, deviation and its doubt of each measure; degrees, (k, 4)."""
        i, spread_s = track.index_at(place.place_s), spread_place(place.certainty)
        reach = int(2.0 * spread_s / STEP_S) + 1
        first, last = max(0, i - reach), min(len(track.time_s), i + reach + 1)
        weight = np.exp(-0.5 * ((track.time_s[first:last] - track.time_s[i]) / spread_s) ** 2)
        weight /= weight.sum()
        out = []
        for measure in self._measures:
            value = float(getattr(own, measure))
            reference = float(getattr(track.signals, measure)[i])
            curve = self._curves[measure]
            deviation, unlike = value - reference, 0.0
            if measure == "shoulder_tilt":
                plain = deviation
                deviation = float(compute_girdle_tilt(own.shoulder_tilt, own.elevation) - curve[i])
                lean = float(own.lateral_lean - track.signals.lateral_lean[i])
                unlike = float(estimate_girdle_error(deviation - plain, deviation - lean))
            # Where the reference changes, whoever is elsewhere has another one to be held against.
            moved = float(weight @ (curve[first:last] - curve[i]) ** 2)
            out.append((value, reference, deviation, (moved + unlike**2) ** 0.5))
        return np.array(out)

    @property
    def _measures(self) -> tuple[str, ...]:
        return SEEN_FROM.get(self._view, LIVE_MEASURES)

    def read(
        self, calibration: Calibration, height_px: float, *, alike: bool = True
    ) -> dict[str, Judgement]:
        """Return the readings; not judged while there is less than half the window.

        ``alike``: whether the reference was recorded by the same kind of tracker.
        """
        lost = [m for m in LIVE_MEASURES if m not in self._measures]
        out = {m: Judgement.unseen(m, f"{self._view}_view") for m in lost}
        frames = np.array([f for _, f in self._window]).reshape(-1, len(self._measures), 4)
        means, places = frames.sum(axis=0) / max(1, len(frames)), np.array(self._places)
        span = self._window[-1][0] - self._window[0][0] if len(self._window) > 1 else 0.0
        for k, measure in enumerate(self._measures):
            tolerance = self._tolerances.typical(measure)
            if len(places):
                tolerance = float(self._tolerances.at(measure, places).max())
            mean, count = _mean_found(frames[:, k], means[k])
            if count < 4 or span < 0.5 * WINDOW_S:
                shown = self._track is not None and self._track.edge_on
                reason = "too_short" if self._view != "side" or shown else "reference_front"
                out[measure] = Judgement.unseen(measure, reason, tolerance)
                continue
            # A place is wrong for longer than the window: no averaging over its doubt.
            value, reference, deviation, doubt = mean
            if not alike and self._track is not None:
                doubt = float(np.hypot(doubt, estimate_unlike(measure, self._track)))
            error = estimate_error(
                measure,
                calibration,
                height_px,
                extra=doubt,
                visibility=self._visibility,
                calibrated=self._track is None or self._track.calibration.done,
            )
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


def _mean_found(values: Array, mean: Array) -> tuple[list[float], int]:
    """Return the mean of the rows that are known, and how many; `mean` if all of them are."""
    if isfinite(mean[0]) and isfinite(mean[2]):
        return mean.tolist(), len(values)
    found = values[np.isfinite(values).all(axis=1)]
    return (found.mean(axis=0).tolist() if len(found) else []), len(found)


def _find_curves(track: Track) -> dict[str, Array]:
    """Return what own readings are held against, by measure, along the reference."""
    s = track.signals
    curves = {m: getattr(s, m) for m in (*LIVE_MEASURES, *SEEN_FROM["side"])}
    return curves | {"shoulder_tilt": compute_girdle_tilt(s.shoulder_tilt, s.elevation)}
