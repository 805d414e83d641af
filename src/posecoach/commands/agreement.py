"""``posecoach agreement``: the coach and teachers compared on labelled clips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from posecoach.agreement import Agreement, Labels
from posecoach.agreement.compare import COACH
from posecoach.agreement.labels import clip_name
from posecoach.agreement.report import Disagreement, Pair, Rated
from posecoach.coach.words import direction_text, measure_title
from posecoach.commands.analyze import Progress, Task, check_recordings, run_tasks
from posecoach.result import Analysis
from posecoach.text import N_, format_number, translate

MAX_TOLD = 20
_REASONS = {
    "one_category": N_("both always said the same, so chance alone would agree"),
    "no_units": N_("nothing was said"),
}


def watch_clips(
    clips: Sequence[Path],
    labels: Sequence[Labels],
    reference: str,
    model: str,
    language: str,
    jobs: int,
    progress: Progress | None = None,
) -> list[Analysis]:
    """Return the coach's analysis of each clip that somebody labelled.

    Raises
    ------
    InputError
        A clip is not there or cannot be read.
    """
    known = {clip for one in labels for clip in one.clips}
    wanted = [c for c in clips if clip_name(c) in known] or list(clips)
    check_recordings(wanted)
    tasks = [Task(clip, reference, model, language) for clip in wanted]
    return [analysis for _, analysis in run_tasks(tasks, jobs, progress)]


def tell_agreement(result: Agreement, language: str) -> Iterator[str]:
    """Yield what there is to say, for people."""

    def say(text: str, **values: object) -> str:
        return translate(text, language).format(**values)

    for pair in result.pairs:
        first, second = (_name(r, language) for r in (pair.first, pair.second))
        yield say(
            N_("{first} and {second} (clips: {clips}, repetitions: {repetitions})"),
            first=first,
            second=second,
            clips=pair.clips,
            repetitions=pair.repetitions,
        )
        if not pair.clips:
            yield "  " + say(N_("no clip was labelled by both"))
            continue
        if not pair.overall.units:
            yield "  " + say(N_("neither had anything to say to any clip: full agreement"))
            continue
        yield from _tell_table(pair, language)
        if pair.lag_s is not None:
            late = pair.lag_s > 0
            text = (
                N_("where both said the same, {who} said it {s} s after {other} (median)")
                if late
                else N_("where both said the same, {who} said it {s} s before {other} (median)")
            )
            seconds = format_number(abs(pair.lag_s), 1, language)
            yield "  " + say(text, who=second, other=first, s=seconds)
        for d in pair.disagreements[:MAX_TOLD]:
            yield "  " + _tell_disagreement(d, pair, language)
        more = len(pair.disagreements) - MAX_TOLD
        if more > 0:
            yield "  " + say(N_("and {n} more; all of them with --json"), n=more)
    for clip in result.clips:
        if clip.message:
            yield f"{clip.clip}: {clip.message}"
    if result.left_out:
        names = ", ".join(result.left_out[:8]) + (", ..." if len(result.left_out) > 8 else "")
        yield say(N_("left out, as they were not labelled or not given: {names}"), names=names)


def _name(rater: str, language: str) -> str:
    return translate(N_("coach"), language) if rater == COACH else rater


def _tell_table(pair: Pair, language: str) -> Iterator[str]:
    heads = (
        N_("units"),
        N_("agree"),
        N_("both"),
        N_("first only"),
        N_("second only"),
        N_("other side"),
        N_("kappa"),
    )
    rows = [["", *(translate(h, language) for h in heads)]]
    for measure, rated in pair.measures.items():
        rows.append([measure_title(measure, language), *_cells(rated, language)])
    if len(pair.measures) > 1:
        rows.append([translate(N_("all"), language), *_cells(pair.overall, language)])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = [f"{cell:>{w}}" for cell, w in zip(row[1:], widths[1:], strict=True)]
        yield f"  {row[0]:<{widths[0]}}  " + "  ".join(cells)
    reasons = {r.reason for r in (*pair.measures.values(), pair.overall) if r.reason}
    for reason in sorted(reasons):
        yield f"  -: {translate(_REASONS[reason], language)}"


def _cells(r: Rated, language: str) -> list[str]:
    share = "-" if r.agreement is None else f"{100 * r.agreement:.0f} %"
    kappa = "-" if r.kappa is None else format_number(r.kappa, 2, language)
    if r.standard_error is not None:
        kappa += f" ± {format_number(r.standard_error, 2, language)}"
    counts = [r.units, r.both, r.first_only, r.second_only, r.other_side]
    told_counts = [str(c) for c in counts]
    return [told_counts[0], share, *told_counts[1:], kappa]


def _tell_disagreement(d: Disagreement, pair: Pair, language: str) -> str:
    def side(rater: str, directions: list[str], times: list[float]) -> str:
        told = ", ".join(direction_text(d.measure, x, language) for x in directions)
        when = ", ".join(format_number(t, 1, language) for t in times)
        words = f"{told} ({when} s)" if told else translate(N_("nothing"), language)
        return f"{_name(rater, language)}: {words}"

    where = d.clip
    if d.repetition is not None:
        where += ", " + translate(N_("repetition {n}"), language).format(n=d.repetition)
    title = measure_title(d.measure, language)
    return (
        f"{where}, {title}: {side(pair.first, d.first, d.first_s)}; "
        f"{side(pair.second, d.second, d.second_s)}"
    )
