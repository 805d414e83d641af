"""Takes for other programs, and back: CSV of everything, TRC of the points in space.

CSV: one row a frame, one column a number, named in the first row; an empty field is a point
that was not found. It holds all that ``motion.npz`` holds of a take, so that reading it back
gives the same take.

TRC: the text format of OpenSim and of motion capture systems. It holds the points in metres
alone, turned to OpenSim's axes: X forward, Y up, Z to the practitioner's right. They are about
the middle of the hips, so the body moves but does not travel.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posecoach.body import BLAZEPOSE_33, N_POINTS
from posecoach.errors import InputError, UsageError
from posecoach.motion import Motion
from posecoach.reference.arrays import MAX_FRAMES
from posecoach.reference.files import write_atomic

Array = NDArray[np.float64]

MAX_TEXT_BYTES = 500_000_000
MAX_MARKERS = 300
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

_TRC_FIELDS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate",
    "OrigDataStartFrame", "OrigNumFrames",
)  # fmt: skip
_UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001}


@dataclass(frozen=True, eq=False)
class Markers:
    """Named points in space, as a TRC file has them.

    Attributes
    ----------
    names : tuple of str
    time_s : (n,) array
    points : (n, len(names), 3) array
        Metres, in the file's own axes; NaN where a marker is missing.
    rate_hz : float
        As the file says.
    """

    names: tuple[str, ...]
    time_s: Array
    points: Array
    rate_hz: float


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
    return _write(path, out.getvalue())


def read_csv(path: str | Path) -> Motion:
    """Read a take written by `write_csv`; the order of the columns and further ones do not matter.

    Raises
    ------
    InputError
        It cannot be read, a column is missing, or a field is no number.
    """
    text, name = _read(path)
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        head = next(lines, [])
        where = {column.strip(): k for k, column in enumerate(head)}
        missing = [c for c in CSV_COLUMNS if c not in where]
        if missing:
            raise InputError(
                f"Expected the columns of a take in {name} but {missing[0]!r} and "
                f"{len(missing) - 1} more are missing; see docs/sequence-format.md."
            )
        at = [where[c] for c in CSV_COLUMNS]
        rows: list[list[float]] = []
        for row in lines:
            if not row:
                continue
            _check_count(len(rows) + 1, name)
            rows.append([float(row[k]) if row[k].strip() else math.nan for k in at])
    except (ValueError, IndexError, csv.Error) as error:
        raise InputError(
            f"Expected numbers in {name} but line {lines.line_num} has none ({_line(error)}); "
            "mend it or export it again."
        ) from error
    values = np.array(rows, dtype=float).reshape(len(rows), len(CSV_COLUMNS))
    _check_count(len(rows), name)
    size = values[0, 1:3]
    if not (np.isfinite(size).all() and (values[:, 1:3] == size).all()):
        raise InputError(f"Expected one width and height in {name} but they change.")
    blocks = np.split(values[:, 3:], np.cumsum([99, 99, 33]), axis=1)
    image, world, visibility, presence = (_as_stored(b) for b in blocks)
    shape = (len(rows), N_POINTS, 3)
    return Motion(
        values[:, 0],
        image.reshape(shape),
        world.reshape(shape),
        np.clip(np.nan_to_num(visibility), 0.0, 1.0),
        np.clip(np.nan_to_num(presence), 0.0, 1.0),
        float(size[0]),
        float(size[1]),
        name,
    )


def _as_stored(values: Array) -> Array:
    """Return numbers as float32 has them; infinite ones are no points."""
    with np.errstate(over="ignore"):
        stored = values.astype(np.float32).astype(float)
    return np.where(np.isfinite(stored), stored, np.nan)


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
    if rate_hz is not None and not 1.0 <= rate_hz <= 1000.0:
        raise UsageError(f"Expected a rate of 1 to 1000 frames a second but got {rate_hz}.")
    if not np.isfinite(motion.world).any():
        raise InputError("Expected points in space but this take has them in the picture alone.")
    time_s, world = motion.time_s - motion.time_s[0], motion.world
    rate = motion.fps
    if rate_hz is not None:
        time_s, world, rate = *_sample_evenly(time_s, world, rate_hz), rate_hz
    points = to_opensim(world) / _UNITS[units]
    n, file = len(time_s), Path(path)
    told = f"{rate:.6g}"
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{' '.join(file.name.split())}",
        "\t".join(_TRC_FIELDS),
        "\t".join([told, told, str(n), str(N_POINTS), units, told, "1", str(n)]),
        "Frame#\tTime\t" + "\t\t\t".join(BLAZEPOSE_33) + "\t\t",
        "\t\t" + "\t".join(f"{a}{k}" for k in range(1, N_POINTS + 1) for a in "XYZ"),
        "",
    ]
    digits = 6 if units == "m" else 3
    for k in range(n):
        row = ["" if math.isnan(v) else f"{v:.{digits}f}" for v in points[k].reshape(-1).tolist()]
        lines.append("\t".join([str(k + 1), f"{time_s[k]:.6f}", *row]))
    return _write(path, "\n".join(lines) + "\n")


def _sample_evenly(time_s: Array, world: Array, rate_hz: float) -> tuple[Array, Array]:
    """Return points at even times; nothing is made up where a point was not found."""
    times = np.arange(0.0, time_s[-1] + 1e-9, 1.0 / rate_hz)
    _check_count(len(times), "the take at that rate")
    flat = world.reshape(len(world), -1)
    out = np.stack([np.interp(times, time_s, column) for column in flat.T], axis=1)
    return times, out.reshape(len(times), *world.shape[1:])


def to_opensim(world: ArrayLike) -> Array:
    """Return points turned from x right in the picture, y down, z away to OpenSim's axes.

    For someone who faces the camera: X forward, Y up, Z to their own right.
    """
    p = np.asarray(world, dtype=float)
    return np.stack([-p[..., 2], -p[..., 1], -p[..., 0]], axis=-1)


def from_opensim(points: ArrayLike) -> Array:
    """Return points turned back; the same exchange of axes once more."""
    return to_opensim(points)


def read_trc(path: str | Path) -> Markers:
    """Read a TRC file, of posecoach or of another program.

    Raises
    ------
    InputError
        It cannot be read, or is not sound.
    """
    text, name = _read(path)
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if len(lines) < 6 or not lines[0].startswith("PathFileType"):
        raise InputError(f"Expected a TRC file but {name} does not begin like one; choose another.")
    keys, told = lines[1].split("\t"), lines[2].split("\t")
    head = dict(zip((k.strip() for k in keys), (v.strip() for v in told), strict=False))
    names = tuple(n.strip() for n in lines[3].split("\t")[2:] if n.strip())
    units = head.get("Units", "m")
    try:
        rate, count = float(head["DataRate"]), int(head["NumMarkers"])
    except (KeyError, ValueError) as error:
        raise InputError(
            f"Expected DataRate and NumMarkers in {name} but got none; export it again."
        ) from error
    if units not in _UNITS or not 1 <= count <= MAX_MARKERS or len(names) != count:
        raise InputError(
            f"Expected 1 to {MAX_MARKERS} markers in m, cm or mm in {name} but got {len(names)} "
            f"names, {count} markers and {units[:20]!r}; export it again."
        )
    times: list[float] = []
    rows: list[list[float]] = []
    for number, line in enumerate(lines[5:], 6):
        fields = line.split("\t")
        if not line.strip():
            continue
        _check_count(len(rows) + 1, name)
        try:
            row = [float(f) if f.strip() else math.nan for f in fields[2 : 2 + 3 * count]]
            times.append(float(fields[1]))
        except (ValueError, IndexError) as error:
            raise InputError(
                f"Expected numbers in {name} but line {number} has others ({_line(error)})."
            ) from error
        rows.append(row + [math.nan] * (3 * count - len(row)))
    _check_count(len(rows), name)
    time_s = np.array(times)
    if not np.isfinite(time_s).all() or (np.diff(time_s) <= 0).any():
        raise InputError(f"Expected times that grow in {name} but some do not.")
    points = np.array(rows).reshape(len(rows), count, 3) * _UNITS[units]
    points[~np.isfinite(points)] = np.nan
    return Markers(names, time_s, points, rate)


def load_trc(path: str | Path) -> Motion:
    """Read a TRC file as a take; its markers must have the names of joints.

    The points in space are turned so that the person faces the camera, as for any tracker.

    Raises
    ------
    InputError
        The file is not sound, or its markers are not named like joints.
    """
    markers = read_trc(path)
    try:
        return Motion.from_points(markers.points, markers.time_s, markers.names, y_up=True)
    except UsageError as error:
        raise InputError(f"{Path(path).name}: {error}") from error


def _say(number: float) -> str:
    return repr(float(number))


def _line(error: Exception) -> str:
    return "".join(c if c.isprintable() else " " for c in str(error))[:80]


def _check_count(count: int, name: str) -> None:
    if not 1 <= count <= MAX_FRAMES:
        raise InputError(f"Expected 1 to {MAX_FRAMES} frames in {name} but got {count}.")


def _write(path: str | Path, text: str) -> Path:
    file = Path(path)
    try:
        write_atomic(file, text.encode("utf-8"))
    except OSError as error:
        raise InputError(f"Expected to write {file} but got: {error.strerror or error}.") from error
    return file


def _read(path: str | Path) -> tuple[str, str]:
    """Return a text file's content and its name as said in errors."""
    file = Path(path)
    try:
        if file.stat().st_size > MAX_TEXT_BYTES:
            raise InputError(f"Expected {file.name} of at most {MAX_TEXT_BYTES} bytes.")
        return file.read_bytes().decode("utf-8-sig"), " ".join(file.name.split())
    except (OSError, ValueError) as error:
        raise InputError(f"Expected to read {str(file)!r} but got: {_line(error)}.") from error


def export_takes(
    takes: Sequence[Motion], folder: str | Path, name: str, kinds: Sequence[str] = ("csv", "trc")
) -> list[Path]:
    """Write each take as ``NAME-1.csv``, ``NAME-1.trc``, ... and return the files.

    Parameters
    ----------
    takes : sequence of Motion
    folder : str or path
        Made if it is not there.
    name : str
    kinds : sequence of {"csv", "trc"}

    Raises
    ------
    UsageError
        A kind is not known.
    InputError
        A file cannot be written, or has nothing to hold.
    """
    writers = {"csv": write_csv, "trc": write_trc}
    unknown = [k for k in kinds if k not in writers]
    if unknown:
        raise UsageError(f"Expected the formats {', '.join(writers)} but got {unknown[0]!r}.")
    out = Path(folder)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Expected to make {out} but got: {error.strerror or error}.") from error
    return [
        writers[kind](motion, out / f"{name}-{k}.{kind}")
        for k, motion in enumerate(takes, 1)
        for kind in kinds
    ]
