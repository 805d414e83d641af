"""Saying what is wrong or doubtful with a recorded form: everything at once, never an exception.

What a stranger or a teacher wrote is judged in two grades: an error keeps the form from being
used as it was meant, a warning is something the teacher should look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from posecoach.body import JOINT_ANGLES
from posecoach.errors import SequenceError
from posecoach.reference import files
from posecoach.reference.arrays import MAX_NPZ_BYTES, read_arrays
from posecoach.reference.document import SequenceDoc, find_problems, read_doc
from posecoach.reference.sequence import Phase, Take
from posecoach.text import LANGUAGES

T = TypeVar("T")

KNOWN_LANGUAGES = (*LANGUAGES, "zh")  # forms carry their Chinese names as well
MAX_WORDS = 5
MAX_CHARACTERS = 34
MIN_PHASE_S = 0.5
MAX_GAP_S = 0.5
LONG_GAP_S = 2.0  # beyond it nobody can follow: an error
MIN_SEEN = 0.95
MIN_SEEN_AT_ALL = 0.5
MAX_UNLIKE = 1.3  # longest take to shortest
MIN_FPS = 15.0
_BORDER_S = 0.1  # phases are marked by hand
_MOST_TEXT = 300
_MOST_FINDINGS = 200

# The floors of `posecoach.measure.judgement` and the directions of `posecoach.coach.cues`, which
# lie above this module and so cannot be imported; tests/reference/test_check.py holds them equal.
_SIDES = ("left", "right")
FLOORS: Mapping[str, float] = {
    "tempo_ratio": 0.25,
    "evenness": 1.0,
    "lateral_lean": 4.0,
    "forward_lean": 6.0,
    "shoulder_tilt": 5.0,
    "pelvis_tilt": 5.0,
    "arm_height_difference": 10.0,
    "left_right_delay": 150.0,
    "joint_angle": 15.0,
}
"""Smallest tolerance by measure, in its unit."""
DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "tempo_ratio": ("fast", "slow"),
    "evenness": ("even", "uneven"),
    "forward_lean": ("forward", "back"),
    "joint_angle": ("more", "less"),
}
"""Directions of a deviation by measure; left and right for the others."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or doubtful.

    Attributes
    ----------
    level : {"error", "warning"}
    where : str
        File, field, phase or take, such as ``"phases.raise"``.
    text : str
        One line: what was expected, what is there, what to do.
    """

    level: Literal["error", "warning"]
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: {self.text}"


Findings = Iterator[Finding]


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
            text = f"expected a form that can be read, got {_name(error)}; make it again."
            found.append(_error("folder", text))
        if any(f.level == "error" for f in found):
            break
    found = list(dict.fromkeys(found))
    found.sort(key=lambda f: f.level != "error")
    if len(found) > _MOST_FINDINGS:
        more = len(found) - _MOST_FINDINGS + 1
        last = Finding(found[_MOST_FINDINGS - 1].level, "more", f"{more} findings are not listed.")
        found = [*found[: _MOST_FINDINGS - 1], last]
    return found


TOML, NPZ = files.TOML_NAME, files.NPZ_NAME


def _check_files(folder: Path) -> Findings:
    """Find what keeps the folder from being opened at all."""
    if not folder.is_dir():
        yield _error("folder", f"expected a folder, got {_quote(str(folder))}; check the name.")
        return
    for name, limit in ((TOML, files.MAX_TOML_BYTES), (NPZ, MAX_NPZ_BYTES)):
        path = folder / name
        if not path.is_file():
            yield _error(name, "expected this file, got none; record or unpack the form again.")
        elif path.stat().st_size > limit:
            got = path.stat().st_size
            yield _error(name, f"expected at most {limit} bytes, got {got}; make it smaller.")


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
            found += [_error(TOML, f"expected a sound form, got: {p}; mend it.") for p in problems]
            found += _check_takes(takes)
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
        found.append(_error(where, f"expected a sound file, got {_name(error)}; make it again."))
    return None


def _tell_apart(where: str, message: str) -> Findings:
    """Find each problem of an error's line; a list of wrong fields becomes one finding a field."""
    head, got, told = message.partition(" but got ")
    if not (got and head.startswith("Expected a sound ")):
        yield _error(where, message)
        return
    for part in told.removesuffix(".").split("; "):
        field, colon, what = part.partition(": ")
        if colon:
            yield _error(field, f"expected another value, got: {what}; mend it in {where}.")
        else:
            yield _error(where, f"expected a sound file, got {part}; mend it.")


