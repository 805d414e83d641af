from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, Moves, make_motion
from posecoach.body import BONES, ELBOWS, HIPS, INDEX, SHOULDERS, WRISTS
from posecoach.posture.angles import compute_trunk_length
from posecoach.posture.calibration import Calibration, calibrate
from posecoach.posture.ghost import compute_match, make_ghost

LIMBS = [k for k, (a, b) in enumerate(BONES) if not (a in SHOULDERS and b in HIPS)]

bodies = st.builds(
    Figure,
    trunk=st.floats(0.42, 0.62),
    shoulder=st.floats(0.15, 0.24),
    hip=st.floats(0.08, 0.14),
    upper_arm=st.floats(0.22, 0.36),
    forearm=st.floats(0.2, 0.32),
    thigh=st.floats(0.34, 0.5),
    shank=st.floats(0.34, 0.5),
)
cameras = st.fixed_dictionaries(
    {
        "scale": st.floats(0.12, 0.5),
        "roll_deg": st.floats(-6.0, 6.0),
        "centre": st.tuples(st.floats(0.3, 0.7), st.floats(0.4, 0.6)),
        "width": st.sampled_from([640.0, 1280.0, 853.0]),
    }
)


@st.composite
def poses(draw):
    """Return a pose as the second of two frames, the first a quiet stance."""

    def pair(low, high):
        return [draw(st.floats(low, high)) for _ in range(2)]

    return Moves(
        np.array([[8.0, 8.0], pair(8.0, 170.0)]),
        np.array([[10.0, 10.0], pair(0.0, 90.0)]),
        np.array([[0.0, 0.0], pair(0.0, 120.0)]),
        np.array([0.0, draw(st.floats(-15.0, 15.0))]),
        np.array([0.0, draw(st.floats(-10.0, 10.0))]),
    )


def see(pose: Moves, figure: Figure, behind: bool = False):
    """Return the plane of the pose and the calibration of the stance before it."""
    motion = make_motion(np.array([0.0, 1.0]), pose, figure)
    plane = motion.plane()
    if behind:
        plane = plane * np.array([-1.0, 1.0]) + np.array([1.3, 0.0])
    return plane[1], calibrate(plane[:1], motion.world[:1], 2.0)


def drawn(ghost):
    return np.isfinite(ghost).all(axis=-1)


def apart(ghost, own):
    """Return the largest distance of a drawn point, in trunk lengths."""
    off = np.linalg.norm(ghost - own, axis=-1)[drawn(ghost)]
    return float(off.max() / compute_trunk_length(own))


@settings(max_examples=60, deadline=None)
@given(poses(), bodies, cameras, cameras, st.booleans(), st.booleans())
def test_the_same_body_in_the_same_pose_is_its_own_ghost(pose, body, one, other, a, b):
    """However both cameras stand, and from the front as from behind."""
    theirs, their_calibration = see(pose, replace(body, **one), a)
    own, calibration = see(pose, replace(body, **other), b)
    ghost = make_ghost(theirs, their_calibration, own, calibration)
    assert drawn(ghost)[[i for bone in BONES for i in bone]].all()
    assert apart(ghost, own) < 0.01
    assert compute_match(ghost, own) > 0.99


@settings(max_examples=60, deadline=None)
@given(poses(), poses(), bodies, bodies, cameras, cameras)
def test_no_limb_of_the_ghost_is_longer_than_ones_own_can_look(
    pose, own_pose, body, own_body, one, other
):
    theirs, their_calibration = see(pose, replace(body, **one))
    own, calibration = see(own_pose, replace(own_body, **other))
    ghost = make_ghost(theirs, their_calibration, own, calibration)
    for k in LIMBS:
        a, b = BONES[k]
        length = np.linalg.norm(ghost[a] - ghost[b])
        assert length <= 1.2501 * calibration.bones[k] * calibration.trunk
    hips = ghost[list(HIPS)].mean(axis=0)
    assert hips == pytest.approx(own[list(HIPS)].mean(axis=0), abs=1e-9)
    assert 0.0 <= compute_match(ghost, own) <= 1.0


