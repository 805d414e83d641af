"""TRC: markers of OpenSim and of motion capture systems."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.body import BLAZEPOSE_33
from posecoach.errors import InputError
from posecoach.readers.raw import MAX_FRAMES, Raw, read_text, tell
from posecoach.writers.trc import UNITS, from_opensim

Array = NDArray[np.float64]

MAX_MARKERS = 300


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


def read_trc(path: str | Path) -> Markers:
    """Read a TRC file, of posecoach or of another program.

    Raises
    ------
    InputError
        It cannot be read, or is not sound.
    """
    file = Path(path)
    name = " ".join(file.name.split())
    try:
        text = read_text(file)
    except OSError as error:
        raise InputError(f"Expected to read {str(path)!r} but got: {tell(error)}.") from error
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
    if units not in UNITS or not 1 <= count <= MAX_MARKERS or len(names) != count:
        raise InputError(
            f"Expected 1 to {MAX_MARKERS} markers in m, cm or mm in {name} but got {len(names)} "
            f"names, {count} markers and {units[:20]!r}; export it again."
        )
    time_s, points = _read_rows(lines, count, name)
    if not np.isfinite(time_s).all() or (np.diff(time_s) <= 0).any():
        raise InputError(f"Expected times that grow in {name} but some do not.")
    with np.errstate(all="ignore"):
        points *= UNITS[units]
    points[~np.isfinite(points)] = np.nan
    return Markers(names, time_s, points, rate)


def _read_rows(lines: list[str], count: int, name: str) -> tuple[Array, Array]:
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
                f"Expected numbers in {name} but line {number} has others ({tell(error)})."
            ) from error
        rows.append(row + [math.nan] * (3 * count - len(row)))
    _check_count(len(rows), name)
    return np.array(times), np.array(rows).reshape(len(rows), count, 3)


def read_markers(path: Path) -> Raw:
    """Read a TRC file whose markers have the names of joints.

    Its Y points up, as OpenSim wants it. Where the markers are a pose model's 33 points, as in
    posecoach's own files, the depth is a guess and the person is not turned.

    Raises
    ------
    InputError
        It is not sound.
    """
    markers = read_trc(path)
    if set(markers.names) == set(BLAZEPOSE_33):
        points = from_opensim(markers.points)
        return Raw(points, markers.time_s, None, markers.names, up="-y", guessed=True)
    return Raw(markers.points, markers.time_s, None, markers.names, up="y")


def _check_count(count: int, name: str) -> None:
    if not 1 <= count <= MAX_FRAMES:
        raise InputError(f"Expected 1 to {MAX_FRAMES} frames in {name} but got {count}.")