def _check_document(doc: SequenceDoc) -> Findings:
    for language in LANGUAGES:
        if not doc.title.get(language, "").strip():
            yield _warning(
                f"title.{language}",
                f"expected a title in {language!r}, got none; add one under [title].",
            )
    for name, what in (
        ("origin", "where the form comes from"),
        ("licence", "under which licence it may be shared"),
        ("consent", "that the person recorded agreed"),
    ):
        if not getattr(doc, name).strip():
            yield _warning(name, f"expected a line that says {what}, got none; add {name} = ...")
    if doc.view != "front":
        yield _warning(
            "view",
            f"expected 'front', got {doc.view!r}; lean, tilt and symmetry are judged from the "
            "front only: record it facing the camera if they matter.",
        )
    for name, texts in (("title", doc.title), ("notes", doc.notes)):
        yield from _check_languages(name, texts)
    for phase in doc.phases:
        yield from _check_languages(f"phases.{phase.id}.title", phase.title)
    for measure, value in doc.tolerances.items():
        yield from _check_tolerance(measure, value, doc.joints)
    for key, cues in doc.cues.items():
        yield from _check_cue(key, cues, doc.joints)


def _check_languages(where: str, languages: Iterable[str]) -> Findings:
    for language in languages:
        if language not in KNOWN_LANGUAGES:
            yield _warning(
                f"{where}.{language}",
                f"expected a language of {', '.join(KNOWN_LANGUAGES)}, got {_quote(language)}; "
                "it is not shown.",
            )


def _check_measure(where: str, measure: str, joints: Iterable[str]) -> Findings:
    base, dot, joint = measure.partition(".")
    if base not in FLOORS or (dot and base != "joint_angle"):
        yield _error(
            where,
            f"expected a measure of {', '.join(FLOORS)}, got {_quote(measure)}; mend the name.",
        )
    elif base == "joint_angle" and joint not in JOINT_ANGLES:
        yield _error(
            where,
            f"expected joint_angle. and a joint of {', '.join(JOINT_ANGLES)}, "
            f"got {_quote(measure)}; mend the name.",
        )
    elif base == "joint_angle" and joint not in joints:
        yield _warning(
            where, f"expected a joint that matters, got {joint!r}; add it to joints, or leave out."
        )


def _check_tolerance(measure: str, value: float, joints: Iterable[str]) -> Findings:
    where = f"tolerances.{measure}"
    problems = list(_check_measure(where, measure, joints))
    yield from problems
    floor = FLOORS.get(measure.partition(".")[0], 0.0)
    if not any(p.level == "error" for p in problems) and 0 < value < floor:
        yield _warning(
            where,
            f"expected at least {floor:g}, got {value:g}; a camera sees no finer and {floor:g} "
            "is used: raise it or leave it out.",
        )


def _check_cue(key: str, texts: Mapping[str, list[str]], joints: Iterable[str]) -> Findings:
    where = f"cues.{key}"
    measure, _, direction = key.rpartition(".") if "." in key else (key, "", "")
    problems = list(_check_measure(where, measure, joints))
    yield from problems
    ways = DIRECTIONS.get(measure.partition(".")[0], _SIDES)
    if not any(p.level == "error" for p in problems) and direction not in ways:
        yield _error(
            where,
            f"expected a direction of {', '.join(ways)}, got {_quote(direction)}; write the cue "
            f"under {measure}.{ways[0]} or {measure}.{ways[1]}.",
        )
    yield from _check_languages(where, texts)
    for language, cues in texts.items():
        at = f"{where}.{language}"
        if not cues:
            yield _warning(at, "expected a cue's words, got none; write some or leave it out.")
        for text in cues:
            words = len(text.split())
            if not words:
                yield _error(at, "expected a cue's words, got an empty text; leave it out.")
            elif words > MAX_WORDS or len(text) > MAX_CHARACTERS:
                yield _warning(
                    at,
                    f"expected at most {MAX_WORDS} words and {MAX_CHARACTERS} characters, got "
                    f"{words} and {len(text)} in {_quote(text)}; say it shorter, for 3 m.",
                )
            elif not text.isprintable():
                yield _warning(at, f"expected one line of text, got {_quote(text)}; mend it.")


