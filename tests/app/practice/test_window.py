"""The practice window: real Qt, the real engine, a replayed body."""

import threading
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.walking import find_nameless
from journal.things import make_cue, make_repetition
from posecoach.app.kit.qt import discard
from posecoach.app.practice.drawing import Canvas
from posecoach.app.practice.resting import RestingCoach
from posecoach.app.practice.running import run_practice
from posecoach.app.practice.set_up import SetUpWishes
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.base import Frame
from posecoach.capture.camera import CameraInfo
from posecoach.capture.paced import PacedSource
from posecoach.capture.replay import MotionSource
from posecoach.coach.guidance import Guidance
from posecoach.coach.words import cue_text
from posecoach.errors import CameraError, InputError, UsageError
from posecoach.journal.keeper import Keeper
from posecoach.journal.store import Journal
from posecoach.overlay import OverlayWriter, Renderer
from posecoach.voice import Announcer

K = Qt.Key
LEAN_LEFT = cue_text("lateral_lean", "left", "en")


class Failing(MotionSource):
    """Gives some pictures and fails."""

    def __init__(self, motion, error, after=30):
        super().__init__(motion)
        self.error, self.after, self.closed = error, after, 0

    def __iter__(self):
        for frame in super().__iter__():
            if frame.index == self.after:
                raise self.error
            yield frame

    def close(self):
        self.closed += 1


def paced(motion):
    return PacedSource(MotionSource(motion))


def test_a_whole_practice_ends_in_its_summary(trial, leaning):
    finished = []
    t = trial(leaning, on_finished=finished.append)
    t.wait_for_end()
    window = t.window
    assert finished == [window.analysis]
    assert len(window.analysis.repetitions) == 1
    assert {(c.measure, c.direction) for c in window.analysis.cues} == {("lateral_lean", "left")}
    told = window.summary.accessibleDescription()
    assert "Holding up the heavens" in told
    assert "1 repetition" in told
    assert LEAN_LEFT in told
    assert not t.estimator.closed  # it is the caller's
    t.press(K.Key_Escape)
    assert not window.isVisible()
    assert finished == [window.analysis]


def test_space_lets_the_coach_rest_and_the_picture_goes_on(trial, leaning):
    t = trial(leaning, paced(leaning))
    t.wait_for_picture()
    t.press(K.Key_Space)
    coach = t.window.driver.coach
    assert coach.resting
    assert t.window.row.pause.text() == "Go on"
    frames, number = coach.frames, t.window._shown.number
    t.wait(lambda: t.window._shown.number > number + 5)
    assert coach.frames <= frames + 1
    assert t.window.view.accessibleDescription() == "Pause, the coach rests"
    t.press(K.Key_Space)
    assert not coach.resting
    t.wait(lambda: coach.frames > frames + 5)


def test_the_engine_takes_a_rest_for_an_absence(sequence, leaning):
    coach = RestingCoach(sequence, "en")
    for i, observation in enumerate(leaning):
        if i in (100, 200):
            coach.rest(i == 100)
        state = coach.step(observation)
        assert state.cue is None or not 100 <= i <= 200
    assert coach.practised_s == pytest.approx(leaning.duration_s - 101 / 30, abs=0.05)
    assert all(not 3.3 < c.time_s < 6.7 for c in coach.finish().cues)


def test_a_cue_on_show_follows_the_language(sequence, leaning):
    coach = RestingCoach(sequence, "en")
    states = map(coach.step, leaning)
    shown = next(s for s in states if s.cue is not None)
    coach.set_language("de")
    german = cue_text("lateral_lean", "left", "de")
    assert (shown.cue.text, coach.reword(shown).cue.text) == (LEAN_LEFT, german)
    assert next(states).cue.text == german


