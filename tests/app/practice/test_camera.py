"""A real camera object over stand-ins of the device: in use, missing, unplugged in mid-practice."""

import itertools

import pytest
from PySide6.QtCore import Qt

from capture.fakes import FakeCapture, steady
from posecoach.app.kit.qt import discard
from posecoach.app.practice.drawing import Canvas
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.camera import Camera, CameraInfo
from posecoach.text import translate

K = Qt.Key
LID = CameraInfo(0, "In the lid")


def open_camera(captures, cameras=(LID,)):
    queue = iter(captures)
    return Camera(
        opener=lambda index: next(queue, FakeCapture((), opened=False)),
        cameras=lambda: list(cameras),
        gone_s=0.2,
        reopen_s=1.0,
    )


def test_unplugged_it_is_looked_for_then_told_and_tried_again(trial, leaning, monkeypatch):
    texts = []
    draw = Canvas.draw

    def keep(canvas, frame, state, lines, notice=None):
        texts.append("" if notice is None else notice.text)
        return draw(canvas, frame, state, lines, notice)

    monkeypatch.setattr(Canvas, "draw", keep)
    first = open_camera([FakeCapture(itertools.repeat(0.02, 40), size=(320, 240))])
    again = iter([lambda: open_camera([FakeCapture(steady(0.02), size=(320, 240))])])
    t = trial(leaning, first, reopen=lambda: next(again)(), language="de")
    w = t.window
    t.wait(lambda: w.pages.currentWidget() is w.troubles)
    # What stands over the last picture is read, and not only given to a screen reader.
    assert texts[-1] == translate("One moment, the camera is away", "de")
    assert w.troubles.accessibleName() == translate("The camera is away", "de")
    frames, told = w.driver.coach.frames, len(texts)
    t.press(K.Key_PageDown)
    t.wait(lambda: w.driver.coach.frames > frames + 5 and len(texts) > told)
    assert texts[-1] == ""
    assert w.pages.in_room


def test_what_is_in_use_is_waited_for_by_the_person(application, sequence, leaning, replayed):
    tries = iter([[], [], [FakeCapture(steady(0.02), size=(320, 240))]])
    cameras = iter([(), (LID,), (LID,)])
    wishes = PracticeWishes(reopen=lambda: open_camera(next(tries), next(cameras)))
    window = PracticeWindow(sequence, None, replayed(leaning), wishes=wishes)
    window.show()

    def wait(true):
        while not true():
            application.processEvents()

    wait(lambda: window.troubles.accessibleName() == "There is no camera")
    window.troubles.again_button.click()
    wait(lambda: window.troubles.accessibleName() == "The camera is in use")
    assert window.troubles.again_button.isVisible()
    window.troubles.again_button.click()
    wait(lambda: window.view.has_picture)
    assert window.pages.in_room
    discard(window)


@pytest.mark.parametrize("key", [K.Key_F5, K.Key_PageDown, K.Key_Space, K.Key_Return])
def test_a_remote_or_any_key_that_goes_on_tries_again(trial, leaning, key):
    t = trial(leaning, open_camera([FakeCapture(steady(0.02))]))
    w, asked = t.window, []
    w.troubles.again.disconnect()
    w.troubles.again.connect(lambda: asked.append("again"))
    w.troubles.other.disconnect()
    w.troubles.other.connect(lambda: asked.append("other"))
    w._meet_trouble(ValueError("why"))
    w.troubles.again_button.show()
    w.troubles.other_button.show()
    t.press(key)
    assert asked == ["again"]
    t.press(K.Key_PageUp)
    assert asked == ["again", "other"]
    t.press(K.Key_Escape)
    assert w.pages.currentWidget() is w.summary
