"""A pinhole camera without distortion, as a laptop's webcam is nearly one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """Where the camera stands and what it sees.

    The person stands at the origin and looks along +z; the camera looks back along -z.

    Attributes
    ----------
    width, height : int
        Pixels.
    hfov_deg : float
        Horizontal field of view.
    distance_m, height_m, side_m : float
        Position: in front of the person, above the floor, to the person's left.
    pitch_deg : float
        + looks up.
    roll_deg : float
        + turns the camera so that the picture's content turns clockwise.
    """

    width: int
    height: int
    hfov_deg: float
    distance_m: float
    height_m: float
    side_m: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return 0.5 * self.width / float(np.tan(np.radians(0.5 * self.hfov_deg)))

    @property
    def position(self) -> Array:
        """(3,) place in the person's axes."""
        return np.array([self.side_m, self.height_m, self.distance_m])

    def axes(self) -> Array:
        """Return (3, 3): rows right, up and backwards of the camera in the person's axes."""
        # Someone looking at the person has the person's left on the right of the picture.
        yaw = np.arctan2(self.side_m, self.distance_m)
        back = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
        up = np.array([0.0, 1.0, 0.0])
        right = np.cross(up, back)
        p = np.radians(self.pitch_deg)
        up, back = np.cos(p) * up + np.sin(p) * back, np.cos(p) * back - np.sin(p) * up
        r = np.radians(self.roll_deg)
        right, up = np.cos(r) * right + np.sin(r) * up, np.cos(r) * up - np.sin(r) * right
        return np.stack([right, up, back])

    def project(self, points: Array) -> tuple[Array, Array]:
        """Return pixels (..., 2), y down, and depths (...) in metres of points (..., 3)."""
        local = (points - self.position) @ self.axes().T
        depth = np.maximum(-local[..., 2], 1e-3)
        f = self.focal_px
        x = 0.5 * self.width + f * local[..., 0] / depth
        y = 0.5 * self.height - f * local[..., 1] / depth
        return np.stack([x, y], axis=-1), depth


def fit_camera(
    size: tuple[int, int],
    body_height_m: float,
    *,
    hfov_deg: float = 62.0,
    height_m: float = 1.0,
    fill: float = 0.88,
    side_m: float = 0.0,
    roll_deg: float = 0.0,
) -> Camera:
    """Return a camera that has the whole person with raised arms in its picture.

    Parameters
    ----------
    fill : float
        Share of the picture's height from the toes to the raised hands.
    """
    width, height = size
    tall = 1.30 * body_height_m
    f = 0.5 * width / np.tan(np.radians(0.5 * hfov_deg))
    distance = f * tall / (fill * height)
    pitch = float(np.degrees(np.arctan2(0.5 * tall - height_m, distance)))
    return Camera(width, height, hfov_deg, distance, height_m, side_m, pitch, roll_deg)
