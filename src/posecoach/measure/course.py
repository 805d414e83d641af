"""A quantity in degrees along the whole repetition against the reference's at the same places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Comparison, Judged

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

HELD_S = 0.5


def find_held(
    time_s: Array, deviation: Array, good: Mask, held_s: float = HELD_S
) -> tuple[float, int] | None:
    """Return the largest deviation held for ``held_s`` and the frame in its middle.

    Held means that every moment of a stretch that long deviates to the same side by at least
    as much, a tenth of the frames left out.
    """
    if good.sum() < 3:
        return None
    t, d = time_s[good], deviation[good]
    index = np.flatnonzero(good)
    first = np.arange(len(t))
    last = np.searchsorted(t, t + held_s)
    usable = last < len(t)
    usable[usable] = t[last[usable]] - t[usable] <= 1.5 * held_s
    if not usable.any():
        return None
    held = np.zeros(len(t))
    lengths = last - first + 1
    for length in np.unique(lengths[usable]):  # one or two, unless the frame rate jumps about
        starts = first[usable & (lengths == length)]
        within = np.sort(d[starts[:, None] + np.arange(length)], axis=1)
        low, high = _take_quantile(within, 0.1), _take_quantile(within, 0.9)
        held[starts] = np.where(low > 0, low, np.where(high < 0, high, 0.0))
    best = int(np.argmax(np.where(usable, np.abs(held), -1.0)))
    return float(held[best]), int(index[(best + int(last[best])) // 2])


def _take_quantile(rows: Array, share: float) -> Array:
    """Return a quantile of each sorted row; a tenth of the time of numpy's."""
    at = share * (rows.shape[1] - 1)
    low = min(int(at), rows.shape[1] - 1)
    high = min(low + 1, rows.shape[1] - 1)
    return np.asarray(rows[:, low] + (at - low) * (rows[:, high] - rows[:, low]))


def judge_course(
    measure: str,
    c: Comparison,
    own: Array,
    ref: Array,
    good: Mask | None = None,
    extra: float = 0.0,
    part: Mask | None = None,
    expected: Array | None = None,
) -> Judged:
    """Judge how a quantity deviates along the repetition.

    Parameters
    ----------
    measure : str
    c : Comparison
    own, ref : (n,) array
        The practitioner's and the reference's at the same place, in the measure's unit; NaN
        where not known.
    good : (n,) array of bool, optional
        Frames that can be believed; the performance's own if not given.
    extra : float
        A further standard error that the caller knows of.
    part : (n,) array of bool, optional
        Frames it is judged in; all of them if not given.
    expected : (n,) array, optional
        What the practitioner's is held against, if it is not the reference's itself.

    Returns
    -------
    Judged
        Medians over the repetition, and the worst deviation that was held, see `find_held`.
    """
    p = c.performance
    ok = (p.good if good is None else good) & np.isfinite(own) & np.isfinite(ref)
    seen = ok
    if part is not None:
        seen, ok = ok[part], ok & part
    tolerance = c.tolerances.typical(measure)
    if ok.sum() < 10 or seen.mean() < 0.3:
        return Judgement.unseen(measure, p.doubt, tolerance), None
    deviation = own - (ref if expected is None else expected)
    # The worst is where it is worst against the tolerance there.
    limits = c.tolerances.at(measure, p.places_s)
    tolerance = float(np.median(limits[ok]))
    held = find_held(p.time_s, deviation / limits, ok)
    # Seconds in which it was seen, that tell independently of each other.
    free = max(2.0, float(ok.mean()) * float(p.time_s[-1] - p.time_s[0]))
    spread = float(deviation[ok].std() / np.sqrt(free))
    error = c.estimate_error(measure, ok, 0.5 * spread, extra)
    return (
        Judgement(
            float(np.median(own[ok])),
            float(np.median(ref[ok])),
            float(np.median(deviation[ok])),
            float(held[0] * limits[held[1]]) if held else None,
            error,
            tolerance,
            get_unit(measure),
            True,
            None,
            float(limits[held[1]]) if held else None,
        ),
        float(p.places_s[held[1]]) if held else None,
    )
