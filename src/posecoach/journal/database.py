"""Opening the file: whose it is, which version, whether it is whole; and what SQLite's errors mean.

Sessions survive a killed process and a power cut: a write-ahead log, synchronised at each
transaction (https://sqlite.org/wal.html).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from posecoach.errors import UsageError
from posecoach.journal.errors import DamagedJournalError, JournalError
from posecoach.journal.place import COMPANIONS, DATA_ENV, identify, move_aside, prepare_file
from posecoach.journal.schema import APPLICATION_ID, MIGRATIONS

_HEADER = b"SQLite format 3\0"
BUSY_S = 5.0  # how long another practice's transaction is waited for
_LATER = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)


def connect(path: Path, busy_s: float = BUSY_S) -> sqlite3.Connection:
    """Open the journal for reading and writing; it is made, or brought up to date, if need be.

    Raises
    ------
    DamagedJournalError
        It is damaged; it was moved aside.
    JournalError
        It cannot be used, is another program's or of a newer posecoach; it was left as it is.
    """
    prepare_file(path)
    identity = identify(path)
    try:
        _check_header(path)
        connection = _open(path, "mode=rw", busy_s)
        try:
            with told(path):
                _check(connection, path)
                _set_up(connection, busy_s)
                _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    except DamagedJournalError as error:
        moved = move_aside(path, identity)
        if moved is None:
            raise
        raise DamagedJournalError(
            f"Expected a whole journal but {path} is damaged; it was moved to {moved} "
            "and the next practice begins a new one.",
            moved,
        ) from error
    return connection


def connect_read_only(path: Path, busy_s: float = BUSY_S) -> sqlite3.Connection:
    """Open a journal that may not be written; nothing is made, mended or moved.

    Raises
    ------
    JournalError
        It is not there or cannot be read.
    """
    if not path.is_file():
        raise JournalError(f"Expected a journal at {path} but there is none; practise first.")
    # Without the right to write beside it SQLite reads only a file it may take as unchanging.
    tries = ["mode=ro"] if _size(path, "-wal") else ["mode=ro", "immutable=1"]
    for k, how in enumerate(tries):
        try:
            connection = _open(path, how, busy_s)
            try:
                with told(path):
                    version = _check(connection, path)
                    if version < len(MIGRATIONS):
                        raise JournalError(
                            f"Expected to bring {path} up to date but it is read-only; "
                            "allow writing there."
                        )
            except BaseException:
                connection.close()
                raise
        except (DamagedJournalError, JournalError) as error:
            if k + 1 == len(tries) or isinstance(error, DamagedJournalError):
                raise
        else:
            return connection
    raise AssertionError


def _open(path: Path, how: str, busy_s: float) -> sqlite3.Connection:
    with told(path):
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?{how}",
            uri=True,
            timeout=busy_s,
            isolation_level=None,
            check_same_thread=False,
        )


def _check_header(path: Path) -> None:
    """Look at start and length before SQLite does.

    It removes what lies beside a file that is no database, and takes a page cut short as whole.
    """
    try:
        size = path.stat().st_size  # before its content: another process may be making it
        with path.open("rb") as file:
            start = file.read(18)
    except OSError as error:
        raise JournalError(f"Expected to read {path} but {error.strerror or error}.") from error
    # A process killed in the middle of a page has left the whole of it beside.
    mended = any(_size(path, c) for c in COMPANIONS if c != "-shm")
    page = int.from_bytes(start[16:], "big") if len(start) == 18 else 0
    page = 65536 if page == 1 else page
    cut = page == 0 or (size % page != 0 and not mended)
    if size and (not start.startswith(_HEADER) or cut):
        raise DamagedJournalError(f"Expected a whole journal but {path} is damaged.")


def _size(path: Path, companion: str) -> int:
    try:
        return path.with_name(path.name + companion).stat().st_size
    except OSError:  # another process has just closed the journal
        return 0


def _check(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version if the file is the journal's, known and whole."""
    # All of one moment: another process may be making the tables.
    connection.execute("BEGIN")
    whose, version, tables = (
        connection.execute(q).fetchone()[0]
        for q in (
            "PRAGMA application_id",
            "PRAGMA user_version",
            "SELECT count(*) FROM sqlite_master",
        )
    )
    connection.execute("ROLLBACK")
    if (whose, version, tables) == (0, 0, 0):
        return 0
    if whose != APPLICATION_ID:
        raise JournalError(
            f"Expected posecoach's journal but {path} is another program's database; move it "
            f"away or set {DATA_ENV} to another folder."
        )
    if version > len(MIGRATIONS):
        raise JournalError(
            f"Expected a journal of version {len(MIGRATIONS)} or older but {path} is of version "
            f"{version}; it was written by a newer posecoach: update this one."
        )
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DamagedJournalError(f"Expected a whole journal but {path} is damaged.")
    return int(version)


def _set_up(connection: sqlite3.Connection, busy_s: float) -> None:
    # The change to a write-ahead log does not wait by itself for another that does the same.
    end = time.monotonic() + busy_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if _kind(error) not in _LATER or time.monotonic() > end:
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS):
        return
    with transaction(connection, path):
        # Another process may have been faster.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Write all of what is inside, or nothing."""
    with told(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ones that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain(error, path) from error
    except UnicodeDecodeError as error:  # tables whose own words are no text
        raise DamagedJournalError(f"Expected a whole journal but {path} is damaged.") from error


def _kind(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _explain(error: sqlite3.Error, path: Path) -> JournalError | UsageError:
    kind = _kind(error)
    if isinstance(error, sqlite3.IntegrityError | sqlite3.InterfaceError):
        return UsageError(f"Expected values that can be kept but got: {error}.")
    if kind in _DAMAGED:
        return DamagedJournalError(f"Expected a whole journal but {path} is damaged.")
    if kind in _LATER:
        return JournalError(
            f"Expected to use {path} but another program keeps it locked; close that one."
        )
    if kind in _REFUSED:
        return JournalError(
            f"Expected to write {path} but it is read-only; allow writing there "
            f"or set {DATA_ENV} to another folder.",
            read_only=True,
        )
    if kind == sqlite3.SQLITE_FULL:
        return JournalError(f"Expected to write {path} but the disk is full; free some space.")
    return JournalError(
        f"Expected to use {path} but got: {error}; check the disk "
        f"or set {DATA_ENV} to another folder."
    )


def is_in_use(path: Path) -> bool:
    """Return whether a process has the journal open; False where that cannot be told."""
    if not path.is_file():
        return False
    try:
        with closing(_open(path, "mode=rw", 0.0)) as connection:
            # Only the last user can leave the write-ahead log.
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        return _kind(error) in _LATER
    except (JournalError, UnicodeDecodeError):
        pass
    return False
