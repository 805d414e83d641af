"""Angles at the joints that matter."""

from __future__ import annotations

from posecoach.body import JOINT_ANGLES
from posecoach.measure.course import judge_course
from posecoach.measure.judgement import Judgement
from posecoach.measure.performance import Comparison, Judged
from posecoach.posture.angles import compute_limb_lengths
from posecoach.posture.resample import quantile_found

_IN_PLANE = 0.75  # share of a limb's length that must show for its joint angle to be judged


def judge_joint(measure: str, c: Comparison) -> Judged:
    """Judge a joint's angle in the picture plane; degrees, 180 = straight.

    Only frames in which the limb lies in the picture plane count, for the practitioner and for
    the reference.

    Parameters
    ----------
    measure : str
        ``joint_angle.<joint>``.
    c : Comparison
    """
    p, track, tolerances = c.performance, c.track, c.tolerances
    joint = measure.split(".")[1]
    if not c.frontal:
        return Judgement.unseen(measure, "side_view", tolerances.typical(measure)), None
    index = list(JOINT_ANGLES).index(joint)
    own = p.signals.joints[:, index]
    ref = track.sample(track.signals.joints[:, index], p.places_s)
    good = p.good.copy()
    part = c.marks.matters_at(joint, p.places_s)
    if not part.any():
        return Judgement.unseen(measure, "too_short", tolerances.typical(measure)), None
    if joint.endswith("elbow"):
        side = 0 if joint.startswith("left") else 1
        lengths = compute_limb_lengths(p.plane)
        ref_lengths = compute_limb_lengths(track.plane)
        for who, at in ((lengths, None), (ref_lengths, p.places_s)):
            share = who[:, side] / quantile_found(who[:, side], 0.95)
            if at is not None:
                share = track.sample(share, at)
            good &= (share > _IN_PLANE).all(axis=1)
    if good[part].mean() < 0.25:
        reason = "front_view" if p.good[part].mean() >= 0.25 else p.doubt
        return Judgement.unseen(measure, reason, tolerances.typical(measure)), None
    return judge_course(measure, c, own, ref, good=good, part=part)
