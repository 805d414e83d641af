"""The live loop: capture, pose and coaching, and drawing do not wait for one another.

Three threads: the source's own reader keeps the newest frame; the loop's worker fetches it, runs
the pose model and the session, and puts the newest result in one place; whoever draws looks
there whenever it likes. What is too late is dropped, except cues and finished repetitions.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from posecoach.capture.base import Frame, FrameSource
from posecoach.coach.state import Cue, State
from posecoach.errors import UsageError
from posecoach.measure.repetition import Repetition
from posecoach.motion import Observation
from posecoach.pose.landmarker import PoseEstimator

_WINDOW = 1800  # results the statistics look back on: a minute at 30 a second


class Engine(Protocol):
    """What is used of `posecoach.coach.session.Session`."""

    def step(self, observation: Observation) -> State:
        """Take in one observation and return what is known after it."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LiveResult:
    """A frame and what the engine says about it.

    Attributes
    ----------
    frame : Frame
    state : State
    pose_ms, step_ms : float
        Time the pose model and the session took.
    latency_s : float
        From the camera's picture to this result. Of a file that is not played at its own speed:
        from reading the frame.
    captured_s : float
        When the picture was taken, on the clock of `time.monotonic`.
    number : int
        Count of results, from 0.
    """

    frame: Frame
    state: State
    pose_ms: float
    step_ms: float
    latency_s: float
    captured_s: float
    number: int


@dataclass(frozen=True, slots=True)
class Events:
    """What must not be missed: in the order in which it happened."""

    cues: tuple[Cue, ...] = ()
    repetitions: tuple[Repetition, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cues or self.repetitions)


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 95th percentile."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class LiveStats:
    """How the loop is doing, over the last minute or so; None while nothing is known.

    Attributes
    ----------
    frames : int
        Frames processed since the start.
    fps : float or None
        Results per second.
    dropped_share : float or None
        Share of the source's frames that were left out since the start, 0 to 1.
    pose_ms, step_ms : Spread or None
    latency_s : Spread or None
        Camera to result.
    drawn_latency_s : Spread or None
        Camera to screen, of the results passed to `LiveLoop.note_drawn`.
    """

    frames: int
    fps: float | None
    dropped_share: float | None
    pose_ms: Spread | None
    step_ms: Spread | None
    latency_s: Spread | None
    drawn_latency_s: Spread | None


