"""Comparing what raters said, repetition by repetition.

A unit is a repetition of a clip, a measure and a direction: each rater said it or not. A remark
belongs to the repetition in which it was made; in the first second of one to the one before,
since seeing takes time. Two raters' remarks on one measure that are at most the window apart
belong together, and to the earlier of their two repetitions: a word about the end of one may fall
into the next. Measures that neither of the two ever named are no units: they would add agreement
for nothing.

The direction is part of the unit, not a category: otherwise two raters who speak at the same
moments and always name opposite sides would have a kappa well above 0, by their silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from posecoach.agreement.kappa import compute_kappa
from posecoach.agreement.labels import WAYS, Labels, Remark, clip_name
from posecoach.agreement.report import Agreement, ClipResult, Disagreement, Pair, Rated
from posecoach.errors import UsageError
from posecoach.result import Analysis

COACH = "coach"
WINDOW_S = 6.0
"""As long as the coach itself waits between two cues."""
REACTION_S = 1.0
"""Sooner after a repetition began nobody has anything to say of it."""

Place = tuple[str, int, str]  # clip, number of the repetition, measure
Said = Mapping[Place, Sequence[Remark]]


@dataclass(frozen=True)
class Clip:
    """A clip as the coach saw it.

    Attributes
    ----------
    name : str
    repetitions : tuple of (float, float)
        Start and end in seconds. Where there are none, the whole clip is one unit a measure.
    remarks : tuple of Remark
        The coach's.
    message : str or None
        Why the clip could not be judged.
    """

    name: str
    repetitions: tuple[tuple[float, float], ...]
    remarks: tuple[Remark, ...]
    message: str | None = None


def clip_of(analysis: Analysis) -> Clip:
    """Return what the coach said of a clip."""
    return Clip(
        clip_name(analysis.video.path or ""),
        tuple((r.start_s, r.end_s) for r in analysis.repetitions),
        tuple(sorted(Remark(c.time_s, c.measure, c.direction) for c in analysis.cues)),
        analysis.message,
    )


def compare(
    analyses: Sequence[Analysis], labels: Sequence[Labels], *, window_s: float = WINDOW_S
) -> Agreement:
    """Compare the coach with each teacher, and the teachers with each other.

    Parameters
    ----------
    analyses : sequence of Analysis
        Of one reference; clips are found in the labels by their names.
    labels : sequence of Labels
        One for each teacher.
    window_s : float
        Remarks on one measure up to so many seconds apart belong together.

    Raises
    ------
    UsageError
        No clip was labelled, two clips have one name, or there are no labels.
    """
    clips = [clip_of(a) for a in analyses]
    names = [c.name for c in clips]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise UsageError(f"Expected clips of different names but got two called {twice[0]!r}.")
    raters = _name_raters(labels)
    for rater, said in raters.items():
        if not set(names) & set(said):
            labelled = ", ".join(list(said)[:5]) or "none"
            raise UsageError(
                f"Expected labels of the clips given but {rater} has none of them (it has: "
                f"{labelled}); clips are called by their files' names."
            )
    coach = {c.name: c.remarks for c in clips}
    pairs = [_compare_pair(COACH, coach, r, said, clips, window_s) for r, said in raters.items()]
    told = list(raters.items())
    pairs += [
        _compare_pair(*one, *other, clips, window_s)
        for k, one in enumerate(told)
        for other in told[k + 1 :]
    ]
    missing = {c for said in raters.values() for c in said} - set(names)
    unlabelled = [n for n in names if not any(n in said for said in raters.values())]
    return Agreement(
        reference=analyses[0].reference.id,
        window_s=window_s,
        clips=[
            ClipResult(
                clip=c.name,
                repetitions=list(c.repetitions),
                remarks={
                    rater: [(m.time_s, m.measure, m.direction) for m in said[c.name]]
                    for rater, said in {COACH: coach, **raters}.items()
                    if c.name in said
                },
                message=c.message,
            )
            for c in clips
        ],
        left_out=[*unlabelled, *sorted(missing)],
        pairs=pairs,
    )


def _name_raters(labels: Sequence[Labels]) -> dict[str, Mapping[str, tuple[Remark, ...]]]:
    """Return each teacher's labels by a name of its own."""
    if not labels:
        raise UsageError("Expected a teacher's labels but got none.")
    raters: dict[str, Mapping[str, tuple[Remark, ...]]] = {}
    for one in labels:
        name, count = one.rater, 2
        while name in raters or name == COACH:
            name, count = f"{one.rater} ({count})", count + 1
        raters[name] = one.clips
    return raters


