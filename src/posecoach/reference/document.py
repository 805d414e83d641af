"""``sequence.toml`` as a document: what may stand in it and what is wrong with one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from posecoach.body import JOINT_ANGLES
from posecoach.errors import SequenceError
from posecoach.reference.sequence import DEFAULT_JOINTS, SCHEMA, Breath, Posture, Symmetry, Take

_SCHEMA = re.compile(re.escape(SCHEMA) + r"(\.[0-9]{1,9})?")
_PART = r"""(?:[\w-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+')"""
_ENDLESS_KEY = re.compile(rf"(?<![\w-])(?:{_PART}[ \t]*+\.[ \t]*+){{40}}")
Span = Annotated[list[float], Field(min_length=2, max_length=2)]


class _Doc(BaseModel):
    model_config = ConfigDict(extra="allow")


class PhaseDoc(_Doc):
    """A named stretch of the form."""

    id: str = Field(min_length=1, max_length=60, description="Short name, different in each.")
    start_s: float = Field(ge=0, description="Seconds of the first take.")
    end_s: float = Field(gt=0, description="Seconds of the first take.")
    breath: Breath = Field(default="free", description="What the breath does in it.")
    title: dict[str, str] = Field(default={}, description="By language.")
    symmetry: Symmetry = Field(
        default="symmetric", description="What the two sides do, as for the form."
    )
    joints: list[str] | None = Field(
        default=None, description="Joints whose angle matters in it; by default the form's."
    )
    tolerances: dict[str, float] = Field(
        default={}, description="By measure, in its unit; they go before the form's."
    )
    cues: dict[str, dict[str, list[str]]] = Field(
        default={}, description="The teacher's words in it; they go before the form's."
    )


class TakeDoc(_Doc):
    """One recorded performance; its arrays are in motion.npz, in the same order."""

    width: float = Field(ge=1, le=20000, description="Of the picture, pixels.")
    height: float = Field(ge=1, le=20000, description="Of the picture, pixels.")
    roll_deg: float = Field(
        default=0.0, ge=-45, le=45, description="How far the picture's vertical is turned."
    )
    zero_lean: float = Field(
        default=0.0, ge=-30, le=30, description="Lean read on the still stance, degrees."
    )
    zero_shoulders: float = Field(
        default=0.0, ge=-30, le=30, description="Shoulder tilt read on the still stance, degrees."
    )
    zero_pelvis: float = Field(
        default=0.0, ge=-30, le=30, description="Pelvis tilt read on the still stance, degrees."
    )
    stance_s: float = Field(
        default=0.0, ge=0, description="How long the still stance lasted; 0 = there was none."
    )
    source: str = Field(default="", description="Name of the video, without a folder.")
    bridged: list[Span] = Field(
        default=[],
        max_length=1000,
        description="Start and end in seconds of the short gaps that were bridged.",
    )


class SequenceDoc(_Doc):
    """A teacher's form: sequence.toml."""

    schema_: str = Field(
        alias="schema",
        pattern=rf"^{re.escape(SCHEMA)}(\.[0-9]{{1,9}})?$",
        description="Kind and version of the file; one of a newer major version is refused.",
    )
    id: str = Field(
        min_length=1,
        max_length=80,
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
        description="Name of the form and of its folder.",
    )
    title: dict[str, str] = Field(default={}, description="By language: de, en, zh.")
    notes: dict[str, str] = Field(default={}, description="For people, by language.")
    teacher: str = Field(default="", description="Who teaches it.")
    origin: str = Field(default="", description="Where the form and the recording come from.")
    licence: str = Field(default="", description="Under which the form may be shared.")
    consent: str = Field(default="", description="That the person recorded agreed, and to what.")
    set: str = Field(
        default="", max_length=60, description="Name of the set of forms it belongs to."
    )
    number: int | None = Field(
        default=None, ge=0, le=999, description="Its place in the set; forms are listed by it."
    )
    posture: Posture = Field(default="standing", description="How the form is done.")
    view: str = Field(
        default="front", pattern="^(front|side)$", description="From where it was recorded."
    )
    symmetry: Symmetry = Field(
        default="symmetric",
        description="symmetric: both sides the same at once; mirrored: in turn; one-sided: "
        "nothing is compared.",
    )
    joints: list[str] = Field(
        default=list(DEFAULT_JOINTS), description="Joints whose angle matters."
    )
    tolerances: dict[str, float] = Field(
        default={}, description="By measure, in its unit; smallest ones hold below."
    )
    cues: dict[str, dict[str, list[str]]] = Field(
        default={}, description="The teacher's words: measure.direction, language, variants."
    )
    phases: list[PhaseDoc] = Field(default=[], description="In order, without overlap.")
    takes: list[TakeDoc] = Field(
        default=[], max_length=50, description="The first is the one that is followed."
    )


def read_doc(path: Path) -> SequenceDoc:
    """Return the document in a file.

    Raises
    ------
    SequenceError
        It is no TOML, of another schema, or a field is wrong.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SequenceError(f"Expected to read {path} but got: {error}.") from error
    return parse_doc(data, str(path))


def parse_doc(data: bytes, name: str) -> SequenceDoc:
    """Return the document in a file's bytes.

    Parameters
    ----------
    data : bytes
    name : str
        Said in errors.

    Raises
    ------
    SequenceError
        It is no TOML, of another schema, or a field is wrong.
    """
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        if _ENDLESS_KEY.search(text):  # the parser would take minutes
            raise SequenceError(f"Expected TOML in {name} but a key has far too many parts.")
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of the syntax, UTF-8 or an endless number
        raise SequenceError(f"Expected TOML in {name} but got: {error}; mend that line.") from error
    schema = raw.get("schema")
    family, _, number = SCHEMA.rpartition("/")
    given, _, version = str(schema).rpartition("/")
    major, _, _ = version.partition(".")
    if given == family and _is_newer(major, number):
        raise SequenceError(
            f"Expected {SCHEMA} but {name} is {str(schema)[:60]}, made by a newer posecoach; "
            "update posecoach."
        )
    if not (isinstance(schema, str) and _SCHEMA.fullmatch(schema)):
        raise SequenceError(
            f"Expected schema = {SCHEMA!r} in {name} but got {repr(schema)[:60]}; "
            "choose a form of posecoach."
        )
    return validate_doc(raw, name)


def _is_newer(version: str, major: str) -> bool:
    return version.isdecimal() and (len(version), version) > (len(major), major)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``sequence.toml``; also published as ``sequence.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SequenceDoc.model_json_schema(by_alias=True),
    }


def validate_doc(raw: Mapping[str, Any], name: str) -> SequenceDoc:
    """Return plain values as a document; raise `SequenceError` naming what is wrong."""
    try:
        return SequenceDoc.model_validate(raw)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(p) for p in e['loc'])}: {_tell(e['loc'], e['msg'])}"
            for e in error.errors()[:6]
        )
        told = " ".join(told.split())  # keys of a stranger's file may hold line breaks
        raise SequenceError(f"Expected a sound {name} but got {told}.") from error


def _tell(where: tuple[int | str, ...], message: str) -> str:
    """Return what a field needs in words, where the pattern alone would be said."""
    meant: dict[tuple[int | str, ...], str] = {
        ("id",): "should be small letters, digits, - and _, a letter or digit first",
        ("view",): "should be front or side",
    }
    return meant.get(where, message)


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
    parts: list[SequenceDoc | PhaseDoc] = [doc, *doc.phases]
    for part in parts:
        where = f" in phase {part.id!r}" if isinstance(part, PhaseDoc) else ""
        out += [
            f"joint {j!r}{where} is none of {', '.join(JOINT_ANGLES)}"
            for j in part.joints or []
            if j not in JOINT_ANGLES
        ]
        out += [
            f"tolerance of {m!r}{where} is {v}, not above 0"
            for m, v in part.tolerances.items()
            if not (np.isfinite(v) and v > 0)
        ]
    for k, take in enumerate(doc.takes[: len(takes)]):
        length = takes[k].motion.duration_s + 0.5
        out += [
            f"take {k} is bridged from {a} to {b} s, not a stretch of it"
            for a, b in take.bridged
            if not 0 <= a < b <= length
        ]
    return out
