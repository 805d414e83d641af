import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, make_motion
from posecoach.measure.carriage import (
    PARTS,
    compare_carriage,
    compute_directions,
    compute_strain,
    compute_turns,
    is_same_form,
    is_whole_form,
    trace_directions,
    turn_by,
)
from posecoach.motion import Motion

TIME = np.arange(0, 10.01, 1 / 20)


def once(tempo=1.0, figure=None, **more):
    """Return one repetition of the form."""
    time_s = np.arange(0, 10.01 / tempo, 1 / 20)
    return make_motion(time_s, heavens(tempo * time_s, tempo * time_s, **more), figure)


def sway(motion, part, degrees, axis="z", at=(3.0, 7.0)):
    """Return the motion with a part of the body turned about the hips or shoulders for a while."""
    points = motion.world.copy()
    bell = np.exp(-0.5 * ((motion.time_s - np.mean(at)) / (0.3 * np.diff(at))) ** 2)
    a = np.radians(degrees) * bell
    index = list(range(11)) if part == "head" else list(range(23))
    foot = points[:, [11, 12]].mean(axis=1) if part == "head" else 0.0
    own = points[:, index] - np.reshape(foot, (-1, 1, 3) if part == "head" else (1, 1))
    u, v = {"z": (0, 1), "x": (1, 2)}[axis]
    c, s = np.cos(a)[:, None], np.sin(a)[:, None]
    turned = own.copy()
    turned[..., u] = c * own[..., u] - s * own[..., v]
    turned[..., v] = s * own[..., u] + c * own[..., v]
    points[:, index] = turned + np.reshape(foot, (-1, 1, 3) if part == "head" else (1, 1))
    return Motion.from_points(points, motion.time_s)


TEACHER = trace_directions(once())


def strain(motion, **more):
    found = compare_carriage(trace_directions(motion, **more), trace_directions(once(), **more))
    assert found is not None
    return compute_strain(found.relative)


def test_directions_are_unit_and_named():
    d = compute_directions(once().world)
    assert d.shape == (len(TIME), len(PARTS), 3)
    np.testing.assert_allclose(np.linalg.norm(d, axis=2), 1)
    assert d[0, PARTS.index("trunk"), 1] < -0.99
    assert d[0, PARTS.index("shoulders"), 0] > 0.99
    assert d[100, PARTS.index("left_upper_arm"), 1] < -0.8  # up at half time
    assert compute_directions(once().plane()).shape == d.shape


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_turns_there_and_back(seed):
    rng = np.random.default_rng(seed)
    rest = rng.normal(size=(12, 3))
    there = rng.normal(size=(7, 12, 3))
    rest /= np.linalg.norm(rest, axis=-1, keepdims=True)
    there /= np.linalg.norm(there, axis=-1, keepdims=True)
    turns = compute_turns(rest, there)
    np.testing.assert_allclose(turn_by(rest, turns), there, atol=1e-7)
    half = turn_by(rest, 0.5 * turns)
    np.testing.assert_allclose(
        np.linalg.norm(compute_turns(rest, half), axis=-1),
        0.5 * np.linalg.norm(turns, axis=-1),
        atol=1e-6,
    )


def test_the_same_again_is_carried_alike():
    same = compare_carriage(TEACHER, TEACHER)
    assert same.amplitude == pytest.approx(1)
    assert np.nanmax(same.deviation) < 1e-4
    assert compute_strain(same.relative) == pytest.approx(0, abs=1e-4)
    assert same.path[0] == 0
    assert same.path[-1] == 1
    assert (np.diff(same.path) >= 0).all()


@pytest.mark.parametrize("tempo", [0.6, 1.6])
def test_tempo_does_not_matter(tempo):
    assert strain(once(tempo)) < 0.7


@pytest.mark.parametrize(
    "figure", [Figure(trunk=0.42, upper_arm=0.34, thigh=0.5), Figure(scale=0.2), Figure(noise=2e-3)]
)
def test_the_body_does_not_matter(figure):
    assert strain(once(figure=figure)) < 1.0


