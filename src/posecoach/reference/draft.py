"""A form being worked on: every change is a function from a draft to the next one.

Drafts are never changed in place, so that undoing is going back to the one before. Whatever is
done, phases stay in order, inside the take, and each keeps its own id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.errors import SequenceError
from posecoach.motion import Motion
from posecoach.reference import borders
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.record import Cut, find_cuts, suggest_phases, tell_symmetry
from posecoach.reference.sequence import Phase, Sequence

MIN_TAKE_S = 1.5
Cues = Mapping[str, Mapping[str, tuple[str, ...]]]

NEEDED = ("title", "teacher", "consent", "licence")
"""What has to be filled in before a form is sent."""


@dataclass(frozen=True, eq=False)
class Draft:
    """A form and the recordings its takes were cut from.

    Attributes
    ----------
    sequence : Sequence
        As it would be saved.
    cuts : tuple of Cut
        One for each take; the first is the one that is followed.
    videos : tuple of (Path or None)
        The video each was recorded from, where it is at hand.
    """

    sequence: Sequence
    cuts: tuple[Cut, ...]
    videos: tuple[Path | None, ...]

    @property
    def duration_s(self) -> float:
        """Seconds of the take that is followed."""
        return self.sequence.duration_s

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases."""
        return self.sequence.phases


def begin_draft(id: str, recordings: Iterable[tuple[Motion, Path | None]]) -> Draft:
    """Return a draft of recordings of one or several repetitions each.

    Parameters
    ----------
    id : str
        Name of the form: small letters, digits and hyphens.
    recordings : iterable of (Motion, Path or None)
        With the video each comes from.

    Raises
    ------
    SequenceError
        No movement was found, or the body was out of sight for too long in it.
    """
    found = [(cut, video) for motion, video in recordings for cut in find_cuts(motion)]
    if not found:
        raise SequenceError("Expected a whole repetition but found none; record the whole form.")
    cuts = tuple(cut for cut, _ in found)
    takes = tuple(cut.take() for cut in cuts)
    sequence = Sequence(id, takes, phases=suggest_phases(cuts[0]), symmetry=tell_symmetry(takes))
    return Draft(sequence, cuts, tuple(video for _, video in found))


def open_draft(sequence: Sequence) -> Draft:
    """Return a draft of a form that is there; its takes can be cut shorter, not longer."""
    cuts = tuple(
        Cut(
            t.motion,
            float(t.motion.time_s[0]),
            float(t.motion.time_s[-1]),
            t.calibration,
            t.bridged,
        )
        for t in sequence.takes
    )
    return Draft(sequence, cuts, (None,) * len(cuts))


def add_takes(draft: Draft, recordings: Iterable[tuple[Motion, Path | None]]) -> Draft:
    """Return the draft with the repetitions of further recordings as further takes.

    Raises
    ------
    SequenceError
        No movement was found, or the body was out of sight for too long in it.
    """
    found = [(cut, video) for motion, video in recordings for cut in find_cuts(motion)]
    return _with_cuts(
        draft, (*draft.cuts, *(c for c, _ in found)), (*draft.videos, *(v for _, v in found))
    )


def remove_take(draft: Draft, number: int) -> Draft:
    """Return the draft without a take; the last one stays. Without the first the next leads."""
    if len(draft.cuts) == 1:
        return draft
    if number == 0:
        draft, number = lead_with(draft, 1), 1
    keep = [k for k in range(len(draft.cuts)) if k != number]
    return _with_cuts(
        draft, tuple(draft.cuts[k] for k in keep), tuple(draft.videos[k] for k in keep)
    )


def lead_with(draft: Draft, number: int) -> Draft:
    """Return the draft with another take as the one that is followed; phases are stretched."""
    order = [number, *(k for k in range(len(draft.cuts)) if k != number)]
    moved = _with_cuts(
        draft, tuple(draft.cuts[k] for k in order), tuple(draft.videos[k] for k in order)
    )
    before, after = draft.duration_s, moved.duration_s
    return _with_phases(moved, borders.stretch(draft.phases, after / before, after))


def trim(draft: Draft, number: int, start_s: float, end_s: float) -> Draft:
    """Return the draft with a take cut elsewhere.

    Parameters
    ----------
    number : int
        Of the take. Trimming the first moves the phases along; those cut off go.
    start_s, end_s : float
        On the recording's clock; kept inside it and at least 1.5 s apart.
    """
    cut = draft.cuts[number]
    first, last = float(cut.motion.time_s[0]), float(cut.motion.time_s[-1])
    room = min(MIN_TAKE_S, last - first)
    start_s = min(max(start_s, first), last - room)
    end_s = max(min(end_s, last), start_s + room)
    new = replace(cut, start_s=start_s, end_s=end_s)
    if len(new.motion.cut(start_s, end_s)) < 10:
        return draft
    cuts = tuple(new if k == number else c for k, c in enumerate(draft.cuts))
    moved = _with_cuts(draft, cuts, draft.videos)
    if number:
        return moved
    shift = _begin_s(cut) - _begin_s(new)
    return _with_phases(
        moved, borders.shift(draft.phases, shift, draft.duration_s, moved.duration_s)
    )


