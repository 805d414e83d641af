import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, heavens, make_motion, perform
from posecoach.body import INDEX, MIRROR, N_POINTS, SHOULDERS, get_skeleton
from posecoach.errors import InputError, PosecoachError, UsageError
from posecoach.motion import Motion, Observation
from posecoach.posture.angles import compute_arm_elevation, compute_lateral_lean, compute_line_tilt


def still(n=12, **more):
    place = np.zeros(n)
    return make_motion(np.arange(n) / 30, heavens(place, place, **more), Figure())


def test_every_problem_is_told_at_once():
    m = still()
    with pytest.raises(InputError, match=r"image of shape .*visibility of shape"):
        Motion(m.time_s, m.image[:3], m.world, m.visibility[:, :4], m.presence)


@pytest.mark.parametrize(
    ("times", "told"),
    [([0.0, 0.1, 0.1], "grow"), ([0.0, np.nan, 0.2], "finite"), ([0.3, 0.2, 0.1], "grow")],
)
def test_times_must_be_finite_and_grow(times, told):
    m = still(3)
    with pytest.raises(InputError, match=told):
        Motion(np.array(times), m.image, m.world, m.visibility, m.presence)


def test_a_picture_has_a_size():
    m = still(3)
    with pytest.raises(InputError, match="picture size"):
        Motion(m.time_s, m.image, m.world, m.visibility, m.presence, 0.0, 480.0)


def test_observations_and_back():
    m = still()
    again = Motion.from_observations(list(m), "camera")
    np.testing.assert_array_equal(again.image, m.image)
    np.testing.assert_array_equal(again.time_s, m.time_s)
    assert (again.width, again.height, again.source) == (m.width, m.height, "camera")
    with pytest.raises(InputError, match="at least one frame"):
        Motion.from_observations([])


def test_nobody_is_not_found():
    nobody = Observation.nobody(1.5, 640, 480)
    assert not nobody.found
    assert nobody.visibility.max() == 0
    motion = Motion.from_observations([still(1).at(0), nobody])
    assert motion.found.tolist() == [True, False]


def test_the_plane_has_one_unit_in_both_directions():
    m = still()
    wide = Motion(m.time_s, m.image, m.world, m.visibility, m.presence, 1280, 480)
    np.testing.assert_allclose(wide.plane()[..., 0], 2 * m.plane()[..., 0])
    np.testing.assert_allclose(wide.plane()[..., 1], m.plane()[..., 1])
    np.testing.assert_array_equal(wide.at(3).plane(), wide.plane()[3])


def test_cut_keeps_both_ends_and_times():
    m = still(12).shifted(5.0)
    part = m.cut(5 + 2 / 30, 5 + 7 / 30)
    np.testing.assert_allclose(part.time_s, 5 + np.arange(2, 8) / 30)
    np.testing.assert_array_equal(part.image, m.image[2:8])
    assert part.duration_s == pytest.approx(5 / 30)
    assert m.fps == pytest.approx(30)


def test_an_empty_motion_has_no_duration_and_no_rate():
    empty = still().cut(9, 10)
    assert len(empty) == 0
    assert (empty.duration_s, empty.fps) == (0.0, 0.0)


@given(
    lean=st.floats(-20, 20), tilt=st.floats(-15, 15), up=st.tuples(st.floats(0, 1), st.floats(0, 1))
)
@settings(max_examples=40, deadline=None)
def test_a_mirror_turns_signs_and_swaps_sides(lean, tilt, up):
    place = np.array([4.8])
    m = make_motion(
        np.zeros(1), heavens(place, place, lean=lean, tilt=tilt, amount=up), Figure(read=1.0)
    )
    other = m.mirrored()
    plane, turned = m.plane(), other.plane()
    assert compute_lateral_lean(plane)[0] == pytest.approx(lean, abs=1e-6)
    assert compute_lateral_lean(turned)[0] == pytest.approx(-lean, abs=1e-6)
    assert compute_line_tilt(plane, SHOULDERS)[0] == pytest.approx(tilt, abs=1e-6)
    assert compute_line_tilt(turned, SHOULDERS)[0] == pytest.approx(-tilt, abs=1e-6)
    own = compute_arm_elevation(plane, m.world)
    np.testing.assert_allclose(
        compute_arm_elevation(turned, other.world), own[:, ::-1], rtol=0, atol=1e-6
    )
    left, right = INDEX["left_wrist"], INDEX["right_wrist"]
    np.testing.assert_allclose(other.world[0, left], m.world[0, right] * [-1, 1, 1])
    np.testing.assert_allclose(other.mirrored().image, m.image, atol=1e-12)
    np.testing.assert_allclose(other.mirrored().world, m.world, atol=1e-12)


def kinect_points(m: Motion) -> np.ndarray:
    """Return the figure as a Kinect gives it: metres, y up, x to the person's right, z away."""
    skeleton = get_skeleton("kinect-v2")
    world = np.zeros((len(m), 25, 3))
    for ours, theirs in skeleton.mapping.items():
        world[:, skeleton.joints.index(theirs)] = m.world[:, INDEX[ours]]
    x, y, z = np.moveaxis(world, -1, 0)
    return np.stack([-x, -y + 1.0, z + 2.5], axis=-1)


def turn(points: np.ndarray, degrees: float) -> np.ndarray:
    a = np.radians(degrees)
    out = points.copy()
    out[..., 0] = np.cos(a) * points[..., 0] - np.sin(a) * points[..., 2]
    out[..., 2] = np.sin(a) * points[..., 0] + np.cos(a) * points[..., 2]
    return out


