"""TRC: the text format of OpenSim and of motion capture systems for points in space.

It holds the points in metres alone, turned to OpenSim's axes: X forward, Y up, Z to the
practitioner's right. They are about the middle of the hips, so the body moves but does not
travel.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posecoach._writing import write_file
from posecoach.body import BLAZEPOSE_33, N_POINTS
from posecoach.errors import InputError, UsageError
from posecoach.motion import Motion
from posecoach.writers.even import sample_evenly

Array = NDArray[np.float64]

FIELDS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate",
    "OrigDataStartFrame", "OrigNumFrames",
)  # fmt: skip
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001}


def write_trc(
    motion: Motion,
    path: str | Path,
    *,
    rate_hz: float | None = None,
    units: str = "m",
) -> Path:
    """Write the points in space of a take as TRC.

    Parameters
    ----------
    motion : Motion
        ``world`` is written; points that are not known stay empty.
    path : str or path
    rate_hz : float, optional
        Frames a second to sample anew, evenly; some programs go by the rate instead of by the
        times. Without it the take's own frames and times are written.
    units : {"m", "mm"}

    Raises
    ------
    UsageError
        The unit or the rate is none that can be written.
    InputError
        There are no points in space, or the file cannot be written.
    """
    if units not in ("m", "mm"):
        raise UsageError(f"Expected 'm' or 'mm' as units but got {units!r}.")
    if not np.isfinite(motion.world).any():
        raise InputError("Expected points in space but this take has them in the picture alone.")
    rate = motion.fps
    if rate_hz is not None:
        motion, rate, _ = sample_evenly(motion, rate_hz)
    time_s = motion.time_s - motion.time_s[0]
    points = to_opensim(motion.world) / UNITS[units]
    n, file = len(time_s), Path(path)
    told = f"{rate:.6g}"
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{' '.join(file.name.split())}",
        "\t".join(FIELDS),
        "\t".join([told, told, str(n), str(N_POINTS), units, told, "1", str(n)]),
        "Frame#\tTime\t" + "\t\t\t".join(BLAZEPOSE_33) + "\t\t",
        "\t\t" + "\t".join(f"{a}{k}" for k in range(1, N_POINTS + 1) for a in "XYZ"),
        "",
    ]
    digits = 6 if units == "m" else 3
    for k in range(n):
        row = ["" if math.isnan(v) else f"{v:.{digits}f}" for v in points[k].reshape(-1).tolist()]
        # The tab at the end, as many programs write it: OpenSim loses a last empty field without.
        lines.append("\t".join([str(k + 1), f"{time_s[k]:.6f}", *row, ""]))
    return write_file(file, ("\n".join(lines) + "\n").encode())


def to_opensim(world: ArrayLike) -> Array:
    """Return points turned from x right in the picture, y down, z away to OpenSim's axes.

    For someone who faces the camera: X forward, Y up, Z to their own right.
    """
    p = np.asarray(world, dtype=float)
    return np.stack([-p[..., 2], -p[..., 1], -p[..., 0]], axis=-1)


def from_opensim(points: ArrayLike) -> Array:
    """Return points turned back; the same exchange of axes once more."""
    return to_opensim(points)
