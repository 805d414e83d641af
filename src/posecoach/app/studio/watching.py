"""Finding the body in videos and before the camera, beside the window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from posecoach.capture.base import Frame, FrameSource
from posecoach.capture.replay import MotionEstimator, MotionSource
from posecoach.capture.video import VideoFile
from posecoach.errors import PosecoachError
from posecoach.motion import Motion, Observation
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.run import observe
from posecoach.readers import SUFFIXES, read_recording
from posecoach.reference.record import find_cuts

MakeEstimator = Callable[[], PoseEstimator]
Found = tuple[Motion, Path | None]


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Attributes
    ----------
    done : float
        Share of all, 0 to 1.
    name : str
        What is being watched.
    """

    done: float = 0.0
    name: str = ""


class Watching:
    """Watches recordings in a thread of its own; the window asks how far it is.

    A video that cannot be used does not spoil the others: it is told, and they go on.

    Parameters
    ----------
    paths : sequence of Path
        Videos, or landmark recordings.
    make_estimator : callable
        Returns a new estimator for each video.

    Attributes
    ----------
    found : list of (Motion, Path or None)
        What is there so far.
    problems : list of str
        Why others could not be used.
    error : Exception or None
        One that nobody expected.
    """

    def __init__(self, paths: Sequence[Path], make_estimator: MakeEstimator) -> None:
        self.found: list[Found] = []
        self.problems: list[str] = []
        self.error: Exception | None = None
        self.progress = Progress()
        self._paths, self._make = tuple(paths), make_estimator
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="posecoach-watching", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether everything was watched, or it was stopped."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Stop, and wait for it."""
        self._stop.set()
        self._thread.join(10.0)

    def _run(self) -> None:
        for k, path in enumerate(self._paths):
            if self._stop.is_set():
                return
            self.progress = Progress(k / len(self._paths), path.name)
            try:
                motion = self._watch(path, k)
                if motion is None:
                    return
                find_cuts(motion)  # says now what is wrong with it, by its name
                video = None if path.suffix.lower() in SUFFIXES else path
                self.found.append((motion, video))
            except (PosecoachError, OSError) as error:
                self.problems.append(f"{path.name}: {error}")
            except Exception as error:
                self.error = error
                return
        self.progress = Progress(1.0, "")

    def _watch(self, path: Path, number: int) -> Motion | None:
        source: FrameSource
        estimator: PoseEstimator
        if path.suffix.lower() in SUFFIXES:
            motion = read_recording(path)
            source, estimator = MotionSource(motion), MotionEstimator(motion)
        else:
            source = VideoFile(path)
            try:
                estimator = self._make()
            except BaseException:
                source.close()
                raise
        seen: list[Observation] = []
        with source:
            try:
                for frame, observation in observe(source, estimator):
                    if self._stop.is_set():
                        return None
                    seen.append(observation)
                    share = min(1.0, (frame.index + 1) / (source.frame_count or 300))
                    self.progress = Progress((number + share) / len(self._paths), path.name)
            finally:
                estimator.close()
        return Motion.from_observations(seen, source.name)


@dataclass(frozen=True)
class Glance:
    """The newest picture of the camera and what was seen in it."""

    frame: Frame
    observation: Observation


class Filming:
    """Watches a camera in a thread of its own; keeps landmarks while it records, never pictures.

    Parameters
    ----------
    reopen : callable
        Opens the camera; called in the thread.
    make_estimator : callable

    Attributes
    ----------
    error : Exception or None
        Why it ended.
    """

    def __init__(self, reopen: Callable[[], FrameSource], make_estimator: MakeEstimator) -> None:
        self.error: Exception | None = None
        self._reopen, self._make = reopen, make_estimator
        self._lock = threading.Lock()
        self._glance: Glance | None = None
        self._seen: list[Observation] = []
        self._name = ""
        self._recording = False
        self._stop = threading.Event()
        self._source: FrameSource | None = None
        self._thread = threading.Thread(target=self._run, name="posecoach-filming", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether the camera has ended."""
        return not self._thread.is_alive()

    @property
    def recorded_s(self) -> float:
        """Seconds recorded so far."""
        with self._lock:
            seen = self._seen
            return seen[-1].time_s - seen[0].time_s if seen else 0.0

    def take(self) -> Glance | None:
        """Return the newest picture, once."""
        with self._lock:
            glance, self._glance = self._glance, None
            return glance

    def record(self, on: bool) -> None:
        """Begin or end keeping what is seen."""
        with self._lock:
            self._recording = on

    def finish(self) -> Motion | None:
        """Stop and return what was recorded; None if nothing was."""
        self.stop()
        with self._lock:
            seen, self._seen = self._seen, []
        return Motion.from_observations(seen, self._name) if seen else None

    def stop(self) -> None:
        """Close the camera and wait for that."""
        self._stop.set()
        with self._lock:
            source = self._source
        if source is not None and source.live:
            source.close()
        self._thread.join(10.0)

    def _run(self) -> None:
        try:
            source = self._reopen()
            with self._lock:
                self._source = source
            with source:
                self._name = source.name
                estimator = self._make()
                try:
                    self._watch(source, estimator)
                finally:
                    estimator.close()
        except Exception as error:
            if not self._stop.is_set():
                self.error = error

    def _watch(self, source: FrameSource, estimator: PoseEstimator) -> None:
        for frame in source:
            if self._stop.is_set():
                return
            observation = estimator.estimate(frame)
            with self._lock:
                self._glance = Glance(frame, observation)
                if self._recording:
                    self._seen.append(observation)
