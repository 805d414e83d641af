"""The commands and their options; what they do is in `posecoach.commands`.

Exit status: 0 done, 1 the input could not be judged or used, 2 wrong usage.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posecoach.commands.agreement_options import agreement
from posecoach.commands.bench import bench
from posecoach.commands.data_options import data, history
from posecoach.commands.reference_options import references
from posecoach.errors import PosecoachError, UsageError

app = typer.Typer(
    name="posecoach",
    help="A calm movement coach for qigong: camera or video, a teacher's form, one kind cue at a "
    "time.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(references, name="references")
app.add_typer(data, name="data")

if TYPE_CHECKING:
    from posecoach.capture.base import FrameSource
    from posecoach.pose.landmarker import PoseEstimator

Language = Annotated[
    str | None, typer.Option("--language", "-l", help="de or en; by default the system's.")
]
Camera = Annotated[str | None, typer.Option("--camera", help="Number or name of the camera.")]
Model = Annotated[
    str | None,
    typer.Option("--model", help="lite, full, heavy or a .task file (or POSECOACH_MODEL)."),
]


def _say(text: str) -> None:
    print(text, flush=True)


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@app.callback(invoke_without_command=True)
def home(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Choose a form and practise; or one of the commands below."""
    if version:
        from importlib.metadata import version as find

        _say(f"posecoach {find('posecoach')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        practice()


@app.command()
def practice(
    form: Annotated[str | None, typer.Argument(help="Form or folder.")] = None,
    camera: Camera = None,
    source: Annotated[
        Path | None, typer.Option("--source", help="A video instead of a camera.")
    ] = None,
    language: Language = None,
    overlay: Annotated[
        Path | None, typer.Option("--overlay", help="Keep the annotated picture as a video.")
    ] = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window; cues on the terminal.")
    ] = False,
    model: Model = None,
    mirror: Annotated[
        bool | None,
        typer.Option(
            "--mirror/--no-mirror",
            help="Show the picture as a mirror does, or not; by default as last time.",
        ),
    ] = None,
    voice: Annotated[
        bool | None,
        typer.Option("--voice/--no-voice", help="Speak the cues; by default as in the settings."),
    ] = None,
) -> None:
    """Practise a form in front of the camera."""
    from posecoach.settings import SettingsStore
    from posecoach.text import choose_language

    tongue = choose_language(language or SettingsStore().settings.language)
    if headless or form or overlay is not None:
        from posecoach.commands.analyze import check_output, show_progress, summarise
        from posecoach.commands.practice import Practice, first_form, practise_headless
        from posecoach.reference.library import open_form

        sequence = open_form(form or first_form())
        if overlay is not None:
            check_output(overlay, [source] if source else [])
    if headless:
        from posecoach.journal.keeper import Keeper
        from posecoach.voice import Announcer

        kind = "camera" if source is None else "video"
        # A file is watched faster than anybody could speak.
        aloud = bool(voice) and source is None
        with (
            Keeper(sequence, kind, tongue, say=lambda x: _note(f"posecoach: {x}")) as keeper,
            Announcer(tongue, voice=aloud) as announcer,
        ):
            p = Practice(
                sequence, *_open(source, camera, model), tongue, overlay, keeper, announcer
            )
            result = practise_headless(p, _say, show_progress if source else None)
            problem = announcer.take_problem()
        if problem is not None:
            _note(f"posecoach: {problem}")
        for line in summarise(result, tongue)[:1]:
            _say(line)
        if result.message:
            _note(f"posecoach: {result.message}")
        raise typer.Exit(0 if result.judged else 1)
    from posecoach.commands.window import practise_in_window

    status = practise_in_window(
        sequence if form else None,
        source,
        camera,
        tongue,
        overlay=overlay,
        model=model,
        mirrored=mirror,
        voice=voice,
        say=_note,
    )
    raise typer.Exit(status)


