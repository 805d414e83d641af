"""Tempo and evenness of a repetition, judged against the reference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.track import STEP_S, Track, once_a_track
from posecoach.measure.evenness import compute_spectral_arc_length
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Comparison, Judged, Performance
from posecoach.measure.tempo import GAP_S, Stretch

_EVENNESS = 0.3  # its error: 0.2 against drawn people's truth, and models differ by 0.15
_WIDEST = 0.08  # share of the tempo ratio by which it may be wrong and still be told

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
    the ratio of the stretch that is furthest off, less one. Where it was not known while it
    happened where in the form one was, or one could not be believed, neither haste nor a pause is
    claimed.
    """
    tempo, tolerances = c.tempo, c.tolerances
    tolerance = there = tolerances.typical(measure)
    if tempo is None:
        return Judgement.unseen(measure, "too_short", tolerance), None
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
        if abs(s.ratio - 1.0) / limit > abs(worst) / there:
            worst, place, there = s.ratio - 1.0, s.place_s, limit
    judged = Judgement(
        tempo.ratio, 1.0, off, worst, error, tolerance, get_unit(measure), True, None, there
    ).unless_unsure(measure, float("inf") if elsewhere else _WIDEST * tempo.ratio)
    return judged, place if judged.judged else None


def _was_known(p: Performance, stretch: Stretch) -> bool:
    within = (p.time_s >= stretch.start_s) & (p.time_s <= stretch.end_s)
    if not p.good[within].mean() > 0.5:  # the path there is a guess
        return False
    return p.known is None or bool(p.known[within].mean() > 0.5)


def judge_evenness(measure: str, c: Comparison) -> Judged:
    """Judge how smooth the limbs' speed is: spectral arc length less the reference's, - = rougher.

    See `posecoach.measure.evenness`.
    """
    p, track, tolerance = c.performance, c.track, c.tolerances.typical(measure)
    if c.view == "side":
        return Judgement.unseen(measure, "side_view", tolerance), None
    if p.good.mean() < 0.8 or float(np.diff(p.time_s).max(initial=0.0)) > GAP_S:
        return Judgement.unseen(measure, p.doubt, tolerance), None
    grid = np.arange(p.time_s[0], p.time_s[-1], STEP_S)
    hands = np.where(p.good[:, None], p.signals.features[:, :4], np.nan)
    own = _limb_speed(_on_grid(grid, p.time_s, hands))
    low = track.index_at(float(p.places_s[0]))
    high = track.index_at(float(p.places_s[-1]))
    ref = _limb_speed(track.signals.features[low : high + 1, :4])
    value = compute_spectral_arc_length(own, 1 / STEP_S)
    reference = compute_spectral_arc_length(ref, 1 / STEP_S)
    if not np.isfinite(value) or not np.isfinite(reference):
        return Judgement.unseen(measure, "too_short", tolerance), None
    off = value - reference
    return (
        Judgement(value, reference, off, off, _EVENNESS, tolerance, get_unit(measure), True, None),
        None,
    )


def _on_grid(grid: Array, time_s: Array, values: Array) -> Array:
    out = np.empty((len(grid), values.shape[1]))
    for k in range(values.shape[1]):
        ok = np.isfinite(values[:, k])
        out[:, k] = np.interp(grid, time_s[ok], values[ok, k]) if ok.any() else 0.0
    return out


def _limb_speed(wrists: Array) -> Array:
    """Return the two wrists' common speed, (m, 4) to (m,)."""
    if len(wrists) < 8:
        return np.zeros(len(wrists))
    smooth = gaussian_filter1d(np.nan_to_num(wrists), 0.1 / STEP_S, axis=0, mode="nearest")
    return np.asarray(np.linalg.norm(np.gradient(smooth, STEP_S, axis=0), axis=1))
