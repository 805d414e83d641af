import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import bow, heavens, perform
from follow_tracks import teach
from posecoach.follow.follower import Follower
from posecoach.follow.strain import FADING_S, HALF, Strain
from posecoach.posture.signals import compute_signals
from posecoach.reference.sequence import take_of

STEP = 1 / 30


def test_what_fits_badly_for_a_while_is_not_believed():
    strain = Strain()
    trusts = []
    for _ in range(round(3 * FADING_S / STEP)):
        strain.step(1.5 * HALF, STEP)
        trusts.append(strain.trust)
    assert trusts[0] > 0.98
    assert trusts[-1] < 0.15
    assert np.all(np.diff(trusts) <= 0)


def test_a_posture_held_tells_nothing_more():
    strain = Strain()
    for _ in range(1000):
        strain.step(3 * HALF, 0.0)
    assert strain.mean == 0.0


@given(
    st.lists(st.tuples(st.floats(0, 90), st.floats(0, 1)), max_size=50),
    st.floats(0, 90),
    st.floats(0, 1),
)
def test_a_worse_fit_is_never_trusted_more(steps, apart, moved_s):
    better, worse = Strain(), Strain()
    for a, m in steps:
        better.step(a, m)
        worse.step(a, m)
    better.step(apart, moved_s)
    worse.step(apart + 1.0, moved_s)
    assert 0.0 <= worse.trust <= better.trust <= 1.0


@pytest.mark.parametrize(("form", "other"), [(heavens, bow), (bow, heavens)])
def test_another_form_has_less_of_a_place_than_its_own(form, other):
    def share(performed, track):
        motion, true = perform(performed, repetitions=1)
        calibration = take_of(motion).calibration
        features = compute_signals(motion.plane(), motion.world, calibration).features
        follower = Follower(track, calibration.rest)
        places = [follower.step(float(t), f) for t, f in zip(motion.time_s, features, strict=True)]
        moving = (true > 1.0) & (true < 9.0)
        known = np.array([p.certainty >= 0.6 and p.outside < 0.4 for p in places])
        trusted = np.array([p.certainty for p in places])[moving]
        return known[moving].mean(), np.median(trusted)

    track = teach(form)
    own, sure = share(form, track)
    foreign, unsure = share(other, track)
    assert own > 0.95
    assert foreign < 0.2
    assert unsure < 0.5 < sure
