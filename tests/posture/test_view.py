from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, heavens, make_motion
from posecoach.body import HIPS, INDEX, WRISTS
from posecoach.motion import Motion, Observation
from posecoach.posture.view import (
    ViewKeeper,
    are_arms_seen,
    compute_shoulder_width,
    find_obstacle,
)


def one(**figure):
    at = np.zeros(1)
    return make_motion(np.zeros(1), heavens(at, at), Figure(**figure)).at(0)


def seen_from(degrees):
    """Return a standing figure's plane with the camera going around it."""
    at = np.zeros(1)
    m = make_motion(np.zeros(1), heavens(at, at))
    a = np.radians(degrees)
    w = m.world[0].copy()
    w[:, 0] = np.cos(a) * m.world[0, :, 0] - np.sin(a) * m.world[0, :, 2]
    return w[:, :2]


def test_a_whole_body_is_no_obstacle():
    assert find_obstacle(one()) is None


@pytest.mark.parametrize(
    ("observation", "why"),
    [
        (Observation.nobody(0, 640, 480), "nobody"),
        (one(scale=0.1), "too_small"),
        (one(centre=(0.98, 0.5)), "cut_off"),
        (one(centre=(0.5, 1.1)), "cut_off"),
    ],
)
def test_obstacles_have_names(observation, why):
    assert find_obstacle(observation) == why


def test_size_counts_in_pixels():
    assert find_obstacle(one(scale=0.1, height=960, width=1280)) is None


def test_who_bends_towards_the_camera_is_not_small():
    o = one()
    image = o.image.copy()
    shoulders = [INDEX["left_shoulder"], INDEX["right_shoulder"]]
    hips = list(HIPS)
    image[shoulders, 1] = image[hips, 1] - 0.02
    bent = replace(o, image=image)
    assert find_obstacle(bent) is None
    # Without the legs nothing tells a bent body from a small one.
    visibility = o.visibility.copy()
    visibility[[INDEX["left_ankle"], INDEX["right_ankle"]]] = 0.1
    assert find_obstacle(replace(bent, visibility=visibility)) == "too_small"
    low = image.copy()
    low[[INDEX["left_ankle"], INDEX["right_ankle"]], 1] = 1.1
    assert find_obstacle(replace(bent, image=low)) == "too_small"


def test_hidden_hips():
    o = one()
    vis = o.visibility.copy()
    vis[HIPS[0]] = 0.1
    assert find_obstacle(replace(o, visibility=vis)) is None
    vis[HIPS[1]] = 0.1
    assert find_obstacle(replace(o, visibility=vis)) == "hidden"
    assert find_obstacle(replace(o, visibility=vis), visibility=0.05) is None


def test_arms_are_seen_inside_and_visible_only():
    o = one()
    assert are_arms_seen(o)
    image = o.image.copy()
    image[WRISTS[0], 0] = 1.2
    assert not are_arms_seen(replace(o, image=image))
    image[WRISTS[0]] = np.nan
    assert not are_arms_seen(replace(o, image=image))
    vis = o.visibility.copy()
    vis[INDEX["right_wrist"]] = 0.1
    assert not are_arms_seen(replace(o, visibility=vis))
    behind_a_table = o.presence.copy()
    behind_a_table[INDEX["left_wrist"]] = 0.75
    assert not are_arms_seen(replace(o, presence=behind_a_table))


@pytest.mark.parametrize(
    ("degrees", "view"),
    [
        (0, "front"),
        (30, "front"),
        (-30, "front"),
        (50, "oblique"),
        (65, "side"),
        (90, "side"),
        (180, "back"),
    ],
)
def test_the_view_from_around(degrees, view):
    keeper = ViewKeeper()
    got = [keeper.step(i / 30, seen_from(degrees)) for i in range(30)]
    assert set(got) == {view}


def test_the_view_follows_when_it_changes_and_not_for_a_moment():
    keeper = ViewKeeper()
    for i in range(30):
        keeper.step(i / 30, seen_from(0))
    assert keeper.step(1.0, seen_from(90)) == "front"
    got = [keeper.step(1 + i / 30, seen_from(90)) for i in range(1, 40)]
    assert got[-1] == "side"


def test_shoulder_width_in_trunks():
    o = one(shoulder=0.2, trunk=0.5)
    assert float(compute_shoulder_width(o.plane())) == pytest.approx(0.8)
    m = Motion.from_observations([o])
    assert compute_shoulder_width(m.plane()).shape == (1,)
