import os
import socket
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from figures import Figure, heavens, make_motion
from posecoach import _system, doctor
from posecoach.capture import camera as camera_module
from posecoach.capture.base import Frame
from posecoach.capture.camera import CameraInfo
from posecoach.doctor import Check, exit_status, format_check, run_checks
from posecoach.errors import CameraError, ModelError
from posecoach.motion import Observation
from posecoach.pose import bundle, landmarker

SAMPLE = Path(__file__).parents[1] / "samples" / "heavens-teacher.mp4"
NAMES = [
    *("python", "packages", "libraries", "folders", "disk", "model"),
    *("camera", "light", "body", "speed", "display", "sound"),
]
CACHED = bundle._is_intact(bundle.get_cache_dir() / "pose_landmarker_full.task")
needs_model = pytest.mark.skipif(not CACHED, reason="the pose model is not cached")


class FakeCamera:
    """A camera without a driver: pictures of one brightness, with or without noise."""

    width, height, name = 320, 240, "Fake \x1b[2J cam"
    fps, luma, noise, count = 30.0, 120.0, 5.0, 1000

    def __init__(self, index=None, **more):
        self.closed = False
        type(self).last = self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.closed = True

    def __iter__(self):
        random = np.random.default_rng(0)
        for k in range(self.count):
            image = self.luma + self.noise * random.standard_normal((240, 320, 3))
            yield Frame(np.clip(np.rint(image), 0, 255).astype(np.uint8), k / self.fps, k)


