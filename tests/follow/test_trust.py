import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import bow, heavens, perform
from follow_tracks import teach
from posecoach.follow.follower import Follower
from posecoach.follow.trust import FADING_S, Trust
from posecoach.posture.features import FEATURES
from posecoach.posture.signals import compute_signals
from posecoach.reference.sequence import take_of

STEP = 1 / 30
SEEN = np.ones(len(FEATURES))
ELEVATIONS = [FEATURES.index("left_elevation"), FEATURES.index("right_elevation")]


def off_by(left: float, right: float) -> np.ndarray:
    off = np.zeros(len(FEATURES))
    off[ELEVATIONS] = left, right
    return off[None]


def test_what_fits_badly_for_a_while_is_not_believed():
    trust = Trust()
    trusts = []
    for _ in range(round(3 * FADING_S / STEP)):
        trust.step(off_by(2.0, 2.0), SEEN, STEP)
        trusts.append(trust.share)
    assert trusts[0] > 0.95
    assert trusts[-1] < 0.15
    assert np.all(np.diff(trusts) <= 0)


@pytest.mark.parametrize("sideways", [False, True])
def test_sides_off_against_each_other_are_nothing_against_the_place(sideways):
    # A lean lifts one arm as it lowers the other, and takes both wrists to the same side.
    off = off_by(2.5, -2.5)
    if sideways:
        off[:, [FEATURES.index("left_wrist_x"), FEATURES.index("right_wrist_x")]] = 2.5
    trust = Trust()
    for _ in range(100):
        trust.step(off, SEEN, STEP)
    assert trust.share > 0.95


def test_an_arm_not_seen_tells_nothing():
    trust, weights = Trust(), SEEN.copy()
    weights[ELEVATIONS[0]] = 0.0
    for _ in range(100):
        trust.step(off_by(9.0, 3.0), weights, STEP)
    assert trust.mean == 0.0


def test_a_posture_held_tells_nothing_more():
    trust = Trust()
    for _ in range(1000):
        trust.step(off_by(9.0, 9.0), SEEN, 0.0)
    assert trust.mean == 0.0


@given(
    st.lists(st.tuples(st.floats(0, 9), st.floats(0, 1)), max_size=50),
    st.floats(0, 9),
    st.floats(0, 1),
)
def test_a_worse_fit_is_never_trusted_more(steps, apart, moved_s):
    better, worse = Trust(), Trust()
    for a, m in steps:
        better.step(off_by(a, a), SEEN, m)
        worse.step(off_by(a, a), SEEN, m)
    better.step(off_by(apart, apart), SEEN, moved_s)
    worse.step(off_by(apart + 1.0, apart + 1.0), SEEN, moved_s)
    assert 0.0 <= worse.share <= better.share <= 1.0


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
        likely = np.array([p.certainty >= 0.6 * p.trust and p.outside < 0.4 for p in places])
        return known[moving].mean(), likely[moving].mean()

    track = teach(form)
    own, own_likely = share(form, track)
    foreign, foreign_likely = share(other, track)
    assert own > 0.95
    assert own == own_likely
    assert foreign < 0.5
    assert foreign < 0.7 * foreign_likely
