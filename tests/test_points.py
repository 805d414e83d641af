"""The same motion through every tracker's skeleton, unit, axis and frame rate."""

import warnings
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, make_motion, perform
from posecoach.analysis import analyze
from posecoach.body import HIPS, INDEX, PAIRS, SHOULDERS, SKELETONS, get_skeleton
from posecoach.errors import InputError, SequenceError
from posecoach.motion import Motion
from posecoach.posture.angles import (
    compute_arm_elevation,
    compute_joint_angles,
    compute_lateral_lean,
    compute_line_tilt,
    compute_trunk_length,
)
from posecoach.reference.sequence import Sequence

LEANING, _ = perform(repetitions=1, lean=7.0, tilt=-6.0, fps=20.0)
BOW, _ = perform(bow, repetitions=1, fps=20.0)
NAMES = ("blazepose-33", "coco-17", "kinect-v2", "openpose-18")


def seen_by(motion, skeleton, *, dims=3, unit=1.0, y_up=False, heading=0.0, upright="y"):
    """Return the points a tracker would give of a motion, and its joints' names."""
    kind = get_skeleton(skeleton)
    points = motion.world if dims == 3 else np.array(motion.plane())
    out = np.full((len(motion), len(kind.joints), dims), np.nan)
    for ours, theirs in kind.mapping.items():
        out[:, kind.joints.index(theirs)] = points[:, INDEX[ours]]
    if dims == 3:
        a = np.radians(heading)
        x, z = out[..., 0].copy(), out[..., 2].copy()
        out[..., 0], out[..., 2] = np.cos(a) * x - np.sin(a) * z, np.sin(a) * x + np.cos(a) * z
    if y_up:
        out[..., 1:] *= -1  # about x in space; in the picture y alone
    if dims == 3 and upright != "y":  # a quarter turn, about x or about z
        x, y, z = np.moveaxis(out, -1, 0)
        out = np.stack([x, -z, y] if upright == "z" else [y, -x, z], axis=-1)
    return unit * (out + 1.7), kind.joints


@given(
    skeleton=st.sampled_from(NAMES),
    dims=st.sampled_from([2, 3]),
    unit=st.sampled_from([1.0, 480.0, 1000.0]),
    y_up=st.booleans(),
    heading=st.floats(-180, 180),
    upright=st.sampled_from(["y", "z", "x"]),
)
@settings(max_examples=60, deadline=None)
def test_signs_and_values_are_the_same(skeleton, dims, unit, y_up, heading, upright):
    for truth in (LEANING, BOW):
        how = {"dims": dims, "unit": unit, "y_up": y_up, "heading": heading, "upright": upright}
        points, _ = seen_by(truth, skeleton, **how)
        got = Motion.from_points(points, truth.time_s, skeleton)
        plane, want = got.plane(), truth.plane()
        np.testing.assert_allclose(
            compute_lateral_lean(plane), compute_lateral_lean(want), atol=1e-6
        )
        for pair in (SHOULDERS, HIPS):
            np.testing.assert_allclose(
                compute_line_tilt(plane, pair), compute_line_tilt(want, pair), atol=1e-6
            )
        depth = truth.world if dims == 3 else np.full_like(truth.world, np.nan)
        np.testing.assert_allclose(
            compute_arm_elevation(plane, got.world), compute_arm_elevation(want, depth), atol=1e-6
        )
        np.testing.assert_allclose(
            compute_joint_angles(plane), compute_joint_angles(want), atol=1e-5
        )


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("walk", [0.0, 1.5])
def test_nothing_falls_out_of_the_picture(dims, walk):
    """Raised hands and steps to the side are inside, and one wild point does not shrink all."""
    points, _ = seen_by(BOW if walk else LEANING, "blazepose-33", dims=dims)
    points[:, :, 0] += walk * np.sin(np.linspace(0, 6, len(points)))[:, None]
    points[3, 15] = 900.0
    times = np.arange(len(points)) / 20
    motion = Motion.from_points(points, times)
    inside = np.abs(np.delete(motion.image, 3, axis=0)[..., :2] - 0.5) <= 0.5
    assert inside.all()
    assert compute_trunk_length(motion.plane())[0] >= 0.0499


