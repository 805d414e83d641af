"""A person's first minutes, by keys alone: home, care, the back, practice, how it was, history."""

import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from app.conftest import TITLES, ReplayEstimator
from app.walking import find_nameless
from figures import Figure, perform
from posecoach.app.home.offers import Offer
from posecoach.app.home.window import HomeWindow
from posecoach.app.practice.window import PracticeWindow
from posecoach.capture.camera import CameraInfo
from posecoach.capture.replay import MotionSource
from posecoach.capture.video import VideoFile
from posecoach.commands.window import practise_in_window
from posecoach.journal.store import Journal
from posecoach.reference.files import save_sequence
from posecoach.settings import SettingsStore

K = Qt.Key
_PATIENCE_S = 60.0


class Person:
    """Does one thing after another, each as soon as what it waits for is there."""

    def __init__(self, application, steps):
        self._application, self._steps = application, steps(self)
        self._until, self._since, self.error = None, time.monotonic(), None
        self._timer = QTimer()
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._live)
        self._timer.start()
        self.done = False

    def window(self, kind):
        found = [w for w in self._application.topLevelWidgets() if isinstance(w, kind)]
        return next((w for w in found if w.isVisible()), None)

    def press(self, *keys):
        window = self.window(HomeWindow) or self.window(PracticeWindow)
        for key in keys:
            QTest.keyClick(window.focusWidget() or window, key)

    def _live(self):
        if self.error is not None:  # let everything end
            for window in self._application.topLevelWidgets():
                window.close()
            return
        try:
            if self._until is not None and not self._until():
                assert time.monotonic() - self._since < _PATIENCE_S, "waited in vain"
                return
            self._until, self._since = next(self._steps), time.monotonic()
        except StopIteration:
            self.done = True
            self._timer.stop()
        except Exception as error:
            self.error = error

    def stop(self):
        self._timer.stop()


@pytest.fixture
def machine(tmp_path, monkeypatch, sequence, leaning):
    """Everything as on a person's own computer, but for the camera and the model."""
    for name in ("DATA", "FORMS", "CONFIG"):
        monkeypatch.setenv(f"POSECOACH_{name}", str(tmp_path / name.lower()))
    save_sequence(sequence, tmp_path / "forms" / "heavens")
    offers = [Offer("heavens", TITLES, seconds=10.0)]
    monkeypatch.setattr("posecoach.app.home.window.find_offers", lambda: offers)
    monkeypatch.setattr("posecoach.pose.bundle.ensure_model", lambda *a: None)
    monkeypatch.setattr("posecoach.pose.person.PersonEstimator", lambda path: Closing(leaning))
    monkeypatch.setattr(
        "posecoach.capture.sources.open_source", lambda *a, **m: MotionSource(leaning)
    )
    return tmp_path


class Lit(MotionSource):
    """A replay whose pictures are those of a lit room."""

    def __iter__(self):
        for frame in super().__iter__():
            yield replace(frame, image=np.full_like(frame.image, 120))


class Closing(ReplayEstimator):
    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def after(seconds):
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


WORDS = {
    "en": ("Well practised", "Crown up, drift right", "Today, ", "back 4 → 3"),
    "de": ("Schön geübt", "Scheitel hoch, mehr rechts", "Heute, ", "Rücken 4 → 3"),
}


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_first_minutes_by_keys_alone(application, machine, language):
    done, cue, today, back = WORDS[language]
    seen = []

    def steps(person):
        def home():
            return person.window(HomeWindow)

        def practice():
            return person.window(PracticeWindow)

        yield home
        w = home()
        seen.append(w.page.headline.text())
        person.press(K.Key_Return)
        assert w.page is w.care
        person.press(K.Key_Return)
        assert w.page is w.before
        person.press(K.Key_4, K.Key_Return)
        yield lambda: practice() is not None and practice().summary.asking
        p = practice()
        yield after(1.1)
        person.press(K.Key_3, K.Key_Return)
        assert not p.summary.asking
        seen.append(p.summary.accessibleDescription())
        person.press(K.Key_M)
        assert p.summary.moment.headline.text() == cue
        assert find_nameless(p.summary) == []
        yield after(0.3)
        person.press(K.Key_Escape)
        assert p.summary.pages.currentWidget() is p.summary.overview
        yield after(1.1)
        person.press(K.Key_L, K.Key_Return)
        yield home
        w = home()
        assert w.language != language  # what was switched while practising is spoken at home
        assert SettingsStore().settings.language == w.language
        person.press(K.Key_L)
        for _ in range(10):
            if w.focusWidget() is not w.welcome.ways["history"]:
                person.press(K.Key_Down)
        person.press(K.Key_Return)
        assert w.page is w.history
        seen.append(w.history.sessions.item(0).text())
        person.press(K.Key_Escape)
        assert w.page is w.welcome
        person.press(K.Key_Escape)

    person = Person(application, steps)
    status = practise_in_window(None, machine / "me.mp4", None, language, voice=False)
    person.stop()
    if person.error is not None:
        raise person.error
    assert (status, person.done) == (0, True)
    assert seen[0] in ("Welcome", "Willkommen")
    assert done in seen[1]
    assert cue in seen[1]
    assert seen[2].startswith(today)
    assert back in seen[2]
    with Journal.open() as journal:
        (info,) = journal.list_sessions()
    assert (info.form, info.repetitions) == ("heavens", 1)
    assert (info.feeling_before, info.feeling_after) == (4, 3)
    assert SettingsStore().settings.care_read is not None
    # What was agreed to is not asked again, and no video is left.
    assert not (machine / "data" / "videos").exists()


