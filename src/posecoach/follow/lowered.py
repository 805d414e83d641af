"""How the arms of a reference look raised less, or more, than in the reference.

A smaller movement of an arm is a smaller angle at the shoulder: the arm is turned about it in the
upright plane it is in. In the picture that is no smaller way, and overhead not even one in the same
direction. Which plane an arm is in is told by how far it is off the vertical: the less that is,
the more doubtful is where it comes to lie when it is lowered. An elbow need not turn along: the
same wrist can be reached with it further out or in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ELBOWS, HIPS, SHOULDERS
from posecoach.follow.sight import DEPTH, place_arms
from posecoach.follow.sight import SIDES as OUTWARDS
from posecoach.follow.track import Track, once_a_track
from posecoach.posture.angles import middle
from posecoach.posture.resample import median_found

Array = NDArray[np.float64]

SIDES: tuple[tuple[int, ...], tuple[int, ...]] = ((0, 1, 4, 5, 14), (2, 3, 6, 7, 15))
"""Features of the left and of the right arm: wrist, elbow, elevation."""

PARTS = (*SIDES, (8, 9, 10, 11, 12, 13))
"""The same, and what belongs to neither arm."""

LEAST, MOST, _STEP = 0.4, 1.4, 0.1
_PLANE_SD = 0.15  # trunk lengths by which it is wrong how far a wrist is off the vertical
_SWIVEL = 3.0  # by which an elbow may be elsewhere, of the way that it would turn


@dataclass(frozen=True, eq=False)
class Lowered:
    """Features with the arms at shares of the reference's height, less those at its start.

    Attributes
    ----------
    values : (k, m, features) array
        For shares from `LEAST` to `MOST`; 0 where there are none.
    doubt : (k, m, features) array
        One standard error of them, of turning alone.
    """

    values: Array
    doubt: Array

    @property
    def full(self) -> Array:
        """Features as high as the reference's, (m, features)."""
        return np.asarray(self.values[round((1.0 - LEAST) / _STEP)])

    def at(self, share: float, part: int) -> tuple[Array, Array, Array]:
        """Return values of one of `PARTS`, their change with the share, and the doubt."""
        x = min(max((share - LEAST) / _STEP, 0.0), len(self.values) - 1.001)
        low, of = int(x), list(PARTS[part])
        values, doubt = (v[low : low + 2][..., of] for v in (self.values, self.doubt))
        beyond = x - low
        return (
            (1 - beyond) * values[0] + beyond * values[1],
            (values[1] - values[0]) / _STEP,
            (1 - beyond) * doubt[0] + beyond * doubt[1],
        )


@once_a_track
def lower_arms(track: Track) -> Lowered:
    """Return a reference's arms at other heights."""
    _, space = place_arms(track)
    reference, world = track.signals.features, track.world
    trunk = np.linalg.norm(middle(world, SHOULDERS) - middle(world, HIPS), axis=-1)
    shares = np.arange(LEAST, MOST + 0.5 * _STEP, _STEP)
    start = median_found(reference[:3])
    values = np.tile(reference - start, (len(shares), 1, 1))
    doubt = np.zeros_like(values)
    for side, columns in enumerate(SIDES):
        base = reference[:, list(columns)]
        wrist, outwards = space[:, side], OUTWARDS[side]
        ahead = DEPTH * (world[:, SHOULDERS[side], 2] - world[:, ELBOWS[side], 2]) / trunk
        elbow = np.stack([outwards * base[:, 2], -base[:, 3], np.nan_to_num(ahead)], axis=1)
        off = np.hypot(wrist[:, 0], wrist[:, 2])
        angle = np.arctan2(off, -wrist[:, 1])
        unsure = np.minimum(1.0, _PLANE_SD / np.maximum(off, 1e-6))
        for k, share in enumerate(shares):
            turn = np.clip(angle + (share - 1.0) * (angle - np.median(angle[:3])), 0, np.pi) - angle
            moved = [_turn(v, wrist, turn) - v for v in (wrist, elbow)]
            values[k, :, columns[4]] *= share
            for j, m in enumerate(moved):
                values[k, :, columns[2 * j]] += outwards * m[:, 0]
                values[k, :, columns[2 * j + 1]] -= m[:, 1]
            # The wrist's height is known.
            for j, v, by in ((0, wrist, unsure), (2, elbow, _SWIVEL), (3, elbow, _SWIVEL)):
                doubt[k, :, columns[j]] = np.linalg.norm(v, axis=1) * np.abs(turn) * by
    return Lowered(np.nan_to_num(values), np.nan_to_num(doubt))


def _turn(v: Array, wrist: Array, angle: Array) -> Array:
    """Return vectors turned upwards in the upright planes that wrists are in; (m, 3) each."""
    off = np.maximum(np.hypot(wrist[:, 0], wrist[:, 2]), 1e-6)
    ahead = np.stack([wrist[:, 0] / off, 0 * off, wrist[:, 2] / off], axis=1)
    forth, up = (v * ahead).sum(axis=1), v[:, 1]
    out = v + (forth * (np.cos(angle) - 1.0) - up * np.sin(angle))[:, None] * ahead
    out[:, 1] = forth * np.sin(angle) + up * np.cos(angle)
    return np.asarray(out)
