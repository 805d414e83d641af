"""From a camera or videos to a form that is tried, sent, and never lost."""

import json
import shutil
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from conftest import ROOT
from figures import Figure, perform
from posecoach.analysis import analyze
from posecoach.app.studio.desk import make_id
from posecoach.app.studio.preview import Extras
from posecoach.capture.replay import MotionEstimator, MotionSource, save_motion
from posecoach.coach.guidance import Guidance, Stage
from posecoach.pose.person import PersonEstimator
from posecoach.reference.files import load_sequence
from posecoach.reference.package import open_package
from posecoach.reference.unsaved import find_unsaved, get_unsaved_folder
from posecoach.voice import Announcer

K = Qt.Key


@pytest.fixture
def recording(teacher, tmp_path):
    return save_motion(teacher, tmp_path / "teacher.npz")


@pytest.fixture(autouse=True)
def clean_forms(own_forms):
    yield
    for path in own_forms.iterdir():
        shutil.rmtree(path)


def test_a_camera_with_a_countdown_makes_a_form(bench, teacher):
    bench.window.start.name.setText("Über den Wolken")
    page = bench.window.capture
    page._clock = clock = Clock()
    bench.window.open_camera = lambda: Waiting(teacher, page)
    QTest.keyClick(bench.window.start.name, K.Key_Return)
    assert bench.window.pages.currentWidget() is page
    bench.wait(lambda: page.view.has_picture)
    bench.wait(lambda: page.line.text() == "You are whole in the picture")
    QTest.keyClick(page, K.Key_Space)
    assert page.state == "counting"
    clock.now += 0.5
    bench.wait(lambda: page.count.text() == "10")
    clock.now += 8
    bench.wait(lambda: page.count.text() == "2")
    assert page.filming.recorded_s == 0.0
    clock.now += 2
    bench.wait(lambda: page.state == "recording")
    bench.wait(lambda: bench.editor is not None)  # the recording has ended
    desk = bench.desk
    assert desk.sequence.id == "ueber-den-wolken"
    assert desk.sequence.titles == {"en": "Über den Wolken"}
    assert len(desk.sequence.takes) == 2
    assert len(desk.draft.phases) >= 2
    assert desk.history.changed
    assert [u.id for u in find_unsaved()] == ["ueber-den-wolken"]  # kept before it is saved


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Waiting(MotionSource):
    """Shows its first picture until it is recorded."""

    def __init__(self, motion, page):
        super().__init__(motion)
        self._page = page

    def __iter__(self):
        for frame in super().__iter__():
            while frame.index == 1 and self._page.state != "recording":
                # The page may not have it yet: its thread begins before that.
                filming = self._page.filming
                if filming is not None and filming._stop.is_set():
                    return
                time.sleep(0.002)
            yield frame


def test_an_abandoned_recording_leaves_nothing(bench, teacher):
    page = bench.window.capture
    bench.window.open_camera = lambda: Waiting(teacher, page)
    bench.window.gathering.record_new("Test")
    bench.wait(lambda: page.view.has_picture)
    QTest.keyClick(page, K.Key_Escape)
    assert bench.window.pages.currentWidget() is bench.window.start
    assert find_unsaved() == []


def test_videos_become_takes_and_a_bad_one_is_told(bench, recording, tmp_path):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no video")
    bench.window.gathering.choose_videos = lambda: [recording, bad]
    bench.window.gathering.import_new("Heaven")
    bench.wait(lambda: bench.editor is not None)
    assert "bad.mp4" in bench.window.question.text.text()
    bench.answer("Good")
    assert len(bench.desk.sequence.takes) == 2
    bench.window.gathering.choose_videos = lambda: [recording]
    QTest.mouseClick(bench.editor.takes.videos, Qt.MouseButton.LeftButton)
    bench.wait(lambda: len(bench.desk.sequence.takes) == 4)
    page = bench.editor.takes
    page.list.setCurrentRow(2)
    assert bench.desk.take == 2
    page.remove.click()
    assert len(bench.desk.sequence.takes) == 3
    bench.desk.undo()
    assert len(bench.desk.sequence.takes) == 4


