"""What comes of each practice before the window: its analysis, remarks, and the summary."""

from __future__ import annotations

from posecoach.app.practice.driving import Driver
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.app.summary.pages import SummaryPage, make_summary, tell_moments
from posecoach.coach.cues import SHOW_S
from posecoach.coach.state import State
from posecoach.errors import PosecoachError
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis
from posecoach.text import N_, translate


class Ending:
    """Ends practices and tells how they went.

    Parameters
    ----------
    sequence : Sequence
    driver : Driver
    wishes : PracticeWishes

    Attributes
    ----------
    analysis : Analysis or None
        Of the last practice that ended.
    failure : Exception or None
        An error nobody expected.
    """

    def __init__(self, sequence: Sequence, driver: Driver, wishes: PracticeWishes) -> None:
        self._sequence, self._driver, self._wishes = sequence, driver, wishes
        self._on_finished = wishes.on_finished or (lambda analysis: None)
        self._finished: Analysis | None = None  # of the practice the summary is about
        self._remarks: list[str] = []
        self._enough_s: float | None = None  # since when all rounds of a gentle practice are done
        self.analysis: Analysis | None = None
        self.failure: Exception | None = None

    @property
    def asks(self) -> bool:
        """Whether to ask how the back feels, after a practice that was one."""
        return self._wishes.ask_feeling and self._finished is not None

    def watch_anew(self) -> None:
        """Look at pictures that have no past."""
        self._enough_s = None

    def is_enough(self, state: State) -> bool:
        """Return whether a gentle practice is over, and its last words could be read."""
        rounds = self._driver.guidance.rounds
        if rounds is None or state.repetition < rounds:
            return False
        self._enough_s = state.time_s if self._enough_s is None else self._enough_s
        return state.time_s - self._enough_s >= SHOW_S

    def note(self, what: str, why: object, language: str) -> None:
        """Tell something beside the summary."""
        self._remarks.append(f"{translate(what, language)}: {why}")

    def close(self, language: str) -> None:
        """Stop everything; what was practised becomes an analysis, once."""
        self._finished = finished = self._driver.finish() or self._finished
        self._remarks += self._driver.take_problems()
        if finished is None or finished is self.analysis:
            return
        self._remarks += self._driver.tell_retention(language)
        self.analysis = finished
        try:
            self._on_finished(finished)
        except Exception as error:  # the summary is shown all the same
            self.note(N_("This practice could not be stored"), error, language)
            if not isinstance(error, PosecoachError | OSError):
                self.failure = error

    def begin_anew(self) -> None:
        """Forget the practice that was told about; another one begins."""
        self._remarks.clear()
        self._finished = None

    def fill(self, page: SummaryPage, language: str, *, mirrored: bool) -> None:
        """Write how it went on the summary's page."""
        words = make_summary(
            self._finished,
            self._sequence,
            language,
            practised_s=self._driver.coach.practised_s,
            obstacles=self._driver.coach.obstacles,
            remarks=tuple(self._remarks),
            guidance=self._driver.guidance,
        )
        moments = self._driver.moments.moments if self._finished is not None else ()
        page.show_summary(
            words,
            language,
            can_repeat=self._driver.can_reopen,
            moments=moments,
            moment_words=tell_moments(moments, self._sequence, language),
            mirrored=mirrored,
            home=self._wishes.home,
        )
