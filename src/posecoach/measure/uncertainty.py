"""How wrong a reading may be: one standard error from bias, jitter, size and view.

The model's bias is the limit, not its noise: two models differ by 0.5 degrees of lean and 1 to
2 degrees of shoulder tilt on the same pictures however long one averages. The numbers here are
checked against rendered people with known truth in ``benchmarks/``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from posecoach.posture.calibration import Calibration

RENDERED: Mapping[str, float] = {
    "lateral_lean": 0.45,
    "shoulder_tilt": 0.7,
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
    "shoulder_tilt": 1.0,
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
    "shoulder_tilt": 2.0,
    "pelvis_tilt": 2.0,
    "arm_height_difference": 1.0,
}
"""Added where no still stance was seen."""

_POINT_PX = 1.5  # error of a point that is not bias, pixels


def estimate_error(
    measure: str,
    calibration: Calibration,
    height_px: float,
    spread: float = 0.0,
    extra: float = 0.0,
) -> float:
    """Return one standard error of a reading in degrees.

    Parameters
    ----------
    measure : str
    calibration : Calibration
        Gives the body's size in the picture and whether the vertical is known.
    height_px : float
        Height of the picture in pixels.
    spread : float
        Standard error of the averaged readings themselves, degrees.
    extra : float
        Anything the caller knows of, degrees.
    """
    kind = measure.split(".")[0]
    trunk_px = max(calibration.trunk * height_px, 1.0)
    # Readings are averaged over half a second or more: about five independent errors.
    size = math.degrees(_POINT_PX / trunk_px) / math.sqrt(5.0)
    unknown = 0.0 if calibration.done else UNCALIBRATED.get(kind, 0.0)
    return math.hypot(BIAS[kind], size, unknown, spread, extra)
