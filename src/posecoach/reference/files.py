"""Sequences on disk: a folder with ``sequence.toml`` for people and ``motion.npz`` for arrays.

What comes from outside is not trusted: no pickle, sizes limited, every field checked, all
problems told at once.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from posecoach.body import JOINT_ANGLES, N_POINTS
from posecoach.errors import InputError, SequenceError
from posecoach.motion import Motion
from posecoach.posture.calibration import Calibration, calibrate
from posecoach.reference.sequence import (
    DEFAULT_JOINTS,
    SCHEMA,
    Breath,
    Phase,
    Sequence,
    Symmetry,
    Take,
)

TOML_NAME, NPZ_NAME = "sequence.toml", "motion.npz"
MAX_TOML_BYTES = 1_000_000
MAX_NPZ_BYTES = 200_000_000
MAX_FRAMES = 200_000
_ARRAYS = ("time_s", "image", "world", "visibility", "presence", "take")


class _Doc(BaseModel):
    model_config = ConfigDict(extra="allow")


class PhaseDoc(_Doc):
    """A phase as written."""

    id: str = Field(min_length=1, max_length=60)
    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)
    breath: Breath = "free"
    title: dict[str, str] = {}
    symmetry: Symmetry = "symmetric"


class TakeDoc(_Doc):
    """A take's calibration as written."""

    width: float = Field(gt=0, le=20000)
    height: float = Field(gt=0, le=20000)
    roll_deg: float = Field(default=0.0, ge=-45, le=45)
    zero_lean: float = Field(default=0.0, ge=-30, le=30)
    zero_shoulders: float = Field(default=0.0, ge=-30, le=30)
    zero_pelvis: float = Field(default=0.0, ge=-30, le=30)
    stance_s: float = Field(default=0.0, ge=0)
    source: str = ""


class SequenceDoc(_Doc):
    """``sequence.toml`` as written."""

    schema_: str = Field(alias="schema")
    id: str = Field(min_length=1, max_length=80, pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: dict[str, str] = {}
    notes: dict[str, str] = {}
    teacher: str = ""
    origin: str = ""
    licence: str = ""
    consent: str = ""
    view: str = Field(default="front", pattern="^(front|side)$")
    symmetry: Symmetry = "symmetric"
    joints: list[str] = list(DEFAULT_JOINTS)
    tolerances: dict[str, float] = {}
    cues: dict[str, dict[str, list[str]]] = {}
    phases: list[PhaseDoc] = []
    takes: list[TakeDoc] = Field(default=[], max_length=50)


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
    doc = _read_doc(toml_path)
    arrays = _read_arrays(npz_path)
    takes = _make_takes(doc, arrays, npz_path)
    problems = _find_problems(doc, takes)
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


def _read_doc(path: Path) -> SequenceDoc:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SequenceError(f"Expected TOML in {path} but got: {error}; mend that line.") from error
    schema = raw.get("schema")
    major = SCHEMA.rpartition("/")[2]
    name, _, version = str(schema).rpartition("/")
    if name == SCHEMA.rpartition("/")[0] and version.isdigit() and int(version) > int(major):
        raise SequenceError(
            f"Expected {SCHEMA} but {path} is {schema}, made by a newer posecoach; "
            "update posecoach."
        )
    if schema != SCHEMA:
        raise SequenceError(f"Expected schema = {SCHEMA!r} in {path} but got {schema!r}.")
    try:
        return SequenceDoc.model_validate(raw)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:6]
        )
        raise SequenceError(f"Expected a sound {path} but got {told}.") from error


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
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError) as e:
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
    return arrays


