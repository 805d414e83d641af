"""Tables (CSV): one row a frame, or one row a frame and joint, with or without a header."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.body import Skeleton
from posecoach.errors import InputError
from posecoach.readers.raw import MAX_BYTES, MAX_FRAMES, MAX_JOINTS, Raw

Array = NDArray[np.float64]

_TIMES = {
    "time": 1.0,
    "times": 1.0,
    "t": 1.0,
    "timestamp": 1.0,
    "seconds": 1.0,
    "zeit": 1.0,
    "timems": 1e-3,
    "timestampms": 1e-3,
    "milliseconds": 1e-3,
    "ms": 1e-3,
}
_JOINT = {"joint", "landmark", "keypoint", "name", "bodypart", "point"}
_SEEN = ("visibility", "confidence", "likelihood", "score")
_AXES = ("x", "y", "z")
_COLUMN = re.compile(rf"^(.+?)[\s_.:\-]*(?<![A-Za-z0-9])({'|'.join((*_AXES, *_SEEN))})$", re.I)
_CAMEL = re.compile(r"^(.*[a-z0-9])([XYZ])$")
_MAX_LINE = 1_000_000


def read_table(path: Path, skeleton: Skeleton | None) -> Raw:
    """Read a table.

    Parameters
    ----------
    path : Path
    skeleton : Skeleton or None
        Needed for a table without a header.

    Raises
    ------
    InputError
        It is not there, too large, or not such a table; the message names the line.
    """
    text = _blank_remarks(_load(path))
    head = next((line for line in io.StringIO(text) if line.strip()), "")
    if not head:
        raise InputError(f"Expected a table but {path} is empty; choose another file.")
    delimiter = max(";\t,", key=head.count)
    if not head.count(delimiter):
        raise InputError(
            f"Expected columns split by commas, semicolons or tabs but {path} has one column; "
            "choose another file."
        )
    names = next(csv.reader([head], delimiter=delimiter))
    if all(_is_number(cell, delimiter) for cell in names):
        return _read_bare(path, _rows(path, text, delimiter, 0), len(names), skeleton)
    keys = [_plain(n) for n in names]
    rows = _rows(path, text, delimiter, 1)
    if _JOINT & set(keys) and {"x", "y"} <= set(keys):
        return _read_long(path, keys, rows, delimiter)
    return _read_wide(path, names, keys, rows, delimiter)


def _load(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise InputError(
            f"Expected a table of at most {MAX_BYTES // 1_000_000} MB but {path} is larger; "
            "cut it into parts."
        )
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"Expected a table as UTF-8 text but {path} is something else; save it as CSV (UTF-8)."
        ) from error


def _blank_remarks(text: str) -> str:
    """Return a table whose remarks before the header are empty lines; later ones keep theirs."""
    end = 0
    while text.startswith("#", end) or text.startswith(("\n", "\r"), end):
        end = text.find("\n", end) + 1
        if not end:
            return ""
    return "\n" * text.count("\n", 0, end) + text[end:]


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _is_number(cell: str, delimiter: str) -> bool:
    try:
        _number(cell, delimiter)
    except ValueError:
        return False
    return True


def _number(cell: str, delimiter: str) -> float:
    cell = cell.strip()
    if not cell or cell.lower() in ("na", "null", "none"):
        return float("nan")
    if "_" in cell:  # Python would read 1_0 as ten
        raise ValueError(cell)
    return float(cell.replace(",", ".") if delimiter != "," else cell)


def _rows(path: Path, text: str, delimiter: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of the rows that are not empty."""
    csv.field_size_limit(_MAX_LINE)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if skip:
                skip -= 1
            else:
                yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            f"Expected a table but line {reader.line_num} of {path} is not one ({error}); mend it."
        ) from error


