from dataclasses import replace

import numpy as np
import pytest

from posecoach.errors import UsageError
from posecoach.writers.even import find_rate, sample_evenly


@pytest.mark.parametrize("rate", [12.5, 15.0, 29.97, 30.0, 120.0])
def test_an_even_take_keeps_its_frames(motion, rate):
    take = replace(motion, time_s=5.0 + np.round(np.arange(len(motion)) / rate, 4))
    assert find_rate(take) == pytest.approx(rate, rel=1e-4)
    got, found, anew = sample_evenly(take)
    assert (found, anew) == (find_rate(take), False)
    np.testing.assert_array_equal(got.image, take.image)
    assert got.time_s[0] == 0.0


def test_an_uneven_one_does_not(motion):
    assert find_rate(motion) is None
    got, rate, anew = sample_evenly(motion)
    assert anew
    assert rate == round(motion.fps)
    np.testing.assert_allclose(np.diff(got.time_s), 1 / rate)


def test_a_frame_that_falls_on_the_grid_is_kept(motion):
    """A hole before it does not take it away."""
    times = np.array([0.0, 0.1, 0.2, 1.2, 1.3])
    take = replace(motion.cut(0, 5)._take(np.arange(5)), time_s=times)
    got, _, _ = sample_evenly(take, 10.0)
    known = np.isfinite(got.image).all(axis=(1, 2))
    np.testing.assert_array_equal(np.flatnonzero(known), [0, 1, 2, 12, 13])
    np.testing.assert_array_equal(got.image[12], take.image[3])


def test_rates_that_make_no_sense(motion):
    for rate in (0.0, -1.0, float("nan"), 1e6):
        with pytest.raises(UsageError, match="rate"):
            sample_evenly(motion, rate)
