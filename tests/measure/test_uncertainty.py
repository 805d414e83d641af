from dataclasses import replace

import pytest

from figures import perform
from follow_tracks import signals_of
from posecoach.measure.uncertainty import BIAS, estimate_error

_, DONE = signals_of(perform(repetitions=1)[0])


@pytest.mark.parametrize("measure", [*BIAS, "joint_angle.left_elbow"])
def test_no_averaging_goes_below_the_bias(measure):
    assert estimate_error(measure, DONE, 10_000) >= BIAS[measure.split(".")[0]]


def test_everything_unknown_adds():
    plain = estimate_error("lateral_lean", DONE, 480)
    assert 0.6 < plain < 1.5
    assert estimate_error("lateral_lean", DONE, 120) > plain
    assert estimate_error("lateral_lean", replace(DONE, seconds=0.0), 480) > 1.5
    assert estimate_error("lateral_lean", DONE, 480, spread=2.0) > 2
    assert estimate_error("lateral_lean", DONE, 480, extra=2.0) > 2
