"""How much later one part of the body follows a course than another: a lag, with its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.track import Track

Array = NDArray[np.float64]

REACH_S = 1.0
_STEP_S = 0.05
_UNEXPLAINED = 0.6  # of what was seen: then it is another movement
_FREE_S = 0.5  # moments nearer than this do not tell independently of each other


@dataclass(frozen=True)
class Lag:
    """A lag and its standard error, seconds; + = later than the path."""

    lag_s: float
    error_s: float


def find_lag(
    time_s: Array, values: Array, course: Array, track: Track, path_s: Array
) -> Lag | None:
    """Return how much later quantities follow their course in the reference than a path says.

    Each quantity's own offset and factor are fitted away at every trial lag (a smaller movement
    is no lag); the lag is where the least stays unexplained.

    Parameters
    ----------
    time_s : (n,) array
    values : (n, k) array
        The practitioner's; NaN where not seen.
    course : (m, k) array
        The reference's on the grid of its track.
    track : Track
    path_s : (n,) array
        Places of the part that the lag is against, seconds of the reference.

    Returns
    -------
    Lag or None
        None where no lag within `REACH_S` explains most of them.
    """
    lags = np.arange(-REACH_S, REACH_S + 1e-9, _STEP_S)
    costs = np.zeros(len(lags))
    count = 0
    for k in range(values.shape[1]):
        ok = np.isfinite(values[:, k])
        own = values[ok, k] - values[ok, k].mean() if ok.sum() > 10 else np.zeros(0)
        energy = float((own**2).sum())
        if energy <= 0:
            continue
        count += 1
        for i, lag in enumerate(lags):
            at = np.interp(time_s[ok] - lag, time_s, path_s)
            ref = track.sample(course[:, k], at)
            ref = ref - ref.mean()
            power = float((ref**2).sum())
            factor = max(0.0, float((own * ref).sum()) / power) if power > 0 else 0.0
            costs[i] += float(((own - factor * ref) ** 2).sum()) / energy
    if not count:
        return None
    best = int(np.argmin(costs))
    if best in (0, len(lags) - 1) or costs[best] > _UNEXPLAINED * count:
        return None
    a, b, c = costs[best - 1 : best + 2]
    bend = a - 2 * b + c
    if bend <= 0:
        return None
    lag = lags[best] + float(np.clip(0.5 * (a - c) / bend, -0.5, 0.5)) * _STEP_S
    free = max(3.0, float(time_s[-1] - time_s[0]) / _FREE_S)
    error = float(np.sqrt(2.0 * b / free / (bend / _STEP_S**2)))
    return Lag(float(lag), error)