def test_a_real_video_by_real_clicks_through_the_real_model(bench, model):
    window, left = bench.window, Qt.MouseButton.LeftButton
    window.make_estimator = lambda: PersonEstimator(model)
    video = ROOT / "samples" / "separating-right-late-emma.mp4"
    window.gathering.choose_videos = lambda: [video]
    QTest.keyClicks(window.start.name, "Heaven and earth")
    QTest.mouseClick(window.start.videos, left)
    assert window.pages.currentWidget() is window.gathering.page
    bench.wait(lambda: window.gathering.page.bar.value() > 100)
    assert video.name in window.gathering.page.text.text()
    bench.wait(lambda: bench.editor is not None)
    desk, editor = bench.desk, bench.editor
    truth = json.loads(video.with_suffix(".json").read_text(encoding="utf-8"))["repetitions"]
    spans = [(cut.start_s, cut.end_s) for cut in desk.draft.cuts]
    # Trimmed and split; the right arm comes 0.4 s late.
    assert spans == [pytest.approx((r["start_s"], r["end_s"] + 0.4), abs=0.5) for r in truth]
    assert editor.tabs.currentWidget() is editor.takes
    assert "A good take." in page_text(editor.takes)
    assert not np.isnan(desk.get_tolerances().at("lateral_lean", np.array([5.0])))
    assert len(desk.draft.phases) >= 3
    assert desk.draft.videos == (video, video)
    wall = editor.stage.grab().toImage().pixelColor(editor.stage.rect().center() / 2)
    assert wall.lightness() > 80  # the video itself is shown, not a figure in the dark


def page_text(page):
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_the_preview_says_what_analyze_says_with_the_words_just_written(bench, form, leaning):
    bench.open(form)
    bench.desk.set_form("words", cues={"lateral_lean.left": {"en": ("Like a pine",)}})
    voice = Voice()
    bench.window.extras = Extras(lambda language: Announcer(language, speaker=voice))
    bench.window.trying.run_preview(
        (lambda: MotionSource(leaning), lambda: MotionEstimator(leaning))
    )
    preview = bench.window.trying.preview
    bench.wait(lambda: preview.window.analysis is not None)
    preview.window.close()
    bench.wait(lambda: bench.window.trying.preview is None)
    assert bench.desk.history.changed  # what is on the desk is tried, not what was saved
    wanted = analyze(leaning, bench.desk.sequence)
    told = [c.text for c in wanted.cues]
    assert "Like a pine" in told
    assert preview.analysis.cues == wanted.cues
    assert preview.analysis.repetitions == wanted.repetitions
    assert [text for text in voice.said if text in told] == told  # what a student hears
    assert voice.closed


class Voice:
    """A voice that only writes down."""

    def __init__(self):
        self.said, self.closed = [], False

    def say(self, text, language):
        self.said.append(text)

    def hush(self):
        pass

    def take_problem(self):
        return None

    def close(self):
        self.closed = True


def test_the_preview_before_the_camera_begins_with_the_set_up(bench, form):
    bench.open(form)
    bench.window.trying.stage = Stage.END_OF_SESSION
    bench.window.trying.preview_camera()
    window = bench.window.trying.preview.window
    assert window.driver.coach.setting_up
    assert not window.driver.guidance.speaks  # as after some weeks
    window.close()
    bench.wait(lambda: bench.window.trying.preview is None)


def test_a_take_previews_itself(bench, form):
    bench.open(form)
    bench.window.trying.preview_take()
    preview = bench.window.trying.preview
    assert preview.window.driver.guidance == Guidance()  # as in a student's first practice
    bench.wait(lambda: preview.window.view.has_picture)
    preview.window.close()
    bench.wait(lambda: bench.window.trying.preview is None)


def test_sending_asks_for_what_is_missing_and_makes_one_file(bench, form, tmp_path):
    bench.open(form)
    target = tmp_path / "heavens.posecoach"
    bench.window.sending.choose_target = lambda name: tmp_path / name
    bench.editor.buttons["send"].click()
    question = bench.window.question
    assert question.isVisible()
    assert not question.buttons[0].isEnabled()
    fields = {f.accessibleDescription(): f for f in question.findChildren(QLineEdit)}
    QTest.keyClicks(fields["Who is seen in it"], "Frau Übung")
    QTest.keyClicks(fields["Who agreed that it is passed on, to whom, when"], "She, today")
    assert not question.buttons[0].isEnabled()
    QTest.keyClicks(fields["What others may do with it, such as CC-BY-4.0"], "CC-BY-4.0")
    assert question.buttons[0].isEnabled()
    bench.answer("Make the file")
    assert "heavens.posecoach" in bench.window.question.text.text()
    sent = open_package(target).sequence
    assert (sent.teacher, sent.consent, sent.licence) == ("Frau Übung", "She, today", "CC-BY-4.0")
    assert load_sequence(form).teacher == "Frau Übung"


