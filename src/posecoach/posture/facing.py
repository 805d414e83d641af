"""Whether a body shows its front or its back, told without knowing its left from its right.

Seen from the front the toes are lower in the picture than the heels and the nose is nearer than the
ears; from behind it is the other way round. Neither changes when a model exchanges left and right,
so that the order of the labelled sides can be held against it. Measured on drawn people through the
full model: toes 0.07 to 0.16 trunk lengths below the heels, nose 0.07 to 0.14 m before the ears
from the front, also with the head turned; the opposite from behind; both near zero from the side.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posecoach.body import HIPS, INDEX, NOSE, SHOULDERS
from posecoach.posture.angles import compute_trunk_length, measure_trunk
from posecoach.posture.features import EARS

Array = NDArray[np.float64]

HEELS = (INDEX["left_heel"], INDEX["right_heel"])
TOES = (INDEX["left_foot_index"], INDEX["right_foot_index"])

_TOES, _NOSE_M = 0.13, 0.12  # trunk lengths and metres from straight in front
_LIMIT = 1.2
_FOOT = 0.42  # trunk lengths from the side
_UNCLEAR = 0.3
_WIDTHS = ((SHOULDERS, 0.66), (HIPS, 0.42))  # from straight in front, in trunk lengths


def compute_facing(plane: Array, world: Array) -> float:
    """Return how much a body shows its front, whatever its sides are called.

    Parameters
    ----------
    plane : (33, 2) array
        Picture plane, y down.
    world : (33, 3) array
        Metres, z away from the camera; may be NaN.

    Returns
    -------
    float
        About +1 to +2 from the front, -1 to -2 from behind; 0 from the side, or where feet and
        head contradict each other; NaN where neither of them tells.
    """
    points: list[list[float]] = plane.tolist()
    depth: list[float] = world[:, 2].tolist()
    trunk = max(measure_trunk(points), 1e-6)
    below = 0.5 * sum(points[i][1] - points[k][1] for i, k in zip(TOES, HEELS, strict=True))
    toes = below / trunk / _TOES
    nose = (0.5 * sum(depth[i] for i in EARS) - depth[NOSE]) / _NOSE_M
    cues = [c for c in (toes, nose) if math.isfinite(c)]
    # Whoever walks by lifts the heels; a head that is edge on outweighs the feet.
    if not cues or (len(cues) == 2 and (toes * nose < 0 or abs(nose) < _UNCLEAR)):
        return 0.0 if cues else math.nan
    return sum(min(max(c, -_LIMIT), _LIMIT) for c in cues)


def compute_order(plane: Array) -> Array:
    """Return where the labelled left is: +1 as from the front, -1 as from behind, 0 edge on.

    Parameters
    ----------
    plane : (..., 33, 2) array

    Returns
    -------
    (...) array
    """
    trunk = np.maximum(compute_trunk_length(plane), 1e-6)
    widths = [(plane[..., a, 0] - plane[..., b, 0]) / usual for (a, b), usual in _WIDTHS]
    return np.asarray(0.5 * (widths[0] + widths[1]) / trunk)


def compute_facing_x(plane: Array) -> Array:
    """Return where the toes and the nose point in the picture: + = to greater x, trunk lengths.

    Parameters
    ----------
    plane : (..., 33, 2) array

    Returns
    -------
    (...) array
        About 0.4 to 0.6 either way for a body seen from the side; 0 where nothing tells.
    """
    x = plane[..., 0]
    trunk = np.maximum(compute_trunk_length(plane), 1e-6)
    toes = (x[..., TOES].mean(axis=-1) - x[..., HEELS].mean(axis=-1)) / trunk
    nose = (x[..., NOSE] - x[..., EARS].mean(axis=-1)) / trunk
    return np.asarray(np.nan_to_num(toes) + np.nan_to_num(nose))


def estimate_turn(plane: Array) -> Array:
    """Return how far a body is turned to one side, 0 to 90 degrees, by where its feet point.

    Parameters
    ----------
    plane : (..., 33, 2) array

    Returns
    -------
    (...) array
        0 where the feet are not seen.
    """
    trunk = np.maximum(compute_trunk_length(plane), 1e-6)
    x = plane[..., 0]
    ahead = x[..., TOES[0]] + x[..., TOES[1]] - x[..., HEELS[0]] - x[..., HEELS[1]]
    toes = np.abs(0.5 * ahead) / trunk
    share = np.minimum(np.where(np.isfinite(toes), toes, 0.0) / _FOOT, 1.0)
    return np.asarray(np.degrees(np.arcsin(share)))


class FacingKeeper:
    """Keeps to a body's front or back until it has really turned; call `step` once a frame.

    Who turns round is edge on for a moment. Where front and back change places at once, the model
    has changed its mind, and is believed only if it stays with it for longer than any swap lasts,
    and for as long as it said the other before; at most for `PATIENT_S`, as after a cut in a film.

    Attributes
    ----------
    facing : int
        +1 front, -1 back, 0 not known.
    contrary : bool
        Whether the last frame showed the other one.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew, as with somebody else."""
        self.facing = 0
        self.contrary = False
        self.strong = False
        self._since_s = float("-inf")  # from when on it has been that way
        self._seen_s = float("-inf")  # that way, or held to it
        self._broad_s = float("-inf")  # not edge on
        self._contrary_s: float | None = None

    def step(self, time_s: float, facing: float, order: float) -> int:
        """Take in one frame's `compute_facing` and `compute_order`; return which way it faces."""
        self.strong = abs(facing) >= _STRONG  # NaN is not
        last_broad_s = self._broad_s
        if self.strong or abs(order) >= _BROAD:
            self._broad_s = time_s
        if not self.strong:
            return self.facing
        sign = 1 if facing > 0 else -1
        if sign == self.facing:
            self._contrary_s = None
        elif self._contrary_s is None and time_s - last_broad_s <= _TURN_S:
            self._contrary_s = time_s
        elif self._contrary_s is None or time_s - self._contrary_s > self._wait_s():
            self.facing, self._since_s, self._contrary_s = sign, time_s, None
        self.contrary = self._contrary_s is not None
        self._seen_s = time_s
        return self.facing

    def _wait_s(self) -> float:
        """Return for how long the other way round is not believed."""
        known_s = (self._contrary_s or 0.0) - self._since_s
        return min(max(known_s, LONGEST_S), PATIENT_S)

    def remembers(self, time_s: float) -> bool:
        """Return whether the facing was seen a moment ago, or is now."""
        return time_s - self._seen_s <= LONGEST_S


LONGEST_S = 0.8  # swaps last 0.03 to 0.5 s
PATIENT_S = 5.0
_STRONG = 0.5  # of `compute_facing`, from which it tells
_BROAD = 0.6  # of `compute_order`, from which a body is not edge on
_TURN_S = 0.12  # nobody is edge on for a shorter time while turning round
