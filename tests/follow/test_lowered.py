import numpy as np
import pytest

from figures import bow, heavens, perform
from follow_tracks import signals_of, teach
from posecoach.follow.lowered import LEAST, MOST, PARTS, SIDES, lower_arms
from posecoach.posture.features import FEATURES

TRACKS = {heavens: teach(heavens), bow: teach(bow)}


def own_of(form, amount):
    """Return places and features less rest of somebody who raises the arms by a share."""
    motion, true = perform(form, repetitions=1, amount=(amount, amount))
    signals, calibration = signals_of(motion)
    inside = np.isfinite(true)
    return true[inside], signals.features[inside] - calibration.rest


@pytest.mark.parametrize("form", [heavens, bow])
def test_as_high_as_the_reference_is_the_reference(form):
    track = TRACKS[form]
    arms = lower_arms(track)
    start = np.median(track.signals.features[:3], axis=0)
    for part in range(len(PARTS)):
        now, _, doubt = arms.at(1.0, part)
        expected = (track.signals.features - start)[:, PARTS[part]]
        np.testing.assert_allclose(now, expected, atol=1e-9)
        np.testing.assert_allclose(doubt, 0.0, atol=1e-9)
    assert sorted(c for part in PARTS for c in part) == list(range(len(FEATURES)))


@pytest.mark.parametrize("share", [0.6, 0.8, 0.9])
def test_arms_raised_less_look_as_they_do(share):
    """No share of the way: overhead a smaller movement is one to the side."""
    track = TRACKS[heavens]
    places, own = own_of(heavens, share)
    for side, columns in enumerate(SIDES):
        now, _, _ = lower_arms(track).at(share, side)
        full, _, _ = lower_arms(track).at(1.0, side)
        there = track.sample(now, places)
        scaled = track.sample(share * full, places)
        off, plain = (np.abs(own[:, columns] - x).mean() for x in (there, scaled))
        assert off < 0.05
        assert off < 0.5 * plain


@pytest.mark.parametrize("share", [0.0, 3.0])
def test_no_share_is_out_of_range(share):
    arms = lower_arms(TRACKS[heavens])
    nearest = min(max(share, LEAST), MOST)
    for got, want in zip(arms.at(share, 0), arms.at(nearest, 0), strict=True):
        np.testing.assert_allclose(got, want, atol=0.02)
