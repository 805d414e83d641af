import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, heavens, make_motion, perform
from people.camera import Camera
from posecoach.body import BONES, ELBOWS, HIPS, INDEX, KNEES, SHOULDERS, WRISTS
from posecoach.posture.angles import compute_trunk_length
from posecoach.posture.calibration import calibrate, find_still_stance, is_still_stance
from posecoach.posture.features import FEATURES
from posecoach.posture.shoulders import READ
from posecoach.posture.signals import compute_signals


def stand(n=30, *, lean=0.0, tilt=0.0, **figure):
    place = np.zeros(n)
    return make_motion(
        np.arange(n) / 30, heavens(place, place, lean=lean, tilt=tilt), Figure(**figure)
    )


@given(roll=st.floats(-15, 15), scale=st.floats(0.15, 0.6), behind=st.booleans())
@settings(deadline=None, max_examples=40)
def test_the_cameras_roll_is_taken_out(roll, scale, behind):
    m = stand(roll_deg=roll, scale=scale)
    sign = np.array([-1.0 if behind else 1.0, 1.0])
    c = calibrate(m.plane() * sign, m.world, 1.0)
    assert c.roll_deg == pytest.approx(-roll if behind else roll, abs=1e-6)
    assert c.facing == (-1 if behind else 1)
    assert c.done
    later = stand(lean=6.0, tilt=-4.0, roll_deg=roll, scale=scale)
    got = compute_signals(later.plane() * sign, later.world, c)
    np.testing.assert_allclose(got.lateral_lean, 6.0, atol=1e-6)
    np.testing.assert_allclose(got.shoulder_tilt, -4.0, atol=1e-6)
    np.testing.assert_allclose(got.pelvis_tilt, 0.0, atol=1e-6)


@pytest.mark.parametrize("lean", [-9.0, 9.0])
def test_a_leaning_stance_is_a_leaning_person_not_a_rolled_camera(lean):
    m = stand(lean=lean, read=1.0)
    c = calibrate(m.plane(), m.world, 2.0)
    assert c.roll_deg == pytest.approx(0, abs=0.1)
    assert c.zero_lean == 0
    assert compute_signals(m.plane(), m.world, c).lateral_lean[0] == pytest.approx(lean, abs=0.1)


def test_a_small_bias_of_the_shoulders_is_zeroed():
    m = stand(tilt=3.0 / READ)
    c = calibrate(m.plane(), m.world, 2.0)
    assert c.zero_shoulders == pytest.approx(3.0, abs=1e-6)
    later = stand(tilt=3.0 / READ + 7.0)
    assert compute_signals(later.plane(), later.world, c).shoulder_tilt[0] == pytest.approx(7.0)


def test_a_makeshift_calibration_believes_the_picture():
    m = stand(roll_deg=5.0, tilt=2.0)
    c = calibrate(m.plane(), m.world, 0.0)
    assert not c.done
    assert (c.roll_deg, c.zero_lean, c.zero_shoulders, c.zero_pelvis) == (0, 0, 0, 0)


def test_the_trunk_and_the_bones():
    f = Figure(trunk=0.55, upper_arm=0.33)
    place = np.zeros(5)
    m = make_motion(np.arange(5), heavens(place, place), f)
    c = calibrate(m.plane(), m.world, 1.0)
    assert c.trunk == pytest.approx(0.55 * f.scale)
    thigh = BONES.index((INDEX["left_hip"], INDEX["left_knee"]))
    assert c.bones[thigh] == pytest.approx(0.42 / 0.55)
    assert c.rest.shape == (len(FEATURES),)


def test_points_no_tracker_gives_are_nan_without_a_warning():
    m = stand()
    plane = m.plane()
    plane[:, 7:9] = np.nan
    c = calibrate(plane, np.full_like(m.world, np.nan), 1.0)
    assert np.isnan(c.rest[FEATURES.index("head_turn")])
    assert np.isfinite(c.rest[FEATURES.index("left_elevation")])


def test_points_that_fall_together_do_not_crash():
    c = calibrate(np.zeros((5, 33, 2)), np.zeros((5, 33, 3)), 0.0)
    assert np.isnan(c.bones).all()


def test_still_is_still_with_hanging_arms():
    m = stand()
    assert is_still_stance(m.plane(), m.world)
    shaky = stand(noise=0.003)
    assert is_still_stance(shaky.plane(), shaky.world)
    assert not is_still_stance(m.plane()[:2], m.world[:2])
    place = np.full(30, 4.9)
    up = make_motion(np.arange(30) / 30, heavens(place, place))
    assert not is_still_stance(up.plane(), up.world)
    sway = stand(lean=np.linspace(-8, 8, 30))
    assert not is_still_stance(sway.plane(), sway.world)
    bent = stand(lean=25.0)
    assert not is_still_stance(bent.plane(), bent.world)
    gone = m.plane()
    gone[4, INDEX["left_wrist"]] = np.nan
    assert not is_still_stance(gone, m.world)


