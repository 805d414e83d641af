import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.measure.girdle import compute_girdle_tilt

heights = st.floats(0.0, 180.0)


@given(st.floats(-15, 15), heights, heights)
def test_mirroring_turns_the_sign_and_nothing_else(tilt, left, right):
    here = compute_girdle_tilt(np.array(tilt), np.array([left, right]))
    there = compute_girdle_tilt(np.array(-tilt), np.array([right, left]))
    assert there == pytest.approx(-here)


@given(st.floats(-15, 15), heights)
def test_level_arms_explain_nothing_however_high(tilt, height):
    assert compute_girdle_tilt(np.array(tilt), np.array([height, height])) == pytest.approx(tilt)


def test_a_raised_arm_brings_its_shoulder_up_and_a_hanging_one_does_not():
    tilts = [float(compute_girdle_tilt(np.array(0.0), np.array([h, 10.0]))) for h in (50, 90, 170)]
    assert tilts[0] == 0.0
    # A level line under a raised left arm is one whose left shoulder is kept down.
    assert 1.0 < tilts[1] < tilts[2] < 10.0


def test_an_arm_that_is_not_seen_explains_nothing():
    seen = compute_girdle_tilt(np.array([4.0, 4.0]), np.array([[np.nan, 10.0], [170.0, np.nan]]))
    assert (seen == 4.0).all()
