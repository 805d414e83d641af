"""One arm at some moments: as the reference has it where one was, and as it is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.track import Track
from posecoach.measure.sight import (
    DEPTH,
    DEPTH_SD,
    SIDES,
    Sight,
    find_azimuth,
    place_arms,
    read_depth,
)
from posecoach.posture.resample import quantile_found

Array = NDArray[np.float64]

_KNOTS_DEG = (35.0, 60.0, 85.0, 110.0, 140.0, 170.0)  # of the reference's height, after the lowest
_HANGING_DEG = 32.0  # from which on the start posture is not the lowest
_HIGHER_DEG = 60.0  # by which one arm is the one that is raised
# Errors of a wrist in the picture, trunk lengths: of itself; for each length that it is before
# the shoulder, across and up; across, of an arm near the vertical, which may go any way.
_SEEN, _AHEAD, _VERTICAL = 0.02, (0.10, 0.06), 0.15
_ALONG = 0.04  # of an upright arm's length
_DEEP = 0.2  # and of its depth against the reference's
_LATE_S = 0.06  # by which a place is wrong

KNOTS = len(_KNOTS_DEG) + 1
"""Heights of the reference, from the lowest on, at which those of the practitioner are told."""


class Course:
    """The reference's arms by place.

    Attributes
    ----------
    arms : Arms
        As they are seen.
    space : (m, 2 sides, 3) array
        In space, on the track's own grid.
    elevation : (m, 2) array
        Degrees above hanging.
    rest : (2,) array
        The same at the start.
    knots : (k, 2) array
        Growing heights, degrees.
    speed : (m, 2, 2) array
        Of the arms as they are seen, trunk lengths a second of the reference.
    depth : (m, 2) array
        As the model gives it.
    """

    def __init__(self, track: Track) -> None:
        self._track = track
        self.arms, space = place_arms(track)
        self.space = space
        self.elevation = elevate(space)
        self.rest: Array = self.elevation[:3].mean(axis=0)
        self.knots = _place_knots(self.rest, self.elevation)
        self.speed = np.gradient(self.arms.reach, track.time_s, axis=0)
        self.depth = read_depth(track.world)
        apart = self.elevation @ np.array(SIDES)
        self._turns = np.clip(apart / _HIGHER_DEG, -1.0, 1.0)

    def sample(self, values: Array, places_s: Array) -> Array:
        """Return values of the grid at places, see `posecoach.follow.track.Track.sample`."""
        return self._track.sample(values, places_s)

    def look_up(self, side: int, places_s: Array) -> tuple[Array, Array, Array]:
        """Return an arm in space (n, 3), its height (n,) and what the knots count there (n, k)."""
        space = self.sample(self.space[:, side], places_s)
        expected = elevate(space)
        knots = self.knots[:, side]
        hats = [np.interp(expected, knots, one) for one in np.eye(len(knots))]
        return space, expected, np.stack(hats, axis=-1)

    def look_up_turn(self, places_s: Array) -> Array:
        """Return which arm is raised there: 1 the left, -1 the right, 0 both or none; (n,)."""
        return self.sample(self._turns, places_s)


@dataclass(frozen=True, eq=False)
class Moments:
    """The moments that are looked at, and what is seen of both arms.

    Attributes
    ----------
    time_s : (m,) array
    reach, shoulder : (m, 2 sides, 2) array
        See `posecoach.measure.sight.Arms`.
    depth : (m, 2) array
        Of the wrists, see `posecoach.measure.sight.read_depth`; may be NaN.
    weight : (m,) array
        How much each tells that the others do not.
    distance : float
        Of the camera, trunk lengths.
    """

    time_s: Array
    reach: Array
    shoulder: Array
    depth: Array
    weight: Array
    distance: float


class Arm:
    """One arm at the moments that are looked at, as the reference has it at some places."""

    def __init__(
        self, course: Course, seen: Moments, side: int, places_s: Array, lifts: Array
    ) -> None:
        self.space, self.expected, self.basis = course.look_up(side, places_s)
        self.pace = course.sample(course.speed[:, side], places_s)
        self._angle = np.radians(self.expected + self.basis @ lifts)
        self._azimuth = find_azimuth(self.space)
        self._length = np.linalg.norm(self.space, axis=1)
        self._shoulder = seen.shoulder[:, side]
        self._seen = seen.reach[:, side]
        # What the model says of depth it says of the reference, too: only the difference is
        # believed.
        more = seen.depth[:, side] - course.sample(course.depth[:, side], places_s)
        self._depth = self.space[:, 2] + DEPTH * more

    def look(self, sight: Sight, turn: float = 0.0) -> Array:
        """Return how the arm looks: outwards, up, to the camera; (m, 3)."""
        return sight.project(self._angle + turn, self._azimuth, self._length, self._shoulder)

    def read(self) -> Array:
        """Return what is seen of it, in the same axes."""
        return np.column_stack([self._seen, self._depth])

    def estimate_errors(self, yaw: float, pitch: float) -> Array:
        """Return by how much what is seen may be wrong: across, up, in depth; (m, 3)."""
        ahead, angle = np.abs(self.space[:, 2]), np.radians(self.expected)
        upright, along = _VERTICAL * (1.0 - np.sin(angle)), _ALONG * np.cos(angle)
        across = _SEEN**2 + (_AHEAD[0] * ahead) ** 2 + (yaw * DEPTH_SD) ** 2 + upright**2
        up = _SEEN**2 + (_AHEAD[1] * ahead) ** 2 + (pitch * DEPTH_SD) ** 2 + along**2
        late = (_LATE_S * self.pace) ** 2
        deep = np.full(len(ahead), _DEEP)
        return np.stack([np.sqrt(across + late[:, 0]), np.sqrt(up + late[:, 1]), deep], axis=-1)


def _place_knots(rest: Array, reference: Array) -> Array:
    """Return growing heights of the reference, from the lowest on: (knots, 2 sides) degrees."""
    lowest = np.minimum(rest, quantile_found(reference, 0.02))
    lowest = np.where(rest > _HANGING_DEG, lowest, rest)
    usual = np.array([[height, height] for height in (0.0, *_KNOTS_DEG)])
    return np.asarray(np.maximum(usual, lowest + np.arange(len(usual))[:, None]))


def elevate(arms: Array) -> Array:
    """Return degrees above hanging of arms in space, (..., 3) to (...)."""
    return np.degrees(np.arctan2(np.hypot(arms[..., 0], arms[..., 2]), -arms[..., 1]))
