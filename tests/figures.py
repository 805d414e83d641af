"""A plain figure moved by formulas: exact truth for tests of the core, without pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from posecoach.body import INDEX, N_POINTS
from posecoach.motion import Motion
from posecoach.posture.shoulders import READ


@dataclass(frozen=True)
class Figure:
    """Body and camera of the figure; lengths in metres."""

    trunk: float = 0.5
    shoulder: float = 0.19
    hip: float = 0.11
    upper_arm: float = 0.28
    forearm: float = 0.25
    thigh: float = 0.42
    shank: float = 0.42
    roll_deg: float = 0.0
    scale: float = 0.4  # picture heights a metre
    centre: tuple[float, float] = (0.5, 0.52)
    width: float = 640.0
    height: float = 480.0
    noise: float = 0.0  # metres
    seed: int = 0
    read: float = READ  # share of a shoulder tilt that the tracker reads which gives these points


@dataclass(frozen=True)
class Moves:
    """What the figure does at each moment; all arrays of one length."""

    elevation: np.ndarray  # (n, 2) degrees above hanging, left and right
    azimuth: np.ndarray  # (n, 2) degrees, 0 = out to the side, 90 = to the front
    elbow: np.ndarray  # (n, 2) degrees of bend
    lean: np.ndarray  # (n,) degrees, + = left
    tilt: np.ndarray  # (n,) degrees, + = left shoulder lower
    knees: np.ndarray = field(default_factory=lambda: np.zeros(0))


def smooth(u: np.ndarray) -> np.ndarray:
    """Minimum-jerk course from 0 to 1."""
    u = np.clip(u, 0, 1)
    return 10 * u**3 - 15 * u**4 + 6 * u**5


def raise_and_lower(place: np.ndarray, duration: float = 10.0) -> np.ndarray:
    """Arms up in front over 45 % of the form, a hold, and down by the sides."""
    u = np.asarray(place) / duration
    return np.asarray(smooth(u / 0.45) - smooth((u - 0.55) / 0.45))


def heavens(place_left: np.ndarray, place_right: np.ndarray, **more: object) -> Moves:
    """Both hands up in front and down by the sides; each side at its own place."""
    amount = np.asarray(more.get("amount", (1.0, 1.0)), dtype=float)
    n = len(place_left)
    up = np.stack([raise_and_lower(place_left), raise_and_lower(place_right)], axis=1)
    u = np.stack([place_left, place_right], axis=1) / 10.0
    azimuth = np.where(u < 0.5, 80.0, 80.0) - 75.0 * smooth((u - 0.42) / 0.16)
    elbow = 70.0 * np.exp(-0.5 * ((u - 0.22) / 0.09) ** 2)
    zero = np.zeros(n)
    return Moves(
        165.0 * up * amount + 8.0,
        azimuth,
        elbow,
        np.asarray(more.get("lean", zero), dtype=float) + zero,
        np.asarray(more.get("tilt", zero), dtype=float) + zero,
    )


def bow(place_left: np.ndarray, place_right: np.ndarray, **more: object) -> Moves:
    """One arm out to the side while the other bends, then the other way round."""
    del more
    n = len(place_left)

    def side(place: np.ndarray, start: float) -> np.ndarray:
        u = place / 10.0
        return np.asarray(smooth((u - start) / 0.2) - smooth((u - start - 0.26) / 0.2))

    left_out, right_out = side(place_left, 0.02), side(place_right, 0.52)
    left_in, right_in = side(place_left, 0.52), side(place_right, 0.02)
    elevation = np.stack(
        [8 + 80 * left_out + 70 * left_in, 8 + 80 * right_out + 70 * right_in], axis=1
    )
    azimuth = np.stack([10 + 20 * left_in, 10 + 20 * right_in], axis=1)
    elbow = np.stack([130 * left_in, 130 * right_in], axis=1)
    return Moves(elevation, azimuth, elbow, np.zeros(n), np.zeros(n))


def make_motion(time_s: np.ndarray, moves: Moves, figure: Figure | None = None) -> Motion:
    """Return the figure's motion seen from the front."""
    f = figure or Figure()
    n = len(time_s)
    p = np.zeros((n, N_POINTS, 3))  # x left, y up, z to the camera
    leg = f.thigh + f.shank

    def put(name: str, x: object, y: object, z: object = 0.0) -> None:
        p[:, INDEX[name]] = np.stack(np.broadcast_arrays(x, y, z, np.zeros(n))[:3], axis=-1)

    lean, tilt = np.radians(moves.lean), np.radians(moves.tilt)
    drawn = lean + f.read * (tilt - lean)
    mid = np.stack([f.trunk * np.sin(lean), leg + f.trunk * np.cos(lean)], axis=1)
    for s, (side, sign) in enumerate((("left", 1.0), ("right", -1.0))):
        put(f"{side}_hip", sign * f.hip, leg)
        put(f"{side}_knee", sign * f.hip, f.shank)
        put(f"{side}_ankle", sign * f.hip, 0.0)
        put(f"{side}_heel", sign * f.hip, -0.04, -0.05)
        put(f"{side}_foot_index", sign * (f.hip + 0.03), -0.05, 0.15)
        sx = mid[:, 0] + sign * f.shoulder * np.cos(drawn)
        sy = mid[:, 1] - sign * f.shoulder * np.sin(drawn)
        put(f"{side}_shoulder", sx, sy)
        e, a = np.radians(moves.elevation[:, s]), np.radians(moves.azimuth[:, s])
        along = np.stack([sign * np.sin(e) * np.cos(a), -np.cos(e), np.sin(e) * np.sin(a)], axis=1)
        across = np.stack([sign * np.cos(e) * np.cos(a), np.sin(e), np.cos(e) * np.sin(a)], axis=1)
        half = np.radians(moves.elbow[:, s]) / 2
        shoulder = p[:, INDEX[f"{side}_shoulder"]]
        elbow = shoulder + f.upper_arm * (
            np.cos(half)[:, None] * along - np.sin(half)[:, None] * across
        )
        wrist = elbow + f.forearm * (np.cos(half)[:, None] * along + np.sin(half)[:, None] * across)
        p[:, INDEX[f"{side}_elbow"]] = elbow
        p[:, INDEX[f"{side}_wrist"]] = wrist
        for tip in ("index", "pinky", "thumb"):
            p[:, INDEX[f"{side}_{tip}"]] = wrist + 0.08 * (wrist - elbow) / f.forearm
    head = np.stack([mid[:, 0], mid[:, 1] + 0.22, np.zeros(n)], axis=1)
    p[:, :11] = head[:, None]
    for i, dx in ((7, 0.075), (8, -0.075), (2, 0.03), (5, -0.03)):
        p[:, i, 0] += dx
    p[:, 0, 2] += 0.1
    if f.noise:
        p += np.random.default_rng(f.seed).normal(0, f.noise, p.shape)
    r = np.radians(f.roll_deg)
    x, y = p[..., 0], p[..., 1] - leg
    x, y = np.cos(r) * x + np.sin(r) * y, -np.sin(r) * x + np.cos(r) * y
    image = np.stack(
        [
            f.centre[0] + f.scale * x * f.height / f.width,
            f.centre[1] - f.scale * y,
            -f.scale * p[..., 2] * f.height / f.width,
        ],
        axis=-1,
    )
    world = np.stack([x, -y, -p[..., 2]], axis=-1)
    ones = np.ones((n, N_POINTS))
    return Motion(np.asarray(time_s, float), image, world, ones, ones, f.width, f.height)


