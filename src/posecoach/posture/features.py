"""What the follower compares: where the limbs are in the body's own frame.

Wrists and elbows are taken from the shoulders in trunk lengths, so that distance, place and
body height do not matter. Their axes lie halfway between the trunk's and the vertical: a
leaning person's arms follow partly the trunk and partly gravity. Elevations stand beside
positions because a smaller movement is a smaller angle, not a smaller position.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, ELBOWS, HIPS, INDEX, KNEES, NOSE, SHOULDERS, WRISTS
from posecoach.posture.angles import compute_arm_elevation, compute_trunk_length, middle

Array = NDArray[np.float64]

FEATURES: tuple[str, ...] = (
    "left_wrist_x",
    "left_wrist_y",
    "right_wrist_x",
    "right_wrist_y",
    "left_elbow_x",
    "left_elbow_y",
    "right_elbow_x",
    "right_elbow_y",
    "head_turn",
    "head_side",
    "head_height",
    "knees_x",
    "stance_width",
    "pelvis_height",
    "left_elevation",
    "right_elevation",
)
"""Names of the features: lengths in trunk lengths, elevations in radians."""

WEIGHTS: Array = np.array(
    [0.6, 0.6, 0.6, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.4, 0.6, 1.5, 1.5]
)
"""How much each feature counts when following."""

MIRROR_FEATURES: list[int] = [2, 3, 0, 1, 6, 7, 4, 5, 8, 9, 10, 11, 12, 13, 15, 14]
"""Index that exchanges the features of left and right."""

SIDEWAYS: list[int] = [0, 2, 4, 6, 8, 9, 11]
"""Features that change sign in a mirror."""

EARS = (INDEX["left_ear"], INDEX["right_ear"])


_LIMBS, _FROM = np.array([*WRISTS, *ELBOWS]), np.array([*SHOULDERS, *SHOULDERS])


def compute_features(
    plane: Array, world: Array | None = None, *, elevation: Array | None = None
) -> Array:
    """Return the follower's features.

    Parameters
    ----------
    plane : (..., 33, 2) array
        Picture plane with the camera's roll taken out.
    world : (..., 33, 3) array, optional
        Metres; gives the arms' depth.
    elevation : (..., 2) array, optional
        Of the arms in degrees, where it is known already.

    Returns
    -------
    (..., 16) array
        In the order of `FEATURES`; NaN where a point was not found.
    """
    hip = middle(plane, HIPS)
    up = middle(plane, SHOULDERS) - hip
    trunk = compute_trunk_length(plane)
    safe = np.where(trunk > 0, trunk, np.nan)
    halfway = up / safe[..., None]
    halfway[..., 1] -= 1.0
    length = np.hypot(halfway[..., 0], halfway[..., 1])
    axis = -halfway / np.where(length > 0, length, np.nan)[..., None]  # downwards
    down_x, down_y = axis[..., 0, None], axis[..., 1, None]
    nose, neck = plane[..., NOSE, :], middle(plane, SHOULDERS)
    ankles = middle(plane, ANKLES)
    out = np.empty((*plane.shape[:-2], len(FEATURES)))

    def enter(columns: slice, v: Array) -> None:
        """Enter vectors, (..., k, 2), in the body's own frame: to the picture's right and down."""
        x, y = v[..., 0], v[..., 1]
        pairs = out[..., columns]
        pairs[..., 0::2] = x * down_y - y * down_x
        pairs[..., 1::2] = x * down_x + y * down_y

    enter(slice(0, 8), plane[..., _LIMBS, :] - plane[..., _FROM, :])
    out[..., 8] = nose[..., 0] - middle(plane, EARS)[..., 0]
    enter(slice(9, 11), (nose - neck)[..., None, :])
    out[..., 11] = middle(plane, KNEES)[..., 0] - ankles[..., 0]
    out[..., 12] = np.abs(plane[..., ANKLES[0], 0] - plane[..., ANKLES[1], 0])
    out[..., 13] = ankles[..., 1] - hip[..., 1]
    out[..., :14] /= safe[..., None]
    if elevation is None:
        nowhere = np.full((*plane.shape[:-1], 3), np.nan)
        elevation = compute_arm_elevation(plane, nowhere if world is None else world)
    out[..., 14:] = np.radians(elevation)
    return out