def test_a_limb_that_looked_short_on_the_stance_does_not_grow_without_end():
    """A forearm that pointed at the camera, and is then seen in full."""
    pose = Moves(
        np.array([[8.0, 8.0], [90.0, 90.0]]),
        np.array([[90.0, 90.0], [0.0, 0.0]]),
        np.array([[110.0, 110.0], [0.0, 0.0]]),
        np.zeros(2),
        np.zeros(2),
    )
    theirs, calibration = see(pose, Figure())
    ghost = make_ghost(theirs, calibration, theirs, calibration)
    for k in (BONES.index(bone) for bone in zip(ELBOWS, WRISTS, strict=True)):
        a, b = BONES[k]
        seen = calibration.bones[k] * calibration.trunk
        assert np.linalg.norm(theirs[a] - theirs[b]) > 1.5 * seen
        assert np.linalg.norm(ghost[a] - ghost[b]) == pytest.approx(1.25 * seen)


@settings(max_examples=60, deadline=None)
@given(
    poses(),
    st.sets(st.integers(0, 32), max_size=33),
    st.sets(st.integers(0, 32), max_size=33),
    st.sampled_from([np.nan, np.inf, 0.0]),
)
def test_what_is_not_known_is_not_drawn_and_is_no_error(pose, theirs_lost, own_lost, value):
    theirs, calibration = see(pose, Figure())
    own = theirs.copy()
    theirs[sorted(theirs_lost)] = np.nan
    own[sorted(own_lost)] = np.nan if value == np.inf else value
    ghost = make_ghost(theirs, calibration, own, calibration)
    assert ghost.shape == (33, 2)
    for lost in theirs_lost & {*ELBOWS, *WRISTS}:
        assert not drawn(ghost)[lost]
    assert 0.0 <= compute_match(ghost, own) <= 1.0


@pytest.mark.parametrize("field", ["trunk", "bones"])
@pytest.mark.parametrize("value", [0.0, np.nan])
def test_an_empty_calibration_is_no_error(field, value):
    own, calibration = see(STANCE, Figure())
    old = getattr(calibration, field)
    broken = replace(calibration, **{field: old * value})
    for pair in ((broken, calibration), (calibration, broken), (broken, broken)):
        ghost = make_ghost(own, pair[0], own, pair[1])
        assert 0.0 <= compute_match(ghost, own) <= 1.0


def test_before_the_stance_the_trunk_seen_now_is_the_measure():
    own, calibration = see(STANCE, Figure(scale=0.2))
    theirs, their_calibration = see(STANCE, Figure())
    makeshift: Calibration = replace(calibration, seconds=0.0, trunk=np.nan)
    ghost = make_ghost(theirs, their_calibration, own, makeshift)
    assert apart(ghost, own) < 0.01


STANCE = Moves(
    np.full((2, 2), 8.0), np.full((2, 2), 10.0), np.zeros((2, 2)), np.zeros(2), np.zeros(2)
)


def test_the_match_falls_with_the_distance():
    own, _ = see(STANCE, Figure())
    trunk = float(compute_trunk_length(own))
    steps = [
        compute_match(own + d * trunk * np.array([1.0, 0.0]), own)
        for d in (0.0, 0.1, 0.35, 0.7, 2.0)
    ]
    assert steps[0] == 1.0
    assert steps == sorted(steps, reverse=True)
    assert steps[2] == pytest.approx(np.exp(-1.0), abs=1e-6)
    assert steps[-1] < 1e-6


def test_the_match_needs_only_what_is_seen():
    own, _ = see(STANCE, Figure())
    ghost = own.copy()
    ghost[INDEX["left_wrist"]] = np.nan
    assert compute_match(ghost, own) == 1.0
    assert compute_match(np.full_like(own, np.nan), own) == 0.0
    assert compute_match(own, np.full_like(own, np.nan)) == 0.0
    assert compute_match(own, np.zeros_like(own)) == 0.0
    assert compute_match(1e200 * own, own) == 0.0
