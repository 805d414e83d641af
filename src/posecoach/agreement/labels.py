"""A teacher's labels of clips: a table that any spreadsheet writes.

One row a remark: ``clip, time_s, measure, direction, note``. A clip to which there is nothing to
say has one row with ``nothing`` as its measure; one without any row, or with an empty one, has
not been labelled. Lines that begin with ``#`` are skipped.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from posecoach._writing import write_file
from posecoach.coach.words import CUE_KEYS, direction_text, measure_title
from posecoach.errors import InputError, UsageError
from posecoach.readers import SUFFIXES
from posecoach.text import LANGUAGES

NOTHING = "nothing"
COLUMNS = ("clip", "time_s", "measure", "direction", "note")
MAX_LABEL_BYTES = 5_000_000
MAX_ROWS = 20_000
_NOTHING = frozenset({NOTHING, "none", "nichts"})
_VIDEOS = ".mp4 .m4v .mov .avi .mkv .webm .mpg .mpeg .wmv .mts .m2ts .3gp .ogv"
_ENDINGS = frozenset((*_VIDEOS.split(), *SUFFIXES))
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")
_ONLY_CUED = tuple(key.rpartition(".")[::2] for key in CUE_KEYS)
WAYS: Mapping[str, tuple[str, ...]] = {
    measure: tuple(d for m, d in _ONLY_CUED if m == measure)
    for measure in dict.fromkeys(m for m, _ in _ONLY_CUED)
}
"""Measures of which something can be said, each with its directions."""


@dataclass(frozen=True, order=True)
class Remark:
    """Something that is said.

    Attributes
    ----------
    time_s : float
        When, in seconds of the clip.
    measure, direction : str
        As in `posecoach.coach.state.Cue`: the deviation, not what to do about it.
    """

    time_s: float
    measure: str
    direction: str


@dataclass(frozen=True)
class Labels:
    """What one rater said.

    Attributes
    ----------
    rater : str
        For people, such as the file's name.
    clips : mapping of str to tuple of Remark
        Clips that were rated; with nothing to say, an empty tuple.
    unlabelled : tuple of str
        Clips that are named and not rated.
    """

    rater: str
    clips: Mapping[str, tuple[Remark, ...]]
    unlabelled: tuple[str, ...] = ()


def clip_name(path: str | Path) -> str:
    """Return what a clip is called in labels: its file's name without folder and ending."""
    name = re.split(r"[\\/]", str(path).strip())[-1]
    stem, dot, ending = name.rpartition(".")
    return stem if stem and f"{dot}{ending.lower()}" in _ENDINGS else name


def read_labels(path: str | Path) -> Labels:
    """Read a teacher's labels.

    Raises
    ------
    InputError
        The file cannot be read, or a row in it is not a label; the message names the line.
    """
    file = Path(path)
    name = " ".join(file.name.split())
    lines = _read_lines(file)
    rows = [(n, line) for n, line in enumerate(lines, 1) if line.strip(' \t;,"')]
    rows = [(n, line) for n, line in rows if not line.lstrip(' "').startswith("#")]
    if not rows:
        raise InputError(
            f"Expected labels but {name} is empty; make one with  posecoach agreement --template."
        )
    if len(rows) > MAX_ROWS:
        raise InputError(f"Expected at most {MAX_ROWS} rows in {name} but got {len(rows)}.")
    delimiter = max(";\t,", key=rows[0][1].count)
    head = [_plain(cell) for cell in _cells(rows[0][1], delimiter, name, rows[0][0])]
    where = {column: head.index(column) for column in COLUMNS if column in head}
    if "time" in head:
        where.setdefault("time_s", head.index("time"))
    missing = [c for c in COLUMNS[:4] if c not in where]
    if missing:
        raise InputError(
            f"Expected the columns {', '.join(COLUMNS[:4])} in {name} but {missing[0]!r} is "
            "missing; see docs/agreement.md."
        )
    said: dict[str, list[Remark]] = {}
    named: dict[str, None] = {}
    silent: dict[str, int] = {}
    for number, line in rows[1:]:
        cells = _cells(line, delimiter, name, number)
        cell = {c: cells[k].strip() if k < len(cells) else "" for c, k in where.items()}
        clip = clip_name(cell["clip"])
        if not clip:
            raise InputError(f"Expected a clip in line {number} of {name} but got none.")
        named[clip] = None
        if not any(cell[c] for c in ("time_s", "measure", "direction")):
            continue
        if cell["measure"].casefold() in _NOTHING:
            silent[clip] = number
            continue
        try:
            remark = _parse(cell)
        except ValueError as error:
            raise InputError(f"Expected {error} in line {number} of {name}; mend it.") from error
        said.setdefault(clip, []).append(remark)
    both = [clip for clip in silent if clip in said]
    if both:
        raise InputError(
            f"Expected remarks or 'nothing' for a clip but {both[0]!r} has both in {name} (line "
            f"{silent[both[0]]}); take one out."
        )
    clips = {c: tuple(sorted(said.get(c, ()))) for c in named if c in said or c in silent}
    return Labels(name, clips, tuple(c for c in named if c not in clips))


