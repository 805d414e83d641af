"""Saying what is wrong or doubtful with a recorded form: everything at once, never an exception.

What a stranger or a teacher wrote is judged in two grades: an error keeps the form from being
used as it was meant, a warning is something the teacher should look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from posecoach.body import JOINT_ANGLES
from posecoach.errors import SequenceError, make_one_line
from posecoach.reference import files, names
from posecoach.reference.arrays import MAX_NPZ_BYTES, read_arrays
from posecoach.reference.document import PhaseDoc, SequenceDoc, find_problems, read_doc
from posecoach.reference.quality import (
    Finding,
    Findings,
    check_takes,
    make_error,
    make_warning,
)
from posecoach.reference.sequence import Phase
from posecoach.text import LANGUAGES, N_

T = TypeVar("T")

KNOWN_LANGUAGES = (*LANGUAGES, "zh")  # forms carry their Chinese names as well
MAX_WORDS = 5
MAX_CHARACTERS = 34
MIN_PHASE_S = 0.5
_BORDER_S = 0.1  # phases are marked by hand
_MOST_FINDINGS = 200

# The floors of `posecoach.measure.judgement` and the directions of `posecoach.coach.cues`, which
# lie above this module and so cannot be imported; tests/reference/test_check.py holds them equal.
_SIDES = ("left", "right")
FLOORS: Mapping[str, float] = {
    "tempo_ratio": 0.25,
    "evenness": 0.3,
    "lateral_lean": 4.0,
    "forward_lean": 6.0,
    "shoulder_tilt": 5.0,
    "pelvis_tilt": 5.0,
    "arm_height_difference": 10.0,
    "left_right_delay": 150.0,
    "joint_angle": 15.0,
    "carriage": 15.0,
}
"""Smallest tolerance by measure, in its unit."""
DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "tempo_ratio": ("fast", "slow"),
    "evenness": ("even", "uneven"),
    "forward_lean": ("forward", "back"),
    "joint_angle": ("more", "less"),
    "carriage": ("away", "away"),
}
REGIONS = ("trunk", "head", "arms", "legs")
"""Directions of a deviation by measure; left and right for the others."""


def check_sequence(folder: str | Path) -> list[Finding]:
    """Return everything wrong or doubtful with a recorded form, errors first.

    Parameters
    ----------
    folder : str or path
        Holds ``sequence.toml`` and ``motion.npz``; it need not be sound, nor be there.

    Returns
    -------
    list of Finding
        Without an error the form can be loaded and used. At most 200.
    """
    found: list[Finding] = []
    for stage in (_check_files, _check_loading):
        try:
            with np.errstate(all="ignore"):
                found += stage(Path(folder))
        except Exception as error:  # whatever a stranger's folder manages to do
            text = N_("expected a form that can be read, got {got}; make it again.")
            found.append(make_error("folder", text, got=_name(error)))
        if any(f.level == "error" for f in found):
            break
    found = list(dict.fromkeys(found))
    found.sort(key=lambda f: f.level != "error")
    if len(found) > _MOST_FINDINGS:
        more = len(found) - _MOST_FINDINGS + 1
        make = make_error if found[_MOST_FINDINGS - 1].level == "error" else make_warning
        last = make("more", N_("{count} findings are not listed."), count=float(more))
        found = [*found[: _MOST_FINDINGS - 1], last]
    return found


TOML, NPZ = names.TOML_NAME, names.NPZ_NAME


def _check_files(folder: Path) -> Findings:
    """Find what keeps the folder from being opened at all."""
    if not folder.is_dir():
        text = N_("expected a folder, got {got}; check the name.")
        yield make_error("folder", text, got=_quote(str(folder)))
        return
    for name, limit in ((TOML, files.MAX_TOML_BYTES), (NPZ, MAX_NPZ_BYTES)):
        path = folder / name
        if not path.is_file():
            yield make_error(
                name, N_("expected this file, got none; record or unpack the form again.")
            )
        elif path.stat().st_size > limit:
            text = N_("expected at most {limit} bytes, got {got}; make it smaller.")
            got = path.stat().st_size
            yield make_error(name, text, limit=str(limit), got=str(got))


def _check_loading(folder: Path) -> Findings:
    """Find what is wrong inside: text and arrays each by itself, then both together."""
    found: list[Finding] = []
    doc = _attempt(lambda: read_doc(folder / TOML), TOML, found)
    if doc is not None:
        found += _check_document(doc)
    arrays = _attempt(lambda: read_arrays(folder / NPZ, str(folder / NPZ)), NPZ, found)
    if doc is not None and arrays is not None:
        takes = _attempt(lambda: files.make_takes(doc, arrays, str(folder / NPZ)), NPZ, found)
        if takes is not None:
            problems = find_problems(doc, takes)
            found += [
                make_error(TOML, N_("expected a sound form, got: {got}; mend it."), got=p)
                for p in problems
            ]
            found += check_takes(takes, doc.view)
            found += _check_phases(doc, takes[0].motion.duration_s)
    if not any(f.level == "error" for f in found):  # what is said to be sound must load
        _attempt(lambda: files.load_sequence(folder), "folder", found)
    yield from found


def _attempt(make: Callable[[], T], where: str, found: list[Finding]) -> T | None:
    try:
        return make()
    except SequenceError as error:
        found += _tell_apart(where, str(error))
    except Exception as error:
        text = N_("expected a sound file, got {got}; make it again.")
        found.append(make_error(where, text, got=_name(error)))
    return None


def _tell_apart(where: str, message: str) -> Findings:
    """Find each problem of an error's line; a list of wrong fields becomes one finding a field."""
    head, got, told = message.partition(" but got ")
    if not (got and head.startswith("Expected a sound ")):
        yield make_error(where, message)
        return
    for part in told.removesuffix(".").split("; "):
        field, colon, what = part.partition(": ")
        if colon:
            text = N_("expected another value, got: {got}; mend it in {file}.")
            yield make_error(field, text, got=what, file=where)
        else:
            yield make_error(where, N_("expected a sound file, got {got}; mend it."), got=part)


