"""Judging a whole recording: every observation through the engine, the answer as one document.

The document is `posecoach.result.Analysis`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from posecoach.body import ELBOWS, WRISTS
from posecoach.coach.guidance import Guidance
from posecoach.coach.session import Session
from posecoach.coach.state import State
from posecoach.errors import UsageError
from posecoach.measure.repetition import Repetition
from posecoach.motion import Motion, Observation
from posecoach.posture.resample import bridge_points
from posecoach.reference.sequence import Sequence
from posecoach.result import (
    Analysis,
    PlaceResult,
    ReferenceInfo,
    VideoInfo,
    tell_cue,
    tell_repetition,
)

_SLOWEST_FPS = 2.0
_ARMS = [*ELBOWS, *WRISTS]


class Analyzer:
    """Runs a session over observations as they come and keeps what the document needs.

    Parameters
    ----------
    sequence : Sequence
    language : str
        Of the cues' words.
    guidance : Guidance, optional
    deep : bool
        Whether depth was measured, see `posecoach.motion.Motion`.
    """

    def __init__(
        self,
        sequence: Sequence,
        language: str = "en",
        guidance: Guidance | None = None,
        *,
        deep: bool = False,
    ) -> None:
        self.session = Session(sequence, language, guidance=guidance, deep=deep)
        self._times: list[float] = []
        self._places: list[float | None] = []
        self._repetitions: list[Repetition] = []
        self._size = (0.0, 0.0)
        self._arms = False

    def step(self, observation: Observation) -> State:
        """Take in one observation and return the engine's state after it."""
        state = self.session.step(observation)
        self._times.append(observation.time_s)
        self._places.append(state.place_s)
        self._size = (observation.width, observation.height)
        self._arms |= bool(np.isfinite(observation.image[_ARMS, 0]).any())
        return state

    def finish(self, path: str | None = None) -> Analysis:
        """Close the session and return the document.

        Parameters
        ----------
        path : str, optional
            Name of the video or recording.
        """
        self.session.finish()
        self._repetitions = list(self.session.repetitions)
        times = np.array(self._times)
        places = self._refine(times)
        fps = float(1 / np.median(np.diff(times))) if len(times) > 1 else 0.0
        duration = float(times[-1] - times[0]) + (1 / fps if fps else 0.0) if len(times) else 0.0
        return Analysis(
            video=VideoInfo(
                path=path,
                width=int(self._size[0]),
                height=int(self._size[1]),
                fps=round(fps, 3),
                frames=len(times),
                duration_s=round(duration, 3),
            ),
            reference=ReferenceInfo(
                id=self.session.sequence.id,
                duration_s=round(self.session.sequence.duration_s, 3),
            ),
            view=self.session.view,
            seen=round(self.session.seen, 4),
            repetitions=[tell_repetition(r) for r in self._repetitions],
            cues=[tell_cue(c) for c in self.session.cues],
            held_back=[tell_cue(c) for c in self.session.held_back],
            place=PlaceResult(
                time_s=[round(float(t), 3) for t in times],
                reference_s=[None if p is None else round(p, 3) for p in places],
            ),
            message=self._message(len(times), fps),
        )

    def _refine(self, times: np.ndarray) -> list[float | None]:
        """Return the places, retraced where a repetition was completed."""
        places = list(self._places)
        for r in self._repetitions:
            inside = np.flatnonzero((times >= r.start_s) & (times <= r.end_s))
            for i, p in zip(inside, np.interp(times[inside], *r.path), strict=True):
                if self._places[i] is not None or 0 < p < self.session.track.duration_s:
                    places[i] = float(p)
        return places

    def _message(self, frames: int, fps: float) -> str | None:
        if self._repetitions:
            return None
        if frames == 0:
            return "Expected a recording but it holds no frames; record again."
        if self.session.seen < 0.2:
            return (
                "Expected a person with shoulders and hips in the picture but saw one in "
                f"{100 * self.session.seen:.0f} % of the frames; step back, or add light."
            )
        if 0 < fps < _SLOWEST_FPS:
            return (
                f"Expected times in seconds but frames come every {1 / fps:.4g} s; "
                "were they milliseconds?"
            )
        if not self._arms:
            return (
                "Expected wrists or elbows to tell the place in the form by but none were "
                "recorded; name more joints."
            )
        return (
            "Expected at least one whole repetition of "
            f"{self.session.sequence.id!r} but found none; was it this form, from start to end?"
        )


def analyze(
    motion: Motion | Iterable[Observation],
    sequence: Sequence,
    language: str = "en",
    *,
    guidance: Guidance | None = None,
    path: str | None = None,
    watch: Callable[[State], None] | None = None,
) -> Analysis:
    """Judge a recording against a sequence.

    Parameters
    ----------
    motion : Motion or iterable of Observation
        Any length and frame rate; times must grow. In a `Motion` points that were lost for a
        moment are bridged, see `posecoach.posture.resample.bridge_points`.
    sequence : Sequence
    language : str
        ``"en"`` or ``"de"``.
    guidance : Guidance, optional
        How much is said; by default each cue that is deserved.
    path : str, optional
        Named in the document.
    watch : callable, optional
        Gets every state, for drawing.

    Returns
    -------
    Analysis
        With ``.repetitions``, ``.cues``, ``.place`` and ``.model_dump_json()``.

    Raises
    ------
    UsageError
        Something else was given.
    """
    if not isinstance(sequence, Sequence):
        raise UsageError(
            f"Expected a Sequence but got a {type(sequence).__name__}; load one with "
            "posecoach.load_sequence or make one with Sequence.from_takes."
        )
    if isinstance(motion, str | np.ndarray) or not isinstance(motion, Motion | Iterable):
        raise UsageError(
            f"Expected a Motion but got a {type(motion).__name__}; make one with "
            "Motion.from_points, or read it with posecoach.readers.read_recording."
        )
    deep = isinstance(motion, Motion) and motion.deep
    analyzer = Analyzer(sequence, language, guidance, deep=deep)
    if isinstance(motion, Motion):
        motion = bridge_points(motion)
    for observation in motion:
        state = analyzer.step(observation)
        if watch is not None:
            watch(state)
    return analyzer.finish(path)
