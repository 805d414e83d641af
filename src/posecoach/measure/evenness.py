"""Smoothness of movement: the spectral arc length of a speed profile, and of limbs in a form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.track import SMOOTH_S, STEP_S, Track

Array = NDArray[np.float64]

_SMOOTH_S = 0.08  # standard deviation of what limbs' places are smoothed with
_SLOW_S = 0.25  # and of what is slower than unevenness: other bodies, a changing tempo
_LITTLE = 0.35  # share of the mean speed below which a speed says little
_FOUND = 0.13  # error against drawn people's truth, and by which two models differ
_GUESSED = 0.5  # share by which jitter that was taken out may be more or less than it was thought
_SLOWEST = 0.05  # trunk lengths a second: arms that hardly move are neither even nor uneven


def compute_spectral_arc_length(
    speed: Array, rate_hz: float, cutoff_hz: float = 10.0, threshold: float = 0.05
) -> float:
    """Return the spectral arc length (SPARC) of a speed profile; nearer zero is smoother.

    Balasubramanian, Melendez-Calderon, Roby-Brami and Burdet 2015
    (doi:10.1186/s12984-015-0090-9): the negative length of the normalised magnitude spectrum up
    to the last frequency that stands above the threshold.

    Parameters
    ----------
    speed : (n,) array
        Speed in any unit.
    rate_hz : float
        Samples a second.
    cutoff_hz : float
        Highest frequency looked at.
    threshold : float
        Share of the largest magnitude.

    Returns
    -------
    float
        Dimensionless, below 0; NaN for fewer than 8 samples, no movement, or none below the cutoff.
    """
    if len(speed) < 8 or not np.isfinite(speed).all() or float(np.abs(speed).max()) <= 0:
        return float("nan")
    length = int(2 ** (np.ceil(np.log2(len(speed))) + 4))
    frequency = np.arange(length) * rate_hz / length
    magnitude = np.abs(np.fft.fft(speed, length))
    magnitude = magnitude / magnitude.max()
    keep = frequency <= min(cutoff_hz, rate_hz / 2)
    frequency, magnitude = frequency[keep], magnitude[keep]
    above = np.flatnonzero(magnitude >= threshold)
    if not len(above):
        return float("nan")
    frequency = frequency[above[0] : above[-1] + 1]
    magnitude = magnitude[above[0] : above[-1] + 1]
    if len(frequency) < 2:
        return float("nan")
    df = np.diff(frequency) / (frequency[-1] - frequency[0])
    return float(-np.sqrt(df**2 + np.diff(magnitude) ** 2).sum())


@dataclass(frozen=True)
class Evenness:
    """How evenly limbs move against a reference; spectral arc lengths.

    Attributes
    ----------
    value : float
        Of the speed the reference asks for at the practitioner's places, made as uneven as
        the practitioner's limbs were.
    reference : float
        Of that speed itself.
    error : float
        One standard error of the difference.
    """

    value: float
    reference: float
    error: float


def compare_evenness(
    time_s: Array,
    hands: Array,
    places_s: Array,
    track: Track,
    jitter: float,
    smoothed_s: float = 0.0,
) -> Evenness | None:
    """Return how evenly the wrists move on against a reference.

    The spectral arc length of a whole form is that of its own course; another body, a smaller
    movement or a tempo that changes alter it more than stop and go does. So what is compared is
    the speed against the reference's at the same place, and of that what comes and goes within a
    second. Trackers' jitter does so, too: as much of it as both recordings' jitter brings is taken
    out.

    Parameters
    ----------
    time_s : (n,) array
    hands : (n, 4) array
        Both wrists, trunk lengths; NaN where not seen.
    places_s : (n,) array
        Seconds of the reference.
    track : Track
        Of the reference.
    jitter : float
        Of the practitioner's recording, see `posecoach.follow.track.measure_jitter`.
    smoothed_s : float
        What the wrists are smoothed with already.

    Returns
    -------
    Evenness or None
        None where too little is seen or moves.
    """
    grid = np.arange(time_s[0], time_s[-1], STEP_S)
    own = _find_speed(_on_grid(grid, time_s, hands), smoothed_s)
    theirs = _find_speed(track.signals.features[:, :4], SMOOTH_S)
    asked = np.interp(np.interp(grid, time_s, places_s), track.time_s, theirs)
    if len(grid) < 8 or not min(float(own.mean()), float(asked.mean())) > _SLOWEST:
        return None
    scale = float(own.mean() / asked.mean())
    asked = scale * asked
    little = _LITTLE * float(own.mean())
    against = np.log((own + little) / (asked + little))
    quick = against - gaussian_filter1d(against, _SLOW_S / STEP_S, mode="nearest")
    # White noise of the places, as the smoothing leaves it in the speed.
    noise = (jitter**2 + (scale * track.jitter) ** 2) / (4 * np.sqrt(np.pi) * _SMOOTH_S**3)
    weight = asked**2
    known = float(np.average(quick**2, weights=weight))
    shaken = float(np.average(noise / (asked + little) ** 2, weights=weight))
    kept = np.sqrt(max(0.0, 1.0 - shaken / max(known, 1e-12)))
    rate = 1 / STEP_S
    reference = compute_spectral_arc_length(asked, rate)
    value = compute_spectral_arc_length(asked * np.exp(kept * quick), rate)
    shaken_too = compute_spectral_arc_length(asked * np.exp(quick), rate)
    if not np.isfinite([value, reference, shaken_too]).all():
        return None
    return Evenness(value, reference, float(np.hypot(_FOUND, _GUESSED * (value - shaken_too))))


def _find_speed(hands: Array, smoothed_s: float) -> Array:
    """Return the two wrists' common speed, trunk lengths a second; (m, 4) to (m,)."""
    more = np.sqrt(_SMOOTH_S**2 - smoothed_s**2)
    smooth = gaussian_filter1d(np.nan_to_num(hands), more / STEP_S, axis=0, mode="nearest")
    if len(smooth) < 2:
        return np.zeros(len(smooth))
    return np.asarray(np.linalg.norm(np.gradient(smooth, STEP_S, axis=0), axis=1))


def _on_grid(grid: Array, time_s: Array, values: Array) -> Array:
    out = np.empty((len(grid), values.shape[1]))
    for k in range(values.shape[1]):
        ok = np.isfinite(values[:, k])
        out[:, k] = np.interp(grid, time_s[ok], values[ok, k]) if ok.any() else 0.0
    return out
