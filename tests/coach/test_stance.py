import numpy as np
import pytest

from figures import Figure, heavens, make_motion, perform
from posecoach.body import MIRROR
from posecoach.coach.stance import StanceWatcher


def feed(watcher, motion, offset=0.0):
    return [
        watcher.step(float(t) + offset, p, w)
        for t, p, w in zip(motion.time_s, motion.plane(), motion.world, strict=True)
    ]


def stand(seconds=2.0, **more):
    n = int(30 * seconds)
    figure = Figure(roll_deg=more.pop("roll_deg", 0.0))
    return make_motion(np.arange(n) / 30, heavens(np.zeros(n), np.zeros(n), **more), figure)


def test_a_second_of_standing_calibrates():
    watcher = StanceWatcher()
    got = feed(watcher, stand(2.0, roll_deg=5.0))
    assert not got[0].done
    assert got[-1].done
    assert watcher.calibration_done
    assert watcher.still
    first = next(i for i, c in enumerate(got) if c.done)
    assert first / 30 == pytest.approx(0.8, abs=0.1)
    assert got[-1].roll_deg == pytest.approx(5.0, abs=1e-6)
    assert got[-1].seconds > got[first].seconds


def test_movement_keeps_what_was_found_and_later_stances_change_nothing():
    watcher = StanceWatcher()
    motion, place = perform(repetitions=1, stand_s=1.2)
    motion = motion.cut(0, 8.0)
    got = feed(watcher, motion)
    assert got[-1].done
    assert got[-1] is got[int(np.flatnonzero(place > 3)[0])]
    assert got[-1].seconds < 2.5
    feed(watcher, stand(3.0, lean=3.0), offset=8.1)
    assert watcher.calibration is got[-1]


def test_without_a_stance_the_picture_is_believed():
    place = np.linspace(2, 4, 60)
    watcher = StanceWatcher()
    feed(watcher, make_motion(np.arange(60) / 30, heavens(place, place), Figure(roll_deg=5.0)))
    assert not watcher.calibration_done
    assert watcher.calibration.roll_deg == 0.0
    assert watcher.calibration.trunk == pytest.approx(0.2, abs=0.01)


def test_seconds_before_and_after_a_gap_are_not_one_stance():
    watcher = StanceWatcher()
    feed(watcher, stand(0.6))
    feed(watcher, stand(0.6), offset=5.0)
    assert not watcher.calibration_done


def test_narrowed_shoulders_after_the_stance_only():
    watcher = StanceWatcher()
    plane = stand().plane()[0]
    narrow = plane * np.array([0.3, 1.0])
    assert not watcher.is_narrowed(narrow)
    feed(watcher, stand())
    assert not watcher.is_narrowed(plane)
    assert watcher.is_narrowed(narrow)


def test_who_turns_round_is_calibrated_anew_and_the_roll_stays():
    motion, _ = perform(repetitions=1, fps=20, figure=Figure(roll_deg=3.0))
    plane, world = motion.plane(), motion.world
    watcher = StanceWatcher()
    for i in range(30):
        first = watcher.step(i / 20, plane[i], world[i])
    assert first.done
    assert first.facing == 1
    back = plane[:, MIRROR] * 1.0
    t = 1.5
    kept = [watcher.step(t + k / 20, back[60 + k], world[60 + k]) for k in range(7)]
    assert {c.facing for c in kept} == {1}
    turned = [watcher.step(t + 0.35 + k / 20, back[67 + k], world[67 + k]) for k in range(5)][-1]
    assert turned.facing == -1
    assert not turned.done
    assert turned.roll_deg == first.roll_deg
    still = [watcher.step(t + 1 + k / 20, back[5], world[5]) for k in range(30)][-1]
    assert still.done
    assert still.facing == -1
