"""Several takes of one form laid on each other: where in the first one each moment of another is.

The whole of both is known, so that a plain dynamic time warping finds the way roughly, however
unevenly the tempo differs, and `retrace` then finds it as it does for a practitioner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.follower import POSTURE_SD
from posecoach.follow.retrace import compare_ranges, fit_amplitude, retrace
from posecoach.follow.robust import robust_square
from posecoach.follow.track import STEP_S, Track
from posecoach.posture.features import WEIGHTS
from posecoach.posture.resample import median_found

Array = NDArray[np.float64]

_COARSE_S = 0.2
_MOST_COARSE = 300  # frames of the rough way, for each take
_MOST_FINE = 500  # frames of the fine one: enough for half an alignment error of 0.1 s a minute
_MOST_STEPS = 4
_SLOPE_COST = 0.15  # for standing still, or each step more than one, per frame


@dataclass(frozen=True, eq=False)
class Alignment:
    """A take laid on the first one.

    Attributes
    ----------
    track : Track
        Of the take itself.
    time_s : (m,) array
        For each place of the first take's grid, when the take is there, seconds of its own.
    tempo : (m,) array
        Speed through the form there / the first take's.
    amplitude : float
        Of its arms against the first take's.
    """

    track: Track
    time_s: Array
    tempo: Array
    amplitude: float

    def sample(self, values: Array) -> Array:
        """Return values of the take's own grid at the places of the first take; (m, ...)."""
        return self.track.sample(values, self.time_s)


def align_take(track: Track, reference: Track) -> Alignment:
    """Lay a take on another one.

    Parameters
    ----------
    track, reference : Track
        Of the take, and of the one it is laid on.
    """
    features = track.signals.features
    rest = _rest(track)
    amplitude = compare_ranges(features, reference)
    places = _warp_roughly(track, reference, amplitude)
    stride = max(2, int(np.ceil(len(track.time_s) / _MOST_FINE)))
    at = np.arange(0, len(track.time_s), stride)
    time_s = track.time_s[at]
    for _ in range(2 if abs(amplitude - 1.0) > 0.05 else 1):
        path = retrace(time_s, features[at], rest, reference, np.interp(time_s, *places), amplitude)
        amplitude = fit_amplitude(features[at], rest, reference, path)
        places = (time_s, path)
    # Where the take stands still and the first does not, it is there at one moment: the last
    # frames of a flat piece would all be at one place.
    grown = np.maximum.accumulate(path) + 1e-6 * np.arange(len(path))
    when = np.interp(reference.time_s, grown, time_s)
    spread = max(1.0, 0.3 / STEP_S)
    pace = gaussian_filter1d(np.gradient(when, STEP_S), spread, mode="nearest")
    return Alignment(track, when, 1.0 / np.clip(pace, 0.2, 5.0), amplitude)


def _rest(track: Track) -> Array:
    start = median_found(track.signals.features[:3])
    rest = track.calibration.rest
    return np.where(np.isfinite(rest) & track.calibration.done, rest, start)


def _warp_roughly(track: Track, reference: Track, amplitude: float) -> tuple[Array, Array]:
    """Return (time_s, places) of the cheapest monotone way from start to end."""
    longer = max(track.duration_s, reference.duration_s)
    count = int(np.clip(longer / _COARSE_S, 20, _MOST_COARSE))
    times = np.linspace(0.0, track.duration_s, count)
    grid = np.linspace(0.0, reference.duration_s, count)
    own, ref = (
        _smooth(t.signals.features, length / count)
        for t, length in ((track, track.duration_s), (reference, reference.duration_s))
    )
    known = np.isfinite(own).all(axis=0) & np.isfinite(ref).all(axis=0)
    a = track.sample(np.where(known, own - _rest(track), 0.0), times)
    b = reference.sample(np.where(known, ref - median_found(ref[:3]), 0.0), grid) * amplitude
    # The way a posture changes tells up from down.
    a = np.concatenate([a, np.gradient(a, axis=0) * 4], axis=1)
    b = np.concatenate([b, np.gradient(b, axis=0) * 4], axis=1)
    weights = np.tile(np.where(known, WEIGHTS, 0.0), 2)
    best = np.full(count, np.inf)
    came = np.zeros((count, count), dtype=np.int8)
    options = np.full((_MOST_STEPS + 1, count), np.inf)
    for i in range(count):
        cost = robust_square((a[i] - b) / POSTURE_SD) @ weights / 10.0
        if i == 0:
            best[0] = cost[0]
            continue
        options[0] = best + _SLOPE_COST
        for step in range(1, _MOST_STEPS + 1):
            options[step, step:] = best[:-step] + _SLOPE_COST * (step - 1)
        pick = options.argmin(axis=0)
        came[i] = pick
        best = options[pick, np.arange(count)] + cost
    at, path = count - 1, np.empty(count, dtype=int)
    for i in range(count - 1, -1, -1):
        path[i] = at
        at = max(at - int(came[i, at]), 0)
    return times, grid[path]


def _smooth(values: Array, step_s: float) -> Array:
    return gaussian_filter1d(values, max(0.5 * step_s / STEP_S, 0.1), axis=0, mode="nearest")
