"""Looking at a form before practising it."""

import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posecoach.app.home.offers import Offer
from posecoach.app.home.window import HomeWindow
from posecoach.app.kit.qt import discard

K = Qt.Key
OFFERS = [
    Offer("opening", {"de": "Eröffnung", "en": "Opening"}, "baduanjin", 12.0),
    Offer("nowhere", {"en": "Nowhere"}, "baduanjin", 12.0),
]


def wait(true):
    end = time.monotonic() + 60.0
    while not true():
        assert time.monotonic() < end, "waited in vain"
        QTest.qWait(10)


def test_the_teacher_shows_the_form_until_one_goes_on(application):
    w = HomeWindow(offers=OFFERS, practised=lambda: ((), None))
    w.show()
    try:
        w._ask_before("opening")
        w.care.main_button.click()
        w.before.scale.choose(4)
        w.before.show_button.click()
        page = w.show_page
        assert w.page is page
        assert page.headline.text() == "Opening"
        wait(lambda: page.playing)
        assert page.view.has_picture
        assert "With a tender back" in page._words.text()
        before = page.view._pixels
        QTest.keyClick(page, K.Key_L)
        assert page.headline.text() == "Eröffnung"
        assert "Bei empfindlichem Rücken" in page._words.text()
        wait(lambda: (page.view._pixels != before).any())
        QTest.keyClick(page, K.Key_PageDown)  # a presenter's remote
        assert w.page is w.before
        assert not page.playing
        assert w.before.scale.value == 4
        assert w.choice is None
    finally:
        discard(w)


def test_what_cannot_be_shown_says_why(application):
    w = HomeWindow(offers=OFFERS, practised=lambda: ((), None))
    w.show()
    try:
        w._ask_before("nowhere")
        w.care.main_button.click()
        w.before.show_button.click()
        wait(lambda: w.show_page._error)
        assert "nowhere" in w.show_page._error
        w.show_page.main_button.click()
        assert w.page is w.before
    finally:
        discard(w)
