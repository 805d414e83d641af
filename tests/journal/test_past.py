"""From a journal to the next session's guidance."""

import gzip
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journal.things import make_cue, make_form, make_repetition
from posecoach.coach.guidance import Guidance, Stage
from posecoach.journal.past import choose_guidance, plan_session, read_past, read_retention
from posecoach.journal.schema import MIGRATIONS
from posecoach.journal.store import Journal
from posecoach.measure.judgement import Judgement

OLD = Path(__file__).parent / "data" / "version-1.sqlite.gz"


@pytest.fixture
def old(path):
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    return path


def lean(deviation, tolerance=4.0):
    return {
        "lateral_lean": Judgement(
            deviation, 0.0, deviation, deviation, 0.5, tolerance, "deg", True, None
        ),
        "tempo_ratio": Judgement(0.8, 1.0, -0.2, -0.2, 0.02, 0.25, "ratio", True, None),
    }


def keep(path, days, stage="full", deviation=0.0, cued=False, n=3, form="heavens", **more):
    """Keep sessions, one a day, from the first of the month."""
    with Journal.open(path) as journal:
        for day in days:
            at = datetime(2026, 11, 1, 8, tzinfo=UTC) + timedelta(days=day)
            writer = journal.start_session(
                make_form(form), "camera", "en", started_at=at, guidance=Guidance(stage, **more)
            )
            for k in range(n):
                writer.add_repetition(
                    replace(make_repetition(k), measures=lean(deviation), worst_place_s={})
                )
            if cued:
                writer.add_cue(make_cue())
            writer.finish(practised_s=40.0)


def test_a_journal_of_the_first_version_is_brought_up_to_date(old):
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
        before = {
            t: connection.execute(f"SELECT * FROM {t}").fetchall()
            for t in ("session", "repetition", "measure", "tempo", "stretch", "cue", "note")
        }
    with Journal.open(old) as journal:
        bow, heavens = journal.list_sessions()
        kept = journal.read_session(heavens.id)
        journal.set_feeling(heavens.id, after=2)
        assert journal.read_session(heavens.id).info.feeling_after == 2
    assert (bow.form, heavens.form) == ("bow", "heavens")
    assert heavens.guidance is None
    assert (heavens.feeling_before, heavens.feeling_after) == (None, None)
    assert [c.cue.text for c in heavens.cues] == ["Scheitel hoch, mehr rechts"]
    assert heavens.held_back == ()
    for k, repetition in enumerate(kept.repetitions, 1):
        as_now = make_repetition(k).measures  # with measures that came later
        assert len(repetition.measures) == 8
        assert repetition.measures == {m: as_now[m] for m in repetition.measures}
    assert len(kept.repetitions) == 2
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        for table, rows in before.items():
            now = connection.execute(f"SELECT * FROM {table}").fetchall()
            assert [r[: len(rows[0])] for r in now] == rows


def test_an_old_journal_can_be_planned_from(old):
    with Journal.open(old) as journal:
        (past,) = read_past(journal, "heavens")
    assert past.stage == Stage.FULL
    assert past.cued == {"lateral_lean.left"}
    assert len(past.faults) == 2


def test_the_tolerance_at_the_worst_place_is_kept(path, form, repetition):
    measures = {"lateral_lean": replace(lean(3.0)["lateral_lean"], worst_tolerance=7.5)}
    with Journal.open(path) as journal:
        writer = journal.start_session(form, "camera", "en")
        writer.add_repetition(replace(repetition(1), measures=measures))
        (kept,) = journal.read_session(writer.id).repetitions
    assert kept.measures == measures


def test_without_a_journal_it_begins_at_the_beginning(path, tmp_path):
    assert plan_session("heavens", path).reason == "first"
    assert not path.exists()
    broken = tmp_path / "other.sqlite"
    broken.write_bytes(b"no database at all")
    assert plan_session("heavens", broken).reason == "first"


def test_good_sessions_lead_on_and_each_form_has_its_own(path):
    keep(path, range(2))
    plan = plan_session("heavens", path)
    assert (plan.stage, plan.reason) == (Stage.HALF, "less")
    assert plan.comfort.tempo == pytest.approx((0.8, 1.0))
    assert plan_session("bow", path).reason == "first"
    keep(path, [3], stage="half", deviation=12.0)
    assert plan_session("heavens", path).stage == Stage.FULL


def test_a_fault_is_one_for_whom_it_was_one(path):
    keep(path, range(2), deviation=5.5)
    assert plan_session("heavens", path).stage == Stage.FULL
    keep(path, range(2), deviation=5.5, form="bow", strictness=1.5)
    assert plan_session("bow", path).stage == Stage.HALF


def test_what_a_pass_without_feedback_shows(path):
    assert read_retention("heavens", path) is None
    keep(path, range(4), cued=True)
    assert read_retention("heavens", path) is None
    assert plan_session("heavens", path).stage == Stage.NONE
    keep(path, [5], stage="none")
    assert read_retention("heavens", path).stayed == ("lateral_lean.left",)
    keep(path, [6], stage="none", deviation=9.0)
    assert read_retention("heavens", path).returned == ("lateral_lean.left",)


def test_what_is_chosen_counts_and_nonsense_does_not(path):
    keep(path, range(2))
    assert choose_guidance("heavens", path=path).stage == Stage.HALF
    chosen = choose_guidance("heavens", "none", 2.0, True, path)
    assert (chosen.stage, chosen.strictness, chosen.gentle) == (Stage.NONE, 2.0, True)
    odd = choose_guidance("heavens", "sometimes", 99.0, False, path)
    assert (odd.stage, odd.strictness) == (Stage.HALF, 1.0)
