"""Arms of bodies whose joints are known, seen from beside, above and below, without a model."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from people.body import load_body
from people.camera import fit_camera
from people.forms import FORMS
from people.performance import Performance, Plan
from posecoach.body import INDEX
from posecoach.follow.sight import SIDES, read_depth
from posecoach.follow.track import make_track
from posecoach.measure.heights import fit_heights
from posecoach.motion import Motion
from posecoach.posture.calibration import calibrate
from posecoach.reference.sequence import Take

JOINTS = {"shoulder": "arm", "elbow": "forearm", "wrist": "hand", "hip": "thigh", "ankle": "foot"}
RATE = 5.0  # frames a second


def watch(body, form, camera, **plan):
    """Return what a perfect model would see of a performance, its true arms and its places."""
    performance = Performance(load_body(body), Plan(form, 0, 1, (1.0, 0.0, 0.5), **plan))
    time = np.arange(0.0, performance.duration_s, 1 / RATE)
    image = np.full((len(time), 33, 3), 0.5)
    world = np.zeros((len(time), 33, 3))
    arms, places = [], []
    seen = fit_camera((640, 480), performance.body.height, **camera)
    for i, t in enumerate(time):
        position = performance.pose_at(t).position
        for side, letter in (("left", "L"), ("right", "R")):
            foot = position[f"foot{letter}"]
            points = {k: position[f"{v}{letter}"] for k, v in JOINTS.items()}
            points |= {
                "knee": position[f"shin{letter}"],
                "heel": foot + np.array([0, -0.05, -0.07]),
            }
            points |= {"foot_index": foot + np.array([0, -0.07, 0.19])}
            for name, point in points.items():
                k = INDEX[f"{side}_{name}"]
                image[i, k, :2] = seen.project(point)[0] / [640, 480]
                # Depths as a model gives them: too far to the front.
                world[i, k] = (point - seen.position) @ seen.axes().T * [1, -1, -1.33]
        arms.append([position[f"hand{a}"] - position[f"arm{a}"] for a in "LR"])
        share = performance.share(t)
        places.append(np.nan if share[0] is None else share[1] * performance.seconds)
    one = np.ones((len(time), 33))
    motion = Motion(time, image, world, one, one, 640.0, 480.0)
    arms = np.array(arms)
    cosine = -arms[..., 1] / np.linalg.norm(arms, axis=-1)
    return motion, np.degrees(np.arccos(cosine)), np.array(places)


def stand(motion):
    still = motion.time_s < 1.0
    return calibrate(motion.plane()[still], motion.world[still], 1.0)


@cache
def teach(form):
    motion, elevation, _ = watch("ada", form, {"height_m": 1.0})
    return make_track(Take(motion, stand(motion)), smooth_s=0.0), elevation


def compare(body, form, camera, wrong_s=0.0, lean_deg=0.0, **plan):
    """Return what is found, and the true median of left less right against the teacher.

    The path is wrong by up to so much: behind at first, then ahead.
    """
    motion, own, places = watch(body, form, camera, **plan)
    track, theirs = teach(form)
    inside = np.isfinite(places)
    at = np.nan_to_num(places) + 1.0  # the teacher stands for a second
    found = fit_heights(
        motion.plane(),
        read_depth(motion.world),
        stand(motion),
        track,
        motion.time_s,
        at - wrong_s * np.sin(2 * np.pi * np.nan_to_num(places) / np.nanmax(places)),
        inside,
        lean_deg=lean_deg,
    )
    clock = np.arange(len(theirs)) / RATE
    expected = np.stack([np.interp(at, clock, theirs[:, k]) for k in (0, 1)], axis=1)
    above, mine = (expected - theirs[0])[inside], (own - theirs[0])[inside]
    amplitude = (above * mine).sum() / (above**2).sum()
    true = np.median((mine - amplitude * above) @ SIDES)
    return found, inside, true


def judge(body, form, camera, wrong_s=0.0, **plan):
    """Return found and true median of left less right against the teacher, and the claim."""
    found, inside, true = compare(body, form, camera, wrong_s, **plan)
    return float(np.median((found.own - found.expected)[inside] @ SIDES)), true, found.error_deg


HIGH = {"side_m": 0.8, "height_m": 1.5, "hfov_deg": 55.0, "roll_deg": 5.0}
LOW = {"side_m": -0.9, "height_m": 0.6, "hfov_deg": 76.0}
BOTH, BOW, TURNS = list(FORMS)[:3]


@pytest.mark.parametrize(("form", "camera"), [(BOTH, HIGH), (BOTH, LOW), (BOW, HIGH), (TURNS, LOW)])
def test_arms_that_are_level_are_so_from_wherever_they_are_seen(form, camera):
    found, true, claimed = judge("ben", form, camera, amplitude=0.8)
    assert abs(true) < 0.5
    assert abs(found) < 4.0
    assert abs(found) < 2.5 * claimed


@pytest.mark.parametrize(
    ("form", "camera", "sides"),
    [(BOTH, HIGH, (1, 0.9)), (BOW, HIGH, (1, 0.8)), (TURNS, LOW, (1, 0.9))],
)
def test_an_arm_that_is_raised_less_is_known_by_how_much(form, camera, sides):
    found, true, claimed = judge("emma", form, camera, sides=sides)
    assert abs(true) > 3
    assert found == pytest.approx(true, abs=4.0)
    assert abs(found - true) < 2.5 * claimed


def test_a_reference_may_begin_with_raised_arms():
    whole, elevation = teach(BOTH)
    first = whole.index_at(float(elevation.max(axis=1).argmax()) / RATE)
    part = slice(first, None)
    late = replace(
        whole,
        time_s=whole.time_s[part] - whole.time_s[first],
        plane=whole.plane[part],
        world=whole.world[part],
        signals=whole.signals.at(part),
    )
    found = fit_heights(
        late.plane,
        read_depth(late.world),
        late.calibration,
        late,
        late.time_s,
        late.time_s,
        np.ones(len(late.time_s), bool),
    )
    assert np.isfinite(found.errors_deg).all()
    assert abs(np.median((found.own - found.expected) @ SIDES)) < 2.5 * found.error_deg < 10


@pytest.mark.parametrize("wrong_s", [-0.3, 0.3])
def test_a_path_that_is_wrong_makes_no_arm_high_or_low(wrong_s):
    found, true, claimed = judge("ben", TURNS, LOW, wrong_s, sides=(0.9, 1))
    assert true < -5
    assert found == pytest.approx(true, abs=1.0)
    assert abs(found - true) < claimed


@pytest.mark.parametrize(("form", "late"), [(BOTH, "left"), (TURNS, "right")])
def test_a_late_arm_that_is_lower_too_is_late_by_so_much(form, late):
    found, _, _ = compare("emma", form, HIGH, sides=(1, 0.85), faults={f"{late}_late": 200.0})
    sign = 1.0 if late == "left" else -1.0
    assert found.delay.delay_s == pytest.approx(sign * 0.2, abs=0.04)


@pytest.mark.parametrize("form", [BOW, TURNS])
def test_a_lean_is_no_delay(form):
    # Arms that go with the trunk come higher on one side and lower on the other.
    found, _, _ = compare("ben", form, LOW, lean_deg=4.0, faults={"lean": 4.0})
    assert abs(found.delay.delay_s) < 0.03
