"""Leaps within a repetition: a part of the form left out, or done once more.

Online following finds the new place a moment after the leap. Here it is told from that where a
path may leap, and afterwards what of a repetition is left if each part counts once: around a
leap nothing is known of the tempo, and of a part done twice the second time stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEAST_S = 1.0  # of the reference; what is less is a hesitation or a wavering path
FOUND_S = 3.0  # by so much later a leap may be found online, or be taken back
AFTER_S = 0.5
AROUND_S = 1.0  # before and after a leap one is on the way from one place to another
_LEAPING = 1.5  # times the usual pace that a path takes at a leap, if it must not leap
_FASTEST = 1.0  # times the usual pace at which places go by while none is known


@dataclass(frozen=True)
class Leap:
    """One leap.

    Attributes
    ----------
    time_s : float
        When, seconds of the recording.
    from_s, to_s : float
        Places in the reference, seconds; `to_s` is earlier where a part was repeated.
    """

    time_s: float
    from_s: float
    to_s: float


def find_chances(time_s: Array, online_s: Array, tempo: float) -> tuple[Mask, Array]:
    """Return at which frames a path may leap, and where else than online it may be around them.

    Parameters
    ----------
    time_s, online_s : (n,) array
        Places found online, seconds of the reference; a place that was not known repeats the
        last one.
    tempo : float
        Usual pace, reference seconds a second.

    Returns
    -------
    may : (n,) array of bool
        Whether a leap may end at this frame.
    also_s : (n,) array
        Before a jump of the online place where it leads to, taken back in time; after it where
        it comes from, taken on; elsewhere `online_s`.
    """
    may = np.zeros(len(time_s), dtype=bool)
    also = online_s.copy()
    changed = 0
    for i in np.flatnonzero(np.diff(online_s) != 0.0) + 1:
        way = online_s[i] - online_s[i - 1]
        passed = time_s[i] - time_s[changed]
        changed = int(i)
        if -LEAST_S < way < LEAST_S + _FASTEST * tempo * passed:
            continue
        since = (time_s > time_s[i] - FOUND_S) & (np.arange(len(time_s)) < i)
        until = (time_s < time_s[i] + FOUND_S) & (np.arange(len(time_s)) >= i)
        also[since] = online_s[i] - tempo * (time_s[i] - time_s[since])
        also[until] = online_s[i - 1] + tempo * (time_s[until] - time_s[i - 1])
        may |= (time_s > time_s[i] - FOUND_S) & (time_s < time_s[i] + AFTER_S)
    return may, also


def list_leaps(time_s: Array, path_s: Array, at: NDArray[np.intp]) -> tuple[Leap, ...]:
    """Return the leaps of a path, given the frames at which one ends; small ones do not count."""
    return tuple(
        Leap(float(time_s[i]), float(path_s[i - 1]), float(path_s[i]))
        for i in at
        if abs(path_s[i] - path_s[i - 1]) >= LEAST_S
    )


def keep_once(time_s: Array, path_s: Array, leaps: tuple[Leap, ...]) -> Mask:
    """Return which frames are left if each part of the form counts once, and no leap at all.

    Parameters
    ----------
    time_s, path_s : (n,) array
    leaps : tuple of Leap

    Returns
    -------
    (n,) array of bool
    """
    keep = np.ones(len(time_s), dtype=bool)
    for leap in leaps:
        keep &= np.abs(time_s - leap.time_s) > AROUND_S
        after = path_s[time_s >= leap.time_s + AROUND_S]
        if leap.to_s < leap.from_s and len(after):
            keep &= (time_s > leap.time_s) | (path_s < after[0])
    return keep


def are_leaps(leaps: tuple[Leap, ...], time_s: Array, path_s: Array) -> bool:
    """Return whether a path that does not leap hurries where it should have.

    Sides out of step, or of unequal height, can look like a part left out: a path that is fitted
    together with these then goes on there as it does elsewhere.

    Parameters
    ----------
    leaps : tuple of Leap
    time_s, path_s : (n,) array
        Such a path, seconds of the recording and of the reference; growing.
    """
    pace = np.gradient(path_s, time_s)
    moving = pace > 0.1 * float(pace.max())
    near = [np.abs(time_s - leap.time_s) < AROUND_S for leap in leaps]
    if any(leap.to_s < leap.from_s for leap in leaps) or not moving.any():
        return True
    return bool(pace[np.any(near, axis=0)].max() > _LEAPING * float(np.median(pace[moving])))