class LiveLoop:
    """Runs pose model and session on the newest frames in a thread of its own.

    Use it as a context manager, or call `start` and `stop`. The source is closed at the end, the
    estimator is the caller's (one for each source: its times must grow). ``session`` may be
    replaced at any time, as when practice follows the set-up. Call ``session.finish()``, if
    wanted, after `stop`.

    Parameters
    ----------
    source : FrameSource
    estimator : PoseEstimator
    session : Session
    on_state : callable, optional
        Gets every `LiveResult`, on the worker's thread, which waits for it: be quick.
    on_observation : callable, optional
        Gets every observation as the estimator gave it, on the worker's thread.
    record : list, optional
        Every observation is appended to it.
    """

    def __init__(
        self,
        source: FrameSource,
        estimator: PoseEstimator,
        session: Engine,
        *,
        on_state: Callable[[LiveResult], object] | None = None,
        on_observation: Callable[[Observation], object] | None = None,
        record: list[Observation] | None = None,
    ) -> None:
        self.source = source
        self.estimator = estimator
        self.session = session
        self._on_state = on_state
        self._on_observation = on_observation
        self._record = record
        self._condition = threading.Condition()
        # All below is guarded by the condition.
        self._result: LiveResult | None = None
        self._fetched = -1
        self._error: BaseException | None = None
        self._trace: TracebackType | None = None
        self._over = False
        self._cues: list[Cue] = []
        self._repetitions: list[Repetition] = []
        self._frames = 0
        self._first_index: int | None = None
        self._last_index = 0
        self._done_at: deque[float] = deque(maxlen=_WINDOW)
        self._pose_ms: deque[float] = deque(maxlen=_WINDOW)
        self._step_ms: deque[float] = deque(maxlen=_WINDOW)
        self._latency: deque[float] = deque(maxlen=_WINDOW)
        self._drawn: deque[float] = deque(maxlen=_WINDOW)
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None

    def start(self) -> None:
        """Start the worker.

        Raises
        ------
        UsageError
            It was started before.
        """
        if self._worker is not None:
            raise UsageError("Expected a new live loop but this one was started before; make one.")
        self._worker = threading.Thread(target=self._run, name="posecoach-live", daemon=True)
        self._worker.start()

    def stop(self, timeout_s: float = 3.0) -> bool:
        """Stop, close the source and wait for the worker; may be called twice.

        Returns
        -------
        bool
            Whether the worker has ended; if not, the estimator must not be closed yet.
        """
        self._stop.set()
        worker = self._worker
        # Closing wakes a worker that waits for a live source's next frame. A file is the
        # worker's own until it ends.
        if worker is None or self.source.live or not worker.is_alive():
            self.source.close()
        if worker is None or worker is threading.current_thread():
            return worker is None
        worker.join(timeout_s)
        return not worker.is_alive()

    def __enter__(self) -> Self:
        """Start the worker."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the worker."""
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the worker is at work."""
        return self._worker is not None and self._worker.is_alive()

    @property
    def finished(self) -> bool:
        """Whether the source has ended, or the loop was stopped, without an error.

        The last result may still wait in `latest`.
        """
        with self._condition:
            return self._over and self._error is None

    def latest(self, *, again: bool = False, wait_s: float = 0.0) -> LiveResult | None:
        """Return the newest result, or None if there is none that was not returned before.

        Parameters
        ----------
        again : bool
            Return the newest one also if it was returned before.
        wait_s : float
            Seconds to wait for a new one; 0 returns at once.

        Raises
        ------
        Exception
            What the source, the estimator, the session or a callback raised, once the last
            result has been returned.
        """
        with self._condition:
            if wait_s > 0:
                self._condition.wait_for(lambda: self._has_new() or self._over, wait_s)
            if self._has_new():
                assert self._result is not None
                self._fetched = self._result.number
                return self._result
            if self._error is not None:
                raise self._error.with_traceback(self._trace)
            return self._result if again else None

    def _has_new(self) -> bool:
        return self._result is not None and self._result.number > self._fetched

    def drain_events(self) -> Events:
        """Return all cues and finished repetitions since the last call, also of skipped states."""
        with self._condition:
            events = Events(tuple(self._cues), tuple(self._repetitions))
            self._cues.clear()
            self._repetitions.clear()
            return events

    def note_drawn(self, result: LiveResult) -> float:
        """Note that a result is on the screen now; return its seconds from camera to screen."""
        latency = time.monotonic() - result.captured_s
        with self._condition:
            self._drawn.append(latency)
        return latency

    def stats(self) -> LiveStats:
        """Return how the loop is doing."""
        with self._condition:
            done = self._done_at
            span = done[-1] - done[0] if len(done) > 1 else 0.0
            dropped = None
            if self._first_index is not None:
                dropped = 1.0 - self._frames / (self._last_index - self._first_index + 1)
            return LiveStats(
                frames=self._frames,
                fps=(len(done) - 1) / span if span > 0 else None,
                dropped_share=dropped,
                pose_ms=_spread(self._pose_ms),
                step_ms=_spread(self._step_ms),
                latency_s=_spread(self._latency),
                drawn_latency_s=_spread(self._drawn),
            )

    def _run(self) -> None:
        try:
            with self.source:
                for frame in self.source:
                    if self._stop.is_set():
                        break
                    self._process(frame)
        except Exception as error:
            with self._condition:
                self._error, self._trace = error, error.__traceback__
        finally:
            with self._condition:
                self._over = True
                self._condition.notify_all()

    def _process(self, frame: Frame) -> None:
        arrived = time.monotonic()
        # A live source's clock tells how long ago the picture was taken.
        now_s = getattr(self.source, "now_s", None)
        age = max(0.0, now_s() - frame.time_s) if now_s is not None else 0.0
        observation = self.estimator.estimate(frame)
        posed = time.monotonic()
        if self._record is not None:
            self._record.append(observation)
        if self._on_observation is not None:
            self._on_observation(observation)
        before = time.monotonic()
        state = self.session.step(observation)
        done = time.monotonic()
        captured = arrived - age
        pose_ms, step_ms = (posed - arrived) * 1000, (done - before) * 1000
        with self._condition:
            result = LiveResult(
                frame, state, pose_ms, step_ms, done - captured, captured, self._frames
            )
            self._frames += 1
            self._result = result
            if self._first_index is None:
                self._first_index = frame.index
            self._last_index = frame.index
            self._done_at.append(done)
            self._pose_ms.append(pose_ms)
            self._step_ms.append(step_ms)
            self._latency.append(result.latency_s)
            if state.new_cue is not None:
                self._cues.append(state.new_cue)
            if state.finished is not None:
                self._repetitions.append(state.finished)
            self._condition.notify_all()
        if self._on_state is not None:
            self._on_state(result)


def _spread(values: Iterable[float]) -> Spread | None:
    data = np.fromiter(values, float)
    if not len(data):
        return None
    median, p95 = np.percentile(data, [50, 95])
    return Spread(float(median), float(p95))
