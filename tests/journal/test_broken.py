import shutil
import sqlite3
from contextlib import closing, suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from posecoach.errors import InputError
from posecoach.journal import database
from posecoach.journal.errors import DamagedJournalError, JournalError
from posecoach.journal.schema import APPLICATION_ID, MIGRATIONS
from posecoach.journal.store import Journal


@pytest.fixture
def given_file(path):
    """Return what puts bytes where the journal is expected."""

    def put(data):
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir()
        path.write_bytes(data)
        return path

    return put


def refused(path, *words, kind=JournalError, **options):
    with pytest.raises(kind) as caught:
        Journal.open(path, **options).close()
    line = str(caught.value)
    assert isinstance(caught.value, InputError)
    assert line.startswith("Expected ")
    assert "\n" not in line
    for word in (*words, str(path)):
        assert word in line
    return caught.value


def begins_anew(path, form):
    with Journal.open(path) as journal:
        assert journal.list_sessions() == []
        journal.start_session(form, "camera", "en")
        assert len(journal.list_sessions()) == 1


often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@often
@given(share=st.floats(0.0001, 0.9999))
def test_truncated_anywhere(whole, given_file, form, share):
    data = whole.read_bytes()
    data = data[: max(1, int(share * len(data)))]
    path = given_file(data)
    error = refused(path, "damaged", kind=DamagedJournalError)
    assert error.moved_to.read_bytes() == data
    assert str(error.moved_to) in str(error)
    begins_anew(path, form)
    assert error.moved_to.read_bytes() == data


@often
@given(at=st.floats(0, 0.9999), junk=st.binary(min_size=1, max_size=4096))
@example(at=0.0078125, junk=b"\x80")  # what makes the tables is no text any more
def test_scribbled_over_anywhere(whole, given_file, at, junk):
    data = bytearray(whole.read_bytes())
    start = int(at * len(data))
    data[start : start + len(junk)] = junk
    path = given_file(bytes(data))
    with suppress(InputError), Journal.open(path) as journal:
        for info in journal.list_sessions():
            journal.read_session(info.id)
    kept = [p for p in path.parent.iterdir() if p.stat().st_size >= len(whole.read_bytes()) - 4096]
    assert kept  # under its own name or another


def test_no_database_at_all(given_file, form):
    for data in (b"hello", b"\x89PNG" + bytes(3000), b"SQLite format 3\0", b"\n" * 100_000):
        path = given_file(data)
        moved = refused(path, "damaged", kind=DamagedJournalError).moved_to
        assert moved.read_bytes() == data
        begins_anew(path, form)


def test_each_damaged_file_has_a_name_of_its_own(given_file):
    path = given_file(b"first")
    moved = {refused(path, kind=DamagedJournalError).moved_to}
    for data in (b"second", b"third"):
        path.write_bytes(data)
        moved.add(refused(path, kind=DamagedJournalError).moved_to)
    assert sorted(m.read_bytes() for m in moved) == [b"first", b"second", b"third"]


def test_what_sqlite_keeps_beside_it_moves_along(given_file):
    path = given_file(b"nothing" * 1000)
    path.with_name(path.name + "-wal").write_bytes(b"the last ones")
    moved = refused(path, kind=DamagedJournalError).moved_to
    assert moved.with_name(moved.name + "-wal").read_bytes() == b"the last ones"


