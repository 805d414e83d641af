"""The live loop: nobody waits for anybody, and what matters is not lost."""

import threading
import time
import tracemalloc
from dataclasses import dataclass, field

import numpy as np
import pytest

from posecoach.capture.base import Frame
from posecoach.capture.paced import PacedSource
from posecoach.capture.replay import MotionEstimator, MotionSource
from posecoach.errors import CameraError, UsageError
from posecoach.live import LiveLoop
from posecoach.motion import Motion, Observation


@dataclass
class FakeState:
    number: int
    observation: Observation
    new_cue: object = None
    finished: object = None


class FakeSession:
    """A cue with every fifth step, a repetition with every tenth."""

    def __init__(self, slow_s=0.0, fail_at=None):
        self.slow_s, self.fail_at = slow_s, fail_at
        self.steps = []

    def step(self, observation):
        n = len(self.steps)
        if n == self.fail_at:
            raise ZeroDivisionError("engine")
        self.steps.append(observation)
        time.sleep(self.slow_s)
        return FakeState(
            n,
            observation,
            f"cue {n}" if n % 5 == 0 else None,
            f"repetition {n}" if n % 10 == 9 else None,
        )


@dataclass
class FakeEstimator:
    slow_s: float = 0.0
    threads: set = field(default_factory=set)

    def estimate(self, frame):
        self.threads.add(threading.get_ident())
        time.sleep(self.slow_s)
        return Observation.nobody(frame.time_s, 4, 3)

    def close(self):
        raise AssertionError("the estimator is the caller's")


class FakeFile:
    live = False
    name, width, height, fps = "fake", 4, 3, 100.0

    def __init__(self, n=30, gap=0.01, error=None):
        self.frame_count, self.gap, self.error = n, gap, error
        self.closed = 0

    def __iter__(self):
        for i in range(self.frame_count):
            yield Frame(np.zeros((3, 4, 3), np.uint8), i * self.gap, i)
        if self.error:
            raise self.error

    def close(self):
        self.closed += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def wait_until(true, timeout_s=10.0):
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    assert not any(t.name.startswith("posecoach-") for t in threading.enumerate())


def test_every_frame_of_a_file_is_processed_in_order():
    source, session, seen = FakeFile(30), FakeSession(), []
    with LiveLoop(source, FakeEstimator(), session, on_state=seen.append) as loop:
        wait_until(lambda: loop.finished)
        last = loop.latest()
    assert [r.frame.index for r in seen] == [r.state.number for r in seen] == list(range(30))
    assert [r.number for r in seen] == list(range(30))
    assert all(r.frame.time_s == r.state.observation.time_s for r in seen)
    assert last is seen[-1]
    assert loop.latest() is None
    assert loop.latest(again=True) is last
    assert source.closed >= 1
    assert loop.stats().dropped_share == 0.0


def test_it_works_in_a_thread_of_its_own():
    estimator = FakeEstimator()
    with LiveLoop(FakeFile(3), estimator, FakeSession()) as loop:
        wait_until(lambda: loop.finished)
    assert len(estimator.threads) == 1
    assert threading.get_ident() not in estimator.threads


def test_looking_never_waits_and_never_gives_the_same_result_twice():
    source = PacedSource(FakeFile(20, gap=0.02))
    numbers, waits = [], []
    with LiveLoop(source, FakeEstimator(slow_s=0.05), FakeSession()) as loop:
        while not loop.finished:
            began = time.monotonic()
            result = loop.latest()
            waits.append(time.monotonic() - began)
            if result is not None:
                numbers.append(result.number)
            time.sleep(0.001)
        if (result := loop.latest()) is not None:
            numbers.append(result.number)
    assert np.median(waits) < 0.005
    assert len(waits) > 2 * len(numbers)
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == loop.stats().frames - 1


def test_waiting_for_a_result():
    with LiveLoop(PacedSource(FakeFile(3, gap=0.05)), FakeEstimator(), FakeSession()) as loop:
        numbers = [r.number for r in iter(lambda: loop.latest(wait_s=2.0), None)]
        assert loop.finished
        began = time.monotonic()
        assert loop.latest(wait_s=5.0) is None  # nothing comes any more
        assert time.monotonic() - began < 1.0
    assert numbers[-1] == 2


