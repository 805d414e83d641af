"""A joint's angle: a smaller range is no fault, another posture is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import bow
from measure.test_repetition import TRACKS, measures, perform_at
from posecoach.body import JOINT_ANGLES
from posecoach.coach.faults import find_faults
from posecoach.coach.guidance import Comfort
from posecoach.measure.joints import expect_joint

ELBOW, KNEE = "joint_angle.left_elbow", "joint_angle.left_knee"


def found(joint, make):
    """Return the deviation and whether it deserves a cue, of a joint that is moved otherwise."""
    p, track = perform_at(bow), TRACKS[bow]
    column = list(JOINT_ANGLES).index(joint.split(".")[1])
    p.signals.joints[:, column] = make(track.sample(track.signals.joints[:, column], p.places_s))
    got = measures(p, bow, joints=(joint.split(".")[1],)).measures
    assert got[joint].judged
    return got[joint].deviation, joint in find_faults(got, Comfort())


@pytest.mark.parametrize("share", [0.0, 0.2, 0.45, 0.8, 1.0])
def test_an_elbow_that_bends_less_is_no_fault(share):
    deviation, told = found(ELBOW, lambda ref: 180.0 - share * (180.0 - ref))
    assert abs(deviation) < 3.0
    assert not told


def test_one_that_is_always_bent_where_the_teachers_is_straight_is_told():
    for bent in (60.0, 130.0):
        deviation, told = found(ELBOW, lambda ref, bent=bent: np.minimum(ref, bent))
        assert deviation < -30.0
        assert told
    deviation, told = found(KNEE, lambda ref: ref - 40.0)
    assert deviation == pytest.approx(-40.0, abs=3.0)
    assert told


def test_larger_than_the_teachers_is_told_in_full():
    ref = np.linspace(180.0, 110.0, 50)
    own = 180.0 - 1.5 * (180.0 - ref)
    everywhere = np.ones(50, dtype=bool)
    assert expect_joint("left_knee", own, ref, everywhere) == pytest.approx(ref, abs=4.0)


@given(
    joint=st.sampled_from(["left_knee", "right_elbow", "left_shoulder"]),
    share=st.floats(0.0, 1.0),
    straighter=st.floats(0.0, 1.0),
    low=st.floats(20.0, 150.0),
    size=st.floats(0.0, 30.0),
)
@settings(deadline=None, max_examples=40)
def test_every_smaller_range_is_explained(joint, share, straighter, low, size):
    ref = low + size * (1.0 - np.cos(np.linspace(0.0, 2 * np.pi, 80))) / 2
    rest, neutral = (ref.min(), 0.0) if joint == "left_shoulder" else (ref.max(), 180.0)
    own = rest + straighter * (neutral - rest) + share * (ref - rest)
    usable = np.ones(80, dtype=bool)
    np.testing.assert_allclose(expect_joint(joint, own, ref, usable), own, atol=0.5)
