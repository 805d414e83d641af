"""One arm at some moments: as the reference has it where one was, and as it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.sight import (
    DEPTH,
    DEPTH_SD,
    SIDES,
    Sight,
    find_azimuth,
    place_arms,
    read_depth,
)
from posecoach.follow.track import Track
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
    """

    def __init__(self, track: Track) -> None:
        self._track = track
        self.arms, self.space = place_arms(track)
        self.elevation = elevate(self.space)
        self.rest: Array = self.elevation[:3].mean(axis=0)
        self.knots = _place_knots(self.rest, self.elevation)
        speed = np.gradient(self.arms.reach, track.time_s, axis=0)
        depth = read_depth(track.world)
        # All that is looked up again and again stands side by side, for each side.
        self._table = [
            np.column_stack(
                [
                    self.space[:, side],
                    self.elevation[:, side],
                    *_make_hats(self.elevation[:, side], self.knots[:, side]),
                    find_azimuth(self.space[:, side]),
                    speed[:, side],
                    depth[:, side],
                ]
            )
            for side in (0, 1)
        ]
        apart = self.elevation @ np.array(SIDES)
        self._turns = np.clip(apart / _HIGHER_DEG, -1.0, 1.0)

    def look_up(self, side: int, places_s: Array) -> Place:
        """Return an arm at places."""
        found = self._track.sample(self._table[side], places_s)
        parts = np.split(found, [3, 4, 4 + KNOTS, 6 + KNOTS, 8 + KNOTS], axis=1)
        space, expected, basis, azimuth, speed, depth = parts
        return Place(space, expected[:, 0], basis, azimuth, speed, depth[:, 0])

    def look_up_turn(self, places_s: Array) -> Array:
        """Return which arm is raised there: 1 the left, -1 the right, 0 both or none; (n,)."""
        return self._track.sample(self._turns, places_s)


class Place(NamedTuple):
    """An arm of the reference at n places.

    Attributes
    ----------
    space : (n, 3) array
    expected : (n,) array
        Degrees above hanging.
    basis : (n, k) array
        What each knot counts there.
    azimuth : (n, 2) array
        See `posecoach.follow.sight.find_azimuth`.
    speed : (n, 2) array
        As it is seen, trunk lengths a second of the reference.
    depth : (n,) array
        As the model gives it.
    """

    space: Array
    expected: Array
    basis: Array
    azimuth: Array
    speed: Array
    depth: Array


@dataclass(frozen=True, eq=False)
class Moments:
    """The moments that are looked at, and what is seen of both arms.

    Attributes
    ----------
    time_s : (m,) array
    reach, shoulder : (m, 2 sides, 2) array
        See `posecoach.follow.sight.Arms`.
    depth : (m, 2) array
        Of the wrists, see `posecoach.follow.sight.read_depth`; may be NaN.
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
        self._at = at = course.look_up(side, places_s)
        self.basis = at.basis
        self._angle = np.radians(at.expected + at.basis @ lifts)
        self._length = np.linalg.norm(at.space, axis=1)
        self._shoulder = seen.shoulder[:, side]
        self._seen = seen.reach[:, side]
        # What the model says of depth it says of the reference, too: only the difference is
        # believed.
        self._depth = at.space[:, 2] + DEPTH * (seen.depth[:, side] - at.depth)

    def look(self, sight: Sight, turn: float = 0.0) -> Array:
        """Return how the arm looks: outwards, up, to the camera; (m, 3)."""
        return sight.project(self._angle + turn, self._at.azimuth, self._length, self._shoulder)

    def read(self) -> Array:
        """Return what is seen of it, in the same axes."""
        return np.column_stack([self._seen, self._depth])

    def estimate_errors(self, yaw: float, pitch: float) -> Array:
        """Return by how much what is seen may be wrong: across, up, in depth; (m, 3)."""
        ahead, angle = np.abs(self._at.space[:, 2]), np.radians(self._at.expected)
        upright, along = _VERTICAL * (1.0 - np.sin(angle)), _ALONG * np.cos(angle)
        across = _SEEN**2 + (_AHEAD[0] * ahead) ** 2 + (yaw * DEPTH_SD) ** 2 + upright**2
        up = _SEEN**2 + (_AHEAD[1] * ahead) ** 2 + (pitch * DEPTH_SD) ** 2 + along**2
        late = (_LATE_S * self._at.speed) ** 2
        deep = np.full(len(ahead), _DEEP)
        return np.stack([np.sqrt(across + late[:, 0]), np.sqrt(up + late[:, 1]), deep], axis=-1)


def _place_knots(rest: Array, reference: Array) -> Array:
    """Return growing heights of the reference, from the lowest on: (knots, 2 sides) degrees."""
    lowest = np.minimum(rest, quantile_found(reference, 0.02))
    lowest = np.where(rest > _HANGING_DEG, lowest, rest)
    usual = np.array([[height, height] for height in (0.0, *_KNOTS_DEG)])
    return np.asarray(np.maximum(usual, lowest + np.arange(len(usual))[:, None]))


def _make_hats(expected: Array, knots: Array) -> list[Array]:
    """Return piecewise linear functions of the reference's height, one for each knot."""
    return [np.interp(expected, knots, one) for one in np.eye(len(knots))]


def elevate(arms: Array) -> Array:
    """Return degrees above hanging of arms in space, (..., 3) to (...)."""
    return np.degrees(np.arctan2(np.hypot(arms[..., 0], arms[..., 2]), -arms[..., 1]))
