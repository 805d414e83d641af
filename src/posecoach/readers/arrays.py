"""Arrays (npz): posecoach's own landmark recordings and plain points of any tracker."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.body import N_POINTS
from posecoach.errors import InputError
from posecoach.motion import Motion
from posecoach.readers.raw import MAX_BYTES, MAX_FRAMES, MAX_JOINTS, Raw

Arrays = dict[str, NDArray[Any]]

LANDMARKS = "posecoach.landmarks/1"
_OWN = ("width", "height", "time_s", "image", "world", "visibility", "presence")
_PLAIN = (
    "points",
    "time_s",
    "rate_hz",
    "visibility",
    "skeleton",
    "joints",
    "picture_size",
    "up",
    "mirrored",
)
_MAX_MEMBERS = 100
_MAX_VALUE = 1e4  # picture widths or metres, for posecoach's own recordings


def read_arrays(path: Path) -> Raw | Motion:
    """Read an npz file; nothing in it is executed and no pickle is opened.

    Returns
    -------
    Raw or Motion
        A `Motion` for posecoach's own landmark recording.

    Raises
    ------
    InputError
        It is damaged, too large, or not such a file.
    """
    arrays = _load(path)
    if "schema" in arrays:
        return _read_own(path, arrays)
    if "points" not in arrays:
        have = ", ".join(sorted(arrays)[:8]) or "nothing"
        raise InputError(
            f"Expected an array named points but {path} holds {have[:100]}; see docs/recordings.md."
        )
    return _read_plain(path, arrays)


def _load(path: Path) -> Arrays:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"Expected a recording of at most {MAX_BYTES // 1_000_000} MB but {path} is "
                "larger; cut it into parts."
            )
        with zipfile.ZipFile(path) as z:
            sizes = {m.filename: m.file_size for m in z.infolist()}
            wanted = [n for n in ("schema", *_OWN, *_PLAIN) if f"{n}.npy" in sizes]
            wanted = list(dict.fromkeys(wanted))
            total = sum(sizes[f"{n}.npy"] for n in wanted)
            if len(sizes) > _MAX_MEMBERS or total > MAX_BYTES:
                raise InputError(
                    f"Expected at most {_MAX_MEMBERS} arrays and {MAX_BYTES // 1_000_000} MB but "
                    f"{path} holds more; cut it into parts."
                )
            if not wanted:
                return {Path(n).stem[:40]: np.zeros(0) for n in list(sizes)[:8]}
            return {n: _parse(n, z.read(f"{n}.npy")) for n in wanted}
    except InputError:
        raise
    except Exception as error:  # whatever a broken zip or header makes the readers raise
        told = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise InputError(
            f"Expected a recording but {path} is damaged or something else ({told}); "
            "choose another file."
        ) from error


def _parse(name: str, data: bytes) -> NDArray[Any]:
    """Read one array whose size is what its header says; nothing is allocated on its word."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    elif version == (2, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(stream)
    else:
        raise ValueError("unknown version of the array format")
    if dtype.kind not in "fiubU" or dtype.itemsize == 0:
        raise ValueError(f"{name} is an array of {dtype}")
    body = memoryview(data)[stream.tell() :]
    count = 1
    for side in shape:
        count *= side
    if min(shape, default=1) < 0 or count * dtype.itemsize != len(body):
        raise ValueError(f"{name} says it is {shape} but is not")
    return np.frombuffer(body, dtype, count).reshape(shape, order="F" if fortran else "C")


def _read_own(path: Path, arrays: Arrays) -> Motion:
    schema = str(arrays["schema"].flat[0])[:60] if arrays["schema"].size else ""
    missing = [n for n in _OWN if n not in arrays]
    if schema != LANDMARKS or missing:
        why = f"has no {', '.join(missing)}" if schema == LANDMARKS else f"is {schema!r}"
        raise InputError(
            f"Expected {LANDMARKS} but {path} {why}; update posecoach or choose another recording."
        )
    n = arrays["time_s"].size
    _check(path, arrays, {"width": (), "height": (), "time_s": (n,)})
    shape = (n, N_POINTS)
    _check(path, arrays, {"image": (*shape, 3), "world": (*shape, 3)})
    _check(path, arrays, {"visibility": shape, "presence": shape})
    values = {k: arrays[k].astype(float) for k in _OWN}
    for name in ("image", "world"):
        if (np.abs(np.nan_to_num(values[name], posinf=np.inf)) > _MAX_VALUE).any():
            raise InputError(
                f"Expected points within {_MAX_VALUE:g} but {name} in {path} has others; "
                "choose another file."
            )
    visibility, presence = (
        np.clip(np.nan_to_num(values[k]), 0, 1) for k in ("visibility", "presence")
    )
    return Motion(
        values["time_s"],
        values["image"],
        values["world"],
        visibility,
        presence,
        float(values["width"]),
        float(values["height"]),
        path.name,
    )


def _read_plain(path: Path, arrays: Arrays) -> Raw:
    points = arrays["points"]
    if points.ndim != 3 or points.shape[2] not in (2, 3) or points.dtype.kind not in "fiu":
        raise InputError(
            "Expected points as numbers of shape (frames, joints, 2 or 3) but "
            f"{path} has {points.dtype} {points.shape}; reshape them."
        )
    n, joints = points.shape[:2]
    if not 1 <= n <= MAX_FRAMES or not 1 <= joints <= MAX_JOINTS:
        raise InputError(
            f"Expected 1 to {MAX_FRAMES} frames of 1 to {MAX_JOINTS} joints but {path} has "
            f"{n} of {joints}; cut it into parts."
        )
    shapes: dict[str, tuple[int, ...]] = {
        "time_s": (n,),
        "rate_hz": (),
        "visibility": (n, joints),
        "picture_size": (2,),
    }
    _check(path, arrays, {k: s for k, s in shapes.items() if k in arrays})
    names: str | tuple[str, ...] | None = None
    if "joints" in arrays:
        names = tuple(str(x)[:80] for x in arrays["joints"].ravel())
    elif "skeleton" in arrays:
        told = arrays["skeleton"]
        names = str(told.flat[0])[:80] if told.size == 1 else tuple(str(x)[:80] for x in told.flat)
    size = arrays.get("picture_size")
    return Raw(
        points.astype(float),
        arrays["time_s"].astype(float) if "time_s" in arrays else None,
        arrays["visibility"].astype(float) if "visibility" in arrays else None,
        names,
        float(arrays["rate_hz"]) if "rate_hz" in arrays else None,
        None if size is None else (float(size[0]), float(size[1])),
        str(arrays["up"].flat[0])[:8] if arrays.get("up", np.zeros(0)).size else None,
        bool(arrays["mirrored"].flat[0]) if arrays.get("mirrored", np.zeros(0)).size else None,
    )


def _check(path: Path, arrays: Arrays, shapes: dict[str, tuple[int, ...]]) -> None:
    wrong = [
        f"{k} as numbers of shape {shape} but got {arrays[k].dtype} {arrays[k].shape}"
        for k, shape in shapes.items()
        if arrays[k].shape != shape or arrays[k].dtype.kind not in "fiu"
    ]
    if wrong:
        raise InputError(f"Expected {'; '.join(wrong)} in {path}; mend it or choose another file.")
