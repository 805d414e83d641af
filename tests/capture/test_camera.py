"""Cameras, tried on stand-ins: slow, uneven, stubborn, unplugged."""

import itertools
import threading
import time

import cv2
import numpy as np
import pytest

from capture.fakes import FakeCapture, steady
from posecoach.capture import camera as camera_module
from posecoach.capture.camera import (
    Camera,
    CameraInfo,
    explain_refusal,
    find_camera,
    list_cameras,
)
from posecoach.errors import CameraError, UsageError

TWO = [CameraInfo(0, "Laptop Camera"), CameraInfo(2, "USB Camera")]


def make(capture, wanted=None, cameras=TWO, **options):
    captures = capture if isinstance(capture, list) else [capture]
    queue = list(captures)
    opened = []

    def opener(index):
        opened.append(index)
        return queue.pop(0) if len(queue) > 1 else queue[0]

    camera = Camera(
        wanted,
        opener=opener,
        cameras=cameras if callable(cameras) else lambda: cameras,
        **{"first_picture_s": 5.0, "gone_s": 10.0, "reopen_s": 0.3, **options},
    )
    camera.opened = opened
    return camera


def no_reader_left():
    return not any(t.name == "posecoach-camera" for t in threading.enumerate())


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch):
    monkeypatch.setattr(camera_module, "_REOPEN_EVERY_S", 0.02)
    yield
    assert no_reader_left()


def test_frames_come_in_order_with_growing_times_near_zero():
    capture = FakeCapture(steady())
    with make(capture) as camera:
        frames = list(itertools.islice(camera, 20))
    times = [f.time_s for f in frames]
    assert (np.diff(times) > 0).all()
    assert (np.diff([f.index for f in frames]) > 0).all()
    assert 0.0 <= times[0] < 0.5
    assert capture.released == 1
    assert len(capture.threads) == 1
    assert threading.get_ident() not in capture.threads


def test_what_was_asked_and_what_came():
    capture = FakeCapture(steady(), size=(64, 48))
    with make(capture, width=1920, height=1080, fps=60) as camera:
        frame = next(iter(camera))
        assert (camera.width, camera.height, camera.fps) == (64, 48, 25.0)
        assert camera.live
        assert camera.frame_count is None
        assert frame.image.shape == (48, 64, 3)
    assert capture.asked[cv2.CAP_PROP_FRAME_WIDTH] == 1920
    assert capture.asked[cv2.CAP_PROP_FRAME_HEIGHT] == 1080
    assert capture.asked[cv2.CAP_PROP_FPS] == 60


def test_a_slow_consumer_gets_the_newest_frame():
    with make(FakeCapture(steady(0.005))) as camera:
        frames = iter(camera)
        next(frames)
        time.sleep(0.3)
        late = next(frames)
        assert camera.now_s() - late.time_s < 0.2
        assert late.index >= 5
        assert camera.dropped >= 4


def test_a_frame_is_given_once_and_the_next_one_waited_for():
    with make(FakeCapture([0.0, *itertools.repeat(0.08, 3), *steady_few()])) as c:
        indices = [f.index for f in itertools.islice(c, 4)]
    assert indices == sorted(set(indices))


def test_uneven_rates_keep_the_times_of_arrival():
    capture = FakeCapture([0.0, 0.01, 0.09, 0.01, 0.12, 0.02, *steady_few()])
    with make(capture) as camera:
        frames = list(itertools.islice(camera, 6))
    times = np.array([f.time_s for f in frames])
    arrived = np.array([capture.arrivals[f.index] for f in frames])
    assert np.diff(times) == pytest.approx(np.diff(arrived), abs=0.02)
    assert np.ptp(np.diff(times)) > 0.03


def steady_few():
    return [0.01] * 1000


def test_times_are_taken_before_the_picture_is_decoded():
    def slow_picture():
        time.sleep(0.1)
        return True, np.zeros((30, 40, 3), np.uint8)

    with make(FakeCapture(steady(0.0), picture=slow_picture)) as camera:
        frame = next(iter(camera))
        assert camera.now_s() - frame.time_s > 0.09


@pytest.mark.parametrize(
    ("rotation", "shape", "corner"),
    [
        (0, (30, 40), (0, 0)),
        (90, (40, 30), (0, 29)),
        (180, (30, 40), (29, 39)),
        (270, (40, 30), (39, 0)),
    ],
)
def test_rotation_is_clockwise(rotation, shape, corner):
    def marked():
        image = np.zeros((30, 40, 3), np.uint8)
        image[0, 0] = 255
        return True, image

    with make(FakeCapture(steady(), picture=marked), rotation=rotation) as camera:
        frame = next(iter(camera))
        assert frame.image.shape[:2] == shape == (camera.height, camera.width)
        assert frame.image.flags.c_contiguous
        assert tuple(np.argwhere(frame.image[..., 0] == 255)[0]) == corner


