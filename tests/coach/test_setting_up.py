"""The set-up on replayed bodies: what it says, and when it lets the practice begin."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from figures import Figure, heavens, make_motion, perform
from posecoach.body import ANKLES, HIPS
from posecoach.coach.setting_up import HOLD_S, SettingUp
from posecoach.coach.setup_words import advice_text, check_text, tell_measures, way_text
from posecoach.coach.ways import LEGS, WAYS, Way, leave_legs_out, needs_legs
from posecoach.motion import Observation
from posecoach.reference.record import make_sequence

LIGHT = 120.0


@cache
def teach():
    return make_sequence("heavens", [perform(repetitions=2)[0]])


@pytest.fixture
def sequence():
    return teach()


def stand(seconds=3.0, fps=30.0, raised=0.0, **figure):
    """Return somebody who stands still, arms hanging or raised."""
    time_s = np.arange(0.0, seconds, 1.0 / fps)
    place = np.full(len(time_s), 5.0 * raised)
    return make_motion(time_s, heavens(place, place), Figure(**figure))


def watch(sequence, motion, brightness=LIGHT, way=Way.WHOLE, change=lambda o: o):
    machine = SettingUp(sequence, way)
    return [machine.step(change(o), brightness) for o in motion]


@pytest.mark.parametrize(
    ("figure", "advice"),
    [
        ({"scale": 0.42}, "hold"),
        ({"scale": 0.7}, "step_back"),
        ({"scale": 0.17}, "step_forward"),
        ({"scale": 0.36, "centre": (0.15, 0.5)}, "step_left"),
        ({"scale": 0.36, "centre": (0.85, 0.5)}, "step_right"),
        ({"scale": 0.36, "centre": (0.5, 0.3)}, "lid_back"),
        ({"scale": 0.36, "centre": (0.5, 0.8)}, "lid_forward"),
        ({"scale": 0.36, "roll_deg": 16.0}, "level"),
    ],
)
def test_one_thing_is_said_for_each_place(sequence, figure, advice):
    seen = watch(sequence, stand(**figure))
    assert seen[-1].advice == advice
    assert seen[-1].checks["room"] is (advice in ("hold", "level"))
    assert seen[-1].fits is (advice in ("hold", "level"))
    for language in ("de", "en"):
        assert 2 <= len(advice_text(advice, language).split()) <= 5


@given(
    x=st.floats(0.0, 1.0), y=st.floats(0.1, 1.0), scale=st.floats(0.12, 0.9), roll=st.floats(-9, 9)
)
@example(x=0.0, y=0.5, scale=0.6328125, roll=0.0)  # the lid was sent to and fro
@settings(max_examples=25, deadline=None)
def test_following_the_advice_leads_to_the_right_place(x, y, scale, roll):
    """Whoever does what is said comes to stand where the whole form is in the picture."""
    machine = SettingUp(teach())
    for _ in range(60):
        machine.restart()
        found = machine.step(
            next(iter(stand(0.05, scale=scale, centre=(x, y), roll_deg=roll))), LIGHT
        )
        match found.advice:
            case "step_back":
                scale *= 0.93
            case "step_forward":
                scale *= 1.06
            case "step_left":  # the left of who faces the camera is at greater x
                x += 0.04
            case "step_right":
                x -= 0.04
            case "lid_back":  # the camera looks up, the body sinks in its picture
                y += 0.03
            case "lid_forward":
                y -= 0.03
            case _:
                assert found.fits
                return
    raise AssertionError(f"sent about without end: {found.advice}")


def test_it_begins_once_the_start_pose_was_held_for_two_seconds(sequence):
    motion = stand(4.0, scale=0.4)
    seen = watch(sequence, motion)
    first = next(i for i, s in enumerate(seen) if s.begins)
    assert motion.time_s[first] == pytest.approx(0.8 + HOLD_S, abs=0.15)
    held = [s.held for s in seen[: first + 1]]
    assert held == sorted(held)
    assert seen[first].calibration.done
    assert all(s.begins for s in seen[first:])


def test_nothing_begins_while_something_is_amiss_or_the_arms_are_up(sequence):
    assert not any(s.begins for s in watch(sequence, stand(5.0, scale=0.7)))
    assert not any(s.begins for s in watch(sequence, stand(5.0, scale=0.4), brightness=20.0))
    assert not any(s.begins for s in watch(sequence, stand(5.0, scale=0.36, raised=1.0)))
    moving = perform(repetitions=1, stand_s=0.0, figure=Figure(scale=0.36))[0]
    assert not any(s.begins for s in watch(sequence, moving))


def test_raised_hands_are_foretold_and_then_seen(sequence):
    low = watch(sequence, stand(1.0, scale=0.4))[-1]
    assert low.checks["hands"] is True
    assert not low.hands_shown
    up = watch(sequence, stand(1.0, scale=0.36, raised=1.0))[-1]
    assert up.checks["hands"] is True
    assert up.hands_shown
    assert watch(sequence, stand(1.0, scale=0.36, centre=(0.5, 0.35)))[-1].checks["hands"] is False
    out = watch(sequence, stand(1.0, scale=0.36, centre=(0.5, 0.2), raised=1.0))[-1]
    assert out.checks["hands"] is False


@pytest.mark.parametrize(
    ("brightness", "advice"),
    [(3.0, "open_shutter"), (30.0, "more_light"), (240.0, "less_light"), (120.0, "step_in")],
)
def test_light_is_judged_without_anybody(sequence, brightness, advice):
    machine = SettingUp(sequence)
    found = machine.step(Observation.nobody(0.0, 640.0, 480.0), brightness)
    assert found.advice == advice
    assert found.checks["seen"] is False
    assert found.checks["room"] is None
    assert found.prospects == {}


def test_a_slow_camera_in_a_dim_room_needs_light(sequence):
    assert watch(sequence, stand(fps=8.0, scale=0.4), brightness=70.0)[-1].advice == "more_light"
    assert watch(sequence, stand(fps=30.0, scale=0.4), brightness=70.0)[-1].advice == "hold"
    assert watch(sequence, stand(fps=8.0, scale=0.4), brightness=None)[-1].checks["light"] is None


def test_advice_does_not_flicker(sequence):
    machine = SettingUp(sequence)
    wide, fine = list(stand(4.0, scale=0.6)), list(stand(4.0, scale=0.4))
    mixed = [(wide if i % 10 < 3 else fine)[i] for i in range(110)]
    told = [machine.step(o, LIGHT).advice for o in mixed]
    assert sum(a != b for a, b in pairwise(told)) <= 2


def hide(points, visibility=0.1):
    def change(o):
        seen = o.visibility.copy()
        seen[list(points)] = visibility
        return replace(o, visibility=seen)

    return change


def test_hidden_feet_are_asked_for_unless_the_legs_are_left_out(sequence):
    motion = stand(scale=0.4)
    assert watch(sequence, motion, change=hide(ANKLES))[-1].advice == "show_feet"
    upper = watch(sequence, motion, change=hide(ANKLES), way=Way.UPPER_BODY)[-1]
    assert upper.advice == "hold"
    assert upper.begins
    assert watch(sequence, motion, change=hide(HIPS))[-1].advice == "clear_view"


def test_the_upper_body_may_be_nearer_and_loses_the_knees(sequence):
    near = {"scale": 0.62, "centre": (0.5, 0.78)}
    assert watch(sequence, stand(**near))[-1].advice == "step_back"
    found = watch(sequence, stand(**near), way=Way.UPPER_BODY)[-1]
    assert found.fits
    whole = watch(sequence, stand(scale=0.4))[-1]
    assert whole.prospects["joint_angle.left_knee"] is None
    assert found.prospects["joint_angle.left_knee"] == "no_legs"
    assert found.prospects["lateral_lean"] is None
    assert np.isnan(found.silhouette[LEGS]).all()
    judged, lost = tell_measures(found.prospects, "en")
    assert "Left and right" in judged
    assert ("Knees", "the legs are not looked at") in lost


def test_from_the_side_one_is_asked_to_turn_and_told_what_is_lost(sequence):
    def aside(o):
        image = o.image.copy()
        image[:, 0] = 0.5 + 0.2 * (image[:, 0] - 0.5)
        return replace(o, image=image)

    found = watch(sequence, stand(scale=0.4), change=aside)[-1]
    assert found.advice == "turn_front"
    assert found.prospects["lateral_lean"] == "side_view"
    assert found.prospects["tempo_ratio"] is None
    assert watch(replace(sequence, view="side"), stand(scale=0.4))[-1].advice == "turn_side"


def test_the_silhouette_stands_where_one_is_well(sequence):
    machine = SettingUp(sequence)
    o = next(iter(stand(0.05)))
    found = machine.step(o, LIGHT)
    x, y = found.silhouette[~np.isnan(found.silhouette).any(axis=1)].T
    assert 0 < x.min() < x.max() < 640 / 480
    assert 0 < y.min() < y.max() < 1
    image = o.image.copy()
    image[:, 0], image[:, 1] = found.silhouette[:, 0] * 480 / 640, found.silhouette[:, 1]
    machine.restart()
    assert machine.step(replace(o, image=image), LIGHT).fits


def test_leaving_the_legs_out_changes_nothing_else(sequence):
    o = next(iter(stand(0.05)))
    bare = leave_legs_out(o)
    assert np.isnan(bare.image[LEGS]).all()
    assert (bare.visibility[LEGS] == 0).all()
    rest = [i for i in range(33) if i not in LEGS]
    assert (bare.image[rest] == o.image[rest]).all()
    assert np.isfinite(o.image[LEGS]).all()
    assert [needs_legs(sequence, w) for w in WAYS] == [True, False, False]
    assert needs_legs(replace(sequence, posture="seated"), Way.SEATED)


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_has_words(language):
    for key in ("seen", "room", "hands", "hands_shown", "light", "still"):
        assert check_text(key, language)
    assert len({way_text(w, language) for w in WAYS}) == 3
    assert advice_text("stand", language, Way.SEATED) != advice_text("stand", language)


def test_who_is_too_far_away_to_be_found_is_asked_to_come_near(sequence):
    machine = SettingUp(sequence)

    def wait(since, until):
        times = np.arange(since, until, 0.1)
        return [machine.step(Observation.nobody(t, 640.0, 480.0), LIGHT).advice for t in times]

    said = wait(0.0, 10.0)
    assert (said[0], said[40], said[-1]) == ("step_in", "step_in", "come_near")
    for o in stand(2.0):
        seen = machine.step(replace(o, time_s=10.0 + o.time_s), LIGHT)
    assert seen.advice != "come_near"
    assert wait(12.5, 14.0)[-1] == "step_in"