def _open(
    source: Path | None, camera: str | None, model: str | None
) -> tuple[FrameSource, PoseEstimator]:
    """Return what is watched and what finds the body in it."""
    from posecoach.capture.sources import open_source
    from posecoach.commands.analyze import needs_model, open_recording
    from posecoach.pose.bundle import ensure_model
    from posecoach.pose.person import PersonEstimator

    if source is not None and not needs_model([source]):
        if camera is not None:
            raise UsageError("Expected a camera or a recording but got both; leave one out.")
        return open_recording(source, "")
    found = open_source(source, camera=camera)
    try:
        return found, PersonEstimator(ensure_model(model, _note))
    except BaseException:
        found.close()
        raise


@app.command()
def record(
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")],
    camera: Camera = None,
    source: Annotated[
        list[Path] | None, typer.Option("--source", help="A video; may be given again.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of forms; by default your own.")
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", help="Stop the camera after so long.", min=3.0)
    ] = 120.0,
    replace: Annotated[
        bool, typer.Option("--replace", help="Record again; titles, marks and words are kept.")
    ] = False,
    countdown: Annotated[
        float, typer.Option("--countdown", help="Seconds until the camera records.", min=0.0)
    ] = 5.0,
    teacher: Annotated[str | None, typer.Option("--teacher", help="Who is recorded.")] = None,
    consent: Annotated[
        str | None, typer.Option("--consent", help="Who agreed to what, and when.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", help="Under which licence it may be shared.")
    ] = None,
    model: Model = None,
) -> None:
    """Record a form, from a camera or from videos of one or several repetitions."""
    from posecoach.capture.sources import open_source
    from posecoach.commands.analyze import (
        check_recordings,
        needs_model,
        open_recording,
        show_progress,
    )
    from posecoach.commands.record import (
        check_name,
        save_form,
        watch_camera,
        watch_recording,
    )
    from posecoach.pose.bundle import ensure_model
    from posecoach.pose.person import PersonEstimator
    from posecoach.reference.advice import tell_advice
    from posecoach.reference.draft import find_missing
    from posecoach.reference.library import get_own_folder
    from posecoach.reference.quality import check_takes

    if source and camera is not None:
        raise UsageError("Expected a camera or videos but got both; leave one out.")
    target = check_name(name, out or get_own_folder(), may_exist=replace)
    check_recordings(source or [])
    path = ensure_model(model, _note) if not source or needs_model(source) else Path()
    motions = []
    if source:
        for one in source:
            motions.append(watch_recording(*open_recording(one, str(path)), show_progress))
    else:
        with open_source(None, camera=camera) as live:
            _say("Stand quietly for three seconds, do the form one to three times, stand quietly")
            _say(
                f"again; then press Ctrl+C (or wait {seconds:.0f} s). Walking is cut off by itself."
            )
            with PersonEstimator(path) as estimator:
                motions.append(
                    watch_camera(live, estimator, seconds, countdown_s=countdown, say=_say)
                )
    said = {"teacher": teacher, "consent": consent, "licence": licence}
    form = save_form(name, motions, target, said=said)
    lengths = ", ".join(f"{t.motion.duration_s:.1f} s" for t in form.takes)
    many = "repetition" if len(form.takes) == 1 else "repetitions"
    _say(f"Recorded {name!r}: {len(form.takes)} {many} ({lengths}), {form.symmetry}.")
    for advice in check_takes(form.takes, form.view):
        take = advice.where.removeprefix("takes").lstrip(".")
        _say(f"  {f'Take {int(take) + 1}: ' if take else ''}{tell_advice(advice, 'en')}")
    _say(f"It is in {target}; titles, phases and breath: posecoach studio {target}")
    _say(f"(or edit {target / 'sequence.toml'})")
    if missing := find_missing(form):
        _say(f"Before you send it, fill in: {', '.join(missing)}")
    _say(f"Look at it:  posecoach references check {target}")


