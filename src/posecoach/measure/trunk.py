"""The trunk against the calibrated vertical: lean, shoulder tilt, pelvis tilt."""

from __future__ import annotations

import numpy as np

from posecoach.follow.track import STEP_S
from posecoach.measure.course import judge_course
from posecoach.measure.girdle import compute_girdle_tilt, estimate_girdle_error
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Comparison, Judged

_MOVING_DEG = 0.45
_PLACE_S = 0.1  # by which a place is wrong: where the form itself leans fast, that looks like sway


def judge_trunk(measure: str, c: Comparison) -> Judged:
    """Judge lateral lean, shoulder tilt or pelvis tilt, degrees; + = to the left, left lower.

    The deviation of a shoulder line is what the arms' heights do not explain, see
    `posecoach.measure.girdle`.

    Each is the angle of a line between two points of a pair, or two middles, in the picture's
    plane, against the calibrated vertical or horizontal (`posecoach.posture.angles`); what a model
    reads too small of the shoulders is made good (`posecoach.posture.shoulders`).

    Parameters
    ----------
    measure : {"lateral_lean", "shoulder_tilt", "pelvis_tilt"}
    c : Comparison
    """
    if not c.frontal:
        return Judgement.unseen(measure, c.not_frontal, c.tolerances.typical(measure)), None
    if measure != "lateral_lean" and c.oblique:
        # Perspective slopes level shoulders by 4 to 15 degrees there, and not evenly.
        return Judgement.unseen(measure, "oblique_view", c.tolerances.typical(measure)), None
    signals, places = c.performance.signals, c.performance.places_s
    own = getattr(signals, measure)
    ref = c.track.sample(getattr(c.track.signals, measure), places)
    if measure != "shoulder_tilt":
        return judge_course(measure, c, own, ref)
    girdle = compute_girdle_tilt(own, signals.elevation)
    theirs = compute_girdle_tilt(ref, c.track.sample(c.track.signals.elevation, places))
    expected = own - (girdle - theirs)
    leant = signals.lateral_lean - c.track.sample(c.track.signals.lateral_lean, places)
    unlike = estimate_girdle_error(expected - ref, own - expected - leant)[c.performance.good]
    extra = float(np.sqrt(np.mean(np.nan_to_num(unlike) ** 2))) if len(unlike) else 0.0
    return judge_course(measure, c, own, ref, extra=extra, expected=expected)


def judge_sway(measure: str, c: Comparison) -> Judged:
    """Judge how much the trunk moves from side to side beyond what the form asks; degrees, 0 up.

    The standard deviation over time of the lateral lean less the reference's at the same place,
    as of the side-to-side part of posturography (Prieto et al. 1996, doi:10.1109/10.532130), of
    an angle in place of a path on the floor. A lean that is kept is no sway.
    """
    p, tolerance = c.performance, c.tolerances.typical(measure)
    if not c.frontal:
        return Judgement.unseen(measure, c.not_frontal, tolerance), None
    off = p.signals.lateral_lean - c.track.sample(c.track.signals.lateral_lean, p.places_s)
    ok = p.good & np.isfinite(off)
    if ok.sum() < 10 or ok.mean() < 0.3:
        return Judgement.unseen(measure, p.doubt, tolerance), None
    sway = float(off[ok].std())
    # What the model adds by itself while arms move, how far a standard deviation of some ten
    # independent seconds is off, and what a place that is a little wrong makes of a lean.
    few = sway / np.sqrt(2.0 * max(2.0, float(np.ptp(p.time_s))))
    slope = c.track.sample(np.gradient(c.track.signals.lateral_lean, STEP_S), p.places_s)[ok]
    late = _PLACE_S * float(np.sqrt(np.nan_to_num(slope**2).mean()))
    error = float(np.linalg.norm([_MOVING_DEG, few, late]))
    return Judgement(sway, 0.0, sway, sway, error, tolerance, get_unit(measure), True, None), None


def judge_forward_lean(measure: str, c: Comparison) -> Judged:
    """Judge the lean of hips to shoulders forward, degrees; + = forward. Only from the side.

    From elsewhere the model's depth tips a body by up to 20 degrees; and a teacher who was filmed
    from the front has shown no forward lean to compare with.
    """
    tolerance = c.tolerances.typical(measure)
    if c.view != "side":
        reason = "back_view" if c.view == "back" else "front_view"
        return Judgement.unseen(measure, reason, tolerance), None
    if not c.track.edge_on:
        return Judgement.unseen(measure, "reference_front", tolerance), None
    own = c.performance.signals.forward_lean
    ref = c.track.sample(c.track.signals.forward_lean, c.performance.places_s)
    return judge_course(measure, c, own, ref)
