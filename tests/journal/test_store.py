import math
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posecoach.coach.state import Cue
from posecoach.errors import UsageError
from posecoach.journal.errors import JournalError
from posecoach.journal.records import compute_tempo_by_place
from posecoach.journal.store import Journal
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition
from posecoach.measure.tempo import Stretch, Tempo

posix = pytest.mark.skipif(sys.platform == "win32", reason="no rights of this kind")


def test_what_is_written_is_read_back(path, form, repetition, cue):
    with Journal.open(path) as journal:
        writer = journal.start_session(form, "camera", "en", "front")
        first, second = repetition(1), repetition(2)
        writer.add_repetition(first)
        writer.add_cue(cue(14.0))
        writer.note("rest", 23.0)
        writer.note("back_before", 0.0, 3)
        writer.add_repetition(second)
        writer.add_cue(cue(35.0, "Aufrecht, mehr nach rechts"), "de")
    with Journal.open(path) as journal:
        kept = journal.read_session(writer.id)
    assert [r.number for r in kept.repetitions] == [1, 2]
    for got, given_ in zip(kept.repetitions, (first, second), strict=True):
        assert (got.start_s, got.end_s) == (given_.start_s, given_.end_s)
        assert got.measures == given_.measures
        assert got.worst_place_s == given_.worst_place_s
        assert (got.hurried, got.pauses) == (given_.tempo.hurried, given_.tempo.pauses)
        assert len(got.tempo) == 20
        assert got.tempo[0] == pytest.approx((0.25, 10 / 9.9), rel=1e-3)
    assert [(c.cue, c.language) for c in kept.info.cues] == [
        (cue(14.0), "en"),
        (cue(35.0, "Aufrecht, mehr nach rechts"), "de"),
    ]
    assert [(n.kind, n.time_s, n.value) for n in kept.notes] == [
        ("rest", 23.0, None),
        ("back_before", 0.0, 3.0),
    ]
    info = kept.info
    assert (info.form, info.source, info.language, info.view) == (
        "heavens",
        "camera",
        "en",
        "front",
    )
    assert (info.title("de"), info.title("en")) == ("Den Himmel stützen", "Holding up the heavens")
    assert info.repetitions == 2
    assert info.ended_at is None
    assert info.practised_s == pytest.approx(35.0)  # until the last thing kept


@pytest.mark.parametrize("wrong", [-1, 11, 3.5, True, "4"])
def test_a_feeling_is_0_to_10(path, form, wrong):
    with Journal.open(path) as journal:
        writer = journal.start_session(form, "camera", "en", feeling_before=0)
        for k in range(11):
            journal.set_feeling(writer.id, after=k)
        with pytest.raises(UsageError, match="from 0 to 10"):
            journal.set_feeling(writer.id, after=wrong)
        with pytest.raises(JournalError, match="none of number 99"):
            journal.set_feeling(99, after=1)
        info = journal.read_session(writer.id).info
    assert (info.feeling_before, info.feeling_after) == (0, 10)


def test_the_newest_comes_first(path, form):
    now = datetime.now(UTC)
    with Journal.open(path) as journal:
        assert journal.list_sessions() == []
        for hours in (-3, 2, 1):
            journal.start_session(
                form, "video", "de", started_at=now + timedelta(hours=hours)
            ).finish(practised_s=60.0 * hours)
        got = journal.list_sessions()
    assert [s.started_at for s in got] == [now + timedelta(hours=h) for h in (2, 1, -3)]
    assert [s.practised_s for s in got] == [120.0, 60.0, -180.0]
    assert all(s.ended_at is not None and s.ended_at >= now for s in got)


def test_times_are_in_utc_in_the_file(path, form):
    there = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with Journal.open(path) as journal:
        journal.start_session(form, "camera", "en", started_at=there)
        assert journal.list_sessions()[0].started_at == there
        with pytest.raises(UsageError, match="time zone"):
            journal.start_session(form, "camera", "en", started_at=datetime(2026, 1, 1))
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT started_at FROM session").fetchall() == [
        ("2026-03-28T20:45:00.000000+00:00",)
    ]
    connection.close()


