"""``posecoach analyze``: recordings in, documents, tables and annotated videos out."""

from __future__ import annotations

import csv
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from posecoach.analysis import Analyzer
from posecoach.capture.base import FrameSource
from posecoach.capture.replay import MotionEstimator, MotionSource, save_motion
from posecoach.capture.video import VideoFile
from posecoach.coach.remarks import tell_leaps, tell_unjudged
from posecoach.coach.words import direction_text, measure_title
from posecoach.errors import InputError, ModelError, SequenceError, UsageError
from posecoach.motion import Motion, Observation
from posecoach.overlay import OverlayWriter, Renderer
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.person import PersonEstimator
from posecoach.pose.run import observe
from posecoach.readers import SUFFIXES, read_recording
from posecoach.reference.library import open_form
from posecoach.result import Analysis
from posecoach.text import N_, format_number, translate

Progress = Callable[[int, int | None], None]

LANDMARKS = ".npz"
_COLUMNS = (
    "video",
    "repetition",
    "start_s",
    "end_s",
    "measure",
    "value",
    "reference",
    "deviation",
    "worst",
    "uncertainty",
    "tolerance",
    "unit",
    "judged",
    "reason",
)


@dataclass(frozen=True)
class Task:
    """One recording to judge.

    Attributes
    ----------
    video : Path
        A video, or a recording of landmarks (see docs/recordings.md).
    reference : str
        Form or folder.
    model : str
        Path of the pose model.
    language : str
    overlay : Path or None
        Where the annotated video goes.
    landmarks : Path or None
        Where the landmark recording goes.
    """

    video: Path
    reference: str
    model: str
    language: str
    overlay: Path | None = None
    landmarks: Path | None = None


def needs_model(recordings: Sequence[Path]) -> bool:
    """Return whether there is a video among the recordings; landmarks need no pose model."""
    return any(r.suffix.lower() not in SUFFIXES for r in recordings)


def check_recordings(recordings: Sequence[Path]) -> None:
    """Open and close each recording, so that a wrong one is told before the work on others.

    Raises
    ------
    InputError
        One is not there or cannot be read.
    """
    for path in recordings:
        if path.suffix.lower() in SUFFIXES:
            read_recording(path)
        else:
            VideoFile(path).close()


def open_recording(path: Path, model: str) -> tuple[FrameSource, PoseEstimator]:
    """Return a recording's frames and what finds the body in them."""
    if path.suffix.lower() in SUFFIXES:
        motion = read_recording(path)
        return MotionSource(motion), MotionEstimator(motion)
    source = VideoFile(path)
    try:
        return source, PersonEstimator(model)
    except BaseException:
        source.close()
        raise


def run_task(task: Task, progress: Progress | None = None) -> Analysis:
    """Judge one recording; every frame goes through the engine."""
    sequence = open_form(task.reference)
    renderer = Renderer(sequence, task.language)
    kept: list[Observation] = []
    source, estimator = open_recording(task.video, task.model)
    deep = isinstance(source, MotionSource) and source.deep
    analyzer = Analyzer(sequence, task.language, deep=deep)
    writer: OverlayWriter | None = None
    with source:
        try:
            writer = OverlayWriter(task.overlay, source.fps) if task.overlay else None
            for frame, observation in observe(source, estimator):
                state = analyzer.step(observation)
                if task.landmarks is not None:
                    kept.append(observation)
                if writer is not None:
                    writer.write(renderer.draw(frame.image, state))
                if progress is not None:
                    progress(frame.index + 1, source.frame_count)
        finally:
            estimator.close()
            if writer is not None:
                writer.close()
    if task.landmarks is not None:
        save_motion(Motion.from_observations(kept, source.name), task.landmarks)
    return analyzer.finish(str(task.video))


def judge(task: Task, progress: Progress | None = None) -> Analysis:
    """Judge one recording; what cannot be read becomes a document that says why.

    Raises
    ------
    ModelError, UsageError
        Not the recording is at fault: no other one could be judged either.
    """
    try:
        return run_task(task, progress)
    except (ModelError, SequenceError):
        raise
    except InputError as error:
        return _refuse(task, str(error))


def _refuse(task: Task, why: str) -> Analysis:
    nothing = Analyzer(open_form(task.reference), task.language).finish(str(task.video))
    return nothing.model_copy(update={"message": why})