def _compare_pair(
    first: str,
    first_said: Mapping[str, tuple[Remark, ...]],
    second: str,
    second_said: Mapping[str, tuple[Remark, ...]],
    clips: Sequence[Clip],
    window_s: float,
) -> Pair:
    shared = [c for c in clips if c.name in first_said and c.name in second_said]
    one: dict[Place, list[Remark]] = {}
    other: dict[Place, list[Remark]] = {}
    lags: list[float] = []
    for clip in shared:
        mine, theirs = first_said[clip.name], second_said[clip.name]
        own = [_find_repetition(clip, remark) for remark in mine]
        their = [_find_repetition(clip, remark) for remark in theirs]
        for k, j in _pair_up(mine, theirs, own, their, window_s):
            own[k] = their[j] = min(own[k], their[j])
            if mine[k].direction == theirs[j].direction:
                lags.append(theirs[j].time_s - mine[k].time_s)
        for said, remarks, at in ((one, mine, own), (other, theirs, their)):
            for remark, number in zip(remarks, at, strict=True):
                said.setdefault((clip.name, number, remark.measure), []).append(remark)
    used = sorted({measure for _, _, measure in (*one, *other)})
    places = [
        (c.name, k, m) for m in used for c in shared for k in range(max(1, len(c.repetitions)))
    ]
    judged = {c.name: bool(c.repetitions) for c in shared}
    return Pair(
        first=first,
        second=second,
        clips=len(shared),
        repetitions=sum(max(1, len(c.repetitions)) for c in shared),
        overall=_rate(places, one, other),
        measures={m: _rate([p for p in places if p[2] == m], one, other) for m in used},
        lag_s=round(median(lags), 2) if lags else None,
        disagreements=[
            Disagreement(
                clip=p[0],
                repetition=p[1] + 1 if judged[p[0]] else None,
                measure=p[2],
                first=sorted(_ways(one, p)),
                second=sorted(_ways(other, p)),
                first_s=[r.time_s for r in one.get(p, [])],
                second_s=[r.time_s for r in other.get(p, [])],
            )
            for p in sorted(places)
            if _ways(one, p) != _ways(other, p)
        ],
    )


def _find_repetition(clip: Clip, remark: Remark) -> int:
    begun = sum(start + REACTION_S <= remark.time_s for start, _ in clip.repetitions)
    return max(0, begun - 1)


def _pair_up(
    first: Sequence[Remark],
    second: Sequence[Remark],
    first_at: Sequence[int],
    second_at: Sequence[int],
    window_s: float,
) -> list[tuple[int, int]]:
    """Return which remark of the first belongs to which of the second, one to one.

    Those of one repetition go first, then those that name one direction, then the nearest.
    """
    near = sorted(
        (
            first_at[i] != second_at[j],
            a.direction != b.direction,
            abs(a.time_s - b.time_s),
            min(a.time_s, b.time_s),
            i,
            j,
        )
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if a.measure == b.measure and abs(a.time_s - b.time_s) <= window_s
    )
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    given: set[int] = set()
    for *_, i, j in near:
        if i not in taken and j not in given:
            pairs.append((i, j))
            taken.add(i)
            given.add(j)
    return pairs


def _ways(said: Said, place: Place) -> set[str]:
    return {r.direction for r in said.get(place, ())}


def _rate(places: Sequence[Place], first: Said, second: Said) -> Rated:
    told = [(way in _ways(first, p), way in _ways(second, p)) for p in places for way in WAYS[p[2]]]
    k = compute_kappa([a for a, _ in told], [b for _, b in told])
    both = sum(a and b for a, b in told)
    spoken = sum(a + b for a, b in told)
    apart = [(_ways(first, p), _ways(second, p)) for p in places]
    return Rated(
        units=k.units,
        agreement=_short(k.agreement),
        kappa=_short(k.kappa),
        standard_error=_short(k.standard_error),
        reason=k.reason,
        both=both,
        first_only=sum(a and not b for a, b in told),
        second_only=sum(b and not a for a, b in told),
        neither=sum(not a and not b for a, b in told),
        other_side=sum(bool(a and b and not a & b) for a, b in apart),
        positive_agreement=_short(2 * both / spoken if spoken else None),
    )


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
