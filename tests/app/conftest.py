"""Real Qt, drawn in memory."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import sys
import threading
import time
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from figures import Figure, perform
from posecoach.analysis import analyze
from posecoach.app.kit.qt import discard, make_application
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.replay import MotionSource
from posecoach.reference.record import make_sequence

TITLES = {"de": "Den Himmel stützen", "en": "Holding up the heavens"}


@pytest.fixture(scope="session")
def application():
    return make_application()


@pytest.fixture(scope="session")
def teacher():
    return perform(repetitions=2)[0]


@pytest.fixture(scope="session")
def sequence(teacher):
    return make_sequence("heavens", [teacher], titles=TITLES)


@pytest.fixture(scope="session")
def leaning():
    """One repetition, leaning to the left throughout, by another body."""
    figure = Figure(trunk=0.55, scale=0.38, noise=0.001)
    motion = perform(repetitions=1, figure=figure)[0]
    lean = 14.0 * ((motion.time_s > 2.5) & (motion.time_s < 11.5))
    return perform(repetitions=1, figure=figure, lean=lean)[0]


@pytest.fixture(scope="session")
def analysis(leaning, sequence):
    return analyze(leaning, sequence)


@pytest.fixture(scope="session")
def short(leaning):
    return leaning.cut(0.0, 1.99)


class ReplayEstimator:
    """What was recorded for a frame's number, at the frame's own time."""

    def __init__(self, motion):
        self.motion, self.closed, self.times = motion, False, []

    def estimate(self, frame):
        self.times.append(frame.time_s)
        return replace(self.motion.at(frame.index), time_s=frame.time_s)

    def close(self):
        self.closed = True


class Trial:
    """A window and what it needs."""

    def __init__(self, sequence, motion, source=None, **options):
        self.motion = motion
        self.estimator = ReplayEstimator(motion)
        self.source = self.open() if source is None else source
        self.window = PracticeWindow(
            sequence,
            self.source,
            self.estimator,
            options.pop("language", "en"),
            PracticeWishes(**options),
        )
        self.window.resize(640, 480)
        self.window.show()

    def open(self):
        return MotionSource(self.motion)

    def wait(self, true, timeout_s=60.0):
        end = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < end, "waited in vain"
            QTest.qWait(5)

    def wait_for_picture(self):
        self.wait(lambda: self.window.view.has_picture)

    def wait_for_end(self):
        self.wait(lambda: self.window.pages.currentWidget() is self.window.summary)

    def press(self, *keys):
        for key in keys:
            QTest.keyClick(self.window.focusWidget() or self.window, key)


@pytest.fixture
def replayed():
    return ReplayEstimator


@pytest.fixture
def trial(application, sequence):
    made = []

    def make(motion, source=None, **options):
        made.append(Trial(sequence, motion, source, **options))
        return made[-1]

    yield make
    for one in made:
        discard(one.window)


@pytest.fixture(autouse=True)
def no_error_on_the_way(monkeypatch):
    """Qt goes on after an error in a slot; a test must not."""
    errors = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: errors.append(error))
    yield
    assert errors == []


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert not any(t.name.startswith("posecoach-") for t in threading.enumerate())
