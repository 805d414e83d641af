"""Options of ``posecoach bench`` and what it prints; the measuring is in `posecoach.bench`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from posecoach.bench import Bench


def bench(
    form: Annotated[str | None, typer.Argument(help="Form or folder.")] = None,
    camera: Annotated[str | None, typer.Option("--camera", help="Number or name.")] = None,
    source: Annotated[
        Path | None,
        typer.Option("--source", help="A video of a person; by default the clone's sample."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="lite, full, heavy or a .task file (or POSECOACH_MODEL)."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=2.0, max=600.0, help="How long each part watches.")
    ] = 10.0,
    json: Annotated[Path | None, typer.Option("--json", help="Write the numbers.")] = None,
) -> None:
    """Measure latency and throughput on this machine, stage by stage."""
    import sys

    from posecoach.bench import open_bench_source, run_bench
    from posecoach.commands.analyze import check_output, write_text
    from posecoach.commands.practice import first_form
    from posecoach.pose.bundle import ensure_model
    from posecoach.reference.library import open_form

    def note(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    sequence = open_form(form or first_form())
    if source is None and camera is None:
        source = _find_sample()
    if json is not None:
        check_output(json, [source] if source else [])
    result = run_bench(
        open_bench_source(source, camera),
        ensure_model(model, note),
        sequence,
        seconds=seconds,
        say=note,
    )
    for line in format_bench(result):
        print(line, flush=True)
    if json is not None:
        import json as encoder

        write_text(json, encoder.dumps(result.to_dict(), indent=1) + "\n")


def _find_sample() -> Path | None:
    """Return the clone's sample video; None where there is none, then the camera is watched."""
    from posecoach.capture.sample import find_sample
    from posecoach.errors import InputError

    try:
        return find_sample()
    except InputError:
        return None


def format_bench(b: Bench) -> list[str]:
    """Return the lines that say what was measured; goals are those of a 2-core laptop."""
    lines = [f"{b.source}, {b.width}x{b.height}, {b.model}", ""]
    lines.append(f"{'milliseconds a frame':<24} {'median':>7} {'95 %':>7}")
    for s in b.stages:
        line = f"{s.name:<24} {s.median_ms:>7.2f} {s.p95_ms:>7.2f}"
        if s.goal_ms is not None:
            line += f"   {'ok' if s.reached else 'SLOW'}, goal {s.goal_ms:.1f}"
        lines.append(line)
    v = b.live
    lines += [
        "",
        f"as in practice: {v.fps:.1f} of {v.source_fps:.1f} frames a second "
        f"({100 * v.dropped:.0f} % left out)",
        f"picture to drawn result: median {v.latency_ms:.0f} ms, 95 % within "
        f"{v.latency_p95_ms:.0f} ms   {'ok' if v.reached else 'SLOW'}, goal 100 ms at 24 a second",
    ]
    if not v.reached:
        lines.append("-> close other programs, plug in power, or --model lite")
    return lines
