import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.measure.evenness import compute_spectral_arc_length


def bell(seconds: float, rate: float) -> np.ndarray:
    u = np.linspace(0, 1, int(seconds * rate))
    return 30 * u**2 * (1 - u) ** 2


def test_a_minimum_jerk_movement_has_the_published_value():
    """Balasubramanian 2012 and 2015 give -1.4 to -1.5 for one smooth stroke."""
    assert compute_spectral_arc_length(bell(1.0, 200), 200) == pytest.approx(-1.41, abs=0.05)


@given(size=st.floats(1e-3, 1e3), seconds=st.floats(0.5, 5))
@settings(deadline=None, max_examples=30)
def test_size_and_duration_do_not_matter(size, seconds):
    rate = 100.0
    got = compute_spectral_arc_length(size * bell(seconds, rate), rate)
    assert got == pytest.approx(-1.41, abs=0.12)


def test_each_stop_makes_it_less_smooth():
    values = [
        compute_spectral_arc_length(np.tile(bell(4.0 / n, 100), n), 100) for n in (1, 2, 4, 8)
    ]
    assert values == sorted(values, reverse=True)
    assert values[3] < values[0] - 1


@pytest.mark.parametrize(
    "speed",
    [np.ones(7), np.zeros(50), np.array([1.0] * 9 + [np.nan]), np.array([]), np.full(20, np.inf)],
)
def test_no_movement_has_no_evenness(speed):
    assert np.isnan(compute_spectral_arc_length(speed, 30))


def test_movement_above_the_cutoff_alone_has_none():
    assert np.isnan(compute_spectral_arc_length(np.tile([1.0, -1.0], 200), 100))


@given(st.lists(st.floats(-1e6, 1e6), max_size=40), st.floats(1, 200))
@settings(deadline=None, max_examples=60)
def test_any_numbers_give_a_number_or_nan(values, rate):
    got = compute_spectral_arc_length(np.array(values), rate)
    assert np.isnan(got) or got < 0
