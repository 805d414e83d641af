"""A glance at what was practised, for the first window: little is read, and little imported."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from posecoach.journal import database
from posecoach.journal.errors import JournalError
from posecoach.journal.place import get_journal_path

AT_HOME_DAYS = 3
"""On so many days a form is practised before the next one's turn comes."""

_MOST = 500  # sessions that are looked back on
_QUERY = """SELECT s.form, s.started_at, coalesce(s.practised_s,
    (SELECT coalesce(max(end_s), 0) FROM repetition WHERE session_id = s.id)), count(r.id)
    FROM session s JOIN repetition r ON r.session_id = s.id
    GROUP BY s.id ORDER BY s.started_at DESC, s.id DESC LIMIT ?"""


@dataclass(frozen=True)
class Practised:
    """A session in which at least one repetition was done.

    Attributes
    ----------
    form : str
        Its id.
    started_at : datetime
        In UTC.
    practised_s : float
    repetitions : int
    """

    form: str
    started_at: datetime
    practised_s: float
    repetitions: int

    @property
    def day(self) -> date:
        """The day, as the person's own calendar has it."""
        return self.started_at.astimezone().date()


def read_practised(path: Path | None = None) -> tuple[tuple[Practised, ...], str | None]:
    """Return the last sessions, the newest first, and what is wrong with the journal, if it is.

    Parameters
    ----------
    path : Path, optional
        Of the journal; by default the user's own. Nothing is made if there is none.
    """
    where = path or get_journal_path()
    if not os.path.lexists(where):
        return (), None
    try:
        with closing(_connect(where)) as connection, database.told(where):
            rows = connection.execute(_QUERY, (_MOST,)).fetchall()
        return tuple(
            Practised(str(form), _moment(at), float(seconds), int(n))
            for form, at, seconds, n in rows
        ), None
    except (JournalError, ValueError, TypeError) as error:
        return (), " ".join(str(error).split())


def choose_today(
    forms: Sequence[str], practised: Sequence[Practised], today: date | None = None
) -> str | None:
    """Return the form whose turn it is, None if there is no form.

    One stays with a form until it was practised on `AT_HOME_DAYS` days, and all of a day; then
    comes the next one in order that is not at home yet, and when all are, the one that has rested
    longest.

    Parameters
    ----------
    forms : sequence of str
        Ids in their order, those that belong together.
    practised : sequence of Practised
        The newest first.
    today : date, optional
    """
    if not forms:
        return None
    days: dict[str, set[date]] = {form: set() for form in forms}
    for p in practised:
        if p.form in days:
            days[p.form].add(p.day)
    last = next((p for p in practised if p.form in days), None)
    if last is None:
        return forms[0]
    if last.day == (today or datetime.now().astimezone().date()):
        return last.form
    at = list(forms).index(last.form)
    for form in (*forms[at:], *forms[:at]):
        if len(days[form]) < AT_HOME_DAYS:
            return form
    return min(forms, key=lambda form: max(days[form]))


def _connect(where: Path) -> sqlite3.Connection:
    try:
        return database.connect(where)
    except JournalError as error:
        if not error.read_only:
            raise
        return database.connect_read_only(where)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time of day without a zone: {text}")
    return moment.astimezone(UTC)
