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


def compute_features(plane: Array, world: Array | None = None) -> Array:
    """Return the follower's features.

    Parameters
    ----------
    plane : (..., 33, 2) array
        Picture plane with the camera's roll taken out.
    world : (..., 33, 3) array, optional
        Metres; gives the arms' depth.

    Returns
    -------
    (..., 16) array
        In the order of `FEATURES`; NaN where a point was not found.
    """
    hip = middle(plane, HIPS)
    up = middle(plane, SHOULDERS) - hip
    trunk = compute_trunk_length(plane)
    safe = np.where(trunk > 0, trunk, np.nan)
    halfway = up / safe[..., None] + np.array([0.0, -1.0])
    length = np.linalg.norm(halfway, axis=-1, keepdims=True)
    axis_y = -halfway / np.where(length > 0, length, np.nan)  # downwards
    axis_x = np.stack([axis_y[..., 1], -axis_y[..., 0]], axis=-1)  # to the picture's right

    def inside(v: Array) -> list[Array]:
        return [(v * axis_x).sum(-1) / safe, (v * axis_y).sum(-1) / safe]

    columns: list[Array] = []
    for ends in (WRISTS, ELBOWS):
        for shoulder, end in zip(SHOULDERS, ends, strict=True):
            columns += inside(plane[..., end, :] - plane[..., shoulder, :])
    ears = middle(plane, EARS)
    nose = plane[..., NOSE, :]
    columns.append((nose - ears)[..., 0] / safe)
    columns += inside(nose - middle(plane, SHOULDERS))
    ankles = middle(plane, ANKLES)
    knees = middle(plane, KNEES)
    columns.append((knees - ankles)[..., 0] / safe)
    columns.append(
        np.abs(plane[..., ANKLES[0], 0] - plane[..., ANKLES[1], 0]) / safe,
    )
    columns.append((ankles - hip)[..., 1] / safe)
    elevation = compute_arm_elevation(
        plane, np.full((*plane.shape[:-1], 3), np.nan) if world is None else world
    )
    columns += [np.radians(elevation[..., 0]), np.radians(elevation[..., 1])]
    return np.stack(columns, axis=-1)