def test_a_file_of_another_name_is_never_moved(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" + bytes(5000))
    assert refused(photo, "damaged", kind=DamagedJournalError).moved_to is None
    assert [p.name for p in tmp_path.iterdir()] == ["photo.jpg"]


def test_an_empty_file_is_a_beginning(given_file, form):
    begins_anew(given_file(b""), form)


def test_another_programs_database_is_left_alone(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()
    before = path.read_bytes()
    refused(path, "another program's", "POSECOACH_DATA")
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_newer_posecoachs_journal_is_left_alone(given_file, whole):
    path = given_file(whole.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    refused(path, "newer", "update")
    refused(path, "newer", read_only=True)
    assert path.read_bytes() == before


def test_locked_for_longer_than_one_waits(path, form):
    with Journal.open(path, busy_s=0.1) as journal:
        writer = journal.start_session(form, "camera", "en")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(JournalError, match=r"Expected to use .* locked"):
                writer.note("rest", 1.0)
            other.execute("COMMIT")
        writer.note("rest", 2.0)
        assert [n.time_s for n in journal.read_session(writer.id).notes] == [2.0]


def test_locked_while_it_is_opened(given_file):
    path = given_file(b"")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(path, "locked", busy_s=0.1)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_read_only(whole_bytes, powerless, form):
    path = powerless / "journal.sqlite3"
    path.write_bytes(whole_bytes)
    path.chmod(0o400)
    powerless.chmod(0o500)
    assert refused(path, "read-only").read_only
    with Journal.open(path, read_only=True) as journal:
        infos = journal.list_sessions()
        assert [i.repetitions for i in infos] == [20, 20, 20]
        with pytest.raises(JournalError, match="read-only"):
            journal.start_session(form, "camera", "en")
    assert path.read_bytes() == whole_bytes
    assert [p.name for p in powerless.iterdir()] == [path.name]


@pytest.fixture
def whole_bytes(whole):
    return whole.read_bytes()


def test_no_right_to_make_it(powerless):
    powerless.chmod(0o500)
    error = refused(powerless / "sessions" / "journal.sqlite3", "POSECOACH_DATA")
    assert not error.read_only


def test_things_in_the_way(tmp_path):
    (tmp_path / "file").write_bytes(b"precious")
    refused(tmp_path / "file" / "journal.sqlite3", "POSECOACH_DATA")
    (tmp_path / "journal.sqlite3").mkdir()
    refused(tmp_path / "journal.sqlite3", "none")
    refused(tmp_path / "gone.sqlite3", "practise first", read_only=True)
    assert (tmp_path / "file").read_bytes() == b"precious"


def test_rows_changed_by_hand(given_file, whole):
    for change in (
        "UPDATE session SET started_at = 'yesterday'",
        "UPDATE session SET started_at = '2026-01-01T00:00:00'",
        "UPDATE session SET titles = '[1]'",
        "UPDATE session SET titles = '{'",
        "UPDATE session SET practised_s = 'long'",
        "UPDATE session SET form = CAST(x'ff' AS TEXT)",
        "DROP TABLE cue",
    ):
        path = given_file(whole.read_bytes())
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(change)
            connection.commit()
        with (
            Journal.open(path) as journal,
            pytest.raises(JournalError, match=r"^Expected [^\n]*$"),
        ):
            journal.list_sessions()


def test_an_older_journal_is_brought_up_to_date(given_file, whole, monkeypatch):
    path = given_file(whole.read_bytes())
    more = ("ALTER TABLE session ADD COLUMN mood REAL", "UPDATE session SET mood = 1.0")
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, more))
    before = path.read_bytes()
    refused(path, "up to date", read_only=True)
    assert path.read_bytes() == before
    for _ in range(2):
        with Journal.open(path) as journal:
            assert len(journal.list_sessions()) == 3
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS) + 1
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert connection.execute("SELECT sum(mood) FROM session").fetchone()[0] == 3.0


def test_a_change_that_fails_changes_nothing(given_file, whole, monkeypatch):
    path = given_file(whole.read_bytes())
    bad = ("ALTER TABLE session ADD COLUMN mood REAL", "INSERT INTO nowhere VALUES (1)")
    with monkeypatch.context() as patch:
        patch.setattr(database, "MIGRATIONS", (*MIGRATIONS, bad))
        refused(path, "nowhere")
    with Journal.open(path) as journal:
        assert len(journal.list_sessions()) == 3
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(session)")]
    assert "mood" not in columns


def test_whether_it_is_in_use(path, form):
    assert not database.is_in_use(path)
    with Journal.open(path) as journal:
        assert database.is_in_use(path)
        journal.start_session(form, "camera", "en").note("rest", 1.0)
        assert database.is_in_use(path)
    assert not database.is_in_use(path)
    path.write_bytes(b"nothing")
    assert not database.is_in_use(path)
