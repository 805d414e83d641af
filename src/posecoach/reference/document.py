"""``sequence.toml`` as a document: what may stand in it and what is wrong with one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from posecoach.body import JOINT_ANGLES
from posecoach.errors import SequenceError
from posecoach.reference.sequence import DEFAULT_JOINTS, SCHEMA, Breath, Symmetry, Take


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

    width: float = Field(ge=1, le=20000)
    height: float = Field(ge=1, le=20000)
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


def read_doc(path: Path) -> SequenceDoc:
    """Return the document in a file.

    Raises
    ------
    SequenceError
        It is no TOML, of another schema, or a field is wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # of the syntax, UTF-8 or an endless number
        raise SequenceError(f"Expected TOML in {path} but got: {error}; mend that line.") from error
    except OSError as error:
        raise SequenceError(f"Expected to read {path} but got: {error}.") from error
    schema = raw.get("schema")
    major = SCHEMA.rpartition("/")[2]
    name, _, version = str(schema).rpartition("/")
    if name == SCHEMA.rpartition("/")[0] and _is_newer(version, major):
        raise SequenceError(
            f"Expected {SCHEMA} but {path} is {schema}, made by a newer posecoach; "
            "update posecoach."
        )
    if schema != SCHEMA:
        raise SequenceError(f"Expected schema = {SCHEMA!r} in {path} but got {schema!r}.")
    return validate_doc(raw, path)


def _is_newer(version: str, major: str) -> bool:
    return version.isdecimal() and (len(version), version) > (len(major), major)


def validate_doc(raw: Mapping[str, Any], path: Path) -> SequenceDoc:
    """Return plain values as a document; raise `SequenceError` naming what is wrong."""
    try:
        return SequenceDoc.model_validate(raw)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:6]
        )
        told = " ".join(told.split())  # keys of a stranger's file may hold line breaks
        raise SequenceError(f"Expected a sound {path} but got {told}.") from error


def find_problems(doc: SequenceDoc, takes: tuple[Take, ...]) -> list[str]:
    """Return what is wrong between the fields and with the takes they speak of."""
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