@app.command()
def studio(
    form: Annotated[str | None, typer.Argument(help="Form or folder to open.")] = None,
    camera: Camera = None,
    language: Language = None,
    model: Model = None,
) -> None:
    """Make a form: record it, mark phases and breath, write your words, send it."""
    from posecoach.app.kit.qt import find_obstacle
    from posecoach.errors import InputError
    from posecoach.reference.library import open_form
    from posecoach.text import choose_language

    tongue = choose_language(language)
    obstacle = find_obstacle()
    if obstacle is not None:
        raise InputError(f"{obstacle} Without a window: edit sequence.toml")
    if form is not None:
        open_form(form)  # says at once if it is not there
    from posecoach.commands.studio import open_studio

    open_studio(form, tongue, camera=camera, model=model, say=_note)


@app.command()
def analyze(
    videos: Annotated[list[Path], typer.Argument(help="Videos, or recordings of points.")],
    reference: Annotated[str, typer.Option("--reference", "-r", help="Form or folder.")],
    json: Annotated[
        Path | None, typer.Option("--json", help="Write the result (folder if several).")
    ] = None,
    overlay: Annotated[
        Path | None, typer.Option("--overlay", help="Write the annotated video (or folder).")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write one table of all measures.")
    ] = None,
    landmarks: Annotated[
        Path | None,
        typer.Option("--landmarks", help="Keep what the pose model saw (.npz, or folder)."),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Videos at a time.")] = 1,
    language: Language = None,
    model: Model = None,
) -> None:
    """Judge videos against a form."""
    from posecoach.commands import analyze as work
    from posecoach.pose.bundle import ensure_model
    from posecoach.reference.library import open_form
    from posecoach.text import choose_language

    tongue = choose_language(language)
    open_form(reference)  # says at once if it is not there
    documents = work.place_outputs(videos, json, ".json")
    pictures = work.place_outputs(videos, overlay, ".mp4")
    recordings = work.place_outputs(videos, landmarks, work.LANDMARKS)
    if csv is not None:
        work.check_output(csv, videos)
    work.check_distinct([*documents, *pictures, *recordings, csv])
    path = str(ensure_model(model, _note)) if work.needs_model(videos) else ""
    tasks = [
        work.Task(v, reference, path, tongue, o, kept)
        for v, o, kept in zip(videos, pictures, recordings, strict=True)
    ]
    status, results = 0, []
    for (task, result), document in zip(
        work.run_tasks(tasks, jobs, work.show_progress), documents, strict=True
    ):
        results.append(result)
        if document is not None:
            work.write_text(document, result.model_dump_json() + "\n")
        if result.video.frames:
            _say(f"{task.video}: " + "\n".join(work.summarise(result, tongue)))
        else:
            _note(f"posecoach: {result.message}")
        if not result.judged:
            status = 1
    if csv is not None:
        work.write_csv(csv, results)
    raise typer.Exit(status)


app.command()(history)
app.command()(agreement)
app.command()(bench)


@app.command()
def doctor(
    camera: Camera = None,
    source: Annotated[
        Path | None, typer.Option("--source", help="A video instead of a camera.")
    ] = None,
    model: Model = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch the pose model if it is not there.")
    ] = False,
) -> None:
    """Say what works here, and what to do about what does not."""
    from posecoach.doctor import exit_status, format_check, run_checks

    checks = []
    for check in run_checks(camera, model, source=str(source) if source else None, fetch=fetch):
        _say(format_check(check))
        checks.append(check)
    raise typer.Exit(exit_status(checks))


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; errors raised on purpose become one line and their exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Chinese shows question marks for a title, and goes on.
            stream.reconfigure(errors="replace")
    try:
        app(arguments, standalone_mode=True)
    except PosecoachError as error:
        # One line, whatever a file's name is made of.
        _note("posecoach: " + " ".join(str(error).splitlines()))
        raise SystemExit(error.exit_status) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        # Whoever read has gone (as "head" does); nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        what = f" ({error.filename})" if error.filename else ""
        _note(f"posecoach: the system refused: {error.strerror or error}{what}")
        raise SystemExit(1) from None
    return 0