def test_keys_change_mirror_ghost_language_and_screen(trial, leaning):
    kept = {}
    t = trial(leaning, paced(leaning), remember=lambda **fields: kept.update(fields))
    t.wait_for_picture()
    w = t.window
    t.press(K.Key_M, K.Key_G)
    assert not w.renderer.mirrored
    assert (w.renderer.ghost, w.renderer.inset) == (False, True)
    assert kept == {"mirrored": False, "ghost": False, "inset": True}
    t.press(K.Key_M, K.Key_G)
    assert w.renderer.mirrored
    assert (w.renderer.ghost, w.renderer.inset) == (False, False)
    t.press(K.Key_G)
    assert (w.renderer.ghost, w.renderer.inset) == (True, False)
    t.press(K.Key_L)
    assert w.language == w.renderer.language == "de"
    assert w.driver.coach.analyzer.session.language == "de"
    assert "Himmel" in w.windowTitle()
    assert kept["language"] == "de"
    t.press(K.Key_F)
    assert w.isFullScreen()
    w.full_screen.sleep()
    assert not w.row.isVisible()
    w.full_screen.wake()
    assert w.row.isVisible()
    t.press(K.Key_F11)
    assert not w.isFullScreen()


def test_a_presenter_s_remote_is_enough(trial, leaning):
    kept = {}
    t = trial(
        leaning,
        paced(leaning),
        announcer=Announcer("en", speaker=Heard()),
        remember=lambda **fields: kept.update(fields),
    )
    t.wait_for_picture()
    w = t.window
    t.press(K.Key_PageDown)
    assert w.driver.coach.resting
    t.press(K.Key_F5, K.Key_PageUp, K.Key_Period)
    assert not w.driver.coach.resting
    assert w.renderer.inset
    assert not w.driver.announcer.voice
    assert kept["voice"] is False
    t.press(K.Key_B)
    assert w.driver.announcer.voice
    t.press(K.Key_Escape)
    assert w.pages.currentWidget() is w.summary


def test_help_opens_and_escape_closes_it_first(trial, leaning):
    t = trial(leaning, paced(leaning))
    t.wait_for_picture()
    t.press(K.Key_H)
    assert t.window.help.isVisible()
    assert "Full screen" in t.window.help.accessibleDescription()
    t.press(K.Key_Escape)
    assert not t.window.help.isVisible()
    assert t.window.pages.currentWidget() is t.window.room
    t.press(K.Key_F1)
    assert t.window.help.isVisible()
    t.press(K.Key_Escape, K.Key_Q)
    assert t.window.pages.currentWidget() is t.window.summary


def test_buttons_have_names_and_obey_pointer_and_keys(trial, leaning):
    t = trial(leaning, paced(leaning))
    t.wait_for_picture()
    row = t.window.row
    for button in (row.pause, row.end):
        assert button.accessibleName()
        assert button.accessibleDescription()
        assert button.height() >= 40
    row.pause.click()
    assert t.window.driver.coach.resting
    row.end.setFocus()
    t.press(K.Key_Return)
    assert t.window.pages.currentWidget() is t.window.summary


def test_everything_that_can_have_the_focus_has_a_name(trial, short):
    t = trial(short, set_up=SetUpWishes(lambda: [CameraInfo(0, "In the lid")]))
    w = t.window
    t.wait(lambda: w.pages.set_up.camera_box.count() == 1)
    assert find_nameless(w.pages.set_up) == []
    w.desk.begin()
    t.wait_for_picture()
    t.press(K.Key_H)
    assert find_nameless(w.room) == []
    t.press(K.Key_H)
    t.wait_for_end()
    w.summary.ask_feeling()
    assert find_nameless(w.summary) == []
    w.summary.after.main_button.click()
    assert find_nameless(w.summary) == []
    w._meet_trouble(CameraError("why", "gone"))
    assert find_nameless(w.troubles) == []


def test_a_late_key_press_does_not_close_the_summary(trial, leaning):
    t = trial(leaning, paced(leaning))
    t.wait_for_picture()
    t.press(K.Key_Escape, K.Key_Space, K.Key_Return)
    assert t.window.isVisible()


def test_every_cue_is_told_to_a_screen_reader(trial, leaning):
    t = trial(leaning, paced(leaning))
    said = set()
    t.wait(lambda: said.add(t.window.view.accessibleDescription()) or len(said) > 3)
    assert LEAN_LEFT in said


