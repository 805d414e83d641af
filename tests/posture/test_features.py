import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, make_motion
from posecoach.posture.features import (
    FEATURES,
    MIRROR_FEATURES,
    SIDEWAYS,
    WEIGHTS,
    compute_features,
)

PLACE = np.linspace(0, 9.9, 60)


def test_the_lists_belong_together():
    assert len(FEATURES) == len(WEIGHTS) == len(MIRROR_FEATURES) == 16
    assert [MIRROR_FEATURES[i] for i in MIRROR_FEATURES] == list(range(16))
    for i, j in enumerate(MIRROR_FEATURES):
        assert FEATURES[i].replace("left", "*").replace("right", "*") == FEATURES[j].replace(
            "left", "*"
        ).replace("right", "*")


@given(
    scale=st.floats(0.1, 0.8),
    x=st.floats(0.2, 0.8),
    y=st.floats(0.2, 0.8),
    width=st.sampled_from([480, 640, 1920]),
)
@settings(deadline=None, max_examples=25)
def test_distance_place_and_picture_do_not_matter(scale, x, y, width):
    moves = bow(PLACE, PLACE)
    plain = make_motion(PLACE, moves)
    other = make_motion(PLACE, moves, Figure(scale=scale, centre=(x, y), width=width))
    np.testing.assert_allclose(
        compute_features(other.plane(), other.world),
        compute_features(plain.plane(), plain.world),
        atol=1e-9,
    )


def test_a_mirror_exchanges_sides():
    m = make_motion(PLACE, bow(PLACE, PLACE))
    own = compute_features(m.plane(), m.world)
    other = compute_features(m.mirrored().plane(), m.mirrored().world)
    expected = own[:, MIRROR_FEATURES].copy()
    expected[:, SIDEWAYS] *= -1
    np.testing.assert_allclose(other, expected, atol=1e-9)


def test_missing_points_touch_only_their_features():
    m = make_motion(PLACE, heavens(PLACE, PLACE))
    plane = m.plane()
    plane[:, 15] = np.nan  # left wrist
    gone = np.isnan(compute_features(plane, m.world)).all(axis=0)
    names = {FEATURES[i] for i in np.flatnonzero(gone)}
    assert names == {"left_wrist_x", "left_wrist_y", "left_elevation"}


def test_degenerate_bodies_give_nan_without_a_warning():
    assert np.isnan(compute_features(np.zeros((33, 2)))[:8]).all()
    m = make_motion(PLACE, heavens(PLACE, PLACE))
    head_down = m.plane() * np.array([1.0, -1.0])
    compute_features(head_down, m.world)
