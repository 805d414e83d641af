"""The trunk against the calibrated vertical: lean, shoulder tilt, pelvis tilt."""

from __future__ import annotations

from posecoach.measure.course import judge_course
from posecoach.measure.judgement import Judgement
from posecoach.measure.performance import Comparison, Judged


def judge_trunk(measure: str, c: Comparison) -> Judged:
    """Judge lateral lean, shoulder tilt or pelvis tilt, degrees; + = to the left, left lower.

    Parameters
    ----------
    measure : {"lateral_lean", "shoulder_tilt", "pelvis_tilt"}
    c : Comparison
    """
    if not c.frontal:
        return Judgement.unseen(measure, "side_view", c.tolerances.typical(measure)), None
    own = getattr(c.performance.signals, measure)
    ref = c.track.sample(getattr(c.track.signals, measure), c.performance.places_s)
    return judge_course(measure, c, own, ref)


def judge_forward_lean(measure: str, c: Comparison) -> Judged:
    """Say that forward lean is not judged from the front."""
    return Judgement.unseen(measure, "front_view", c.tolerances.typical(measure)), None
