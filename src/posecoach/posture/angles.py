"""Angles in the picture plane and of the arms, in degrees.

All functions take points with any leading shape, so that one frame and a whole recording go
through the same code. The picture plane has y downwards; a person who faces the camera has
their left at greater x. ``facing`` is +1 then and -1 for a person seen from behind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ELBOWS, HIPS, JOINT_ANGLES, SHOULDERS, TRUNK, WRISTS

Array = NDArray[np.float64]

_SHOULDERS, _WRISTS = np.array(SHOULDERS), np.array(WRISTS)
_ONE_END, _JOINTS, _OTHER_END = np.array(list(JOINT_ANGLES.values())).T


def rotate_plane(plane: Array, degrees: float) -> Array:
    """Return points turned by an angle in the picture plane.

    Parameters
    ----------
    plane : (..., 2) array
    degrees : float
        Positive turns a vertical line's upper end towards smaller x, which undoes a camera
        roll that shows the vertical leaning to greater x by as much.
    """
    a = math.radians(degrees)
    c, s = math.cos(a), math.sin(a)
    x, y = plane[..., 0], plane[..., 1]
    turned = np.empty(plane.shape)
    turned[..., 0], turned[..., 1] = c * x + s * y, -s * x + c * y
    return turned


def middle(plane: Array, pair: tuple[int, int]) -> Array:
    """Return the midpoint of a left/right pair; (..., 33, k) to (..., k)."""
    return np.asarray(0.5 * (plane[..., pair[0], :] + plane[..., pair[1], :]))


def compute_trunk_length(plane: Array) -> Array:
    """Return mid-hip to mid-shoulder distance in the plane's unit; (..., 33, 2) to (...)."""
    up = middle(plane, SHOULDERS) - middle(plane, HIPS)
    return np.asarray(np.hypot(up[..., 0], up[..., 1]))


def measure_trunk(points: Sequence[Sequence[float]]) -> float:
    """Return the trunk length of a single body, see `posecoach.motion.Observation.points`."""
    (a, b), (c, d), (e, f), (g, h) = (points[i] for i in TRUNK)
    return 0.5 * math.hypot(a + c - e - g, b + d - f - h)


def compute_lateral_lean(plane: Array, facing: int = 1) -> Array:
    """Return the lean of mid-hip to mid-shoulder against the picture's vertical.

    It stands in for the ISB's thorax axis (Wu et al. 2005, doi:10.1016/j.jbiomech.2004.05.042),
    whose points on spine and breastbone no such model gives.

    Parameters
    ----------
    plane : (..., 33, 2) array
    facing : int
        +1 seen from the front, -1 from behind.

    Returns
    -------
    (...) array
        Degrees, + = to the practitioner's left.
    """
    v = middle(plane, SHOULDERS) - middle(plane, HIPS)
    return np.asarray(np.degrees(np.arctan2(facing * v[..., 0], -v[..., 1])))


def compute_line_tilt(plane: Array, pair: tuple[int, int], facing: int = 1) -> Array:
    """Return the tilt of a left-right line against the picture's horizontal.

    As shoulder and pelvic obliquity are defined in photographs (the line between two landmarks
    against the horizontal); here the landmarks are the model's joint centres.

    Returns
    -------
    (...) array
        Degrees, + = left side lower.
    """
    v = plane[..., pair[0], :] - plane[..., pair[1], :]
    return np.asarray(np.degrees(np.arctan2(v[..., 1], facing * v[..., 0])))


def compute_forward_lean(plane: Array, facing_x: int) -> Array:
    """Return the trunk's lean seen from the side; of the same line as `compute_lateral_lean`.

    Parameters
    ----------
    facing_x : int
        +1 if the person looks towards greater x, -1 otherwise.

    Returns
    -------
    (...) array
        Degrees, + = forward.
    """
    v = middle(plane, SHOULDERS) - middle(plane, HIPS)
    return np.asarray(np.degrees(np.arctan2(facing_x * v[..., 0], -v[..., 1])))


def compute_arm_elevation(plane: Array, world: Array) -> Array:
    """Return how far each arm is raised: shoulder to wrist against straight down.

    As the elevation of the ISB's shoulder (Wu et al. 2005, doi:10.1016/j.jbiomech.2004.05.042), of
    the whole arm's line instead of the humerus, whatever the plane it is raised in.

    Height and breadth come from the picture, where the model is good to 1 to 3 degrees; depth
    comes from its world points, because an arm that reaches towards the camera is foreshortened
    in the picture. Without world points the picture alone is used.

    Parameters
    ----------
    plane : (..., 33, 2) array
    world : (..., 33, 3) array
        Metres; may be NaN.

    Returns
    -------
    (..., 2) array
        Left and right, degrees: 0 hanging, 90 level, 180 straight up.
    """
    trunk = compute_trunk_length(plane)
    up = middle(world, SHOULDERS) - middle(world, HIPS)
    trunk_m = np.sqrt((up * up).sum(axis=-1))
    per_metre = np.where(trunk_m > 0, trunk / np.where(trunk_m > 0, trunk_m, 1.0), 0.0)
    v = plane[..., _WRISTS, :] - plane[..., _SHOULDERS, :]
    depth = (world[..., _WRISTS, 2] - world[..., _SHOULDERS, 2]) * per_metre[..., None]
    depth = np.where(np.isfinite(depth), depth, 0.0)
    return np.asarray(np.degrees(np.arctan2(np.hypot(v[..., 0], depth), v[..., 1])))


def compute_joint_angles(plane: Array) -> Array:
    """Return the angles at shoulders, elbows, hips and knees in the picture plane.

    The angle between three points as in goniometry, counted so that a straight limb has 180.

    Returns
    -------
    (..., 8) array
        Degrees, 180 = straight, in the order of `posecoach.body.JOINT_ANGLES`.
    """
    joint = plane[..., _JOINTS, :]
    u, w = plane[..., _ONE_END, :] - joint, plane[..., _OTHER_END, :] - joint
    cross = u[..., 0] * w[..., 1] - u[..., 1] * w[..., 0]
    dot = u[..., 0] * w[..., 0] + u[..., 1] * w[..., 1]
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, dot))))


def compute_limb_lengths(plane: Array) -> Array:
    """Return upper arm and forearm lengths in the plane; (..., 33, 2) to (..., 2 sides, 2)."""
    upper = [
        np.linalg.norm(plane[..., e, :] - plane[..., s, :], axis=-1)
        for s, e in zip(SHOULDERS, ELBOWS, strict=True)
    ]
    fore = [
        np.linalg.norm(plane[..., w, :] - plane[..., e, :], axis=-1)
        for e, w in zip(ELBOWS, WRISTS, strict=True)
    ]
    return np.stack([np.stack(upper, -1), np.stack(fore, -1)], axis=-1)