def _make_takes(
    doc: SequenceDoc, arrays: Mapping[str, NDArray[Any]], path: Path
) -> tuple[Take, ...]:
    which = arrays["take"].astype(int)
    numbers = sorted(set(which.tolist()))
    if numbers != list(range(len(numbers))) or (doc.takes and len(doc.takes) != len(numbers)):
        raise SequenceError(
            f"Expected takes 0 to {max(len(doc.takes), 1) - 1} in {path} but got {numbers[:9]}."
        )
    takes = []
    for k in numbers:
        t = doc.takes[k] if doc.takes else TakeDoc(width=1000, height=1000)
        at = which == k
        try:
            motion = Motion(
                arrays["time_s"][at].astype(float),
                arrays["image"][at].astype(float),
                arrays["world"][at].astype(float),
                np.nan_to_num(arrays["visibility"][at].astype(float)),
                np.nan_to_num(arrays["presence"][at].astype(float)),
                t.width,
                t.height,
                t.source,
            )
        except InputError as error:
            raise SequenceError(f"Take {k} of {path}: {error}") from error
        if motion.found.sum() < 10:
            raise SequenceError(f"Expected a body in take {k} of {path} but found none.")
        takes.append(Take(motion, _calibration(t, motion)))
    return tuple(takes)


def _calibration(t: TakeDoc, motion: Motion) -> Calibration:
    first = int(motion.found.argmax())
    near = slice(first, first + max(3, int(0.2 * motion.fps)))
    base = calibrate(motion.plane()[near], motion.world[near], 0.0)
    if t.stance_s <= 0:
        return base
    from dataclasses import replace

    from posecoach.posture.angles import rotate_plane
    from posecoach.posture.features import compute_features

    level = rotate_plane(np.nanmedian(motion.plane()[near], axis=0), t.roll_deg)
    return replace(
        base,
        roll_deg=t.roll_deg,
        zero_lean=t.zero_lean,
        zero_shoulders=t.zero_shoulders,
        zero_pelvis=t.zero_pelvis,
        seconds=t.stance_s,
        rest=compute_features(level, np.nanmedian(motion.world[near], axis=0)),
    )


def _find_problems(doc: SequenceDoc, takes: tuple[Take, ...]) -> list[str]:
    out = []
    end = takes[0].motion.duration_s + 0.5
    last = 0.0
    for p in doc.phases:
        if p.end_s <= p.start_s:
            out.append(f"phase {p.id!r} ends at {p.end_s} s, not after its start at {p.start_s} s")
        if p.start_s < last - 1e-6:
            out.append(f"phase {p.id!r} starts before the one before it ends")
        if p.end_s > end:
            out.append(f"phase {p.id!r} ends after the take, at {p.end_s} s")
        last = p.end_s
    if len({p.id for p in doc.phases}) != len(doc.phases):
        out.append("phases need different ids")
    out += [
        f"joint {j!r} is none of {', '.join(JOINT_ANGLES)}"
        for j in doc.joints
        if j not in JOINT_ANGLES
    ]
    out += [
        f"tolerance of {m!r} is {v}, not above 0"
        for m, v in doc.tolerances.items()
        if not (np.isfinite(v) and v > 0)
    ]
    return out


def save_sequence(sequence: Sequence, folder: str | Path) -> Path:
    """Write a sequence as a folder; comments and unknown fields of an old one are kept.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    SequenceError
        The folder cannot be written.
    """
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        _write_atomic(path / NPZ_NAME, _pack_arrays(sequence))
        text = _to_toml(sequence, path / TOML_NAME)
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
    import io

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
    doc = tomlkit.parse(path.read_text(encoding="utf-8")) if path.is_file() else tomlkit.document()
    doc["schema"] = SCHEMA
    doc["id"] = s.id
    for key in ("teacher", "origin", "licence", "consent", "view", "symmetry"):
        doc[key] = getattr(s, key)
    doc["joints"] = list(s.joints)
    doc["title"] = dict(s.titles)
    if s.notes:
        doc["notes"] = dict(s.notes)
    if s.tolerances:
        doc["tolerances"] = dict(s.tolerances)
    if s.cues:
        doc["cues"] = {k: {lang: list(t) for lang, t in v.items()} for k, v in s.cues.items()}
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
    return tomlkit.dumps(doc)
