import numpy as np
import pytest

from figures import Figure, bow, heavens, perform
from posecoach.follow.takes import align_take
from posecoach.follow.track import make_track
from posecoach.reference.sequence import take_of


def make(form=heavens, repetitions=1, **more):
    motion, place = perform(form, repetitions=repetitions, stand_s=1.5, **more)
    return make_track(take_of(motion)), place, motion.time_s


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize(
    ("changes", "most_s"),
    [
        ({}, 0.02),
        ({"tempo": 0.5}, 0.15),
        ({"tempo": 2.0}, 0.15),
        ({"tempo": lambda p: 1.5 - 0.12 * p}, 0.25),
        ({"tempo": lambda p: 0.7 + 0.6 * (p > 5)}, 0.4),
        ({"pause": (3.0, 3.0)}, 0.15),
        ({"fps": 15.0}, 0.1),
        ({"figure": Figure(trunk=0.6, scale=0.33, roll_deg=4, noise=0.003)}, 0.3),
    ],
    ids=["same", "half", "double", "slower", "faster", "pause", "coarse", "body"],
)
def test_a_take_is_laid_on_the_first(form, changes, most_s):
    reference, ref_place, ref_time = make(form)
    track, place, time_s = make(form, **changes)
    got = align_take(track, reference)
    moving = (ref_place > 0.7) & (ref_place < 9.3)
    inside = np.isfinite(place)
    truth = np.interp(ref_place[moving], place[inside], time_s[inside])
    error = np.abs(np.interp(ref_time[moving], reference.time_s, got.time_s) - truth)
    # In seconds of the slower one: twice as many at half the tempo.
    assert np.median(error) < 0.1
    assert np.quantile(error, 0.95) < most_s * max(1.0, track.duration_s / reference.duration_s)
    assert (np.diff(got.time_s) >= 0).all()
    assert got.amplitude == pytest.approx(1.0, abs=0.12)


@pytest.mark.parametrize("tempo", [0.6, 1.0, 1.6])
def test_tempo_by_place(tempo):
    reference, place, _ = make()
    got = align_take(make(tempo=tempo)[0], reference)
    moving = (place > 1.5) & (place < 4.0)
    assert np.median(got.tempo[np.flatnonzero(moving)]) == pytest.approx(tempo, rel=0.1)


def test_a_smaller_take_is_laid_by_its_course():
    reference, *_ = make()
    got = align_take(make(amount=(0.7, 0.7))[0], reference)
    assert got.amplitude == pytest.approx(0.7, abs=0.05)
    own = got.sample(got.track.signals.elevation)[:, 0]
    ref = reference.signals.elevation[:, 0]
    assert np.corrcoef(own, ref)[0, 1] > 0.995
