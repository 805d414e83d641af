"""Left against right in time, over a whole repetition.

A plain cross-correlation of the two sides is wrong as soon as their amplitudes differ, and says
nothing in a form whose sides take turns. Here the sides are moved against each other until the
reference explains the whole best: at each trial delay the left is taken earlier and the right
later by half of it, the repetition is retraced, and what is left unexplained is the cost. Each
side's own amplitude is fitted away first. What this finds roughly, `posecoach.follow.adjust` then
fits to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from posecoach._pieces import Pieces, finish
from posecoach.follow.adjust import SIDES, fit_delay
from posecoach.follow.follower import POSTURE_SD
from posecoach.follow.retrace import retrace
from posecoach.follow.robust import robust_square
from posecoach.follow.track import Track
from posecoach.posture.features import WEIGHTS
from posecoach.posture.resample import median_found, quantile_found

Array = NDArray[np.float64]

REACH_S = 0.8
_COARSE_S, _FINE_S = 0.2, 0.1
_ROUNDS, _SETTLED_S = 2, 0.06
_RETRACED_S = 1 / 15
_MIN_RANGE_RAD = 0.35
_ARMS = (14, 15)


@dataclass(frozen=True)
class SideDelay:
    """How much later the left side moves than the right.

    Attributes
    ----------
    delay_s : float
        Seconds, + = left later, against the reference.
    error_s : float
        One standard error.
    path_s : (n,) array or None
        Places of both sides in step as they were fitted together with it, seconds of the
        reference.
    """

    delay_s: float
    error_s: float
    path_s: Array | None = field(default=None, compare=False, repr=False)


def undo_delay(time_s: Array, features: Array, delay_s: float) -> Array:
    """Return features with the left side earlier and the right later by half the delay.

    Parameters
    ----------
    time_s : (n,) array
    features : (n, features) array
        NaN where not seen; stays so.
    delay_s : float
        + = the left was late.
    """
    out = features.copy()
    for columns, move in zip(SIDES, (0.5 * delay_s, -0.5 * delay_s), strict=True):
        for c in columns:
            ok = np.isfinite(features[:, c])
            if ok.sum() > 1:
                out[:, c] = np.interp(time_s + move, time_s[ok], features[ok, c])
    return out


def find_delay(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    places_s: Array,
    amplitude: float,
) -> SideDelay | None:
    """Return the delay of left against right that explains a repetition best.

    Parameters
    ----------
    time_s : (n,) array
        Seconds.
    features : (n, features) array
        NaN where not seen.
    rest : (features,) array
        The practitioner's start posture.
    track : Track
    places_s : (n,) array
        A first path, see `posecoach.follow.retrace.retrace`.
    amplitude : float

    Returns
    -------
    SideDelay or None
        None where a side hardly moves, was hardly seen, or no delay within `REACH_S` explains it.
    """
    return finish(search_delay(time_s, features, rest, track, places_s, amplitude))


def search_delay(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    places_s: Array,
    amplitude: float,
) -> Pieces[SideDelay | None]:
    """Find what `find_delay` returns, piece by piece."""
    reference = track.signals.features
    arms = features[:, _ARMS]
    own_range = np.nan_to_num(quantile_found(arms, 1.0) - quantile_found(arms, 0.0))
    ranges = np.concatenate([np.ptp(reference[:, _ARMS], axis=0), 3.0 * own_range])
    seen = np.isfinite(features[:, _ARMS]).all(axis=1)
    if (ranges < _MIN_RANGE_RAD).any() or seen.mean() < 0.5:
        return None
    level = _level_sides(features, rest, track, places_s, amplitude)
    start = median_found(reference[:3])
    expected = (reference - start) * amplitude
    dt = float(np.median(np.diff(time_s)))
    costs: dict[tuple[int, int], float] = {}

    def cost(grid: int, step: int) -> float:
        if (grid, step) not in costs:
            t = time_s[::step]
            moved = undo_delay(t, level[::step], grid * _FINE_S)
            path = retrace(t, moved, rest, track, places_s[::step], amplitude)
            off = np.nan_to_num(moved - rest - track.sample(expected, path))
            costs[grid, step] = float((robust_square(off / POSTURE_SD) @ WEIGHTS).mean())
        return costs[grid, step]

    # Ten frames a second are enough to find the valley, and take a tenth of the time.
    coarse = max(1, round(0.1 / dt))
    stride, reach = round(_COARSE_S / _FINE_S), round(REACH_S / _FINE_S)
    best, before = 0, None
    while best != before and abs(best) < reach:  # downhill from none: most sides are in step
        before = best
        for grid in (best, best - stride, best + stride):
            cost(grid, coarse)
            yield
        best = min((best, best - stride, best + stride), key=lambda grid: cost(grid, coarse))
    for grid in (best - 1, best + 1):
        cost(grid, coarse)
        yield
    best = min((best, best - 1, best + 1), key=lambda grid: cost(grid, coarse))
    if abs(best) >= reach:
        return None
    guess = best * _FINE_S
    # What is fitted looks at `adjust`'s moments only: more of them would say the same again.
    some = slice(None, None, max(1, round(_RETRACED_S / dt)))
    t, path, fit = time_s[some], places_s[some], None
    for _ in range(_ROUNDS):
        moved = undo_delay(time_s, features, guess)[some]
        path = retrace(t, moved, rest, track, path, amplitude)
        yield
        along = np.interp(time_s, t, path)
        fit = fit_delay(time_s, features, rest, track, along, amplitude, guess)
        yield
        if fit is None or abs(fit.delay_s) >= REACH_S:
            return None
        if abs(fit.delay_s - guess) < _SETTLED_S:
            break
        guess = fit.delay_s
    if fit is None:
        return None
    return SideDelay(fit.delay_s, float(np.hypot(fit.error_s, 0.2 * dt)), fit.path_s)


def _level_sides(
    features: Array, rest: Array, track: Track, places_s: Array, amplitude: float
) -> Array:
    """Return features with each arm's elevation scaled to the common amplitude."""
    out = features.copy()
    reference = track.signals.features
    for c in _ARMS:
        expected = amplitude * track.sample(
            reference[:, c] - median_found(reference[:3, c : c + 1])[0], places_s
        )
        own = features[:, c] - rest[c]
        ok = np.isfinite(own)
        energy = float((expected[ok] ** 2).sum())
        if energy > 1e-6:
            factor = float(np.clip((own[ok] * expected[ok]).sum() / energy, 0.5, 2.0))
            out[:, c] = rest[c] + own / factor
    return out
