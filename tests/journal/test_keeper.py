import sqlite3
import threading
import time
from contextlib import closing
from types import SimpleNamespace

import pytest

from figures import Figure, perform
from journal.things import make_cue, make_form, make_repetition
from posecoach.analysis import Analyzer, analyze
from posecoach.coach.guidance import Guidance, Stage
from posecoach.coach.state import Status
from posecoach.errors import UsageError
from posecoach.journal.keeper import Keeper
from posecoach.journal.store import Journal
from posecoach.reference.record import make_sequence


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert not any(t.name == "posecoach-journal" for t in threading.enumerate())


def state(time_s, *, finished=None, new_cue=None, held_back=None, status=Status.MOVING, **more):
    return SimpleNamespace(
        time_s=time_s,
        status=status,
        finished=finished,
        new_cue=new_cue,
        held_back=held_back,
        guidance=Guidance(**more),
    )


def read_all(path):
    with Journal.open(path) as journal:
        return [journal.read_session(s.id) for s in reversed(journal.list_sessions())]


@pytest.fixture(scope="module")
def sequence():
    titles = {"de": "Den Himmel stützen", "en": "Holding up the heavens"}
    return make_sequence("heavens", [perform(fps=15.0)[0]], titles=titles)


@pytest.fixture(scope="module")
def leaning():
    other = Figure(trunk=0.55, scale=0.38, noise=0.001)
    clean = perform(fps=15.0, figure=other)[0]
    lean = 14.0 * ((clean.time_s > 2.5) & (clean.time_s < 11.5))
    return perform(fps=15.0, figure=other, lean=lean)[0]


def test_a_whole_practice_as_it_was_analysed(path, sequence, leaning):
    analyzer, said = Analyzer(sequence, "en"), []
    with Keeper(sequence, "video", "en", path=path, say=said.append) as keeper:
        for observation in leaning:
            keeper.see(analyzer.step(observation))
        analysis = analyzer.finish("/home/me/film.mp4")
        assert keeper.finish(analysis, practised_s=20.0)
        assert keeper.take_problem() is None
    assert said == []
    (kept,) = read_all(path)
    assert analysis == analyze(leaning, sequence, path="/home/me/film.mp4")
    assert len(kept.repetitions) == len(analysis.repetitions) == 2
    for got, r in zip(kept.repetitions, analysis.repetitions, strict=True):
        assert got.start_s == pytest.approx(r.start_s, abs=1e-3)
        assert set(got.measures) == set(r.measures)
        assert got.measures["lateral_lean"].value == pytest.approx(
            r.measures["lateral_lean"].value, abs=1e-3
        )
        assert len(got.tempo) > 15
    assert [c.cue.text for c in kept.info.cues] == [c.text for c in analysis.cues]
    assert (kept.info.view, kept.info.seen, kept.info.practised_s) == ("front", 1.0, 20.0)
    assert kept.info.ended_at is not None
    assert b"film" not in path.read_bytes()


def test_a_repetition_is_in_the_file_at_once(path):
    with Keeper(make_form(), "camera", "en", path=path) as keeper:
        keeper.see(state(0.0))
        keeper.see(state(1.0, finished=make_repetition(), new_cue=make_cue()))
        end = time.monotonic() + 10
        while time.monotonic() < end:
            time.sleep(0.01)
            if path.is_file() and (kept := read_all(path)) and kept[0].info.cues:
                break
        assert len(kept[0].repetitions) == 1
        assert kept[0].info.ended_at is None


def test_each_practice_is_a_session(path):
    with Keeper(make_form(), "camera", "en", path=path) as keeper:
        assert keeper.finish(None)  # nothing was watched
        for n in (1, 2):
            for k in range(n):
                keeper.see(state(k, finished=make_repetition(k)))
            assert keeper.finish(None, practised_s=60.0 * n)
    assert [(s.info.repetitions, s.info.practised_s) for s in read_all(path)] == [
        (1, 60.0),
        (2, 120.0),
    ]


def test_rests_and_absences_are_noted(path):
    gone = {"status": Status.NOBODY}
    with Keeper(make_form(), "camera", "en", path=path) as keeper:
        keeper.see(state(0.0, **gone))
        keeper.see(state(5.0, **gone))  # not there yet
        keeper.see(state(6.0))
        keeper.see(state(7.0, **gone))
        keeper.see(state(8.0))  # a blink
        keeper.see(state(10.0, status=Status.INCOMPLETE))
        keeper.see(state(11.0, **gone))
        keeper.see(state(12.5, **gone))
        keeper.see(state(13.0))
        keeper.see(state(20.0), resting=True)
        keeper.see(state(30.0, **gone), resting=True)
        keeper.see(state(40.0))
    (kept,) = read_all(path)
    assert [(n.kind, n.time_s) for n in kept.notes] == [
        ("away", 10.0),
        ("back", 13.0),
        ("rest", 20.0),
        ("resume", 40.0),
    ]


