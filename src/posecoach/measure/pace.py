"""Tempo and evenness of a repetition, judged against the reference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.track import STEP_S, Track, measure_jitter, once_a_track
from posecoach.measure.course import find_held
from posecoach.measure.evenness import compare_evenness
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Comparison, Judged, Performance
from posecoach.measure.tempo import GAP_S, Stretch, Tempo

# By how much a tempo may be wrong and still be told: seconds over the whole form, or a share.
_WIDEST_S, _WIDEST = 0.3, 0.02
_FASTEST = 3.0  # times the reference's tempo, or as much slower: nobody is followed beyond
_UNTOLD, _LOST_S, _AROUND_S = 2.0, 1.5, 0.3  # so fast nothing is followed: for how long

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


# Error of the ratio; from the side the far arm is guessed, and the place with it.
_ELSEWHERE = {"oblique": 0.08, "back": 0.08, "side": 0.3}


def find_moving(track: Track, places: Array) -> Mask:
    """Return where the reference itself moves: limb features faster than a tenth a second.

    Parameters
    ----------
    track : Track
    places : (n,) array

    Returns
    -------
    (n,) array of bool
    """
    return np.asarray(track.sample(_find_speed(track), places) > 0.12)


@once_a_track
def _find_speed(track: Track) -> Array:
    speed = np.linalg.norm(np.gradient(track.signals.features[:, :8], STEP_S, axis=0), axis=1)
    return np.asarray(gaussian_filter1d(np.nan_to_num(speed), 4))


def judge_tempo(measure: str, c: Comparison) -> Judged:
    """Judge the tempo ratio and what was hurried or stood still in it.

    `value` is practitioner's / reference's speed without pauses and hurried stretches, `worst`
    the ratio of the stretch that is furthest off, less one; of haste the one that was held for
    half a second: where it begins and ends is smoothed away. Where it was not known while it
    happened where in the form one was, or one could not be believed, neither haste nor a pause is
    claimed.
    """
    tempo, tolerances = c.tempo, c.tolerances
    tolerance = there = tolerances.typical(measure)
    if tempo is None:
        return Judgement.unseen(measure, "too_short", tolerance), None
    if not 1.0 / _FASTEST < tempo.ratio < _FASTEST:  # half a form may be laid on the whole so
        return Judgement.unseen(measure, "place_unknown", tolerance), None
    off = tempo.ratio - 1.0
    worst, place = off, None
    # Seen from elsewhere than the teacher, a place is less sure: no single stretches.
    elsewhere = c.view in _ELSEWHERE or c.oblique
    error = tempo.error
    if elsewhere:
        error = float(np.hypot(error, _ELSEWHERE.get(c.view, _ELSEWHERE["oblique"])))
    for s in () if elsewhere else (*tempo.hurried, *tempo.pauses):
        if not _was_known(c.performance, s):
            continue
        limit = float(tolerances.at(measure, np.array(s.place_s)))
        ratio = _find_level(c.performance, tempo, s)
        if abs(ratio - 1.0) / limit > abs(worst) / there:
            worst, place, there = ratio - 1.0, s.place_s, limit
    widest = max(_WIDEST, _WIDEST_S / c.track.duration_s)
    judged = Judgement(
        tempo.ratio, 1.0, off, worst, error, tolerance, get_unit(measure), True, None, there
    ).unless_unsure(measure, float("inf") if elsewhere else widest * tempo.ratio)
    return judged, place if judged.judged else None


def _find_level(p: Performance, tempo: Tempo, stretch: Stretch) -> float:
    """Return the ratio of a stretch: of haste the largest that was held, else its mean."""
    within = (p.time_s >= stretch.start_s) & (p.time_s <= stretch.end_s)
    held = find_held(p.time_s, tempo.curve - stretch.ratio, within)
    return stretch.ratio + max(0.0, held[0]) if stretch in tempo.hurried and held else stretch.ratio


def _was_known(p: Performance, stretch: Stretch) -> bool:
    """Return whether a stretch can be believed: where one was was known for half of it.

    Or before it and after it, and in between it went too fast to tell.
    """
    within = (p.time_s >= stretch.start_s) & (p.time_s <= stretch.end_s)
    if not p.good[within].mean() > 0.5:  # the path there is a guess
        return False
    if p.known is None or p.known[within].mean() > 0.5:
        return True
    lost, known = p.time_s[within & ~p.known], p.time_s[p.known]
    before, after = known[known < lost[0]], known[known > lost[-1]]
    if p.leaps or stretch.ratio < _UNTOLD or not len(before) or not len(after):
        return False
    start, end = before[-1], after[0]
    near = (p.time_s > start - _AROUND_S) & (p.time_s < end + _AROUND_S)
    sure = p.known[near & ((p.time_s <= start) | (p.time_s >= end))].all()
    return bool(sure and end - start < _LOST_S)


def judge_evenness(measure: str, c: Comparison) -> Judged:
    """Judge how smooth the limbs' speed is: spectral arc length less the reference's, - = rougher.

    See `posecoach.measure.evenness.compare_evenness`.
    """
    p, track, tolerance = c.performance, c.track, c.tolerances.typical(measure)
    if c.view == "side":
        return Judgement.unseen(measure, "side_view", tolerance), None
    if p.good.mean() < 0.8 or float(np.diff(p.time_s).max(initial=0.0)) > GAP_S:
        return Judgement.unseen(measure, p.doubt, tolerance), None
    hands = np.where(p.good[:, None], p.signals.features[:, :4], np.nan)
    jitter = measure_jitter(p.time_s, hands)
    found = compare_evenness(p.time_s, hands, p.places_s, track, jitter)
    if found is None:
        return Judgement.unseen(measure, "too_short", tolerance), None
    off, unit = found.value - found.reference, get_unit(measure)
    read = found.value, found.reference, off, off, found.error
    return Judgement(*read, tolerance, unit, True, None), None
