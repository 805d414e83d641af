import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, heavens, make_motion
from posecoach.body import HIPS, INDEX, JOINT_ANGLES, SHOULDERS
from posecoach.posture import angles

angle = st.floats(-40, 40)


def figure_at(place=4.8, roll=0.0, **more):
    at = np.array([place])
    return make_motion(np.zeros(1), heavens(at, at, **more), Figure(roll_deg=roll, read=1.0))


@given(degrees=st.floats(-180, 180), x=st.floats(-3, 3), y=st.floats(-3, 3))
def test_turning_keeps_lengths_and_turns_back(degrees, x, y):
    p = np.array([x, y])
    turned = angles.rotate_plane(p, degrees)
    assert np.linalg.norm(turned) == pytest.approx(np.linalg.norm(p), abs=1e-9)
    np.testing.assert_allclose(angles.rotate_plane(turned, -degrees), p, atol=1e-9)


def test_turning_undoes_a_vertical_that_leans_to_greater_x():
    up = np.array([np.sin(np.radians(10)), -np.cos(np.radians(10))])
    np.testing.assert_allclose(angles.rotate_plane(up, 10), [0, -1], atol=1e-12)


@given(lean=angle, tilt=angle, roll=st.floats(-20, 20))
@settings(deadline=None, max_examples=50)
def test_lean_and_tilt_against_a_rolled_picture(lean, tilt, roll):
    level = angles.rotate_plane(figure_at(lean=lean, tilt=tilt, roll=roll).plane(), roll)
    assert angles.compute_lateral_lean(level)[0] == pytest.approx(lean, abs=1e-6)
    assert angles.compute_line_tilt(level, SHOULDERS)[0] == pytest.approx(tilt, abs=1e-6)
    assert angles.compute_line_tilt(level, HIPS)[0] == pytest.approx(0, abs=1e-6)


@given(lean=angle, tilt=angle)
@settings(deadline=None, max_examples=30)
def test_from_behind_left_stays_left(lean, tilt):
    plane = figure_at(lean=lean, tilt=tilt).plane()
    behind = plane * np.array([-1, 1])  # what a camera behind the body sees
    assert angles.compute_lateral_lean(behind, -1)[0] == pytest.approx(lean, abs=1e-6)
    assert angles.compute_line_tilt(behind, SHOULDERS, -1)[0] == pytest.approx(tilt, abs=1e-6)


@pytest.mark.parametrize("looks", [1, -1])
def test_forward_lean_counts_towards_where_one_looks(looks):
    plane = np.zeros((33, 2))
    plane[list(SHOULDERS)] = [looks * np.sin(np.radians(12)), -np.cos(np.radians(12))]
    assert float(angles.compute_forward_lean(plane, looks)) == pytest.approx(12)


@given(
    e=st.tuples(st.floats(2, 170), st.floats(2, 170)),
    a=st.tuples(st.floats(0, 89), st.floats(0, 89)),
)
@settings(deadline=None, max_examples=50)
def test_arm_elevation_does_not_depend_on_where_the_arm_points(e, a):
    """An arm that reaches to the camera is foreshortened and still as high."""
    moves = heavens(np.zeros(1), np.zeros(1))
    moves.elevation[:] = e
    moves.azimuth[:] = a
    moves.elbow[:] = 0
    m = make_motion(np.zeros(1), moves)
    got = angles.compute_arm_elevation(m.plane(), m.world)
    np.testing.assert_allclose(got[0], e, atol=1e-6)


def test_without_depth_the_picture_alone_is_used():
    m = figure_at(place=2.0)
    flat = angles.compute_arm_elevation(m.plane(), np.full_like(m.world, np.nan))
    assert np.isfinite(flat).all()
    v = m.plane()[0, INDEX["left_wrist"]] - m.plane()[0, INDEX["left_shoulder"]]
    assert flat[0, 0] == pytest.approx(np.degrees(np.arctan2(abs(v[0]), v[1])))


@given(bend=st.floats(0, 150))
@settings(deadline=None, max_examples=30)
def test_elbow_angle_in_the_plane(bend):
    moves = heavens(np.zeros(1), np.zeros(1))
    moves.elevation[:], moves.azimuth[:], moves.elbow[:] = 90, 0, [[bend, bend / 2]]
    got = angles.compute_joint_angles(make_motion(np.zeros(1), moves).plane())[0]
    names = list(JOINT_ANGLES)
    assert got[names.index("left_elbow")] == pytest.approx(180 - bend, abs=1e-5)
    assert got[names.index("right_elbow")] == pytest.approx(180 - bend / 2, abs=1e-5)
    assert got[names.index("left_knee")] == pytest.approx(180, abs=1e-5)


def test_limb_lengths_by_side_and_part():
    f = Figure(upper_arm=0.3, forearm=0.2)
    moves = heavens(np.zeros(4), np.zeros(4))
    moves.azimuth[:] = 0
    lengths = angles.compute_limb_lengths(make_motion(np.arange(4), moves, f).plane())
    assert lengths.shape == (4, 2, 2)
    np.testing.assert_allclose(lengths[..., 0], 0.3 * f.scale)
    np.testing.assert_allclose(lengths[..., 1], 0.2 * f.scale)


def test_missing_points_give_nan_not_numbers():
    plane = figure_at().plane()
    plane[0, INDEX["left_wrist"]] = np.nan
    world = figure_at().world
    got = angles.compute_arm_elevation(plane, world)[0]
    assert np.isnan(got).tolist() == [True, False]
    assert np.isnan(angles.compute_joint_angles(plane)[0]).sum() == 1


def test_one_frame_and_many_go_the_same_way():
    place = np.linspace(0, 9, 7)
    m = make_motion(np.arange(7), heavens(place, place, lean=3.0))
    for i in range(7):
        np.testing.assert_array_equal(
            angles.compute_arm_elevation(m.plane(), m.world)[i],
            angles.compute_arm_elevation(m.plane()[i], m.world[i]),
        )