def test_what_is_not_saved_is_asked_for_and_survives(bench, form):
    bench.open("heavens")
    bench.desk.set_phase("renamed", titles={"en": "Up"})
    bench.window.close()
    assert bench.window.isVisible()
    bench.answer("Back")
    assert bench.desk is not None
    bench.window.leave()
    bench.answer("Keep for later")
    assert bench.desk is None
    assert load_sequence(form).phases[0].titles["en"] == "Raise"
    # Whatever happens now, it is found again.
    bench.open("heavens")
    bench.answer("Go on with them")
    assert bench.desk.draft.phases[0].titles == {"en": "Up"}
    assert bench.desk.history.changed
    bench.window.sending.save()
    assert find_unsaved() == []
    assert load_sequence(form).phases[0].titles == {"en": "Up"}
    assert "song" in (form / "sequence.toml").read_text(encoding="utf-8")


def test_edits_are_kept_by_themselves(bench, form):
    bench.open("heavens")
    bench.desk.set_form("form", teacher="Frau Übung")
    bench.wait(lambda: find_unsaved("heavens") != [])
    assert find_unsaved("heavens")[0].load().teacher == "Frau Übung"
    note = json.loads((get_unsaved_folder() / "heavens" / "note.json").read_text())
    assert note["home"] == str(form)
    bench.desk.undo()
    bench.desk.keep()
    assert find_unsaved() == []


def test_files_changed_by_hand_meanwhile_are_not_overwritten_in_silence(bench, form):
    bench.open("heavens")
    toml = form / "sequence.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n# mine\n", encoding="utf-8")
    bench.desk.set_phase("renamed", titles={"en": "Up"})
    bench.window.sending.save()
    assert "# mine" in toml.read_text(encoding="utf-8")
    assert bench.desk.history.changed
    bench.answer("Save all the same")
    assert not bench.desk.history.changed
    assert "# mine" in toml.read_text(encoding="utf-8")


def test_a_form_that_comes_with_posecoach_is_saved_as_ones_own(bench, own_forms):
    bench.open("drawing-the-bow")
    home = bench.desk.home
    before = (home / "sequence.toml").read_bytes()
    bench.desk.set_form("form", teacher="Frau Übung")
    bench.window.sending.save()
    assert (home / "sequence.toml").read_bytes() == before
    assert load_sequence(own_forms / "drawing-the-bow").teacher == "Frau Übung"


def test_three_takes_and_a_band_that_is_narrow_where_they_agree(bench, tmp_path):
    # The teacher leans now left, now right, in the second half only.
    paths = []
    for k, lean in enumerate((0.0, 6.0, -6.0)):
        plain = perform(repetitions=1)[0]
        course = lean * ((plain.time_s > 8.0) & (plain.time_s < 11.5))
        motion = perform(repetitions=1, figure=Figure(seed=k), lean=course)[0]
        paths.append(save_motion(motion, tmp_path / f"take-{k}.npz"))
    bench.window.gathering.title = "Heavens"
    bench.window.gathering.watch(paths)
    bench.wait(lambda: bench.editor is not None)
    assert len(bench.desk.sequence.takes) == 3
    band = bench.desk.get_tolerances().at("lateral_lean", np.array([2.5, 7.0]))
    assert band[0] == pytest.approx(4.0)
    assert band[1] > 8.0
    room = bench.editor.room
    assert room.fields["lateral_lean"].text() == "takes: 4–12°"
    room.shown.setCurrentIndex(room.shown.findData("lateral_lean"))
    room.shown.activated.emit(room.shown.currentIndex())
    _, drawn = bench.editor.timeline._band.getData()
    assert drawn.max() > 2 * drawn.min()


def test_names_of_folders():
    assert make_id("Über den Wolken, süß!") == "ueber-den-wolken-suess"
    assert make_id("八段錦") == "form"
    assert make_id("Drawing the bow") == "drawing-the-bow-2"
