"""Latency and throughput on this machine, stage by stage: what ``posecoach bench`` measures.

Stages by themselves first (reading, pose model, engine, drawing), then all of it as in practice:
a source that gives its pictures when their time has come, the model and the engine on the newest
one, drawing beside them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from posecoach.capture.base import Frame, FrameSource
from posecoach.capture.sources import open_source
from posecoach.coach.session import Session
from posecoach.coach.state import State
from posecoach.errors import InputError
from posecoach.live import LiveLoop, LiveStats
from posecoach.overlay import Renderer
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.pose.person import PersonEstimator
from posecoach.reference.sequence import Sequence

GOAL_LATENCY_MS, GOAL_FPS = 100.0, 24.0
GOAL_ENGINE_MS, GOAL_DRAWING_MS = 2.0, 3.0  # the latter at 1280x720
_KEPT_BYTES = 600_000_000
_SIZES = ((640, 480), (1280, 720), (1920, 1080))
_DRAWN = 60  # pictures drawn at each size
_WARM_UP = 5  # the first pictures also load code and find the person

Open = Callable[[bool], FrameSource]
In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True)
class Stage:
    """How long one stage takes, milliseconds a frame.

    Attributes
    ----------
    name : str
    median_ms, p95_ms : float
    frames : int
    goal_ms : float or None
        What the median should not pass; None where nothing is demanded.
    """

    name: str
    median_ms: float
    p95_ms: float
    frames: int
    goal_ms: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached, None without one."""
        return None if self.goal_ms is None else self.median_ms <= self.goal_ms


@dataclass(frozen=True)
class Live:
    """How practice before a camera goes.

    Attributes
    ----------
    source_fps, fps : float
        Frames a second of the source, and results a second.
    dropped : float
        Share of the source's frames that were left out, 0 to 1.
    latency_ms, latency_p95_ms : float
        From the picture's time to the picture drawn with what was found in it, median and 95 %.
    """

    source_fps: float
    fps: float
    dropped: float
    latency_ms: float
    latency_p95_ms: float

    @property
    def reached(self) -> bool:
        """Whether 95 % are drawn in time and there are frames enough (or all there are)."""
        enough = self.fps >= min(GOAL_FPS, 0.95 * self.source_fps)
        return self.latency_p95_ms <= GOAL_LATENCY_MS and enough


@dataclass(frozen=True)
class Bench:
    """Everything measured.

    Attributes
    ----------
    source : str
    width, height : int
    model : str
    stages : tuple of Stage
    live : Live
    """

    source: str
    width: int
    height: int
    model: str
    stages: tuple[Stage, ...]
    live: Live

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return asdict(self)


def open_bench_source(spec: Path | None, camera: str | None) -> Open:
    """Return how to open what is watched: called with True it is played as if it were live."""
    return lambda paced: open_source(spec, camera=camera, paced=paced)


def run_bench(
    open_: Open,
    model: Path,
    sequence: Sequence,
    *,
    seconds: float = 10.0,
    say: Callable[[str], object] = lambda text: None,
) -> Bench:
    """Measure every stage by itself and then all of them together.

    Parameters
    ----------
    open_ : callable
        See `open_bench_source`.
    model : path
        A ``.task`` bundle.
    sequence : Sequence
        The form that is followed.
    seconds : float
        How much of the source is watched, each time.
    say : callable
        Is told what is being done.

    Raises
    ------
    InputError
        The source has too few pictures, or shows nobody: then the model only searches, which is
        another speed.
    """
    say("reading ...")
    with open_(False) as source:
        name, read = source.name, "waiting for a picture" if source.live else "reading a frame"
        frames, reading = _read(source, seconds)
    say("pose model ...")
    with MediaPipeEstimator(model) as estimator:
        seen, posing = _time(frames, estimator.estimate)
    if sum(o.found for o in seen) < 0.5 * len(seen):
        raise InputError(
            f"Expected a person in the picture but {name} shows one in {sum(o.found for o in seen)}"
            f" of {len(seen)} frames; stand before the camera, or name a video with --source."
        )
    say("engine ...")
    states, stepping = _time(seen, Session(sequence).step)
    stages = [
        _make_stage(read, reading),
        _make_stage("pose model", posing),
        _make_stage("engine", stepping, GOAL_ENGINE_MS),
    ]
    say("drawing ...")
    for width, height in _SIZES:
        goal = GOAL_DRAWING_MS if height == 720 else None
        drawing = _draw(frames, states, Renderer(sequence), width, height)
        stages.append(_make_stage(f"drawing at {width}x{height}", drawing, goal))
    say("all together, as in practice ...")
    live = _practise(open_, model, sequence, seconds)
    height, width = frames[0].image.shape[:2]
    return Bench(name, width, height, model.stem, tuple(stages), live)


def _read(source: FrameSource, seconds: float) -> tuple[list[Frame], list[float]]:
    frames: list[Frame] = []
    times: list[float] = []
    began = time.perf_counter()
    for frame in source:
        times.append(1000 * (time.perf_counter() - began))
        frames.append(frame)
        too_long = frame.time_s - frames[0].time_s >= seconds
        if too_long or len(frames) * frame.image.nbytes > _KEPT_BYTES:
            break
        began = time.perf_counter()
    if len(frames) < 3 * _WARM_UP:
        raise InputError(
            f"Expected at least {3 * _WARM_UP} pictures but {source.name} gave {len(frames)}; "
            "choose a longer video."
        )
    return frames, times


def _time(items: Iterable[In], work: Callable[[In], Out]) -> tuple[list[Out], list[float]]:
    done, times = [], []
    for item in items:
        began = time.perf_counter()
        done.append(work(item))
        times.append(1000 * (time.perf_counter() - began))
    return done, times


def _draw(
    frames: list[Frame], states: list[State], renderer: Renderer, width: int, height: int
) -> list[float]:
    def pictures() -> Iterator[tuple[Frame, State]]:
        step = max(1, len(frames) // _DRAWN)
        return islice(zip(frames[::step], states[::step], strict=True), _DRAWN)

    sized = [(cv2.resize(f.image, (width, height)), s) for f, s in pictures()]
    return _time(sized, lambda pair: renderer.draw(*pair))[1]


def _make_stage(name: str, times_ms: list[float], goal_ms: float | None = None) -> Stage:
    kept = np.array(times_ms[_WARM_UP:])
    return Stage(name, float(np.median(kept)), float(np.quantile(kept, 0.95)), len(kept), goal_ms)


def _practise(open_: Open, model: Path, sequence: Sequence, seconds: float) -> Live:
    renderer = Renderer(sequence)
    source = open_(True)
    with (
        PersonEstimator(model) as estimator,
        LiveLoop(source, estimator, Session(sequence)) as loop,
    ):
        end = time.monotonic() + seconds
        while not loop.finished and time.monotonic() < end:
            result = loop.latest(wait_s=0.1)
            if result is not None:
                renderer.draw(result.frame.image, result.state)
                loop.note_drawn(result)
        stats = loop.stats()
    return _tell_live(stats, source.fps)


def _tell_live(stats: LiveStats, source_fps: float | None) -> Live:
    if stats.drawn_latency_s is None or stats.fps is None:
        raise InputError(
            "Expected pictures from the source but none came in time; try again, or name a video "
            "with --source."
        )
    dropped = stats.dropped_share or 0.0
    fps = source_fps or stats.fps / max(1e-6, 1.0 - dropped)
    latency = stats.drawn_latency_s
    return Live(fps, stats.fps, dropped, 1000 * latency.median, 1000 * latency.p95)
