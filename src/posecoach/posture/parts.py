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

import math
from dataclasses import dataclass, replace

import numpy as np

from posecoach.body import ANKLES, BLAZEPOSE_33, HIPS, KNEES, SHOULDERS, WRISTS
from posecoach.motion import Observation
from posecoach.posture.angles import measure_trunk

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
_OUTSIDE = 0.52  # from the middle of the picture
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
        self._smooth: list[float] | None = None
        self._hips = False
        self._legs = [False, False]
        self._covered = False

    def step(self, observation: Observation) -> Parts:
        """Take in one frame in which a body was found."""
        o, points = observation, observation.points()
        presence, visibility = o.presence.tolist(), o.visibility.tolist()
        trunk = measure_trunk(points)
        hips_y = 0.5 * sum(points[i][1] for i in HIPS)
        knees_y = [points[i][1] for i in KNEES if math.isfinite(points[i][1])]
        values = [
            min(presence[i] for i in HIPS),
            hips_y,
            _THIGH * trunk + hips_y,
            sum(knees_y) / len(knees_y) if knees_y else 0.5,
            *(presence[i] for i in ANKLES),
            *(visibility[i] for i in ANKLES),
            math.dist(*(points[i] for i in SHOULDERS)) / max(trunk, 1e-6),
            max(visibility[i] for i in HIPS),
            *(presence[i] for i in WRISTS),
        ]
        dt = o.time_s - self._last_s
        self._last_s = o.time_s
        fresh = self._smooth is None or dt > _MEMORY_S
        share = 1.0 if fresh else 1.0 - math.exp(-dt / _SMOOTH_S)
        old = self._smooth or values
        self._smooth = [a + share * (b - a) for a, b in zip(old, values, strict=True)]
        hips_there, hips_y, thighs_y, thigh_end_y, *rest = self._smooth
        cut = max(thighs_y, thigh_end_y) > _END
        ankles = o.image[list(ANKLES), :2].tolist()
        outside = [max(abs(x - 0.5), abs(y - 0.5)) > _OUTSIDE for x, y in ankles]
        there = [
            math.isfinite(x + y) and not out for (x, y), out in zip(ankles, outside, strict=True)
        ]
        legs = [there[k] and self._judge_leg(k, rest[k], rest[2 + k]) for k in (0, 1)]
        # A bend makes a trunk too short for its shoulders, too; then the legs are there.
        plausible = rest[5] >= _HIPS_SEEN and (rest[4] <= _WIDE or any(legs))
        self._covered = not fresh and self._covered
        if _are_hanging(points, trunk):  # what stands before one side of the body stays where it is
            self._covered = (rest[6] < _COVERED) != (rest[7] < _COVERED)
        plausible = plausible and not self._covered
        self._hips = plausible and self._judge_hips(hips_there, hips_y, cut)
        self._legs = each = [leg and self._hips for leg in legs]
        reason = None
        if not any(each):
            reason = "legs_cut_off" if cut or all(outside) else "legs_hidden"
        hips = None if self._hips else ("cut_off" if cut else "hidden")
        return Parts(hips, reason, (each[0], each[1]))

    def _judge_hips(self, presence: float, hips_y: float, cut: bool) -> bool:
        least = _STILL_LIKELY if self._hips else _LIKELY
        if cut:
            return presence >= least - _CUT and hips_y <= (_CUT_EDGE if self._hips else _EDGE)
        return presence >= least

    def _judge_leg(self, side: int, presence: float, visibility: float) -> bool:
        held = self._legs[side]
        return presence >= (_STILL_LEG if held else _LEG) and visibility >= (
            _STILL_SEEN if held else _SEEN
        )


def _are_hanging(points: list[list[float]], trunk: float) -> bool:
    """Return whether both wrists are inside the picture, beside the hips or lower."""
    highest = 0.5 * sum(points[i][1] for i in HIPS) - _HANGING * trunk
    return all(highest < points[i][1] < 1.0 for i in WRISTS)
