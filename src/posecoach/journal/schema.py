"""The tables. A change is a new entry in `MIGRATIONS`; what is published is never edited.

Times of day are ISO 8601 in UTC; seconds are those of the recording (``time_s``, ``start_s``,
``end_s``) or of the reference (``place_s``). What is unknown is NULL.
"""

from __future__ import annotations

APPLICATION_ID = 0x706F7365  # "pose"

_FIRST = (
    """CREATE TABLE session (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        form TEXT NOT NULL,
        titles TEXT NOT NULL,
        form_duration_s REAL,
        source TEXT NOT NULL CHECK (source IN ('camera', 'video')),
        language TEXT NOT NULL,
        view TEXT,
        seen REAL,
        practised_s REAL
    )""",
    """CREATE TABLE repetition (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        UNIQUE (session_id, number)
    )""",
    """CREATE TABLE measure (
        repetition_id INTEGER NOT NULL REFERENCES repetition (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        value REAL,
        reference REAL,
        deviation REAL,
        worst REAL,
        uncertainty REAL,
        tolerance REAL NOT NULL,
        unit TEXT NOT NULL,
        judged INTEGER NOT NULL CHECK (judged IN (0, 1)),
        reason TEXT,
        worst_place_s REAL,
        PRIMARY KEY (repetition_id, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE tempo (
        repetition_id INTEGER NOT NULL REFERENCES repetition (id) ON DELETE CASCADE,
        place_s REAL NOT NULL,
        ratio REAL NOT NULL,
        PRIMARY KEY (repetition_id, place_s)
    ) WITHOUT ROWID""",
    """CREATE TABLE stretch (
        id INTEGER PRIMARY KEY,
        repetition_id INTEGER NOT NULL REFERENCES repetition (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('hurried', 'pause')),
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        place_s REAL NOT NULL,
        ratio REAL NOT NULL
    )""",
    """CREATE TABLE cue (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        time_s REAL NOT NULL,
        measure TEXT NOT NULL,
        phase TEXT,
        direction TEXT NOT NULL,
        deviation REAL NOT NULL,
        tolerance REAL NOT NULL,
        uncertainty REAL NOT NULL,
        text TEXT NOT NULL,
        language TEXT NOT NULL
    )""",
    """CREATE TABLE note (
        id INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        time_s REAL NOT NULL,
        value REAL
    )""",
    "CREATE INDEX session_started_at ON session (started_at)",
    "CREATE INDEX stretch_repetition ON stretch (repetition_id)",
    "CREATE INDEX cue_session ON cue (session_id)",
    "CREATE INDEX note_session ON note (session_id)",
)

# How the person was guided and how the back felt; a cue that was held back is one not said.
_GUIDED = (
    "ALTER TABLE session ADD COLUMN stage TEXT",
    "ALTER TABLE session ADD COLUMN strictness REAL",
    "ALTER TABLE session ADD COLUMN gentle INTEGER CHECK (gentle IN (0, 1))",
    "ALTER TABLE session ADD COLUMN feeling_before INTEGER CHECK (feeling_before BETWEEN 0 AND 10)",
    "ALTER TABLE session ADD COLUMN feeling_after INTEGER CHECK (feeling_after BETWEEN 0 AND 10)",
    "ALTER TABLE cue ADD COLUMN said INTEGER NOT NULL DEFAULT 1 CHECK (said IN (0, 1))",
    "ALTER TABLE measure ADD COLUMN worst_tolerance REAL",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _GUIDED)
"""Statements that lead from version k to k + 1, all in one transaction."""
