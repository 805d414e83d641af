"""What makes a reading's standard error wider, one after the other."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import perform
from follow_tracks import signals_of
from posecoach.body import HIPS, INDEX, JOINT_ANGLES, N_POINTS, WRISTS
from posecoach.measure.uncertainty import (
    BIAS,
    USUAL,
    estimate_error,
    estimate_view_error,
)

_, DONE = signals_of(perform(repetitions=1)[0])
MEASURES = [m for m in BIAS if m != "joint_angle"] + [f"joint_angle.{j}" for j in JOINT_ANGLES]


def see(points, visibility):
    """Return visibilities of which only some points' are not 1."""
    seen = np.ones(N_POINTS)
    seen[list(points)] = visibility
    return seen


@pytest.mark.parametrize("measure", MEASURES)
def test_no_averaging_goes_below_the_bias(measure):
    bias = BIAS[measure.split(".")[0]]
    assert bias <= estimate_error(measure, DONE, 10_000) < 1.01 * bias


@given(
    measure=st.sampled_from(MEASURES),
    height=st.floats(100, 2000),
    smaller=st.floats(0.2, 1.0),
    seen=st.floats(0, 1),
    less=st.floats(0, 1),
)
def test_a_smaller_or_less_visible_body_is_never_known_better(measure, height, smaller, seen, less):
    plain = estimate_error(measure, DONE, height, visibility=np.full(N_POINTS, seen))
    small = estimate_error(measure, DONE, smaller * height, visibility=np.full(N_POINTS, seen))
    hidden = estimate_error(measure, DONE, height, visibility=np.full(N_POINTS, less * seen))
    assert small >= plain
    assert hidden >= plain


@pytest.mark.parametrize("measure", MEASURES)
def test_only_the_points_it_is_made_of_count(measure):
    usual = estimate_error(measure, DONE, 480)
    assert estimate_error(measure, DONE, 480, visibility=see(range(N_POINTS), 1 - USUAL)) == usual
    assert estimate_error(measure, DONE, 480, visibility=see(range(11), 0.0)) == usual
    assert estimate_error(measure, DONE, 480, visibility=see(range(11, 29), 0.3)) > usual


def test_hidden_hips_are_worth_degrees():
    """Furniture before a hip has moved a lean by 6 degrees; over the seconds, half of it."""
    hidden = estimate_error("lateral_lean", DONE, 480, visibility=see(HIPS, 0.0))
    assert 2.5 < hidden < 6.0
    arms = [
        estimate_error("joint_angle.left_elbow", DONE, 480, visibility=see(WRISTS, v))
        for v in (0.97, 0.8, 0.5)
    ]
    assert arms[0] < arms[1] < arms[2]
    right = see([INDEX["right_wrist"]], 0.0)
    assert estimate_error("joint_angle.left_elbow", DONE, 480, visibility=right) == arms[0]


def test_everything_unknown_adds():
    plain = estimate_error("lateral_lean", DONE, 480)
    assert 0.6 < plain < 1.5
    assert estimate_error("lateral_lean", DONE, 120) > plain
    assert estimate_error("lateral_lean", replace(DONE, seconds=0.0), 480) > 1.5
    assert estimate_error("lateral_lean", DONE, 480, calibrated=False) > 1.5
    assert estimate_error("lateral_lean", DONE, 480, spread=2.0) > 2
    assert estimate_error("lateral_lean", DONE, 480, extra=2.0) > 2


@pytest.mark.parametrize("turn", [0, 15, 30, 45, 60])
def test_a_turned_body_s_angles_are_off_by_at_most_so_much(turn):
    angles = np.radians(np.linspace(0, 90, 91))
    seen = np.arctan2(np.cos(np.radians(turn)) * np.sin(angles), np.cos(angles))
    most = np.degrees(np.abs(seen - angles)).max()
    # At 45 degrees, up to a turn of 60 nearly the largest.
    assert 0.9 * most - 1e-9 <= estimate_view_error(turn) <= most + 1e-9
