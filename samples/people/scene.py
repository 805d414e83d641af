"""Several people in one picture: who stands where, who walks through, who hides whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from people.body import Pose, find_keypoints, rotation_about
from people.camera import Camera
from people.performance import Performance
from people.render import SCALE, Actor, Look, draw_shadow
from people.room import draw_room

Array = NDArray[np.float64]
Image = NDArray[np.uint8]

Spot = tuple[float, float, float]
"""Metres to the room's left and to the front, and degrees turned to the left, of a person."""
Way = Callable[[float], Spot | None]
"""Where somebody is at a time; None = not in the room."""

TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")


@dataclass(frozen=True)
class Placed:
    """The room's camera in the axes of a person who stands somewhere else in it.

    Attributes
    ----------
    camera : Camera
    spot : tuple of float
    """

    camera: Camera
    spot: Spot

    @property
    def _turn(self) -> Array:
        return rotation_about(np.array([0.0, 1.0, 0.0]), self.spot[2])

    @property
    def _at(self) -> Array:
        return np.array([self.spot[0], 0.0, self.spot[1]])

    @property
    def position(self) -> Array:
        """(3,) place of the camera in the person's axes."""
        return (self.camera.position - self._at) @ self._turn

    def project(self, points: Array) -> tuple[Array, Array]:
        """Return pixels and depths of points in the person's axes."""
        return self.camera.project(points @ self._turn.T + self._at)

    def to_person(self, direction: Array) -> Array:
        """Return a direction of the room in the person's axes."""
        return np.asarray(direction @ self._turn)


class Player:
    """Somebody in the scene.

    Parameters
    ----------
    performance : Performance
        What they do.
    look : Look
    way : callable, optional
        Where they are; by default in the middle, facing the camera.
    still : bool
        They stand as at the beginning.
    """

    def __init__(
        self, performance: Performance, look: Look, way: Way | None = None, *, still: bool = False
    ) -> None:
        self.performance = performance
        self.actor = Actor(performance.body, look)
        self.way: Way = way or (lambda _: (0.0, 0.0, 0.0))
        self._still = performance.pose_at(0.0) if still else None

    def pose_at(self, time_s: float) -> Pose:
        """Return the pose at a time."""
        return self._still if self._still is not None else self.performance.pose_at(time_s)


class Scene:
    """A room with people, drawn frame by frame.

    Parameters
    ----------
    players : list of Player
        The practitioner first.
    camera : Camera
    room : int
        Seed of the room and of the sensor's noise.
    light : float
    """

    def __init__(
        self, players: list[Player], camera: Camera, room: int = 1, light: float = 1.0
    ) -> None:
        self.players, self.camera, self.light = players, camera, light
        self._background = draw_room(camera, room, light, SCALE)
        self._rng = np.random.default_rng(room)
        lamp = np.array([self._rng.uniform(-0.5, 0.5), 0.6, 0.7])
        self._lamp = lamp / np.linalg.norm(lamp)

    def draw(self, time_s: float) -> Image:
        """Return the picture at a time; call it in the order of time, the noise goes on."""
        canvas = self._background.copy()
        there = []
        for player in self.players:
            spot = player.way(time_s)
            if spot is not None:
                placed = Placed(self.camera, spot)
                there.append((float(np.linalg.norm(placed.position)), player, placed))
        for _, player, placed in sorted(there, key=lambda t: -t[0]):
            pose = player.pose_at(time_s)
            lamp = placed.to_person(self._lamp)
            draw_shadow(canvas, pose, placed)  # type: ignore[arg-type]
            player.actor.draw(canvas, pose, placed, lamp, self.light)  # type: ignore[arg-type]
        size = (self.camera.width, self.camera.height)
        picture = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
        noise = self._rng.normal(0, 2.0, (*picture.shape[:2], 1))
        return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)

    def trunks(self, time_s: float) -> list[Array | None]:
        """Return each player's shoulders and hips in pixels, (4, 2); None where they are not."""
        out: list[Array | None] = []
        for player in self.players:
            spot = player.way(time_s)
            if spot is None:
                out.append(None)
                continue
            found = find_keypoints(player.performance.body, player.pose_at(time_s))
            pixels, _ = Placed(self.camera, spot).project(np.stack([found[n] for n in TRUNK]))
            out.append(pixels)
        return out


def walk(start: tuple[float, float], end: tuple[float, float], from_s: float, to_s: float) -> Way:
    """Return the way of somebody who walks from one place to another and is gone after."""
    turn = float(np.degrees(np.arctan2(end[0] - start[0], end[1] - start[1])))

    def way(time_s: float) -> Spot | None:
        if not from_s <= time_s <= to_s:
            return None
        u = (time_s - from_s) / (to_s - from_s)
        x, z = (a + u * (b - a) for a, b in zip(start, end, strict=True))
        return x, z, turn

    return way


def stand(x: float, z: float, turn: float = 0.0, from_s: float = 0.0) -> Way:
    """Return the way of somebody who stands somewhere from a time on."""
    return lambda time_s: (x, z, turn) if time_s >= from_s else None