def test_an_unknown_rotation_is_refused():
    with pytest.raises(UsageError, match="0, 90, 180 or 270 but got 45"):
        make(FakeCapture(steady()), rotation=45)


@pytest.mark.parametrize("shape", [(30, 40), (30, 40, 1), (30, 40, 4)])
def test_grey_and_four_channel_pictures_become_three(shape):
    capture = FakeCapture(steady(), picture=lambda: (True, np.full(shape, 7, np.uint8)))
    with make(capture) as camera:
        image = next(iter(camera)).image
    assert image.shape == (30, 40, 3)
    assert (image == 7).all()


def test_single_missing_pictures_are_passed_over():
    pictures = iter([(True, None), (False, None), (True, np.zeros((0, 0, 3), np.uint8))])
    good = (True, np.ones((30, 40, 3), np.uint8))
    capture = FakeCapture(
        [0.0, None, 0.0, None, *steady_few()], picture=lambda: next(pictures, good)
    )
    with make(capture) as camera:
        frames = list(itertools.islice(camera, 3))
    assert all(f.image.shape == (30, 40, 3) for f in frames)
    assert frames[0].index == 0


def test_an_opencv_error_while_reading_counts_as_no_picture():
    def broken():
        raise cv2.error("boom")

    capture = FakeCapture(steady(0.0), picture=broken)
    with pytest.raises(CameraError, match="but none came in"):
        make(capture, first_picture_s=0.1)
    assert capture.released == 1


def test_no_camera_at_all():
    with pytest.raises(CameraError, match="this computer has none"):
        make(FakeCapture(steady()), cameras=[])


def test_a_number_that_is_not_there_names_those_that_are():
    with pytest.raises(CameraError, match=r"'1' but there is only 0 \(Laptop Camera\), 2 \(USB"):
        make(FakeCapture(steady()), wanted=1)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(None, 0), (0, 0), (2, 2), ("2", 2), ("/dev/video2", 2), ("usb", 2), ("Laptop Camera", 0)],
)
def test_cameras_are_found_by_number_and_name(wanted, index):
    assert find_camera(wanted, TWO).index == index
    with make(FakeCapture(steady()), wanted=wanted) as camera:
        assert camera.opened == [index]
        assert camera.name == dict((c.index, c.name) for c in TWO)[index]


def test_a_name_of_several_cameras_is_not_guessed():
    with pytest.raises(CameraError, match="fits 2; give its number"):
        find_camera("camera", TWO)


@pytest.mark.parametrize("wanted", ["", "-1", "webcam"])
def test_a_name_of_no_camera(wanted):
    with pytest.raises(CameraError, match="choose one of them"):
        find_camera(wanted, TWO)


def test_a_camera_that_will_not_open_is_released():
    capture = FakeCapture([], opened=False)
    with pytest.raises(CameraError, match=r"Expected to open camera 0 \(Laptop Camera\)"):
        make(capture)
    assert capture.released == 1


def test_an_opener_that_raises_counts_as_refusal():
    def opener(index):
        raise cv2.error("no")

    with pytest.raises(CameraError, match="Expected to open camera 0"):
        Camera(opener=opener, cameras=lambda: TWO)


def test_refusal_for_want_of_permission_names_the_group(monkeypatch):
    monkeypatch.setattr(camera_module.Path, "exists", lambda self: True)
    monkeypatch.setattr(camera_module.os, "access", lambda *a: False)
    assert "group 'video'" in explain_refusal(TWO[0], "linux")
    monkeypatch.setattr(camera_module.os, "access", lambda *a: True)
    assert "another program uses it" in explain_refusal(TWO[0], "linux")


@pytest.mark.parametrize(
    ("system", "place"), [("darwin", "System Settings"), ("win32", "Settings > Privacy")]
)
def test_refusal_elsewhere_names_the_privacy_settings(system, place):
    told = explain_refusal(TWO[1], system)
    assert place in told
    assert "2 (USB Camera)" in told
    assert "\n" not in told


def test_opened_but_no_picture():
    capture = FakeCapture([])
    began = time.monotonic()
    with pytest.raises(CameraError, match=r"but none came in 0\.2 s; open its shutter"):
        make(capture, first_picture_s=0.2)
    assert 0.2 <= time.monotonic() - began < 3.0
    assert capture.released == 1


def test_unplugged_for_good():
    first = FakeCapture([0.0, 0.0, 0.0])
    refused = FakeCapture([], opened=False)
    with make([first, refused], gone_s=0.1) as camera:
        frames = iter(camera)
        began = time.monotonic()
        with pytest.raises(CameraError, match="did not come back; plug it in again"):
            for _ in frames:
                pass
        assert 0.35 < time.monotonic() - began < 5.0
        assert camera.reconnecting
        assert len(camera.opened) > 3
    assert first.released == 1
    assert refused.released == len(camera.opened) - 1


