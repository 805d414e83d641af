"""Source, live loop and coach through one or more practices: opened, tried again, closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from posecoach.app.practice.reopening import LaterSource, Opening
from posecoach.app.practice.resting import RestingCoach
from posecoach.app.summary.moments import MomentKeeper
from posecoach.capture.base import Frame, FrameSource
from posecoach.capture.light import measure_brightness
from posecoach.coach.guidance import Guidance, Stage
from posecoach.coach.plan_words import tell_retention
from posecoach.coach.ways import Way
from posecoach.errors import UsageError
from posecoach.journal.keeper import Keeper
from posecoach.live import LiveLoop, LiveResult
from posecoach.motion import Observation
from posecoach.pose.landmarker import PoseEstimator
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis
from posecoach.voice import Announcer

Reopen = Callable[[], FrameSource]

_AWAY_S = 1.0  # between two sources on the clock of the practice


class Driver:
    """Keeps a practice going; the window only asks and shows.

    Parameters
    ----------
    sequence : Sequence
    source : FrameSource or None
        None: it is opened by ``reopen``, without waiting for it.
    estimator : PoseEstimator
    language : str
    reopen : callable, optional
    keeper : Keeper, optional
        Writes down each practice as it happens; closed by the caller.
    announcer : Announcer, optional
        Lets it be heard; closed by the caller.
    guidance : Guidance, optional
        How much is said.
    way : Way
        Of practising.
    set_up : bool
        Whether each practice begins with the set-up.
    pictures : bool
        Whether pictures of the moments of cues are kept until the next practice.

    Raises
    ------
    UsageError
        Neither a source nor a way to open one is given.

    Attributes
    ----------
    coach : RestingCoach
    moments : MomentKeeper
        Of the practice that goes on, or has just ended.
    loop : LiveLoop or None
    """

    def __init__(
        self,
        sequence: Sequence,
        source: FrameSource | None,
        estimator: PoseEstimator,
        language: str,
        reopen: Reopen | None = None,
        keeper: Keeper | None = None,
        announcer: Announcer | None = None,
        guidance: Guidance | None = None,
        *,
        way: Way = Way.WHOLE,
        set_up: bool = False,
        pictures: bool = False,
    ) -> None:
        self._keeper, self._pictures = keeper, pictures
        self.announcer, self._guidance = announcer, guidance
        self.way, self._set_up = way, set_up
        self._sequence = sequence
        self.coach = self._make_coach(language)
        self.loop: LiveLoop | None = None
        self._estimator, self._reopen = estimator, reopen
        self._opening: Opening | None = None
        self._clock_s = 0.0  # where the next source's times begin
        self._closed = False
        if source is not None:
            self._begin(source)
        elif reopen is not None:
            self._open()
        else:
            raise UsageError("Expected a source or a way to open one but got neither.")

    @property
    def can_reopen(self) -> bool:
        """Whether the source can be opened again."""
        return self._reopen is not None

    @property
    def finished(self) -> bool:
        """Whether the source has ended by itself."""
        return self._opening is None and self.loop is not None and self.loop.finished

    @property
    def reconnecting(self) -> bool:
        """Whether the camera is away and being looked for."""
        return self.loop is not None and bool(getattr(self.loop.source, "reconnecting", False))

    def take(self) -> LiveResult | None:
        """Return the newest result if there is a new one.

        Raises
        ------
        Exception
            What opening the source, the source itself, the estimator or the engine raised.
        """
        if self._opening is not None:
            source = self._opening.take()
            if source is not None:
                self._opening = None
                self._begin(source)
            return None
        return self.loop.latest() if self.loop is not None else None

    def halt(self) -> None:
        """Close source and loop; the practice stays open."""
        if self._opening is not None:
            self._opening.drop()
            self._opening = None
        if self.loop is not None:
            self.loop.stop()
            self.loop = None
        self.hush()
        if self.coach.last_s is not None:
            self._clock_s = max(self._clock_s, self.coach.last_s + _AWAY_S)

    def hush(self) -> None:
        """Let nothing be heard until the next picture."""
        if self.announcer is not None:
            self.announcer.hush()

    def retry(self) -> None:
        """Open the source again and go on with the same practice."""
        self.halt()
        self.coach.note_gap()
        self._open()

    def restart(self, language: str) -> None:
        """Open the source again for a new practice."""
        self.halt()
        self.coach = self._make_coach(language)
        self._closed = False
        self._open()

    def switch(self, reopen: Reopen) -> None:
        """Go on before another camera."""
        self._reopen = reopen
        self.retry()

    def set_way(self, way: Way) -> None:
        """Practise in another way, from the set-up on."""
        self.way = way
        self.coach.set_way(way)

    def set_language(self, language: str, shown: LiveResult | None) -> LiveResult | None:
        """Speak another language from now on; return what is on show with its cue in it."""
        self.coach.set_language(language)
        if self.announcer is not None:
            self.announcer.set_language(language)
        return None if shown is None else replace(shown, state=self.coach.reword(shown.state))

    def finish(self) -> Analysis | None:
        """Close everything and return what came of the practice; None also if done before."""
        self.halt()
        if self._closed:
            return None
        self._closed = True
        analysis = self.coach.finish()
        if self._keeper is not None:
            self._keeper.finish(analysis, practised_s=self.coach.practised_s)
        return analysis

    @property
    def guidance(self) -> Guidance:
        """How much is said."""
        return self._guidance or Guidance()

    def keep_feeling(self, value: int) -> None:
        """Keep how the back feels after the practice, 0 to 10."""
        if self._keeper is not None:
            self._keeper.set_feeling(after=value)

    def tell_retention(self, language: str) -> tuple[str, ...]:
        """Return lines on what stayed, after a pass without feedback."""
        if self._keeper is None or self._guidance is None or self._guidance.stage != Stage.NONE:
            return ()
        shown = self._keeper.read_retention()
        return () if shown is None else tell_retention(shown, language)

    def take_problems(self) -> list[str]:
        """Return what could not be kept or heard of the practice, each thing once."""
        problems = [x.take_problem() for x in (self._keeper, self.announcer) if x is not None]
        return [p for p in problems if p is not None]

    def _make_coach(self, language: str) -> RestingCoach:
        self.moments = MomentKeeper(pictures=self._pictures)
        return RestingCoach(
            self._sequence, language, self._guidance, way=self.way, set_up=self._set_up
        )

    def _open(self) -> None:
        if self._reopen is not None:
            self._opening = Opening(self._reopen)

    def _begin(self, source: FrameSource) -> None:
        if self._clock_s > 0:
            source = LaterSource(source, self._clock_s)
        coach = self.coach

        def keep(result: LiveResult) -> None:
            # A worker that was not done in time has nothing to say to the next practice.
            if coach is not self.coach or self._closed:
                return
            if self.announcer is not None:
                self.announcer.on_state(result.state, resting=coach.resting)
            if result.state.set_up is not None:
                return
            if not coach.resting:
                self.moments.see(result)
            if self._keeper is not None:
                language = coach.analyzer.session.language
                self._keeper.see(result.state, resting=coach.resting, language=language)

        estimator = _LightMeter(self._estimator, coach) if coach.setting_up else self._estimator
        self.loop = LiveLoop(source, estimator, coach, on_state=keep)
        self.loop.start()


class _LightMeter:
    """An estimator that also tells the set-up how bright the pictures are."""

    def __init__(self, estimator: PoseEstimator, coach: RestingCoach) -> None:
        self._estimator, self._coach = estimator, coach

    def estimate(self, frame: Frame) -> Observation:
        """Return the body in a frame."""
        if self._coach.setting_up:
            self._coach.brightness = measure_brightness(frame.image)
        return self._estimator.estimate(frame)

    def close(self) -> None:
        """Leave the estimator to its owner."""
