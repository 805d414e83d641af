"""From rows to records."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime

from posecoach.coach.guidance import Guidance, Stage
from posecoach.coach.state import Cue
from posecoach.errors import UsageError
from posecoach.journal.records import KeptCue, KeptRepetition, Note, SessionInfo
from posecoach.measure.judgement import Judgement
from posecoach.measure.tempo import Stretch

_INFO = """SELECT s.id, s.started_at, s.ended_at, s.form, s.titles, s.source, s.language, s.view,
    s.seen, coalesce(s.practised_s, max(
        (SELECT coalesce(max(end_s), 0) FROM repetition WHERE session_id = s.id),
        (SELECT coalesce(max(time_s), 0) FROM cue WHERE session_id = s.id),
        (SELECT coalesce(max(time_s), 0) FROM note WHERE session_id = s.id))),
    (SELECT count(*) FROM repetition WHERE session_id = s.id),
    s.stage, s.strictness, s.gentle, s.feeling_before, s.feeling_after
    FROM session s WHERE ?1 IS NULL OR s.id = ?1 ORDER BY s.started_at DESC, s.id DESC"""
_CUES = """SELECT session_id, time_s, measure, phase, direction, deviation, tolerance, uncertainty,
    text, language, said FROM cue WHERE ?1 IS NULL OR session_id = ?1 ORDER BY id"""
_OF_SESSION = "repetition_id IN (SELECT id FROM repetition WHERE session_id = ?)"


def read_infos(connection: sqlite3.Connection, id: int | None = None) -> list[SessionInfo]:
    """Return all sessions, the newest first, or the one of a number."""
    cues: dict[tuple[int, bool], list[KeptCue]] = defaultdict(list)
    for session, *values, language, said in connection.execute(_CUES, (id,)):
        cues[session, bool(said)].append(KeptCue(Cue(*values), language))
    return [
        SessionInfo(
            id=row[0],
            started_at=_moment(row[1]),
            ended_at=_moment(row[2]) if row[2] is not None else None,
            form=row[3],
            titles=_titles(row[4]),
            source=row[5],
            language=row[6],
            view=row[7],
            seen=row[8],
            practised_s=float(row[9]),
            repetitions=row[10],
            cues=tuple(cues[row[0], True]),
            held_back=tuple(cues[row[0], False]),
            guidance=_guidance(*row[11:14]),
            feeling_before=row[14],
            feeling_after=row[15],
        )
        for row in connection.execute(_INFO, (id,))
    ]


def read_repetitions(connection: sqlite3.Connection, id: int) -> tuple[KeptRepetition, ...]:
    """Return a session's repetitions in order."""
    measures: dict[int, dict[str, Judgement]] = defaultdict(dict)
    places: dict[int, dict[str, float]] = defaultdict(dict)
    for key, name, *values, judged, reason, place, there in connection.execute(
        "SELECT repetition_id, name, value, reference, deviation, worst, uncertainty, tolerance,"
        " unit, judged, reason, worst_place_s, worst_tolerance FROM measure"
        f" WHERE {_OF_SESSION}",
        (id,),
    ):
        measures[key][name] = Judgement(*[*values, bool(judged), reason, there])
        if place is not None:
            places[key][name] = place
    tempo: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for key, place, ratio in connection.execute(
        f"SELECT repetition_id, place_s, ratio FROM tempo WHERE {_OF_SESSION} ORDER BY place_s",
        (id,),
    ):
        tempo[key].append((place, ratio))
    parts: dict[tuple[int, str], list[Stretch]] = defaultdict(list)
    for key, kind, *numbers in connection.execute(
        "SELECT repetition_id, kind, start_s, end_s, place_s, ratio FROM stretch"
        f" WHERE {_OF_SESSION} ORDER BY id",
        (id,),
    ):
        parts[key, kind].append(Stretch(*numbers))
    return tuple(
        KeptRepetition(
            number,
            start_s,
            end_s,
            measures[key],
            places[key],
            tuple(tempo[key]),
            tuple(parts[key, "hurried"]),
            tuple(parts[key, "pause"]),
        )
        for key, number, start_s, end_s in connection.execute(
            "SELECT id, number, start_s, end_s FROM repetition WHERE session_id = ?"
            " ORDER BY number",
            (id,),
        )
    )


def read_notes(connection: sqlite3.Connection, id: int) -> tuple[Note, ...]:
    """Return a session's notes in the order in which they were made."""
    rows = connection.execute(
        "SELECT kind, time_s, value FROM note WHERE session_id = ? ORDER BY id", (id,)
    )
    return tuple(Note(*row) for row in rows)


def _guidance(stage: str | None, strictness: float | None, gentle: int | None) -> Guidance | None:
    if stage is None:
        return None
    try:
        return Guidance(
            Stage(stage), 1.0 if strictness is None else strictness, gentle=bool(gentle)
        )
    except UsageError as error:
        raise ValueError(str(error)) from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time of day without a zone: {text}")
    return moment.astimezone(UTC)


def _titles(text: str) -> Mapping[str, str]:
    titles = json.loads(text)
    if not isinstance(titles, dict):
        raise TypeError("titles that are no table")
    return {str(k): str(v) for k, v in titles.items()}
