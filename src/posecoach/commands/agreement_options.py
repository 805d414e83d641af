"""Options of ``posecoach agreement``; the work is in `commands.agreement`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def agreement(
    labels: Annotated[Path, typer.Argument(help="A teacher's labels (CSV).")],
    clips: Annotated[list[Path], typer.Argument(help="Videos, or recordings of points.")],
    reference: Annotated[
        str | None, typer.Option("--reference", "-r", help="Form or folder.")
    ] = None,
    second: Annotated[
        list[Path] | None,
        typer.Option("--second", help="Another teacher's labels; may be given again."),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Write LABELS for a teacher to fill in, and stop.")
    ] = False,
    window: Annotated[
        float,
        typer.Option("--window", help="Seconds by which remarks may differ.", min=0.0, max=60.0),
    ] = 6.0,
    json: Annotated[Path | None, typer.Option("--json", help="Write the result.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Videos at a time.")] = 1,
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="de or en; by default the system's.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="lite, full, heavy or a .task file (or POSECOACH_MODEL)."),
    ] = None,
) -> None:
    """Compare the coach with teachers who labelled clips."""
    from posecoach.agreement import compare, read_labels
    from posecoach.agreement.labels import write_template
    from posecoach.commands import analyze as work
    from posecoach.commands.agreement import tell_agreement, watch_clips
    from posecoach.errors import UsageError
    from posecoach.pose.bundle import ensure_model
    from posecoach.reference.library import open_form
    from posecoach.text import choose_language

    def note(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    tongue = choose_language(language)
    if template:
        write_template(clips, labels)
        print(f"Wrote {labels}: a row for each of {len(clips)} clips, to be filled in.")
        return
    if reference is None:
        raise UsageError("Expected --reference FORM: what the coach compares the clips with.")
    raters = [read_labels(path) for path in (labels, *(second or []))]
    open_form(reference)  # says at once if it is not there
    if json is not None:
        work.check_output(json, [*clips, labels, *(second or [])])
    for rater in raters:
        if rater.unlabelled:
            names = ", ".join(rater.unlabelled[:5])
            note(f"posecoach: {rater.rater} says nothing yet of {names}; write 'nothing' if so.")
    path = str(ensure_model(model, note)) if work.needs_model(clips) else ""
    analyses = watch_clips(clips, raters, reference, path, tongue, jobs, work.show_progress)
    result = compare(analyses, raters, window_s=window)
    if json is not None:
        work.write_text(json, result.model_dump_json() + "\n")
    for line in tell_agreement(result, tongue):
        print(line, flush=True)
    raise typer.Exit(1 if any(not c.repetitions for c in result.clips) else 0)
