import threading
import time

import numpy as np
import pytest

from posecoach.capture.base import Frame
from posecoach.motion import Observation
from posecoach.pose.run import _AHEAD, observe

IMAGE = np.zeros((4, 4, 3), np.uint8)


class Source:
    """Frames that count how many of them have been read."""

    live, name, width, height, fps, frame_count = False, "test", 4, 4, 30.0, 50

    def __init__(self, fails_at=None):
        self.read, self.fails_at = 0, fails_at

    def __iter__(self):
        for k in range(self.frame_count):
            if k == self.fails_at:
                raise OSError("the disk has gone")
            self.read += 1
            yield Frame(IMAGE, k / self.fps, k)


class Estimator:
    def __init__(self, fails_at=None, takes_s=0.0):
        self.seen, self.fails_at, self.takes_s = [], fails_at, takes_s

    def estimate(self, frame):
        if frame.index == self.fails_at:
            raise RuntimeError("the model has gone")
        time.sleep(self.takes_s)
        self.seen.append(frame.index)
        return Observation.nobody(frame.time_s, 4, 4)


def readers():
    return [t for t in threading.enumerate() if t.name == "posecoach-ahead"]


@pytest.fixture(autouse=True)
def no_thread_is_left():
    yield
    assert readers() == []


def test_every_frame_once_and_in_order():
    source, estimator = Source(), Estimator()
    got = list(observe(source, estimator))
    assert [f.index for f, _ in got] == estimator.seen == list(range(50))
    assert all(o.time_s == f.time_s for f, o in got)


def test_reading_runs_only_a_little_ahead():
    source, estimator = Source(), Estimator(takes_s=0.002)
    for frame, _ in observe(source, estimator):
        assert source.read <= frame.index + 2 * _AHEAD + 4


def test_a_source_that_fails_is_told_after_what_was_read():
    estimator = Estimator()
    with pytest.raises(OSError, match="disk"):
        list(observe(Source(fails_at=7), estimator))
    assert estimator.seen == list(range(7))


def test_a_model_that_fails():
    with pytest.raises(RuntimeError, match="model"):
        list(observe(Source(), Estimator(fails_at=3)))


def test_stopping_half_way():
    source = Source()
    running = observe(source, Estimator())
    for frame, _ in running:
        if frame.index == 5:
            break
    running.close()
    assert readers() == []
    assert source.read <= 5 + 2 * _AHEAD + 4  # two stages, each with its queue and one in hand


def test_nothing_is_read_before_the_first_is_wanted():
    source = Source()
    running = observe(source, Estimator())
    time.sleep(0.02)
    assert source.read == 0
    running.close()


def test_an_empty_source():
    source = Source()
    source.frame_count = 0
    assert list(observe(source, Estimator())) == []
