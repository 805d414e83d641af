"""The teacher's posture on the practitioner's own body, and how close the two are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.body import BONES, ELBOWS, HIPS, INDEX, NOSE, SHOULDERS, WRISTS
from posecoach.posture.angles import compute_trunk_length, middle, rotate_plane
from posecoach.posture.calibration import Calibration

Array = NDArray[np.float64]

_LONGEST = 1.25  # a limb may look so much longer than on the stance (it can come nearer)
_NEAR = 0.35  # trunk lengths apart at which the match has fallen to about a third
_COMPARED = [*SHOULDERS, *ELBOWS, *WRISTS]
_ACROSS = {(SHOULDERS[0], SHOULDERS[1]): SHOULDERS, (HIPS[0], HIPS[1]): HIPS}


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

    def fit(vector: Array, bone: int | None) -> Array:
        """Scale a limb of the reference to the practitioner's own."""
        length = float(np.linalg.norm(vector))
        if length == 0:
            return np.zeros_like(vector)
        whole = theirs.trunk if bone is None else float(theirs.bones[bone]) * theirs.trunk
        if bone is None or not whole > 0:
            return np.asarray(vector * grow)
        share = min(length / whole, _LONGEST)
        return np.asarray(vector * (share * ours.bones[bone] * trunk / length))

    out = np.full_like(own, np.nan)
    hips = rotate_plane(middle(own, HIPS), ours.roll_deg)
    shoulders = hips + fit(middle(level, SHOULDERS) - middle(level, HIPS), None)
    centre = {SHOULDERS: shoulders, HIPS: hips}
    for number, (a, b) in enumerate(BONES):
        pair = _ACROSS.get((a, b))
        if pair is not None:
            half = 0.5 * fit(level[b] - level[a], number)
            out[a], out[b] = centre[pair] - half, centre[pair] + half
        elif a in SHOULDERS and b in HIPS:
            continue  # the trunk's sides follow from its ends
        else:
            out[b] = out[a] + fit(level[b] - level[a], number)
    nose = level[NOSE] - middle(level, SHOULDERS)
    out[NOSE] = shoulders + nose * grow
    for side in ("left", "right"):
        ear = INDEX[f"{side}_ear"]
        out[ear] = out[NOSE] + (level[ear] - level[NOSE]) * grow
    return np.asarray(rotate_plane(out, -ours.roll_deg))


def compute_match(ghost: Array, own: Array) -> float:
    """Return how close shoulders, elbows and wrists are to the ghost's, 0 to 1 (1 = together)."""
    trunk = float(compute_trunk_length(own))
    apart = np.linalg.norm(ghost[_COMPARED] - own[_COMPARED], axis=-1)
    if not (trunk > 0 and np.isfinite(apart).any()):
        return 0.0
    return float(np.exp(-np.square(np.nanmean(apart) / trunk / _NEAR)))