def test_gentle_practice_ends_after_three(application, sequence, trial):
    from posecoach.coach.guidance import Guidance

    motion = perform(repetitions=4, fps=12.0)[0]
    t = trial(motion, guidance=Guidance(gentle=True))
    t.wait_for_end()
    assert len(t.window.analysis.repetitions) == 3
    assert t.window.analysis.cues == []


def test_at_the_end_the_back_is_asked_about_and_the_moment_is_there(trial, leaning):
    t = trial(leaning, ask_feeling=True, home=True)
    t.wait_for_end()
    summary = t.window.summary
    assert summary.asking
    summary.after.main_button.click()
    assert summary.close_button.text() == "Done"
    assert summary.moment_button.isVisible()
    t.window.set_language("de")
    assert summary.close_button.text() == "Fertig"


def test_a_video_that_was_asked_for_is_replayed_listed_and_deleted(
    application, machine, monkeypatch, run
):
    """Asked for in the settings, seen again at the moment of the cue, and gone when wanted."""
    figure = Figure(scale=0.38, noise=0.0005)
    still = perform(repetitions=1, stand_s=5.0, figure=figure)[0].time_s
    lean = 14.0 * ((still > 6.5) & (still < 12.0))
    me = perform(repetitions=1, stand_s=5.0, figure=figure, lean=lean)[0]
    camera = CameraInfo(0, "In the lid")
    monkeypatch.setattr("posecoach.commands.cameras.list_cameras", lambda: [camera])
    monkeypatch.setattr("posecoach.commands.cameras.open_source", lambda *a, **m: Lit(me))
    monkeypatch.setattr("posecoach.pose.person.PersonEstimator", lambda path: Closing(me))
    kept = []

    def steps(person):
        yield lambda: person.window(HomeWindow)
        w = person.window(HomeWindow)
        w.welcome.ways["settings"].click()
        w.settings.switches["keep_video"].click()
        person.press(K.Key_Escape, K.Key_Return, K.Key_Return, K.Key_Return)
        yield lambda: person.window(PracticeWindow) and person.window(PracticeWindow).summary.asking
        p = person.window(PracticeWindow)
        yield after(1.1)
        person.press(K.Key_Return, K.Key_M)
        assert p.summary.moment.isVisible()
        (moment,) = p.driver.moments.moments
        kept.extend(picture for _, picture in moment.frames)
        person.press(K.Key_Escape)
        yield after(1.1)
        person.press(K.Key_Return)
        yield lambda: person.window(HomeWindow)
        person.press(K.Key_Escape)

    person = Person(application, steps)
    practise_in_window(None, None, None, "en", voice=False)
    person.stop()
    if person.error is not None:
        raise person.error
    assert len(kept) > 50
    assert all(cv2.imdecode(np.frombuffer(p, np.uint8), 1).mean() > 100 for p in kept)
    (video,) = (machine / "data" / "videos").iterdir()
    with VideoFile(video) as film:
        assert (film.width, film.height) == (640, 480)
        assert film.frame_count == pytest.approx(25 * (me.duration_s - 2.9), rel=0.15)
    assert str(video.parent) in run("data", "list").out
    run("data", "delete", "--videos", "--yes").went_well()
    assert not video.exists()
    assert len(run("history").out.splitlines()) >= 1