def _check_document(doc: SequenceDoc) -> Findings:
    for language in LANGUAGES:
        if not doc.title.get(language, "").strip():
            yield make_warning(
                f"title.{language}",
                N_("expected a title in {language}, got none; add one under [title]."),
                language=repr(language),
            )
    for name, text in (
        ("origin", N_("expected a line that says where the form comes from, got none; add {line}")),
        (
            "licence",
            N_("expected a line that says how it may be shared, got none; add {line}"),
        ),
        (
            "consent",
            N_("expected a line that says the person recorded agreed, got none; add {line}"),
        ),
    ):
        if not getattr(doc, name).strip():
            yield make_warning(name, text, line=f"{name} = ...")
    if doc.view != "front":
        yield make_warning(
            "view",
            N_(
                "expected 'front', got {got}; lean, tilt and symmetry are judged from the front "
                "only: record it facing the camera if they matter."
            ),
            got=repr(doc.view),
        )
    for name, texts in (("title", doc.title), ("notes", doc.notes)):
        yield from _check_languages(name, texts)
    for phase in doc.phases:
        yield from _check_languages(f"phases.{phase.id}.title", phase.title)
    marked = [j for p in doc.phases if p.joints is not None for j in p.joints]
    parts: list[SequenceDoc | PhaseDoc] = [doc, *doc.phases]
    for part in parts:
        before = f"phases.{part.id}." if isinstance(part, PhaseDoc) else ""
        joints = [*doc.joints, *marked]
        for measure, value in part.tolerances.items():
            yield from _check_tolerance(f"{before}tolerances.{measure}", measure, value, joints)
        for key, cues in part.cues.items():
            yield from _check_cue(f"{before}cues.{key}", key, cues, joints)


def _check_languages(where: str, languages: Iterable[str]) -> Findings:
    for language in languages:
        if language not in KNOWN_LANGUAGES:
            yield make_warning(
                f"{where}.{language}",
                N_("expected a language of {known}, got {got}; it is not shown."),
                known=", ".join(KNOWN_LANGUAGES),
                got=_quote(language),
            )


