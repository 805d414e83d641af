from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, heavens, make_motion, perform
from posecoach.analysis import analyze
from posecoach.body import ANKLES, HIPS, INDEX, SHOULDERS, WRISTS
from posecoach.coach.session import Session
from posecoach.coach.ways import LEGS
from posecoach.motion import Motion
from posecoach.posture.parts import PartsKeeper
from posecoach.reference.sequence import Sequence


def stand(**figure):
    at = np.zeros(1)
    return make_motion(np.zeros(1), heavens(at, at), Figure(**figure)).at(0)


def change(o, *, hips=1.0, legs=1.0, seen=1.0):
    """Say how likely hips and legs are there, and how well the legs are seen."""
    presence, visibility = o.presence.copy(), o.visibility.copy()
    presence[list(HIPS)] = hips
    presence[LEGS] = legs
    visibility[LEGS] = seen
    return replace(o, presence=presence, visibility=visibility)


def settle(o, keeper=None, seconds=1.5):
    keeper = keeper or PartsKeeper()
    return [keeper.step(replace(o, time_s=10 + i / 30)) for i in range(int(30 * seconds))][-1]


def test_a_whole_body_is_believed_and_left_as_it_is():
    o = stand()
    parts = settle(o)
    assert (parts.hips, parts.legs, parts.each) == (None, None, (True, True))
    assert parts.leave_out(o) is o


# What the lite, full and heavy model say of somebody behind a desk (see `posecoach.posture.parts`).
@pytest.mark.parametrize("hips", [0.25, 0.63, 0.86])
def test_hips_behind_a_desk_are_not_believed(hips):
    parts = settle(change(stand(), hips=hips, legs=0.05, seen=0.1))
    assert (parts.hips, parts.legs) == ("hidden", "legs_hidden")


@pytest.mark.parametrize(("legs", "seen"), [(0.05, 0.1), (0.45, 0.04), (0.85, 0.07), (0.2, 0.8)])
def test_legs_behind_a_desk_are_not_believed(legs, seen):
    o = change(stand(), hips=0.96, legs=legs, seen=seen)
    parts = settle(o)
    assert (parts.hips, parts.legs) == (None, "legs_hidden")
    left = parts.leave_out(o)
    assert np.isnan(left.image[LEGS]).all()
    assert not left.visibility[LEGS].any()
    rest = [i for i in range(33) if i not in LEGS]
    np.testing.assert_array_equal(left.image[rest], o.image[rest])
    assert left.found


@pytest.mark.parametrize("side", [0, 1])
def test_a_table_before_one_side_hides_the_hip_behind_it(side):
    whole, keeper = stand(), PartsKeeper()
    presence = whole.presence.copy()
    presence[WRISTS[side]], presence[HIPS[side]] = 0.6, 0.97
    beside = replace(whole, presence=presence)
    assert settle(beside, keeper).hips == "hidden"
    # An arm that is raised comes out from behind it; the table stays.
    image = whole.image.copy()
    image[list(WRISTS), 1] = image[INDEX["nose"], 1]
    raised = replace(whole, image=image)
    times = (11.5 + i / 30 for i in range(60))
    assert [keeper.step(replace(raised, time_s=t)).hips for t in times][-1] == "hidden"
    times = (13.5 + i / 30 for i in range(60))
    assert [keeper.step(replace(whole, time_s=t)).hips for t in times][-1] is None


def test_both_hands_behind_a_desk_hide_no_hip():
    o = stand()
    presence = o.presence.copy()
    presence[list(WRISTS)] = 0.3
    assert settle(replace(o, presence=presence)).hips is None


def test_one_leg_behind_a_plant():
    o = stand()
    presence, visibility = o.presence.copy(), o.visibility.copy()
    presence[ANKLES[0]], visibility[ANKLES[0]] = 0.3, 0.1
    o = replace(o, presence=presence, visibility=visibility)
    parts = settle(o)
    assert (parts.legs, parts.each) == (None, (False, True))
    left = parts.leave_out(o)
    assert np.isnan(left.image[INDEX["left_knee"]]).all()
    assert np.isfinite(left.image[INDEX["right_foot_index"]]).all()


@pytest.mark.parametrize(
    ("hip_y", "presence", "hips"),
    [(0.99, 0.5, "cut_off"), (0.985, 0.87, "cut_off"), (1.1, 0.1, "cut_off"), (0.93, 0.85, None)],
)
def test_where_the_picture_ends(hip_y, presence, hips):
    """Above the hips they are drawn at its edge; below them they are where they seem to be."""
    o = stand()
    o = stand(centre=(0.5, 0.52 + hip_y - float(o.image[list(HIPS), 1].mean())))
    parts = settle(change(o, hips=presence, legs=0.02, seen=0.1))
    assert (parts.hips, parts.legs) == (hips, "legs_cut_off")
    without = parts.leave_out(o)
    again = settle(change(replace(without, visibility=o.visibility), hips=presence, legs=0.0))
    assert again.hips == hips, "the way that leaves the legs out must say the same"


def test_a_trunk_far_too_short_for_its_shoulders_is_none_without_legs():
    o = stand()
    image = o.image.copy()
    image[list(HIPS), 1] = image[list(SHOULDERS), 1] + 0.1
    bent = replace(o, image=image)
    assert settle(bent).hips is None, "a bend towards the camera"
    assert settle(change(bent, hips=0.95, legs=0.1, seen=0.1)).hips == "hidden"


def test_a_moment_changes_nothing_and_a_second_does():
    keeper = PartsKeeper()
    whole, half = stand(), change(stand(), hips=0.5, legs=0.0, seen=0.1)
    settle(whole, keeper)
    t = 11.5
    got = [keeper.step(replace(half, time_s=t + i / 30)).hips for i in range(30)]
    assert got[:2] == [None, None]
    assert got[-1] == "hidden"


def test_what_is_half_hidden_is_not_judged_and_said_why():
    motion, _ = perform(repetitions=1, fps=15)
    joints = ("left_knee", "right_knee", "left_elbow", "right_elbow")
    sequence = Sequence.from_takes([motion], joints=joints)
    desk = Motion.from_observations([change(o, hips=0.97, legs=0.4, seen=0.05) for o in motion])
    got = analyze(desk, sequence)
    measures = got.repetitions[0].measures
    assert measures["joint_angle.left_knee"].reason == "legs_hidden"
    assert not measures["joint_angle.right_knee"].judged
    assert measures["lateral_lean"].judged
    assert got.cues == []
    behind = Session(sequence)
    states = [behind.step(change(o, hips=0.6, legs=0.0, seen=0.05)) for o in motion]
    behind.finish()
    assert behind.repetitions == []
    assert behind.cues == []
    assert {s.reason for s in states} == {"hidden"}


def test_hips_the_model_itself_does_not_see():
    o = stand()
    visibility = o.visibility.copy()
    visibility[list(HIPS)] = 0.1, 0.6
    assert settle(replace(o, visibility=visibility)).hips is None
    visibility[list(HIPS)] = 0.1
    assert settle(replace(o, visibility=visibility)).hips == "hidden"
