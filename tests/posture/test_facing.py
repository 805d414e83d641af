import numpy as np
import pytest

from figures import heavens, make_motion, perform
from posecoach.body import MIRROR
from posecoach.posture.facing import (
    HEELS,
    TOES,
    FacingKeeper,
    compute_facing,
    compute_order,
)


@pytest.fixture(scope="module")
def standing():
    motion, _ = perform(heavens, repetitions=1, fps=10)
    return motion.at(0)


def test_facing_does_not_ask_which_side_is_which(standing):
    plane, world = standing.plane(), standing.world
    assert compute_facing(plane, world) > 0.8
    assert compute_facing(plane[MIRROR], world[MIRROR]) == compute_facing(plane, world)
    assert compute_order(plane) > 0.8
    assert compute_order(plane[MIRROR]) == pytest.approx(-compute_order(plane))


def test_feet_or_head_alone_tell_and_nothing_tells_nothing(standing):
    plane, world = standing.plane().copy(), standing.world
    nowhere = np.full_like(world, np.nan)
    plane[list(TOES), 1] = plane[list(HEELS), 1] + 0.05
    assert compute_facing(plane, nowhere) > 0.5
    plane[list(HEELS)] = np.nan
    assert compute_facing(plane, world) > 0.5
    assert np.isnan(compute_facing(plane, nowhere))


def test_from_the_side_it_is_near_zero():
    at = np.zeros(1)
    w = make_motion(at, heavens(at, at)).world[0]
    side = np.stack([-w[:, 2], w[:, 1], w[:, 0]], axis=1)
    side[list(TOES), 1] = side[list(HEELS), 1]  # one floor
    assert abs(compute_facing(side[:, :2], side)) < 0.1
    assert abs(compute_order(side[:, :2])) < 0.1


def follow(values, fps=30):
    keeper = FacingKeeper()
    return [(keeper.step(i / fps, v, v), keeper.contrary) for i, v in enumerate(values)]


def test_a_turn_through_the_side_is_followed():
    turn = list(np.cos(np.linspace(0, np.pi, 20)))
    got = follow([1.0] * 10 + turn + [-1.0] * 10)
    assert got[-1] == (-1, False)
    assert not any(contrary for _, contrary in got)


def test_a_sudden_change_is_doubted_and_believed_if_it_lasts():
    got = follow([1.0] * 10 + [-1.0] * 12 + [1.0] * 10)
    assert {f for f, _ in got} == {1}
    assert [c for _, c in got] == [False] * 10 + [True] * 12 + [False] * 10
    got = follow([1.0] * 10 + [-1.0] * 40)
    assert got[12] == (1, True)
    assert got[-1] == (-1, False)


@pytest.mark.parametrize(("known_s", "believed_s"), [(0.3, 0.8), (2.0, 2.0), (30.0, 5.0)])
def test_the_longer_it_was_known_the_longer_a_sudden_change_is_doubted(known_s, believed_s):
    before = round(30 * known_s)
    got = follow([1.0] * before + [-1.0] * 200)
    believed = next(i for i, (facing, _) in enumerate(got) if facing < 0)
    assert (believed - before) / 30 == pytest.approx(believed_s, abs=0.11)
    assert all(contrary for _, contrary in got[before:believed])
    assert not any(contrary for _, contrary in got[believed:])
    # A real turn is nothing to doubt.
    turn = [1.0] * before + list(np.cos(np.linspace(0, np.pi, 20))) + [-1.0] * 10
    assert follow(turn)[-1] == (-1, False)


def test_what_tells_nothing_changes_nothing():
    assert follow([float("nan")] * 3 + [0.1]) == [(0, False)] * 4
    assert follow([1.0] + [float("nan")] * 3 + [0.2])[-1] == (1, False)