def _check_measure(where: str, measure: str, joints: Iterable[str]) -> Findings:
    base, dot, joint = measure.partition(".")
    if base not in FLOORS or (dot and base not in ("joint_angle", "carriage")):
        yield make_error(
            where,
            N_("expected a measure of {known}, got {got}; mend the name."),
            known=", ".join(FLOORS),
            got=_quote(measure),
        )
    elif base == "joint_angle" and joint not in JOINT_ANGLES:
        yield make_error(
            where,
            N_("expected joint_angle. and a joint of {known}, got {got}; mend the name."),
            known=", ".join(JOINT_ANGLES),
            got=_quote(measure),
        )
    elif base == "carriage" and joint not in REGIONS:
        yield make_error(
            where,
            N_("expected carriage. and a region of {known}, got {got}; mend the name."),
            known=", ".join(REGIONS),
            got=_quote(measure),
        )
    elif base == "joint_angle" and joint not in joints:
        yield make_warning(
            where,
            N_("expected a joint that matters, got {got}; add it to joints, or leave it out."),
            got=repr(joint),
        )


def _check_tolerance(where: str, measure: str, value: float, joints: Iterable[str]) -> Findings:
    problems = list(_check_measure(where, measure, joints))
    yield from problems
    floor = FLOORS.get(measure.partition(".")[0], 0.0)
    if not any(p.level == "error" for p in problems) and 0 < value < floor:
        yield make_warning(
            where,
            N_(
                "expected at least {floor}, got {got}; a camera sees no finer and {floor} is "
                "used: raise it or leave it out."
            ),
            floor=floor,
            got=value,
        )


def _check_cue(
    where: str, key: str, texts: Mapping[str, list[str]], joints: Iterable[str]
) -> Findings:
    measure, _, direction = key.rpartition(".") if "." in key else (key, "", "")
    problems = list(_check_measure(where, measure, joints))
    yield from problems
    ways = DIRECTIONS.get(measure.partition(".")[0], _SIDES)
    if not any(p.level == "error" for p in problems) and direction not in ways:
        yield make_error(
            where,
            N_("expected a direction of {known}, got {got}; write the cue under {one} or {other}."),
            known=", ".join(ways),
            got=_quote(direction),
            one=f"{measure}.{ways[0]}",
            other=f"{measure}.{ways[1]}",
        )
    yield from _check_languages(where, texts)
    for language, cues in texts.items():
        at = f"{where}.{language}"
        if not cues:
            yield make_warning(
                at, N_("expected a cue's words, got none; write some or leave it out.")
            )
        for text in cues:
            words = len(text.split())
            if not words:
                yield make_error(at, N_("expected a cue's words, got an empty text; leave it out."))
            elif words > MAX_WORDS or len(text) > MAX_CHARACTERS:
                yield make_warning(
                    at,
                    N_(
                        "expected at most {words} words and {letters} characters, got {own} and "
                        "{length} in {got}; say it shorter, for 3 m."
                    ),
                    words=MAX_WORDS,
                    letters=MAX_CHARACTERS,
                    own=words,
                    length=len(text),
                    got=_quote(text),
                )
            elif not text.isprintable():
                one_line = N_("expected one line of text, got {got}; mend it.")
                yield make_warning(at, one_line, got=_quote(text))


def _check_phases(doc: SequenceDoc, duration_s: float) -> Findings:
    phases = [Phase(p.id, p.start_s, p.end_s) for p in doc.phases]
    if not phases:
        yield make_warning(
            "phases",
            N_("expected phases, got none; mark them, so that a cue can say where it belongs."),
        )
        return
    for p in phases:
        if 0 < p.end_s - p.start_s < MIN_PHASE_S:
            yield make_warning(
                f"phases.{p.id}",
                N_("expected at least {least} s, got {got:.2f} s; join it with its neighbour."),
                least=MIN_PHASE_S,
                got=p.end_s - p.start_s,
            )
    if phases[0].start_s > _BORDER_S:
        yield _gap(phases[0].id, 0.0, phases[0].start_s)
    for a, b in pairwise(phases):
        if b.start_s - a.end_s > _BORDER_S:
            yield _gap(b.id, a.end_s, b.start_s)
    if duration_s - phases[-1].end_s > _BORDER_S:
        yield _gap(phases[-1].id, phases[-1].end_s, duration_s)


def _gap(phase: str, start_s: float, end_s: float) -> Finding:
    return make_warning(
        f"phases.{phase}",
        N_(
            "expected phases that cover the form, got none from {start:.2f} to {end:.2f} s; "
            "move the border."
        ),
        start=start_s,
        end=end_s,
    )


def _quote(text: str) -> str:
    return repr(make_one_line(text, 60))


def _name(error: Exception) -> str:
    return make_one_line(f"{type(error).__name__} ({error})", 160)