def test_camera_trouble_is_shown_and_practice_goes_on_after_it(trial, leaning):
    gone = CameraError("Expected pictures but none came; plug it in again.")
    source = Failing(leaning, gone, after=60)
    t = trial(leaning, source, reopen=lambda: MotionSource(leaning))
    w = t.window
    t.wait(lambda: w.pages.currentWidget() is w.troubles)
    assert source.closed
    assert "The camera gives no picture" in w.troubles.accessibleName()
    assert "plug it in again" in w.troubles.accessibleDescription()
    t.press(K.Key_L)
    assert w.pages.currentWidget() is w.troubles
    t.press(K.Key_L)
    w.troubles.again_button.click()
    t.wait_for_end()
    times = t.estimator.times
    assert all(a < b for a, b in pairwise(times))
    assert len(w.analysis.repetitions) == 1
    assert w.analysis.video.frames > len(leaning) + 50
    assert w.failure is None


def test_a_camera_that_cannot_be_opened_again_says_so_again(trial, leaning):
    def refuse():
        raise CameraError("Expected to open camera 0 but it refused; close it elsewhere.")

    t = trial(leaning, Failing(leaning, CameraError("gone"), 1), reopen=refuse)
    w = t.window
    t.wait(lambda: w.pages.currentWidget() is w.troubles)
    w.troubles.again_button.click()
    t.wait(lambda: "refused" in w.troubles.accessibleDescription())
    w.troubles.end_button.click()
    assert w.pages.currentWidget() is w.summary


def test_the_camera_may_open_while_the_window_stands(application, sequence, leaning, replayed):
    may_open = threading.Event()

    def open_late():
        may_open.wait(5)
        return MotionSource(leaning)

    wishes = PracticeWishes(reopen=open_late)
    window = PracticeWindow(sequence, None, replayed(leaning), wishes=wishes)
    window.show()
    application.processEvents()
    assert not window.view.has_picture
    may_open.set()
    window.close()
    assert window.analysis is None
    discard(window)


def test_an_error_nobody_expected_is_shown_and_raised_at_the_end(trial, leaning):
    t = trial(leaning, Failing(leaning, ZeroDivisionError("engine"), 3))
    w = t.window
    t.wait(lambda: w.pages.currentWidget() is w.troubles)
    assert not w.troubles.again_button.isVisible()
    assert isinstance(w.failure, ZeroDivisionError)


def test_again_begins_a_new_practice(trial, short):
    finished = []
    t = trial(short, reopen=lambda: MotionSource(short), on_finished=finished.append)
    t.wait_for_end()
    t.window.summary.again_button.click()
    assert t.window.pages.currentWidget() is t.window.room
    t.wait_for_end()
    assert [a.video.frames for a in finished] == [60, 60]
    assert finished[0] is not finished[1]


def test_the_picture_is_also_written(trial, short, tmp_path):
    with OverlayWriter(tmp_path / "out.mp4", 30) as overlay:
        t = trial(short, overlay=overlay)
        t.wait_for_end()
    assert overlay.frames > 0
    assert (tmp_path / "out.mp4").stat().st_size > 1000


@pytest.mark.parametrize(("fps", "every"), [(25.0, 1), (25.0, 3), (10.0, 1), (60.0, 2)])
def test_the_video_runs_as_fast_as_the_practice(sequence, leaning, fps, every):
    class Counting:
        _fps, frames = fps, 0

        def write(self, picture):
            assert picture.shape == (48, 64, 3)
            self.frames += 1

    writer = Counting()
    canvas = Canvas(Renderer(sequence), writer)
    state = RestingCoach(sequence, "en").step(leaning.at(0))
    picture = np.zeros((48, 64, 3), np.uint8)
    for i in range(0, 151, every):
        assert canvas.keep(picture, Frame(picture, 3.0 + i / 30, i), state, None) is None
    assert writer.frames == pytest.approx(5 * fps, abs=2)
    canvas.keep(picture, Frame(picture, 100.0, 999), state, None)
    canvas.keep(picture, Frame(picture, 0.0, 1000), state, None)
    assert writer.frames <= 6 * fps + 4


def test_a_video_that_cannot_be_written_is_told_at_the_end(trial, short):
    class Full:
        def write(self, picture):
            raise InputError("the disk is full")

    t = trial(short, overlay=Full())
    t.wait_for_end()
    assert "the disk is full" in t.window.summary.accessibleDescription()


