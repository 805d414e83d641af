"""Following once more, when a repetition is over: the whole of it decides, not the past alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.follower import POSTURE_SD, robust_square
from posecoach.follow.track import STEP_S, Track
from posecoach.posture.features import WEIGHTS
from posecoach.posture.resample import median_found, quantile_found

Array = NDArray[np.float64]

BAND_S = 2.0  # how far from the online place the path may lie
STEP_COST = 0.25  # for standing still or going faster than the reference, per frame
MOST_STEPS = 4


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
    reference = track.signals.features
    known = np.isfinite(reference).all(axis=0)
    weights = np.where(known, WEIGHTS, 0.0)
    ref = np.where(known, reference - median_found(reference[:3]), 0.0) * amplitude
    own = features - rest
    n, m = len(own), len(ref)
    seen = np.isfinite(own)
    own = np.where(seen, own, 0.0)
    w = np.where(seen, weights, 0.0)
    change = _speeds(time_s, own)
    ref_change = np.gradient(ref, STEP_S, axis=0)
    ref_change = gaussian_filter1d(ref_change, 4, axis=0)
    best = np.full(m, np.inf)
    came = np.zeros((n, m), dtype=np.int8)
    band = int(BAND_S / STEP_S)
    for i in range(n):
        low = max(0, int(online_s[i] / STEP_S) - band)
        high = min(m, int(online_s[i] / STEP_S) + band + 1)
        off = robust_square((own[i] - ref[low:high]) / POSTURE_SD) @ w[i]
        # Up and down pass through the same posture; the way it changes tells them apart.
        way = change[i] * w[i]
        r = ref_change[low:high]
        norm = np.linalg.norm(r, axis=1) * np.linalg.norm(way) + 0.05
        off = off + 6.0 * (1.0 - (r @ way) / norm)
        cost = np.full(m, np.inf)
        cost[low:high] = off / 10.0
        if i == 0:
            start = np.where(np.arange(m) * STEP_S <= BAND_S, 0.0, np.inf)
            best = cost + start if np.isfinite(cost + start).any() else cost
            continue
        options = np.full((MOST_STEPS + 1, m), np.inf)
        for step in range(MOST_STEPS + 1):
            extra = STEP_COST * (1.0 if step == 0 else max(0, step - 1))
            if step == 0:
                options[0] = best + extra
                options[0, 0] = best[0]
                options[0, -1] = best[-1]
            else:
                options[step, step:] = best[:-step] + extra
        pick = options.argmin(axis=0)
        came[i] = pick
        best = options[pick, np.arange(m)] + cost
        if not np.isfinite(best).any():
            return np.maximum.accumulate(online_s)
    at = int(np.argmin(best))
    path = np.empty(n, dtype=int)
    for i in range(n - 1, -1, -1):
        path[i] = at
        at -= int(came[i, at])
    dt = float(np.median(np.diff(time_s))) if n > 1 else STEP_S
    return np.asarray(gaussian_filter1d(path * STEP_S, 0.12 / dt, mode="nearest"))


def _speeds(time_s: Array, values: Array) -> Array:
    if len(time_s) < 3:
        return np.zeros_like(values)
    dt = float(np.median(np.diff(time_s)))
    smooth = gaussian_filter1d(values, 0.13 / dt, axis=0, mode="nearest")
    return np.asarray(np.gradient(smooth, time_s, axis=0))
