from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import perform
from posecoach.errors import InputError
from posecoach.posture.resample import (
    bridge_points,
    find_lost,
    interpolate,
    median_found,
    quantile_found,
    resample,
)


def test_gaps_are_bridged_in_a_straight_line():
    source = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.array([[0.0, 1.0], [np.nan, np.nan], [np.nan, 4.0], [6.0, np.nan]])
    got = interpolate(np.array([0.0, 1.5, 3.0]), source, values)
    np.testing.assert_allclose(got, [[0, 1], [3, 3.25], [6, 4]])


def test_a_column_with_one_value_is_unknown():
    got = interpolate(np.arange(3.0), np.arange(3.0), np.array([[np.nan], [1.0], [np.nan]]))
    assert np.isnan(got).all()


@given(jitter=st.integers(0, 2**32 - 1), start=st.floats(-100, 1e5))
@settings(deadline=None, max_examples=15)
def test_uneven_times_come_out_even(jitter, start):
    motion, _ = perform(repetitions=1, fps=60)
    rng = np.random.default_rng(jitter)
    keep = np.sort(rng.choice(len(motion), len(motion) // 2, replace=False))
    uneven = motion._take(keep).shifted(start)
    times, plane, world = resample(uneven)
    assert times[0] == 0
    np.testing.assert_allclose(np.diff(times), 1 / 30)
    assert world.shape == (len(times), 33, 3)
    full = interpolate(times + motion.time_s[keep[0]], motion.time_s, motion.plane())
    assert np.abs(plane - full).max() < 0.03


def test_hours_of_broken_times_are_refused():
    motion, _ = perform(repetitions=1)
    times = motion.time_s.copy()
    times[-1] = 1e9
    with pytest.raises(InputError, match="timestamps"):
        resample(replace(motion, time_s=times))


def test_quantiles_leave_out_what_was_not_found():
    values = np.array([[1.0, np.nan], [np.nan, np.nan], [3.0, np.nan], [11.0, np.nan]])
    np.testing.assert_array_equal(median_found(values), [3.0, np.nan])
    np.testing.assert_array_equal(quantile_found(values, 1.0), [11.0, np.nan])
    assert np.isnan(median_found(values[:0])).tolist() == [True, True]


@given(seed=st.integers(0, 1000), share=st.floats(0.02, 0.4))
@settings(deadline=None, max_examples=25)
def test_points_lost_for_a_moment_are_bridged_and_nothing_else(seed, share):
    whole, _ = perform(repetitions=1, fps=30.0)
    whole = whole.cut(2.0, 6.0)
    rng = np.random.default_rng(seed)
    image, world = whole.image.copy(), whole.world.copy()
    lost = rng.random(image.shape[:2]) < share
    lost[40:60, 15] = True  # a wrist for two thirds of a second
    lost[:, 20] = True  # never there
    lost[70:73] = True  # nobody
    image[lost], world[lost] = np.nan, np.nan
    gappy = replace(whole, image=image, world=world)
    got = bridge_points(gappy)
    found, before = np.isfinite(got.image[..., 0]), ~lost
    np.testing.assert_array_equal(got.image[before], whole.image[before])
    assert not found[70:73].any()
    assert not found[:, 20].any()
    assert not found[45:55, 15].any()
    for k in (11, 16, 23):
        for i in np.flatnonzero(lost[:, k]):
            seen = np.flatnonzero(before[:, k])
            around = seen[seen < i], seen[seen > i]
            near = all(map(len, around)) and around[1][0] - around[0][-1] <= 7
            assert found[i, k] == (near and not 70 <= i < 73)
    filled = found & lost
    assert np.abs(got.image[filled] - whole.image[filled]).max() < 0.05
    assert (got.visibility[filled] == 1).all()
    assert bridge_points(whole) is whole


def test_where_frames_are_few_one_may_be_without_a_point():
    motion = perform(repetitions=1, fps=5.0)[0]
    image = motion.image.copy()
    image[10, 15] = image[20:22, 15] = np.nan
    got = bridge_points(replace(motion, image=image)).image[:, 15, 0]
    assert np.flatnonzero(np.isnan(got)).tolist() == [20, 21]


@pytest.mark.parametrize(("lost_s", "counts"), [(0.8, False), (1.3, True)])
@pytest.mark.parametrize("where", ["at the start", "inside", "at the end"])
def test_where_a_point_is_lost_for_long(lost_s, counts, where):
    motion = perform(repetitions=1, fps=20.0)[0]
    image = motion.image.copy()
    frames = round(20 * lost_s)
    first = {"at the start": 0, "inside": 100, "at the end": len(motion) - frames}[where]
    image[first : first + frames, 15] = np.nan
    image[:, 16] = np.nan  # never given
    got = find_lost(replace(motion, image=image), (15, 16), motion.time_s)
    assert got.any() == counts
    if counts:
        assert got[first + 1 : first + frames - 1].all()
        assert got.sum() <= frames
