"""The engine as the window drives it: after the set-up, and with rests in which it looks away."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import replace

from posecoach.analysis import Analyzer
from posecoach.coach.guidance import Guidance
from posecoach.coach.setting_up import SettingUp
from posecoach.coach.state import State, Status
from posecoach.coach.ways import Way, leave_legs_out, needs_legs
from posecoach.motion import Observation
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis

_MOST_S = 1.0  # longer between two frames than this is no practice
_STANCE_S = 3.0  # of the quiet standing that goes over from the set-up


class RestingCoach:
    """Passes observations to the engine, except while resting.

    `step` is called by the live loop's worker; everything else by the window.

    Parameters
    ----------
    sequence : Sequence
    language : str
    guidance : Guidance, optional
    way : Way
    set_up : bool
        Whether the set-up comes first.

    Attributes
    ----------
    brightness : float or None
        Of the newest picture, for the set-up; written by who sees pictures.
    begun_s : float or None
        When the set-up was over, on the clock of the frames.
    """

    def __init__(
        self,
        sequence: Sequence,
        language: str,
        guidance: Guidance | None = None,
        *,
        way: Way = Way.WHOLE,
        set_up: bool = False,
    ) -> None:
        self.analyzer = Analyzer(sequence, language, guidance)
        self.sequence = sequence
        self.obstacles: Counter[str] = Counter()  # frames in which nothing could be judged, by why
        self.frames = 0
        self.practised_s = 0.0
        self.last_s: float | None = None
        self._resting = threading.Event()
        self._gap = threading.Event()
        self.brightness: float | None = None
        self.begun_s: float | None = None
        self._way = way
        self._wanted_way: Way | None = None
        self._asked = threading.Event()
        self._setting_up = SettingUp(sequence, way) if set_up else None
        self._before: deque[Observation] = deque()

    @property
    def setting_up(self) -> bool:
        """Whether the set-up lasts."""
        return self._setting_up is not None

    def begin(self) -> None:
        """End the set-up, whatever it thinks."""
        self._asked.set()

    def set_way(self, way: Way) -> None:
        """Practise in another way; while the set-up lasts."""
        self._wanted_way = way

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
        """Say the cue on show, and those to come, in another language."""
        self.analyzer.session.set_language(language)

    def reword(self, state: State) -> State:
        """Return what was shown with its cue in the present language."""
        current = self.analyzer.session.cue
        if state.cue is None or current is None or current.time_s != state.cue.time_s:
            return state
        return replace(state, cue=current)

    def step(self, observation: Observation) -> State:
        """Take in one observation and return what is known after it."""
        last, self.last_s = self.last_s, observation.time_s
        if last is not None and observation.time_s - last > _MOST_S:
            self._gap.set()  # the camera was away
        if self._setting_up is not None:
            return self._set_up(self._setting_up, observation)
        if not needs_legs(self.sequence, self._way):
            observation = leave_legs_out(observation)
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
        if last is not None and state.status != Status.NOBODY:
            self.practised_s += min(max(0.0, observation.time_s - last), _MOST_S)
        if state.status in (Status.NOBODY, Status.INCOMPLETE):
            self.obstacles[state.reason or "nobody"] += 1
        return state

    def finish(self, path: str | None = None) -> Analysis | None:
        """Close the session once the loop has stopped; None if nothing was watched."""
        return self.analyzer.finish(path) if self.frames else None

    def _set_up(self, machine: SettingUp, observation: Observation) -> State:
        if self._gap.is_set():
            self._gap.clear()
            self._before.clear()
            machine.restart()
        if self._wanted_way is not None and self._wanted_way != self._way:
            self._way = self._wanted_way
            machine.set_way(self._way)
        found = machine.step(observation, self.brightness)
        self._before.append(observation)
        while observation.time_s - self._before[0].time_s > _STANCE_S:
            self._before.popleft()
        if not (found.begins or self._asked.is_set()):
            return replace(self._rest(observation), set_up=found)
        self._setting_up, self.begun_s = None, observation.time_s
        # The engine sees the stance that was held as the beginning of the practice, and takes the
        # vertical from it; who begins by a key has not stood for it.
        *stance, last = self._before if found.begins else [observation]
        self._before.clear()
        self.last_s = stance[0].time_s if stance else None
        for seen in stance:
            self.step(seen)
        return self.step(last)

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
