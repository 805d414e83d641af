"""Tempo as a curve: how fast the form is gone through, place by place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.ends import Ends

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_BIN_S = 0.5  # of the reference
_SMOOTH_S = 0.25
_HELD_APART_S = 0.8  # a hold that lasts so much longer or shorter counts for nothing
# By which a path is wrong at its first and last moments, less what it is wrong by at both alike,
# and at the edge of what is left out; seconds of the reference.
_END_S, _EDGE_S = 0.085, 0.06
_PAD_S = 0.3  # so much more is left out before a pause: a path is smooth where that is sudden
_CATCH_S = 1.0  # and so much after it, in which a path catches up
_SUREST = 0.004
HURRIED, _HURRIED_S = 1.4, 0.6
_PERHAPS, _PERHAPS_LEFT = 1.25, 0.4  # from when on it may be haste; and how much of it counts
_HASTE_ENDS, _HASTE_LEFT, _CAUGHT_UP, _BRIEF_S = 0.35, 0.12, 0.8, 0.1
_GAIN_S = 0.5  # how far ahead of the usual pace a hurried stretch brings one
_ROUNDS = 3
_PASSED_S = 0.3  # so short a hold of the reference does not end a hurried stretch
_TOLD_S = 0.9  # and how far for it to be told: a path may waver by the less
PAUSE_S = 1.2
_LINGER_S = 2.5  # in a posture the reference holds too, only so long is a pause
_SLOWED, _STANDING, _LINGERING = 0.6, 0.3, 0.5  # shares of the usual pace
GAP_S = 0.6  # without a frame for longer, nothing is known of the tempo


@dataclass(frozen=True)
class Stretch:
    """A part of the repetition that was hurried or stood still.

    Attributes
    ----------
    start_s, end_s : float
        Seconds of the recording.
    place_s : float
        Middle of it, seconds of the reference.
    ratio : float
        Tempo ratio there.
    """

    start_s: float
    end_s: float
    place_s: float
    ratio: float


@dataclass(frozen=True, eq=False)
class Tempo:
    """The tempo of one repetition.

    Attributes
    ----------
    ratio : float
        Practitioner's speed / the reference's; pauses and single hurried parts do not count.
    error : float
        One standard error of `ratio`.
    curve : (n,) array
        Local ratio at each frame.
    hurried, pauses : tuple of Stretch
    """

    ratio: float
    error: float
    curve: Array
    hurried: tuple[Stretch, ...]
    pauses: tuple[Stretch, ...]


def compute_tempo(
    time_s: Array, places_s: Array, moving: Mask, ends: Ends | None = None
) -> Tempo | None:
    """Return the tempo of a repetition from its path through the reference.

    The ratio is that of the form as a whole: seconds of the reference between the first moment
    and the last, by the seconds these took. What was paused, hurried or out of sight is left out
    of both, and so is a posture held much longer or shorter than the reference's.
    No mean over places: a performer is a little sooner here and later there, and what a
    path wavers by in between is gained again; only where the repetition starts and where it
    ends counts.

    Parameters
    ----------
    time_s, places_s : (n,) array
        Path, seconds of the recording and of the reference.
    moving : (n,) array of bool
        Whether the reference itself moves at that place; where it holds still, no pause can be
        told and none is looked for.
    ends : Ends, optional
        First and last moment, where they are known better than by the path.

    Returns
    -------
    Tempo or None
        None for less than 2 s of the reference.
    """
    if len(time_s) < 10 or places_s[-1] - places_s[0] < 2.0:
        return None
    dt = float(np.median(np.diff(time_s)))
    curve = gaussian_filter1d(np.gradient(places_s, time_s), _SMOOTH_S / dt, mode="nearest")
    low, high = places_s[0], places_s[-1]
    margin = min(0.4, 0.05 * (high - low))
    inner = (places_s > low + margin) & (places_s < high - margin)
    lost = np.flatnonzero(np.diff(time_s) > GAP_S)
    for i in lost:  # what happened out of sight is neither a pause nor haste
        inner &= (time_s < time_s[i] - GAP_S) | (time_s > time_s[i + 1] + GAP_S)
    if inner.sum() < 4:
        return None
    grown = np.maximum.accumulate(places_s) + 1e-9 * np.arange(len(places_s))
    if ends is None:
        places = low + margin, high - margin
        first, last = np.interp(places, grown, time_s)
        wrong = _END_S / _find_pace(time_s, grown, inner)
        ends = Ends((float(first), float(last)), places, (wrong, wrong))
    pauses = _find_pauses(time_s, places_s, inner, moving, dt)
    gaps = [(float(time_s[i]), float(time_s[i + 1])) for i in lost]
    apart = [*gaps, *((p.start_s - _PAD_S, p.end_s + _CATCH_S) for p in pauses)]
    path = time_s, grown
    apart += _find_unlike_holds(path, inner, moving)
    found = _find_ratio(path, ends, apart)
    if found is None:
        return None
    hurried: dict[Stretch, float] = {}
    pace = _find_pace(time_s, grown, inner)
    for _ in range(_ROUNDS):  # what is hurried is told from the rest, and the rest without it
        hurried = _find_hurried(time_s, places_s, curve, inner, moving, pace)
        wide = [_widen(h, time_s, curve, pace) for h in hurried]
        found = _find_ratio(path, ends, [*apart, *wide]) or found
        pace = found[0]
    ratio, error = found
    told = tuple(h for h, gain in hurried.items() if gain > _TOLD_S)
    doubts = [error]
    if hurried:  # where it begins and ends is a guess; after a stop it may be the path catching up
        whole = _find_ratio(path, ends, apart) or found
        doubt = _CAUGHT_UP if pauses or len(told) < len(hurried) else _HASTE_LEFT
        doubts.append(doubt * (whole[0] - ratio))
    # What is a little faster than the rest or the whole may be haste or the pace itself.
    usual = min(pace, _find_pace(time_s, grown, inner))
    perhaps = _find_hurried(time_s, places_s, curve, inner, moving, usual, _PERHAPS)
    wide = [_widen(h, time_s, curve, usual) for h in [*hurried, *perhaps]]
    without = _find_ratio(path, ends, [*apart, *wide]) or found
    doubts.append(_PERHAPS_LEFT * (without[0] - ratio))
    error = float(np.linalg.norm(doubts))
    return Tempo(ratio, error, curve, told, pauses)


def _find_hurried(
    time_s: Array,
    places_s: Array,
    curve: Array,
    inner: Mask,
    moving: Mask,
    pace: float,
    ratio_from: float = HURRIED,
) -> dict[Stretch, float]:
    """Return hurried stretches, and how many seconds ahead of the usual pace each brings one.

    A posture that the reference holds for a moment on the way, and that is hurried through as well,
    does not end one, but is no haste itself: how long it is held is no tempo.
    """
    out = {}
    on = inner & (curve > ratio_from * pace)
    fast = np.flatnonzero(on & moving)
    slower = np.cumsum(~on)[fast]
    ends = (np.diff(time_s[fast]) > _PASSED_S) | (np.diff(slower) > 0)
    for at in np.split(fast, np.flatnonzero(ends) + 1):
        took = float(np.diff(time_s[at])[np.diff(at) == 1].sum())
        if took < _HURRIED_S:
            continue
        ratio = float(curve[at].mean())
        gain = (ratio / pace - 1.0) * took
        if gain > _GAIN_S:  # a path that wavers gains little; haste gets somewhere
            start, end = float(time_s[at[0]]), float(time_s[at[-1]])
            out[Stretch(start, end, float(places_s[at].mean()), ratio)] = gain
    return out


def _widen(stretch: Stretch, time_s: Array, curve: Array, pace: float) -> tuple[float, float]:
    """Return a hurried stretch with all that adjoins it and is hurried too, and a moment more."""
    on = curve > pace + _HASTE_ENDS * (stretch.ratio - pace)
    first, last = np.searchsorted(time_s, (stretch.start_s, stretch.end_s))
    off = np.flatnonzero(~on)
    before, after = off[off < first], off[off > last]
    start = time_s[before[-1]] if len(before) else time_s[0]
    end = time_s[after[0]] if len(after) else time_s[-1]
    return float(start) - _BRIEF_S, float(end) + _BRIEF_S


def _find_unlike_holds(
    path: tuple[Array, Array], inner: Mask, moving: Mask
) -> list[tuple[float, float]]:
    """Return where the reference holds still and one held clearly longer, or shorter, than that.

    How long a posture is held is no tempo; where it takes about as long, it may stay in.
    """
    time_s, grown = path
    pace = _find_pace(time_s, grown, inner)
    still = inner & ~moving
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(int)))
    out = []
    for first, last in zip(edges[::2], edges[1::2] - 1, strict=True):
        took = float(time_s[last] - time_s[first])
        if abs(took - float(grown[last] - grown[first]) / pace) > _HELD_APART_S:
            out.append((float(time_s[first]), float(time_s[last])))
    return out


def _find_ratio(
    path: tuple[Array, Array], ends: Ends, apart: list[tuple[float, float]]
) -> tuple[float, float] | None:
    """Return the ratio between the ends without some stretches of time, and its standard error.

    None where less than a second of the reference is left.
    """
    edges = [ends.time_s[0]]
    for start, end in sorted(apart):  # those that meet are one
        start, end = (float(np.clip(t, *ends.time_s)) for t in (start, end))
        if end <= edges[-1]:
            continue
        if start <= edges[-1] and len(edges) > 1:
            edges[-1] = end
        else:
            edges += [max(start, edges[-1]), end]
    edges.append(ends.time_s[1])
    at = np.interp(edges, *path)
    at[0], at[-1] = ends.place_s
    took = float(np.diff(edges)[::2].sum())
    done = float(np.diff(at)[::2].sum())
    if done < 1.0 or took <= 0:
        return None
    ratio = done / took
    # Both edges of what is left out are placed by the path alone.
    within = (len(edges) - 2) * (_EDGE_S / ratio) ** 2
    outer = float(np.sum(np.square(ends.error_s)))
    error = ratio * float(np.sqrt(outer + within)) / took
    return ratio, max(error, _SUREST * ratio)


def _find_pace(time_s: Array, places_s: Array, inner: Mask) -> float:
    """Return the usual pace: the median over half seconds of the reference."""
    grown = np.maximum.accumulate(places_s[inner]) + np.arange(int(inner.sum())) * 1e-9
    steps = np.arange(grown[0], grown[-1], _BIN_S)
    took = float(np.median(np.diff(np.interp(steps, grown, time_s[inner]))))
    return _BIN_S / max(took, 1e-6)


def _find_pauses(
    time_s: Array, places_s: Array, inner: Mask, moving: Mask, dt: float
) -> tuple[Stretch, ...]:
    """Return where someone stood still.

    Where the reference holds a posture the place within it cannot be told, only how long the
    whole took: there a pause must be longer to count.
    """
    if inner.sum() < 10:
        return ()
    pace = _find_pace(time_s, places_s, inner)
    slow = gaussian_filter1d(np.gradient(places_s, time_s), 2 * _SMOOTH_S / dt, mode="nearest")
    out = []
    for p in _stretches(time_s, places_s, slow, inner & (slow < _SLOWED * pace), PAUSE_S):
        within = (time_s >= p.start_s) & (time_s <= p.end_s)
        gain = float(np.ptp(places_s[within])) / (p.end_s - p.start_s)
        still = moving[within].mean() > 0.5 and gain < _STANDING * pace
        if still or (p.end_s - p.start_s >= _LINGER_S and gain < _LINGERING * pace):
            out.append(replace(p, ratio=gain))
    return tuple(out)


def _stretches(
    time_s: Array, places_s: Array, curve: Array, on: Mask, least_s: float
) -> tuple[Stretch, ...]:
    out = []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    for first, stop in zip(edges[::2], edges[1::2], strict=True):
        start, end = float(time_s[first]), float(time_s[stop - 1])
        if end - start >= least_s:
            part = slice(first, stop)
            out.append(Stretch(start, end, float(places_s[part].mean()), float(curve[part].mean())))
    return tuple(out)
