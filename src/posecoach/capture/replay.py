"""Landmark recordings on disk, and their replay in place of a camera and a model.

The file is an ``.npz`` (a zip of plain arrays, no pickle): ``schema``, ``width``, ``height``,
``time_s[n]`` (float64), ``image[n,33,3]``, ``world[n,33,3]``, ``visibility[n,33]`` and
``presence[n,33]`` (float32, what the model gives). The same recording gives the same file, byte
for byte. What is loaded is not trusted.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach._closing import Closing
from posecoach.body import N_POINTS
from posecoach.capture.base import Frame
from posecoach.errors import InputError
from posecoach.motion import Motion, Observation

SCHEMA = "posecoach.landmarks/1"
MAX_FRAMES = 400_000  # more than three hours at 30 frames a second
MAX_BYTES = 500_000_000
_MAX_MEMBERS = 20
_MAX_SIDE = 20_000  # pixels
_MAX_VALUE = 1e4  # picture widths or metres: far beyond anything a tracker says
_DATE = (1980, 1, 1, 0, 0, 0)
_NAMES = ("schema", "width", "height", "time_s", "image", "world", "visibility", "presence")


def save_motion(motion: Motion, path: str | Path) -> Path:
    """Write a recording; an old file of that name is replaced only once the new one is complete.

    The file can be read by its owner only: it shows how a person moves.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        The recording is empty or too long, or the file cannot be written.
    """
    target = Path(path)
    if not 1 <= len(motion) <= MAX_FRAMES:
        raise InputError(
            f"Expected a recording of 1 to {MAX_FRAMES} frames but got {len(motion)}; "
            "record again or cut it."
        )
    data = _pack(motion)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(data)
                f.flush()
                os.fsync(f.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"Expected to write {target} but got: {error.strerror or error}; "
            "choose another folder or free some space."
        ) from error
    return target


def _pack(motion: Motion) -> bytes:
    arrays: dict[str, NDArray[Any]] = {
        "schema": np.array(SCHEMA),
        "width": np.array(motion.width, "<f8"),
        "height": np.array(motion.height, "<f8"),
        "time_s": np.asarray(motion.time_s, "<f8"),
    }
    for name in ("image", "world", "visibility", "presence"):
        arrays[name] = np.asarray(getattr(motion, name), "<f4")
    out = io.BytesIO()
    # Stored, not deflated: what deflate writes differs between versions of zlib.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name in _NAMES:
            part = io.BytesIO()
            np.lib.format.write_array(
                part, np.ascontiguousarray(arrays[name]).reshape(arrays[name].shape), (1, 0), False
            )
            info = zipfile.ZipInfo(f"{name}.npy", _DATE)
            info.create_system = 3
            info.external_attr = 0o600 << 16
            z.writestr(info, part.getvalue())
    return out.getvalue()


def load_motion(path: str | Path) -> Motion:
    """Read a recording written by `save_motion`.

    Raises
    ------
    InputError
        There is no such file, or it is damaged, too large, of a newer version, or not one.
    """
    source = Path(path)
    if not source.is_file():
        what = "a folder" if source.is_dir() else "not there"
        raise InputError(
            f"Expected a landmark recording but {str(path)!r} is {what}; check the name."
        )
    arrays = _read(source)
    n = _check(arrays, source)
    try:
        return Motion(
            arrays["time_s"].astype(float),
            arrays["image"].astype(float),
            arrays["world"].astype(float),
            np.nan_to_num(arrays["visibility"].astype(float)),
            np.nan_to_num(arrays["presence"].astype(float)),
            float(arrays["width"]),
            float(arrays["height"]),
            source.name,
        )
    except InputError as error:
        raise InputError(f"{source} ({n} frames): {error}") from error


def _read(path: Path) -> dict[str, NDArray[Any]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"Expected a recording of at most {MAX_BYTES // 1_000_000} MB but {path} is "
                "larger; cut it into parts."
            )
        with zipfile.ZipFile(path) as z:
            sizes = {m.filename: m.file_size for m in z.infolist()}
            if len(sizes) > _MAX_MEMBERS or sum(sizes.values()) > MAX_BYTES:
                raise InputError(
                    f"Expected a few arrays of at most {MAX_BYTES // 1_000_000} MB in {path} but "
                    "it holds more; choose a recording made by posecoach."
                )
            missing = [n for n in _NAMES if f"{n}.npy" not in sizes]
            if missing:
                raise InputError(
                    f"Expected a landmark recording but {path} has no {', '.join(missing)}; "
                    "choose a recording made by posecoach."
                )
            return {n: _parse(z.read(f"{n}.npy")) for n in _NAMES}
    except InputError:
        raise
    except Exception as error:  # whatever a broken zip or header makes the readers raise
        told = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise InputError(
            f"Expected a landmark recording but {path} is damaged or something else ({told}); "
            "choose another file."
        ) from error


def _parse(data: bytes) -> NDArray[Any]:
    """Read one array whose size is what its header says; nothing is allocated on its word."""
    stream = io.BytesIO(data)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("unknown version of the array format")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.kind not in "fiuU" or fortran:
        raise ValueError(f"an array of {dtype}" + (" in column order" if fortran else ""))
    body = memoryview(data)[stream.tell() :]
    count = 1
    for side in shape:
        count *= side
    if min(shape, default=1) < 0 or count * dtype.itemsize != len(body):
        raise ValueError(f"an array that says it is {shape} but is not")
    return np.frombuffer(body, dtype, count).reshape(shape)


def _check(arrays: dict[str, NDArray[Any]], path: Path) -> int:
    """Check everything `Motion` does not; return the number of frames."""
    schema = arrays["schema"]
    found = str(schema.flat[0])[:60] if schema.size else ""
    name, _, version = found.rpartition("/")
    own, _, mine = SCHEMA.rpartition("/")
    if name == own and version.isdecimal() and int(version) > int(mine):
        raise InputError(
            f"Expected {SCHEMA} but {path} is {found}, made by a newer posecoach; update posecoach."
        )
    if found != SCHEMA:
        raise InputError(
            f"Expected {SCHEMA} but {path} is {found!r}; choose a recording made by posecoach."
        )
    problems = []
    n = len(arrays["time_s"]) if arrays["time_s"].ndim == 1 else -1
    if not 1 <= n <= MAX_FRAMES:
        problems.append(f"expected 1 to {MAX_FRAMES} times but got {arrays['time_s'].shape}")
    shapes = {
        "width": (),
        "height": (),
        "time_s": (n,),
        "image": (n, N_POINTS, 3),
        "world": (n, N_POINTS, 3),
        "visibility": (n, N_POINTS),
        "presence": (n, N_POINTS),
    }
    for key, shape in shapes.items():
        a = arrays[key]
        if a.shape != shape or a.dtype.kind not in "fiu":
            problems.append(
                f"expected numbers of shape {shape} in {key} but got {a.dtype} {a.shape}"
            )
    if not problems:
        limits = {
            "width": (1, _MAX_SIDE),
            "height": (1, _MAX_SIDE),
            "image": (-_MAX_VALUE, _MAX_VALUE),
            "world": (-_MAX_VALUE, _MAX_VALUE),
            "visibility": (-0.001, 1.001),
            "presence": (-0.001, 1.001),
        }
        for key, (low, high) in limits.items():
            a = arrays[key]
            missing_ok = key not in ("width", "height")
            fine = ((a >= low) & (a <= high)) | (np.isnan(a) & missing_ok)
            if not fine.all():
                problems.append(f"expected {low:g} to {high:g} in {key} but got {a[~fine].flat[0]}")
    if problems:
        raise InputError(
            f"Expected a sound recording but in {path}: {'; '.join(problems)}; choose another file."
        )
    return n


class MotionSource(Closing):
    """A recording as a source of frames: black pictures at the recorded times.

    With `MotionEstimator` it runs everything live without a camera and a model; in a
    `posecoach.capture.paced.PacedSource` it plays at its own speed.

    Parameters
    ----------
    motion : Motion
    """

    live = False

    def __init__(self, motion: Motion) -> None:
        self.name = motion.source or "recording"
        self.width, self.height = round(motion.width), round(motion.height)
        self.fps = motion.fps or 30.0
        self.frame_count: int | None = len(motion)
        self.deep = motion.deep
        self._motion = motion

    def __iter__(self) -> Iterator[Frame]:
        """Yield a black picture for every moment."""
        for i, time_s in enumerate(self._motion.time_s):
            yield Frame(np.zeros((self.height, self.width, 3), np.uint8), float(time_s), i)

    def close(self) -> None:
        """Do nothing: no file is open."""


class MotionEstimator:
    """Gives what was recorded for the frames of a `MotionSource`, as a pose model would.

    Parameters
    ----------
    motion : Motion
    """

    def __init__(self, motion: Motion) -> None:
        self._motion = motion

    def estimate(self, frame: Frame) -> Observation:
        """Return the recorded moment of the frame's number."""
        return self._motion.at(frame.index)

    def close(self) -> None:
        """Do nothing: no model is open."""