@given(
    angle=st.floats(-180, 180),
    unit=st.sampled_from([1.0, 100.0, 1000.0]),
    y_up=st.booleans(),
    lean=st.floats(-15, 15),
)
@settings(max_examples=40, deadline=None)
def test_points_of_a_tracker_in_space(angle, unit, y_up, lean):
    """Unit, place, heading and the way y grows do not matter; left stays left."""
    place = np.linspace(0, 4.5, 20)
    m = make_motion(np.arange(20) / 30, heavens(place, place, lean=lean, amount=(1.0, 0.6)))
    points = turn(m.world, angle)
    if y_up:  # turned about x, which keeps space right-handed
        points = points * np.array([1, -1, -1])
    got = Motion.from_points(unit * (points + 0.7), m.time_s)
    plane = got.plane()
    np.testing.assert_allclose(compute_lateral_lean(plane), lean, atol=1e-6)
    np.testing.assert_allclose(
        compute_arm_elevation(plane, got.world),
        compute_arm_elevation(m.plane(), m.world),
        atol=1e-6,
    )
    assert (plane[:, SHOULDERS[0], 0] > plane[:, SHOULDERS[1], 0]).all()
    reach = got.world[:, INDEX["left_wrist"], 2] - got.world[:, SHOULDERS[0], 2]
    assert reach.min() < -0.3  # the arm goes up in front, towards the camera
    assert np.isnan(m.at(0).image).sum() == 0
    assert got.found.all()


def test_two_columns_know_no_depth():
    m = still()
    got = Motion.from_points(m.plane() * 480, m.time_s)
    assert np.isnan(got.world).all()
    assert np.isnan(got.image[..., 2]).all()
    np.testing.assert_allclose(compute_lateral_lean(got.plane()), 0, atol=1e-9)
    up = m.plane() * np.array([1, -1])
    np.testing.assert_allclose(Motion.from_points(up, m.time_s).image, got.image)


def test_y_is_believed_when_told():
    m = still()
    down = Motion.from_points(m.plane(), m.time_s, y_up=True)
    assert (down.image[:, INDEX["nose"], 1] > down.image[:, INDEX["left_ankle"], 1]).all()


def test_a_mirrored_tracker_is_said_not_guessed():
    m = still(lean=8.0)
    swapped = m.plane()[:, MIRROR]
    swapped[..., 0] *= -1  # a selfie picture with the picture's own left and right
    plain = Motion.from_points(swapped, m.time_s)
    told = Motion.from_points(swapped, m.time_s, mirrored=True)
    assert compute_lateral_lean(plain.plane())[0] == pytest.approx(-8)
    assert compute_lateral_lean(told.plane())[0] == pytest.approx(8)


def test_missing_and_infinite_points_are_not_seen():
    m = still()
    points = m.plane()
    points[3, INDEX["left_hip"]] = np.nan
    points[5, INDEX["left_wrist"]] = np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = Motion.from_points(points, m.time_s)
    assert np.flatnonzero(~got.found).tolist() == [3]
    assert got.visibility[3, INDEX["left_hip"]] == 0
    assert got.visibility[5, INDEX["left_wrist"]] == 0
    assert got.visibility.sum() == 12 * N_POINTS - 2
    assert np.isnan(got.image[5, INDEX["left_wrist"]]).all()


def test_visibility_goes_with_its_point():
    m = still(3)
    vis = np.zeros((3, 17))
    vis[:, 5] = 0.75  # left_shoulder
    coco = get_skeleton("coco-17")
    points = m.plane()[:, [INDEX[n] for n in coco.joints]]
    got = Motion.from_points(points, m.time_s, "coco-17", vis)
    assert got.visibility[0, INDEX["left_shoulder"]] == 0.75
    assert got.visibility.sum() == pytest.approx(3 * 0.75)


@pytest.mark.parametrize(
    ("points", "times", "more"),
    [
        (np.zeros((4, 33)), np.arange(4), {}),
        (np.zeros((4, 33, 4)), np.arange(4), {}),
        (np.zeros((4, 33, 2)), np.arange(5), {}),
        (np.zeros((4, 17, 2)), np.arange(4), {}),
        (np.zeros((4, 33, 2)), np.arange(4), {"visibility": np.ones((4, 17))}),
        (np.zeros((4, 33, 2)), np.arange(4), {"skeleton": "openpose"}),
        ("points", "times", {}),
        ([[1, 2], [3]], [0, 1], {}),
    ],
)
def test_wrong_calls_are_usage_errors(points, times, more):
    with pytest.raises(UsageError, match=r"^Expected"):
        Motion.from_points(points, times, **more)


@pytest.mark.parametrize("value", [0.0, np.nan, 7.5])
def test_points_without_a_body_are_refused(value):
    with pytest.raises(InputError, match=r"^Expected"):
        Motion.from_points(np.full((4, 33, 3), value), np.arange(4))


@given(st.lists(st.floats(width=32), min_size=2 * 33 * 2, max_size=2 * 33 * 2))
@settings(max_examples=40, deadline=None)
def test_no_points_crash(values):
    points = np.array(values).reshape(2, 33, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # 1e38 squared
        try:
            got = Motion.from_points(points, [0.0, 0.1])
        except PosecoachError:
            return
    assert got.image.shape == (2, 33, 3)


def test_kinect_speaks_of_the_same_body():
    motion, _ = perform(repetitions=1, lean=5.0)
    got = Motion.from_points(kinect_points(motion), motion.time_s, "kinect-v2")
    np.testing.assert_allclose(compute_lateral_lean(got.plane()), 5.0, atol=1e-6)
