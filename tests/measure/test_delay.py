import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import raise_and_lower
from posecoach.measure.delay import compute_left_right_delay, find_shift

TIME = np.arange(0, 12, 1 / 30)


def course(at: np.ndarray) -> np.ndarray:
    return 8 + 160 * raise_and_lower(at - 1)


@given(
    shift=st.floats(-0.7, 0.7),
    factor=st.floats(0.3, 2.0),
    offset=st.floats(-30, 30),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=30)
def test_a_shift_is_found_whatever_amplitude_and_offset(shift, factor, offset, seed):
    noise = np.random.default_rng(seed).normal(0, 1.0, len(TIME))
    own = factor * course(TIME - shift) + offset + noise
    got = find_shift(TIME, own, course(TIME))
    assert got is not None
    assert got.shift_s == pytest.approx(shift, abs=0.03)
    assert 0.005 < got.error_s < 0.1


@given(left=st.floats(-0.3, 0.3), right=st.floats(-0.3, 0.3), small=st.floats(0.4, 1.0))
@settings(deadline=None, max_examples=20)
def test_delay_is_positive_when_left_is_later(left, right, small):
    own = np.stack([course(TIME - left), small * course(TIME - right)], axis=1)
    expected = np.stack([course(TIME)] * 2, axis=1)
    got = compute_left_right_delay(TIME, own, expected)
    assert got is not None
    assert got.shift_s == pytest.approx(left - right, abs=0.02)
    mirrored = compute_left_right_delay(TIME, own[:, ::-1], expected)
    assert mirrored is not None
    assert mirrored.shift_s == pytest.approx(-got.shift_s, abs=1e-9)


def test_more_noise_is_less_sure():
    noise = np.random.default_rng(0).normal(0, 1, len(TIME))
    calm = find_shift(TIME, course(TIME - 0.2) + noise, course(TIME))
    wild = find_shift(TIME, course(TIME - 0.2) + 10 * noise, course(TIME))
    assert calm is not None
    assert wild is not None
    assert wild.error_s > 3 * calm.error_s


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (course(TIME), np.full(len(TIME), 8.0)),
        (np.full(len(TIME), 8.0), course(TIME)),
        (course(TIME), 0.1 * course(TIME)),
        (-course(TIME), course(TIME)),
        (course(TIME - 3.0), course(TIME)),
        (np.full(len(TIME), np.nan), course(TIME)),
        (np.random.default_rng(0).normal(0, 40, len(TIME)), course(TIME)),
    ],
)
def test_nothing_is_claimed_where_nothing_tells(own, expected):
    assert find_shift(TIME, own, expected) is None
    both = np.stack([course(TIME), own], axis=1), np.stack([course(TIME), expected], axis=1)
    assert compute_left_right_delay(TIME, *both) is None


def test_hidden_frames_are_left_out():
    own = course(TIME - 0.25)
    own[100:160] = np.nan
    got = find_shift(TIME, own, course(TIME))
    assert got is not None
    assert got.shift_s == pytest.approx(0.25, abs=0.02)
