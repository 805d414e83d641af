"""What must not matter, through the whole engine: side, size, place, frame rate, camera roll."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, perform
from posecoach.analysis import analyze
from posecoach.reference.sequence import Sequence

SIDED = (
    "lateral_lean",
    "shoulder_tilt",
    "pelvis_tilt",
    "arm_height_difference",
    "left_right_delay",
)
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


def check_same(got, expected):
    assert got.view == expected.view
    ours, theirs = got.repetitions[0], expected.repetitions[0]
    apart = abs(ours.carriage.strain - theirs.carriage.strain)
    assert apart <= np.hypot(ours.carriage.uncertainty, theirs.carriage.uncertainty)
    for ours_at, theirs_at in ((ours.start_s, theirs.start_s), (ours.end_s, theirs.end_s)):
        assert abs(ours_at - theirs_at) < 0.2
    for name, m in ours.measures.items():
        other = theirs.measures[name]
        assert m.judged == other.judged, name
        if m.judged:
            apart = abs(m.deviation - other.deviation)
            # Two readings, each with its own claimed standard error.
            assert apart <= np.hypot(m.uncertainty, other.uncertainty), (name, m, other)


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
    mirrored, got = look(form, mirror=True, **more), look(form, **more)
    turned = {}
    for name, m in got.repetitions[0].measures.items():
        sign = -1.0 if name in SIDED else 1.0
        other = name.replace("left_", "RIGHT_").replace("right_", "left_").replace("RIGHT", "right")
        other = name if not name.startswith("joint_angle") else other
        deviation = None if m.deviation is None else sign * m.deviation
        turned[other] = m.model_copy(update={"deviation": deviation})
    there = got.repetitions[0].model_copy(update={"measures": turned})
    check_same(mirrored, got.model_copy(update={"repetitions": [there]}))
    other_way = {"left": "right", "right": "left"}
    said = [(c.measure, other_way.get(c.direction, c.direction)) for c in got.cues]
    assert [(c.measure, c.direction) for c in mirrored.cues] == said
    parts = got.repetitions[0].carriage.parts
    for name, value in mirrored.repetitions[0].carriage.parts.items():
        side = name.split("_", 1)[0]
        assert value == pytest.approx(parts[name.replace(side, other_way.get(side, side))], abs=0.3)


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
