import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import bow, heavens
from measure.test_repetition import TRACKS, measures, perform_at
from posecoach.follow.mirror import find_mirror
from posecoach.measure.symmetry import compute_symmetry_index
from posecoach.reference.marks import Marks

courses = st.lists(st.tuples(st.floats(0, 180), st.floats(0, 180)), min_size=2, max_size=30)


@given(courses)
def test_the_index_is_bounded_and_knows_no_left_and_right(pairs):
    left, right = np.array(pairs).T
    got = compute_symmetry_index(left, right)
    assert np.isnan(got) or 0 <= got <= 1
    assert compute_symmetry_index(right, left) == pytest.approx(got, nan_ok=True)


def test_alike_is_one_and_one_side_alone_is_none():
    up = np.linspace(0, 150, 40)
    assert compute_symmetry_index(up, up) == 1
    assert compute_symmetry_index(up, np.zeros(40)) == 0
    assert np.isnan(compute_symmetry_index(np.zeros(3), np.zeros(3)))
    gap = np.where(np.arange(40) == 5, np.nan, up)
    assert compute_symmetry_index(gap, up) == 1


def test_in_a_form_of_both_sides_each_place_mirrors_itself():
    track = TRACKS[heavens]
    np.testing.assert_allclose(find_mirror(track), track.time_s)


def test_sides_that_take_turns_mirror_half_a_form_away():
    track = TRACKS[bow]
    mirror = find_mirror(track)
    early = (track.time_s > 1) & (track.time_s < 4)
    assert np.abs(mirror[early] - track.time_s[early] - 5).max() < 0.7


@pytest.mark.parametrize("form", [heavens, bow])
def test_a_performance_like_the_reference_is_as_symmetric(form):
    got = measures(perform_at(form), form).measures["symmetry_index"]
    assert got.judged
    assert got.value > 0.95


@given(amount=st.floats(0.5, 0.9))
@settings(deadline=None, max_examples=8)
def test_one_lower_arm_costs_what_it_lacks(amount):
    got = measures(perform_at(amount=(amount, 1.0), amplitude=(1 + amount) / 2))
    index = got.measures["symmetry_index"]
    assert index.value == pytest.approx(1 - (1 - amount) / (1 + amount), abs=0.04)
    smaller = measures(perform_at(amount=(amount, amount), amplitude=amount)).measures
    assert smaller["symmetry_index"].value > 0.95


def test_a_one_sided_form_is_not_accused():
    got = measures(perform_at(), marks=Marks(one_sided=True)).measures
    for name in ("symmetry_index", "left_right_delay", "arm_height_difference"):
        assert not got[name].judged
        assert got[name].reason == "one_sided"
