import numpy as np
import pytest

from figures import Figure, bow, heavens, perform
from follow_tracks import signals_of, teach
from posecoach.follow.ends import find_ends

TRACKS = {heavens: teach(heavens), bow: teach(bow)}


def ends_of(form, *, waver_s=0.0, spoil=None, amplitude=None, **more):
    """Return the ends with a path that is late at the start and early at the end."""
    motion, true = perform(form, repetitions=1, **more)
    signals, calibration = signals_of(motion)
    inside = np.isfinite(true)
    features = signals.features[inside].copy()
    if spoil is not None:
        features[:, spoil] = features[0, spoil]
    places = true[inside]
    path = np.maximum.accumulate(places - waver_s * np.cos(np.pi * places / 10.0))
    if amplitude is None:
        amplitude = float(np.mean(more.get("amount", (1.0,))))
    time = motion.time_s[inside]
    return find_ends(time, features, calibration.rest, TRACKS[form], path, amplitude)


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize(("tempo", "fps"), [(0.8, 15.0), (1.0, 30.0), (1.25, 60.0)])
def test_they_give_the_tempo_of_the_whole(form, tempo, fps):
    got = ends_of(form, tempo=tempo, fps=fps, figure=Figure(noise=0.003))
    ratio = np.ptp(got.place_s) / np.ptp(got.time_s)
    assert ratio == pytest.approx(tempo, rel=0.01)
    assert (np.array(got.error_s) < 0.2).all()


def test_they_do_not_lean_on_a_path_that_is_wrong_where_little_moves():
    """Out of the picture's plane the paths weigh more, in it the posture itself."""
    off = {}
    for form in (heavens, bow):
        straight, wavering = ends_of(form), ends_of(form, waver_s=0.3)
        off[form] = np.abs(np.subtract(wavering.time_s, straight.time_s))
        assert (off[form] < 0.3).all()
        assert (off[form] <= 2.5 * np.array(straight.error_s)).all()
    assert (off[bow] < 0.1).all()


def test_a_smaller_movement_is_no_other_tempo():
    got = ends_of(heavens, amount=(0.7, 0.7))
    assert np.ptp(got.place_s) / np.ptp(got.time_s) == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("amplitude", [0.6, 1.0, 1.3])
def test_how_far_the_arms_go_meanwhile_does_not_matter(amplitude):
    """Nor what is thought of it: all begin from nothing."""
    got = ends_of(heavens, amount=(0.8, 0.8), amplitude=amplitude)
    known = ends_of(heavens, amount=(0.8, 0.8))
    assert got.place_s == known.place_s
    assert got.time_s == pytest.approx(known.time_s, abs=0.1)


def test_who_ends_otherwise_than_they_began_ends_when_they_do():
    got = ends_of(heavens, waver_s=0.3)
    assert got.time_s[1] - got.time_s[0] == pytest.approx(np.ptp(got.place_s), rel=0.01)


def test_a_wavering_path_says_that_the_ends_are_less_sure():
    small = {"amount": (0.6, 0.6)}
    sure, unsure = ends_of(bow, **small), ends_of(bow, waver_s=0.4, **small)
    assert min(unsure.error_s) > 1.5 * max(sure.error_s)


def test_arms_that_rest_have_no_ends():
    assert ends_of(heavens, spoil=list(range(8))) is None


def test_an_end_that_was_not_seen_is_none():
    motion, true = perform(heavens, repetitions=1)
    signals, calibration = signals_of(motion)
    seen = np.isfinite(true) & ((true < 0.3) | (true > 3.0))
    time, features = motion.time_s[seen], signals.features[seen]
    assert find_ends(time, features, calibration.rest, TRACKS[heavens], true[seen], 1.0) is None
