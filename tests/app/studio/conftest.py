"""A form on a teacher's desk: real Qt drawn in memory, a figure instead of a camera."""

import shutil
import time

import pytest
from PySide6.QtTest import QTest

from posecoach.app.kit.qt import discard
from posecoach.app.studio.window import StudioWindow
from posecoach.capture.replay import MotionEstimator, MotionSource
from posecoach.reference.files import save_sequence
from posecoach.reference.record import make_sequence
from posecoach.reference.sequence import Phase

COMMENT = "# Ask Frau Übung before this is changed."


@pytest.fixture(scope="session")
def written(teacher, tmp_path_factory):
    """Return a form of two takes that somebody has written in."""
    folder = tmp_path_factory.mktemp("written") / "heavens"
    phases = (
        Phase("raise", 0.0, 4.0, "in", {"de": "Heben", "en": "Raise"}),
        Phase("hold", 4.0, 6.0, "free", {"de": "Halten", "en": "Hold"}),
        Phase("lower", 6.0, 10.0, "out", {"de": "Senken", "en": "Lower"}),
    )
    titles = {"de": "Den Himmel stützen", "en": "Holding up the heavens"}
    save_sequence(make_sequence("heavens", [teacher], titles=titles, phases=phases), folder)
    toml = folder / "sequence.toml"
    text = toml.read_text(encoding="utf-8")
    text = f'{COMMENT}\nsong = "Morning"\n{text}'
    text = text.replace('id = "hold"', 'id = "hold"  # quietly\nstool = true')
    toml.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def form(written, own_forms):
    """Return the form as one of the user's own."""
    target = own_forms / "heavens"
    shutil.copytree(written, target)
    yield target
    for path in (*own_forms.iterdir(),):
        shutil.rmtree(path)


class Bench:
    """The window and hands to work with it."""

    def __init__(self, motion):
        self.window = StudioWindow(
            "en", lambda: MotionEstimator(motion), lambda: MotionSource(motion)
        )
        self.window.resize(1366, 768)
        self.window.show()

    @property
    def desk(self):
        return self.window.desk

    @property
    def editor(self):
        return self.window.editor

    def open(self, form):
        self.window.open_form(form)
        QTest.qWait(20)
        return self

    def answer(self, words):
        """Press a button of the question that is asked."""
        question = self.window.question
        button = next(b for b in question.buttons if b.text() == words)
        button.click()
        QTest.qWait(5)

    def wait(self, true):
        end = time.monotonic() + 60
        while not true():
            assert time.monotonic() < end, "waited in vain"
            QTest.qWait(5)


@pytest.fixture
def bench(application, teacher):
    one = Bench(teacher)
    yield one
    one.window._leaving = True
    if one.desk is not None:
        one.desk.close(drop=True)
    discard(one.window)


@pytest.fixture
def opened(bench, form):
    return bench.open(form)
