"""Whose turn it is today, and what was practised."""

from datetime import UTC, date, datetime, timedelta

import pytest

from journal.things import make_form, make_repetition
from posecoach.journal.glance import Practised, choose_today, read_practised
from posecoach.journal.store import Journal

TODAY = date(2026, 5, 20)
FORMS = ("one", "two", "three")


def past(*spans):
    """Return sessions from (form, days ago), the newest first."""
    noon = datetime(2026, 5, 20, 12).astimezone()
    return [Practised(form, noon - timedelta(days=d), 60.0, 2) for form, d in spans]


@pytest.mark.parametrize(
    ("practised", "wanted"),
    [
        ((), "one"),
        ((("two", 1),), "two"),
        ((("two", 1), ("two", 1), ("two", 1)), "two"),  # one day
        ((("two", 1), ("two", 2), ("two", 3)), "three"),
        ((("two", 0), ("two", 2), ("two", 3)), "two"),  # all day
        ((("three", 1), ("three", 2), ("three", 3)), "one"),  # and round again
        ((("gone", 1), ("two", 2)), "two"),
        (
            tuple((f, d) for d, f in enumerate(("three", "one", "two") * 3, 1)),
            "two",  # all are at home; it has rested longest
        ),
    ],
)
def test_whose_turn_it_is(practised, wanted):
    assert choose_today(FORMS, past(*practised), TODAY) == wanted


def test_no_form_no_turn():
    assert choose_today((), past(("one", 1)), TODAY) is None


def test_sessions_with_a_repetition_are_seen(tmp_path):
    path = tmp_path / "journal.sqlite3"
    assert read_practised(path) == ((), None)
    assert not path.exists()
    at = datetime(2026, 5, 1, 8, tzinfo=UTC)
    with Journal.open(path) as journal:
        for k, n in enumerate((2, 0, 1)):
            started = at + timedelta(days=k)
            writer = journal.start_session(make_form(), "camera", "en", started_at=started)
            for i in range(n):
                writer.add_repetition(make_repetition(i))
            if k == 0:
                writer.finish(practised_s=77.0)
    practised, problem = read_practised(path)
    assert problem is None
    assert [(p.started_at, p.repetitions) for p in practised] == [
        (at + timedelta(days=2), 1),
        (at, 2),
    ]
    assert practised[1].practised_s == 77.0
    assert practised[0].practised_s > 0


def test_a_damaged_journal_is_told_in_a_line(tmp_path):
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"no database" * 1000)
    practised, problem = read_practised(path)
    assert practised == ()
    assert "damaged" in problem
    assert "\n" not in problem