def test_a_slow_model_gets_the_newest_frame_and_a_slow_screen_stops_nobody():
    file = FakeFile(60, gap=0.01)
    session = FakeSession()
    with LiveLoop(PacedSource(file), FakeEstimator(slow_s=0.05), session) as loop:
        drawn = []
        while not loop.finished:
            if (result := loop.latest()) is not None:
                drawn.append(result.number)
            time.sleep(0.2)
        stats = loop.stats()
    assert len(session.steps) < 25
    assert len(drawn) < len(session.steps)
    assert session.steps[-1].time_s == pytest.approx(0.59)
    assert stats.dropped_share == pytest.approx(1 - len(session.steps) / 60)
    # Each frame is the newest when fetched: at most one period old before the model's 50 ms.
    assert 0.05 <= stats.latency_s.median < 0.15
    assert 50 <= stats.pose_ms.median < 100


def test_cues_and_repetitions_of_skipped_states_are_kept_once():
    with LiveLoop(FakeFile(30), FakeEstimator(), FakeSession()) as loop:
        wait_until(lambda: loop.finished)
        loop.latest()
        events = loop.drain_events()
        assert events
        assert events.cues == tuple(f"cue {n}" for n in range(0, 30, 5))
        assert events.repetitions == ("repetition 9", "repetition 19", "repetition 29")
        assert not loop.drain_events()


def test_draining_while_it_runs_loses_and_doubles_nothing():
    cues = []
    with LiveLoop(FakeFile(500), FakeEstimator(slow_s=0.0002), FakeSession()) as loop:
        while not loop.finished:
            cues += loop.drain_events().cues
            time.sleep(0.001)
        cues += loop.drain_events().cues
    assert cues == [f"cue {n}" for n in range(0, 500, 5)]


def test_latency_counts_from_the_camera_to_the_screen():
    class OldFrames(PacedSource):
        def now_s(self):
            return super().now_s() + 0.2  # the picture was taken 0.2 s before it arrived

    with LiveLoop(OldFrames(FakeFile(2)), FakeEstimator(slow_s=0.03), FakeSession()) as loop:
        result = loop.latest(wait_s=5)
        assert result.latency_s >= 0.23
        time.sleep(0.05)
        assert loop.note_drawn(result) >= 0.28
        stats = loop.stats()
    assert stats.drawn_latency_s.median >= 0.28
    assert result.pose_ms >= 30


def test_nothing_is_known_before_the_first_frame():
    loop = LiveLoop(FakeFile(), FakeEstimator(), FakeSession())
    stats = loop.stats()
    assert stats.frames == 0
    assert stats.fps is stats.dropped_share is stats.latency_s is stats.drawn_latency_s is None
    assert loop.latest() is None
    assert not loop.finished
    assert not loop.running
    assert loop.stop()
    assert loop.source.closed == 1


def test_statistics():
    with LiveLoop(PacedSource(FakeFile(40, gap=0.02)), FakeEstimator(), FakeSession()) as loop:
        wait_until(lambda: loop.finished)
        stats = loop.stats()
    assert 20 <= stats.frames <= 40
    assert stats.frames == round(40 * (1 - stats.dropped_share))
    assert stats.fps == pytest.approx(stats.frames / 0.8, rel=0.3)
    assert stats.latency_s.median <= stats.latency_s.p95
    assert stats.step_ms.median < 20


def test_memory_stays_flat():
    loop = LiveLoop(FakeFile(), FakeEstimator(), FakeSession())
    loop.session.step = lambda o: FakeState(0, o)
    frame = Frame(np.zeros((3, 4, 3), np.uint8), 0.0, 0)

    def run(n):
        for i in range(n):
            loop._process(Frame(frame.image, i * 0.03, i))
            loop.note_drawn(loop.latest())

    run(2500)
    tracemalloc.start()
    run(200)
    before = tracemalloc.get_traced_memory()[0]
    run(4000)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    loop.stop()
    assert grown < 60_000
    assert loop.stats().frames == 4000 + 200 + 2500