@pytest.mark.parametrize("amount", [0.5, 0.7, 1.2])
def test_a_smaller_movement_is_no_fault(amount):
    """Nothing of it shows in trunk, head and legs; little in the arms, unless it is halved."""
    found = compare_carriage(trace_directions(once(amount=(amount, amount))), TEACHER)
    assert found.amplitude == pytest.approx(min(amount, 1.1), abs=0.12)
    # Half as high with the elbows bent as before is not the same movement made smaller: what is
    # left is the arms' own.
    assert max(found.by_part()[p] for p in ("trunk", "head", "shoulders", "pelvis")) < 0.1
    assert max(found.by_part()[p] for p in ("left_thigh", "right_shank")) < 0.1
    if amount >= 0.7:
        assert compute_strain(found.relative) < strain(sway(once(), "trunk", 10.0))


def test_a_crooked_stance_kept_is_no_fault():
    assert strain(once(lean=4.0, tilt=3.0)) < 0.5


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize(
    ("part", "named"), [("trunk", {"trunk", "shoulders", "head"}), ("head", {"head"})]
)
def test_what_sways_is_named(part, named, flat):
    moved = sway(once(), part, 12.0)
    found = compare_carriage(
        trace_directions(moved, flat=flat), trace_directions(once(), flat=flat)
    )
    by = found.by_part()
    worst = max((p for p in by if "arm" not in p), key=lambda p: by[p])
    assert worst in named
    assert by[worst] > 4


def test_bending_forward_shows_only_in_space():
    bent = sway(once(), "trunk", -15.0, axis="x")
    space = compare_carriage(trace_directions(bent), TEACHER).by_part()
    flat = compare_carriage(
        trace_directions(bent, flat=True), trace_directions(once(), flat=True)
    ).by_part()
    assert space["trunk"] > 5
    assert flat["trunk"] < 0.5


def test_a_mirror_mirrors():
    moved = sway(once(), "trunk", 10.0)
    a = compare_carriage(trace_directions(moved), TEACHER).by_part()
    b = compare_carriage(
        trace_directions(moved.mirrored()), trace_directions(once().mirrored())
    ).by_part()
    for part, value in a.items():
        other = part.replace("left", "?").replace("right", "left").replace("?", "right")
        assert b[other] == pytest.approx(value, abs=1e-6)


def test_more_sway_is_more():
    values = [strain(sway(once(), "trunk", d)) for d in (0, 4, 8, 16)]
    assert values == sorted(values)


def test_parts_not_seen_are_left_out():
    motion = once()
    points = motion.world.copy()
    points[:, 25:] = np.nan  # no knees, no feet
    points[60:70, 15] = np.nan  # a gap
    found = compare_carriage(trace_directions(Motion.from_points(points, TIME)), TEACHER)
    by = found.by_part()
    assert np.isnan(by["left_thigh"])
    assert np.isnan(by["right_shank"])
    assert np.isfinite(by["left_forearm"])
    assert compute_strain(found.relative) < 0.5


def test_nothing_is_said_of_too_little():
    blind = TEACHER.copy()
    blind[:, 0] = np.nan
    assert compare_carriage(blind, TEACHER) is None
    few = np.full_like(TEACHER, np.nan)
    few[:, :3] = TEACHER[:, :3]
    assert compare_carriage(few, TEACHER) is None
    still = np.repeat(TEACHER[:1], 60, axis=0)
    assert compare_carriage(TEACHER, still) is None


def test_another_form_is_told():
    def same(motion):
        return is_same_form(compare_carriage(trace_directions(motion), TEACHER))

    assert same(once())
    assert same(once(0.7, amount=(0.6, 0.6)))
    assert same(sway(once(), "trunk", 20.0))
    assert not same(make_motion(TIME, bow(TIME, TIME)))
    assert not same(make_motion(TIME, heavens(0 * TIME, 0 * TIME)))  # stands still


@pytest.mark.parametrize(("wrong", "whole"), [(0, True), (1, True), (2, False)])
def test_one_part_that_a_tracker_reads_wrongly_does_not_make_it_another_form(wrong, whole):
    own = TEACHER.copy()
    for part in ("right_forearm", "left_forearm")[:wrong]:
        k = PARTS.index(part)
        x, y = own[22:38, k, 0].copy(), own[22:38, k, 1].copy()
        own[22:38, k, 0], own[22:38, k, 1] = -y, x  # a quarter turn, for a quarter of the time
    found = compare_carriage(own, TEACHER)
    assert is_same_form(found)
    assert is_whole_form(found) == whole
