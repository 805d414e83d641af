"""How alike left and right are over a whole repetition: an index from 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.mirror import find_mirror
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Comparison, Judged
from posecoach.posture.resample import median_found

Array = NDArray[np.float64]

_MOMENT = 2.0  # by which moments err more than their median does, whose error is known
_NEAR_S = 0.3  # of the reference, within which a place was seen
_SOME = 0.3  # least share of a repetition in which sides are compared


def compute_symmetry_index(left: Array, right: Array, expected: Array | None = None) -> float:
    """Return the bounded symmetry index of two courses; 1 = alike, 0 = one side alone moves.

    One less the share of the sides' difference in their sum, both summed over time: the bounded
    form of Robinson's index (Robinson, Herzog and Nigg 1987), which explodes where a sum is near
    zero; here nothing is divided by moments at rest.

    Parameters
    ----------
    left, right : (n,) array
        0 or more, in one unit; NaN where not seen.
    expected : (n,) array, optional
        Left minus right that the form itself asks for.

    Returns
    -------
    float
        0 to 1; NaN where nothing was seen to move.
    """
    a, b = np.maximum(left, 0.0), np.maximum(right, 0.0)
    off = a - b - (0.0 if expected is None else expected)
    ok = np.isfinite(off)
    total = float((a + b)[ok].sum())
    if total <= 0:
        return float("nan")
    return float(np.clip(1.0 - np.abs(off[ok]).sum() / total, 0.0, 1.0))


def judge_symmetry(measure: str, c: Comparison) -> Judged:
    """Judge how alike the arms' heights are; 0 to 1, 1 = as alike as in the reference.

    In a form whose sides take turns the left is compared with the right at the place where that
    one does the same. Where the form is one-sided nothing is compared.
    """
    p, track, tolerance = c.performance, c.track, c.tolerances.typical(measure)
    if not c.frontal:
        return Judgement.unseen(measure, c.not_frontal, tolerance), None
    if c.oblique:
        return Judgement.unseen(measure, "oblique_view", tolerance), None
    mirror = find_mirror(track)
    compared = c.marks.compared_at(p.places_s)
    if mirror is None or compared.mean() < _SOME:
        return Judgement.unseen(measure, "one_sided", tolerance), None
    ok = p.good & compared & np.isfinite(p.signals.elevation).all(axis=1)
    if ok.mean() < 0.5 * compared.mean() or ok.sum() < 10:
        return Judgement.unseen(measure, p.doubt, tolerance), None
    ref = np.maximum(track.signals.elevation - median_found(track.signals.elevation[:3]), 0.0)
    own = np.maximum(p.signals.elevation - median_found(track.signals.elevation[:3]), 0.0)
    places = p.places_s[ok]
    order = np.argsort(places, kind="stable")
    # The nearest place of the grid: between two of them a mirrored place may jump to the start.
    at = mirror[[track.index_at(float(x)) for x in places]]
    left, right = own[ok, 0], np.interp(at, places[order], own[ok, 1][order])
    # What the other side does where it was not seen is not known.
    after = np.clip(np.searchsorted(places[order], at), 1, len(places) - 1)
    nearest = np.abs(places[order][[after - 1, after]] - at).min(axis=0)
    right = np.where(nearest <= _NEAR_S, right, np.nan)
    if np.isfinite(right).mean() < 0.5:
        return Judgement.unseen(measure, p.doubt, tolerance), None
    ref_left, ref_right = track.sample(ref[:, 0], places), track.sample(ref[:, 1], at)
    value = compute_symmetry_index(left, right, p.amplitude * (ref_left - ref_right))
    total = float(np.nanmean(left + right))
    if not np.isfinite(value) or total < 5.0:
        return Judgement.unseen(measure, "still_arms", tolerance), None
    degrees = c.estimate_error("arm_elevation", ok)
    error = min(0.5, _MOMENT * degrees / total)
    off = value - 1.0
    return (
        Judgement(value, 1.0, off, off, error, tolerance, get_unit(measure), True, None),
        None,
    )
