"""The journal: sessions written as they happen, and read back."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from posecoach._closing import Closing
from posecoach.coach.guidance import Guidance
from posecoach.coach.state import Cue
from posecoach.errors import UsageError
from posecoach.journal import database
from posecoach.journal.errors import JournalError
from posecoach.journal.place import get_journal_path
from posecoach.journal.reading import read_infos, read_notes, read_repetitions
from posecoach.journal.records import KeptRepetition, KeptSession, SessionInfo, keep_repetition
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis, RepetitionResult

SOURCES = ("camera", "video")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Journal(Closing):
    """The kept sessions; `open` it, and close it again or use it as a context manager.

    It may be used from any thread, and by several processes at once.

    Attributes
    ----------
    path : Path
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        read_only: bool = False,
        busy_s: float = database.BUSY_S,
    ) -> Journal:
        """Open the journal; it is made if it is not there.

        Parameters
        ----------
        path : str or Path, optional
            By default the user's own.
        read_only : bool
            Open one that may not be written; it must be there.
        busy_s : float
            Seconds to wait for another process that writes.

        Raises
        ------
        DamagedJournalError
            It is damaged; it was moved aside, and opening again begins a new one.
        JournalError
            It cannot be used; it was left as it is.
        """
        where = Path(path) if path is not None else get_journal_path()
        how = database.connect_read_only if read_only else database.connect
        return cls(where, how(where, busy_s))

    def close(self) -> None:
        """Close the file; may be called twice."""
        with self._lock:
            self._connection.close()

    def start_session(
        self,
        sequence: Sequence,
        source: str,
        language: str,
        view: str | None = None,
        *,
        started_at: datetime | None = None,
        guidance: Guidance | None = None,
        feeling_before: int | None = None,
    ) -> SessionWriter:
        """Begin a session; it is in the file when this returns.

        Parameters
        ----------
        sequence : Sequence
            What is practised.
        source : {"camera", "video"}
            Its name is not kept.
        language : str
        view : str, optional
            From where the camera looks, if it is known yet.
        started_at : datetime, optional
            With a time zone; now if not given.
        guidance : Guidance, optional
            The usual one if not given.
        feeling_before : int, optional
            How the back feels, 0 to 10.

        Raises
        ------
        UsageError
            The source is neither, the time has no zone, or the feeling is out of range.
        JournalError
            It cannot be written.
        """
        if source not in SOURCES:
            raise UsageError(f"Expected a source of {', '.join(SOURCES)} but got {source!r}.")
        guidance = guidance or Guidance()
        check_feeling(feeling_before)
        titles = {k: _text(v) for k, v in sequence.titles.items()}
        with self._write() as connection:
            row = connection.execute(
                "INSERT INTO session (started_at, form, titles, form_duration_s, source,"
                " language, view, stage, strictness, gentle, feeling_before)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    _utc(started_at),
                    _text(sequence.id),
                    json.dumps(titles, ensure_ascii=False),
                    _number(sequence.duration_s),
                    source,
                    language,
                    view,
                    str(guidance.stage),
                    float(guidance.strictness),
                    int(guidance.gentle),
                    feeling_before,
                ),
            ).fetchone()
        return SessionWriter(self, int(row[0]), language)

    def set_feeling(self, id: int, *, before: int | None = None, after: int | None = None) -> None:
        """Keep how the back felt before or after a session, 0 to 10; None leaves what is there.

        Raises
        ------
        UsageError
            The number is none of these.
        JournalError
            There is no such session, or the file cannot be written.
        """
        check_feeling(before)
        check_feeling(after)
        with self._write() as connection:
            changed = connection.execute(
                "UPDATE session SET feeling_before = coalesce(?, feeling_before),"
                " feeling_after = coalesce(?, feeling_after) WHERE id = ?",
                (before, after, id),
            ).rowcount
        if not changed:
            raise JournalError(f"Expected a kept session but there is none of number {id}.")

    def list_sessions(self) -> list[SessionInfo]:
        """Return all sessions, the newest first.

        Raises
        ------
        JournalError
            The file cannot be read.
        """
        with self._read() as connection:
            return read_infos(connection)

    def read_session(self, id: int) -> KeptSession:
        """Return all that is kept of a session.

        Raises
        ------
        JournalError
            There is none of this number, or the file cannot be read.
        """
        with self._read() as connection:
            found = read_infos(connection, id)
            if not found:
                raise JournalError(f"Expected a kept session but there is none of number {id}.")
            return KeptSession(
                found[0], read_repetitions(connection, id), read_notes(connection, id)
            )

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the file, whatever others write meanwhile."""
        with self._lock, database.told(self.path):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            except (ValueError, TypeError, KeyError) as error:
                raise JournalError(
                    f"Expected sessions as posecoach writes them but {self.path} holds "
                    f"something else ({error}); was it changed by hand?"
                ) from error
            finally:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, database.transaction(self._connection, self.path):
            yield self._connection


class SessionWriter:
    """Keeps one session; each call is in the file when it returns.

    Attributes
    ----------
    id : int
        For `Journal.read_session`.
    """

    def __init__(self, journal: Journal, id: int, language: str) -> None:
        self.id = id
        self._journal, self._language = journal, language
        self._kept: set[float] = set()
        self._said: set[tuple[float, str]] = set()

    def add_repetition(self, repetition: Repetition) -> None:
        """Keep a repetition with all its measures."""
        self._add(keep_repetition(repetition, 0))

    def add_cue(self, cue: Cue, language: str | None = None, *, said: bool = True) -> None:
        """Keep a cue, or one that was held back; its language is the session's unless given."""
        values = [_text(v) if isinstance(v, str) else v for v in astuple(cue)]
        with self._journal._write() as connection:
            connection.execute(
                "INSERT INTO cue (session_id, time_s, measure, phase, direction, deviation,"
                " tolerance, uncertainty, text, language, said)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (self.id, *values, language or self._language, int(said)),
            )
        self._said.add((round(cue.time_s, 3), cue.measure))

    def note(self, kind: str, time_s: float, value: float | None = None) -> None:
        """Keep something else that happened; see `posecoach.journal.records.Note`.

        Raises
        ------
        UsageError
            The kind is not a word of small letters, digits and underscores.
        """
        if _KIND.fullmatch(kind) is None:
            raise UsageError(f"Expected a kind of note such as 'rest' but got {kind!r}.")
        with self._journal._write() as connection:
            connection.execute(
                "INSERT INTO note (session_id, kind, time_s, value) VALUES (?, ?, ?, ?)",
                (self.id, kind, float(time_s), _number(value)),
            )

    def finish(self, analysis: Analysis | None = None, *, practised_s: float | None = None) -> None:
        """End the session; what an analysis has beyond what was added is kept, too.

        Parameters
        ----------
        analysis : Analysis, optional
            Of the whole session.
        practised_s : float, optional
            Seconds without the rests; the length of what was watched if not given.
        """
        view = seen = None
        if analysis is not None:
            for r in analysis.repetitions:
                if round(r.start_s, 3) not in self._kept:
                    self._add(_of_result(r))
            for said, cues in ((True, analysis.cues), (False, analysis.held_back)):
                for c in cues:
                    if (round(c.time_s, 3), c.measure) not in self._said:
                        self.add_cue(Cue(**c.model_dump()), said=said)
            view, seen = analysis.view, analysis.seen
            if practised_s is None:
                practised_s = analysis.video.duration_s
        with self._journal._write() as connection:
            connection.execute(
                "UPDATE session SET ended_at = ?, view = coalesce(?, view), seen = ?,"
                " practised_s = ? WHERE id = ?",
                (_utc(None), view, _number(seen), _number(practised_s), self.id),
            )

    def _add(self, r: KeptRepetition) -> None:
        with self._journal._write() as connection:
            key = connection.execute(
                "INSERT INTO repetition (session_id, number, start_s, end_s) VALUES (?1,"
                " (SELECT count(*) + 1 FROM repetition WHERE session_id = ?1), ?2, ?3)"
                " RETURNING id",
                (self.id, r.start_s, r.end_s),
            ).fetchone()[0]
            connection.executemany(
                "INSERT INTO measure (repetition_id, name, value, reference, deviation, worst,"
                " uncertainty, tolerance, unit, judged, reason, worst_place_s, worst_tolerance)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        key,
                        name,
                        *_values(j),
                        _number(r.worst_place_s.get(name)),
                        _number(j.worst_tolerance),
                    )
                    for name, j in r.measures.items()
                ],
            )
            connection.executemany(
                "INSERT INTO tempo (repetition_id, place_s, ratio) VALUES (?, ?, ?)",
                [(key, *pair) for pair in r.tempo],
            )
            connection.executemany(
                "INSERT INTO stretch (repetition_id, kind, start_s, end_s, place_s, ratio)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (key, kind, *astuple(s))
                    for kind, part in (("hurried", r.hurried), ("pause", r.pauses))
                    for s in part
                ],
            )
        self._kept.add(round(r.start_s, 3))


def _values(j: Judgement) -> tuple[Any, ...]:
    numbers = (j.value, j.reference, j.deviation, j.worst, j.uncertainty)
    return (*map(_number, numbers), float(j.tolerance), j.unit, int(j.judged), j.reason)


def _of_result(r: RepetitionResult) -> KeptRepetition:
    measures: Mapping[str, Judgement] = {
        name: Judgement(**m.model_dump()) for name, m in r.measures.items()
    }
    return KeptRepetition(0, r.start_s, r.end_s, measures, {})


def check_feeling(value: int | None) -> None:
    """Raise `UsageError` if this is no answer to how the back feels."""
    if value is not None and (isinstance(value, bool) or value not in range(11)):
        raise UsageError(f"Expected a feeling from 0 to 10 but got {value!r}.")


def _number(value: float | None) -> float | None:
    """Return a finite number as one that SQLite knows, else None."""
    return float(value) if value is not None and np.isfinite(value) else None


def _text(value: str) -> str:
    """Return a text without what cannot be written as UTF-8."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _utc(moment: datetime | None) -> str:
    moment = moment or datetime.now(UTC)
    if moment.tzinfo is None:
        raise UsageError("Expected a time of day with a time zone but got one without.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