@pytest.fixture(autouse=True)
def plain_machine(monkeypatch):
    """No camera, no screen, no network, whatever this computer has."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", bundle.MODEL_ENV):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(camera_module, "list_cameras", lambda: [])

    def refuse(*args, **more):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(bundle, "_fetch", refuse)


def run(**options) -> dict[str, Check]:
    checks = list(run_checks(**options))
    assert [c.name for c in checks] == NAMES
    for c in checks:
        assert c.found
        assert format_check(c).replace("\n", "").isprintable()
        assert c.advice or c.ok is not False
    return {c.name: c for c in checks}


def use_camera(monkeypatch, **attributes):
    kind = type("Kind", (FakeCamera,), attributes)
    monkeypatch.setattr(camera_module, "Camera", kind)
    monkeypatch.setattr(camera_module, "list_cameras", lambda: [CameraInfo(0, kind.name)])
    return kind


def without_model(monkeypatch, tmp_path):
    monkeypatch.setenv(bundle.CACHE_ENV, str(tmp_path / "cache"))


def use_body(monkeypatch, figure: Figure, seconds: float = 0.0):
    """Let the model find a figure in each picture, taking some time over it."""
    motion = make_motion(np.arange(2.0), heavens(np.zeros(2), np.zeros(2)), figure)

    class Estimator:
        def __init__(self, model):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *args):
            pass

        def estimate(self, frame) -> Observation:
            time.sleep(seconds)
            return motion.at(0)

    monkeypatch.setattr(landmarker, "MediaPipeEstimator", Estimator)
    monkeypatch.setattr(bundle, "_is_intact", lambda path: True)
    monkeypatch.setattr(bundle, "ensure_model", lambda model: Path(__file__))


@needs_model
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a screen")
def test_a_video_of_a_person_with_the_real_model():
    checks = run(source=str(SAMPLE), seconds=1.0)
    # How fast the computer is that runs the tests is not what is tested.
    assert exit_status(c for c in checks.values() if c.name != "speed") == 0
    for name in ("python", "packages", "libraries", "folders", "model", "camera", "light", "body"):
        assert checks[name].ok, checks[name]
    assert "640x480, 30.0 frames a second" in checks["camera"].found
    assert "seen in 100 % of 30 pictures" in checks["body"].found
    share = int(checks["body"].found.split("about ")[1].split(" %")[0])
    assert 55 <= share <= 80
    ms = int(checks["speed"].found.split(": ")[1].split(" ms")[0])
    assert 1 <= ms < 1000
    assert checks["display"].ok is None
    assert checks["sound"].ok is not False


@needs_model
def test_without_a_camera_only_the_search_is_timed_and_that_is_said():
    checks = run()
    assert exit_status(checks.values()) == 1
    assert checks["camera"].ok is False
    assert "none" in checks["camera"].found
    assert "--source" in checks["camera"].advice
    assert checks["light"].ok is checks["body"].ok is checks["speed"].ok is None
    assert "was not measured" in checks["speed"].found
    assert checks["speed"].advice


@needs_model
def test_nobody_before_the_camera(monkeypatch):
    kind = use_camera(monkeypatch)
    checks = run(seconds=0.5)
    assert kind.last.closed
    assert checks["camera"].ok
    assert "320x240, 30.0 frames" in checks["camera"].found
    assert checks["body"].ok is checks["speed"].ok is None
    assert "seen in 0 % of 30 pictures" in checks["body"].found
    assert "2 to 4 m" in checks["body"].advice


@pytest.mark.parametrize(
    ("attributes", "ok", "found"),
    [
        ({}, True, "brightness 120"),
        ({"luma": 45.0}, False, "too dark"),
        ({"luma": 55.0}, True, "brightness 55"),
        ({"luma": 2.0, "noise": 1.0}, False, "black"),
        ({"luma": 240.0}, False, "too bright"),
        ({"noise": 0.0}, False, "exactly the same"),
    ],
)
def test_light(monkeypatch, tmp_path, attributes, ok, found):
    without_model(monkeypatch, tmp_path)
    use_camera(monkeypatch, **attributes)
    light = run(seconds=0.5)["light"]
    assert light.ok is ok
    assert found in light.found


@pytest.mark.parametrize(
    ("attributes", "ok", "found"),
    [
        ({"fps": 23.5}, True, "23.5 frames"),
        ({"fps": 15.0}, True, "15.0 frames"),
        ({"fps": 9.0}, False, "9.0 frames"),
        ({"count": 1}, False, "1 pictures"),
        ({"count": 0}, False, "0 pictures"),
    ],
)
def test_the_camera_s_real_rate(monkeypatch, tmp_path, attributes, ok, found):
    without_model(monkeypatch, tmp_path)
    use_camera(monkeypatch, **attributes)
    camera = run(seconds=0.5)["camera"]
    assert camera.ok is ok
    assert found in camera.found
    assert bool(camera.advice) is (attributes.get("fps") != 23.5)


def test_a_camera_that_refuses_or_breaks(monkeypatch, tmp_path):
    without_model(monkeypatch, tmp_path)

    def refuse(index):
        raise CameraError("Expected to open camera 0 but it refused; close that program.")

    use_camera(monkeypatch)
    monkeypatch.setattr(camera_module, "Camera", refuse)
    assert run()["camera"].advice == "close that program."

    def broken(self):
        raise RuntimeError("driver")
        yield

    kind = use_camera(monkeypatch, __iter__=broken)
    assert "RuntimeError (driver)" in run()["camera"].found
    assert kind.last.closed


def test_a_source_that_is_no_video(monkeypatch, tmp_path):
    without_model(monkeypatch, tmp_path)
    (tmp_path / "x.mp4").write_bytes(b"no video")
    for name in ("x.mp4", "none.mp4"):
        checks = run(source=str(tmp_path / name))
        assert checks["camera"].ok is False
        assert name in checks["camera"].found


@pytest.mark.parametrize(
    ("figure", "ok", "found"),
    [
        (Figure(), True, "of the picture's height"),
        (Figure(scale=0.1), None, "too small"),
        (Figure(centre=(0.02, 0.5)), None, "outside the picture"),
    ],
)
def test_how_the_body_is_seen(monkeypatch, figure, ok, found):
    use_camera(monkeypatch)
    use_body(monkeypatch, figure)
    checks = run(seconds=0.2)
    assert checks["body"].ok is ok
    assert found in checks["body"].found
    assert bool(checks["body"].advice) is (ok is None)
    assert checks["speed"].ok


@pytest.mark.parametrize(("seconds", "ok"), [(0.005, True), (0.055, True), (0.11, False)])
def test_speed_and_what_to_do_about_it(monkeypatch, seconds, ok):
    monkeypatch.setattr(doctor, "TIMED", 5)
    use_camera(monkeypatch)
    use_body(monkeypatch, Figure(), seconds)
    speed = run(seconds=0.2)["speed"]
    assert speed.ok is ok
    assert bool(speed.advice) is (seconds > 0.01)
    ms = int(speed.found.split(": ")[1].split(" ms")[0])
    assert 1000 * seconds <= ms + 0.5 < 1000 * seconds + 60


def test_a_model_is_never_fetched_unless_asked_for(monkeypatch, tmp_path):
    without_model(monkeypatch, tmp_path)
    checks = run()
    assert checks["model"].ok is False
    assert "not here yet" in checks["model"].found
    assert checks["body"].ok is checks["speed"].ok is None
    assert not (tmp_path / "cache").exists()
    path = bundle.get_cache_dir() / "pose_landmarker_full.task"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK half a model")
    path.with_suffix(".sha256").write_text("0" * 64)
    assert "damaged" in run()["model"].found

    def offline(*args):
        raise ModelError("Expected pip to fetch the pose model but it failed; check the network.")

    monkeypatch.setattr(bundle, "_fetch", offline)
    model = run(fetch=True)["model"]
    assert model.ok is False
    assert model.advice == "check the network."


def test_a_file_that_is_no_model(tmp_path):
    (tmp_path / "x.task").write_bytes(b"x")
    model = run(model=str(tmp_path / "x.task"))["model"]
    assert model.ok is False
    assert "x.task" in model.found


def test_a_check_that_breaks_does_not_keep_the_others(monkeypatch, tmp_path):
    without_model(monkeypatch, tmp_path)

    def broken(*args):
        raise ZeroDivisionError("odd")

    for name in ("check_python", "check_packages", "check_disk", "check_display"):
        monkeypatch.setattr(doctor, name, broken)
    checks = run()
    assert "ZeroDivisionError (odd)" in checks["display"].found
    assert checks["folders"].ok

    def unloadable():
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(doctor, "check_packages", unloadable)
    packages = run()["packages"]
    assert "libGL.so.1" in packages.found
    assert "libgl1" in packages.advice


@pytest.mark.parametrize(
    ("version", "spec", "fits"),
    [
        ("0.10.33", "mediapipe<0.10.35,>=0.10.32", True),
        ("0.10.32", "mediapipe<0.10.35,>=0.10.32", True),
        ("0.10.35", "mediapipe<0.10.35,>=0.10.32", False),
        ("1.2.2", "mediapipe<0.10.35,>=0.10.32", False),
        ("0.10.9", "mediapipe<0.10.35,>=0.10.32", False),
        ("2", "numpy>=2", True),
        ("2.0.0rc1", "numpy>=2", True),
        ("1.26.4", "numpy>=2", False),
        ("3.14.0", "<3.14,>=3.11", False),
        ("3.10.1", "<3.14,>=3.11", False),
        ("1.0", "anything", True),
    ],
)
def test_version_ranges(version, spec, fits):
    assert _system._fits(version, spec) is fits


def test_packages_out_of_range_or_missing(monkeypatch):
    real = _system.metadata.version
    changed = {"mediapipe": "1.2.2"}
    monkeypatch.setattr(_system.metadata, "version", lambda n: changed.get(n) or real(n))
    check = _system.check_packages()
    assert check.ok is False
    assert "mediapipe 1.2.2" in check.found
    assert "0.10.35" in check.found
    assert "usage data" in check.advice

    def none(name):
        raise _system.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(_system.metadata, "version", none)
    assert "numpy is missing" in _system.check_packages().found


@pytest.mark.skipif(sys.platform != "linux", reason="these libraries are Linux's")
def test_a_missing_library_is_named_by_its_package(monkeypatch):
    monkeypatch.setattr(_system, "NEEDED_LIBRARIES", {"libposecoach-none.so.7": "libnone7"})
    check = _system.check_libraries()
    assert check.ok is False
    assert check.advice == "sudo apt-get install libnone7"


def test_folders_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(bundle.CACHE_ENV, str(tmp_path / "file" / "cache"))
    check = _system.check_folders()
    assert check.ok is False
    assert str(tmp_path / "file") in check.found
    assert bundle.CACHE_ENV in check.advice
    monkeypatch.setenv(bundle.CACHE_ENV, str(tmp_path / "new" / "cache"))
    assert _system.check_folders().ok
    assert not (tmp_path / "new").exists()


def test_a_full_disk(monkeypatch):
    usage = _system.shutil.disk_usage("/")
    monkeypatch.setattr(_system.shutil, "disk_usage", lambda p: usage._replace(free=int(1e8)))
    check = _system.check_disk()
    assert check.ok is False
    assert "0.1 GB" in check.found


def test_display(monkeypatch):
    if sys.platform == "linux":
        assert _system.check_display(False).ok is False
        assert "--headless" in _system.check_display(None).advice
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", os.devnull)  # as OpenCV leaves it behind
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    check = _system.check_display(False)
    assert check.ok is None
    assert "offscreen" in check.found
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    check = _system.check_display(None)
    assert check.ok is False
    assert "nonsense" in check.found
    assert check.advice


def test_words_and_exit_status():
    good, bad, open_ = Check("a", True, "x"), Check("b", False, "y", "do z"), Check("c", None, "w")
    assert [exit_status(c) for c in ([], [good, open_], [good, bad, open_])] == [0, 0, 1]
    assert exit_status(iter([bad])) == 1
    assert format_check(good).split() == ["ok", "a", "x"]
    assert format_check(bad).splitlines()[1].split() == ["->", "do", "z"]
    assert "\x1b" not in format_check(Check("d", True, "cam\x1b[2J\nera"))


@pytest.mark.parametrize("voices", [(), ("espeak-ng",)])
@pytest.mark.parametrize("device", [None, "Speakers"])
def test_sound_is_wished_for_and_not_needed(monkeypatch, voices, device):
    from posecoach.voice import player, programs

    def find_output():
        if device is None:
            raise player.SoundError("Expected a sound device but none; connect one.")
        return device

    there = tuple(programs.Program(v, lambda text, language: None) for v in voices)
    monkeypatch.setattr(programs, "find_programs", lambda: there)
    monkeypatch.setattr(player, "find_output", find_output)
    check = _system.check_sound()
    assert check.ok is (True if voices and device else None)
    assert (check.advice is None) == (check.ok is True)
    assert ("espeak-ng" in check.found) == bool(voices)
    assert ("connect one" in (check.advice or "")) == (device is None)
    assert exit_status([check]) == 0


def test_sound_where_there_is_none_of_it(monkeypatch, tmp_path):
    """With the real search for programs, and PortAudio missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    check = _system.check_sound()
    assert check.ok is None
    assert check.found == "no voice, no sound device"
    assert check.advice