@given(stand_s=st.floats(1.5, 4), fps=st.sampled_from([12.0, 25.0, 30.0]))
@settings(deadline=None, max_examples=5)
def test_the_still_stance_at_the_start_is_found(stand_s, fps):
    motion, place = perform(repetitions=1, stand_s=stand_s, between_s=0, fps=fps)
    motion = motion.cut(0, float(motion.time_s[np.isfinite(place)][-1]))
    span = find_still_stance(motion.time_s, motion.plane(), motion.world)
    assert span is not None
    start, end = motion.time_s[span[0]], motion.time_s[span[1] - 1]
    assert start == pytest.approx(0, abs=0.1)
    # The first moments of a slow start are still, too.
    assert stand_s - 0.1 <= end <= stand_s + 1.3


@pytest.mark.parametrize("side", [0, 1])
def test_a_hand_that_is_guessed_anew_each_frame_does_not_end_a_still_stance(side):
    m = stand()
    plane, jump = m.plane(), np.random.default_rng(1).normal(0, 0.03, (30, 2))
    plane[:, WRISTS[side]] += jump
    assert is_still_stance(plane, m.world)
    swung = plane.copy()
    swung[:, ELBOWS[side]] += jump
    assert not is_still_stance(swung, m.world)
    plane[:, WRISTS[1 - side]] += jump
    assert not is_still_stance(plane, m.world)


def test_no_stance_in_pure_movement():
    place = np.linspace(1.5, 8.5, 200)
    m = make_motion(np.arange(200) / 30, heavens(place, place))
    assert find_still_stance(m.time_s, m.plane(), m.world) is None


def test_a_long_hold_later_on_is_not_the_start():
    standing, moving, holding = np.zeros(45), np.linspace(0.3, 9.7, 180), np.full(150, 10.0)
    place = np.concatenate([standing, moving, holding])
    m = make_motion(np.arange(len(place)) / 30, heavens(place, place))
    span = find_still_stance(m.time_s, m.plane(), m.world)
    assert span is not None
    assert span[0] == 0
    assert m.time_s[span[1] - 1] < 3.0
    # Who begins in the middle stands at the end.
    late = m.cut(float(m.time_s[90]), float(m.time_s[-1]))
    span = find_still_stance(late.time_s, late.plane(), late.world)
    assert span is not None
    assert span[1] == len(late)


def test_sitting_with_the_hands_in_the_lap_is_a_still_stance():
    m = stand()
    plane = m.plane().copy()
    trunk = float(np.median(compute_trunk_length(plane)))
    angle = np.radians(40.0)
    outwards = np.sign(plane[0, SHOULDERS[0], 0] - plane[0, SHOULDERS[1], 0])
    for sign, shoulder, wrist in zip((outwards, -outwards), SHOULDERS, WRISTS, strict=True):
        arm = trunk * np.array([sign * np.sin(angle), np.cos(angle)])
        plane[:, wrist] = plane[:, shoulder] + arm
    flat = np.full_like(m.world, np.nan)
    assert not is_still_stance(plane, flat)
    for hip, knee in zip(HIPS, KNEES, strict=True):  # thighs towards the camera
        plane[:, knee, 1] = plane[:, hip, 1] + 0.2 * trunk
    assert is_still_stance(plane, flat)


@pytest.mark.parametrize(("height_m", "side_m"), [(0.5, 0.9), (1.7, 0.9), (1.7, -0.9)])
def test_a_body_seen_from_aside_and_above_is_upright(height_m, side_m):
    # From 18 degrees aside level lines slope by up to 11 degrees, and each differently.
    m = stand(5)
    points = (m.world - m.world[:, HIPS].mean(axis=1, keepdims=True)) * [1, -1, -1] + [0, 0.9, 0]
    pitch = float(np.degrees(np.arctan2(0.9 - height_m, 2.7)))
    camera = Camera(1280, 720, 75.0, 2.7, height_m, side_m, pitch, roll_deg=5.0)
    plane = camera.project(points)[0] / 720
    c = calibrate(plane, np.full_like(points, np.nan), 1.0)
    assert c.roll_deg == pytest.approx(5.0, abs=0.5)
    signals = compute_signals(plane, np.full_like(points, np.nan), c)
    for read in (signals.lateral_lean, signals.shoulder_tilt, signals.pelvis_tilt):
        assert abs(read[0]) < 0.5
