"""netCDF as `movement` and posecoach write it.

NetCDF-3 is read by scipy. NetCDF-4, which is HDF5 and what movement writes by default, is read
by pyfive if that is installed (``pip install "posecoach[netcdf]"``): pure Python, so that a
stranger's file meets no C code. What a file says it holds is checked before it is read.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import netcdf_file

from posecoach.body import BLAZEPOSE_33, N_POINTS
from posecoach.errors import InputError
from posecoach.motion import Motion
from posecoach.readers.raw import MAX_BYTES, MAX_FRAMES, Raw, check_counts, read_bytes, tell
from posecoach.writers.netcdf import SCHEMA

Array = NDArray[np.float64]

DIMENSIONS = ("time", "space", "keypoints", "individuals")
_LABELS = ("space", "keypoints", "individuals")
_NUMBERS = ("time", "position", "confidence", "depth", "world", "presence")
_MAX_PEOPLE = 100
_HDF5 = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True, eq=False)
class _Content:
    """What is of use in a file: numbers, labels, attributes."""

    numbers: Mapping[str, NDArray[Any]]
    labels: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.attributes.get(name, "")
        return _decode(np.asarray(value).ravel()[0]) if np.size(value) else ""

    def number(self, name: str) -> float:
        try:
            return float(np.asarray(self.attributes[name]).ravel()[0])
        except (KeyError, IndexError, TypeError, ValueError):
            return math.nan


def read_netcdf(path: Path) -> Raw | Motion:
    """Read a netCDF file of poses; of several individuals the one seen most.

    Returns
    -------
    Raw or Motion
        A `Motion` for posecoach's own.

    Raises
    ------
    InputError
        It is damaged, too large, or not such a file; or it is NetCDF-4 and pyfive is not there.
    """
    data = read_bytes(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = _open_hdf5(path, data) if data.startswith(_HDF5) else _open_classic(data)
    except InputError:
        raise
    except (Exception, RecursionError) as error:  # whatever a broken file makes the readers raise
        raise InputError(
            f"Expected netCDF but {path} is damaged or something else ({tell(error)}); "
            "choose another file."
        ) from error
    schema = content.text("schema")
    _check(path, content)
    if schema.startswith("posecoach."):
        return _make_motion(path, content, schema)
    return _make_raw(path, content)


def _open_classic(data: bytes) -> _Content:
    if data[:4] not in (b"CDF\x01", b"CDF\x02"):
        raise ValueError("it does not begin like one")
    with netcdf_file(io.BytesIO(data), "r", mmap=False) as file:
        numbers, labels = {}, {}
        for name, variable in file.variables.items():
            if name in _LABELS:
                rows = np.asarray(variable.data)
                labels[name] = tuple(_decode(b"".join(row)) for row in rows.reshape(len(rows), -1))
            elif name in _NUMBERS:
                values = np.array(variable.data)
                if name == "position" and set(variable.dimensions) == set(DIMENSIONS):
                    values = values.transpose([variable.dimensions.index(d) for d in DIMENSIONS])
                numbers[name] = values
        return _Content(numbers, labels, dict(vars(file)["_attributes"]))


def _open_hdf5(path: Path, data: bytes) -> _Content:
    try:
        import pyfive
    except ImportError:
        raise InputError(
            f"Expected NetCDF-3 but {path} is NetCDF-4 (HDF5); to read it, type "
            'pip install "posecoach[netcdf]", or save it with ds.to_netcdf(..., engine="scipy").'
        ) from None
    file = pyfive.File(io.BytesIO(data))
    numbers, labels = {}, {}
    for name in (*_LABELS, *_NUMBERS):
        if name not in file:
            continue
        variable = file[name]
        if math.prod(variable.shape) * 8 > MAX_BYTES:
            raise ValueError(f"{name} says it is {variable.shape}")
        values = np.asarray(variable[...])
        if name in _LABELS:
            labels[name] = tuple(_decode(x) for x in values.ravel())
        else:
            numbers[name] = values
    return _Content(numbers, labels, dict(file.attrs))


def _decode(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.rstrip("\0 ")[:80]


def _check(path: Path, content: _Content) -> None:
    """Check that the arrays are there, are numbers, and fit each other."""
    missing = [n for n in ("time", "position") if n not in content.numbers]
    missing += [n for n in ("space", "keypoints") if n not in content.labels]
    if missing:
        raise InputError(
            f"Expected poses as movement has them but {path} has no {', '.join(missing)}; "
            "choose another file."
        )
    frames = content.numbers["time"].size
    joints = len(content.labels["keypoints"])
    check_counts(path, frames, joints)
    people = len(content.labels.get("individuals", ("",)))
    space = content.labels["space"]
    shape = (frames, len(space), joints, people)
    position, time_s = content.numbers["position"], content.numbers["time"]
    if (
        position.shape != shape
        or time_s.shape != (frames,)
        or space not in (("x", "y"), ("x", "y", "z"))
        or not 1 <= people <= _MAX_PEOPLE
        or any(a.dtype.kind not in "fiu" for a in content.numbers.values())
    ):
        raise InputError(
            f"Expected position as numbers by time, space (x, y or x, y, z), keypoints and "
            f"individuals {shape} in {path} but got {position.dtype} {position.shape}; "
            "choose another file."
        )


def _get(path: Path, content: _Content, name: str, shape: tuple[int, ...]) -> Array:
    found = content.numbers.get(name)
    if found is None or found.shape != shape:
        came = "none" if found is None else str(found.shape)
        raise InputError(
            f"Expected {name} as numbers of shape {shape} in {path} but got {came}; "
            "export it again."
        )
    return found.astype(float)


def _make_raw(path: Path, content: _Content) -> Raw:
    position = content.numbers["position"].astype(float)
    frames, _, joints, people = position.shape
    confidence = content.numbers.get("confidence")
    seen = None
    if confidence is not None and confidence.shape == (frames, joints, people):
        seen = confidence.astype(float)
    found = np.isfinite(position).all(axis=1)
    who = int(found.sum(axis=(0, 1)).argmax())
    times, rate = content.numbers["time"].astype(float), content.number("fps")
    fps = rate if np.isfinite(rate) and rate > 0 else None
    in_frames = content.text("time_unit") == "frames"
    return Raw(
        position[..., who].swapaxes(1, 2),
        (times / fps if fps else None) if in_frames else times,
        None if seen is None or np.isnan(seen).all() else seen[..., who],
        content.labels["keypoints"],
    )


def _make_motion(path: Path, content: _Content, schema: str) -> Motion:
    own, _, version = SCHEMA.rpartition("/")
    name, _, major = schema.rpartition("/")
    if name != own or major.split(".")[0] != version:
        raise InputError(
            f"Expected {SCHEMA} but {path} is {schema[:40]!r}; update posecoach or choose another "
            "file."
        )
    frames = content.numbers["time"].size
    if content.labels["keypoints"] != BLAZEPOSE_33 or not 1 <= frames <= MAX_FRAMES:
        raise InputError(
            f"Expected the {N_POINTS} points of a take in {path} but got others; export it again."
        )
    shape = (frames, N_POINTS, 1)
    width, height = content.number("width"), content.number("height")
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise InputError(
            f"Expected the picture's size in {path} but got {width:g}x{height:g}; export it again."
        )
    position = _get(path, content, "position", (frames, 2, N_POINTS, 1))
    depth = _get(path, content, "depth", shape)
    world = _get(path, content, "world", (frames, 3, N_POINTS, 1))
    pixels = np.concatenate([position.swapaxes(1, 2)[..., 0], depth], axis=2)
    with np.errstate(all="ignore"):
        image = _as_stored(pixels / np.array([width, height, width]))
        metres = _as_stored(world.swapaxes(1, 2)[..., 0])
    visibility, presence = (
        np.clip(np.nan_to_num(_get(path, content, key, shape)[..., 0]), 0.0, 1.0)
        for key in ("confidence", "presence")
    )
    try:
        return Motion(
            content.numbers["time"].astype(float),
            image,
            metres,
            visibility,
            presence,
            width,
            height,
            path.name,
        )
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _as_stored(values: Array) -> Array:
    """Return numbers as float32 has them, which is what takes are kept in."""
    stored = values.astype(np.float32).astype(float)
    return np.where(np.isfinite(stored), stored, np.nan)
