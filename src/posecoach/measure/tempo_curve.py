"""Tempo place by place, for whoever wants to look at it: ratio, how even, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEP_S = 0.5  # of the reference
_EVEN_S = 1.0  # of the reference
_FEWEST = 4  # such steps, that can be even or not
_UNEVENNESS_SD = 0.06  # share by which a path is wrong besides
_PLACE_SD_S = 0.08  # by which two moments a step apart are placed wrongly against each other


@dataclass(frozen=True, eq=False)
class TempoCurve:
    """The tempo ratio over equal steps of the reference.

    Attributes
    ----------
    place_s : (k,) array
        Middle of each step, seconds of the reference.
    ratio : (k,) array
        Practitioner's speed / the reference's within it; pauses and haste show here.
    error : (k,) array
        One standard error of `ratio`.
    """

    place_s: Array
    ratio: Array
    error: Array


def compute_tempo_curve(time_s: Array, places_s: Array, step_s: float = STEP_S) -> TempoCurve:
    """Return the tempo ratio by place.

    Parameters
    ----------
    time_s, places_s : (n,) array
        Path of a repetition, seconds of the recording and of the reference; growing.
    step_s : float
        Seconds of the reference; empty arrays if the path is shorter.
    """
    grown = np.maximum.accumulate(places_s) + 1e-9 * np.arange(len(places_s))
    first = np.ceil(grown[0] / step_s) * step_s
    edges = np.arange(first, grown[-1] + 1e-9, step_s)
    took = np.maximum(np.diff(np.interp(edges, grown, time_s)), 1e-3)
    ratio = step_s / took
    error = ratio * np.sqrt(2.0) * _PLACE_SD_S / np.hypot(took, _PLACE_SD_S)
    return TempoCurve(edges[:-1] + 0.5 * step_s, ratio, error)


def compute_unevenness(time_s: Array, places_s: Array) -> tuple[float, float]:
    """Return how unevenly the place moves on, and its standard error; both shares of the tempo.

    The usual difference of a second's tempo from the whole's: 0 = even, 0.1 = mostly within a
    tenth. From the median absolute deviation (Hampel 1974, doi:10.1080/01621459.1974.10482962),
    so that a pause or one hurried part, which stand by themselves, hardly count.

    Parameters
    ----------
    time_s, places_s : (n,) array
        Path of a repetition, seconds of the recording and of the reference; growing.

    Returns
    -------
    tuple of float
        NaN for less than four seconds of the reference.
    """
    ratio = compute_tempo_curve(time_s, places_s, _EVEN_S).ratio
    if len(ratio) < _FEWEST:
        return float("nan"), float("nan")
    steps = np.log(ratio)
    spread = 1.4826 * float(np.median(np.abs(steps - np.median(steps))))
    # The median absolute deviation of k values is known to 1.17 / sqrt(k) of itself.
    error = float(np.hypot(1.17 * spread / np.sqrt(len(ratio)), _UNEVENNESS_SD))
    return spread, error