def run_tasks(
    tasks: Sequence[Task], jobs: int, progress: Progress | None = None
) -> Iterator[tuple[Task, Analysis]]:
    """Yield each task with its document, in order."""
    if jobs <= 1 or len(tasks) <= 1:
        for task in tasks:
            yield task, judge(task, progress)
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), get_context("spawn")) as pool:
        futures = [pool.submit(judge, task) for task in tasks]
        try:
            for task, future in zip(tasks, futures, strict=True):
                try:
                    yield task, future.result()
                except BrokenProcessPool:
                    why = "Expected to judge it but the process was ended; try with fewer --jobs."
                    yield task, _refuse(task, why)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def place_outputs(videos: Sequence[Path], out: Path | None, suffix: str) -> list[Path | None]:
    """Return where each recording's output goes: a file for one, files in a folder for several.

    Raises
    ------
    UsageError
        Several recordings, and the output is a file; two would have the same name; or a
        recording would be written over.
    InputError
        The folder is not there and cannot be made.
    """
    if out is None:
        return [None] * len(videos)
    if len(videos) == 1 and not out.is_dir():
        check_output(out, videos)
        return [out]
    if out.is_file() or (out.suffix and not out.is_dir()):
        raise UsageError(
            f"Expected a folder for the results of {len(videos)} videos but got {str(out)!r}."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Expected a folder at {str(out)!r} but {error.strerror}.") from error
    names = [f"{v.stem}{suffix}" for v in videos]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise UsageError(
            f"Expected videos of different names but got two for {sorted(twice)[0]}; "
            "analyze them one by one."
        )
    places = [out / n for n in names]
    for place in places:
        check_output(place, videos)
    return list(places)


def check_output(out: Path, inputs: Sequence[Path]) -> None:
    """Say before the work is done if its result could not be written.

    Raises
    ------
    UsageError
        It would be written over one of the inputs.
    InputError
        There is no folder for it, or a folder of its name.
    """
    if not out.parent.is_dir():
        raise InputError(
            f"Expected a folder to write {out.name} to but {str(out.parent)!r} is not there."
        )
    if out.is_dir():
        raise InputError(f"Expected a file name to write to but {str(out)!r} is a folder.")
    if out.exists() and any(v.exists() and v.samefile(out) for v in inputs):
        raise UsageError(
            f"Expected another place for the result than the recording itself but got "
            f"{str(out)!r}; it would be lost."
        )


def check_distinct(outputs: Sequence[Path | None]) -> None:
    """Raise `UsageError` if two results would be written to one file."""
    named = [o.absolute() for o in outputs if o is not None]
    for path in named:
        if named.count(path) > 1:
            raise UsageError(f"Expected a file for each result but got {str(path)!r} twice.")


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"Expected to write {str(path)!r} but {error.strerror}.") from error


def write_csv(path: Path, results: Sequence[Analysis]) -> None:
    """Write one row for each recording, repetition and measure; empty where not judged."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_COLUMNS)
    for a in results:
        for number, r in enumerate(a.repetitions, 1):
            for name, m in r.measures.items():
                values = m.model_dump()
                table.writerow(
                    [a.video.path, number, r.start_s, r.end_s, name]
                    + ["" if values[c] is None else values[c] for c in _COLUMNS[5:]]
                )
    write_text(path, out.getvalue())


def summarise(a: Analysis, language: str) -> list[str]:
    """Return a few lines about an analysis for people."""
    one = N_("One repetition, body seen in {seen} of the frames")
    many = N_("{n} repetitions, body seen in {seen} of the frames")
    lines = [
        translate(one if len(a.repetitions) == 1 else many, language).format(
            n=len(a.repetitions), seen=f"{100 * a.seen:.0f} %"
        )
    ]
    for cue in a.cues:
        side = direction_text(cue.measure, cue.direction, language)
        title = measure_title(cue.measure, language)
        time_s = format_number(cue.time_s, 1, language)
        lines.append(f"  {time_s} s  {cue.text}  ({title}: {side})")
    if a.repetitions and not a.cues:
        lines.append("  " + translate(N_("no cue was needed"), language))
    lines += ["  " + t for t in tell_leaps((x for r in a.repetitions for x in r.leaps), language)]
    if unjudged := tell_unjudged([r.measures for r in a.repetitions], language):
        lines.append("  " + translate(N_("Not judged, and why"), language) + ":")
        lines += ["    " + t for t in unjudged]
    if a.message:
        lines.append("  " + a.message)
    return lines


def show_progress(done: int, total: int | None) -> None:
    """Keep one line on the terminal up to date; nothing where it is not a terminal."""
    if sys.stderr.isatty() and (done % 15 == 0 or done == total):
        share = f"{100 * done // total} %" if total else f"{done}"
        print(f"\r  {share}   ", end="", file=sys.stderr, flush=True)
        if done == total:
            print("\r" + " " * 20 + "\r", end="", file=sys.stderr, flush=True)
