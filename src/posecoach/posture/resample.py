"""Recordings on an even time grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import InputError
from posecoach.motion import Motion

Array = NDArray[np.float64]

STEP_S = 1 / 30
BRIDGE_S = 0.25  # longest time for which a single point is put between where it was seen
_ONE_LOST, _FEW_S = 2.1, 0.45  # frames between two that are one apart, and seconds at most
LOST_S = 1.0  # so long a point may be lost and still be drawn on from where it was
MAX_S = 6 * 3600.0


def resample(motion: Motion, step_s: float = STEP_S) -> tuple[Array, Array, Array]:
    """Return (time_s, plane, world) of a motion on an even grid, gaps bridged linearly.

    Returns
    -------
    time_s : (m,) array
        From 0, `step_s` apart.
    plane : (m, 33, 2) array
    world : (m, 33, 3) array

    Raises
    ------
    InputError
        The recording's times span more than `MAX_S`.
    """
    if motion.duration_s > MAX_S:
        raise InputError(
            f"Expected a recording of at most {MAX_S / 3600:.0f} hours but its times span "
            f"{motion.duration_s:.3g} s; check its timestamps."
        )
    times = np.arange(0.0, motion.duration_s + 1e-9, step_s)
    source = motion.time_s - motion.time_s[0]
    plane = interpolate(times, source, motion.plane())
    world = interpolate(times, source, motion.world)
    return times, plane, world


def bridge_points(motion: Motion, most_s: float = BRIDGE_S) -> Motion:
    """Return a recording with points that were lost for a moment on a line between what was seen.

    Trackers that find each point by itself lose now one, now another. Only points are bridged: in
    a frame without any nobody was seen, and a point that is never found stays unknown.

    Parameters
    ----------
    motion : Motion
    most_s : float
        Longest time between the frames in which a point was seen; where frames are few, one of
        them may be without it.
    """
    found: NDArray[np.bool_] = np.asarray(np.isfinite(motion.image[..., :2]).all(axis=2))
    lost = ~found & found.any(axis=1, keepdims=True) & found.any(axis=0)
    if not lost.any():
        return motion
    image, world = motion.image.copy(), motion.world.copy()
    visibility, presence = motion.visibility.copy(), motion.presence.copy()
    t = motion.time_s
    most_s = max(most_s, min(_ONE_LOST / motion.fps, _FEW_S))
    for k in np.flatnonzero(lost.any(axis=0)):
        seen, at = np.flatnonzero(found[:, k]), np.flatnonzero(lost[:, k])
        after = np.searchsorted(seen, at)
        at = at[(after > 0) & (after < len(seen))]
        after = np.searchsorted(seen, at)
        a, b = seen[after - 1], seen[after]
        near = t[b] - t[a] <= most_s
        at, a, b = at[near], a[near], b[near]
        share = ((t[at] - t[a]) / (t[b] - t[a]))[:, None]
        for values in (image, world):
            values[at, k] = values[a, k] + share * (values[b, k] - values[a, k])
        for likely in (visibility, presence):
            likely[at, k] = np.minimum(likely[a, k], likely[b, k])
    return replace(motion, image=image, world=world, visibility=visibility, presence=presence)


def find_lost(motion: Motion, points: Iterable[int], times: Array) -> NDArray[np.bool_]:
    """Return when some of the points were out of sight for long though somebody was seen.

    What is drawn there from before to after is a guess. Points that are never given count as
    such, not as lost.

    Parameters
    ----------
    motion : Motion
    points : iterable of int
    times : (m,) array
        Seconds since the recording's start.

    Returns
    -------
    (m,) array of bool
    """
    found: NDArray[np.bool_] = np.asarray(np.isfinite(motion.image[..., :2]).all(axis=2))
    t = motion.time_s - motion.time_s[0]
    out = np.zeros(len(times), dtype=bool)
    for k in points:
        seen = t[found[:, k]]
        if not len(seen) or len(seen) == len(t):
            continue
        edges = np.array([min(t[0], seen[0]), *seen, max(t[-1], seen[-1])])
        for i in np.flatnonzero(np.diff(edges) > LOST_S):
            out |= (times > edges[i]) & (times < edges[i + 1])
    return out


def interpolate(times: Array, source: Array, values: Array) -> Array:
    """Return values at other times, linearly between those that are finite.

    Parameters
    ----------
    times : (m,) array
    source : (n,) array
    values : (n, ...) array

    Returns
    -------
    (m, ...) array
        NaN in columns with fewer than two finite values.
    """
    flat = values.reshape(len(values), -1)
    out = np.full((len(times), flat.shape[1]), np.nan)
    whole = np.isfinite(flat).all(axis=0)
    if len(source) >= 2 and whole.any():
        at = np.interp(times, source, np.arange(len(source)))
        low = np.minimum(at.astype(int), len(source) - 2)
        share = (at - low)[:, None]
        known = flat[:, whole]
        out[:, whole] = known[low] + share * (known[low + 1] - known[low])
    for k in np.flatnonzero(~whole):
        good = np.isfinite(flat[:, k])
        if good.sum() >= 2:
            out[:, k] = np.interp(times, source[good], flat[good, k])
    return out.reshape(len(times), *values.shape[1:])


def median_found(values: Array) -> Array:
    """Return the median over the first axis; NaN, without a warning, where all are NaN.

    Parameters
    ----------
    values : (n, ...) array

    Returns
    -------
    (...) array
    """
    return quantile_found(values, 0.5)


def quantile_found(values: Array, share: float) -> Array:
    """Return a quantile over the first axis; NaN, without a warning, where all are NaN.

    Parameters
    ----------
    values : (n, ...) array
    share : float
        0 to 1.

    Returns
    -------
    (...) array
    """
    if not len(values):
        return np.full(values.shape[1:], np.nan)
    missing = np.isnan(values)
    if not missing.any():  # several times as fast
        return np.asarray(
            np.median(values, axis=0) if share == 0.5 else np.quantile(values, share, axis=0)
        )
    empty = missing.all(axis=0)
    filled = np.where(empty, 0.0, values)
    found = np.nanmedian(filled, axis=0) if share == 0.5 else np.nanquantile(filled, share, axis=0)
    return np.where(empty, np.nan, found)
