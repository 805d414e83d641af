"""After practice, in words: one thing kept, one to try, what was said, what was not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from posecoach.app.summary.bands import (
    SYMMETRY,
    TRUNK,
    Band,
    TempoCurve,
    find_kept,
    make_bands,
    make_tempo_curve,
)
from posecoach.coach.guidance import Guidance
from posecoach.coach.remarks import tell_leaps, tell_unjudged
from posecoach.coach.words import cue_text, reason_text, status_text
from posecoach.measure.judgement import TOLD
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis, RepetitionResult
from posecoach.text import N_, translate

_SHOWN = 5  # lines in a list; what is beyond is counted
_OFTEN = 0.15  # share of the frames from which an obstacle is told


@dataclass(frozen=True)
class Summary:
    """The words of the page.

    Attributes
    ----------
    headline, facts : str
    along : str or None
        The one thing to try.
    praised : bool
        Whether that is to go on as it is.
    cues : tuple of str
        What was said, the most frequent first.
    unseen : tuple of str
        What could not be judged, and why.
    remarks : tuple of str
        Whatever else has to be told: parts left out, a video that could not be written.
    kept : str or None
        The one thing that was kept well.
    returned : bool
        Whether that came right again after a cue.
    tempo : TempoCurve or None
    symmetry, trunk : tuple of Band
    repetitions : int
    """

    headline: str
    facts: str
    along: str | None
    praised: bool
    cues: tuple[str, ...]
    unseen: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    kept: str | None = None
    returned: bool = False
    tempo: TempoCurve | None = None
    symmetry: tuple[Band, ...] = ()
    trunk: tuple[Band, ...] = ()
    repetitions: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it in words, as a screen reader tells it."""
        bands = tuple(
            ", ".join(p for p in (f"{b.title}: {b.words}", b.sure) if p)
            for b in (*self.symmetry, *self.trunk)
        )
        words = (self.headline, self.facts, self.kept, self.along, *self.cues)
        tempo = (self.tempo.words,) if self.tempo else ()
        return tuple(p for p in (*words, *tempo, *bands, *self.unseen, *self.remarks) if p)


def make_summary(
    analysis: Analysis | None,
    sequence: Sequence,
    language: str,
    *,
    practised_s: float = 0.0,
    obstacles: Mapping[str, int] | None = None,
    remarks: tuple[str, ...] = (),
    guidance: Guidance | None = None,
) -> Summary:
    """Return what to tell about a practice.

    Parameters
    ----------
    analysis : Analysis or None
        None if nothing was watched.
    sequence : Sequence
    language : str
    practised_s : float
        Seconds without the rests.
    obstacles : mapping of str to int, optional
        Frames in which nothing could be judged, by reason.
    remarks : tuple of str
    guidance : Guidance, optional
        How the person was guided.
    """

    def say(text: str) -> str:
        return translate(text, language)

    repetitions = analysis.repetitions if analysis is not None else []
    # What was held back on the way is told now.
    told = [*analysis.cues, *analysis.held_back] if analysis is not None else []
    counts = Counter((c.measure, c.direction) for c in told)
    ordered = [
        (cue_text(measure, direction, language, own=sequence.cues), n)
        for (measure, direction), n in counts.most_common()
    ]
    along: str | None = ordered[0][0] if ordered else None
    praised = not ordered and bool(repetitions)
    if praised:
        along = say(N_("Go on just like this"))
    kept = find_kept(analysis, language, guidance) if analysis is not None else None
    facts = [sequence.title(language)]
    if repetitions:
        word = N_("repetition") if len(repetitions) == 1 else N_("repetitions")
        facts.append(f"{len(repetitions)} {say(word)}")
    facts.append(_tell_time(practised_s, language))
    done = bool(repetitions) or bool(ordered)
    return Summary(
        headline=status_text("done", language) if done else say(N_("Until next time")),
        facts="  ·  ".join(facts),
        along=along,
        praised=praised,
        cues=shorten([f"{n} ×  {text}" for text, n in ordered], language),
        unseen=shorten(_tell_unseen(analysis, repetitions, obstacles or {}, language), language),
        remarks=(*tell_leaps((x for r in repetitions for x in r.leaps), language), *remarks),
        kept=kept[0] if kept else None,
        returned=kept is not None and kept[1],
        tempo=make_tempo_curve(analysis, language, guidance) if analysis is not None else None,
        symmetry=make_bands(repetitions, SYMMETRY, language, guidance),
        trunk=make_bands(repetitions, TRUNK, language, guidance),
        repetitions=len(repetitions),
    )


def _tell_time(seconds: float, language: str) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return translate(N_("less than a minute"), language)
    word = N_("minute") if minutes == 1 else N_("minutes")
    return f"{minutes} {translate(word, language)}"


def _tell_unseen(
    analysis: Analysis | None,
    repetitions: list[RepetitionResult],
    obstacles: Mapping[str, int],
    language: str,
) -> list[str]:
    lines = []
    partly = translate(N_("Part of the time"), language)
    frames = len(analysis.place.time_s) if analysis is not None else 0
    for reason, n in sorted(obstacles.items(), key=lambda x: -x[1])[:2]:
        if n > _OFTEN * max(frames, 1):
            lines.append(f"{partly}: {reason_text(reason, language)}")
    if not repetitions:
        lines.insert(0, translate(N_("No whole repetition was seen"), language))
    told = (*TOLD, *TRUNK, *SYMMETRY)  # of the latter their bands tell it
    return lines + tell_unjudged([r.measures for r in repetitions], language, told)


def shorten(lines: list[str], language: str) -> tuple[str, ...]:
    """Return the first lines, and how many more there are."""
    if len(lines) <= _SHOWN:
        return tuple(lines)
    rest = len(lines) - _SHOWN + 1
    more = translate(N_("and more"), language)
    return (*lines[: _SHOWN - 1], f"{more}: {rest}")