def _numbers(
    path: Path, rows: Iterator[tuple[int, list[str]]], width: int, delimiter: str
) -> Array:
    """Return all rows as numbers, (n, width)."""
    values = array("d")
    count = 0
    for line, row in rows:
        if len(row) != width:
            raise InputError(
                f"Expected {width} columns but line {line} of {path} has {len(row)}; mend it."
            )
        try:
            values.extend([_number(cell, delimiter) for cell in row])
        except ValueError:
            bad = next(c for c in row if not _is_number(c, delimiter))
            raise InputError(
                f"Expected numbers but line {line} of {path} holds {bad[:40]!r}; mend it."
            ) from None
        count += 1
        _check_frames(path, count)
    if not count:
        raise InputError(f"Expected at least one row but {path} has none; choose another file.")
    return np.frombuffer(values, dtype=float).reshape(count, width).copy()


def _check_frames(path: Path, count: int) -> None:
    if count > MAX_FRAMES:
        raise InputError(
            f"Expected at most {MAX_FRAMES} frames but {path} has more; cut it into parts."
        )


def _check_joints(path: Path, count: int) -> None:
    if count > MAX_JOINTS:
        raise InputError(
            f"Expected at most {MAX_JOINTS} joints but {path} has {count}; choose another file."
        )


def _find_time(keys: Sequence[str]) -> tuple[int, float] | None:
    """Return the time column and its unit in seconds; ``time_s`` comes out as "times"."""
    for i, key in enumerate(keys):
        if key in _TIMES:
            return i, _TIMES[key]
    return None


def _split(name: str) -> tuple[str, str] | None:
    """Return (joint, axis) of a wide table's column name, or None."""
    found = _COLUMN.match(name.strip()) or _CAMEL.match(name.strip())
    if found is None:
        return None
    joint, axis = found.groups()
    axis = axis.lower()
    return joint.strip(" _.:-"), "visibility" if axis in _SEEN else axis


def _read_wide(
    path: Path,
    names: Sequence[str],
    keys: Sequence[str],
    rows: Iterator[tuple[int, list[str]]],
    delimiter: str,
) -> Raw:
    time = _find_time(keys)
    columns: dict[str, dict[str, int]] = {}
    for i, name in enumerate(names):
        part = None if time is not None and i == time[0] else _split(name)
        if part is None:
            continue
        axes = columns.setdefault(part[0], {})
        if part[1] in axes:
            raise InputError(
                f"Expected each column once but {path} has two for {name.strip()!r}; rename one."
            )
        axes[part[1]] = i
    columns = {joint: axes for joint, axes in columns.items() if {"x", "y"} <= set(axes)}
    if not columns:
        raise InputError(
            "Expected columns such as left_wrist_x and left_wrist_y, or joint, x and y, but "
            f"{path} has {', '.join(n.strip() for n in names[:6])[:80]}; rename them."
        )
    _check_joints(path, len(columns))
    # Text in a column nobody needs (a label, a note) does no harm.
    need = sorted(
        {i for axes in columns.values() for i in axes.values()} | ({time[0]} if time else set())
    )
    at = {column: k for k, column in enumerate(need)}
    width = len(names)

    def chosen() -> Iterator[tuple[int, list[str]]]:
        for line, row in rows:
            if len(row) != width:
                raise InputError(
                    f"Expected {width} columns but line {line} of {path} has {len(row)}; mend it."
                )
            yield line, [row[i] for i in need]

    table = _numbers(path, chosen(), len(need), delimiter)
    dims = 3 if all("z" in axes for axes in columns.values()) else 2
    points = np.full((len(table), len(columns), dims), np.nan)
    seen = np.full((len(table), len(columns)), np.nan)
    for j, axes in enumerate(columns.values()):
        for d in range(dims):
            points[:, j, d] = table[:, at[axes[_AXES[d]]]]
        if "visibility" in axes:
            seen[:, j] = table[:, at[axes["visibility"]]]
    visibility = None
    if any("visibility" in axes for axes in columns.values()):
        told = np.array(["visibility" in axes for axes in columns.values()])
        visibility = np.where(told, np.nan_to_num(seen), np.isfinite(points).all(axis=2))
    time_s = None if time is None else table[:, at[time[0]]] * time[1]
    return Raw(points, time_s, visibility, tuple(columns))


