"""What is judged from where: in front, off to one side, edge on, behind, and while one turns."""

from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, heavens, perform
from posecoach.analysis import analyze
from posecoach.body import INDEX, WRISTS
from posecoach.coach.session import Session
from posecoach.posture.calibration import calibrate
from posecoach.posture.signals import compute_signals
from posecoach.reference.sequence import Sequence

FEET = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("heel", "foot_index")]
LEGS = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("knee", "ankle")]
HIPS = [INDEX["left_hip"], INDEX["right_hip"]]


def see(motion, turn_deg, lean_deg=0.0):
    """Return a figure bent forward at the hips and turned to its left."""
    world = motion.world.copy()
    upper = [i for i in range(33) if i not in (*FEET, *LEGS, *HIPS)]
    a = np.radians(np.broadcast_to(lean_deg, len(motion)))[:, None]
    y, z = world[:, upper, 1], world[:, upper, 2]
    world[:, upper, 1] = np.cos(a) * y - np.sin(a) * z
    world[:, upper, 2] = np.sin(a) * y + np.cos(a) * z
    b = np.radians(np.broadcast_to(turn_deg, len(motion)))[:, None]
    x, z = world[..., 0].copy(), world[..., 2].copy()
    world[..., 0] = np.cos(b) * x - np.sin(b) * z
    world[..., 2] = np.sin(b) * x + np.cos(b) * z
    image = motion.image.copy()
    image[..., 0] = 0.5 + 0.4 * world[..., 0] * motion.height / motion.width
    # What is nearer than the body's middle is seen lower on the floor, by a camera above it.
    image[..., 1] = 0.52 + 0.4 * (world[..., 1] - 0.25 * world[..., 2] * (world[..., 1] > 0.6))
    return replace(motion, image=image, world=world)


@pytest.fixture(scope="module")
def motion():
    return perform(heavens, repetitions=1, fps=15)[0]


@pytest.fixture(scope="module")
def filmed_from_the_side(motion):
    return Sequence.from_takes([see(motion, 90)], id="side")


@pytest.mark.parametrize("turn", [90, -90])
@pytest.mark.parametrize("lean", [0.0, 12.0, -12.0])
def test_forward_lean_is_read_from_either_side(motion, turn, lean):
    seen = see(motion, turn, lean)
    plane, world = seen.plane()[:15], seen.world[:15]
    stance = calibrate(see(motion, turn).plane()[:15], world, 1.0)
    assert stance.facing_x == (1 if turn > 0 else -1)
    got = compute_signals(plane, world, stance).forward_lean
    np.testing.assert_allclose(got, lean, atol=0.5)
    front = calibrate(motion.plane()[:15], motion.world[:15], 1.0)
    assert np.isnan(compute_signals(plane, world, front).forward_lean).all()


@pytest.mark.parametrize(("turn", "lean"), [(90, 0.0), (-90, 13.0), (90, -13.0)])
def test_from_the_side_forward_lean_is_judged_and_cued(motion, filmed_from_the_side, turn, lean):
    inside = np.clip((motion.time_s - 2.0) / 1.0, 0, 1) * np.clip(13.0 - motion.time_s, 0, 1)
    got = analyze(see(motion, turn, lean * inside), filmed_from_the_side)
    assert got.view == "side"
    (repetition,) = got.repetitions
    j = repetition.measures["forward_lean"]
    assert j.judged
    assert j.deviation == pytest.approx(lean, abs=1.5)
    told = {(c.measure, c.direction) for c in got.cues}
    way = {0.0: set(), 13.0: {("forward_lean", "forward")}, -13.0: {("forward_lean", "back")}}
    assert told == way[lean]
    for measure, m in repetition.measures.items():
        if measure not in ("forward_lean", "tempo_ratio"):
            assert (m.judged, m.reason) == (False, "side_view"), measure


def test_a_teacher_seen_from_elsewhere_is_the_reason(motion, filmed_from_the_side):
    front = Sequence.from_takes([motion])
    session = Session(front)
    states = [session.step(o) for o in see(motion, 90, 15.0)]
    session.finish()
    assert session.cues == []
    reasons = {j.reason for s in states for m, j in s.judgements.items() if m == "forward_lean"}
    assert reasons <= {"reference_front"}
    got = analyze(motion, filmed_from_the_side)
    assert got.cues == []
    for repetition in got.repetitions:
        assert repetition.measures["lateral_lean"].reason == "reference_side"
        assert repetition.measures["forward_lean"].reason == "front_view"


def test_from_behind_left_stays_left(motion):
    late = perform(heavens, repetitions=1, fps=15, lean=9.0, figure=Figure(read=1.0))[0]
    session = Session(Sequence.from_takes([motion]))
    for o in see(late, 180):
        session.step(o)
    session.finish()
    assert session.view == "back"
    (repetition,) = session.repetitions
    assert repetition.measures["lateral_lean"].deviation == pytest.approx(9.0, abs=1.0)
    assert {(c.measure, c.direction) for c in session.cues} == {("lateral_lean", "left")}
    assert repetition.measures["forward_lean"].reason == "back_view"


@pytest.mark.parametrize("turn", [35, 48, -48])
def test_off_to_one_side_only_what_perspective_leaves_alone_is_judged(motion, turn):
    got = analyze(see(motion, turn), Sequence.from_takes([motion]))
    assert got.cues == []
    measures = got.repetitions[0].measures
    assert measures["lateral_lean"].judged
    for name in ("shoulder_tilt", "arm_height_difference", "left_right_delay", "symmetry_index"):
        assert (measures[name].judged, measures[name].reason) == (False, "oblique_view")


def test_who_turns_round_in_the_middle_is_followed_and_not_cued(motion):
    three = perform(heavens, repetitions=2, fps=15)[0]
    turn = np.interp(three.time_s, [0, 6, 8, 10, 12, 14, 16], [0, 0, 48, 48, 90, 90, 180])
    session = Session(Sequence.from_takes([motion]))
    views, lived = [], []
    for o in see(three, turn):
        before = dict(session.views)
        state = session.step(o)
        views += [v for v in session.views if session.views[v] != before.get(v, 0)]
        lived.append({m for m, j in state.judgements.items() if j.judged})
    session.finish()
    assert [v for k, v in enumerate(views) if k == 0 or views[k - 1] != v] == [
        "front",
        "oblique",
        "side",
        "oblique",
        "back",
    ]
    assert session.cues == []
    edge_on = (three.time_s > 12.6) & (three.time_s < 14)
    assert not any(lived[i] for i in np.flatnonzero(edge_on))


def test_one_arm_is_enough_from_the_side(motion, filmed_from_the_side):
    seen = see(motion, 90)
    visibility = seen.visibility.copy()
    visibility[:, WRISTS[1]] = 0.05
    got = analyze(replace(seen, visibility=visibility), filmed_from_the_side)
    assert got.repetitions[0].measures["forward_lean"].judged