def _check_takes(takes: tuple[Take, ...]) -> Findings:
    for k, take in enumerate(takes):
        yield from _check_take(f"takes.{k}", take)
    lengths = [t.motion.duration_s for t in takes]
    if len(takes) == 1:
        yield _warning(
            "takes",
            "expected several takes, got one; how much the teacher varies is not known and the "
            "smallest tolerances are used: record two more.",
        )
    elif max(lengths) > MAX_UNLIKE * min(lengths):
        yield _warning(
            "takes",
            f"expected takes of like length, got {min(lengths):.1f} to {max(lengths):.1f} s; "
            "leave out the one that is not like the others, or record it again.",
        )


def _check_take(where: str, take: Take) -> Findings:
    motion, found = take.motion, take.motion.found
    if not take.calibration.done:
        yield _warning(
            where,
            "expected quiet standing before or after the movement, got none; the camera's tilt is "
            "not known: stand still for two seconds first and record again.",
        )
    seen = float(found.mean())
    if seen < MIN_SEEN:
        yield Finding(
            "warning" if seen >= MIN_SEEN_AT_ALL else "error",
            where,
            f"expected a body in at least {100 * MIN_SEEN:.0f} % of the frames, got "
            f"{100 * seen:.0f} %; step back or add light and record it again.",
        )
    # The take's own ends count too: nobody at the start is a gap like any other.
    times = motion.time_s
    seen_at = np.concatenate([times[:1], times[found], times[-1:]])
    gaps = np.diff(seen_at)
    for i in np.flatnonzero(gaps > MAX_GAP_S):
        yield Finding(
            "warning" if gaps[i] <= LONG_GAP_S else "error",
            where,
            f"expected the body in view throughout, got {gaps[i]:.1f} s without it from "
            f"{seen_at[i]:.1f} s; record that take again.",
        )
    if 0 < motion.fps < MIN_FPS:
        yield _warning(
            where,
            f"expected at least {MIN_FPS:.0f} frames a second, got {motion.fps:.1f}; timing is "
            "coarse: use another camera or more light and record it again.",
        )


def _check_phases(doc: SequenceDoc, duration_s: float) -> Findings:
    phases = [Phase(p.id, p.start_s, p.end_s) for p in doc.phases]
    if not phases:
        yield _warning(
            "phases",
            "expected phases, got none; mark them, so that a cue can say where it belongs.",
        )
        return
    for p in phases:
        if 0 < p.end_s - p.start_s < MIN_PHASE_S:
            yield _warning(
                f"phases.{p.id}",
                f"expected at least {MIN_PHASE_S} s, got {p.end_s - p.start_s:.2f} s; join it "
                "with its neighbour.",
            )
    if phases[0].start_s > _BORDER_S:
        yield _gap(phases[0].id, 0.0, phases[0].start_s)
    for a, b in pairwise(phases):
        if b.start_s - a.end_s > _BORDER_S:
            yield _gap(b.id, a.end_s, b.start_s)
    if duration_s - phases[-1].end_s > _BORDER_S:
        yield _gap(phases[-1].id, phases[-1].end_s, duration_s)


def _gap(phase: str, start_s: float, end_s: float) -> Finding:
    return _warning(
        f"phases.{phase}",
        f"expected phases that cover the form, got none from {start_s:.2f} to {end_s:.2f} s; "
        "move the border.",
    )


def _error(where: str, text: str) -> Finding:
    return Finding("error", _clean(where, 80), _clean(text))


def _warning(where: str, text: str) -> Finding:
    return Finding("warning", _clean(where, 80), _clean(text))


def _clean(text: str, most: int = _MOST_TEXT) -> str:
    """Return a stranger's text as one printable line: no escape codes for a terminal to obey."""
    line = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(line.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _quote(text: str) -> str:
    return repr(_clean(text, 60))


def _name(error: Exception) -> str:
    return _clean(f"{type(error).__name__} ({error})", 160)
