"""Keeping a practice while it goes on, without holding it up.

Whoever runs the practice passes on each state; a thread of its own writes. If the journal cannot
be written the practice goes on, and that is said once; what waits is tried again with whatever
comes next.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

from posecoach._closing import Closing
from posecoach.coach.guidance import Guidance
from posecoach.coach.plan import Retention
from posecoach.coach.state import State, Status
from posecoach.journal.database import BUSY_S
from posecoach.journal.errors import DamagedJournalError, JournalError
from posecoach.journal.past import read_retention
from posecoach.journal.store import Journal, SessionWriter, check_feeling
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis
from posecoach.text import N_, translate

AWAY_S = 2.0  # out of the picture for longer is noted
_MOST = 20_000  # steps that may wait
_CLOSE_S = 15.0

_Step = Callable[["_Desk"], None]


class _Desk:
    """What the writing thread has at hand."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.journal: Journal | None = None
        self.writer: SessionWriter | None = None
        self.last: int | None = None  # number of the session that began last

    def start(
        self,
        sequence: Sequence,
        source: str,
        language: str,
        at: datetime,
        guidance: Guidance,
        before: int | None,
    ) -> None:
        if self.journal is None:
            self.journal = Journal.open(self.path, busy_s=BUSY_S)
        self.writer = self.journal.start_session(
            sequence, source, language, started_at=at, guidance=guidance, feeling_before=before
        )
        self.last = self.writer.id

    def feel(self, before: int | None, after: int | None) -> None:
        if self.journal is not None and self.last is not None:
            self.journal.set_feeling(self.last, before=before, after=after)

    def finish(self, analysis: Analysis | None, practised_s: float | None) -> None:
        if self.writer is not None:
            self.writer.finish(analysis, practised_s=practised_s)
            self.writer = None