def test_the_analysis_adds_what_came_at_the_very_end(path, form, repetition, cue):
    def result(thing):
        return SimpleNamespace(
            start_s=round(thing.start_s, 3),
            end_s=round(thing.end_s, 3),
            measures={
                m: SimpleNamespace(model_dump=lambda j=j: dict(vars(j)))
                for m, j in thing.measures.items()
            },
        )

    def said(c):
        short = Cue(round(c.time_s, 3), *list(vars(c).values())[1:])
        return SimpleNamespace(
            time_s=short.time_s, measure=short.measure, model_dump=lambda: dict(vars(short))
        )

    early, late = repetition(1, 10.00012), repetition(2)
    cues = cue(11.00049), cue(30.0)
    analysis = SimpleNamespace(
        repetitions=[result(early), result(late)],
        cues=[said(c) for c in cues],
        held_back=[said(cue(33.0))],
        view="oblique",
        seen=0.97,
        video=SimpleNamespace(duration_s=41.5),
    )
    with Journal.open(path) as journal:
        writer = journal.start_session(form, "video", "en")
        writer.add_repetition(early)
        writer.add_cue(cues[0])
        writer.finish(analysis)
        kept = journal.read_session(writer.id)
    assert [r.start_s for r in kept.repetitions] == [10.00012, 24.0]
    assert kept.repetitions[1].measures == late.measures
    assert [c.cue.time_s for c in kept.info.cues] == [11.00049, 30.0]
    assert [c.cue.time_s for c in kept.info.held_back] == [33.0]
    assert (kept.info.view, kept.info.seen, kept.info.practised_s) == ("oblique", 0.97, 41.5)


def test_no_name_of_a_camera_or_file_gets_in(path, form):
    with Journal.open(path) as journal:
        for name in ("/home/me/living room.mp4", "Integrated Camera", ""):
            with pytest.raises(UsageError, match="camera, video"):
                journal.start_session(form, name, "en")
        assert journal.list_sessions() == []


def test_wrong_use(path, form):
    with Journal.open(path) as journal:
        with pytest.raises(JournalError, match="number 7"):
            journal.read_session(7)
        writer = journal.start_session(form, "camera", "en")
        for kind in ("", "Rest", "a b", "x" * 50):
            with pytest.raises(UsageError):
                writer.note(kind, 1.0)
        with pytest.raises(UsageError, match="values that can be kept"):
            writer.note("rest", math.nan)
        assert journal.read_session(writer.id).notes == ()
        journal.close()
    with pytest.raises(JournalError):
        journal.list_sessions()


@posix
def test_nobody_else_may_read_it(path, form, repetition):
    with Journal.open(path) as journal:
        journal.start_session(form, "camera", "en").add_repetition(repetition())
        files = list(path.parent.iterdir())
        assert {f.name for f in files} >= {path.name, f"{path.name}-wal"}
        assert {f.stat().st_mode & 0o777 for f in files} == {0o600}
        assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)
    path.parent.chmod(0o755)
    Journal.open(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@posix
def test_a_folder_of_ones_own_keeps_its_rights(tmp_path):
    tmp_path.chmod(0o755)
    Journal.open(tmp_path / "mine.sqlite3").close()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_odd_names_of_folders(tmp_path, form):
    for name in ("a b", "100 %", "was?", "a#b", "Übung", "养生"):
        where = tmp_path / name / "journal.sqlite3"
        with Journal.open(where) as journal:
            journal.start_session(form, "camera", "en")
        assert where.is_file()


finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
maybe = st.none() | finite
texts = st.text(max_size=30)
judgements = st.builds(
    Judgement, maybe, maybe, maybe, maybe, maybe, finite, texts, st.booleans(), st.none() | texts
)
stretches = st.lists(st.builds(Stretch, finite, finite, finite, finite), max_size=3).map(tuple)


@st.composite
def repetitions(draw):
    names = draw(st.lists(texts, max_size=5, unique=True))
    n = draw(st.integers(0, 30))
    path = np.cumsum(
        np.array(draw(st.lists(st.floats(0, 3), min_size=2 * n, max_size=2 * n))).reshape(2, n),
        axis=1,
    )
    tempo = Tempo(1.0, 0.1, np.ones(n), draw(stretches), draw(stretches))
    return Repetition(
        draw(finite),
        draw(finite),
        {m: draw(judgements) for m in names},
        {m: draw(finite) for m in names if draw(st.booleans())},
        draw(st.none() | st.just(tempo)),
        path,
    )


cues = st.builds(Cue, finite, texts, st.none() | texts, texts, finite, finite, finite, texts)


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    with Journal.open(tmp_path_factory.mktemp("kept") / "journal.sqlite3") as journal:
        yield journal


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    done=st.lists(repetitions(), max_size=3),
    said=st.lists(cues, max_size=3),
    titles=st.dictionaries(texts, texts, max_size=3),
    id=texts,
    at=st.datetimes(timezones=st.timezones(), min_value=datetime(1990, 1, 1)),
)
def test_round_trip(journal, done, said, titles, id, at):
    form = SimpleNamespace(id=id, titles=titles, duration_s=1.0)
    writer = journal.start_session(form, "camera", "en", started_at=at)
    for r in done:
        writer.add_repetition(r)
    for c in said:
        writer.add_cue(c)
    kept = journal.read_session(writer.id)
    assert (kept.info.form, kept.info.titles) == (id, titles)
    assert kept.info.started_at == at.astimezone(UTC)
    assert [c.cue for c in kept.info.cues] == said
    assert len(kept.repetitions) == len(done) == kept.info.repetitions
    for got, r in zip(kept.repetitions, done, strict=True):
        assert got.measures == r.measures
        assert got.worst_place_s == r.worst_place_s
        assert (got.start_s, got.end_s) == (r.start_s, r.end_s)
        if r.tempo is not None:
            assert (got.hurried, got.pauses) == (r.tempo.hurried, r.tempo.pauses)
            assert got.tempo == compute_tempo_by_place(r.path)
        else:
            assert got.tempo == got.hurried == got.pauses == ()


