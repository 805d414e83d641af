"""MOT: OpenSim's tables of angles. They are no recording: nothing can be made of them here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import InputError
from posecoach.readers.raw import MAX_FRAMES, read_text, tell

MAX_COLUMNS = 1000
_MAX_HEAD = 200  # lines


@dataclass(frozen=True, eq=False)
class Angles:
    """A table over time.

    Attributes
    ----------
    names : tuple of str
        Of the columns but the time.
    time_s : (n,) array
    values : (n, len(names)) array
        NaN where not known.
    degrees : bool
        Whether rotations are in degrees or in radians.
    """

    names: tuple[str, ...]
    time_s: NDArray[np.float64]
    values: NDArray[np.float64]
    degrees: bool


def read_mot(path: str | Path) -> Angles:
    """Read a MOT file, of posecoach or of another program.

    Raises
    ------
    InputError
        It cannot be read, or is not sound.
    """
    file = Path(path)
    name = " ".join(file.name.split())
    try:
        lines = [line.rstrip("\r") for line in read_text(file).split("\n")]
    except OSError as error:
        raise InputError(f"Expected to read {str(path)!r} but got: {tell(error)}.") from error
    end = next((k for k, line in enumerate(lines[:_MAX_HEAD]) if line.strip() == "endheader"), None)
    if end is None or end + 1 >= len(lines):
        raise InputError(f"Expected a MOT file but {name} has no 'endheader'; choose another.")
    pairs = [line.split("=", 1) for line in lines[:end] if "=" in line]
    head = {key.strip().lower(): value.strip().lower() for key, value in pairs}
    names = [n.strip() for n in lines[end + 1].split("\t")]
    if len(names) < 2 or names[0].lower() != "time" or len(names) > MAX_COLUMNS:
        raise InputError(
            f"Expected 'time' and 1 to {MAX_COLUMNS - 1} further columns in {name} but got "
            f"{len(names)} that begin with {names[0][:20]!r}; export it again."
        )
    rows: list[list[float]] = []
    for number, line in enumerate(lines[end + 2 :], end + 3):
        if not line.strip():
            continue
        try:
            rows.append([float(f) for f in line.split("\t")])
        except ValueError as error:
            raise InputError(
                f"Expected numbers in {name} but line {number} has others ({tell(error)})."
            ) from error
        if len(rows[-1]) != len(names) or len(rows) > MAX_FRAMES:
            raise InputError(
                f"Expected at most {MAX_FRAMES} rows of {len(names)} numbers in {name} but line "
                f"{number} has {len(rows[-1])}."
            )
    if not rows:
        raise InputError(f"Expected 1 to {MAX_FRAMES} rows in {name} but got none.")
    values = np.array(rows)
    if not np.isfinite(values[:, 0]).all() or (np.diff(values[:, 0]) <= 0).any():
        raise InputError(f"Expected times that grow in {name} but some do not.")
    return Angles(tuple(names[1:]), values[:, 0], values[:, 1:], head.get("indegrees") != "no")
