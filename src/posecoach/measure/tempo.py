"""Tempo as a curve: how fast the form is gone through, place by place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_BIN_S = 0.5  # of the reference
_STANDING = 0.12  # tempo below which someone stands
PAUSE_S = 1.2
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

    The ratio is the robust mean (Huber 1964) of the time taken over equal steps of the
    reference, after pauses are taken out.

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
    curve = gaussian_filter1d(np.gradient(places_s, time_s), 0.25 / dt, mode="nearest")
    low, high = places_s[0], places_s[-1]
    margin = min(0.4, 0.05 * (high - low))
    inner = (places_s > low + margin) & (places_s < high - margin)
    lost = np.flatnonzero(np.diff(time_s) > GAP_S)
    for i in lost:  # what happened out of sight is neither a pause nor haste
        inner &= (time_s < time_s[i] - GAP_S) | (time_s > time_s[i + 1] + GAP_S)
    pauses = _stretches(time_s, places_s, curve, inner & (curve < _STANDING), PAUSE_S)
    pauses = tuple(p for p in pauses if moving[_nearest(places_s, p.place_s)])
    clock = time_s.copy()
    for p in pauses:
        clock = clock - np.clip(time_s - p.start_s, 0.0, p.end_s - p.start_s)
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
    took = took[whole]
    mean, error = _huber(took)
    ratio = _BIN_S / mean
    hurried = _stretches(
        time_s, places_s, curve / ratio, inner & moving & (curve > 1.4 * ratio), 0.6, scale=ratio
    )
    return Tempo(float(ratio), float(error / mean * ratio), curve, hurried, pauses)


def _nearest(places: Array, place: float) -> int:
    return int(np.abs(places - place).argmin())


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
    time_s: Array, places_s: Array, curve: Array, on: Mask, least_s: float, scale: float = 1.0
) -> tuple[Stretch, ...]:
    out = []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    for first, stop in zip(edges[::2], edges[1::2], strict=True):
        start, end = float(time_s[first]), float(time_s[stop - 1])
        if end - start >= least_s:
            part = slice(first, stop)
            out.append(
                Stretch(start, end, float(places_s[part].mean()), float(curve[part].mean()) * scale)
            )
    return tuple(out)