def _begin_s(cut: Cut) -> float:
    return float(cut.motion.cut(cut.start_s, cut.end_s).time_s[0])


def to_take_s(draft: Draft, time_s: float) -> float:
    """Return a time of the first take's recording as one of the take."""
    return time_s - _begin_s(draft.cuts[0])


def to_recording_s(draft: Draft, take_s: float, number: int = 0) -> float:
    """Return a time of a take as one of its recording."""
    return take_s + _begin_s(draft.cuts[number])


def move_border(draft: Draft, number: int, to_s: float) -> Draft:
    """Return the draft with a border of `borders.find_borders` moved as near as may be."""
    return _with_phases(draft, borders.move(draft.phases, number, to_s, draft.duration_s))


def split_phase(draft: Draft, at_s: float) -> Draft:
    """Return the draft with the phase at a place split there, or with one where there was none."""
    return _with_phases(draft, borders.split(draft.phases, at_s, draft.duration_s))


def join_phases(draft: Draft, number: int) -> Draft:
    """Return the draft with a phase and the one after it as one, under the first one's words."""
    return _with_phases(draft, borders.join(draft.phases, number))


def suggest(draft: Draft) -> Draft:
    """Return the draft with phases between the minima of speed; words are kept by their order."""
    found = suggest_phases(draft.cuts[0])
    return _with_phases(draft, borders.dress(found, draft.phases))


def set_phase(draft: Draft, number: int, **fields: Any) -> Draft:
    """Return the draft with fields of a phase changed, not its times or id."""
    assert not fields.keys() & {"id", "start_s", "end_s"}
    phases = list(draft.phases)
    phases[number] = replace(phases[number], **fields)
    return _with_phases(draft, tuple(phases))


def set_form(draft: Draft, **fields: Any) -> Draft:
    """Return the draft with fields of the form changed, not its takes or phases."""
    assert not fields.keys() & {"takes", "phases"}
    return replace(draft, sequence=replace(draft.sequence, **fields))


def set_text(texts: Mapping[str, str], language: str, text: str) -> dict[str, str]:
    """Return texts by language with one changed; an empty one is left out."""
    out = {k: v for k, v in texts.items() if k != language}
    if text.strip():
        out = {**texts, language: text.strip()}
    return out


def set_cue(cues: Cues, key: str, language: str, texts: Iterable[str]) -> Cues:
    """Return cue words with one measure and direction in one language changed; empty goes."""
    wanted = tuple(t.strip() for t in texts if t.strip())
    own = {k: v for k, v in cues.get(key, {}).items() if k != language}
    if wanted:
        own = {**cues.get(key, {}), language: wanted}
    rest = {k: v for k, v in cues.items() if k != key}
    return {**cues, key: own} if own else rest


def set_tolerance(
    tolerances: Mapping[str, float], measure: str, value: float | None
) -> dict[str, float]:
    """Return tolerances with one changed; None leaves it to the takes' spread."""
    rest = {k: v for k, v in tolerances.items() if k != measure}
    return rest if value is None or not value > 0 else {**tolerances, measure: float(value)}


def find_missing(sequence: Sequence) -> list[str]:
    """Return which of `NEEDED` is not filled in yet."""
    title = any(t.strip() for t in sequence.titles.values())
    return [
        key for key in NEEDED if not (title if key == "title" else getattr(sequence, key).strip())
    ]


def save_draft(draft: Draft, folder: Path) -> str:
    """Write the form; comments and unknown fields stay. Return what `fingerprint` gives now.

    Raises
    ------
    SequenceError
        It cannot be written, or the old file is damaged; it is left as it is.
    """
    save_sequence(draft.sequence, folder)
    return fingerprint(folder)


def load_draft(folder: Path) -> tuple[Draft, str]:
    """Return the draft of a form's folder, and what `fingerprint` gave before it was read.

    Raises
    ------
    SequenceError
        The form cannot be read.
    """
    before = fingerprint(folder)
    return open_draft(load_sequence(folder)), before


def fingerprint(folder: Path) -> str:
    """Return what changes when somebody else changes a form's files; empty if there are none."""
    digest, there = hashlib.sha256(), False
    for name in (TOML_NAME, NPZ_NAME):
        try:
            digest.update((folder / name).read_bytes())
            there = True
        except OSError:
            digest.update(b"?")
    return digest.hexdigest() if there else ""


def _with_cuts(draft: Draft, cuts: tuple[Cut, ...], videos: tuple[Path | None, ...]) -> Draft:
    # A take whose cut has not changed stays the very same: nothing is lost by rounding.
    had = {id(c): t for c, t in zip(draft.cuts, draft.sequence.takes, strict=True)}
    takes = tuple(had.get(id(c)) or c.take() for c in cuts)
    return Draft(replace(draft.sequence, takes=takes), cuts, videos)


def _with_phases(draft: Draft, phases: tuple[Phase, ...]) -> Draft:
    if phases is draft.phases:
        return draft
    assert np.isfinite([x for p in phases for x in (p.start_s, p.end_s)]).all()
    return replace(draft, sequence=replace(draft.sequence, phases=phases))
