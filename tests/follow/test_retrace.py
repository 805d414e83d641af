import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import bow, heavens, perform
from follow_tracks import signals_of, teach
from posecoach.follow.retrace import compare_ranges, fit_amplitude, retrace

TRACKS = {heavens: teach(heavens), bow: teach(bow)}


def path_of(form, *, off=0.0, amplitude=1.0, **more):
    motion, true = perform(form, repetitions=1, **more)
    signals, calibration = signals_of(motion)
    inside = np.isfinite(true)
    online = np.clip(true[inside] + off, 0, 10)
    features = signals.features[inside]
    track = TRACKS[form]
    got = retrace(motion.time_s[inside], features, calibration.rest, track, online, amplitude)
    return got, true[inside], features, calibration.rest


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("tempo", [0.6, 1.0, 1.7])
@pytest.mark.parametrize("off", [-1.2, 0.0, 1.2])
def test_the_path_does_not_hang_on_the_online_one(form, tempo, off):
    got, true, _, _ = path_of(form, tempo=tempo, off=off)
    wrong = np.abs(got - true)
    assert (np.diff(got) >= -1e-9).all()
    assert np.median(wrong) < 0.08
    moving = (true > 0.8) & (true < 9.0)
    if form is bow:  # nothing tells where in a hold one is
        moving &= (true < 3.5) | (true > 6.0)
    assert np.quantile(wrong[moving], 0.95) < 0.45


@given(amount=st.floats(0.55, 1.04))
@settings(deadline=None, max_examples=10)
def test_amplitude_from_the_ranges_and_along_the_path(amount):
    motion, true = perform(repetitions=1, amount=(amount, amount))
    signals, calibration = signals_of(motion)
    inside = np.isfinite(true)
    features = signals.features[inside]
    track = TRACKS[heavens]
    assert compare_ranges(features, track) == pytest.approx(amount, abs=0.04)
    fitted = fit_amplitude(features, calibration.rest, track, true[inside])
    assert fitted == pytest.approx(amount, abs=0.04)


def test_amplitude_is_one_where_nothing_tells():
    track = TRACKS[heavens]
    unseen = np.full((50, 16), np.nan)
    assert compare_ranges(unseen, track) == 1.0
    assert fit_amplitude(unseen, np.zeros(16), track, np.linspace(0, 9, 50)) == 1.0


def test_a_pause_is_not_hurried_over():
    got, true, _, _ = path_of(heavens, pause=(2.5, 3.0))
    held = np.flatnonzero(np.diff(true) == 0)
    inner = held[15:-15]
    assert np.ptp(got[inner]) < 0.5
    assert np.quantile(np.abs(got - true), 0.9) < 0.35


@pytest.mark.parametrize("seen_again", [4.0, 6.0, 8.0])
def test_out_of_sight_the_form_may_have_gone_on(seen_again):
    motion, true = perform(repetitions=1)
    signals, calibration = signals_of(motion)
    keep = np.isfinite(true) & ((true < 2.5) | (true >= seen_again))
    time = motion.time_s[keep]
    time = np.where(true[keep] < 2.5, time, time - time[-1] + time[0] + 10)
    args = calibration.rest, TRACKS[heavens], true[keep], 1.0
    got = retrace(time, signals.features[keep], *args)
    wrong = np.abs(got - true[keep])
    far = np.abs(true[keep] - seen_again) > 0.5
    assert wrong[far & (true[keep] < 9)].max() < 0.35


@given(lost=st.floats(0, 1), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=8)
def test_unseen_features_still_give_a_path(lost, seed):
    rng = np.random.default_rng(seed)
    motion, true = perform(repetitions=1, fps=15)
    signals, calibration = signals_of(motion)
    inside = np.isfinite(true)
    features = signals.features[inside].copy()
    features[rng.random(features.shape) < lost] = np.nan
    got = retrace(
        motion.time_s[inside], features, calibration.rest, TRACKS[heavens], true[inside], 1.0
    )
    assert np.isfinite(got).all()
    assert (np.diff(got) >= -1e-9).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lost_frames_are_no_haste(seed):
    motion, true = perform(repetitions=1)
    signals, calibration = signals_of(motion)
    inside = np.flatnonzero(np.isfinite(true))
    rng = np.random.default_rng(seed)
    keep = np.ones(len(inside), bool)
    while keep.mean() > 0.55:
        at = int(rng.integers(0, len(keep)))
        keep[at : at + int(rng.integers(1, 9))] = False
    at = inside[keep]
    time, features = motion.time_s[at], signals.features[at]
    got = retrace(time, features, calibration.rest, TRACKS[heavens], true[at], 1.0)
    moving = (true[at] > 0.8) & (true[at] < 9.0)
    assert np.quantile(np.abs(got - true[at])[moving], 0.95) < 0.3
    second = np.interp(time[time < time[-1] - 1] + 1, time, got) - got[time < time[-1] - 1]
    assert second.max() < 1.6