def test_cues_after_a_change_of_language(path):
    with Keeper(make_form(), "camera", "en", path=path) as keeper:
        keeper.see(state(0.0, new_cue=make_cue()), language="en")
        keeper.see(state(9.0, new_cue=make_cue(9.0, "Aufrecht")), language="de")
    (kept,) = read_all(path)
    assert [c.language for c in kept.info.cues] == ["en", "de"]


def test_practice_works_without_a_journal_which_is_said_once(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    said = []
    blocked = tmp_path / "file" / "journal.sqlite3"
    with Keeper(make_form(), "camera", "de", path=blocked, say=said.append) as keeper:
        for k in range(20):
            keeper.see(state(k, finished=make_repetition(k), new_cue=make_cue(k)))
        keeper.finish(None, wait_s=0.2)
        problem = keeper.take_problem()
        assert keeper.take_problem() is None
        keeper.see(state(0.0))
    assert said == [problem]
    assert problem.startswith("Diese Übungszeit kann zurzeit nicht gespeichert werden: Expected ")
    assert "\n" not in problem


def test_what_waited_is_kept_once_it_can_be(tmp_path):
    folder = tmp_path / "file"
    folder.write_bytes(b"")
    said = []
    path = folder / "journal.sqlite3"
    with Keeper(make_form(), "camera", "en", path=path, say=said.append) as keeper:
        for k in range(3):
            keeper.see(state(k, finished=make_repetition(k)))
        while not said:
            time.sleep(0.01)
        folder.unlink()
        keeper.see(state(4.0, finished=make_repetition(4)))
        assert keeper.finish(None)
    (kept,) = read_all(path)
    assert len(kept.repetitions) == 4
    assert len(said) == 1


def test_a_damaged_journal_is_moved_aside_and_a_new_one_begun(path):
    path.parent.mkdir()
    path.write_bytes(b"x" * 5000)
    said = []
    with Keeper(make_form(), "camera", "en", path=path, say=said.append) as keeper:
        keeper.see(state(0.0, finished=make_repetition()))
        assert keeper.finish(None)
    assert len(said) == 1
    assert "damaged" in said[0]
    assert "moved to" in said[0]
    assert len(read_all(path)[0].repetitions) == 1
    assert [p.read_bytes() for p in path.parent.glob("*damaged*")] == [b"x" * 5000]


def test_a_locked_journal_holds_nobody_up(path, monkeypatch):
    monkeypatch.setattr("posecoach.journal.keeper.BUSY_S", 0.2)
    Journal.open(path).close()
    said = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Keeper(make_form(), "camera", "en", path=path, say=said.append) as keeper:
            before = time.monotonic()
            for k in range(50):
                keeper.see(state(k, finished=make_repetition(k)))
            assert time.monotonic() - before < 0.2
            assert not keeper.finish(None, wait_s=0.1)
            while not said:
                time.sleep(0.01)
            other.execute("COMMIT")
    assert "locked" in said[0]
    assert len(read_all(path)[0].repetitions) == 50


def test_a_part_that_cannot_be_kept_takes_nothing_along(path):
    said = []
    with Keeper(make_form(), "camera", "en", path=path, say=said.append) as keeper:
        keeper.see(state(0.0, finished=SimpleNamespace()))
        keeper.see(state(1.0, finished=make_repetition()))
        assert keeper.finish(None)
    assert len(read_all(path)[0].repetitions) == 1
    assert len(said) == 1


def test_guidance_and_what_it_held_back_are_kept(path):
    with Keeper(make_form(), "camera", "en", path=path) as keeper:
        more = {"stage": "half", "strictness": 1.5, "gentle": True}
        keeper.see(state(0.0, **more))
        keeper.see(state(1.0, new_cue=make_cue(1.0), **more))
        keeper.see(state(20.0, held_back=make_cue(20.0), **more))
        keeper.finish(None)
        keeper.see(state(0.0))
    half, full = read_all(path)
    assert half.info.guidance == Guidance(Stage.HALF, 1.5, gentle=True)
    assert [c.cue.time_s for c in half.info.cues] == [1.0]
    assert [c.cue.time_s for c in half.info.held_back] == [20.0]
    assert full.info.guidance == Guidance()


def test_how_the_back_feels_before_and_after(path):
    with Keeper(make_form(), "camera", "en", path=path) as keeper:
        keeper.set_feeling(after=9)  # of nothing
        keeper.set_feeling(before=4)
        keeper.see(state(0.0))
        keeper.finish(None)
        keeper.set_feeling(after=2)
        keeper.see(state(0.0))  # skipped
        keeper.finish(None)
        with pytest.raises(UsageError, match="0 to 10"):
            keeper.set_feeling(before=11)
    first, second = (k.info for k in read_all(path))
    assert (first.feeling_before, first.feeling_after) == (4, 2)
    assert (second.feeling_before, second.feeling_after) == (None, None)
