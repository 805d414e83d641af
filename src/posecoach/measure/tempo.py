"""Tempo as a curve: how fast the form is gone through, place by place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_BIN_S = 0.5  # of the reference
_SMOOTH_S = 0.25
_STRAIGHT_S = 0.25  # standard deviation from a straight line up to which a path is one
_HURRIED, _HURRIED_S = 1.4, 0.6
_GAIN_S = 0.5  # how far ahead of the usual pace a hurried stretch brings one
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


def compute_tempo(time_s: Array, places_s: Array, moving: Mask) -> Tempo | None:
    """Return the tempo of a repetition from its path through the reference.

    The ratio is that of the form without its pauses and hurried stretches: the robust mean
    (Huber 1964) of the time taken over equal steps of the reference. Where the path is as good
    as straight, the slope of the line through it is taken in too: a performer's own small
    sooner and later pulls the two to different sides.

    Parameters
    ----------
    time_s, places_s : (n,) array
        Path, seconds of the recording and of the reference.
    moving : (n,) array of bool
        Whether the reference itself moves at that place; where it holds still, no pause can be
        told and none is looked for.

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
    pauses = _find_pauses(time_s, places_s, inner, moving, dt)
    pace = _find_pace(time_s, places_s, inner)
    clock = time_s.copy()
    for p in pauses:  # only what a pause took beyond the usual pace is taken out
        lost_share = max(0.0, 1.0 - p.ratio / pace)
        clock = clock - lost_share * np.clip(time_s - p.start_s, 0.0, p.end_s - p.start_s)
    steps = np.arange(low + margin, high - margin + 1e-9, _BIN_S)
    if len(steps) < 4:
        return None
    grown = np.maximum.accumulate(places_s) + np.arange(len(places_s)) * 1e-9
    took = np.diff(np.interp(steps, grown, clock))
    whole = np.ones(len(took), dtype=bool)
    for i in lost:
        whole &= (steps[1:] < places_s[i]) | (steps[:-1] > places_s[i + 1])
    if whole.sum() < 3:
        return None
    hurried: tuple[Stretch, ...] = ()
    for _ in range(2):  # what is hurried is told from the rest, and the rest without it
        calm = whole.copy()
        for h in hurried:
            first, last = np.interp((h.start_s, h.end_s), time_s, grown)
            calm &= (steps[1:] < first) | (steps[:-1] > last)
        if calm.sum() < 3:
            calm = whole
        mean, error = _huber(took[calm])
        ratio = _BIN_S / mean
        hasty = inner & moving & (curve > _HURRIED * ratio)
        hurried = tuple(
            h
            for h in _stretches(time_s, places_s, curve, hasty, _HURRIED_S)
            # A path that wavers gains little; haste gets somewhere.
            if (h.ratio / ratio - 1.0) * (h.end_s - h.start_s) > _GAIN_S
        )
    if not hurried and not pauses and whole.all():
        slope, level = np.polyfit(time_s[inner], places_s[inner], 1)
        apart = places_s[inner] - (slope * time_s[inner] + level)
        if apart.std() < _STRAIGHT_S and slope > 0:
            ratio = 0.5 * (ratio + float(slope))
    return Tempo(float(ratio), float(error / mean * ratio), curve, hurried, pauses)


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


def _huber(values: Array) -> tuple[float, float]:
    """Return Huber's robust mean and its standard error."""
    mean = float(np.median(values))
    for _ in range(20):
        spread = max(0.05 * mean, 1.4826 * float(np.median(np.abs(values - mean))))
        w = np.minimum(1.0, 1.5 * spread / np.maximum(np.abs(values - mean), 1e-9))
        new = float((w * values).sum() / w.sum())
        if abs(new - mean) < 1e-6:
            break
        mean = new
    error = float(np.sqrt((w * (values - mean) ** 2).sum() / w.sum() / max(1, len(values) - 1)))
    return mean, max(error, 0.004 * mean)


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
