"""A take as CSV: all that ``motion.npz`` holds of it, so that reading it back gives the same take.

One row a frame, one column a number, named in the first row; an empty field is a point that was
not found.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from posecoach._writing import write_file
from posecoach.body import BLAZEPOSE_33
from posecoach.motion import Motion

_AXES = ("x", "y", "z")
CSV_COLUMNS: tuple[str, ...] = (
    "time_s",
    "width",
    "height",
    *(f"{p}_image_{a}" for p in BLAZEPOSE_33 for a in _AXES),
    *(f"{p}_world_{a}" for p in BLAZEPOSE_33 for a in _AXES),
    *(f"{p}_visibility" for p in BLAZEPOSE_33),
    *(f"{p}_presence" for p in BLAZEPOSE_33),
)
"""The columns of the CSV, in order."""


def write_csv(motion: Motion, path: str | Path) -> Path:
    """Write a take as CSV.

    Parameters
    ----------
    motion : Motion
    path : str or path

    Raises
    ------
    InputError
        The file cannot be written.
    """
    n = len(motion)
    parts = [
        motion.image.reshape(n, -1),
        motion.world.reshape(n, -1),
        motion.visibility,
        motion.presence,
    ]
    # The shortest decimals that give the same float32 again: that is what is stored.
    values = np.concatenate(parts, axis=1).astype(np.float32)
    size = [_say(motion.width), _say(motion.height)]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(CSV_COLUMNS)
    for time_s, row in zip(motion.time_s.tolist(), values, strict=True):
        told = ["" if number == "nan" else number for number in row.astype(str).tolist()]
        rows.writerow([_say(time_s), *size, *told])
    return write_file(path, out.getvalue().encode())


def _say(number: float) -> str:
    return repr(float(number))
