"""Recordings on an even time grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.motion import Motion

Array = NDArray[np.float64]

STEP_S = 1 / 30


def resample(motion: Motion, step_s: float = STEP_S) -> tuple[Array, Array, Array]:
    """Return (time_s, plane, world) of a motion on an even grid, gaps bridged linearly.

    Returns
    -------
    time_s : (m,) array
        From 0, `step_s` apart.
    plane : (m, 33, 2) array
    world : (m, 33, 3) array
    """
    times = np.arange(0.0, motion.duration_s + 1e-9, step_s)
    source = motion.time_s - motion.time_s[0]
    plane = interpolate(times, source, motion.plane())
    world = interpolate(times, source, motion.world)
    return times, plane, world


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
    for k in range(flat.shape[1]):
        good = np.isfinite(flat[:, k])
        if good.sum() >= 2:
            out[:, k] = np.interp(times, source[good], flat[good, k])
    return out.reshape(len(times), *values.shape[1:])
