"""What is kept, as it is read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.guidance import Guidance
from posecoach.coach.state import Cue
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition
from posecoach.measure.tempo import GAP_S, Stretch

TEMPO_STEP_S = 0.5  # of the reference


@dataclass(frozen=True)
class KeptCue:
    """A cue and the language its text is in."""

    cue: Cue
    language: str


@dataclass(frozen=True)
class Note:
    """Something else that happened.

    Attributes
    ----------
    kind : str
        ``rest`` and ``resume`` where the person asked for it, ``away`` and ``back`` where they
        left the picture for longer; others may come.
    time_s : float
        Seconds of the recording.
    value : float or None
    """

    kind: str
    time_s: float
    value: float | None = None


@dataclass(frozen=True)
class KeptRepetition:
    """One time through the form.

    Attributes
    ----------
    number : int
        From 1.
    start_s, end_s : float
        Seconds of the recording.
    measures : mapping of str to Judgement
    worst_place_s : mapping of str to float
        Where in the reference the worst deviation was, by measure.
    tempo : tuple of (float, float)
        Place, in seconds of the reference, and tempo ratio there; empty if not known.
    hurried, pauses : tuple of Stretch
    """

    number: int
    start_s: float
    end_s: float
    measures: Mapping[str, Judgement]
    worst_place_s: Mapping[str, float]
    tempo: tuple[tuple[float, float], ...] = ()
    hurried: tuple[Stretch, ...] = ()
    pauses: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class SessionInfo:
    """A session in a list.

    Attributes
    ----------
    id : int
    started_at : datetime
        In UTC.
    ended_at : datetime or None
        None while it is going on, and where it was cut off.
    form : str
        Id of the form.
    titles : mapping of language to str
        Of the form as it was then.
    source : {"camera", "video"}
    language : str
    view : str or None
    seen : float or None
        Share of the frames in which the body could be judged.
    practised_s : float
        Where it was cut off: until the last thing that was kept.
    repetitions : int
    cues : tuple of KeptCue
        In the order in which they were given.
    held_back : tuple of KeptCue
        Those that were deserved and not given, because of the stage of guidance.
    guidance : Guidance or None
        Stage, strictness and gentleness; the range of comfort is not kept. None where the session
        is older than stages are.
    feeling_before, feeling_after : int or None
        How the back felt, 0 to 10; None where that was skipped.
    """

    id: int
    started_at: datetime
    ended_at: datetime | None
    form: str
    titles: Mapping[str, str]
    source: str
    language: str
    view: str | None
    seen: float | None
    practised_s: float
    repetitions: int
    cues: tuple[KeptCue, ...]
    held_back: tuple[KeptCue, ...] = ()
    guidance: Guidance | None = None
    feeling_before: int | None = None
    feeling_after: int | None = None

    def title(self, language: str) -> str:
        """Return the form's title in a language, or in English, or its id."""
        return self.titles.get(language) or self.titles.get("en") or self.form


@dataclass(frozen=True)
class KeptSession:
    """A session with all that is kept of it."""

    info: SessionInfo
    repetitions: tuple[KeptRepetition, ...]
    notes: tuple[Note, ...]


def compute_tempo_by_place(path: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    """Return the tempo ratio over equal steps of the reference.

    The steps are the same in every repetition, so that they can be compared. A step in which
    nothing was seen for longer is left out.

    Parameters
    ----------
    path : (2, n) array
        Seconds of the recording and of the reference, as in `Repetition`.

    Returns
    -------
    tuple of (float, float)
        Middle of the step in seconds of the reference, and ratio.
    """
    time_s, places = path[:, np.isfinite(path).all(axis=0)]
    if len(time_s) < 2:
        return ()
    grown = np.maximum.accumulate(places) + np.arange(len(places)) * 1e-9
    first, last = np.ceil(grown[0] / TEMPO_STEP_S), np.floor(grown[-1] / TEMPO_STEP_S)
    steps = TEMPO_STEP_S * np.arange(first, last + 1)
    took = np.diff(np.interp(steps, grown, time_s))
    good = took > 1e-3
    for i in np.flatnonzero(np.diff(time_s) > GAP_S):
        good &= (steps[1:] < grown[i]) | (steps[:-1] > grown[i + 1])
    middle = steps[:-1] + TEMPO_STEP_S / 2
    return tuple(
        (float(p), float(TEMPO_STEP_S / t)) for p, t in zip(middle[good], took[good], strict=True)
    )


def keep_repetition(repetition: Repetition, number: int) -> KeptRepetition:
    """Return what is kept of a repetition."""
    tempo = repetition.tempo
    return KeptRepetition(
        number,
        float(repetition.start_s),
        float(repetition.end_s),
        dict(repetition.measures),
        dict(repetition.worst_place_s),
        compute_tempo_by_place(repetition.path) if tempo is not None else (),
        tempo.hurried if tempo is not None else (),
        tempo.pauses if tempo is not None else (),
    )
