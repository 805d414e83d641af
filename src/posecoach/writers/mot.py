"""MOT: OpenSim's table of angles over time.

The angles are posecoach's own, in the picture plane and against the still stance, not the
coordinates of a musculoskeletal model: those come from OpenSim's inverse kinematics on the TRC.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach._writing import write_file
from posecoach.body import JOINT_ANGLES
from posecoach.motion import Motion
from posecoach.posture.calibration import Calibration
from posecoach.posture.signals import compute_signals
from posecoach.writers.even import sample_evenly

MOT_COLUMNS: tuple[str, ...] = (
    "lateral_lean",
    "shoulder_tilt",
    "pelvis_tilt",
    "left_arm_elevation",
    "right_arm_elevation",
    *(f"{joint}_angle" for joint in JOINT_ANGLES),
)
"""The columns after ``time``, in order; degrees."""


def compute_angles(motion: Motion, calibration: Calibration) -> NDArray[np.float64]:
    """Return the angles of `MOT_COLUMNS` of each frame; (n, columns), degrees, NaN if not known."""
    s = compute_signals(motion.plane(), motion.world, calibration)
    trunk = np.stack([s.lateral_lean, s.shoulder_tilt, s.pelvis_tilt], axis=1)
    return np.concatenate([trunk, s.elevation, s.joints], axis=1)


def write_mot(
    motion: Motion, calibration: Calibration, path: str | Path, *, rate_hz: float | None = None
) -> Path:
    """Write the angles of a take as MOT.

    Parameters
    ----------
    motion : Motion
    calibration : Calibration
        From the quiet standing around the take; see `posecoach.reference.sequence.Take`.
    path : str or path
    rate_hz : float, optional
        Frames a second to sample anew, evenly. Without it the take's own times are written.

    Raises
    ------
    UsageError
        The rate is none that can be written.
    InputError
        The file cannot be written.
    """
    if rate_hz is not None:
        motion, _, _ = sample_evenly(motion, rate_hz)
    angles = compute_angles(motion, calibration)
    time_s = motion.time_s - motion.time_s[0]
    lines = [
        " ".join(Path(path).stem.split()) or "take",
        "version=1",
        f"nRows={len(angles)}",
        f"nColumns={1 + angles.shape[1]}",
        "inDegrees=yes",
        "",
        "Angles in the picture plane against the still stance; see docs/formats.md.",
        "",
        "endheader",
        "\t".join(["time", *MOT_COLUMNS]),
    ]
    for at, row in zip(time_s.tolist(), angles.tolist(), strict=True):
        told = ["nan" if math.isnan(v) else f"{v:.6f}" for v in row]
        lines.append("\t".join([f"{at:.6f}", *told]))
    return write_file(path, ("\n".join(lines) + "\n").encode())
