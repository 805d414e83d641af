import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, perform
from follow_tracks import teach
from posecoach.follow.follower import TEMPI, Follower, Place
from posecoach.follow.track import STEP_S, Track
from posecoach.motion import Motion
from posecoach.posture.signals import Signals, compute_signals
from posecoach.reference.sequence import take_of

TRACKS = {heavens: teach(heavens), bow: teach(bow)}


def follow(track: Track, motion: Motion) -> tuple[list[Place], Follower]:
    calibration = take_of(motion).calibration
    features = compute_signals(motion.plane(), motion.world, calibration).features
    follower = Follower(track, calibration.rest)
    return [
        follower.step(float(t), f) for t, f in zip(motion.time_s, features, strict=True)
    ], follower


def errors(places: list[Place], true: np.ndarray) -> np.ndarray:
    got = np.array([p.place_s for p in places])
    inside = np.isfinite(true) & (true > 0.5) & (true < 9.5)
    return np.abs(got - true)[inside]


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("tempo", [0.5, 1.0, 1.4, 2.0])
def test_place_and_tempo(form, tempo):
    motion, true = perform(
        form, tempo=tempo, fps=20.0, figure=Figure(noise=0.003, trunk=0.55, scale=0.33)
    )
    places, _ = follow(TRACKS[form], motion)
    off = errors(places, true)
    assert np.median(off) <= 0.1 * max(1.0, tempo)
    assert np.quantile(off, 0.95) <= 0.4 * max(1.0, tempo)
    middle = np.isfinite(true) & (true > 2) & (true < 8)
    if form is bow:  # the hands' hold has no tempo of its own
        middle &= ((true > 2.5) & (true < 3)) | (true > 5.5)
    tempi = np.array([p.tempo for p in places])[middle]
    assert np.median(tempi) == pytest.approx(tempo, rel=0.35)


@pytest.mark.parametrize(("amount", "median"), [(0.8, 0.3), (0.9, 0.15), (1.04, 0.1)])
@pytest.mark.parametrize("fps", [10.0, 30.0])
def test_a_smaller_movement_is_followed_as_well(amount, median, fps):
    motion, true = perform(amount=(amount, amount), fps=fps, repetitions=1)
    places, follower = follow(TRACKS[heavens], motion)
    assert np.median(errors(places, true)) <= median
    assert (follower.amplitude - 1.0) * (amount - 1.0) > 0


def test_a_pause_is_a_pause():
    motion, true = perform(pause=(2.5, 4.0), repetitions=1)
    places, _ = follow(TRACKS[heavens], motion)
    assert np.quantile(errors(places, true), 0.95) <= 0.4
    held = np.flatnonzero(np.diff(true) == 0)
    late = held[len(held) // 2 :]
    assert np.median([places[i].tempo for i in late]) < 0.2


def test_starting_in_the_middle():
    motion, true = perform(repetitions=2)
    first = int(np.flatnonzero(true > 3.0)[0])
    keep = motion.time_s >= motion.time_s[first]
    cut = motion.cut(float(motion.time_s[first]), 99)
    calibration = take_of(motion).calibration
    features = compute_signals(cut.plane(), cut.world, calibration).features
    follower = Follower(TRACKS[heavens], calibration.rest)
    places = [follower.step(float(t), f) for t, f in zip(cut.time_s, features, strict=True)]
    got = np.array([p.place_s for p in places])
    true = true[keep]
    within = np.abs(got - true)
    assert np.nanmax(within[45 : int(6.5 * 30)]) < 0.6


@pytest.mark.parametrize(("taught", "done"), [(bow, heavens), (heavens, bow)])
def test_another_movement_has_no_place(taught, done):
    motion, true = perform(done, repetitions=1)
    places, _ = follow(TRACKS[taught], motion)
    inside = np.isfinite(true) & (true > 2)
    known = np.array([p.certainty >= 0.6 and p.outside < 0.4 for p in places])[inside]
    assert known.mean() < 0.4


def test_unseen_features_leave_a_probability():
    follower = Follower(TRACKS[heavens])
    for i in range(100):
        place = follower.step(i / 30, np.full(16, np.nan))
    assert np.isfinite([place.place_s, place.tempo, place.certainty, place.outside]).all()
    assert place.certainty < 0.9


@given(data=st.data())
@settings(deadline=None, max_examples=10)
def test_nothing_makes_it_lose_its_senses(data):
    """Odd times, missing features and absurd ones: the answer stays within its bounds."""
    track = TRACKS[heavens]
    follower = Follower(track)
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    size = data.draw(st.sampled_from([0.1, 1.0, 100.0]))
    lost = data.draw(st.floats(0, 1))
    t = 0.0
    for _ in range(60):
        t += float(rng.choice([1e-3, 0.033, 0.5, 30.0]))
        f = rng.normal(0, size, 16)
        f[rng.random(16) < lost] = np.nan
        place = follower.step(t, f)
        assert 0 <= place.place_s <= track.duration_s
        assert 0 <= place.tempo <= TEMPI[-1]
        assert -1e-9 <= place.certainty <= 1 + 1e-9
        assert -1e-9 <= place.outside <= 1 + 1e-9


def test_reset_forgets():
    motion, _ = perform(repetitions=1)
    track = TRACKS[heavens]
    features = compute_signals(motion.plane(), motion.world, take_of(motion).calibration).features
    follower = Follower(track)
    first = [follower.step(i / 30, f) for i, f in enumerate(features[:150])]
    follower.reset()
    follower.amplitude = 1.0
    again = [follower.step(i / 30, f) for i, f in enumerate(features[:150])]
    assert first == again


@pytest.mark.parametrize("form", [heavens, bow])
def test_a_fast_movement_stays_known(form):
    figure = Figure(noise=0.003, trunk=0.55, scale=0.33)
    motion, true = perform(form, tempo=2.2, fps=20.0, figure=figure, amount=(0.8, 0.8))
    places, _ = follow(TRACKS[form], motion)
    inside = np.isfinite(true) & (true > 0.5) & (true < 9.5)
    known = np.array([p.certainty >= 0.6 and p.outside < 0.4 for p in places])
    assert known[inside].mean() > 0.9


def test_whoever_begins_in_the_middle_is_not_thought_to_stand_at_the_start():
    """A first posture that was not seen still counts only if it can be the start's."""
    motion, true = perform(repetitions=1, fps=20.0)
    calibration = take_of(motion).calibration
    signals = compute_signals(motion.plane(), motion.world, calibration)
    middle = np.flatnonzero(true > 3.5)[0]
    follower = Follower(TRACKS[heavens])
    follower.set_rest(signals.features[middle], sure=False)
    places = [
        follower.step(float(motion.time_s[i]), signals.features[i])
        for i in range(middle, middle + 60)
    ]
    assert abs(places[-1].place_s - true[middle + 59]) < 0.5
    assert places[-1].certainty > 0.6


def test_a_long_form_needs_little_memory():
    """Places are compared with their neighbours, not each with each."""
    short = TRACKS[heavens]
    signals = Signals(
        **{k: np.tile(v, (20,) + (1,) * (v.ndim - 1)) for k, v in vars(short.signals).items()}
    )
    long = replace(short, time_s=np.arange(20 * len(short.time_s)) * STEP_S, signals=signals)
    tracemalloc.start()
    follower = Follower(long)
    place = follower.step(0.0, signals.features[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6
    assert 0 <= place.place_s <= long.duration_s
