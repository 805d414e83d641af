import numpy as np
import pytest

from figures import Figure, bow, heavens, perform
from follow_tracks import signals_of, teach
from posecoach._pieces import finish
from posecoach.follow.adjust import adjust
from posecoach.follow.delay import undo_delay

TRACKS = {heavens: teach(heavens), bow: teach(bow)}


def fit(form, *, spoil=None, mirror=False, off_s=0.0, **more):
    """Return the fit, times and true places; the first path is off, to and fro."""
    motion, true = perform(form, repetitions=1, **more)
    if mirror:
        motion = motion.mirrored()
    signals, calibration = signals_of(motion)
    inside = np.isfinite(true)
    features = signals.features[inside].copy()
    if spoil is not None:
        features = spoil(features)
    amplitude = float(np.mean(more.get("amount", (1.0,))))
    time, true = motion.time_s[inside], true[inside]
    path = np.maximum.accumulate(true + off_s * np.sin(true))
    track, rest = TRACKS[form], calibration.rest
    return finish(adjust(time, features, rest, track, path, amplitude)), time, true


def delay_of(form, **more):
    found, _, _ = fit(form, **more)
    return found and found.delay


@pytest.mark.parametrize("fps", [15.0, 30.0])
@pytest.mark.parametrize("late", [-0.4, 0.0, 0.15])
def test_the_delay_with_its_sign(late, fps):
    got = delay_of(heavens, delay_left_s=late, fps=fps)
    assert got is not None
    assert got.delay_s == pytest.approx(late, abs=0.04 + 0.1 * abs(late))
    assert 0 < got.error_s < 0.2


def test_a_mirror_turns_the_sign():
    plain, mirrored = (delay_of(heavens, delay_left_s=0.3, mirror=m) for m in (False, True))
    assert mirrored.delay_s == pytest.approx(-plain.delay_s, abs=0.02)


@pytest.mark.parametrize("amount", [(1.0, 0.75), (0.75, 1.0)])
def test_unequal_amplitude_is_no_delay(amount):
    got = delay_of(heavens, amount=amount)
    assert got is not None
    assert got.delay_s == pytest.approx(0.0, abs=0.08)


def hide(columns):
    def spoil(features):
        features[:, columns] = np.nan
        return features

    return spoil


@pytest.mark.parametrize("columns", [[14], [15], list(range(16))])
def test_a_side_that_is_not_seen_has_no_delay(columns):
    assert delay_of(heavens, spoil=hide(columns)) is None


def test_a_side_that_does_not_move_has_no_delay():
    def hold(features):
        features[:, [0, 1, 4, 5, 14]] = features[0, [0, 1, 4, 5, 14]]
        return features

    assert delay_of(heavens, spoil=hold) is None


def test_undoing_a_delay_brings_the_sides_together():
    time = np.arange(100) / 30
    features = np.full((100, 16), np.nan)
    features[:, 14] = time - 0.2
    features[:, 15] = time + 0.2
    got = undo_delay(time, features, 0.4)
    np.testing.assert_allclose(got[10:-10, 14], time[10:-10], atol=1e-9)
    np.testing.assert_allclose(got[10:-10, 15], time[10:-10], atol=1e-9)
    assert np.isnan(got[:, :14]).all()


@pytest.mark.parametrize("amount", [(1.0, 1.0), (0.7, 0.7), (1.0, 0.8)])
def test_the_path_of_a_smaller_movement_is_no_other(amount):
    found, _, true = fit(heavens, amount=amount, off_s=0.3, figure=Figure(noise=0.003))
    inner = (true > 0.7) & (true < 9.3)
    assert (np.diff(found.path_s) >= 0).all()
    assert np.abs(found.path_s - true)[inner].max() < 0.2
    assert found.shares == pytest.approx(amount, abs=0.06)


def test_one_tempo_is_found_as_one():
    found, time, true = fit(bow, tempo=0.8, off_s=0.3, figure=Figure(noise=0.003))
    inner = (true > 1.0) & (true < 9.0)
    pace = np.gradient(found.path_s, time)[inner]
    assert pace == pytest.approx(0.8, abs=0.1)


def test_a_pause_has_sharp_edges():
    found, time, true = fit(heavens, pause=(2.5, 3.0))
    standing = np.flatnonzero(np.abs(true - 2.5) < 0.02)
    begins, ends = time[standing[[0, -1]]]
    pace = np.gradient(found.path_s, time)
    assert pace[(time > begins + 0.6) & (time < ends - 0.6)].max() < 0.15
    assert pace[(time > begins - 1.5) & (time < begins - 0.6)].min() > 0.7
    assert pace[(time > ends + 0.6) & (time < ends + 1.5)].min() > 0.7


def test_what_was_out_of_sight_is_not_guessed():
    def cover(features):
        features[100:160] = np.nan
        return features

    found, _, true = fit(heavens, spoil=cover)
    seen = np.r_[20:95, 165:280]
    assert np.abs(found.path_s - true)[seen].max() < 0.15


def test_a_repetition_of_which_only_the_beginning_was_seen_is_not_fitted():
    def cover(features):
        features[60:] = np.nan
        return features

    found, _, _ = fit(heavens, spoil=cover)
    assert found is None