@pytest.mark.parametrize("where", ["source", "estimator", "session", "on_state"])
def test_errors_come_out_of_latest_as_they_are(where):
    error = CameraError("unplugged")

    def fail(*_):
        raise error

    source = FakeFile(3, error=error if where == "source" else None)
    estimator, session = FakeEstimator(), FakeSession()
    if where == "estimator":
        estimator.estimate = fail
    if where == "session":
        session.step = fail
    on_state = fail if where == "on_state" else None
    with LiveLoop(source, estimator, session, on_state=on_state) as loop:
        wait_until(lambda: not loop.running)
        if where in ("source", "on_state"):
            assert loop.latest() is not None  # the last result is not lost
        depths = []
        for _ in range(3):
            with pytest.raises(CameraError) as caught:
                loop.latest()
            assert caught.value is error
            depths.append(len(caught.traceback))
        assert len(set(depths)) == 1
        assert not loop.finished
    assert source.closed >= 1


def test_a_source_is_closed_when_the_engine_fails():
    source = FakeFile(30)
    with LiveLoop(source, FakeEstimator(), FakeSession(fail_at=4)) as loop:
        wait_until(lambda: not loop.running)
        assert loop.latest().state.number == 3
        with pytest.raises(ZeroDivisionError, match="engine"):
            loop.latest()
    assert source.closed >= 1


def test_stopping_wakes_a_loop_that_waits_for_the_camera():
    source = PacedSource(FakeFile(5, gap=60.0))
    loop = LiveLoop(source, FakeEstimator(), FakeSession())
    loop.start()
    wait_until(lambda: loop.latest() is not None)
    began = time.monotonic()
    assert loop.stop()
    assert time.monotonic() - began < 2.0
    assert loop.stop()
    assert loop.finished
    assert loop.latest() is None


def test_stopping_a_file_stops_soon():
    session = FakeSession()
    loop = LiveLoop(FakeFile(100_000), FakeEstimator(slow_s=0.001), session)
    with loop:
        wait_until(lambda: len(session.steps) > 5)
    assert not loop.running
    assert len(session.steps) < 50_000
    assert loop.source.closed == 1  # by the worker alone


def test_stopping_is_bounded_even_if_the_model_hangs():
    hang = threading.Event()
    estimator = FakeEstimator()
    estimator.estimate = lambda frame: hang.wait(10) and Observation.nobody(0.0, 4, 3)
    loop = LiveLoop(FakeFile(3), estimator, FakeSession())
    loop.start()
    began = time.monotonic()
    assert not loop.stop(timeout_s=0.1)
    assert time.monotonic() - began < 2.0
    hang.set()
    assert loop.stop()


def test_a_loop_starts_only_once():
    with (
        LiveLoop(FakeFile(3), FakeEstimator(), FakeSession()) as loop,
        pytest.raises(UsageError, match="was started before"),
    ):
        loop.start()


def test_the_session_can_be_replaced_while_it_runs():
    first, second = FakeSession(), FakeSession()
    with LiveLoop(PacedSource(FakeFile(60)), FakeEstimator(), first) as loop:
        wait_until(lambda: len(first.steps) > 3)
        loop.session = second
        wait_until(lambda: loop.finished)
    times = [o.time_s for o in first.steps + second.steps]
    assert len(second.steps) > 3
    assert times == sorted(set(times))


def test_observations_are_recorded_and_the_recording_replays_the_same():
    rng = np.random.default_rng(3)
    motion = Motion(
        np.cumsum(rng.uniform(0.001, 0.004, 25)),
        rng.random((25, 33, 3)),
        rng.random((25, 33, 3)),
        rng.random((25, 33)),
        rng.random((25, 33)),
        8.0,
        6.0,
    )
    record, seen = [], []
    with LiveLoop(
        MotionSource(motion),
        MotionEstimator(motion),
        FakeSession(),
        record=record,
        on_observation=seen.append,
    ) as loop:
        wait_until(lambda: loop.finished)
    assert record == seen
    again = Motion.from_observations(record)
    np.testing.assert_array_equal(again.image, motion.image)
    np.testing.assert_array_equal(again.time_s, motion.time_s)