def _read_long(
    path: Path, keys: Sequence[str], rows: Iterator[tuple[int, list[str]]], delimiter: str
) -> Raw:
    time = _find_time(keys)
    if time is None:
        if "frame" not in keys:
            raise InputError(
                f"Expected a time or frame column but {path} has {', '.join(keys)[:80]}; add one."
            )
        time = (keys.index("frame"), 1.0)
    joint_at = next(i for i, key in enumerate(keys) if key in _JOINT)
    axes = [keys.index(a) for a in _AXES if a in keys]
    seen_at = next((i for i, key in enumerate(keys) if key in _SEEN), None)
    joints: dict[str, int] = {}
    frames: dict[float, int] = {}
    entries = array("d")
    for line, row in rows:
        if len(row) != len(keys):
            raise InputError(
                f"Expected {len(keys)} columns but line {line} of {path} has {len(row)}; mend it."
            )
        picked = [row[time[0]], *(row[i] for i in axes)]
        picked.append(row[seen_at] if seen_at is not None else "1")
        try:
            numbers = [_number(cell, delimiter) for cell in picked]
        except ValueError:
            bad = next(c for c in picked if not _is_number(c, delimiter))
            raise InputError(
                f"Expected numbers but line {line} of {path} holds {bad[:40]!r}; mend it."
            ) from None
        if not np.isfinite(numbers[0]):
            raise InputError(f"Expected a time in line {line} of {path} but got none; mend it.")
        frame = frames.setdefault(numbers[0], len(frames))
        joint = joints.setdefault(row[joint_at].strip(), len(joints))
        _check_frames(path, len(frames))
        _check_joints(path, len(joints))
        entries.extend([frame, joint, *numbers[1:]])
    if not frames:
        raise InputError(f"Expected at least one row but {path} has none; choose another file.")
    table = np.frombuffer(entries, dtype=float).reshape(-1, 3 + len(axes))
    f, j = table[:, 0].astype(int), table[:, 1].astype(int)
    twice = len(np.unique(f * len(joints) + j)) < len(table)
    if twice:
        raise InputError(
            f"Expected each joint once a frame but {path} has some twice (two people, or frames "
            "of one time?); keep one."
        )
    points = np.full((len(frames), len(joints), len(axes)), np.nan)
    points[f, j] = table[:, 2:-1]
    visibility = np.zeros((len(frames), len(joints)))
    visibility[f, j] = np.nan_to_num(table[:, -1])
    order = np.argsort(np.array(list(frames)), kind="stable")
    clock = np.array(list(frames))[order] * time[1]
    with_times = keys[time[0]] != "frame"
    return Raw(
        points[order],
        clock if with_times else None,
        visibility[order] if seen_at is not None else None,
        tuple(joints),
    )


def _read_bare(
    path: Path, rows: Iterator[tuple[int, list[str]]], width: int, skeleton: Skeleton | None
) -> Raw:
    """Read rows of numbers alone: [time,] x, y[, z] of each joint in the skeleton's order."""
    if skeleton is None:
        raise InputError(
            f"Expected a header line but {path} starts with numbers; add one, or name the skeleton."
        )
    n = len(skeleton.joints)
    table = _numbers(path, rows, width, ",")
    for dims in (3, 2):
        for lead in (0, 1):
            if width == dims * n + lead:
                time_s = table[:, 0] if lead else None
                return Raw(table[:, lead:].reshape(len(table), n, dims), time_s)
    raise InputError(
        f"Expected {2 * n} or {3 * n} columns for skeleton {skeleton.name!r}, and one more with "
        f"times, but {path} has {width}; name another skeleton."
    )
