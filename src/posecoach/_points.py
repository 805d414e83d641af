"""Turning any tracker's points into posecoach's picture and world coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, HIPS, N_POINTS, NOSE, SHOULDERS
from posecoach.errors import InputError

Array = NDArray[np.float64]

_TRUNK_SHARE = (0.05, 0.2)  # trunk length as a share of the made-up picture's height
_REACH = 0.48  # from the picture's middle within which the whole recording is fitted
_CLEARLY = 1.5  # times as far along another axis than along y: nobody sits or bends so
_TRUNK_M = 0.52  # an adult's shoulder-to-hip height in metres, for sources without units


def normalise_points(points: Array, *, y_up: bool | None, turn: bool = True) -> tuple[Array, Array]:
    """Return picture and world coordinates of points in unknown units.

    Parameters
    ----------
    points : (n, 33, 2 or 3) array
        BlazePose order; NaN where a tracker has no such point.
    y_up : bool or None
        Whether y grows upwards; None reads it from head (or shoulders) and hips (or ankles), and
        of three columns also which of them is upright.
    turn : bool
        Whether three columns are turned about the vertical to face the camera.

    Returns
    -------
    image : (n, 33, 3) array
        Shares of a made-up square picture; depth NaN for two columns.
    world : (n, 33, 3) array
        Metres about the middle of the hips; NaN for two columns.

    Raises
    ------
    InputError
        No frame holds both shoulders and both hips.
    """
    core = points[:, list(SHOULDERS + HIPS)]
    whole = np.isfinite(core).all(axis=(1, 2))
    if not whole.any():
        raise InputError(
            "Expected shoulders and hips in at least one frame but found none; "
            "check the skeleton's name and the order of the joints."
        )
    pts = points.copy()
    if y_up is None:
        if pts.shape[2] == 3:
            pts = _stand_up(pts)
        y_up = _grows_upwards(pts)
    if y_up:
        pts[..., 1] *= -1
        # Turning y over mirrors space; depth is turned with it to keep left and right.
        if pts.shape[2] == 3:
            pts[..., 2] *= -1
    if pts.shape[2] == 3 and turn:
        pts = _face_camera(pts)
    shoulder = pts[:, SHOULDERS].mean(axis=1)
    hip = pts[:, HIPS].mean(axis=1)
    trunk = float(np.nanmedian(np.linalg.norm(shoulder - hip, axis=1)))
    if not trunk > 0:
        raise InputError("Expected a body of some size but shoulders and hips fall together.")
    centre = np.nanmedian(hip, axis=0)
    image = np.full((len(pts), N_POINTS, 3), np.nan)
    dims = pts.shape[2]
    # Nothing was cut off: raised hands and steps to the side must not look as if they were.
    far = np.abs(pts[..., :2] - centre[:2])
    reach = float(np.quantile(far[np.isfinite(far)], 0.9995)) / trunk
    share = float(np.clip(_REACH / max(reach, 1e-9), *_TRUNK_SHARE))
    image[..., :dims] = (pts - centre) / trunk * share
    image[..., :2] += 0.5
    world = np.full((len(pts), N_POINTS, 3), np.nan)
    if dims == 3:
        # A hip that is lost for a moment must not take all the others with it.
        frames = np.arange(len(pts))
        known = np.isfinite(hip).all(axis=1)
        origin = np.stack([np.interp(frames, frames[known], x[known]) for x in hip.T], axis=1)
        world = (pts - origin[:, None]) / trunk * _TRUNK_M
    return image, world


def _stand_up(points: Array) -> Array:
    """Turn space by a quarter where a body stands along another axis than y.

    From the hips to the shoulders and, where there are ankles, from them to the hips: so whoever
    bends forward stands all the same.
    """
    shoulder, hip, ankle = (points[:, pair].mean(axis=1) for pair in (SHOULDERS, HIPS, ANKLES))
    up = np.zeros(3)
    for line in (shoulder - hip, hip - ankle):
        known = np.isfinite(line).all(axis=1)
        up += np.median(line[known], axis=0) if known.any() else 0.0
    x, y, z = np.abs(up)
    if z > _CLEARLY * max(x, y):
        return np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1)
    if x > _CLEARLY * max(y, z):
        return np.stack([-points[..., 1], points[..., 0], points[..., 2]], axis=-1)
    return points


def _grows_upwards(points: Array) -> bool:
    with np.errstate(all="ignore"):
        top = np.nanmedian(points[:, [NOSE, *SHOULDERS], 1])
        low = np.nanmedian(points[:, [*HIPS, *ANKLES], 1])
    return bool(top > low)


def _face_camera(points: Array) -> Array:
    """Turn about the vertical so that left is, on average, towards greater x."""
    left = points[:, [SHOULDERS[0], HIPS[0]]].mean(axis=1)
    right = points[:, [SHOULDERS[1], HIPS[1]]].mean(axis=1)
    across = np.nanmedian(left - right, axis=0)
    x, z = across[0], across[2]
    norm = np.hypot(x, z)
    if not norm > 0:
        return points
    cos, sin = x / norm, z / norm
    out = points.copy()
    out[..., 0] = cos * points[..., 0] + sin * points[..., 2]
    out[..., 2] = -sin * points[..., 0] + cos * points[..., 2]
    return out
