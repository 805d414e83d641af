"""Whether two recordings of one movement agree on what is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body import SHOULDERS
from posecoach.motion import Motion
from posecoach.posture.angles import (
    compute_arm_elevation,
    compute_lateral_lean,
    compute_line_tilt,
)
from posecoach.posture.resample import resample

Array = NDArray[np.float64]

_STEP_S = 1 / 20
_REACH_S = 1.0  # two trackers may have started so long apart
_CLEAR = 0.6  # correlation from which the sides are told
_LEAST_DEG = (8.0, 3.0, 3.0)  # movement of arms, trunk, shoulders below which they tell nothing


@dataclass(frozen=True)
class SideCheck:
    """What the comparison of the sides of two recordings came to.

    Attributes
    ----------
    agree : bool or None
        False where one of them is mirrored; None where the movement does not tell, because both
        sides do the same, or because the recordings do not show the same movement.
    correlation : float
        Of what tells left from right, -1 (mirrored) to 1; 0 where nothing does.
    shift_s : float
        By how much the second recording is later, seconds.
    """

    agree: bool | None
    correlation: float
    shift_s: float


def compare_sides(first: Motion, second: Motion) -> SideCheck:
    """Compare what two trackers that watched the same movement at once call left.

    From one recording alone nobody can tell whether it is mirrored; from two that differ one
    can: left minus right arm height, lean and shoulder tilt all change sign in a mirror.

    Parameters
    ----------
    first, second : Motion
        Each at least 2 s long, started within a second of each other.

    Returns
    -------
    SideCheck
    """
    a, b = _lateral(first), _lateral(second)
    reach = round(_REACH_S / _STEP_S)
    shifts = [s for s in range(-reach, reach + 1) if _overlap(a, b, s) * _STEP_S >= 2.0]
    if not shifts:
        return SideCheck(None, 0.0, 0.0)
    found = [(_correlate(a, b, s), s) for s in shifts]
    best, shift = max(found, key=lambda f: (abs(f[0]), -abs(f[1])))
    agree = best > 0 if abs(best) >= _CLEAR else None
    return SideCheck(agree, round(best, 4), shift * _STEP_S)


def _lateral(motion: Motion) -> Array:
    """Return (n, 3) degrees that change sign in a mirror, on an even grid; NaN where unknown."""
    _, plane, world = resample(motion, _STEP_S)
    arms = compute_arm_elevation(plane, world)
    return np.stack(
        [
            arms[:, 0] - arms[:, 1],
            compute_lateral_lean(plane),
            compute_line_tilt(plane, SHOULDERS),
        ],
        axis=-1,
    )


def _overlap(a: Array, b: Array, shift: int) -> int:
    return min(len(a), len(b) - shift) - max(0, -shift)


def _correlate(a: Array, b: Array, shift: int) -> float:
    """Return the correlation with b taken ``shift`` steps later, each signal by its movement."""
    start, n = max(0, -shift), _overlap(a, b, shift)
    x, y = a[start : start + n], b[start + shift : start + shift + n]
    top = own = other = 0.0
    for k, least in enumerate(_LEAST_DEG):
        ok = np.isfinite(x[:, k]) & np.isfinite(y[:, k])
        if ok.mean() < 0.5:
            continue
        u, v = x[ok, k] - x[ok, k].mean(), y[ok, k] - y[ok, k].mean()
        if min(u.std(), v.std()) < 0.5 * least:
            continue
        u, v = u / least, v / least
        top += float((u * v).sum())
        own += float((u * u).sum())
        other += float((v * v).sum())
    return top / float(np.sqrt(own * other)) if own and other else 0.0
