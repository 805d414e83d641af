"""A video played at its own speed."""

import threading
import time

import cv2
import numpy as np
import pytest

from posecoach.capture.base import Frame
from posecoach.capture.paced import PacedSource
from posecoach.capture.video import VideoFile


class FakeFile:
    """Frames at given times; ``slow_s`` is what reading one takes."""

    live = False
    name, width, height, fps = "fake", 4, 3, 50.0

    def __init__(self, times, slow_s=0.0, error=None):
        self.times, self.slow_s, self.error = list(times), slow_s, error
        self.frame_count = len(self.times)
        self.closed = 0

    def __iter__(self):
        for i, t in enumerate(self.times):
            time.sleep(self.slow_s)
            yield Frame(np.zeros((3, 4, 3), np.uint8), t, i)
        if self.error:
            raise self.error

    def close(self):
        self.closed += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert not any(t.name == "posecoach-player" for t in threading.enumerate())


def test_frames_come_at_their_times():
    times = [2.0, 2.02, 2.1, 2.12, 2.3]  # a file need not start at 0, nor be even
    source = FakeFile(times)
    with PacedSource(source) as paced:
        assert paced.live
        assert (paced.width, paced.height, paced.fps, paced.frame_count) == (4, 3, 50.0, 5)
        began = time.monotonic()
        seen, ages = [], []
        for frame in paced:
            ages.append(paced.now_s() - frame.time_s)
            seen.append(frame.time_s)
        took = time.monotonic() - began
    assert seen[-1] == times[-1]
    assert set(seen) <= set(times)
    assert min(ages) >= 0.0  # never before its time
    assert np.median(ages) < 0.05
    assert 0.3 <= took < 1.0
    assert source.closed >= 1


def test_a_slow_consumer_misses_frames_but_never_the_last():
    with PacedSource(FakeFile(np.arange(40) * 0.01)) as paced:
        indices = []
        for frame in paced:
            indices.append(frame.index)
            time.sleep(0.05)
    assert len(indices) < 20
    assert indices == sorted(set(indices))
    assert indices[-1] == 39
    assert paced.dropped == 40 - len(indices)


def test_playing_begins_with_the_first_iteration():
    with PacedSource(FakeFile(np.arange(5) * 0.02)) as paced:
        time.sleep(0.2)
        assert paced.now_s() == 0.0
        assert next(iter(paced)).index == 0


def test_a_file_that_reads_too_slowly_falls_behind_and_skips_nothing():
    with PacedSource(FakeFile(np.arange(20) * 0.01, slow_s=0.05)) as paced:
        late = [(f.index, paced.now_s() - f.time_s) for f in paced]
    assert [i for i, _ in late] == list(range(20))
    assert np.median([age for _, age in late]) < 0.16


def test_an_error_of_the_file_comes_after_its_frames():
    with PacedSource(FakeFile([0.0, 0.01], error=ValueError("broken"))) as paced:
        frames = iter(paced)
        while next(frames).index < 1:
            pass
        with pytest.raises(ValueError, match="broken"):
            next(frames)


def test_closing_wakes_who_waits_and_closes_the_file():
    source = FakeFile([0.0, 60.0])
    paced = PacedSource(source)
    frames = iter(paced)
    next(frames)
    threading.Timer(0.05, paced.close).start()
    began = time.monotonic()
    assert list(frames) == []
    assert time.monotonic() - began < 3.0
    paced.close()
    assert source.closed >= 1


def test_closing_before_playing_closes_the_file_and_plays_nothing():
    source = FakeFile([0.0])
    paced = PacedSource(source)
    paced.close()
    assert source.closed == 1
    assert list(paced) == []


def test_a_real_file_takes_as_long_as_it_is(tmp_path):
    path = tmp_path / "a.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for i in range(10):
        writer.write(np.full((48, 64, 3), i * 20, np.uint8))
    writer.release()
    with PacedSource(VideoFile(path)) as paced:
        began = time.monotonic()
        count = sum(1 for _ in paced)
        took = time.monotonic() - began
    assert count + paced.dropped == 10
    assert 0.33 < took < 2.0
