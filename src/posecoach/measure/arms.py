"""Left arm against right arm: in time and in height."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.delay import SideDelay
from posecoach.follow.track import Track
from posecoach.measure.course import judge_course
from posecoach.measure.heights import Heights, fit_heights
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Comparison, Judged, Performance
from posecoach.posture.resample import median_found, quantile_found
from posecoach.posture.shoulders import find_read_share

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_WIDEST_MS, _WIDEST_DEG = 34.0, 3.1  # errors beyond which nothing is told
_UPRIGHT_DEG = 5.0  # a lean beyond this looks like a difference: arms follow trunk and gravity
_LARGE = 0.04  # share by which large delays are read too near zero
_FLOOR_MS = 13.0  # error of a delay found with the heights
_LEANT_MS = 5.0  # error for each degree of lean of one found without them
_SHARED = 0.7  # correlation of the errors of both
_BETWEEN = 0.25  # error as a share of what the two differ by
_CLEAR = 3.0  # errors
_PEAK = 0.93  # height that is passed for the longest hold, half a second and more of a form
_MISSED_S = 1.0  # of the reference
_EVEN_PEAKS_DEG = 12.0
# Least share of a repetition in which sides are compared, for the delay and for the heights.
_COMPARED, _SOME = 0.5, 0.1


def judge_delay(measure: str, c: Comparison) -> Judged:
    """Judge by how much the left side moves after the right; milliseconds, + = left later.

    Found twice, by `posecoach.follow.delay` from how elbows and wrists move, and by
    `posecoach.measure.heights` from wrists alone, where a lower arm, the view and a lean are
    taken into account; both see the same wrists and err together, and what they differ by belongs
    to the error. Not told while the trunk leans far, nor where its own error is so wide that
    nothing follows from it.
    """
    delay, tolerance = c.performance.delay, c.tolerances.typical(measure)
    if not c.frontal or delay is None:
        reason = "too_short" if c.frontal else c.not_frontal
        return Judgement.unseen(measure, reason, tolerance), None
    if c.oblique:
        return Judgement.unseen(measure, "oblique_view", tolerance), None
    if c.marks.compared_at(c.performance.places_s).mean() < _COMPARED:
        return Judgement.unseen(measure, "one_sided", tolerance), None
    if _is_leaning(c):
        return Judgement.unseen(measure, "leaning", tolerance), None
    ms, error = _join_delays(c, delay, _find_heights(c))
    judged = Judgement(ms, 0.0, ms, ms, error, tolerance, get_unit(measure), True, None)
    return judged.unless_unsure(measure, _WIDEST_MS), None


def _join_delays(c: Comparison, moved: SideDelay, heights: Heights | None) -> tuple[float, float]:
    """Return the delay by both ways of finding it, and its error; ms."""
    lean = c.done.get("lateral_lean")
    leant = _LEANT_MS * (lean.deviation or 0.0) if lean is not None else 0.0
    ms, error = 1000.0 * moved.delay_s, float(np.hypot(1000.0 * moved.error_s, leant))
    if heights is None or heights.delay is None:
        return ms, float(np.hypot(error, _LARGE * ms))
    other_ms = 1000.0 * heights.delay.delay_s
    other_error = float(np.hypot(1000.0 * heights.delay.error_s, _FLOOR_MS))
    errors = np.array([error, other_error])
    weights = errors**-2.0 / (errors**-2.0).sum()
    joint, parts = float(weights @ [ms, other_ms]), weights * errors
    common = 2.0 * _SHARED * parts.prod()
    doubts = _BETWEEN * (ms - other_ms), _LARGE * joint
    return joint, float(np.sqrt((parts**2).sum() + common + np.square(doubts).sum()))


def judge_arm_heights(measure: str, c: Comparison) -> Judged:
    """Judge left against right arm height, amplitude and timing taken out.

    Where the teacher marked the form as one-sided nothing is compared.

    Degrees, + = left higher: left minus right elevation (shoulder to wrist, above hanging)
    against the reference's at the same place, see `posecoach.measure.heights`; where depth was
    measured, as it was.
    """
    p, track, tolerances = c.performance, c.track, c.tolerances
    if not c.frontal:
        return Judgement.unseen(measure, c.not_frontal, tolerances.typical(measure)), None
    if c.oblique:
        return Judgement.unseen(measure, "oblique_view", tolerances.typical(measure)), None
    compared = c.marks.compared_at(p.places_s)
    if compared.mean() < _SOME:
        return Judgement.unseen(measure, "one_sided", tolerances.typical(measure)), None
    if _is_leaning(c):
        return Judgement.unseen(measure, "leaning", tolerances.typical(measure)), None
    heights = _find_heights(c)
    if heights is None:
        return Judgement.unseen(measure, p.doubt, tolerances.typical(measure)), None
    value = heights.own[:, 0] - heights.own[:, 1]
    ref = heights.expected[:, 0] - heights.expected[:, 1]
    judged, place = judge_course(measure, c, value, ref, extra=heights.error_deg, part=compared)
    if judged.judged and heights.error_deg > 0:  # which knows more than the course's spread
        error = c.estimate_error(measure, p.good & compared, extra=heights.error_deg)
        judged = replace(judged, uncertainty=error)
    peaks = compare_peaks(heights, p, track) if compared.all() else None
    if judged.judged and peaks is not None:
        limit = float(tolerances.at(measure, np.array([peaks[1]]))[0])
        before = abs(judged.worst or 0.0) / (judged.worst_tolerance or judged.tolerance)
        # Overhead a few hundredths of an arm are many degrees: only what is clear is told.
        if abs(peaks[0]) / limit > before and abs(peaks[0]) > limit + _CLEAR * peaks[2]:
            judged, place = replace(judged, worst=peaks[0], worst_tolerance=limit), peaks[1]
    judged = judged.unless_unsure(measure, _WIDEST_DEG)
    return judged, place if judged.judged else None


def _find_heights(c: Comparison) -> Heights | None:
    """Return how high both arms come, found once for all measures."""
    if "heights" not in c.kept:
        c.kept["heights"] = _compare_heights(c)
    heights: Heights | None = c.kept["heights"]
    return heights


def _compare_heights(c: Comparison) -> Heights | None:
    p, track = c.performance, c.track
    delay_s = p.delay.delay_s if p.delay else 0.0
    ok = p.good & c.marks.compared_at(p.places_s)
    if p.space is None and p.calibration is not None:
        done = (c.done.get(name) for name in ("lateral_lean", "shoulder_tilt"))
        lean, tilt = ((j.deviation or 0.0) if j is not None else 0.0 for j in done)
        return fit_heights(
            p.plane,
            p.depth,
            p.calibration,
            track,
            p.time_s,
            p.places_s,
            ok,
            delay_s=delay_s,
            lean_deg=lean,
            tilt_deg=lean + find_read_share(p.plane) * (tilt - lean),  # as it was read
            feet=p.legs is None,
        )
    # Each side at its own time: a late arm is late, not low.
    places = np.stack([_shifted(p, 0.5 * delay_s), _shifted(p, -0.5 * delay_s)], axis=1)
    reference = track.signals.elevation
    rest = median_found(reference[:3])
    above = np.stack([track.sample(reference[:, k] - rest[k], places[:, k]) for k in (0, 1)], 1)
    own = p.signals.elevation
    return Heights(own, rest + p.amplitude * above, reference, np.zeros(len(own)), 0.0)


def compare_peaks(
    heights: Heights, p: Performance, track: Track
) -> tuple[float, float, float] | None:
    """Return how much higher the left arm comes, where in the reference, and the error there.

    In a form whose sides take turns a side is compared with the mirrored other side: each at the
    height it keeps longest near its highest, so that a smaller amplitude of both is no
    difference. None where the reference itself raises one arm higher, or a part was not seen.
    """
    reference = heights.reference
    own = np.where(p.good[:, None], heights.own, np.nan)
    if np.isfinite(own).all(axis=1).mean() < 0.5:
        return None
    theirs = quantile_found(reference, _PEAK)
    if abs(float(theirs[0] - theirs[1])) > _EVEN_PEAKS_DEG or float(theirs.min()) < 60.0:
        return None
    # Over places, not over time: who hurries past the highest point has been there too.
    seen = np.isfinite(own).all(axis=1)
    order = np.argsort(p.places_s[seen], kind="stable")
    at = p.places_s[seen][order]
    high = track.time_s[(reference >= theirs).any(axis=1)]
    before = high < at[0] - 0.5 * _MISSED_S
    after = high > at[-1] + 0.5 * _MISSED_S
    # One side's highest may not have been seen.
    if before.any() or after.any() or float(np.diff(at).max()) > _MISSED_S:
        return None
    ours = np.array(
        [quantile_found(np.interp(track.time_s, at, own[seen, k][order]), _PEAK) for k in (0, 1)]
    )
    apart = float((ours[0] - ours[1]) - (theirs[0] - theirs[1]))
    low = 1 if apart > 0 else 0
    highest = int(np.nanargmax(reference[:, low]))
    error = float(np.interp(track.time_s[highest], at, heights.errors_deg[seen][order]))
    return apart, float(track.time_s[highest]), error


def _is_leaning(c: Comparison) -> bool:
    lean = c.done.get("lateral_lean")
    return lean is not None and abs(lean.deviation or 0.0) > _UPRIGHT_DEG


def _shifted(p: Performance, shift_s: float) -> Array:
    return np.interp(p.time_s - shift_s, p.time_s, p.places_s)
