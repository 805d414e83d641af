"""The quantities that are measured, for one frame or a whole recording at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body import HIPS, SHOULDERS
from posecoach.posture.angles import (
    compute_arm_elevation,
    compute_forward_lean,
    compute_joint_angles,
    compute_lateral_lean,
    compute_line_tilt,
    rotate_plane,
)
from posecoach.posture.calibration import Calibration, turn_front
from posecoach.posture.features import compute_features
from posecoach.posture.shoulders import estimate_shoulder_tilt, find_read_share

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Signals:
    """Calibrated quantities; every array has the same leading shape.

    Attributes
    ----------
    lateral_lean, shoulder_tilt, pelvis_tilt : (...) array
        Degrees against the calibrated vertical or horizontal; + = to the left, left lower. What a
        model reads too small of the shoulders is made good, see `posecoach.posture.shoulders`.
    elevation : (..., 2) array
        Left and right arm, degrees above hanging.
    joints : (..., 8) array
        Joint angles in degrees, order of `posecoach.body.JOINT_ANGLES`.
    features : (..., 16) array
        See `posecoach.posture.features`.
    forward_lean : (...) array
        Degrees against the calibrated vertical, + = forward; NaN unless seen from the side.
    """

    lateral_lean: Array
    shoulder_tilt: Array
    pelvis_tilt: Array
    elevation: Array
    joints: Array
    features: Array
    forward_lean: Array

    def at(self, i: int) -> Signals:
        """Return one moment of a recording."""
        return Signals(
            self.lateral_lean[i],
            self.shoulder_tilt[i],
            self.pelvis_tilt[i],
            self.elevation[i],
            self.joints[i],
            self.features[i],
            self.forward_lean[i],
        )


def compute_signals(plane: Array, world: Array, calibration: Calibration) -> Signals:
    """Return the calibrated quantities.

    Parameters
    ----------
    plane : (..., 33, 2) array
        Picture plane, y down, one unit in both directions.
    world : (..., 33, 3) array
        Metres; may be NaN.
    """
    c = calibration
    level = rotate_plane(plane, c.roll_deg)
    elevation = compute_arm_elevation(level, world)
    lean = compute_lateral_lean(level, c.facing) - c.zero_lean
    shoulders = compute_line_tilt(level, SHOULDERS, c.facing) - c.zero_shoulders
    return Signals(
        lean,
        estimate_shoulder_tilt(shoulders, lean, find_read_share(plane)),
        compute_line_tilt(level, HIPS, c.facing) - c.zero_pelvis,
        elevation,
        compute_joint_angles(level),
        compute_features(turn_front(level, c.mirror), elevation=elevation),
        compute_forward_lean(level, c.facing_x)
        if c.facing_x
        else np.full(plane.shape[:-2], np.nan),
    )
