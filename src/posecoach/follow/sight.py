"""How an arm in space looks in the picture, from where the camera stands.

The model reads heights and breadths in the picture to a few hundredths of a trunk length and depths
three to five times worse. So arms are compared in the picture: those of the reference, whose
depth need only be known roughly, are turned to where the practitioner's camera stands. Axes of
an arm are outwards (away from the body's middle), up and to the front; lengths are trunk lengths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body import HIPS, SHOULDERS, WRISTS
from posecoach.follow.track import Track, once_a_track
from posecoach.posture.angles import compute_trunk_length, middle, rotate_plane
from posecoach.posture.calibration import Calibration, turn_front
from posecoach.posture.facing import HEELS, TOES
from posecoach.posture.resample import quantile_found

Array = NDArray[np.float64]

SIDES = (1.0, -1.0)
"""Signs of the left and the right arm."""

# Depths of wrists before shoulders as the model gives them are too far to the front, by these.
DEPTH, _BEFORE = 0.75, -0.03
DEPTH_SD = 0.14
"""Trunk lengths by which a depth is wrong then."""

_ALIKE = 0.1  # trunk lengths in the picture within which arms have the same depth
_GUESSED = 0.5  # of the depth that an arm's length allows, where there is no depth at all
_STRAIGHT = 0.97  # quantile of lengths in the picture that is an arm stretched out across
_FOCAL = 1.2  # picture heights; webcams' 50 to 78 degrees are 0.9 to 1.9
_FEET = 1.92  # tangent of a view from aside for each trunk length by which the toes point aside
_HALF = 0.33  # shoulders from the middle, trunk lengths
_PLUMB = 0.031  # by which ankles lie behind shoulders, of their distance
# Where arms that are nearly upright go when they come down: the plane of the shoulder blade, 30 to
# 40 degrees before the frontal one (Johnston 1937; Poppen and Walker 1976).
_UPRIGHT, _BLADE_RAD = 0.35, 0.61


@dataclass(frozen=True, eq=False)
class Arms:
    """Both arms as they are seen, the camera's roll taken out.

    Attributes
    ----------
    reach : (n, 2 sides, 2) array
        From shoulder to wrist, outwards and up.
    shoulder : (n, 2 sides, 2) array
        Outwards from the hips' middle, up from the picture's.
    distance : float
        Of the camera.
    yaw : float
        Tangent by which the feet say the camera stands to one side; NaN where they are not seen.
    length : (2 sides,) array
        Of the arms stretched out.
    """

    reach: Array
    shoulder: Array
    distance: float
    yaw: float
    length: Array


def see_arms(plane: Array, calibration: Calibration, feet: bool = True) -> Arms:
    """Return how arms are seen.

    Parameters
    ----------
    plane : (n, 33, 2) array
        Picture heights, as in a motion.
    calibration : Calibration
    feet : bool
        Whether the feet can be believed.
    """
    centred = plane - np.array([0.0, 0.5])
    level = turn_front(rotate_plane(centred, calibration.roll_deg), calibration.mirror)
    trunk = compute_trunk_length(level)
    trunk = np.where(trunk > 0, trunk, np.nan)
    hip = middle(level, HIPS)
    reach, shoulders = [], []
    for sign, s, w in zip(SIDES, SHOULDERS, WRISTS, strict=True):
        turn = np.array([sign, -1.0])
        reach.append((level[:, w] - level[:, s]) * turn / trunk[:, None])
        at = np.stack([level[:, s, 0] - hip[:, 0], level[:, s, 1]], axis=-1)
        shoulders.append(at * turn / trunk[:, None])
    arms = np.stack(reach, axis=1)
    usual = float(np.nanmedian(trunk)) if np.isfinite(trunk).any() else np.nan
    aside = (level[:, TOES, 0].mean(axis=1) - level[:, HEELS, 0].mean(axis=1)) / trunk
    seen = feet and np.isfinite(aside).any()
    return Arms(
        arms,
        np.stack(shoulders, axis=1),
        _FOCAL / usual,
        _FEET * float(np.nanmedian(aside)) if seen else np.nan,
        quantile_found(np.linalg.norm(arms, axis=-1), _STRAIGHT),
    )


def read_depth(world: Array) -> Array:
    """Return how far the model puts wrists before their shoulders, trunk lengths; (n, 2 sides).

    Parameters
    ----------
    world : (n, 33, 3) array
        Metres; may be NaN.
    """
    trunk = np.linalg.norm(middle(world, SHOULDERS) - middle(world, HIPS), axis=-1)
    ahead = world[:, SHOULDERS, 2] - world[:, WRISTS, 2]
    return np.asarray(ahead / np.where(trunk > 0, trunk, np.nan)[:, None])


@once_a_track
def place_arms(track: Track) -> tuple[Arms, Array]:
    """Return a reference's arms as they are seen, and in space: (m, 2 sides, 3).

    Arms that look alike have the same depth, whichever side they are; none is longer than when it
    is stretched out. What is nearer to the camera looks larger, which is taken out.
    """
    seen = see_arms(track.plane, track.calibration)
    depth = _find_depth(track, seen)[..., None]
    flat = (seen.reach + seen.shoulder) * (1.0 - depth / seen.distance) - seen.shoulder
    return seen, np.concatenate([flat, depth], axis=-1)


def _find_depth(track: Track, seen: Arms) -> Array:
    """Return how far wrists are before their shoulders, (m, 2 sides)."""
    across = np.linalg.norm(seen.reach, axis=-1)
    left = np.sqrt(np.maximum(seen.length**2 - across**2, 0.02))
    read = read_depth(track.world)
    known = np.isfinite(read).all(axis=1) & np.isfinite(seen.reach).all(axis=(1, 2))
    if not known.any():
        return np.asarray(_GUESSED * left)
    if track.deep:
        return np.nan_to_num(read)
    arms = seen.reach[known][::2].reshape(-1, 2)
    values = read[known][::2].ravel()
    depth = np.empty_like(read)
    for side in (0, 1):
        apart = ((seen.reach[:, side, None] - arms) ** 2).sum(axis=-1)
        weight = np.exp(-0.5 * np.nan_to_num(apart, nan=1e6) / _ALIKE**2)
        depth[:, side] = weight @ values / np.maximum(weight.sum(axis=1), 1e-9)
    return np.clip(DEPTH * depth + _BEFORE, -left, left)


def find_azimuth(arms: Array) -> Array:
    """Return which way arms in space go from the vertical: outwards and to the front; (n, 2).

    Upright arms have no way of their own, and the model's errors would be one.
    """
    flat = arms[:, [0, 2]] / np.linalg.norm(arms, axis=1, keepdims=True)
    short = np.maximum(0.0, _UPRIGHT - np.hypot(flat[:, 0], flat[:, 1]))
    flat = flat + short[:, None] * np.array([np.cos(_BLADE_RAD), np.sin(_BLADE_RAD)])
    return np.asarray(flat / np.maximum(np.hypot(flat[:, 0], flat[:, 1]), 1e-9)[:, None])


@dataclass(frozen=True)
class Sight:
    """What one arm is seen by.

    Attributes
    ----------
    side : float
        +1 left, -1 right.
    yaw, pitch : float
        Tangents by which the practitioner's forward, and the arms' up, are turned away from the
        reference's: to the picture's right, and up.
    scale : float
        Length of the arms against the reference's.
    line : float
        Degrees by which the line of the shoulders is read too small.
    roll : float
        Degrees of the camera's roll that calibration left.
    distance : float
        Of the camera, trunk lengths.
    """

    side: float
    yaw: float
    pitch: float
    scale: float
    line: float
    roll: float
    distance: float

    def project(self, angle: Array, azimuth: Array, length: Array, shoulder: Array) -> Array:
        """Return an arm as it is seen from the shoulder: outwards, up, to the camera; (n, 3).

        Parameters
        ----------
        angle : (n,) array
            Above hanging, radians.
        azimuth : (n, 2) array
            Cosine and sine: outwards and to the front.
        length : (n,) array
            Shoulder to wrist.
        shoulder : (n, 2) array
            See `Arms.shoulder`.
        """
        turned = self.side * self.yaw
        # The shoulder on the camera's side is nearer.
        own = self.scale * (1.0 - turned * _HALF / self.distance) * length
        wide, up = own * np.sin(angle), -own * np.cos(angle)
        flat = np.hypot(1.0, self.yaw)
        out = wide * (azimuth[:, 0] + turned * azimuth[:, 1]) / flat
        near = wide * (azimuth[:, 1] - turned * azimuth[:, 0]) / flat
        up, near = up + self.pitch * near, near - self.pitch * up
        larger = near / self.distance
        out = out + (shoulder[:, 0] + out) * larger
        up = up + (shoulder[:, 1] + up) * larger - self.side * _HALF * np.radians(self.line)
        # Shoulders are before the ankles: from aside the line between them leans.
        rolled = self.side * (_PLUMB * self.yaw + np.radians(self.roll))
        return np.stack([out - rolled * up, up + rolled * out, near], axis=-1)
