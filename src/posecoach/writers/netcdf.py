"""netCDF as `movement` (neuroinformatics) lays out its poses, written as NetCDF-3 by scipy.

Dimensions ``time, space, keypoints, individuals`` with ``position`` in pixels and ``confidence``,
so that movement's own functions work on it. Beside them stands what movement has no name for:
depth, the points in metres, presence. Times are the take's own, even or not; the attribute
``fps``, from which some programs would make times of their own, is there only if they are even.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import netcdf_file

from posecoach._writing import write_file
from posecoach.body import BLAZEPOSE_33
from posecoach.motion import Motion
from posecoach.writers.even import find_rate

SCHEMA = "posecoach.take/1"
INDIVIDUAL = "id_0"
_COMMENT = (
    "position: pixels, x to the picture's right, y down. depth: pixels, smaller is nearer, a "
    "model's guess. world: metres about the middle of the hips, x right, y down, z away. Left and "
    "right are the person's own. confidence: the model's visibility. NaN: not found. Times are "
    "those of the camera and need not be even."
)


def write_netcdf(motion: Motion, path: str | Path) -> Path:
    """Write a take as a netCDF file that `movement` and xarray read.

    Parameters
    ----------
    motion : Motion
    path : str or path

    Raises
    ------
    InputError
        The file cannot be written.
    """
    rate = find_rate(motion)
    pixels = motion.image * np.array([motion.width, motion.height, motion.width])
    out = io.BytesIO()
    file = netcdf_file(out, "w", version=2)
    for name, size in (
        ("time", len(motion)),
        ("space", 2),
        ("keypoints", len(BLAZEPOSE_33)),
        ("individuals", 1),
        ("axis", 3),
    ):
        file.createDimension(name, size)
    file.createVariable("time", "f8", ("time",))[:] = motion.time_s
    for name, labels in (
        ("space", ("x", "y")),
        ("keypoints", BLAZEPOSE_33),
        ("individuals", (INDIVIDUAL,)),
        ("axis", ("x", "y", "z")),
    ):
        _write_labels(file, name, labels)
    _write(file, "position", ("time", "space"), pixels[..., :2].swapaxes(1, 2))
    _write(file, "confidence", ("time",), motion.visibility)
    _write(file, "depth", ("time",), pixels[..., 2])
    _write(file, "world", ("time", "axis"), motion.world.swapaxes(1, 2))
    _write(file, "presence", ("time",), motion.presence)
    attributes: dict[str, bytes | np.float64] = {
        "ds_type": b"poses",
        "source_software": b"posecoach",
        "time_unit": b"seconds",
        "space_unit": b"pixels",
        "schema": SCHEMA.encode(),
        "comment": _COMMENT.encode(),
        "width": np.float64(motion.width),  # a plain float would become a float32
        "height": np.float64(motion.height),
    }
    if rate is not None:
        attributes["fps"] = np.float64(rate)
    for key, value in attributes.items():
        setattr(file, key, value)
    file.flush()
    return write_file(path, out.getvalue())


def _write(
    file: netcdf_file, name: str, lead: tuple[str, ...], values: NDArray[np.float64]
) -> None:
    dimensions = (*lead, "keypoints", "individuals")
    file.createVariable(name, "f8", dimensions)[:] = values[..., None]


def _write_labels(file: netcdf_file, name: str, labels: tuple[str, ...]) -> None:
    """Write texts as rows of characters, as xarray does."""
    longest = max(map(len, labels))
    if (length := f"string{longest}") not in file.dimensions:
        file.createDimension(length, longest)
    variable = file.createVariable(name, "c", (name, length))
    variable[:] = np.array([list(label.ljust(longest, "\0")) for label in labels], dtype="S1")
    setattr(variable, "_Encoding", b"utf-8")  # noqa: B010 (an attribute of the file)
