"""From the set-up into the practice and to its end: real Qt, the real engine, a replayed body."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from figures import Figure, perform
from posecoach.app.practice.desk import SetUpDesk
from posecoach.app.practice.drawing import Canvas
from posecoach.app.practice.resting import RestingCoach
from posecoach.app.practice.set_up import SetUpWishes
from posecoach.app.practice.trouble import TroublePage
from posecoach.capture.camera import CameraInfo
from posecoach.capture.paced import PacedSource
from posecoach.capture.replay import MotionSource
from posecoach.coach.setup_words import advice_text
from posecoach.coach.ways import Way
from posecoach.errors import CameraError
from posecoach.motion import Motion
from posecoach.overlay.setup import draw_set_up
from posecoach.overlay.style import GOOD, OWN

K = Qt.Key
CAMERAS = [CameraInfo(0, "In the lid"), CameraInfo(2, "On a stick")]


class Bright(MotionSource):
    """A replay whose pictures are those of a lit room."""

    def __iter__(self):
        for frame in super().__iter__():
            yield replace(frame, image=np.full_like(frame.image, 120))


@pytest.fixture(scope="module")
def standing():
    """Two repetitions after four seconds of quiet standing, without a fault."""
    figure = Figure(scale=0.38, noise=0.0005)
    return perform(repetitions=1, stand_s=5.0, figure=figure)[0]


def gone_after(motion, time_s, seconds):
    """Return the motion up to a time, and then nobody."""
    seen = motion.cut(0.0, time_s)
    count = round(30 * seconds)
    nobody = np.full((count, 33, 3), np.nan)
    zero = np.zeros((count, 33))
    return Motion(
        np.concatenate([seen.time_s, seen.time_s[-1] + (1 + np.arange(count)) / 30]),
        np.concatenate([seen.image, nobody]),
        np.concatenate([seen.world, nobody]),
        np.concatenate([seen.visibility, zero]),
        np.concatenate([seen.presence, zero]),
    )


def wishes(remembered=None, **more):
    def keep(**fields):
        if remembered is not None:
            remembered.update(fields)

    return SetUpWishes(lambda: CAMERAS, **{"camera": "In the lid", "remember": keep, **more})


@pytest.fixture
def told(trial, monkeypatch):
    """Return what runs a window and takes down every page and line on its way."""

    def run(motion, **options):
        lines = []
        show, draw = SetUpDesk.show, Canvas.draw

        def keep_set_up(desk, result, canvas):
            show(desk, result, canvas)
            lines.append(("set up", desk._page.advice.text))

        def keep_notice(canvas, frame, state, height, notice=None):
            what = "" if notice is None else notice.text or str(notice.count)
            lines.append(("room", what))
            return draw(canvas, frame, state, height, notice)

        monkeypatch.setattr(SetUpDesk, "show", keep_set_up)
        monkeypatch.setattr(Canvas, "draw", keep_notice)
        t = trial(motion, Bright(motion), **options)
        assert t.window.pages.in_set_up
        return t, lines

    return run


def test_it_begins_by_itself_counts_down_and_ends_without_a_cue(told, standing):
    t, lines = told(standing, set_up=wishes())
    t.wait_for_end()
    shown = list(dict.fromkeys(lines))
    assert ("set up", advice_text("stand", "en")) in shown
    first = next(i for i, line in enumerate(lines) if line[0] == "room")
    assert all(line[0] == "room" for line in lines[first:])
    analysis = t.window.analysis
    assert len(analysis.repetitions) == 1
    assert analysis.cues == []
    # The stance that was held is the beginning of the practice: no second one is asked for.
    assert t.window.driver.coach.begun_s == pytest.approx(2.9, abs=0.4)
    assert t.window.driver.coach.analyzer.session.calibration.seconds > 1.5


def test_a_key_begins_at_once_and_escape_leaves(trial, standing):
    t = trial(standing, PacedSource(Bright(standing)), set_up=wishes())
    t.wait(lambda: t.window.pages.set_up.view.has_picture)
    t.press(K.Key_F5)
    t.wait(lambda: t.window.pages.in_room)
    t.press(K.Key_Escape)
    assert t.window.pages.currentWidget() is t.window.summary
    other = trial(standing, PacedSource(Bright(standing)), set_up=wishes())
    other.wait(lambda: other.window.pages.set_up.view.has_picture)
    other.press(K.Key_PageUp)
    assert not other.window.isVisible()
    assert other.window.analysis is None


def test_who_stays_away_ends_the_practice(told, standing):
    t, lines = told(gone_after(standing, 7.0, 60.0), set_up=wishes())
    t.wait_for_end()
    shown = [text for _, text in dict.fromkeys(lines)]
    pause, end = (shown.index(x) for x in ("Pause until you are back", "Come back, or we end"))
    assert pause < end
    assert t.window.driver.coach.last_s < 45.0  # not the whole minute was waited for


def test_cameras_are_offered_by_name_and_the_choice_is_kept(trial, standing):
    opened, remembered = [], {}

    def open_camera(camera):
        opened.append(camera)
        return Bright(standing)

    t = trial(
        standing,
        PacedSource(Bright(standing)),
        set_up=wishes(remembered, open_camera=open_camera),
        language="de",
    )
    page = t.window.pages.set_up
    t.wait(lambda: page.camera_box.count() == 2)
    assert page.camera_box.currentText() == "In the lid"
    page.camera_box.setCurrentIndex(1)
    page.camera_box.activated.emit(1)
    assert remembered == {"camera": "On a stick"}
    t.wait(lambda: bool(opened))
    assert opened == [CAMERAS[1]]
    t.wait(lambda: page.view.has_picture or t.window.pages.in_room)


def test_the_way_is_changed_on_the_page_and_tells_what_is_lost(trial, standing):
    remembered = {}
    t = trial(standing, PacedSource(Bright(standing)), set_up=wishes(remembered), language="de")
    page = t.window.pages.set_up
    t.wait(lambda: bool(page._judged.text()))
    assert "Knie" in page._judged.text()
    page.way_box.setCurrentIndex(2)
    page.way_box.activated.emit(2)
    assert remembered == {"way": Way.UPPER_BODY}
    t.wait(lambda: "Knie: die Beine" in page._lost.text())
    assert "Knie" not in page._judged.text()
    t.press(K.Key_L)
    t.wait(lambda: "Knees: the legs" in page._lost.text())


def test_upper_body_practice_judges_arms_and_trunk_and_no_knees(told, standing):
    t, _ = told(standing, set_up=wishes(way=Way.UPPER_BODY))
    t.wait_for_end()
    (repetition,) = t.window.analysis.repetitions
    assert repetition.measures["lateral_lean"].judged
    assert repetition.measures["arm_height_difference"].judged
    assert not repetition.measures["joint_angle.left_knee"].judged


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["none", "unknown", "busy", "refused", "silent", "gone", "other"])
def test_each_trouble_with_a_camera_has_its_own_words(application, kind, language):
    page = TroublePage()
    page.show_error(CameraError("why", kind), language, can_retry=True, can_choose=True)
    other = TroublePage()
    other.show_error(ValueError("why"), language, can_retry=True, can_choose=True)
    assert page.accessibleName() != other.accessibleName()
    assert page.accessibleDescription().endswith("why")
    assert not page.other_button.isHidden()
    assert other.other_button.isHidden()


def test_a_camera_that_went_away_may_be_replaced_by_another(trial, standing):
    class Unplugged(Bright):
        def __iter__(self):
            for frame in super().__iter__():
                if frame.index == 10:
                    raise CameraError("it went away", "gone")
                yield frame

    t = trial(
        standing,
        Unplugged(standing),
        set_up=wishes(open_camera=lambda camera: Bright(standing)),
        reopen=lambda: Bright(standing),
    )
    w = t.window
    t.wait(lambda: w.pages.currentWidget() is w.troubles)
    assert w.troubles.accessibleName() == "The camera is away"
    w.troubles.other_button.click()
    assert w.pages.in_set_up
    t.wait(lambda: w.pages.set_up.camera_box.count() == 2)
    w.pages.set_up.camera_box.activated.emit(1)
    t.wait_for_end()
    assert len(w.analysis.repetitions) == 1


def test_the_set_ups_picture_shows_where_to_stand_and_who_is_watched(sequence):
    def draw(scale, seconds=0.1):
        coach = RestingCoach(sequence, "en", set_up=True)
        coach.brightness = 120.0
        motion = perform(repetitions=1, figure=Figure(scale=scale))[0].cut(0.0, seconds)
        for o in motion:
            state = coach.step(o)
        grey = np.full((480, 640, 3), 128, np.uint8)
        return {m: draw_set_up(grey, state, mirrored=m) for m in (True, False)}

    def count(picture, colour):
        return int((np.abs(picture.astype(int) - colour).max(axis=-1) < 12).sum())

    fine, near, held = draw(0.38)[True], draw(0.7)[True], draw(0.38, 1.6)[True]
    assert count(fine, GOOD) > 500 > count(near, GOOD)
    assert count(near, OWN) > 500 > count(fine, OWN)
    assert count(near, (250, 250, 250)) > 300 > count(fine, (250, 250, 250))  # the silhouette
    assert count(held, GOOD) > count(fine, GOOD) + 200  # the ring closes