def test_unplugged_and_back_with_another_number():
    there = [TWO]

    def cameras():
        return there[0]

    first = FakeCapture([0.0, 0.01])
    second = FakeCapture(steady())
    with make([first, second], "USB Camera", cameras, gone_s=0.3, reopen_s=5.0) as camera:
        before = next(iter(camera))
        there[0] = [CameraInfo(0, "Laptop Camera"), CameraInfo(5, "USB Camera")]
        frames = iter(camera)
        after = next(f for f in frames if camera.opened == [2, 5])
        next(frames)
        assert not camera.reconnecting
    assert after.index > before.index
    assert after.time_s - before.time_s > 0.29
    assert first.released == second.released == 1


def test_back_but_silent_is_tried_again():
    captures = [FakeCapture([0.0]), FakeCapture([]), FakeCapture(steady())]
    with make(captures, gone_s=0.3, reopen_s=5.0) as camera:
        frames = list(itertools.islice(camera, 3))
        assert len(camera.opened) == 3
    assert len(frames) == 3
    assert [c.released for c in captures] == [1, 1, 1]


def test_back_and_slow_to_start_is_given_time():
    slow = FakeCapture([*[None] * 8, *steady_few()])
    with make([FakeCapture([0.0]), slow], gone_s=0.5, reopen_s=5.0) as camera:
        assert len(list(itertools.islice(camera, 3))) == 3
        assert len(camera.opened) == 2


def test_back_in_another_size_keeps_size_and_proportions():
    captures = [FakeCapture([0.0], size=(40, 30)), FakeCapture(steady(), size=(30, 30))]
    with make(captures, gone_s=0.3, reopen_s=5.0) as camera:
        frames = iter(camera)
        next(frames)
        image = next(frames).image
    assert image.shape == (30, 40, 3)
    assert (image[:, :5] == 0).all()
    assert (image[:, 5:35] > 0).all()


def test_a_driver_that_blocks_is_given_up(monkeypatch):
    monkeypatch.setattr(camera_module, "_STUCK_S", 0.1)
    monkeypatch.setattr(camera_module, "_JOIN_S", 0.1)
    unblock = threading.Event()
    capture = FakeCapture([0.0])
    grab = capture.grab

    def blocking():
        if capture.count:
            unblock.wait(10)
        return grab()

    capture.grab = blocking
    camera = make(capture, gone_s=0.1, reopen_s=0.1)
    frames = iter(camera)
    next(frames)
    with pytest.raises(CameraError, match="stopped giving any"):
        next(frames)
    camera.close()
    assert capture.released == 0  # nobody else touches it while the driver has it
    unblock.set()
    camera._reader.join(2)
    assert capture.released == 1


def test_an_unexpected_error_reaches_the_consumer():
    capture = FakeCapture(steady())
    with make(capture) as camera:
        frames = iter(camera)
        next(frames)
        capture.retrieve = lambda: 1 / 0
        with pytest.raises(ZeroDivisionError):
            for _ in frames:
                pass
    assert capture.released == 1


def test_closing_wakes_who_waits_and_may_be_done_twice():
    capture = FakeCapture([0.0])
    camera = make(capture)
    frames = iter(camera)
    next(frames)
    threading.Timer(0.05, camera.close).start()
    began = time.monotonic()
    assert list(frames) == []
    assert time.monotonic() - began < 3.0
    camera.close()
    assert capture.released == 1


def test_after_closing_nothing_more_comes():
    camera = make(FakeCapture(steady()))
    frames = iter(camera)
    next(frames)
    time.sleep(0.05)  # now the next one waits
    camera.close()
    assert list(frames) == []


def test_list_cameras_takes_names_and_order_from_the_system(monkeypatch):
    class Found:
        def __init__(self, index, name):
            self.index, self.name = index, name

    import cv2_enumerate_cameras

    monkeypatch.setattr(
        cv2_enumerate_cameras,
        "enumerate_cameras",
        lambda backend: [Found(3, "B"), Found(1, None), Found(3, "B")],
    )
    assert list_cameras() == [CameraInfo(1, "camera 1"), CameraInfo(3, "B")]


def test_list_cameras_tries_numbers_where_the_system_has_no_list(monkeypatch):
    import cv2_enumerate_cameras

    def unsupported(backend):
        raise NotImplementedError

    captures = {i: FakeCapture([], opened=i == 2) for i in range(4)}
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", unsupported)
    monkeypatch.setattr(camera_module, "open_with_opencv", captures.__getitem__)
    assert list_cameras() == [CameraInfo(2, "camera 2")]
    assert all(c.released == 1 for c in captures.values())


def test_opencv_itself_stays_silent(capfd):
    capture = camera_module.open_with_opencv(77)
    assert not capture.isOpened()
    capture.release()
    assert capfd.readouterr() == ("", "")
