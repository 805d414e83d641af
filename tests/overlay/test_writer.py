import cv2
import numpy as np
import pytest

from posecoach.errors import InputError, UsageError
from posecoach.overlay import OverlayWriter


def pictures(n, width=64, height=48):
    for k in range(n):
        yield np.full((height, width, 3), 20 * k, np.uint8)


def read(path):
    video = cv2.VideoCapture(str(path))
    frames = []
    while True:
        more, frame = video.read()
        if not more:
            return frames, video.get(cv2.CAP_PROP_FPS)
        frames.append(frame)


@pytest.mark.parametrize("ending", [".mp4", ".avi", ".mkv", ".mov", ".MP4"])
@pytest.mark.parametrize(("width", "height"), [(64, 48), (66, 50)])
def test_what_is_written_can_be_read(tmp_path, ending, width, height):
    path = tmp_path / f"über{ending}"
    with OverlayWriter(path, 25.0) as writer:
        for p in pictures(10, width, height):
            writer.write(p)
        assert not path.exists()
    assert [f.name for f in tmp_path.iterdir()] == [path.name]
    frames, fps = read(path)
    assert len(frames) == writer.frames == 10
    assert fps == pytest.approx(25.0)
    assert frames[0].shape == (height, width, 3)
    assert np.median(frames[9]) == pytest.approx(180, abs=12)


def test_odd_sizes(tmp_path):
    path = tmp_path / "odd.mp4"
    with OverlayWriter(path, 30.0) as writer:
        for p in pictures(5, 641, 479):
            writer.write(p)
    frames, _ = read(path)
    assert len(frames) == 5
    assert abs(frames[0].shape[1] - 641) <= 1


def test_nothing_is_left_of_what_is_not_kept(tmp_path):
    path = tmp_path / "a.mp4"
    writer = OverlayWriter(path, 30.0)
    for p in pictures(3):
        writer.write(p)
    writer.close(keep=False)
    writer.close()
    assert list(tmp_path.iterdir()) == []


def test_a_video_that_was_there_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.avi"
    path.write_bytes(b"old")
    writer = OverlayWriter(path, 30.0)
    for p in pictures(3):
        writer.write(p)
    assert path.read_bytes() == b"old"
    writer.close()
    assert len(read(path)[0]) == 3


def test_without_a_picture_there_is_no_file(tmp_path):
    with OverlayWriter(tmp_path / "a.mp4", 30.0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_error_on_the_way_keeps_what_was_written(tmp_path):
    path = tmp_path / "a.mp4"

    def fail():
        with OverlayWriter(path, 30.0) as writer:
            for p in pictures(4):
                writer.write(p)
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail()
    assert len(read(path)[0]) == 4


@pytest.mark.parametrize("name", ["a.gif", "a", "a.mp4.txt"])
def test_another_ending_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match=r"\.mp4"):
        OverlayWriter(tmp_path / name, 30.0)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(InputError, match="folder"):
        OverlayWriter(tmp_path / "none" / "a.mp4", 30.0)


def test_a_video_that_cannot_be_started_is_told(tmp_path, monkeypatch):
    class Closed:
        fourcc = cv2.VideoWriter.fourcc

        def __init__(self, *args):
            pass

        def isOpened(self):  # noqa: N802 - OpenCV's name
            return False

    writer = OverlayWriter(tmp_path / "a.mp4", 30.0)
    monkeypatch.setattr(cv2, "VideoWriter", Closed)
    with pytest.raises(InputError, match="could not be started"):
        writer.write(next(pictures(1)))
    writer.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [(128, 96), (48, 64), (200, 10), (3, 300)])
def test_a_picture_of_another_size_is_fitted_in(tmp_path, size):
    path = tmp_path / "a.avi"
    with OverlayWriter(path, 30.0) as writer:
        writer.write(next(pictures(1)))
        writer.write(np.full((size[1], size[0], 3), 240, np.uint8))
        writer.write(next(pictures(1)))
    frames, _ = read(path)
    assert [f.shape for f in frames] == [(48, 64, 3)] * 3
    bright = (frames[1] > 120).all(axis=-1)
    assert bright[20:28, 30:34].any()
    y, x = np.nonzero(bright)
    if np.ptp(x) > 8 and np.ptp(y) > 8:
        assert (np.ptp(x) + 1) / (np.ptp(y) + 1) == pytest.approx(size[0] / size[1], rel=0.2)


@pytest.mark.parametrize("fps", [0.0, -3.0, float("nan"), 1e9])
def test_a_rate_that_cannot_be_is_taken_as_thirty(tmp_path, fps):
    path = tmp_path / "a.avi"
    with OverlayWriter(path, fps) as writer:
        writer.write(next(pictures(1)))
    assert read(path)[1] == pytest.approx(30.0)
