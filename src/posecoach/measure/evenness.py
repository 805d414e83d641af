"""Smoothness of movement: the spectral arc length of a speed profile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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
