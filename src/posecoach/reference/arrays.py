"""``motion.npz``: the arrays of all takes, read without trust and written the same each time.

The file is a zip of plain numpy arrays. It is read here member by member instead of with
``numpy.load``: a header's promise is held against the bytes that are there before any memory is
asked for, and nothing but numbers is ever made of them.
"""

from __future__ import annotations

import io
import math
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.body import N_POINTS
from posecoach.errors import SequenceError
from posecoach.motion import Motion

MAX_NPZ_BYTES = 200_000_000
MAX_FRAMES = 200_000
ARRAYS = ("time_s", "image", "world", "visibility", "presence", "take")
DATE = (1980, 1, 1, 0, 0, 0)
_MOST = 1e3  # picture widths or metres beyond which a number is no point of a body
_MAX_HEADER = 10_000
_MAX_MEMBERS = 20


def read_arrays(
    source: Path | bytes, name: str, *, strict: bool = False, others: bool = True
) -> dict[str, Any]:
    """Return the arrays of a ``motion.npz`` as floats.

    Parameters
    ----------
    source : path or bytes
    name : str
        Said in errors.
    strict : bool
        For a stranger's file: no infinity and no likelihood outside 0 to 1. Without it such
        numbers count as not seen.
    others : bool
        Whether other arrays are passed over (a later version may have them) or refused.

    Returns
    -------
    dict of str to array
        ``time_s`` (n,), ``image`` and ``world`` (n, 33, 3), ``visibility`` and ``presence``
        (n, 33), ``take`` (n,).

    Raises
    ------
    SequenceError
        The file is damaged or too large, or an array is missing or of another kind or shape.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as z:
            arrays = _read_members(z, name, others)
    except SequenceError:
        raise
    except Exception as e:  # zip, zlib, numpy's header parser and memory each have their own
        first = str(e).strip().splitlines()[0][:120] if str(e).strip() else type(e).__name__
        raise SequenceError(f"Expected arrays in {name} but it is damaged ({first}).") from e
    time_s = arrays["time_s"]
    n = time_s.shape[0] if time_s.ndim == 1 else -1
    arrays.setdefault("take", np.zeros(max(n, 0), dtype=np.int32))
    _check_shapes(arrays, n, name)
    with np.errstate(all="ignore"):
        arrays = {key: a.astype(float) for key, a in arrays.items()}
        if strict:
            _check_values(arrays, name)
        for key in ("image", "world"):
            arrays[key][~(np.abs(arrays[key]) <= _MOST)] = np.nan
        for key in ("visibility", "presence"):
            arrays[key] = np.clip(np.nan_to_num(arrays[key]), 0.0, 1.0)
    return arrays


def _read_members(z: zipfile.ZipFile, name: str, others: bool) -> dict[str, NDArray[Any]]:
    members = z.infolist()
    names = [m.filename for m in members]
    if len(members) > _MAX_MEMBERS or sum(m.file_size for m in members) > MAX_NPZ_BYTES:
        raise SequenceError(f"Expected a few arrays in {name} but it holds too much.")
    if len(set(names)) != len(names):
        raise SequenceError(f"Expected each array once in {name} but one is there twice.")
    wanted = {f"{a}.npy" for a in ARRAYS}
    if not others and not set(names) <= wanted:
        raise SequenceError(
            f"Expected only the arrays {', '.join(ARRAYS)} in {name} but there are others."
        )
    missing = [a for a in ARRAYS if f"{a}.npy" not in names and a != "take"]
    if missing:
        raise SequenceError(
            f"Expected the arrays {', '.join(missing)} in {name} but they are not there; "
            "have it saved or packed again."
        )
    return {m.filename[:-4]: _read_member(z, m) for m in members if m.filename in wanted}


def _read_member(z: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with z.open(member) as f, warnings.catch_warnings():
        warnings.simplefilter("error")  # of headers by very old programs
        version = np.lib.format.read_magic(f)
        if version == (1, 0):
            header = np.lib.format.read_array_header_1_0(f, max_header_size=_MAX_HEADER)
        elif version == (2, 0):
            header = np.lib.format.read_array_header_2_0(f, max_header_size=_MAX_HEADER)
        else:
            raise ValueError(f"an array format {version}")
        shape, fortran, dtype = header
        if dtype.hasobject or dtype.itemsize < 1 or any(d < 0 for d in shape):
            raise ValueError("an array of objects, not of numbers")
        size = math.prod(shape) * dtype.itemsize
        if size > member.file_size:
            raise ValueError(f"an array of {size} bytes in {member.file_size}")
        data = f.read(size + 1)
    if len(data) != size:
        raise ValueError(f"{len(data)} bytes of an array of {size}")
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")


def _check_shapes(arrays: Mapping[str, NDArray[Any]], n: int, name: str) -> None:
    shapes = {
        "time_s": (n,),
        "image": (n, N_POINTS, 3),
        "world": (n, N_POINTS, 3),
        "visibility": (n, N_POINTS),
        "presence": (n, N_POINTS),
        "take": (n,),
    }
    if not 1 <= n <= MAX_FRAMES:
        raise SequenceError(
            f"Expected time_s as 1 to {MAX_FRAMES} numbers in a row in {name} but got "
            f"{arrays['time_s'].shape}."
        )
    for key, shape in shapes.items():
        a = arrays[key]
        if a.shape != shape or a.dtype.kind not in "fiu":
            raise SequenceError(
                f"Expected {key} as numbers of shape {shape} in {name} but got {a.dtype} {a.shape}."
            )


def _check_values(arrays: Mapping[str, NDArray[Any]], name: str) -> None:
    """Refuse what no posecoach writes; NaN stands for a point that was not found."""
    for key in ("image", "world"):
        a = arrays[key]
        if not (np.isnan(a) | (np.abs(a) <= _MOST)).all():
            raise SequenceError(
                f"Expected {key} in {name} within {_MOST:.0f} picture widths or metres but some "
                "numbers are beyond."
            )
    for key in ("visibility", "presence"):
        if not ((arrays[key] >= 0) & (arrays[key] <= 1)).all():
            raise SequenceError(f"Expected {key} in {name} from 0 to 1 but some is not.")
    for key in ("time_s", "take"):
        if not np.isfinite(arrays[key]).all():
            raise SequenceError(f"Expected finite numbers as {key} in {name} but some are not.")


def collect_arrays(motions: Sequence[Motion]) -> dict[str, NDArray[Any]]:
    """Return the arrays of takes as they are stored, one take after the other."""
    time_s = [m.time_s.astype(np.float32) for m in motions]
    if any((np.diff(t) <= 0).any() for t in time_s):  # too fine for float32
        time_s = [m.time_s.astype(np.float64) for m in motions]
    out: dict[str, NDArray[Any]] = {"time_s": np.concatenate(time_s)}
    for key in ("image", "world", "visibility", "presence"):
        out[key] = np.concatenate([getattr(m, key) for m in motions]).astype(np.float32)
    out["take"] = np.concatenate([np.full(len(m), k, np.int32) for k, m in enumerate(motions)])
    return out


def write_arrays(arrays: Mapping[str, NDArray[Any]], *, compress: bool) -> bytes:
    """Return arrays as the bytes of an ``.npz``; the same arrays give the same bytes.

    Parameters
    ----------
    arrays : mapping of str to array
    compress : bool
        Takes a seventh off. What deflate writes differs between versions of zlib, so without it
        the bytes are the same everywhere.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for key, array in arrays.items():
            part = io.BytesIO()
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            np.lib.format.write_array(part, np.ascontiguousarray(little), (1, 0), False)
            info = make_info(f"{key}.npy")
            info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
            z.writestr(info, part.getvalue())
    return out.getvalue()


def make_info(name: str) -> zipfile.ZipInfo:
    """Return a zip member's head that says nothing of when, where and by whom it was written."""
    info = zipfile.ZipInfo(name, DATE)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info
