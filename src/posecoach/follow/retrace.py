"""Following once more, when a repetition is over: the whole of it decides, not the past alone."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.follower import POSTURE_SD
from posecoach.follow.leaps import Leap, find_chances, list_leaps
from posecoach.follow.robust import weigh_squares
from posecoach.follow.track import STEP_S, Track
from posecoach.posture.features import WEIGHTS
from posecoach.posture.resample import interpolate, median_found, quantile_found

Array = NDArray[np.float64]

BAND_S = 2.0  # how far from the online place the path may lie
STEP_COST = 0.25  # for standing still or each step more than the pace of the whole, per frame
MOST_STEPS = 4
LEAP_S = 0.1  # a leap costs as much as so many seconds at which nothing fits well
GAP_S = 0.6  # a body out of sight for longer may be anywhere further on when it is back
_NO_LEAP = -1
_UNEVEN = 0.15  # mean share by which frames are early or late from which on they are evened out
_ROUNDS = 3
_ROWS = 16  # frames weighed at once


def compare_ranges(features: Array, track: Track) -> float:
    """Return the practitioner's amplitude against the reference's by the range of the arms.

    Needs no path, so a smaller movement cannot be mistaken for a slower one.

    Parameters
    ----------
    features : (n, features) array
        Of a whole repetition.
    """
    own, ref = features[:, -2:], track.signals.features[:, -2:]
    own_range, ref_range = (
        float((quantile_found(a, 0.97) - quantile_found(a, 0.03)).sum()) for a in (own, ref)
    )
    ratio = own_range / max(ref_range, 1e-6)
    return float(np.clip(ratio, 0.4, 1.5)) if np.isfinite(ratio) else 1.0


def fit_amplitude(features: Array, rest: Array, track: Track, places: Array) -> float:
    """Return the practitioner's amplitude against the reference's along a path.

    Least squares of arm elevations above rest, both arms together.

    Parameters
    ----------
    features : (n, features) array
    rest : (features,) array
    places : (n,) array
        Seconds of the reference.
    """
    reference = track.signals.features
    own = features[:, -2:] - rest[-2:]
    ref = track.sample(reference[:, -2:] - median_found(reference[:3, -2:]), places)
    ok = np.isfinite(own) & np.isfinite(ref)
    energy = float((ref[ok] ** 2).sum())
    if energy < 1e-3:
        return 1.0
    return float(np.clip((own[ok] * ref[ok]).sum() / energy, 0.4, 1.5))


def retrace(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    online_s: Array,
    amplitude: float,
) -> Array:
    """Return the likeliest monotone path through the reference.

    Dynamic time warping of postures in a band about the online places, with standing still
    before the start and after the end for free.

    Parameters
    ----------
    time_s : (n,) array
    features : (n, features) array
        NaN where not seen.
    rest : (features,) array
        The practitioner's start posture.
    online_s : (n,) array
        Places found online, in seconds of the reference.
    amplitude : float
        See `fit_amplitude`.

    Returns
    -------
    (n,) array
        Places in seconds of the reference, growing.
    """
    return retrace_leaping(time_s, features, rest, track, online_s, amplitude, leaping=False)[0]


def retrace_leaping(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    online_s: Array,
    amplitude: float,
    *,
    leaping: bool = True,
) -> tuple[Array, tuple[Leap, ...]]:
    """Return the likeliest path and its leaps, each where the online place jumps too.

    The parameters are those of `retrace`. Between leaps the path grows.
    """
    frames, clock = _bridge(time_s)
    steps = np.diff(clock)
    uneven = np.abs(steps[steps <= GAP_S] / np.median(steps) - 1.0) if len(steps) else steps
    if len(uneven) and float(uneven.mean()) > _UNEVEN:
        clock, filled = _even_out(time_s, features)
    else:
        filled = np.full((len(clock), features.shape[1]), np.nan)
        filled[frames] = features
    online = np.interp(clock, time_s, online_s)
    path, at = _trace(clock, filled, rest, track, online, amplitude, leaping)
    leaps = list_leaps(clock, path, at)
    return np.interp(time_s, clock, path), leaps


def _trace(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    online_s: Array,
    amplitude: float,
    leaping: bool,
) -> tuple[Array, NDArray[np.intp]]:
    reference = track.signals.features
    known = np.isfinite(reference).all(axis=0)
    ref = np.where(known, reference - median_found(reference[:3]), 0.0) * amplitude
    ref_change = gaussian_filter1d(np.gradient(ref, STEP_S, axis=0), 4, axis=0)
    own = features - rest
    weights = np.where(np.isfinite(own) & known, WEIGHTS, 0.0)
    own = np.where(np.isfinite(own), own, 0.0)
    change = _speeds(time_s, _fill(time_s, own, weights))
    dt = float(np.median(np.diff(time_s))) if len(time_s) > 1 else STEP_S
    # Where little tells, the path goes on at the pace of the whole: found from the online path
    # first and then from the path itself, or every tempo would be drawn towards one.
    tempo, path = _find_tempo(time_s, online_s), np.maximum.accumulate(online_s)
    nowhere = np.zeros(0, dtype=int)
    at = nowhere
    for _ in range(_ROUNDS):
        may, also_s = find_chances(time_s, online_s, tempo)
        if not (leaping and may.any()):
            may, also_s = np.zeros_like(may), online_s
        grid = np.arange(0.0, track.duration_s + 1e-9, tempo * dt)
        there = (track.sample(ref, grid), track.sample(ref_change, grid))
        costs = _weigh_places(own, change, weights, grid, *there, online_s)
        if may.any():
            other = _weigh_places(own, change, weights, grid, *there, also_s)
            costs = np.minimum(costs, other)
        fit = costs.copy() if may.any() else costs
        warped = _warp(time_s, costs, grid, may, LEAP_S / dt)
        if warped is None:
            return path, nowhere
        path, at = warped
        if len(at) and (np.diff(path)[at - 1] > 0).all():
            path, at = _hurry_instead(time_s, fit, grid, path, at, LEAP_S / dt)
        before, tempo = tempo, _find_tempo(time_s, path)
        if abs(tempo - before) < 0.02 * before:
            break
    # A leap, and one over a gap, stays one.
    breaks = np.union1d(np.flatnonzero(np.diff(time_s) > GAP_S) + 1, at)
    pieces = [x for x in np.split(path, breaks) if len(x)]
    smooth = [gaussian_filter1d(x, 0.12 / dt, mode="nearest") for x in pieces]
    return np.concatenate(smooth), at


def _hurry_instead(
    time_s: Array,
    fit: Array,
    grid: Array,
    path: Array,
    at: NDArray[np.intp],
    leap_cost: float,
) -> tuple[Array, NDArray[np.intp]]:
    """Return a path without its leaps onwards where it fits what was seen as well.

    What was left out was not seen; what was hurried was, if only for a moment. So haste costs
    nothing here.
    """
    through = _warp(time_s, fit.copy(), grid, np.zeros(len(path), dtype=bool), leap_cost)
    if through is None:
        return path, at
    frames = np.arange(len(path))
    leaping, hurrying = (
        float(fit[frames, np.rint(p / grid[1]).astype(int)].sum()) for p in (path, through[0])
    )
    if hurrying > leaping + leap_cost * len(at):
        return path, at
    return through[0], np.zeros(0, dtype=int)


def _bridge(time_s: Array) -> tuple[NDArray[np.intp], Array]:
    """Return where the frames are among those that short gaps are filled up with, and all times.

    A path takes a few steps a frame; over a lost frame it must be able to take as many more.
    """
    steps = np.diff(time_s)
    dt = float(np.median(steps)) if len(steps) else STEP_S
    missing = np.where((steps > 1.6 * dt) & (steps <= GAP_S), np.round(steps / dt) - 1, 0)
    frames = np.arange(len(time_s)) + np.concatenate([[0], np.cumsum(missing)]).astype(int)
    return frames, np.interp(np.arange(frames[-1] + 1), frames, time_s)


def _even_out(time_s: Array, features: Array) -> tuple[Array, Array]:
    """Return even times, gaps kept, and the features at them: a path takes even steps."""
    dt = float(np.median(np.diff(time_s)))
    clock, out = [], []
    for piece in np.split(np.arange(len(time_s)), np.flatnonzero(np.diff(time_s) > GAP_S) + 1):
        source, values = time_s[piece], features[piece]
        times = np.linspace(source[0], source[-1], round((source[-1] - source[0]) / dt) + 1)
        found = np.isfinite(values)
        share = interpolate(times, source, found.astype(float))
        clock.append(times)
        out.append(np.where(share > 0.5, interpolate(times, source, values), np.nan))
    return np.concatenate(clock), np.concatenate(out)


def _fill(time_s: Array, own: Array, weights: Array) -> Array:
    """Return features with what was not seen on a line between what was."""
    out = own.copy()
    for c in range(own.shape[1]):
        seen = weights[:, c] > 0
        if 0 < seen.sum() < len(seen):
            out[:, c] = np.interp(time_s, time_s[seen], own[seen, c])
    return out


def _find_tempo(time_s: Array, places_s: Array) -> float:
    """Return reference seconds a second, the median over half seconds of the reference."""
    grown = np.maximum.accumulate(places_s) + np.arange(len(places_s)) * 1e-9
    steps = np.arange(grown[0], grown[-1], 0.5)
    if len(steps) < 3:
        return 1.0
    took = float(np.median(np.diff(np.interp(steps, grown, time_s))))
    return float(np.clip(0.5 / max(took, 1e-6), 0.3, 3.5))


def _warp(
    time_s: Array, costs: Array, grid: Array, may: NDArray[np.bool_], leap_cost: float
) -> tuple[Array, NDArray[np.intp]] | None:
    """Return the cheapest path over a grid one step a frame apart and where it leaps, or None.

    `costs` is used up: it becomes what the cheapest way to each frame and place costs.
    """
    n, m = costs.shape
    leaps: dict[int, NDArray[np.intp]] = {}
    lost = np.diff(time_s, prepend=time_s[0]) > GAP_S
    everywhere = np.arange(m)
    most = min(MOST_STEPS, m - 1)
    # Ways to each place from as many steps before it, as views into what was paid so far.
    paid = np.full(m + most, np.inf)
    before = paid[most:]
    ways, options = sliding_window_view(paid, m)[::-1], np.empty((most + 1, m))
    price = STEP_COST * np.abs(np.arange(most + 1) - 1)[:, None]
    start = costs[0] + np.where(grid <= BAND_S, 0.0, np.inf)
    if np.isfinite(start).any():
        costs[0] = start
    for i in range(1, n):
        before[:] = costs[i - 1]
        if lost[i]:  # out of sight the form may have gone on by any amount
            least = np.minimum.accumulate(before)
            leaps[i] = np.maximum.accumulate(np.where(before <= least, everywhere, 0))
            costs[i] += least
            continue
        np.add(ways, price, out=options)
        options[0, 0], options[0, -1] = before[0], before[-1]  # to stand there is free
        going = options.min(axis=0)
        if may[i]:
            first = int(before.argmin())
            leapt = going > before[first] + leap_cost
            leaps[i] = np.where(leapt, first, _NO_LEAP)
            going = np.where(leapt, before[first] + leap_cost, going)
        costs[i] += going
    if not np.isfinite(costs[-1]).any():
        return None
    path = np.empty(n, dtype=int)
    path[-1] = at = int(np.argmin(costs[-1]))
    for i in range(n - 1, 0, -1):
        leap = int(leaps[i][at]) if i in leaps else _NO_LEAP
        at = leap if leap != _NO_LEAP else at - _find_step(costs[i - 1], at, most)
        path[i - 1] = at
    way = np.diff(path, prepend=path[0])
    leapt = may & ~lost & ((way < 0) | (way > most))
    return grid[path], np.flatnonzero(leapt)


def _find_step(paid: Array, at: int, most: int) -> int:
    """Return by how many steps the cheapest way came to a place."""
    before = paid[max(0, at - most) : at + 1].tolist()[::-1]
    options = [cost + STEP_COST * (step - 1) for step, cost in enumerate(before)]
    options[0] = before[0] + (STEP_COST if 0 < at < len(paid) - 1 else 0.0)
    return options.index(min(options))


def _weigh_places(
    own: Array,
    change: Array,
    weights: Array,
    grid: Array,
    ref: Array,
    ref_change: Array,
    online_s: Array,
) -> Array:
    """Return how badly each frame fits each place, (n, m); infinite outside the band."""
    costs = np.full((len(own), len(grid)), np.inf)
    lows = np.minimum(np.searchsorted(grid, online_s - BAND_S), len(grid) - 1)
    highs = np.searchsorted(grid, online_s + BAND_S, side="right")
    # Up and down pass through the same posture; the way it changes tells them apart.
    ways = change * weights
    strength = np.linalg.norm(ways, axis=1)
    turns = np.linalg.norm(ref_change, axis=1)
    for first in range(0, len(own), _ROWS):
        rows = slice(first, first + _ROWS)
        low, high = int(lows[rows].min()), int(highs[rows].max())
        apart = own[rows, None] - ref[None, low:high]
        off = weigh_squares(apart, weights[rows, None], POSTURE_SD)
        along = (ways[rows] @ ref_change[low:high].T) / (
            strength[rows, None] * turns[None, low:high] + 0.05
        )
        here = np.arange(low, high)
        inside = (here >= lows[rows, None]) & (here < highs[rows, None])
        costs[rows, low:high] = np.where(inside, (off + 6.0 * (1.0 - along)) / 10.0, np.inf)
    return costs


def _speeds(time_s: Array, values: Array) -> Array:
    if len(time_s) < 3:
        return np.zeros_like(values)
    dt = float(np.median(np.diff(time_s)))
    smooth = gaussian_filter1d(values, 0.13 / dt, axis=0, mode="nearest")
    return np.asarray(np.gradient(smooth, time_s, axis=0))