@given(order=st.permutations(range(17)), style=st.integers(0, 3), extra=st.booleans())
@settings(max_examples=40, deadline=None)
def test_named_joints_in_any_order_and_style(order, style, extra):
    points, joints = seen_by(LEANING, "coco-17")

    def spell(name):
        side, _, part = name.partition("_")
        if not part:
            return name.upper()
        return [
            f"{side}-{part}",
            f"{part.capitalize()}{side.capitalize()}",
            f"{side[0]}_{part}",
            f"{side[0].upper()}{part.capitalize()}",
        ][style]

    names = [spell(joints[i]) for i in order]
    points = points[:, list(order)]
    if extra:
        names.append("SpineMid")
        points = np.concatenate([points, np.zeros((len(points), 1, 3))], axis=1)
    got = Motion.from_points(points, LEANING.time_s, names)
    want = Motion.from_points(seen_by(LEANING, "coco-17")[0], LEANING.time_s, "coco-17")
    np.testing.assert_array_equal(got.image, want.image)


@pytest.mark.parametrize("name", SKELETONS)
def test_a_known_skeleton_is_found_by_its_names_alone(name):
    points, joints = seen_by(LEANING, name)
    by_name = Motion.from_points(points, LEANING.time_s, joints)
    np.testing.assert_array_equal(
        by_name.image, Motion.from_points(points, LEANING.time_s, name).image
    )


def test_sides_are_the_persons_own_in_every_skeleton():
    for name in SKELETONS:
        mapping = get_skeleton(name).mapping
        for left, right in PAIRS:
            names = [n for n, i in INDEX.items() if i in (left, right)]
            assert len([n for n in names if n in mapping]) in (0, 2)


REFERENCES = {
    "blazepose-33": ("blazepose-33", {"dims": 3}),
    "coco-17": ("coco-17", {"dims": 2, "unit": 480.0}),
    "kinect-v2": ("kinect-v2", {"dims": 3, "y_up": True, "heading": 160.0}),
}


@cache
def teach(name):
    teacher, _ = perform(heavens, repetitions=1, figure=Figure(trunk=0.52, upper_arm=0.3))
    skeleton, how = REFERENCES[name]
    points, _ = seen_by(teacher, skeleton, **how)
    motion = Motion.from_points(points, teacher.time_s, skeleton)
    return Sequence.from_takes([motion.cut(1.9, 12.1)])


