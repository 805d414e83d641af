from dataclasses import replace

import pytest

from posecoach.measure.judgement import FLOORS, TOLD, UNITS, Judgement, get_floor, get_unit


def read(deviation, tolerance=4.0, uncertainty=1.0, judged=True):
    return Judgement(deviation, 0.0, deviation, None, uncertainty, tolerance, "deg", judged, None)


def test_every_measure_has_a_unit_and_a_floor():
    assert set(UNITS) | {"joint_angle", "carriage"} == set(FLOORS) | set(TOLD)
    assert not set(FLOORS) & set(TOLD)
    assert get_unit("joint_angle.left_knee") == "deg"
    assert get_floor("joint_angle.left_knee") == FLOORS["joint_angle"] >= 10
    assert get_unit("left_right_delay") == "ms"


@pytest.mark.parametrize("sign", [1, -1])
def test_excess_needs_both_tolerance_and_uncertainty(sign):
    assert read(sign * 4.5).excess() == pytest.approx(-0.5)
    assert read(sign * 6.0).excess() == pytest.approx(1.0)
    assert read(sign * 6.0).excess(errors=2.0) == pytest.approx(0.0)
    assert read(0.0).excess(sign * 7.0) == pytest.approx(2.0)


def test_what_is_not_judged_never_exceeds():
    assert read(99.0, judged=False).excess() == float("-inf")
    unseen = Judgement.unseen("lateral_lean", "side_view")
    assert unseen.excess() == unseen.excess(99.0) == float("-inf")
    assert (unseen.value, unseen.reason, unseen.judged) == (None, "side_view", False)
    assert unseen.tolerance == FLOORS["lateral_lean"]
    assert Judgement.unseen("lateral_lean", "x", 7.0).tolerance == 7.0


@pytest.mark.parametrize(
    ("deviation", "worst", "told"), [(0.0, None, False), (11.0, None, True), (0.0, -11.0, True)]
)
def test_a_wide_error_is_told_only_where_the_deviation_is_beyond_it(deviation, worst, told):
    j = replace(read(deviation, uncertainty=5.0), worst=worst)
    got = j.unless_unsure("lateral_lean", 3.0)
    assert (got is j) == told
    assert (got.reason == "unsure" and not got.judged and got.value is None) != told
    assert j.unless_unsure("lateral_lean", 5.0) is j
