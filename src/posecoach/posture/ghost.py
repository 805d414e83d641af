"""The teacher's posture on the practitioner's own body, and how close the two are."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posecoach.body import BONES, ELBOWS, HIPS, INDEX, NOSE, SHOULDERS, TRUNK, WRISTS
from posecoach.posture.angles import compute_trunk_length, middle, rotate_plane
from posecoach.posture.calibration import Calibration

Array = NDArray[np.float64]

_LONGEST = 1.25  # a limb may look so much longer than on the stance (it can come nearer)
_NEAR = 0.35  # trunk lengths apart at which the match has fallen to about a third
_COMPARED = [*SHOULDERS, *ELBOWS, *WRISTS]
_STARTS, _ENDS = np.array(BONES).T
# Limbs in the order in which each hangs on what is drawn; the trunk's sides follow from its ends.
_HANGING = [(i, a, b) for i, (a, b) in enumerate(BONES) if b not in TRUNK]
_HEAD = [NOSE, INDEX["left_ear"], INDEX["right_ear"]]


def make_ghost(
    reference: Array,
    reference_calibration: Calibration,
    own: Array,
    own_calibration: Calibration,
) -> Array:
    """Return the reference's posture with the practitioner's proportions, at their hips.

    Each limb takes the direction and the foreshortening it has in the reference and the length
    it has on the practitioner's still stance. What hangs on a point that is not known is not
    known either.

    Parameters
    ----------
    reference, own : (33, 2) arrays
        Picture planes, see `posecoach.motion.Observation.plane`.
    reference_calibration, own_calibration : Calibration

    Returns
    -------
    (33, 2) array
        In the practitioner's picture plane; NaN for points that are not drawn.
    """
    theirs, ours = reference_calibration, own_calibration
    level = rotate_plane(reference, theirs.roll_deg)
    if theirs.facing != ours.facing:
        level = level * np.array([-1.0, 1.0])
    trunk = ours.trunk if ours.done else float(compute_trunk_length(own))
    grow = trunk / theirs.trunk if theirs.trunk > 0 else np.nan

    limbs = level[_ENDS] - level[_STARTS]
    length = np.hypot(limbs[:, 0], limbs[:, 1])
    whole = theirs.bones * theirs.trunk
    with np.errstate(divide="ignore", invalid="ignore"):
        fitted = np.minimum(length / whole, _LONGEST) * ours.bones * trunk / length
    limbs *= np.where(length == 0, 0.0, np.where(whole > 0, fitted, grow))[:, None]

    out = np.full_like(own, np.nan)
    hips = rotate_plane(middle(own, HIPS), ours.roll_deg)
    neck = middle(level, SHOULDERS)
    shoulders = hips + (neck - middle(level, HIPS)) * grow
    for pair, centre in ((SHOULDERS, shoulders), (HIPS, hips)):
        half = 0.5 * limbs[BONES.index(pair)]
        out[pair[0]], out[pair[1]] = centre - half, centre + half
    for bone, a, b in _HANGING:
        out[b] = out[a] + limbs[bone]
    out[_HEAD] = shoulders + (level[_HEAD] - neck) * grow
    return rotate_plane(out, -ours.roll_deg)


def compute_match(ghost: Array, own: Array) -> float:
    """Return how close shoulders, elbows and wrists are to the ghost's, 0 to 1 (1 = together)."""
    trunk = float(compute_trunk_length(own))
    off = ghost[_COMPARED] - own[_COMPARED]
    apart = [d for d in np.hypot(off[:, 0], off[:, 1]).tolist() if math.isfinite(d)]
    if not (trunk > 0 and apart):
        return 0.0
    mean = sum(apart) / len(apart) / trunk / _NEAR
    return math.exp(-mean * mean)
