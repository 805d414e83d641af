"""From what a user names to a source."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.capture import sources
from posecoach.capture.paced import PacedSource
from posecoach.capture.sources import open_source
from posecoach.capture.video import VideoFile
from posecoach.errors import CameraError, InputError, UsageError


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "a.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for _ in range(3):
        writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    return path


@pytest.fixture
def asked(monkeypatch):
    calls = []

    class FakeCamera:
        def __init__(self, wanted=None, *, rotation=0):
            calls.append((wanted, rotation))

    monkeypatch.setattr(sources, "Camera", FakeCamera)
    return calls


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_is_a_video(video, kind):
    with open_source(kind(video)) as source:
        assert isinstance(source, VideoFile)
        assert not source.live
        assert len(list(source)) == 3


def test_a_video_can_be_played_as_a_camera(video):
    with open_source(video, paced=True) as source:
        assert isinstance(source, PacedSource)
        assert source.live
        assert (source.width, source.height, source.name) == (64, 48, "a.avi")


@pytest.mark.parametrize(
    ("spec", "camera", "wanted"),
    [
        (None, None, None),
        (None, 2, 2),
        (None, 0, 0),
        (None, "USB", "USB"),
        (0, None, 0),
        ("1", None, 1),
        ("/dev/video3", None, 3),
    ],
)
def test_all_else_is_a_camera(asked, spec, camera, wanted):
    open_source(spec, camera=camera, rotation=90)
    assert asked == [(wanted, 90)]


def test_a_file_whose_name_is_a_number_is_a_file(video, monkeypatch, asked):
    video.rename(video.parent / "7")
    monkeypatch.chdir(video.parent)
    with open_source("7") as source:
        assert isinstance(source, VideoFile)
    assert not asked


def test_video_and_camera_together_are_refused(video):
    with pytest.raises(UsageError, match="got both"):
        open_source(video, camera=0)


@pytest.mark.parametrize("address", ["rtsp://camera/1", "https://example.org/a.mp4"])
def test_no_network_address_is_opened(address):
    with pytest.raises(InputError, match="network address"):
        open_source(address)


def test_a_missing_file_is_told():
    with pytest.raises(InputError, match="not there"):
        open_source("nowhere.mp4")


def test_without_a_camera_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setattr("cv2_enumerate_cameras.enumerate_cameras", lambda backend: [])
    with pytest.raises(CameraError, match="plug one in, or give a video file"):
        open_source()
