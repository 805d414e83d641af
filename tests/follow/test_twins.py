from functools import cache

import numpy as np
import pytest

from posecoach.coach.session import KNOWN
from posecoach.follow.follower import Follower, Place
from posecoach.follow.track import STEP_S, Track, make_track
from posecoach.follow.twins import Twin, TwinWatcher, find_twins
from posecoach.reference.library import open_form

REST = 60  # places of the form below that stand still at the start, and again in its middle


@cache
def bow() -> Track:
    return make_track(open_form("drawing-the-bow").takes[0])


def two_sides(parts_after: int) -> np.ndarray:
    """Return a course of two features: the same after either rest, then one side or the other."""
    still = np.zeros((REST, 2))
    both = np.stack([np.linspace(0, 9, parts_after), np.zeros(parts_after)], axis=1)
    away = np.linspace([9, 0], [9, 9], 80)
    home = np.linspace([9, 9], [0, 0], 40)
    mirrored = [1, -1]
    left = [both, away, home]
    right = [both, away * mirrored, home * mirrored]
    return np.concatenate([still, *left, still, *right, still])


def follow_with_a_pause(at_s: float, hold_s: float) -> tuple[list[Place], np.ndarray]:
    track = bow()
    fast = np.arange(0.0, at_s, STEP_S)
    slow = np.full(int(hold_s / STEP_S), at_s)
    true = np.concatenate([np.zeros(30), fast, slow, np.arange(at_s, track.duration_s, STEP_S)])
    seen = track.sample(track.signals.features, true)
    follower = Follower(track)
    return [follower.step(i * STEP_S, f) for i, f in enumerate(seen)], true


@pytest.mark.parametrize("alike", [30, 60])
def test_a_rest_like_the_start_is_found_with_what_follows(alike):
    course = two_sides(alike)
    like = np.exp(-0.5 * ((course - course[0]) ** 2).sum(axis=1))
    (twin,) = find_twins(course, np.ones(2), like, REST)
    rest = REST + alike + 120
    assert abs(twin.first - rest) < 10
    assert abs(twin.last - (rest + REST)) < 10
    assert alike - 5 < twin.length < alike + 40  # until the second feature tells


def test_a_form_without_such_a_rest_has_none():
    course = two_sides(40)[: REST + 160]
    like = np.exp(-0.5 * ((course - course[0]) ** 2).sum(axis=1))
    assert find_twins(course, np.ones(2), like, REST) == []


def test_until_the_courses_part_only_what_was_likely_at_rest_counts():
    twin, beyond = Twin(100, 110, 30), 20
    watcher = TwinWatcher([twin], beyond)
    at_rest = np.zeros(200)
    at_rest[5], at_rest[105] = 0.4, 0.6
    assert watcher.step(at_rest, 105, 0.6, resting=True) == pytest.approx(0.6)
    moving = np.zeros(200)
    assert watcher.step(moving, 25, 0.99, resting=False) == pytest.approx(0.4)
    assert watcher.step(moving, 125, 0.99, resting=False) == pytest.approx(0.6)
    assert watcher.step(moving, 150, 0.99, resting=False) == 0.99
    assert watcher.step(moving, 125, 0.99, resting=False) == 0.99  # it is over


def test_who_rests_between_the_sides_is_not_thought_to_begin_anew():
    places, true = follow_with_a_pause(6.4, 4.0)
    wrong = [
        abs(p.place_s - at) > 1.0 and p.certainty >= KNOWN
        for p, at in zip(places, true, strict=True)
        if 1.0 < at < bow().duration_s - 1.0
    ]
    assert not any(wrong)
    assert places[-60].place_s == pytest.approx(true[-60], abs=0.4)


@pytest.mark.parametrize(("at_s", "most"), [(1.15, 0.35), (3.0, 0.15), (7.2, 0.35)])
def test_a_pause_is_where_it_began(at_s, most):
    places, true = follow_with_a_pause(at_s, 3.0)
    off = [abs(p.place_s - at) for p, at in zip(places, true, strict=True) if at == at_s]
    assert np.quantile(off, 0.95) < most  # it seemed 0.1 to 0.3 s further on before
