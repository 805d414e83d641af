"""How wrong a reading may be: one standard error from bias, jitter, size, visibility and view.

The model's bias is the limit, not its noise: two models differ by 0.5 degrees of lean and 1 to
2 degrees of shoulder tilt on the same pictures however long one averages. The numbers here are
checked against rendered people with known truth in ``benchmarks/``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from posecoach.body import HIPS, JOINT_ANGLES, SHOULDERS, WRISTS
from posecoach.posture.calibration import Calibration

Array = NDArray[np.float64]

RENDERED: Mapping[str, float] = {
    "lateral_lean": 0.45,
    "shoulder_tilt": 0.9,
    "pelvis_tilt": 1.2,
    "forward_lean": 1.9,
    "arm_height_difference": 0.5,
    "arm_elevation": 1.9,
    "joint_angle": 3.5,
}
"""Standard error in degrees found on rendered people, that no averaging takes away."""

REAL: Mapping[str, float] = {
    "lateral_lean": 0.5,
    "forward_lean": 1.0,
    "shoulder_tilt": 1.5,  # 1 as it is drawn, see `posecoach.posture.shoulders`
    "pelvis_tilt": 1.0,
    "joint_angle": 5.0,
}
"""Further standard error of real people: by so much two models differ on the same pictures.

Rendered people cannot show it, so that on them the claimed errors are wider than those found.
"""

BIAS: Mapping[str, float] = {
    measure: float(np.hypot(error, REAL.get(measure, 0.0))) for measure, error in RENDERED.items()
}
"""Both together."""

UNCALIBRATED: Mapping[str, float] = {
    "lateral_lean": 1.5,
    "shoulder_tilt": 3.0,
    "pelvis_tilt": 2.0,
    "forward_lean": 1.5,
    "arm_height_difference": 1.0,
}
"""Added where no still stance was seen."""

POINT_PX = 0.4
"""Error of a point that is not bias, pixels.

Three clips made smaller before the model saw them, until it found nobody at a trunk of 35 pixels:
0.2 to 0.5 pixels from where the large ones have it. Of 152 rendered people no error in trunk
lengths depends on their size (trunks of 55 to 137 pixels).
"""

GUESSED = 0.1
"""Error of a point that is not seen but drawn, trunk lengths, over some seconds.

Visibility is the model's own likelihood that it sees a point. What it does not see it guesses, so
that the mean square of the error is a mixture of both: visibility 0.5 adds half of this one's
square. Of rendered people's wrists in single moments the guess is 0.16 trunk lengths off,
whatever their visibility from 0.6 to 0.97, in the full and the heavy model alike, whose visibility
is of another scale; of elbows 0.1, of knees and ankles 0.03 to 0.1. The median over three seconds
is 0.1 off for wrists, that over a whole form 0.05.
"""
USUAL = 0.03
"""Share that is guessed where everything is seen; it is in the errors above."""

_LINES: Mapping[str, tuple[float, Mapping[int, float]]] = {
    "lateral_lean": (1.0, dict.fromkeys((*SHOULDERS, *HIPS), 0.5)),
    "forward_lean": (1.0, dict.fromkeys((*SHOULDERS, *HIPS), 0.5)),
    "shoulder_tilt": (0.66, dict.fromkeys(SHOULDERS, 1.0)),
    "pelvis_tilt": (0.42, dict.fromkeys(HIPS, 1.0)),
    "arm_elevation": (1.1, dict.fromkeys((*SHOULDERS, *WRISTS), math.sqrt(0.5))),
    "arm_height_difference": (1.1, dict.fromkeys((*SHOULDERS, *WRISTS), 1.0)),
    # A joint's own place turns both of its limbs.
    **{
        f"joint_angle.{joint}": (0.5, dict(zip(chain, (1.0, 1.5, 1.0), strict=True)))
        for joint, chain in JOINT_ANGLES.items()
    },
}
"""How long the line is that a measure is the angle of, in trunk lengths, and by how much each point
moves one of its ends."""


def estimate_error(
    measure: str,
    calibration: Calibration,
    height_px: float,
    spread: float = 0.0,
    extra: float = 0.0,
    *,
    visibility: Array | None = None,
    calibrated: bool = True,
) -> float:
    """Return one standard error of a reading in degrees.

    Parameters
    ----------
    measure : str
    calibration : Calibration
        The practitioner's: gives the body's size in the picture and whether the vertical is known.
    height_px : float
        Height of the picture in pixels.
    spread : float
        Standard error of the averaged readings themselves, degrees: jitter.
    extra : float
        Anything the caller knows of, such as what the view does, degrees.
    visibility : (33,) array, optional
        Mean over the frames that were averaged, 0 to 1; all are seen if not given.
    calibrated : bool
        Whether the vertical of the reference is known as well.
    """
    kind = measure.split(".")[0]
    trunk_px = max(calibration.trunk * height_px, 1.0)
    # Readings are averaged over half a second or more: about five independent errors.
    size, guess = (POINT_PX / trunk_px) ** 2 / 5.0, 0.0
    length, parts = _LINES[measure]
    points = sum(part**2 for part in parts.values()) * size
    if visibility is not None:
        for i, part in parts.items():
            guess += (part * GUESSED) ** 2 * max(0.0, 1.0 - USUAL - float(visibility[i]))
    # Of an error in any direction half is across the line.
    seen = math.degrees(math.sqrt(0.5 * (points + guess)) / length)
    missing = (not calibration.done) + (not calibrated)
    unknown = UNCALIBRATED.get(kind, 0.0) * math.sqrt(missing)
    return math.hypot(BIAS[kind], seen, unknown, spread, extra)


def estimate_view_error(turn_deg: float) -> float:
    """Return by how much an angle in the frontal plane is read wrongly in the picture; degrees.

    Of a body turned to one side the picture shows breadths by the cosine of the turn, and heights
    as they are: an angle of 45 degrees to the vertical is changed most.

    Parameters
    ----------
    turn_deg : float
        How far the body is turned from the camera, 0 to 90.
    """
    return 45.0 - math.degrees(math.atan(math.cos(math.radians(turn_deg))))
