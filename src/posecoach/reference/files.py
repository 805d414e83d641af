"""Sequences on disk: a folder with ``sequence.toml`` for people and ``motion.npz`` for arrays.

What comes from outside is not trusted: no pickle, sizes limited, every field checked, all
problems told at once.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
from numpy.typing import NDArray
from tomlkit.exceptions import TOMLKitError

from posecoach.body import N_POINTS
from posecoach.errors import InputError, SequenceError
from posecoach.motion import Motion
from posecoach.posture.angles import compute_trunk_length, rotate_plane
from posecoach.posture.calibration import Calibration, calibrate
from posecoach.posture.features import compute_features
from posecoach.posture.resample import median_found
from posecoach.reference.document import SequenceDoc, TakeDoc, find_problems, read_doc, validate_doc
from posecoach.reference.sequence import SCHEMA, Phase, Sequence, Take

TOML_NAME, NPZ_NAME = "sequence.toml", "motion.npz"
MAX_TOML_BYTES = 1_000_000
MAX_NPZ_BYTES = 200_000_000
MAX_FRAMES = 200_000
MAX_TAKE_S = 7200.0
_MOST = 1e3  # picture widths or metres beyond which a number is no point of a body
_ARRAYS = ("time_s", "image", "world", "visibility", "presence", "take")


def load_sequence(folder: str | Path) -> Sequence:
    """Load a sequence from its folder.

    Raises
    ------
    SequenceError
        Something is missing, too large, of a newer version, or wrong; all problems in one line.
    """
    path = Path(folder)
    toml_path, npz_path = path / TOML_NAME, path / NPZ_NAME
    for need, limit in ((toml_path, MAX_TOML_BYTES), (npz_path, MAX_NPZ_BYTES)):
        if not need.is_file():
            raise SequenceError(
                f"Expected a sequence folder with {need.name} but {str(path)!r} has none; "
                "see 'posecoach references list'."
            )
        if need.stat().st_size > limit:
            raise SequenceError(f"Expected {need} of at most {limit} bytes but it is larger.")
    doc = read_doc(toml_path)
    arrays = _read_arrays(npz_path)
    takes = _make_takes(doc, arrays, npz_path)
    problems = find_problems(doc, takes)
    if problems:
        raise SequenceError(f"Expected a sound sequence but {toml_path}: {'; '.join(problems)}.")
    return Sequence(
        id=doc.id,
        takes=takes,
        titles=doc.title,
        phases=tuple(
            Phase(p.id, p.start_s, p.end_s, p.breath, p.title, p.symmetry) for p in doc.phases
        ),
        view=doc.view,
        symmetry=doc.symmetry,
        joints=tuple(doc.joints),
        tolerances=doc.tolerances,
        cues={k: {lang: tuple(t) for lang, t in v.items()} for k, v in doc.cues.items()},
        notes=doc.notes,
        teacher=doc.teacher,
        origin=doc.origin,
        licence=doc.licence,
        consent=doc.consent,
    )


def _read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as z:
            members = {m.filename: m.file_size for m in z.infolist()}
            if len(members) > 20 or sum(members.values()) > MAX_NPZ_BYTES:
                raise SequenceError(f"Expected a few arrays in {path} but it holds too much.")
        with np.load(path, allow_pickle=False) as data:
            missing = [a for a in _ARRAYS if a not in data and a != "take"]
            if missing:
                raise SequenceError(f"Expected the arrays {', '.join(missing)} in {path}.")
            arrays = {a: np.asarray(data[a]) for a in _ARRAYS if a in data}
    except SequenceError:
        raise
    except Exception as e:  # zip, zlib, numpy's header parser and memory each have their own
        first = str(e).strip().splitlines()[0][:120] if str(e).strip() else type(e).__name__
        raise SequenceError(f"Expected arrays in {path} but it is damaged ({first}).") from e
    n = arrays["time_s"].shape[0] if arrays["time_s"].ndim == 1 else -1
    arrays.setdefault("take", np.zeros(max(n, 0), dtype=np.int32))
    shapes = {
        "time_s": (n,),
        "image": (n, N_POINTS, 3),
        "world": (n, N_POINTS, 3),
        "visibility": (n, N_POINTS),
        "presence": (n, N_POINTS),
        "take": (n,),
    }
    for name, shape in shapes.items():
        a = arrays[name]
        if n < 1 or n > MAX_FRAMES or a.shape != shape or a.dtype.kind not in "fiu":
            raise SequenceError(
                f"Expected {name} as numbers of shape {shape} (1 to {MAX_FRAMES} frames) in "
                f"{path} but got {a.dtype} {a.shape}."
            )
    with np.errstate(all="ignore"):
        arrays = {name: a.astype(float) for name, a in arrays.items()}
        for name in ("image", "world"):
            arrays[name][~(np.abs(arrays[name]) <= _MOST)] = np.nan
        for name in ("visibility", "presence"):
            arrays[name] = np.clip(np.nan_to_num(arrays[name]), 0.0, 1.0)
    return arrays


def _make_takes(
    doc: SequenceDoc, arrays: Mapping[str, NDArray[Any]], path: Path
) -> tuple[Take, ...]:
    which = arrays["take"]
    numbers = np.unique(which).tolist()
    if numbers != list(range(len(numbers))) or (doc.takes and len(doc.takes) != len(numbers)):
        raise SequenceError(
            f"Expected takes 0 to {max(len(doc.takes), 1) - 1} in {path} but got {numbers[:9]}."
        )
    takes = []
    for k in range(len(numbers)):
        t = doc.takes[k] if doc.takes else TakeDoc(width=1000, height=1000)
        at = which == k
        try:
            motion = Motion(
                arrays["time_s"][at],
                arrays["image"][at],
                arrays["world"][at],
                arrays["visibility"][at],
                arrays["presence"][at],
                t.width,
                t.height,
                t.source,
            )
        except InputError as error:
            raise SequenceError(f"Take {k} of {path}: {error}") from error
        _check_body(motion, f"take {k} of {path}")
        takes.append(Take(motion, _calibration(t, motion)))
    return tuple(takes)


def _check_body(motion: Motion, name: str) -> None:
    found = motion.found
    if found.sum() < 10:
        raise SequenceError(f"Expected a body in {name} but found none.")
    if motion.duration_s > MAX_TAKE_S:
        raise SequenceError(
            f"Expected {name} to last at most {MAX_TAKE_S:.0f} s but its times span "
            f"{motion.duration_s:.3g} s."
        )
    if not float(np.median(compute_trunk_length(motion.plane()[found]))) > 0:
        raise SequenceError(f"Expected a body in {name} but its shoulders and hips fall together.")


def _calibration(t: TakeDoc, motion: Motion) -> Calibration:
    first = int(motion.found.argmax())
    near = slice(first, first + max(3, int(0.2 * min(motion.fps, 1000.0))))
    base = calibrate(motion.plane()[near], motion.world[near], 0.0)
    if t.stance_s <= 0:
        return base
    level = rotate_plane(median_found(motion.plane()[near]), t.roll_deg)
    return replace(
        base,
        roll_deg=t.roll_deg,
        zero_lean=t.zero_lean,
        zero_shoulders=t.zero_shoulders,
        zero_pelvis=t.zero_pelvis,
        seconds=t.stance_s,
        rest=compute_features(level, median_found(motion.world[near])),
    )


def save_sequence(sequence: Sequence, folder: str | Path) -> Path:
    """Write a sequence as a folder; comments and unknown fields of an old one are kept.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    SequenceError
        The sequence is not sound, its old file is damaged, or the folder cannot be written.
    """
    path = Path(folder)
    try:
        text = _to_toml(sequence, path / TOML_NAME)
        path.mkdir(parents=True, exist_ok=True)
        _write_atomic(path / NPZ_NAME, _pack_arrays(sequence))
        _write_atomic(path / TOML_NAME, text.encode())
    except OSError as error:
        raise SequenceError(f"Expected to write {path} but got: {error}.") from error
    return path


def _write_atomic(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _pack_arrays(sequence: Sequence) -> bytes:
    motions = [t.motion for t in sequence.takes]
    out = io.BytesIO()
    np.savez_compressed(
        out,
        time_s=np.concatenate([m.time_s for m in motions]).astype(np.float32),
        image=np.concatenate([m.image for m in motions]).astype(np.float32),
        world=np.concatenate([m.world for m in motions]).astype(np.float32),
        visibility=np.concatenate([m.visibility for m in motions]).astype(np.float32),
        presence=np.concatenate([m.presence for m in motions]).astype(np.float32),
        take=np.concatenate([np.full(len(m), k, np.int32) for k, m in enumerate(motions)]),
    )
    return out.getvalue()


def _to_toml(s: Sequence, path: Path) -> str:
    doc = tomlkit.document()
    if path.is_file():
        try:
            doc = tomlkit.parse(path.read_text(encoding="utf-8"))
        except (ValueError, TOMLKitError, RecursionError) as error:
            raise SequenceError(
                f"Expected TOML in {path} but got: {error}; mend or remove it before saving."
            ) from error
    doc["schema"] = SCHEMA
    doc["id"] = s.id
    for key in ("teacher", "origin", "licence", "consent", "view", "symmetry"):
        doc[key] = getattr(s, key)
    doc["joints"] = list(s.joints)
    doc["title"] = dict(s.titles)
    cues = {k: {lang: list(t) for lang, t in v.items()} for k, v in s.cues.items()}
    for key, table in (("notes", s.notes), ("tolerances", s.tolerances), ("cues", cues)):
        if table:
            doc[key] = dict(table)
        else:
            doc.pop(key, None)
    phases = tomlkit.aot()
    for p in s.phases:
        table = tomlkit.table()
        table["id"] = p.id
        table["start_s"] = round(p.start_s, 3)
        table["end_s"] = round(p.end_s, 3)
        table["breath"] = p.breath
        table["symmetry"] = p.symmetry
        if p.titles:
            table["title"] = dict(p.titles)
        phases.append(table)
    doc["phases"] = phases
    takes = tomlkit.aot()
    for t in s.takes:
        c = t.calibration
        table = tomlkit.table()
        table["width"], table["height"] = t.motion.width, t.motion.height
        table["roll_deg"] = round(c.roll_deg, 3)
        table["zero_lean"] = round(c.zero_lean, 3)
        table["zero_shoulders"] = round(c.zero_shoulders, 3)
        table["zero_pelvis"] = round(c.zero_pelvis, 3)
        table["stance_s"] = round(c.seconds, 2)
        table["source"] = t.motion.source
        takes.append(table)
    doc["takes"] = takes
    problems = find_problems(validate_doc(doc.unwrap(), path), s.takes)
    if problems:
        raise SequenceError(f"Expected a sound sequence to save but {'; '.join(problems)}.")
    return tomlkit.dumps(doc)