# How a tracker's points come, and whether its clock runs evenly.
STUDENTS = {
    "blazepose-33 at 15 Hz": ("blazepose-33", 15.0, {"dims": 3}),
    "coco-17 in pixels": ("coco-17", 30.0, {"dims": 2, "unit": 480.0}),
    "coco-17 upside down": ("coco-17", 25.0, {"dims": 2, "unit": 720.0, "y_up": True}),
    "kinect-v2 in millimetres": ("kinect-v2", 30.0, {"unit": 1000.0, "y_up": True}),
    "kinect-v2 turned at 100 Hz": ("kinect-v2", 100.0, {"y_up": True, "heading": -35.0}),
    "openpose-18, unevenly": ("openpose-18", 22.0, {"dims": 2, "unit": 544.0}),
}
# Depth on both sides, on one, on none; each teacher with two kinds of student, each student once.
MEETINGS = [
    ("blazepose-33", "kinect-v2 in millimetres"),
    ("blazepose-33", "coco-17 upside down"),
    ("coco-17", "kinect-v2 turned at 100 Hz"),
    ("coco-17", "openpose-18, unevenly"),
    ("kinect-v2", "blazepose-33 at 15 Hz"),
    ("kinect-v2", "coco-17 in pixels"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("teacher", "student"), MEETINGS)
def test_judged_alike_whatever_the_trackers(teacher, student):
    """A planted lean and delay come out with their size and side; nothing else is found."""
    skeleton, fps, how = STUDENTS[student]
    rng = np.random.default_rng(5)
    clock = np.arange(0, 14, 1 / fps)
    if "unevenly" in student:
        clock = np.cumsum(rng.uniform(0.1, 1.9, len(clock)) / fps)
    place = np.clip(clock - 2.0, 0.0, 10.0)
    lean = 9.0 * np.exp(-0.5 * ((clock - 7.0) / 1.6) ** 2)
    motion = make_motion(clock, heavens(place, place, lean=lean), Figure(noise=0.002, seed=3))
    points, _ = seen_by(motion, skeleton, **how)
    lost = rng.random(points.shape[:2]) < 0.1  # gaps of single points, hips among them, ...
    lost[int(4 * fps) : int(4.2 * fps)] = True  # ... and of the whole body for a fifth of a second
    points[lost] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = analyze(Motion.from_points(points, motion.time_s, skeleton), teach(teacher))
    assert len(got.repetitions) == 1
    measures = got.repetitions[0].measures
    found = measures["lateral_lean"]
    assert found.judged
    assert found.worst is not None
    assert found.uncertainty is not None
    assert found.worst == pytest.approx(8.6, abs=max(1.0, 2 * found.uncertainty))
    delay = measures["left_right_delay"]
    assert not delay.judged or abs(delay.value or 0) < 60
    assert abs((measures["tempo_ratio"].value or 0) - 1) < 0.06
    assert {(c.measure, c.direction) for c in got.cues} == {("lateral_lean", "left")}


@st.composite
def recordings(draw, motion):
    """Draw how some tracker records a motion: what it names, in which units, what it loses."""
    skeleton = draw(st.sampled_from(NAMES))
    how = {
        "dims": draw(st.sampled_from([2, 3])),
        "unit": draw(st.sampled_from([0.001, 1.0, 480.0, 1000.0])),
        "y_up": draw(st.booleans()),
        "heading": draw(st.sampled_from([0.0, 70.0, -160.0])),
        "upright": draw(st.sampled_from("yz")),
    }
    points, joints = seen_by(motion, skeleton, **how)
    joint = draw(st.integers(0, len(joints) - 1))
    first = draw(st.integers(0, len(points) - 1))
    seed = draw(st.integers(0, 9))
    rng = np.random.default_rng(seed)
    lost = draw(st.sampled_from(["nothing", "points", "everything", "a joint", "a joint's end"]))
    if lost == "points":
        points[rng.random(points.shape[:2]) < 0.1] = np.nan
    elif lost == "everything":
        points[first : first + len(points) // 20] = np.nan
    elif lost != "nothing":
        points[first if "end" in lost else 0 :, joint] = np.nan
    seen = draw(st.sampled_from([None, 1.0, 0.7, 0.1]))
    visibility = None if seen is None else rng.uniform(seen, 1.0, points.shape[:2])
    order = rng.permutation(len(joints)) if draw(st.booleans()) else np.arange(len(joints))
    names = [joints[i] for i in order]
    return points[:, order], names, None if visibility is None else visibility[:, order]


@pytest.mark.slow
@given(data=st.data())
@settings(deadline=None, max_examples=4, suppress_health_check=list(HealthCheck))
def test_whatever_the_trackers_lose_nothing_wrong_is_told(data):
    """One clean movement, as two trackers have it: the same within the claims, or not judged."""
    clocks = [np.arange(0, 14, 1 / data.draw(st.sampled_from([5, 12, 30]))) for _ in range(2)]
    if data.draw(st.booleans()):
        clocks[1] = np.cumsum(np.random.default_rng(1).uniform(0.4, 1.6, len(clocks[1])))
        clocks[1] *= 14 / clocks[1][-1]
    form = data.draw(st.sampled_from([heavens, bow]))
    seen = []
    for clock in clocks:
        place = np.clip(clock - 2.0, 0.0, 10.0)
        motion = make_motion(clock, form(place, place), Figure(noise=0.001, seed=len(clock)))
        points, names, visibility = data.draw(recordings(motion))
        try:
            seen.append(Motion.from_points(points, clock, names, visibility))
        except InputError:  # a shoulder or a hip that is never there
            return
    try:
        sequence = Sequence.from_takes([seen[0].cut(1.9, 12.1)])
    except SequenceError:  # or that is lost for most of it
        return
    got = analyze(seen[1], sequence)
    assert got.cues == []
    for repetition in got.repetitions:
        for name, m in repetition.measures.items():
            if m.judged and not name.startswith(("sway", "carriage", "evenness", "symmetry")):
                assert abs(m.deviation) <= 2 * m.uncertainty, (name, m)
            assert m.judged or m.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    ("teacher", "student"),
    [
        ("blazepose-33", "coco-17 in pixels"),
        ("coco-17", "blazepose-33 at 15 Hz"),
        ("kinect-v2", "kinect-v2 in millimetres"),
    ],
)
def test_a_clean_performance_is_left_in_peace(teacher, student):
    skeleton, fps, how = STUDENTS[student]
    motion, _ = perform(heavens, repetitions=1, fps=fps, figure=Figure(noise=0.002, seed=4))
    points, _ = seen_by(motion, skeleton, **how)
    got = analyze(Motion.from_points(points, motion.time_s, skeleton), teach(teacher))
    assert len(got.repetitions) == 1
    assert not got.cues


def test_a_guessed_depth_need_not_turn_the_body():
    """Depth that is wrong by a slope turns a body that stands square, and a bow becomes a lean."""
    points, _ = seen_by(LEANING, "blazepose-33")
    points = points - points[:, [23, 24]].mean(axis=1, keepdims=True)
    wrong = points.copy()
    wrong[..., 2] += 0.3 * points[..., 0] + 0.2 * points[..., 1]
    turned = Motion.from_points(wrong, LEANING.time_s)
    kept = Motion.from_points(wrong, LEANING.time_s, turn=False)
    assert abs(compute_lateral_lean(turned.plane()) - 7).max() > 2
    np.testing.assert_allclose(compute_lateral_lean(kept.plane()), 7, atol=1e-6)


def test_shoulders_and_hips_never_seen_together_are_refused():
    points, _ = seen_by(LEANING, "coco-17")
    points[::2, 5:7] = np.nan
    points[1::2, 11:13] = np.nan
    with pytest.raises(InputError, match="shoulders and hips"):
        Motion.from_points(points, LEANING.time_s, "coco-17")


@pytest.mark.parametrize("joint", ["left_hip", "left_wrist"])
def test_half_a_form_is_not_taken_for_a_fast_or_lopsided_one(joint):
    """A side that was lost half way has not stayed down, and half a form took half the time."""
    points, joints = seen_by(BOW, "kinect-v2")
    of = get_skeleton("kinect-v2").mapping[joint]
    sequence = Sequence.from_takes([Motion.from_points(points, BOW.time_s, "kinect-v2")])
    points[len(points) // 2 :, joints.index(of)] = np.nan
    got = analyze(Motion.from_points(points, BOW.time_s, "kinect-v2"), sequence)
    assert got.cues == []
    for r in got.repetitions:
        assert not r.measures["symmetry_index"].judged
        tempo = r.measures["tempo_ratio"]
        assert not tempo.judged or tempo.value == pytest.approx(1.0, abs=0.1)


def test_a_reference_with_an_arm_lost_for_half_of_it_tells_nothing_wrong_of_that_arm():
    """What is drawn on from where it was last is no reference; the half that was seen is one."""
    points, joints = seen_by(BOW, "coco-17", dims=2)
    whole = Motion.from_points(points, BOW.time_s, "coco-17")
    points[len(points) // 2 :, joints.index("right_wrist")] = np.nan
    sequence = Sequence.from_takes([Motion.from_points(points, BOW.time_s, "coco-17")])
    got = analyze(whole, sequence)
    assert got.cues == []
    for r in got.repetitions:
        assert not r.measures["symmetry_index"].judged
        for m in r.measures.values():
            assert not m.judged or abs(m.deviation) <= 2 * m.uncertainty
