"""A plain living room: wall, floor, window, picture, plant, rug; drawn once for each clip."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from people.camera import Camera

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]


def draw_room(camera: Camera, seed: int, light: float, scale: int = 1) -> Image:
    """Return the empty room as a picture of ``scale`` times the camera's size.

    Parameters
    ----------
    camera : Camera
    seed : int
        Of colours and furniture.
    light : float
        1 = a bright day; 0.4 = an evening lamp.
    """
    rng = np.random.default_rng(seed)
    out = np.zeros((camera.height * scale, camera.width * scale, 3), np.uint8)
    wall_z = -float(rng.uniform(0.8, 1.6))
    wall = _tint(rng, (205, 215, 222), 18)
    floor = _tint(rng, (105, 140, 175), 25)

    def quad(corners: list[tuple[float, float, float]], colour: Colour) -> None:
        pixels, _ = camera.project(np.array(corners))
        points = np.round(pixels * scale * 16).astype(np.int32)
        shade = tuple(float(np.clip(c * light, 0, 255)) for c in colour)
        cv2.fillPoly(out, [points], shade, cv2.LINE_AA, 4)

    def upright(x: float, y: float, w: float, h: float, z: float, colour: Colour) -> None:
        quad([(x, y, z), (x + w, y, z), (x + w, y + h, z), (x, y + h, z)], colour)

    upright(-6, 0, 12, 5, wall_z, wall)
    near = camera.distance_m - 0.3
    quad([(-6, 0, wall_z), (6, 0, wall_z), (6, 0, near), (-6, 0, near)], floor)
    for k in range(-14, 15):  # floor boards
        x = 0.32 * k
        quad(
            [(x, 0, wall_z), (x + 0.012, 0, wall_z), (x + 0.012, 0, near), (x, 0, near)],
            tuple(int(0.8 * c) for c in floor),  # type: ignore[arg-type]
        )
    upright(-6, 0, 12, 0.09, wall_z + 0.01, (235, 238, 240))
    side = 1 if rng.random() < 0.5 else -1
    x = side * 1.55 - 0.5
    upright(x - 0.06, 0.94, 1.12, 1.32, wall_z + 0.02, (240, 242, 243))  # window
    upright(x, 1.0, 1.0, 1.2, wall_z + 0.03, (235, 222, 205))
    upright(x + 0.48, 1.0, 0.04, 1.2, wall_z + 0.04, (240, 242, 243))
    px = -side * 1.5 - 0.3
    upright(px, 1.35, 0.62, 0.46, wall_z + 0.02, (70, 85, 100))  # a picture
    upright(px + 0.04, 1.39, 0.54, 0.38, wall_z + 0.03, _tint(rng, (150, 160, 150), 50))
    bx = -side * 2.0 - 0.4
    upright(bx, 0, 0.9, 0.75, wall_z + 0.3, _tint(rng, (80, 110, 150), 25))  # chest of drawers
    for row in range(3):
        upright(bx + 0.04, 0.06 + 0.23 * row, 0.82, 0.2, wall_z + 0.31, (120, 150, 185))
    _plant(camera, out, scale, light, side * 1.9, wall_z + 0.5, rng)
    rug = _tint(rng, (120, 110, 140), 45)
    quad([(-0.9, 0, -0.45), (0.9, 0, -0.45), (0.9, 0, 0.75), (-0.9, 0, 0.75)], rug)
    return _weather(out, rng, light)


def _tint(rng: np.random.Generator, colour: Colour, spread: int) -> Colour:
    common = int(rng.integers(-spread, spread + 1))
    own = rng.integers(-spread // 3, spread // 3 + 1, 3)
    b, g, r = (int(np.clip(c + common + d, 0, 255)) for c, d in zip(colour, own, strict=True))
    return b, g, r


def _plant(
    camera: Camera,
    out: Image,
    scale: int,
    light: float,
    x: float,
    z: float,
    rng: np.random.Generator,
) -> None:
    for _ in range(26):
        tip = np.array([x + rng.normal(0, 0.22), 0.55 + rng.uniform(0, 0.6), z])
        ends, _depth = camera.project(np.stack([np.array([x, 0.35, z]), tip]))
        green = tuple(light * float(c) for c in (60 + rng.integers(0, 40), 110, 60))
        p, q = (tuple(int(v) for v in e * scale) for e in ends)
        cv2.line(out, p, q, green, 3 * scale, cv2.LINE_AA)
    corners = np.array(
        [(x - 0.14, 0, z), (x + 0.14, 0, z), (x + 0.18, 0.38, z), (x - 0.18, 0.38, z)]
    )
    pixels, _depth = camera.project(corners)
    pot = tuple(light * c for c in (90.0, 110.0, 160.0))
    cv2.fillPoly(out, [np.round(pixels * scale).astype(np.int32)], pot, cv2.LINE_AA)


def _weather(out: Image, rng: np.random.Generator, light: float) -> Image:
    """Uneven light across the room and a fixed fine grain."""
    h, w = out.shape[:2]
    x = np.linspace(-1, 1, w)[None, :]
    y = np.linspace(-1, 1, h)[:, None]
    fall = 1.0 - 0.12 * (x * rng.uniform(-1, 1) + y * 0.4) - 0.10 * (x**2 + y**2)
    coarse = cv2.resize(rng.normal(0, 2.5 * light, (h // 8, w // 8)).astype(np.float32), (w, h))
    lit = out.astype(np.float32) * fall[..., None].astype(np.float32) + coarse[..., None]
    return cv2.GaussianBlur(np.clip(lit, 0, 255).astype(np.uint8), (0, 0), 0.0012 * w)