def perform(
    form: Callable[..., Moves] = heavens,
    *,
    repetitions: int = 2,
    tempo: float | Callable[[np.ndarray], np.ndarray] = 1.0,
    stand_s: float = 2.0,
    between_s: float = 1.0,
    fps: float = 30.0,
    delay_left_s: float = 0.0,
    pause: tuple[float, float] | None = None,
    figure: Figure | None = None,
    duration: float = 10.0,
    **more: object,
) -> tuple[Motion, np.ndarray]:
    """Return a session and its true place (NaN outside the form) at each frame.

    ``pause`` is (place, seconds); ``tempo`` a number or a function of the place.
    """
    dt = 1.0 / fps
    places: list[float] = [np.nan] * int(stand_s * fps)
    for k in range(repetitions):
        place, paused = 0.0, 0.0
        while place < duration:
            places.append(place)
            speed = float(tempo(np.array(place))) if callable(tempo) else tempo
            if pause and place >= pause[0] and paused < pause[1]:
                paused += dt
            else:
                place += speed * dt
        gap = between_s if k < repetitions - 1 else stand_s
        places += [np.nan] * int(gap * fps)
    true = np.array(places)
    clock = np.arange(len(true)) * dt
    held = np.nan_to_num(true)
    # A delay moves one side's whole course later.
    left = np.interp(clock - delay_left_s, clock, held)
    jump = np.abs(np.diff(held, prepend=held[0])) > duration / 2
    if delay_left_s and jump.any():
        left = held[np.clip(np.arange(len(held)) - round(delay_left_s * fps), 0, len(held) - 1)]
    return make_motion(clock, form(left, held, **more), figure), true
