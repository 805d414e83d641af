"""The engine: the one place where following, measuring and coaching meet.

Practice, analysis, the studio's preview, the benchmarks and the tests all call
`Session.step`; none has a loop of its own. The same observations give the same states.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.cues import CueChooser, compute_gap
from posecoach.coach.guidance import Guidance
from posecoach.coach.recorder import RepetitionRecorder
from posecoach.coach.stance import StanceWatcher
from posecoach.coach.state import Arms, Cue, State, Status
from posecoach.coach.words import cue_text
from posecoach.follow.follower import Follower, Place
from posecoach.follow.track import Track, make_track
from posecoach.measure.judgement import Judgement
from posecoach.measure.live import LIVE_MEASURES, LiveReadings
from posecoach.measure.repetition import Repetition
from posecoach.measure.spread import get_tolerances
from posecoach.measure.unlike import find_given, find_given_by
from posecoach.motion import Observation
from posecoach.person import PersonKeeper
from posecoach.posture.calibration import Calibration
from posecoach.posture.ghost import compute_match, make_ghost
from posecoach.posture.parts import PartsKeeper
from posecoach.posture.sides import SideKeeper
from posecoach.posture.signals import compute_signals
from posecoach.posture.view import TURNED_DEG, ViewKeeper, find_obstacle
from posecoach.reference.sequence import Phase, Sequence

Array = NDArray[np.float64]

KNOWN = 0.6  # certainty from which a place counts as known
_LOST_S = 0.5  # a body may be missing for so long before anything is said
_EDGE_S = 0.35  # so near to start or end one is still, or again, at rest
_TEMPO_S = 3.0  # over how long the tempo is shown
_STANDING = 0.2  # tempo below which one stands


class Session:
    """Watches a practitioner follow a sequence.

    Parameters
    ----------
    sequence : Sequence
    language : str
        Language of the cues, ``"de"`` or ``"en"``.
    coaching : bool
        False measures and stays silent.
    deep : bool
        Whether depth is measured, as by a depth camera; a model's guess is not.
    guidance : Guidance, optional
        How much is said; by default each cue that is deserved.
    """

    def __init__(
        self,
        sequence: Sequence,
        language: str = "en",
        *,
        coaching: bool = True,
        deep: bool = False,
        guidance: Guidance | None = None,
    ) -> None:
        self._deep = deep
        self.sequence = sequence
        self.track: Track = make_track(sequence.takes[0])
        self.language = language
        self.coaching = coaching
        self.repetitions: list[Repetition] = []
        self.cues: list[Cue] = []
        self._follower = Follower(self.track)
        self._person = PersonKeeper()
        self._parts = PartsKeeper()
        self._sides = SideKeeper()
        self._view = ViewKeeper()
        self._stance = StanceWatcher()
        self._live = LiveReadings(get_tolerances(sequence))
        self._recorder = RepetitionRecorder(self.track, sequence, deep=deep)
        self.guidance = guidance or Guidance()
        self._chooser = CueChooser(self._words, self.guidance, compute_gap(sequence.phases))
        self._last_found_s: float | None = None
        self._last_s = 0.0
        self._still_since: float | None = None
        self._way: deque[tuple[float, float]] = deque()
        self._given, self._alike = np.zeros_like(find_given_by(self.track)), False
        self._seen_frames = 0
        self._frames = 0
        self.views: dict[str, int] = {}

    @property
    def cue(self) -> Cue | None:
        """The cue on show."""
        return self._chooser.current

    def set_language(self, language: str) -> None:
        """Say the cue on show, and those to come, in another language."""
        self.language = language
        self._chooser.reword()

    def _words(self, measure: str, direction: str, variant: int, phase: str | None) -> str:
        own = self.sequence.cues_in(phase)
        return cue_text(measure, direction, self.language, own=own, variant=variant)

    @property
    def seen(self) -> float:
        """Share of the frames in which the body could be judged, 0 to 1."""
        return self._seen_frames / self._frames if self._frames else 0.0

    @property
    def held_back(self) -> list[Cue]:
        """Cues that were deserved and not given, because of the stage of guidance."""
        return self._chooser.held_back

    @property
    def view(self) -> str:
        """The view most frames had."""
        return max(self.views, key=lambda v: self.views[v]) if self.views else "unknown"

    @property
    def calibration(self) -> Calibration | None:
        """The still stance, once seen."""
        return self._stance.calibration

    def step(self, observation: Observation) -> State:
        """Take in one observation and return what is known after it.

        Parameters
        ----------
        observation : Observation
            Times must grow from call to call.
        """
        self._frames += 1
        if not self._alike:
            self._given |= find_given(observation.image)
            self._alike = bool((self._given == find_given_by(self.track)).all())
        time_s = self._last_s = observation.time_s
        strange = self._person.step(observation)
        parts = self._parts.step(observation) if observation.found else None
        obstacle = (parts and parts.hips) or find_obstacle(observation) or strange
        if obstacle is not None or parts is None:
            return self._unseen(observation, obstacle or "nobody")
        self._seen_frames += 1
        self._last_found_s = time_s
        observation = self._match_depth(self._sides.step(parts.leave_out(observation)))
        plane, world = observation.plane(), observation.world
        view = self._view.step(time_s, plane)
        self.views[view] = self.views.get(view, 0) + 1
        calibration = self._stance.step(time_s, plane, world)
        if self._stance.changed:
            self._follower.set_rest(calibration.rest, sure=calibration.done)
        if calibration.facing_x != self._view.facing_x:
            calibration = replace(calibration, facing_x=self._view.facing_x)
        own = compute_signals(plane, world, calibration)
        place = self._follower.step(time_s, own.features)
        # Where one is likeliest, trusted or not, is where a repetition's path is looked for.
        likely = place.certainty >= KNOWN * place.trust and place.outside < 0.4
        known = likely and place.certainty >= KNOWN
        status = self._tell_status(time_s, place, known)
        in_form = status in (Status.MOVING, Status.PAUSED)
        doubt = self._find_doubt(plane, view)
        phase = self.sequence.phase_at(place.place_s) if in_form else None
        judgements: dict[str, Judgement] = {}
        if in_form and doubt is None:
            turned = view == "front" and self._view.turn_deg > TURNED_DEG
            seen_from = "oblique" if turned else view
            seen = observation.visibility
            self._live.add(time_s, own, self.track, place, view=seen_from, visibility=seen)
            read = self._live.read(calibration, observation.height, alike=self._alike)
            judgements = self.guidance.fit(read)
        else:
            self._live.reset()
            if in_form and doubt is not None:
                judgements = {m: Judgement.unseen(m, doubt) for m in LIVE_MEASURES}
        finished = self._recorder.step(
            observation, place if likely else None, doubt, calibration, view, parts.legs
        )
        if finished is not None:
            self.repetitions.append(finished)
            self._follower.amplitude = self._recorder.amplitude
        held = len(self.held_back)
        new_cue = self._coach(time_s, judgements, finished, phase)
        ghost, match = self._ghost(plane, calibration, place, in_form or status == Status.READY)
        return State(
            time_s=time_s,
            status=status,
            reason=None if known else "place_unknown",
            observation=observation,
            calibration=calibration,
            place_s=place.place_s if in_form else None,
            duration_s=self.track.duration_s,
            certainty=place.certainty,
            tempo=self._tempo_over(time_s, place, in_form),
            phase=phase,
            repetition=len(self.repetitions),
            judgements=judgements,
            arms=Arms(own.elevation, self._elevation_at(place.place_s)) if known else None,
            ghost=ghost,
            match=match,
            cue=self._chooser.current,
            new_cue=new_cue,
            praise=time_s < self._chooser.praise_until_s,
            finished=finished,
            guidance=self.guidance,
            held_back=self.held_back[-1] if len(self.held_back) > held else None,
        )

    def _find_doubt(self, plane: Array, view: str) -> str | None:
        """Return why trunk and sides are not measured in this frame; None if they are."""
        if view == "side":  # there they do not matter
            return None
        if self.track.edge_on:
            return "reference_side"
        narrowed = self._stance.is_narrowed(plane)
        return "sides_unsure" if self._sides.doubtful or narrowed else None

    def _match_depth(self, observation: Observation) -> Observation:
        """Leave depth out on both sides where one of them has none: a picture knows no other."""
        deep = bool(np.isfinite(self.track.world).any())
        if deep == bool(np.isfinite(observation.world).any()):
            return observation
        nowhere = np.full_like(observation.world, np.nan)
        if deep:
            take = self.sequence.takes[0]
            nothing = np.full_like(take.motion.world, np.nan)
            flat = replace(take.motion, world=nothing, deep=False)
            self.track = make_track(replace(take, motion=flat))
            self._follower = Follower(self.track)
            self._recorder = RepetitionRecorder(self.track, self.sequence, deep=self._deep)
            if self._stance.calibration is not None:
                known = self._stance.calibration
                self._follower.set_rest(known.rest, sure=known.done)
        return replace(observation, world=nowhere)

    def finish(self) -> Repetition | None:
        """Close the session; return the repetition under way if it was as good as complete.

        What it shows is still cued, at the time of the last observation.
        """
        finished = self._recorder.close()
        if finished is not None:
            self.repetitions.append(finished)
            if self.coaching:
                self._chooser.review(self._last_s, finished, partial(_phase_id, self.sequence))
        if self.coaching and self._frames:
            cue = self._chooser.speak(self._last_s)
            if cue is not None:
                self.cues.append(cue)
        return finished

    def _unseen(self, observation: Observation, obstacle: str) -> State:
        time_s = observation.time_s
        self._chooser.watch(time_s, {}, None)
        if self._last_found_s is not None and time_s - self._last_found_s > _LOST_S:
            self._live.reset()
        status = Status.NOBODY if obstacle == "nobody" else Status.INCOMPLETE
        return State(
            time_s=time_s,
            status=status,
            reason=obstacle,
            observation=observation,
            calibration=self._stance.calibration,
            place_s=None,
            duration_s=self.track.duration_s,
            certainty=0.0,
            tempo=None,
            phase=None,
            repetition=len(self.repetitions),
            cue=self._chooser.current,
            guidance=self.guidance,
        )

    def _tell_status(self, time_s: float, place: Place, known: bool) -> Status:
        standing = place.tempo < _STANDING
        if not standing:
            self._still_since = None
        elif self._still_since is None:
            self._still_since = time_s
        if not self._stance.calibration_done and self._stance.still:
            return Status.CALIBRATING
        if not known:
            return Status.WAITING
        end = self.track.duration_s
        if place.place_s < _EDGE_S or place.place_s > end - _EDGE_S:
            return Status.READY
        if self._still_since is not None and time_s - self._still_since > 1.0:
            return Status.PAUSED
        return Status.MOVING

    def _tempo_over(self, time_s: float, place: Place, in_form: bool) -> float | None:
        """Return the tempo over the last seconds: in a hold both stand still, which is no fault."""
        if not in_form:
            self._way.clear()
            return None
        if self._way and place.place_s < self._way[-1][1] - 1.0:
            self._way.clear()
        self._way.append((time_s, place.place_s))
        while time_s - self._way[0][0] > _TEMPO_S:
            self._way.popleft()
        span = time_s - self._way[0][0]
        if span < 0.3 * _TEMPO_S:
            return None
        return max(0.0, (place.place_s - self._way[0][1]) / span)

    def _elevation_at(self, place_s: float) -> Array:
        return np.asarray(self.track.signals.elevation[self.track.index_at(place_s)])

    def _coach(
        self,
        time_s: float,
        judgements: dict[str, Judgement],
        finished: Repetition | None,
        phase: Phase | None,
    ) -> Cue | None:
        if not self.coaching:
            return None
        self._chooser.watch(time_s, judgements, phase.id if phase else None)
        if finished is not None:
            self._chooser.review(time_s, finished, partial(_phase_id, self.sequence))
        cue = self._chooser.speak(time_s)
        if cue is not None:
            self.cues.append(cue)
        return cue

    def _ghost(
        self, plane: Array, calibration: Calibration, place: Place, show: bool
    ) -> tuple[Array | None, float]:
        if not show:
            return None, 0.0
        i = self.track.index_at(place.place_s)
        ghost = make_ghost(self.track.plane[i], self.track.calibration, plane, calibration)
        return ghost, compute_match(ghost, plane)


def _phase_id(sequence: Sequence, place_s: float) -> str | None:
    phase = sequence.phase_at(place_s)
    return phase.id if phase else None
