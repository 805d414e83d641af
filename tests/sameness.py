"""Whether two analyses say the same within what they claim, or one is the other's mirror."""

import numpy as np
import pytest

SIDED = (
    "lateral_lean",
    "shoulder_tilt",
    "pelvis_tilt",
    "arm_height_difference",
    "left_right_delay",
)


def check_same(got, expected, cues=None):
    assert got.view == expected.view
    said = [(c.measure, c.direction) for c in expected.cues] if cues is None else cues
    assert [(c.measure, c.direction) for c in got.cues] == said
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


def check_mirrored(mirrored, got):
    """Check that left and right are exchanged, signs turned, and nothing else is changed."""
    turned = {}
    for name, m in got.repetitions[0].measures.items():
        sign = -1.0 if name in SIDED else 1.0
        other = name.replace("left_", "RIGHT_").replace("right_", "left_").replace("RIGHT", "right")
        other = name if not name.startswith("joint_angle") else other
        deviation = None if m.deviation is None else sign * m.deviation
        turned[other] = m.model_copy(update={"deviation": deviation})
    there = got.repetitions[0].model_copy(update={"measures": turned})
    check_same(mirrored, got.model_copy(update={"repetitions": [there]}), cues=turn_cues(got.cues))
    other_way = {"left": "right", "right": "left"}
    parts = got.repetitions[0].carriage.parts
    for name, value in mirrored.repetitions[0].carriage.parts.items():
        side = name.split("_", 1)[0]
        assert value == pytest.approx(parts[name.replace(side, other_way.get(side, side))], abs=0.3)


def turn_cues(cues):
    """Return measure and direction of cues as a mirror has them."""
    other_way = {"left": "right", "right": "left"}
    return [(c.measure, other_way.get(c.direction, c.direction)) for c in cues]
