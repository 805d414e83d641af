"""Angles at the joints that matter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.body import JOINT_ANGLES
from posecoach.follow.track import Track, once_a_track
from posecoach.measure.course import judge_course
from posecoach.measure.judgement import Judgement
from posecoach.measure.performance import Comparison, Judged
from posecoach.measure.uncertainty import estimate_view_error
from posecoach.posture.angles import compute_limb_lengths
from posecoach.posture.facing import estimate_turn
from posecoach.posture.resample import quantile_found

Array = NDArray[np.float64]

_IN_PLANE = 0.75  # share of a limb's length that must show for its joint angle to be judged
_EDGE = 0.05  # share of the reference's frames beyond which its range does not count


def judge_joint(measure: str, c: Comparison) -> Judged:
    """Judge a joint's angle in the picture plane; degrees, 180 = straight.

    Only frames in which the limb lies in the picture plane count, for the practitioner and for
    the reference. The deviation is what a smaller range of the same joint does not explain, see
    `expect_joint`: a smaller amplitude is never a fault.

    Parameters
    ----------
    measure : str
        ``joint_angle.<joint>``.
    c : Comparison
    """
    p, track, tolerances = c.performance, c.track, c.tolerances
    joint = measure.split(".")[1]
    if not c.frontal:
        return Judgement.unseen(measure, c.not_frontal, tolerances.typical(measure)), None
    if p.legs is not None and joint.endswith(("hip", "knee")):
        return Judgement.unseen(measure, p.legs, tolerances.typical(measure)), None
    index = list(JOINT_ANGLES).index(joint)
    own = p.signals.joints[:, index]
    ref = track.sample(track.signals.joints[:, index], p.places_s)
    good = p.good.copy()
    part = c.marks.matters_at(joint, p.places_s)
    if not part.any():
        return Judgement.unseen(measure, "too_short", tolerances.typical(measure)), None
    if joint.endswith("elbow"):
        side = 0 if joint.startswith("left") else 1
        own_share, ref_share = (
            _measure_shares(p.plane),
            track.sample(_find_shares(track), p.places_s),
        )
        for share in (own_share, ref_share):
            good &= (share[:, side] > _IN_PLANE).all(axis=1)
    if good[part].mean() < 0.25:
        reason = "to_camera" if p.good[part].mean() >= 0.25 else p.doubt
        return Judgement.unseen(measure, reason, tolerances.typical(measure)), None
    usable = good & part & np.isfinite(own) & np.isfinite(ref)
    expected = expect_joint(joint, own, ref, usable) if usable.any() else ref
    view = estimate_view_error(float(np.median(estimate_turn(p.plane))))
    return judge_course(measure, c, own, ref, good, view, part, expected)


def _measure_shares(plane: Array) -> Array:
    """Return how much of the arms' limbs shows; (n, 33, 2) to (n, 2 sides, 2), 1 = all of it."""
    lengths = compute_limb_lengths(plane)
    return np.asarray(lengths / quantile_found(lengths, 0.95))


@once_a_track
def _find_shares(track: Track) -> Array:
    return _measure_shares(track.plane)


def expect_joint(joint: str, own: Array, ref: Array, usable: NDArray[np.bool_]) -> Array:
    """Return a joint's angle at the reference's places for one whose range is smaller.

    The reference's course, made as much smaller as the practitioner's is: it leaves the straight
    limb, or the hanging arm, less far, and comes back at least as near to it as the reference
    does. A larger range, and a limb that is bent where the reference's is straight, are not
    explained.

    Parameters
    ----------
    joint : str
    own, ref : (n,) array
        The practitioner's and the reference's angle at the same places, degrees.
    usable : (n,) array of bool
        Frames that can be believed; at least one.

    Returns
    -------
    (n,) array
        Degrees.
    """
    x, y = ref[usable], own[usable]
    spread = float(np.var(x))
    size = float(np.mean((x - x.mean()) * (y - y.mean()))) / spread if spread > 0 else 0.0
    size = min(max(size, 0.0), 1.0)
    off = float(np.median(y - size * x))
    # Hanging, an upper arm makes no angle with the trunk; straight, every other joint half a turn.
    hangs = joint.endswith("shoulder")
    end = float(np.quantile(x, _EDGE if hangs else 1 - _EDGE))
    low, high = (0.0, end) if hangs else (end, 180.0)
    return min(max(off, low - size * end), high - size * end) + size * ref
