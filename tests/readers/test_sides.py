import numpy as np
import pytest

from figures import bow, heavens, perform
from posecoach.motion import Motion
from posecoach.readers import compare_sides

ARMS, _ = perform(bow, repetitions=1)
LEVEL, _ = perform(heavens, repetitions=1)


def test_one_movement_seen_twice():
    later = Motion.from_points(ARMS.plane()[6:], ARMS.time_s[6:] - ARMS.time_s[6])
    got = compare_sides(ARMS, later)
    assert got.agree is True
    assert got.shift_s == pytest.approx(-0.2, abs=0.06)
    assert compare_sides(later, ARMS).shift_s == pytest.approx(0.2, abs=0.06)


def test_a_mirrored_recording_is_noticed():
    assert compare_sides(ARMS, ARMS.mirrored()).agree is False
    assert compare_sides(ARMS, ARMS.mirrored()).correlation == pytest.approx(-1, abs=0.01)


def test_a_lean_tells_too():
    leaning, _ = perform(repetitions=1)
    n = len(leaning.time_s)
    swaying, _ = perform(repetitions=1, lean=0.0)
    points = swaying.world.copy()
    turn = np.radians(10 * np.sin(np.linspace(0, 9, n)))
    up = points[:, :23].copy()
    points[:, :23, 0] = np.cos(turn)[:, None] * up[..., 0] - np.sin(turn)[:, None] * up[..., 1]
    points[:, :23, 1] = np.sin(turn)[:, None] * up[..., 0] + np.cos(turn)[:, None] * up[..., 1]
    motion = Motion.from_points(points, swaying.time_s)
    assert compare_sides(motion, motion).agree is True
    assert compare_sides(motion, motion.mirrored()).agree is False


def test_where_both_sides_do_the_same_nothing_is_claimed():
    assert compare_sides(LEVEL, LEVEL.mirrored()).agree is None
    assert compare_sides(LEVEL, LEVEL).agree is None


def test_too_short_or_unseen_tells_nothing():
    assert compare_sides(ARMS.cut(0, 1.5), ARMS.cut(0, 1.5)).agree is None
    points = ARMS.plane()
    points[:, 13:23] = np.nan
    blind = Motion.from_points(points, ARMS.time_s)
    assert compare_sides(blind, blind.mirrored()).agree is None
