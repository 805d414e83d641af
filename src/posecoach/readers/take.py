"""Takes as posecoach itself writes them as CSV (`posecoach.writers.table`)."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.body import N_POINTS
from posecoach.errors import InputError
from posecoach.motion import Motion
from posecoach.readers.raw import MAX_FRAMES, read_text, tell
from posecoach.writers.table import CSV_COLUMNS

Array = NDArray[np.float64]

_TELLING = ("nose_image_x", "nose_world_x")
_MAX_HEAD = 50_000


def is_take(path: Path) -> bool:
    """Return whether a table's first row names the columns of a take."""
    with path.open("rb") as file:
        head = file.readline(_MAX_HEAD).decode("utf-8-sig", errors="replace")
    names = {name.strip().strip('"') for name in head.split(",")}
    return names.issuperset(_TELLING)


def read_csv(path: str | Path) -> Motion:
    """Read a take; the order of the columns and further ones do not matter.

    Raises
    ------
    InputError
        It cannot be read, a column is missing, or a field is no number.
    """
    file = Path(path)
    name = " ".join(file.name.split())
    try:
        text = read_text(file)
    except OSError as error:
        raise InputError(f"Expected to read {str(path)!r} but got: {tell(error)}.") from error
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        head = next(lines, [])
        where = {column.strip(): k for k, column in enumerate(head)}
        missing = [c for c in CSV_COLUMNS if c not in where]
        if missing:
            raise InputError(
                f"Expected the columns of a take in {name} but {missing[0]!r} and "
                f"{len(missing) - 1} more are missing; see docs/formats.md."
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
            f"Expected numbers in {name} but line {lines.line_num} has none ({tell(error)}); "
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
    try:
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
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def _as_stored(values: Array) -> Array:
    """Return numbers as float32 has them; infinite ones are no points."""
    with np.errstate(over="ignore"):
        stored = values.astype(np.float32).astype(float)
    return np.where(np.isfinite(stored), stored, np.nan)


def _check_count(count: int, name: str) -> None:
    if not 1 <= count <= MAX_FRAMES:
        raise InputError(f"Expected 1 to {MAX_FRAMES} frames in {name} but got {count}.")
