"""The engine as the window drives it: with rests in which the coach looks away."""

from __future__ import annotations

import threading
from collections import Counter

from posecoach.analysis import Analysis, Analyzer
from posecoach.coach.guidance import Guidance
from posecoach.coach.state import State, Status
from posecoach.motion import Observation
from posecoach.reference.sequence import Sequence

_MOST_S = 1.0  # longer between two frames than this is no practice


class RestingCoach:
    """Passes observations to the engine, except while resting.

    `step` is called by the live loop's worker; everything else by the window.

    Parameters
    ----------
    sequence : Sequence
    language : str
    guidance : Guidance, optional
    """

    def __init__(self, sequence: Sequence, language: str, guidance: Guidance | None = None) -> None:
        self.analyzer = Analyzer(sequence, language, guidance)
        self.sequence = sequence
        self.obstacles: Counter[str] = Counter()  # frames in which nothing could be judged, by why
        self.frames = 0
        self.practised_s = 0.0
        self.last_s: float | None = None
        self._resting = threading.Event()
        self._gap = threading.Event()

    @property
    def resting(self) -> bool:
        """Whether the coach rests."""
        return self._resting.is_set()

    def rest(self, on: bool) -> None:
        """Begin or end a rest."""
        if on:
            self._resting.set()
            self._gap.set()
        else:
            self._resting.clear()

    def note_gap(self) -> None:
        """Tell that the picture was away: what comes next does not join what was before."""
        self._gap.set()

    def set_language(self, language: str) -> None:
        """Say the cues to come in another language."""
        self.analyzer.session.language = language

    def step(self, observation: Observation) -> State:
        """Take in one observation and return what is known after it."""
        last, self.last_s = self.last_s, observation.time_s
        if self._resting.is_set():
            return self._rest(observation)
        if self._gap.is_set():
            # To the engine the person was away.
            self._gap.clear()
            self.analyzer.step(
                Observation.nobody(observation.time_s, observation.width, observation.height)
            )
            return self._rest(observation)
        state = self.analyzer.step(observation)
        self.frames += 1
        if last is not None:
            self.practised_s += min(max(0.0, observation.time_s - last), _MOST_S)
        if state.status in (Status.NOBODY, Status.INCOMPLETE):
            self.obstacles[state.reason or "nobody"] += 1
        return state

    def finish(self, path: str | None = None) -> Analysis | None:
        """Close the session once the loop has stopped; None if nothing was watched."""
        return self.analyzer.finish(path) if self.frames else None

    def _rest(self, observation: Observation) -> State:
        session = self.analyzer.session
        return State(
            time_s=observation.time_s,
            status=Status.PAUSED,
            reason=None,
            observation=observation,
            calibration=None,
            place_s=None,
            duration_s=session.track.duration_s,
            certainty=0.0,
            tempo=None,
            phase=None,
            repetition=len(session.repetitions),
            guidance=session.guidance,
        )
