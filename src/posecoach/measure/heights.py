"""How high each arm comes against the reference, judged where the camera can tell.

An arm that reaches to the front is read by its depth, which a single camera only guesses: with one
arm lower than the other, two arms in front of the body are read as nearly alike, and the same two
arms at the sides as they are. So each side's height is taken as a smooth function of the
reference's height at the same place, and what is seen at the sides weighs most.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.adjust import COLUMNS, find_reach
from posecoach.follow.track import Track

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SEEN_DEG = 2.0  # error of an arm's height in the picture plane
_OFFSET_DEG, _FACTOR, _BEND = 4.0, 0.5, 0.3  # by which people's heights follow the reference's
_TIPPED = 0.3  # errors of depth by which all of a side is read too high
_FULL_DEG = 180.0
_ROUNDS = 4
_OUTLIER = 2.0
_ELEVATIONS = [k for k, c in enumerate(COLUMNS) if c >= 14]


def fit_heights(
    own: Array,
    expected: Array,
    rest: Array,
    places: Array,
    amplitude: float,
    track: Track,
    ok: Mask,
) -> tuple[Array, float]:
    """Return each arm's height, smoothed by the reference's, and how well the sides are known.

    Parameters
    ----------
    own : (n, 2) array
        Elevations of left and right, degrees.
    expected : (n, 2) array
        The reference's at the same place, each side at its own time.
    rest : (2,) array
        The reference's at its start.
    places : (n, 2) array
        Those places, seconds of the reference.
    amplitude : float
        Common to both sides.
    track : Track
    ok : (n,) array of bool
        Frames that can be believed.

    Returns
    -------
    heights : (n, 2) array
    error_deg : float
        One standard error of the difference of the two over the repetition.
    """
    reach = find_reach(track)[:, _ELEVATIONS]
    out = np.empty_like(own)
    variance = 0.0
    for side in (0, 1):
        above = expected[:, side] - rest[side]
        ahead = np.degrees(track.sample(reach[:, side], places[:, side]))
        basis = np.stack([np.ones(len(above)), above, above**2 / _FULL_DEG, ahead], axis=1)
        off = own[:, side] - rest[side] - amplitude * above
        sd = np.hypot(_SEEN_DEG, ahead)
        use = ok & np.isfinite(off)
        prior = np.diag(np.array([_OFFSET_DEG, _FACTOR, _BEND, _TIPPED]) ** -2.0)
        terms = np.zeros(4)
        for _ in range(_ROUNDS):
            z = np.abs(off - basis @ terms) / sd
            # Neighbouring frames err together: a second counts as one.
            weight = np.minimum(1.0, _OUTLIER / np.maximum(z, 1e-9)) / sd**2
            weight = np.where(use, weight, 0.0)
            b = basis[use]
            hessian = (b * weight[use, None]).T @ b + prior
            terms = np.linalg.solve(hessian, (b * weight[use, None]).T @ off[use])
        basis[:, 3] = 0.0  # what the depth is read wrong by is no height
        out[:, side] = rest[side] + amplitude * above + basis @ terms
        mean = basis[use].mean(axis=0) if use.any() else basis.mean(axis=0)
        frames = max(1.0, float(use.sum()) / 10.0)
        variance += float(mean @ np.linalg.inv(hessian) @ mean) * float(use.sum()) / frames
    return out, float(np.sqrt(variance))
