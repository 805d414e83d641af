import signal
import sys

import cv2
import pytest

from posecoach.capture.paced import PacedSource
from posecoach.capture.replay import MotionEstimator, MotionSource, load_motion
from posecoach.commands.practice import Practice, practise_headless
from posecoach.reference.library import open_form


def test_cues_are_lines(run, recordings, form, no_model):
    got = run("practice", form, "--headless", "--source", recordings["leaning"], "-l", "en")
    got.went_well()
    *cues, last = got.out.splitlines()
    assert cues
    for line in cues:
        seconds, unit, text = line.split(maxsplit=2)
        assert 2.5 < float(seconds) < 27
        assert (unit, text[0].isupper()) == ("s", True)
    assert cues[0].endswith("Like a pine")
    assert last == "2 repetitions, body seen in 100 % of the frames"


def test_in_german_with_the_picture_kept(tmp_path, run, recordings, form):
    video = tmp_path / "practice.mp4"
    source = recordings["leaning"]
    got = run("practice", form, "--headless", "--source", source, "-l", "de", "--overlay", video)
    got.went_well()
    assert "Wie eine Kiefer" in got.out
    assert "2 Durchgänge" in got.out
    capture = cv2.VideoCapture(str(video))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == len(load_motion(source))
    capture.release()
    assert [p.name for p in tmp_path.iterdir()] == ["practice.mp4"]


def test_an_empty_room(run, form, empty_room, model):
    got = run("practice", form, "--headless", "--source", empty_room)
    got.refused(1, "saw one in 0 %", "step back")


def test_no_camera(run, form, monkeypatch, model):
    monkeypatch.setattr("posecoach.capture.camera.list_cameras", lambda: [])
    run("practice", form, "--headless", "--camera", 99).refused(1, "camera")
    run("practice", form, "--headless").refused(1, "camera", "--source")


@pytest.mark.parametrize("source", ["gone.mp4", "gone.npz", "http://example.org/me.mp4"])
def test_no_such_recording(run, form, model, source):
    run("practice", form, "--headless", "--source", source).refused(1, "Expected")


def test_video_and_camera_at_once(run, form, recordings, empty_room, model):
    for source in (recordings["once"], empty_room):
        got = run("practice", form, "--headless", "--source", source, "--camera", 0)
        got.refused(2, "both", "leave one out")


def test_unknown_form_and_language(run, form):
    run("practice", "nothing", "--headless").refused(1, "'nothing'")
    run("practice", form, "--headless", "-l", "tlh").refused(2, "'tlh'")


def test_the_picture_is_not_written_over_the_video(tmp_path, run, form):
    video = tmp_path / "me.mp4"
    video.write_bytes(b"precious")
    got = run("practice", form, "--headless", "--source", video, "--overlay", video)
    got.refused(2, "would be lost")
    assert video.read_bytes() == b"precious"


def test_no_screen_is_one_line(run, form, empty_room, monkeypatch, model):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("posecoach.app.kit.qt.find_obstacle", lambda: "Expected a screen.")
    monkeypatch.setattr("posecoach.commands.window.find_obstacle", lambda: "Expected a screen.")
    run("practice", form, "--source", empty_room).refused(1, "screen", "--headless")


class Interrupted(MotionEstimator):
    """A practitioner who presses Ctrl+C after a while."""

    closed = False

    def estimate(self, frame):
        if frame.index == 200:
            raise KeyboardInterrupt
        return super().estimate(frame)

    def close(self):
        self.closed = True


def test_ctrl_c_ends_it_with_what_was_done(tmp_path, recordings, form):
    motion = load_motion(recordings["leaning"])
    estimator, said = Interrupted(motion), []
    video = tmp_path / "seen.mp4"
    p = Practice(open_form(form), MotionSource(motion), estimator, "en", video)
    got = practise_headless(p, said.append)
    assert got.video.frames == 200
    assert len(got.repetitions) == 1
    assert said
    assert video.is_file()
    assert estimator.closed


@pytest.mark.skipif(sys.platform == "win32", reason="no alarm signals")
def test_a_live_practice_until_ctrl_c(tmp_path, recordings, form, monkeypatch):
    """A recording stands in for the camera, at its own speed."""
    motion = load_motion(recordings["leaning"])
    source = PacedSource(MotionSource(motion))
    assert source.live
    video = tmp_path / "seen.mp4"
    p = Practice(open_form(form), source, MotionEstimator(motion), "en", video)

    def press(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, press)
    signal.setitimer(signal.ITIMER_REAL, 6.0)
    try:
        said = []
        got = practise_headless(p, said.append)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert 10 < got.video.frames < 120
    assert len(said) == len(got.cues) == 1
    capture = cv2.VideoCapture(str(video))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) > 10
    capture.release()
