"""The window's practice is kept: the driver passes on what happens."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import time

import pytest

from figures import perform
from posecoach.app.kit.qt import discard, make_application
from posecoach.app.practice.driving import Driver
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.replay import MotionEstimator, MotionSource
from posecoach.journal.keeper import Keeper
from posecoach.journal.store import Journal
from posecoach.reference.record import make_sequence


@pytest.fixture(scope="module")
def motion():
    return perform(fps=15.0)[0]


@pytest.fixture(scope="module")
def sequence(motion):
    return make_sequence("heavens", [motion])


def wait(true, timeout_s=60.0):
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_a_practice_and_another_one(path, sequence, motion):
    source = MotionSource(motion)
    with Keeper(sequence, "camera", "en", path=path) as keeper:
        driver = Driver(sequence, source, MotionEstimator(motion), "en", None, keeper)
        wait(lambda: driver.finished)
        first = driver.finish()
        assert driver.finish() is None
        driver.coach.analyzer.session.language = "de"
        driver.restart("en")
        driver.finish()  # nothing was watched
        assert driver.take_problems() == []
    with Journal.open(path) as journal:
        (info,) = journal.list_sessions()
    assert info.repetitions == len(first.repetitions) == 2
    assert info.practised_s == pytest.approx(motion.duration_s, abs=0.2)
    assert info.ended_at is not None


def test_a_rest_is_noted(path, sequence, motion):
    with Keeper(sequence, "camera", "en", path=path) as keeper:
        driver = Driver(sequence, MotionSource(motion), MotionEstimator(motion), "en", None, keeper)
        wait(lambda: driver.coach.frames > 3)
        driver.coach.rest(True)
        frames = driver.coach.frames
        wait(lambda: driver.finished)
        assert driver.coach.frames - frames <= 2
        driver.finish()
    with Journal.open(path) as journal:
        kept = journal.read_session(1)
    assert [n.kind for n in kept.notes] == ["rest"]


def test_the_summary_says_that_nothing_could_be_kept(tmp_path, sequence, motion):
    application = make_application()
    (tmp_path / "file").write_bytes(b"")
    with Keeper(sequence, "camera", "en", path=tmp_path / "file" / "j.sqlite3") as keeper:
        source, wishes = MotionSource(motion), PracticeWishes(keeper=keeper)
        window = PracticeWindow(sequence, source, MotionEstimator(motion), "en", wishes)
        window.show()

        def ended():
            application.processEvents()
            return window.pages.currentWidget() is window.summary

        wait(ended)
        told = window.summary.accessibleDescription()
        discard(window)
    assert "This practice cannot be kept for now: Expected to keep sessions in" in told
    assert "2 repetitions" in told
