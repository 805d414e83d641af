"""Left against right in time.

A plain cross-correlation of the two sides is wrong as soon as their amplitudes differ or the
trunk leans. Here each side is compared with its own course in the reference: its amplitude and
offset are fitted away and only the shift in time is left. The delay is the left side's shift
less the right side's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACH_S = 0.8
_STEP_S = 0.01
_MIN_RANGE_DEG = 20.0


@dataclass(frozen=True)
class Shift:
    """A side's shift in time.

    Attributes
    ----------
    shift_s : float
        Seconds, + = later than the reference's course.
    error_s : float
        One standard error.
    """

    shift_s: float
    error_s: float


def find_shift(time_s: Array, own: Array, expected: Array) -> Shift | None:
    """Return by how much a course comes after the expected one.

    Parameters
    ----------
    time_s : (n,) array
        Seconds.
    own, expected : (n,) array
        The side's course and the reference's at the common place, in degrees. They may differ
        by a factor and an offset.

    Returns
    -------
    Shift or None
        None where the side hardly moves or the courses do not resemble each other.
    """
    ok = np.isfinite(own) & np.isfinite(expected)
    if ok.sum() < 20 or np.ptp(expected[ok]) < _MIN_RANGE_DEG or np.ptp(own[ok]) < 5.0:
        return None
    t, y = time_s[ok], own[ok]
    shifts = np.arange(-REACH_S, REACH_S + 1e-9, _STEP_S)
    costs = np.empty(len(shifts))
    slopes = np.empty(len(shifts))
    for k, shift in enumerate(shifts):
        x = np.interp(t - shift, time_s[ok], expected[ok])
        xc, yc = x - x.mean(), y - y.mean()
        energy = float(xc @ xc)
        slopes[k] = float(xc @ yc) / energy if energy > 0 else 0.0
        rest = yc - slopes[k] * xc
        costs[k] = float(rest @ rest)
    best = int(costs.argmin())
    if slopes[best] <= 0.1 or costs[best] > 0.5 * float(((y - y.mean()) ** 2).sum()):
        return None
    if best in (0, len(shifts) - 1):
        return None
    a, b, c = costs[best - 1 : best + 2]
    bend = a - 2 * b + c
    fine = 0.5 * (a - c) / bend if bend > 0 else 0.0
    dt = float(np.median(np.diff(t)))
    # Neighbouring residuals are alike over about a third of a second: fewer free ones.
    free = max(3.0, (t[-1] - t[0]) / 0.33)
    curvature = bend / _STEP_S**2
    noise = costs[best] / len(t)
    error = np.sqrt(2 * noise * (len(t) / free) / curvature) if curvature > 0 else REACH_S
    return Shift(float(shifts[best] + fine * _STEP_S), float(np.hypot(error, 0.25 * dt)))


def compute_left_right_delay(time_s: Array, own: Array, expected: Array) -> Shift | None:
    """Return by how much the left side moves after the right, against the reference.

    Parameters
    ----------
    time_s : (n,) array
    own, expected : (n, 2) array
        Elevation of left and right arm, and the reference's at the common place; degrees.

    Returns
    -------
    Shift or None
        + = left later.
    """
    left = find_shift(time_s, own[:, 0], expected[:, 0])
    right = find_shift(time_s, own[:, 1], expected[:, 1])
    if left is None or right is None:
        return None
    return Shift(left.shift_s - right.shift_s, float(np.hypot(left.error_s, right.error_s)))
