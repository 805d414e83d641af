"""What must not matter, through the whole engine: side, size, place, frame rate, camera roll.

On a figure whose truth is known, and on what the pose model has seen of a library's teacher: one
take against another of the same form, all measures and all joints.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, perform
from posecoach.analysis import analyze
from posecoach.body import JOINT_ANGLES
from posecoach.posture.resample import interpolate
from posecoach.reference.files import load_sequence
from posecoach.reference.sequence import Sequence
from sameness import SIDED, check_mirrored, check_same

FEW = settings(deadline=None, max_examples=3)


@cache
def teacher(form, mirrored=False):
    motion, _ = perform(form, repetitions=1)
    return Sequence.from_takes([motion.mirrored() if mirrored else motion])


def look(form=heavens, *, mirror=False, **more):
    """Return the analysis of one repetition, with something of everything in it."""
    given = {"lean": 3.0, "tilt": 4.0, "delay_left_s": 0.2, "tempo": 0.9, "repetitions": 1}
    motion, _ = perform(form, **({"fps": 20.0} | given | more))
    result = analyze(motion.mirrored() if mirror else motion, teacher(form, mirror))
    assert len(result.repetitions) == 1
    return result


@cache
def plain(form):
    return look(form)


@FEW
@given(
    form=st.sampled_from([heavens, bow]),
    lean=st.floats(-6, 6),
    tilt=st.floats(-6, 6),
    late=st.floats(-0.3, 0.3),
)
def test_a_mirror_swaps_left_and_right_and_nothing_else(form, lean, tilt, late):
    more = {"lean": lean, "tilt": tilt, "delay_left_s": late}
    check_mirrored(look(form, mirror=True, **more), look(form, **more))


@FEW
@given(scale=st.floats(0.25, 0.45), x=st.floats(0.35, 0.65), y=st.floats(0.48, 0.55))
def test_size_and_place_in_the_picture_do_not_matter(scale, x, y):
    check_same(look(figure=Figure(scale=scale, centre=(x, y))), plain(heavens))


@FEW
@given(fps=st.sampled_from([15.0, 25.0, 30.0, 60.0]))
def test_the_frame_rate_does_not_matter(fps):
    # A figure's delay is a whole number of frames.
    check_same(look(fps=fps), plain(heavens))


@FEW
@given(roll=st.floats(-8, 8))
def test_a_rolled_camera_does_not_matter_after_the_stance(roll):
    check_same(look(figure=replace(Figure(), roll_deg=roll)), plain(heavens))


def test_the_plain_one_says_something():
    got = plain(heavens).repetitions[0].measures
    judged = {name for name, m in got.items() if m.judged}
    assert {*SIDED, "tempo_ratio", "symmetry_index", "sway"} <= judged
    delay = got["left_right_delay"]
    assert abs(delay.value - 200) < 2 * delay.uncertainty < 100
    assert np.isfinite([m.uncertainty for m in got.values() if m.judged]).all()


FORMS = Path(__file__).parents[2] / "reference_sequences"
RECORDED = ("drawing-the-bow", "two-hands-hold-up-the-heavens")


@cache
def recorded(name):
    """Return a form's first take as the reference of all joints, and its second, stood before."""
    sequence = load_sequence(FORMS / name)
    second = sequence.takes[1].motion
    sequence = replace(sequence, takes=sequence.takes[:1], joints=tuple(JOINT_ANGLES))
    stood = np.arange(0.0, 1.5, 1 / second.fps)
    at = np.concatenate([np.zeros(len(stood), dtype=int), np.arange(len(second))])
    times = np.concatenate([stood, second.time_s - second.time_s[0] + 1.5])
    names = ("image", "world", "visibility", "presence")
    return sequence, replace(second, time_s=times, **{k: getattr(second, k)[at] for k in names})


@cache
def judged(name):
    sequence, motion = recorded(name)
    return analyze(motion, sequence)


def at_rate(motion, fps):
    times = np.arange(0.0, motion.duration_s, 1 / fps)
    names = ("image", "world", "visibility", "presence")
    values = {k: interpolate(times, motion.time_s, getattr(motion, k)) for k in names}
    return replace(motion, time_s=times, **values)


def seen_from_elsewhere(motion, zoom=1.0, move=(0.0, 0.0), roll_deg=0.0):
    """Return the recording of a camera that stands further off, looks elsewhere, or is rolled."""
    wide = motion.width / motion.height
    middle = np.array([0.5 * wide, 0.5])
    a = np.radians(roll_deg)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    image, world = motion.image.copy(), motion.world.copy()
    plane = zoom * (motion.plane() - middle) @ turn.T + middle + np.array(move)
    image[..., :2] = plane / np.array([wide, 1.0])
    image[..., 2] *= zoom
    world[..., :2] = world[..., :2] @ turn.T
    return replace(motion, image=image, world=world)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recording_in_the_mirror(name):
    sequence, motion = recorded(name)
    take = sequence.takes[0]
    other = Sequence.from_takes([take.motion.mirrored()], joints=tuple(JOINT_ANGLES))
    same = Sequence.from_takes([take.motion], joints=tuple(JOINT_ANGLES))
    check_mirrored(analyze(motion.mirrored(), other), analyze(motion, same))


@FEW
@given(name=st.sampled_from(RECORDED), fps=st.floats(10, 60))
def test_a_recording_at_any_frame_rate(name, fps):
    sequence, motion = recorded(name)
    check_same(analyze(at_rate(motion, fps), sequence), judged(name))


@FEW
@given(
    name=st.sampled_from(RECORDED),
    zoom=st.floats(0.6, 1.0),
    move=st.tuples(st.floats(-0.1, 0.1), st.just(0.0)),
    roll=st.floats(-8, 8),
)
def test_a_recording_from_a_camera_elsewhere(name, zoom, move, roll):
    sequence, motion = recorded(name)
    moved = seen_from_elsewhere(motion, zoom, move, roll)
    check_same(analyze(moved, sequence), judged(name))


def test_the_recorded_ones_say_something():
    told = {
        n for name in RECORDED for n, m in judged(name).repetitions[0].measures.items() if m.judged
    }
    assert {*SIDED, "tempo_ratio", "evenness", "symmetry_index", "sway", "trunk_limb_delay"} <= told
    assert len([n for n in told if n.startswith("joint_angle")]) == 8
