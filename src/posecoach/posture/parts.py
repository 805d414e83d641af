"""Which parts of a body the camera really sees: a skeleton is drawn whole on half a person.

A model that finds head and shoulders draws hips and legs, too, and its visibility does not warn: of
hips behind a desk it says 0.9 and more. Its presence does. Measured on drawn people through the
lite, full and heavy models, whole: hips 0.97 to 1.0, ankles 0.99 to 1.0, their visibility 0.4 to
1.0; behind desks from chest to waist: hips 0.25 to 0.92; legs behind desks up to the knee: ankles'
presence 0.0 to 0.9 with a visibility of 0.02 to 0.3; the picture cut at the hips: 0.3 to 0.9 at its
very edge; cut at the thighs, hips are found where they are, with 0.8 to 1.0. The three models
differ less from each other than a whole body from half of one, so that the same limits do for all.

Furniture before one side of the body moves the hip that is drawn there (by 6 degrees of lean) with
a presence that hardly falls. The wrist that hangs beside it tells: 0.3 to 0.7, and 0.96 or more
where it is in view, or only behind the body itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, BLAZEPOSE_33, HIPS, KNEES, SHOULDERS, WRISTS
from posecoach.motion import Observation
from posecoach.posture.angles import compute_trunk_length

Array = NDArray[np.float64]

_LIKELY, _STILL_LIKELY = 0.9, 0.82  # presence of hips from which they are believed, and still are
_CUT = 0.15  # less of it where the picture ends below them
_HIPS_SEEN = 0.5  # visibility of one of them
_EDGE, _CUT_EDGE = 0.965, 0.985  # of the picture's height, beyond which hips are drawn, not seen
_END, _THIGH = 0.97, 0.5  # where the picture ends, and how far thighs reach, in trunk lengths
_LEG, _STILL_LEG = 0.85, 0.7  # presence of ankles
_SEEN, _STILL_SEEN = 0.35, 0.25  # and visibility
_WIDE = 1.2  # shoulders' width in trunk lengths of a trunk that is far too short
_HANGING = 0.3  # trunk lengths above the hips from which on wrists hang beside them
_COVERED = 0.85  # presence of a wrist below which something stands before it
_SMOOTH_S = 0.4
_MEMORY_S = 1.0

_LEGS = tuple(
    [
        i
        for i, name in enumerate(BLAZEPOSE_33)
        if name.startswith(side) and name.endswith(("knee", "ankle", "heel", "foot_index"))
    ]
    for side in ("left", "right")
)


@dataclass(frozen=True)
class Parts:
    """What is seen of a body.

    Attributes
    ----------
    hips : str or None
        Why the hips are not believed, ``"cut_off"`` or ``"hidden"``; None if they are.
    legs : str or None
        Why neither leg is, ``"legs_cut_off"`` or ``"legs_hidden"``; None if one is.
    each : (bool, bool)
        Whether the left leg, and the right one, is believed.
    """

    hips: str | None
    legs: str | None
    each: tuple[bool, bool]

    def leave_out(self, observation: Observation) -> Observation:
        """Return the observation without the legs that are not believed."""
        drop = [i for seen, leg in zip(self.each, _LEGS, strict=True) if not seen for i in leg]
        if not drop:
            return observation
        image, world = observation.image.copy(), observation.world.copy()
        visibility, presence = observation.visibility.copy(), observation.presence.copy()
        image[drop] = world[drop] = np.nan
        visibility[drop] = presence[drop] = 0.0
        return replace(
            observation, image=image, world=world, visibility=visibility, presence=presence
        )


class PartsKeeper:
    """Tells which parts of a body are really seen, over half a second; call `step` once a frame."""

    def __init__(self) -> None:
        self._last_s = float("-inf")
        self._smooth: Array | None = None
        self._hips = False
        self._legs = [False, False]
        self._covered = False

    def step(self, observation: Observation) -> Parts:
        """Take in one frame in which a body was found."""
        o = observation
        knees, trunk = o.image[list(KNEES), 1], float(compute_trunk_length(o.plane()))
        values = np.array(
            [
                o.presence[list(HIPS)].min(),
                o.image[list(HIPS), 1].mean(),
                _THIGH * trunk + o.image[list(HIPS), 1].mean(),
                np.nanmean(knees) if np.isfinite(knees).any() else 0.5,
                *o.presence[list(ANKLES)],
                *o.visibility[list(ANKLES)],
                _measure_breadth(o.plane(), trunk),
                o.visibility[list(HIPS)].max(),
                *o.presence[list(WRISTS)],
            ]
        )
        dt = o.time_s - self._last_s
        self._last_s = o.time_s
        fresh = self._smooth is None or dt > _MEMORY_S
        share = 1.0 if fresh else 1.0 - float(np.exp(-dt / _SMOOTH_S))
        old = values if self._smooth is None else self._smooth
        self._smooth = old + share * (values - old)
        presence, hips_y, thighs_y, knees_y, *rest = self._smooth.tolist()
        cut = max(thighs_y, knees_y) > _END
        legs = [self._judge_leg(side, o, rest[side], rest[2 + side]) for side in (0, 1)]
        # A bend makes a trunk too short for its shoulders, too; then the legs are there.
        plausible = rest[5] >= _HIPS_SEEN and (rest[4] <= _WIDE or any(legs))
        self._covered = not fresh and self._covered
        if _are_hanging(o, trunk):  # what stands before one side of the body stays where it is
            self._covered = (rest[6] < _COVERED) != (rest[7] < _COVERED)
        plausible = plausible and not self._covered
        self._hips = plausible and self._judge_hips(presence, hips_y, cut)
        self._legs = each = [leg and self._hips for leg in legs]
        reason = None
        if not any(each):
            reason = "legs_cut_off" if cut or _are_outside(o) else "legs_hidden"
        hips = None if self._hips else ("cut_off" if cut else "hidden")
        return Parts(hips, reason, (each[0], each[1]))

    def _judge_hips(self, presence: float, hips_y: float, cut: bool) -> bool:
        least = _STILL_LIKELY if self._hips else _LIKELY
        if cut:
            return presence >= least - _CUT and hips_y <= (_CUT_EDGE if self._hips else _EDGE)
        return presence >= least

    def _judge_leg(self, side: int, o: Observation, presence: float, visibility: float) -> bool:
        ankle = o.image[ANKLES[side], :2]
        if not np.isfinite(ankle).all() or (np.abs(ankle - 0.5) > 0.52).any():
            return False
        held = self._legs[side]
        return presence >= (_STILL_LEG if held else _LEG) and visibility >= (
            _STILL_SEEN if held else _SEEN
        )


def _are_hanging(o: Observation, trunk: float) -> bool:
    """Return whether both wrists are inside the picture, beside the hips or lower."""
    wrists = o.image[list(WRISTS), 1]
    hanging = wrists > o.image[list(HIPS), 1].mean() - _HANGING * trunk
    return bool((hanging & (wrists < 1.0)).all())


def _measure_breadth(plane: Array, trunk: float) -> float:
    return float(np.linalg.norm(plane[SHOULDERS[0]] - plane[SHOULDERS[1]])) / max(trunk, 1e-6)


def _are_outside(o: Observation) -> bool:
    ankles = o.image[list(ANKLES), :2]
    return bool((np.abs(ankles - 0.5) > 0.52).any(axis=1).all())