def test_numbers_that_are_none_become_unknown(path, form):
    odd = Judgement(math.nan, math.inf, -math.inf, None, 1.0, 4.0, "deg", True, None)
    r = Repetition(
        0.0, 1.0, {"lateral_lean": odd}, {"lateral_lean": math.nan}, None, np.ones((2, 0))
    )
    with Journal.open(path) as journal:
        writer = journal.start_session(form, "camera", "en")
        writer.add_repetition(r)
        writer.add_cue(Cue(1.0, "lateral_lean", None, "left", 1.0, 1.0, 0.0, "half \ud83d"))
        kept = journal.read_session(writer.id)
    got = kept.repetitions[0].measures["lateral_lean"]
    assert (got.value, got.reference, got.deviation, got.worst) == (None,) * 4
    assert kept.repetitions[0].worst_place_s == {}
    assert kept.info.cues[0].cue.text == "half ?"


def test_tempo_by_place():
    time_s = np.arange(0, 20, 0.1)
    slow_then_fast = np.where(time_s < 10, 0.5 * time_s, 5 + 2 * (time_s - 10))
    got = dict(compute_tempo_by_place(np.stack([time_s, slow_then_fast])))
    assert got[2.25] == pytest.approx(0.5, rel=1e-3)
    assert got[10.25] == pytest.approx(2.0, rel=1e-3)
    away = (time_s < 4) | (time_s > 7)
    seen = dict(compute_tempo_by_place(np.stack([time_s, slow_then_fast])[:, away]))
    assert set(got) - set(seen) == {1.75, 2.25, 2.75, 3.25, 3.75}  # any step touched
    assert compute_tempo_by_place(np.ones((2, 1))) == ()
    assert compute_tempo_by_place(np.full((2, 9), np.nan)) == ()


WRITE = """
import sys
sys.path.insert(0, sys.argv[2])
from journal.things import make_cue, make_form, make_repetition
from posecoach.journal.store import Journal
with Journal.open(sys.argv[1]) as journal:
    writer = journal.start_session(make_form(), "camera", "en")
    for k in range(60):
        writer.add_repetition(make_repetition(k))
        writer.add_cue(make_cue(float(k)))
    writer.finish()
"""


def test_several_practices_at_once_do_not_block_each_other(path):
    here = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", WRITE, str(path), here]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
    with Journal.open(path) as journal:
        sessions = journal.list_sessions()
        assert [s.repetitions for s in sessions] == [60] * 3
        for s in sessions:
            kept = journal.read_session(s.id)
            assert [r.number for r in kept.repetitions] == list(range(1, 61))
