"""What was practised: a plain list, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QWidget

from posecoach.app.kit.pages import Page
from posecoach.app.kit.twolines import TwoLineList
from posecoach.errors import make_one_line
from posecoach.text import N_

if TYPE_CHECKING:
    from posecoach.journal.records import SessionInfo

Read = Callable[[], "Sequence[SessionInfo]"]

_DAYS = {"de": "ddd, d. MMMM", "en": "ddd, d MMMM"}


def read_sessions() -> Sequence[SessionInfo]:
    """Return the kept sessions, the newest first.

    Raises
    ------
    JournalError
        They cannot be read.
    """
    from posecoach.journal.place import get_journal_path
    from posecoach.journal.store import Journal

    if not get_journal_path().exists():
        return []
    with Journal.open() as journal:
        return journal.list_sessions()


class HistoryPage(Page):
    """The page.

    Parameters
    ----------
    read : callable
        Returns the sessions, the newest first.
    """

    def __init__(self, read: Read = read_sessions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._sessions: Sequence[SessionInfo] = ()
        self._problem = ""
        self.sessions = TwoLineList()
        self.middle.addWidget(self.sessions, 1)
        self.middle.addStretch()  # an empty list leaves the headline where it is
        self.main_button.hide()

    def enter(self) -> None:
        """Be shown, with what is kept by now."""
        from posecoach.errors import PosecoachError

        try:
            self._sessions, self._problem = self._read(), ""
        except (PosecoachError, OSError) as error:
            self._sessions, self._problem = (), " ".join(str(error).split())
        self.set_language(self.language)
        (self.sessions if self._sessions else self.back_button).setFocus()

    def set_words(self) -> None:
        """Set the words and fill the list."""
        self.headline.setText(self.say(N_("History")))
        empty = N_("Nothing yet. What you practise is noted here.")
        self.lead.setText(self._problem or ("" if self._sessions else self.say(empty)))
        self.sessions.setVisible(bool(self._sessions))
        self.sessions.setAccessibleName(self.headline.text())
        self.note.setText(self.say(N_("Only on this computer")) if self._sessions else "")
        self.sessions.clear()
        for session in self._sessions:
            self.sessions.add_entry(*_tell(session, self.language), session.id)
        self.sessions.choose(None)


def _tell(s: SessionInfo, language: str) -> tuple[str, str]:
    from posecoach.journal.wording import (
        tell_cues,
        tell_day,
        tell_minutes,
        tell_repetitions,
    )
    from posecoach.text import translate

    started = s.started_at.astimezone()
    day = _tell_date(started.date(), language) or tell_day(started.date(), language)
    title = f"{day[:1].upper()}{day[1:]}, {started:%H:%M}  ·  {make_one_line(s.title(language))}"
    parts = [tell_minutes(s.practised_s, language)]
    if s.repetitions:
        parts.append(tell_repetitions(s.repetitions, language))
    feelings = [str(x) for x in (s.feeling_before, s.feeling_after) if x is not None]
    if feelings:
        only = N_("back before") if s.feeling_after is None else N_("back after")
        word = N_("back") if len(feelings) == 2 else only
        parts.append(f"{translate(word, language)} {' → '.join(feelings)}")
    if s.ended_at is None:
        parts.append(translate(N_("not ended"), language))
    told = tell_cues(s, language)
    if told:
        parts.append(told)
    return title, "  ·  ".join(parts)


def _tell_date(day: date, language: str) -> str:
    """Return a day before yesterday with its name, and with the year if that is another one."""
    today = datetime.now().astimezone().date()
    if (today - day).days in (0, 1):
        return ""
    pattern = _DAYS[language] + ("" if day.year == today.year else " yyyy")
    return QLocale(language).toString(QDate(day.year, day.month, day.day), pattern)
