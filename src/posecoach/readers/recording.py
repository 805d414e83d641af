"""One call for every kind of recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.body import Skeleton, get_skeleton
from posecoach.errors import InputError, PosecoachError, UsageError
from posecoach.motion import Motion
from posecoach.readers.arrays import read_arrays
from posecoach.readers.netcdf import read_netcdf
from posecoach.readers.pose import read_pose
from posecoach.readers.raw import Raw, drop_blanks
from posecoach.readers.table import read_table
from posecoach.readers.take import is_take, read_csv
from posecoach.readers.trc import read_markers

Array = NDArray[np.float64]

SUFFIXES = (".csv", ".tsv", ".txt", ".npz", ".pose", ".nc", ".trc")
"""Endings of files that `read_recording` reads."""

_UP = ("y", "-y", "z", "-z")


def read_recording(
    path: str | Path,
    skeleton: str | Sequence[str] | None = None,
    *,
    rate_hz: float | None = None,
    picture: tuple[float, float] | None = None,
    up: str | None = None,
    mirrored: bool | None = None,
) -> Motion:
    """Read a recording of any tracker; the formats are told in ``docs/recordings.md``.

    Parameters
    ----------
    path : str or Path
        A table (``.csv``, ``.tsv``, ``.txt``), arrays (``.npz``), pose-format (``.pose``),
        movement's netCDF (``.nc``) or OpenSim's markers (``.trc``).
    skeleton : str or sequence of str, optional
        Name of a skeleton (see `posecoach.body.SKELETONS`) or the joints' names in order;
        needed only where the file does not say.
    rate_hz : float, optional
        Frames a second, for a file without times.
    picture : (float, float), optional
        Width and height of the picture in pixels, where x and y are shares of them.
    up : {"y", "-y", "z", "-z"}, optional
        Axis that points up. By default y, whose way is read from head and hips.
    mirrored : bool, optional
        True if the tracker worked on a mirrored picture, so that its left is the person's
        right. It cannot be seen from the points and is never guessed.

    Returns
    -------
    Motion

    Raises
    ------
    InputError
        The file is not there, damaged, too large, or not such a recording.
    UsageError
        The skeleton is unknown or an option makes no sense.
    """
    source = Path(path)
    if not source.is_file():
        what = "a folder" if source.is_dir() else "not there"
        raise InputError(f"Expected a recording but {str(path)!r} is {what}; check the name.")
    if source.suffix.lower() not in SUFFIXES:
        mot = source.suffix.lower() == ".mot"
        why = "it has angles and no points: give those (.trc)" if mot else "rename it"
        raise InputError(
            f"Expected a recording ({', '.join(SUFFIXES)}) but got {source.name!r}; {why}."
        )
    if up is not None and up not in _UP:
        raise UsageError(f"Expected up as one of {', '.join(_UP)} but got {up!r}.")
    for name, number in (("rate_hz", rate_hz), *(("picture", side) for side in picture or ())):
        if number is not None and not (np.isfinite(number) and number > 0):
            raise UsageError(f"Expected {name} above 0 but got {number}.")
    kind = None if skeleton is None else get_skeleton(skeleton)
    try:
        raw = _read(source, kind)
    except OSError as error:
        raise InputError(
            f"Expected to read {source} but {error.strerror or error}; check it."
        ) from error
    if isinstance(raw, Motion):
        return raw.mirrored() if mirrored else raw
    raw = replace(
        raw,
        rate_hz=rate_hz if rate_hz is not None else raw.rate_hz,
        picture=picture if picture is not None else raw.picture,
        up=up if up is not None else raw.up,
        mirrored=mirrored if mirrored is not None else raw.mirrored,
    )
    try:
        return _make_motion(source, raw, kind)
    except PosecoachError as error:
        told = str(error)
        raise InputError(told if str(source) in told else f"{source}: {told}") from error


def _read(path: Path, kind: Skeleton | None) -> Raw | Motion:
    """Read a file as its ending says; a `Motion` where it holds one of posecoach's own."""
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return read_arrays(path)
    if suffix == ".pose":
        return read_pose(path)
    if suffix == ".nc":
        return read_netcdf(path)
    if suffix == ".trc":
        return read_markers(path)
    return read_csv(path) if is_take(path) else read_table(path, kind)


def _make_motion(path: Path, raw: Raw, kind: Skeleton | None) -> Motion:
    points, visibility, skeleton = _name_joints(path, raw, kind)
    if visibility is not None:
        known = np.nan_to_num(visibility)
        if known.min() < 0 or known.max() > 1:
            raise InputError(
                f"Expected visibility from 0 to 1 but got {known.min():g} to {known.max():g}; "
                "divide it by its largest value."
            )
    points = drop_blanks(points, visibility)
    points[~np.isfinite(points)] = np.nan
    if raw.picture is not None:
        width, height = raw.picture
        if not (width > 0 and height > 0):
            raise InputError(f"Expected a picture size above 0 but got {width:g}x{height:g}.")
        points[..., 0] *= width
        points[..., 1] *= height
        if points.shape[2] == 3:
            points[..., 2] *= width
    points, y_up = _stand(points, raw.up)
    motion = Motion.from_points(
        points,
        _times(path, raw),
        skeleton,
        visibility,
        y_up=y_up,
        mirrored=bool(raw.mirrored),
        turn=raw.picture is None and not raw.guessed,  # depth beside a picture is a guess
    )
    return replace(motion, source=path.name)


def _name_joints(
    path: Path, raw: Raw, kind: Skeleton | None
) -> tuple[Array, Array | None, str | tuple[str, ...]]:
    """Return points and visibility in the order of the skeleton's joints, and the skeleton."""
    if kind is None:
        if raw.joints is None:
            raise InputError(f"Expected the joints' names but {path} has none; name the skeleton.")
        names = raw.joints if isinstance(raw.joints, str) else tuple(raw.joints)
        return raw.points, raw.visibility, names
    said = kind.joints if kind.name == "named" else kind.name
    if raw.joints is None or isinstance(raw.joints, str):
        return raw.points, raw.visibility, said
    # The file's names decide where they are the skeleton's, whatever their order.
    at = {name.lower(): i for i, name in enumerate(raw.joints)}
    order = [at.get(name.lower(), -1) for name in kind.joints]
    if sum(i >= 0 for i in order) < 4:
        return raw.points, raw.visibility, said
    known = np.array(order) >= 0
    points = np.where(known[:, None], raw.points[:, order], np.nan)
    seen = None
    if raw.visibility is not None:
        seen = np.where(known, raw.visibility[:, order], 0.0)
    return points, seen, said


def _times(path: Path, raw: Raw) -> Array:
    if raw.time_s is not None:
        return raw.time_s
    if raw.rate_hz is None:
        raise InputError(
            f"Expected times but {path} has none; add a time column, or say the frames a second."
        )
    if not (np.isfinite(raw.rate_hz) and raw.rate_hz > 0):
        raise InputError(f"Expected a frame rate above 0 but got {raw.rate_hz}; mend it.")
    return np.arange(len(raw.points)) / raw.rate_hz


def _stand(points: Array, up: str | None) -> tuple[Array, bool | None]:
    """Return points with y along the vertical, and whether it grows upwards."""
    if up is None:
        return points, None
    if up not in _UP:
        raise InputError(f"Expected up as one of {', '.join(_UP)} but got {up!r}; mend it.")
    if up.endswith("z"):
        if points.shape[2] == 2:
            raise InputError(f"Expected three axes with up {up!r} but got two; say y or -y.")
        # A quarter turn about x, so that space is not mirrored.
        points = np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1)
    return points, not up.startswith("-")