def _read_lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as f:
            data = f.read(MAX_LABEL_BYTES + 1)
        if len(data) > MAX_LABEL_BYTES:
            raise InputError(f"Expected labels of at most {MAX_LABEL_BYTES} bytes in {file.name}.")
        return data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(
            f"Expected text (CSV, UTF-8) but {file.name} is something else; save it again as CSV."
        ) from error
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise InputError(f"Expected to read {str(file)!r} but got: {told}.") from error


def _cells(line: str, delimiter: str, name: str, number: int) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error as error:
        raise InputError(f"Expected a row in line {number} of {name} but got: {error}.") from error


def _plain(text: str) -> str:
    return "_".join(text.strip().casefold().split())


def _parse(cell: Mapping[str, str]) -> Remark:
    measure = _MEASURES.get(_plain(cell["measure"]))
    if measure is None:
        raise ValueError(
            f"a measure ({', '.join(m for m in WAYS if '.' not in m)}, joint_angle.left_elbow, "
            f"..., or {NOTHING}) but got {cell['measure'][:40]!r}"
        )
    direction = _DIRECTIONS[measure].get(_plain(cell["direction"]))
    if direction is None:
        raise ValueError(
            f"a direction of {measure} ({', '.join(WAYS[measure])}) but got "
            f"{cell['direction'][:40]!r}"
        )
    return Remark(_parse_time(cell["time_s"]), measure, direction)


def _parse_time(text: str) -> float:
    """Return seconds of ``83.5``, ``83,5`` or ``1:23.5``."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds = clock.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds.replace(",", "."))
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and 0 <= value < 1e6):
        raise ValueError(f"a time in seconds (or 1:23.5) but got {text[:40]!r}")
    return value


def _find_names() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return measures and directions by every name people may write: ids, English, German."""
    measures = {m: m for m in WAYS}
    ways: dict[str, dict[str, str]] = {m: {d: d for d in WAYS[m]} for m in WAYS}
    for language in LANGUAGES:
        for measure in WAYS:
            measures.setdefault(_plain(measure_title(measure, language)), measure)
            for direction in WAYS[measure]:
                told = _plain(direction_text(measure, direction, language))
                ways[measure].setdefault(told, direction)
                # "links" for "nach links"
                ways[measure].setdefault(_plain(direction_text("", direction, language)), direction)
    return measures, ways


_MEASURES, _DIRECTIONS = _find_names()


def write_template(clips: Iterable[str | Path], path: str | Path) -> Path:
    """Write a table to be filled in, with an empty row for each clip.

    Raises
    ------
    UsageError
        The file is there already: somebody's labels may be in it.
    InputError
        It cannot be written.
    """
    file = Path(path)
    if file.exists():
        raise UsageError(
            f"Expected a new file for the template but {str(file)!r} is there; choose another name."
        )
    told = [
        "# Watch each clip once. For everything you would say to the practitioner, write a row:",
        "# when (seconds, or 1:23), which measure, which direction of the deviation itself.",
        f"# Nothing to say to a clip: write {NOTHING} as its measure. Empty rows do not count.",
        "# Do not look at what the coach says before you are done.",
        "# Measures and directions:",
        *(f"#   {m}: {', '.join(ways)}" for m, ways in WAYS.items()),
    ]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for clip in dict.fromkeys(clip_name(c) for c in clips):
        rows.writerow([clip, "", "", "", ""])
    text = "\n".join(told) + "\n" + out.getvalue()
    # A spreadsheet takes the file for UTF-8 by the mark at its start.
    return write_file(file, b"\xef\xbb\xbf" + text.encode())