def test_what_cannot_be_stored_is_told_at_the_end(trial, short):
    def store(analysis):
        raise OSError("no space left")

    t = trial(short, on_finished=store)
    t.wait_for_end()
    assert "no space left" in t.window.summary.accessibleDescription()
    assert t.window.failure is None


def test_closing_the_window_in_the_middle_loses_nothing(trial, leaning):
    t = trial(leaning, paced(leaning))
    t.wait_for_picture()
    t.wait(lambda: t.window.driver.coach.frames > 5)
    t.window.close()
    assert t.window.analysis.video.frames > 5


def test_small_pictures_are_enlarged_before_drawing(trial, leaning):
    t = trial(leaning, paced(leaning))
    t.wait_for_picture()
    view = t.window.view
    view.resize(1600, 900)
    assert view.lines_for(640, 480) == 900
    assert view.lines_for(1280, 720) == 720
    view.resize(3000, 2000)
    assert view.lines_for(640, 480) == 1080
    view.resize(800, 300)
    assert view.lines_for(640, 480) == 480
    assert view.lines_for(1920, 1080) == 720
    target = view.target()
    assert target.width() / target.height() == pytest.approx(4 / 3, rel=0.01)


def test_running_opens_practises_and_returns_the_analysis(application, sequence, leaning, replayed):
    from PySide6.QtCore import QTimer

    def close():
        for window in application.topLevelWidgets():
            if isinstance(window, PracticeWindow) and window.analysis is not None:
                window.summary.close_button.click()
                return
        QTimer.singleShot(20, close)

    QTimer.singleShot(20, close)
    analysis = run_practice(sequence, MotionSource(leaning), replayed(leaning), "de")
    assert len(analysis.repetitions) == 1
    assert analysis.cues[0].text == cue_text("lateral_lean", "left", "de")


def test_a_source_or_a_way_to_open_one_is_needed(application, sequence, leaning):
    with pytest.raises(UsageError, match="neither"):
        PracticeWindow(sequence, None, None)


def test_frames_of_a_second_source_are_later(leaning):
    from posecoach.app.practice.reopening import LaterSource

    source = LaterSource(paced(leaning), 5.0)
    assert source.live
    with source:
        first = next(iter(source))
        assert isinstance(first, Frame)
        assert first.time_s == pytest.approx(5.0)
        assert 5.0 <= source.now_s() < 6.0


class Heard:
    """Takes down what would be heard."""

    def __init__(self):
        self.said, self.problem = [], "no voice here"

    def say(self, text, language):
        self.said.append((text, language))

    def hush(self):
        pass

    def take_problem(self):
        problem, self.problem = self.problem, None
        return problem

    def close(self):
        pass


def test_cues_are_heard_and_one_key_makes_it_silent(trial, leaning):
    heard = Heard()
    t = trial(leaning, announcer=Announcer("en", speaker=heard))
    t.wait_for_end()
    assert heard.said[0] == (LEAN_LEFT, "en")
    assert "no voice here" in t.window.summary.accessibleDescription()
    again = trial(leaning, paced(leaning), announcer=Announcer("en", speaker=heard))
    again.wait_for_picture()
    again.press(K.Key_V)
    assert not again.window.driver.announcer.voice
    assert again.window.view.accessibleDescription() == "The voice is silent"
    again.press(K.Key_V)
    assert again.window.driver.announcer.voice


def test_a_pass_without_feedback_says_nothing_but_what_stayed(trial, leaning, sequence, tmp_path):
    heard, path = Heard(), tmp_path / "journal.sqlite3"
    with Journal.open(path) as journal:
        writer = journal.start_session(sequence, "camera", "en")
        writer.add_repetition(make_repetition(1))
        writer.add_cue(make_cue())
    with Keeper(sequence, "camera", "en", path=path) as keeper:
        announcer = Announcer("en", speaker=heard)
        t = trial(leaning, announcer=announcer, guidance=Guidance("none"), keeper=keeper)
        t.wait_for_end()
    told = t.window.summary.accessibleDescription()
    assert "Worth another look: Lean to the side" in told
    assert LEAN_LEFT in told
    assert heard.said == []
    assert t.window.analysis.cues == []
    assert {c.measure for c in t.window.analysis.held_back} == {"lateral_lean"}