class Keeper(Closing):
    """Keeps one practice after another of one form.

    Nothing here raises because of the journal. A session begins with the first state after the
    start or after `finish`.

    Parameters
    ----------
    sequence : Sequence
    source : {"camera", "video"}
    language : str
    path : Path, optional
        Of the journal; by default the user's own.
    say : callable, optional
        Gets the line that says that the journal cannot be kept, on the writing thread.
    """

    def __init__(
        self,
        sequence: Sequence,
        source: str,
        language: str,
        *,
        path: Path | None = None,
        say: Callable[[str], object] | None = None,
    ) -> None:
        self._sequence, self._source, self._language = sequence, source, language
        self._say = say
        self._desk = _Desk(path)
        self._queue: SimpleQueue[_Step | None] = SimpleQueue()
        self._waiting: deque[_Step] = deque()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._problem: str | None = None
        self._told = False
        self._begun = self._ever = False
        self._before: int | None = None
        self._resting = False
        self._seen = False
        self._away = False
        self._away_since: float | None = None

    def see(self, state: State, *, resting: bool = False, language: str | None = None) -> None:
        """Keep what is new in a state; call it for every state, in order.

        Parameters
        ----------
        state : State
        resting : bool
            The person asked for a rest.
        language : str, optional
            The cues' own, if it is no longer the one given at first.
        """
        if not self._begun:
            self._begin(state.guidance)
        time_s = state.time_s
        if resting != self._resting:
            self._resting = resting
            self._note("rest" if resting else "resume", time_s)
        self._watch_presence(state, resting)
        if state.finished is not None:
            repetition = state.finished
            self._put(lambda d: _writer(d).add_repetition(repetition))
        if state.new_cue is not None:
            cue = state.new_cue
            self._put(lambda d: _writer(d).add_cue(cue, language))
        if state.held_back is not None:
            held = state.held_back
            self._put(lambda d: _writer(d).add_cue(held, language, said=False))

    def set_feeling(self, *, before: int | None = None, after: int | None = None) -> None:
        """Keep how the back feels, 0 to 10, before the next session or after the last one.

        Parameters
        ----------
        before : int, optional
            Of the session that goes on, or else of the one that begins next.
        after : int, optional
            Of the session that began last.

        Raises
        ------
        UsageError
            The number is none of these.
        """
        for value in (before, after):
            check_feeling(value)
        if before is not None and not self._begun:
            self._before, before = before, None
        if (before, after) != (None, None) and self._ever:
            self._put(lambda d: d.feel(before, after))

    def finish(
        self,
        analysis: Analysis | None,
        *,
        practised_s: float | None = None,
        wait_s: float = 3.0,
    ) -> bool:
        """End the session, if one has begun; return whether all of it is in the file.

        Parameters
        ----------
        analysis : Analysis or None
        practised_s : float, optional
            Seconds without the rests.
        wait_s : float
            How long to wait for the disk.
        """
        if not self._begun:
            return True
        self._forget()
        done = threading.Event()
        self._put(lambda d: d.finish(analysis, practised_s))
        self._put(lambda d: done.set())
        return done.wait(wait_s)

    def read_retention(self) -> Retention | None:
        """Return what the last session shows, if it was a pass without feedback; else None."""
        return read_retention(self._sequence.id, self._desk.path)

    def take_problem(self) -> str | None:
        """Return, once, why something could not be kept; None if all is well."""
        with self._lock:
            problem, self._problem = self._problem, None
            return problem

    def close(self) -> None:
        """Write what waits and close the journal; may be called twice."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(_CLOSE_S)
            self._thread = None

    def _forget(self) -> None:
        self._begun = False
        self._resting = self._seen = self._away = False
        self._away_since = None

    def _begin(self, guidance: Guidance) -> None:
        self._begun = self._ever = True
        at, language = datetime.now(UTC), self._language
        before, self._before = self._before, None
        self._put(lambda d: d.start(self._sequence, self._source, language, at, guidance, before))

    def _watch_presence(self, state: State, resting: bool) -> None:
        """Note when the person has left the picture for longer, and when they are back."""
        if resting:
            return
        if state.status not in (Status.NOBODY, Status.INCOMPLETE):
            if self._away:
                self._note("back", state.time_s)
            self._seen, self._away, self._away_since = True, False, None
        elif self._seen and not self._away:
            if self._away_since is None:
                self._away_since = state.time_s
            if state.time_s - self._away_since >= AWAY_S:
                self._away = True
                self._note("away", self._away_since)

    def _note(self, kind: str, time_s: float) -> None:
        self._put(lambda d: _writer(d).note(kind, time_s))

    # The writing thread.

    def _put(self, step: _Step) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="posecoach-journal", daemon=True)
            self._thread.start()
        self._queue.put(step)

    def _run(self) -> None:
        try:
            while (step := self._queue.get()) is not None:
                if len(self._waiting) < _MOST:
                    self._waiting.append(step)
                self._write()
            self._write()
        finally:
            if self._desk.journal is not None:
                self._desk.journal.close()
                self._desk.journal = self._desk.writer = None

    def _write(self) -> None:
        """Do what waits, in order, as far as it can be done."""
        while self._waiting:
            try:
                self._waiting[0](self._desk)
            except DamagedJournalError as error:
                self._tell(N_("The journal of your practices was damaged"), error)
                if error.moved_to is None:
                    return
                continue  # a new one is begun
            except JournalError as error:
                self._tell(N_("This practice cannot be kept for now"), error)
                return
            except Exception as error:  # of this step alone
                self._tell(N_("A part of this practice cannot be kept"), error)
            self._waiting.popleft()

    def _tell(self, what: str, error: Exception) -> None:
        if self._told:
            return
        self._told = True
        why = " ".join(str(error).split()) or type(error).__name__
        line = f"{translate(what, self._language)}: {why}"
        with self._lock:
            self._problem = line
        if self._say is not None:
            self._say(line)


def _writer(desk: _Desk) -> SessionWriter:
    if desk.writer is None:
        raise RuntimeError("no session")
    return desk.writer
