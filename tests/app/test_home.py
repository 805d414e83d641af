"""The first window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posecoach.app.home import Choice, HomeWindow, Offer, choose_practice, find_offers
from posecoach.app.qt import discard
from posecoach.capture.camera import CameraInfo
from posecoach.reference.files import save_sequence
from posecoach.reference.library import FORMS_ENV

CAMERAS = [CameraInfo(0, "Built-in camera"), CameraInfo(2, "Camera on a stick")]


@pytest.fixture
def home(application, sequence):
    made = []

    def make(offers=None, cameras=lambda: CAMERAS, language="en"):
        offers = [Offer("heavens", sequence), Offer("torn", None, "a page is missing")]
        made.append(HomeWindow(language, offers=offers, cameras=cameras))
        made[-1].resize(1000, 640)
        made[-1].show()
        return made[-1]

    yield make
    for window in made:
        discard(window)


def test_start_gives_what_was_chosen(home):
    w = home()
    assert w.forms.item(0).text().startswith("Holding up the heavens\n10 seconds")
    w.camera_box.setCurrentIndex(1)
    w.start_button.click()
    assert w.choice == Choice("heavens", 2, "en")
    assert not w.isVisible()


def test_return_starts_and_escape_leaves(home):
    w = home()
    QTest.keyClick(w.forms, Qt.Key.Key_Return)
    assert w.choice == Choice("heavens", 0, "en")
    w = home()
    QTest.keyClick(w.forms, Qt.Key.Key_Escape)
    assert w.choice is None
    assert not w.isVisible()


def test_the_language_changes_everywhere(home):
    w = home()
    w.language_button.click()
    assert w.language == "de"
    assert w.forms.item(0).text().startswith("Den Himmel stützen")
    assert w.language_button.text() == "English"
    w.start()
    assert w.choice.language == "de"


def test_a_form_that_cannot_be_opened_cannot_be_started(home):
    w = home()
    w.forms.setCurrentRow(1)
    assert "a page is missing" in w.forms.item(1).text()
    assert not w.start_button.isEnabled()
    w.start()
    assert w.choice is None


def test_a_camera_plugged_in_later_is_found(home):
    there = []
    w = home(cameras=lambda: there)
    assert not w.start_button.isEnabled()
    assert w.search_button.isVisible()
    w.switch_language()
    w.switch_language()
    there.append(CAMERAS[1])
    w.search_button.click()
    assert w.start_button.isEnabled()
    assert not w.search_button.isVisible()
    w.start_button.click()
    assert w.choice.camera == 2


def test_offers_are_the_forms_at_hand(sequence, tmp_path, monkeypatch):
    monkeypatch.setenv(FORMS_ENV, str(tmp_path))
    save_sequence(sequence, tmp_path / "aaa-mine")
    (tmp_path / "aaa-torn").mkdir()
    (tmp_path / "aaa-torn" / "sequence.toml").write_text("no = toml =")
    offers = {o.id: o for o in find_offers()}
    assert offers["aaa-mine"].sequence is not None
    assert offers["aaa-torn"].sequence is None
    assert "\n" not in offers["aaa-torn"].problem
    assert list(offers)[-1] == "aaa-torn"


def test_the_window_returns_none_if_it_is_closed(application, monkeypatch):
    from PySide6.QtCore import QTimer

    from posecoach.app import home

    monkeypatch.setattr(home, "find_offers", list)

    def close():
        for window in application.topLevelWidgets():
            if isinstance(window, HomeWindow) and window.isVisible():
                window.close()
                return
        QTimer.singleShot(20, close)

    QTimer.singleShot(20, close)
    assert choose_practice("de") is None
