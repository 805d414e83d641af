from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.coach.cues import (
    GAP_S,
    HOLD_S,
    KEEP_S,
    PRIORITY,
    REPEAT_S,
    SHOW_S,
    CueChooser,
    name_direction,
)
from posecoach.coach.faults import find_faults
from posecoach.measure.judgement import FLOORS, Judgement, get_floor, get_unit
from posecoach.measure.repetition import Repetition

STEP = 1 / 30


def read(measure, deviation, worst=None, judged=True, uncertainty=0.5):
    tolerance = get_floor(measure)
    return Judgement(
        deviation, 0.0, deviation, worst, uncertainty, tolerance, get_unit(measure), judged, None
    )


def repetition(*readings, **where):
    measures = {m: read(m, *rest) for m, *rest in readings}
    return Repetition(0.0, 10.0, measures, where, None, None)


def make():
    return CueChooser(lambda measure, direction, variant, phase: f"{measure} {direction} {variant}")


def run(chooser, start, end, readings, phase="raise"):
    """Feed live readings, deviation by measure, and return the cues given."""
    cues = []
    n = round((end - start) / STEP)
    for k in range(n):
        t = start + k * STEP
        values = readings(t) if callable(readings) else readings
        chooser.watch(t, {m: read(m, d) for m, d in values.items()}, phase)
        cue = chooser.speak(t)
        if cue:
            cues.append(cue)
    return cues


@pytest.mark.parametrize(
    ("measure", "positive", "negative"),
    [
        ("lateral_lean", "left", "right"),
        ("left_right_delay", "left", "right"),
        ("tempo_ratio", "fast", "slow"),
        ("forward_lean", "forward", "back"),
        ("joint_angle.left_knee", "more", "less"),
        ("carriage.head", "away", "away"),
    ],
)
def test_directions_are_the_deviations_own(measure, positive, negative):
    assert name_direction(measure, 1.0) == positive
    assert name_direction(measure, -1.0) == negative


def test_every_measure_has_a_rank():
    assert set(PRIORITY) == set(FLOORS)


@pytest.mark.parametrize("deviation", [9.0, -9.0])
def test_a_deviation_that_is_held_is_cued_once(deviation):
    (cue,) = run(make(), 0, 12, {"lateral_lean": deviation})
    assert cue.time_s == pytest.approx(HOLD_S, abs=2 * STEP)
    assert (cue.measure, cue.phase) == ("lateral_lean", "raise")
    assert cue.direction == ("left" if deviation > 0 else "right")
    assert cue.deviation == deviation
    assert cue.text == f"lateral_lean {cue.direction} 0"
    assert (cue.tolerance, cue.uncertainty) == (FLOORS["lateral_lean"], 0.5)


def test_inside_tolerance_and_uncertainty_is_left_alone():
    assert run(make(), 0, 20, {"lateral_lean": 4.75}) == []
    assert len(run(make(), 0, 20, {"lateral_lean": 4.85})) == 1


def test_it_is_sure_on_average_and_beyond_the_tolerance_all_the_time():
    """Tolerance 4, error 0.5: beyond 4.8 on average over the time that it is held."""
    (cue,) = run(make(), 0, 3, lambda t: {"lateral_lean": 4.2 if t % 0.4 < 0.15 else 5.8})
    assert cue.time_s + STEP > HOLD_S
    assert 4.8 < cue.deviation < 5.8
    assert run(make(), 0, 3, lambda t: {"lateral_lean": 3.9 if t % 0.7 < 0.1 else 9.0}) == []


def test_a_moment_is_left_alone():
    assert run(make(), 0, 10, lambda t: {"lateral_lean": 9.0 if t % 2 < 0.7 else 0.0}) == []


def test_two_moments_with_nothing_seen_between_are_not_one():
    """Readings that stop (a body out of sight, a pause) do not count as held."""
    chooser = make()
    assert run(chooser, 0, 0.5, {"lateral_lean": 9.0}) == []
    assert run(chooser, 0.5, 5.0, {}) == []
    assert run(chooser, 5.0, 5.5, {"lateral_lean": 9.0}) == []
    assert len(run(chooser, 5.5, 6.5, {"lateral_lean": 9.0})) == 1


def test_a_few_lost_frames_do_not_begin_the_hold_anew():
    chooser = make()
    run(chooser, 0, 0.5, {"lateral_lean": 9.0})
    run(chooser, 0.5, 0.7, {})
    assert len(run(chooser, 0.7, 1.0, {"lateral_lean": 9.0})) == 1


def test_each_side_is_held_for_itself():
    assert run(make(), 0, 10, lambda t: {"lateral_lean": 9.0 if t % 1 < 0.5 else -9.0}) == []


def test_unjudged_readings_are_no_cue():
    chooser = make()
    for k in range(100):
        chooser.watch(k * STEP, {"lateral_lean": read("lateral_lean", 20.0, judged=False)}, None)
        assert chooser.speak(k * STEP) is None


def test_one_at_a_time_the_trunk_first_and_time_between():
    readings = {"pelvis_tilt": -12.0, "shoulder_tilt": -12.0, "lateral_lean": 12.0}
    cues = run(make(), 0, 30, readings)
    assert [c.measure for c in cues] == ["lateral_lean", "shoulder_tilt"]
    assert cues[1].time_s - cues[0].time_s == pytest.approx(GAP_S, abs=2 * STEP)
    # The third has waited for longer than it stays true.
    assert cues[0].time_s + 2 * GAP_S > KEEP_S


def test_coming_back_is_praised_once_and_takes_the_wish_back():
    chooser = make()
    run(chooser, 0, 3, {"lateral_lean": 9.0})
    assert chooser.praise_until_s < 0
    run(chooser, 3, 4, {"lateral_lean": 3.5})
    assert chooser.praise_until_s < 0
    run(chooser, 4, 5, {"lateral_lean": 1.0})
    first = chooser.praise_until_s
    assert first == pytest.approx(6.0, abs=3 * STEP)
    run(chooser, 5, 9, {"lateral_lean": 1.0})
    assert chooser.praise_until_s == first


def test_what_was_never_said_is_not_praised():
    chooser = make()
    run(chooser, 0, 1, {"lateral_lean": 9.0})
    run(chooser, 1, 3, {"lateral_lean": 9.0, "shoulder_tilt": 12.0})
    assert run(chooser, 3, 12, {"lateral_lean": 9.0, "shoulder_tilt": 0.0}) == []
    assert chooser.praise_until_s < 0


def test_the_same_again_comes_later_and_in_other_words():
    chooser = make()
    cues = run(chooser, 0, 60, lambda t: {"lateral_lean": 9.0 if t % 5 < 3 else 0.0})
    assert len(cues) > 2
    for a, b in pairwise(cues):
        assert b.time_s - a.time_s >= REPEAT_S
    assert [c.text[-1] for c in cues] == [str(k) for k in range(len(cues))]


def test_a_cue_is_on_show_for_a_while():
    chooser = make()
    (cue,) = run(chooser, 0, 2, {"lateral_lean": 9.0})
    assert chooser.current is cue
    run(chooser, 2, HOLD_S + SHOW_S - 0.1, {"lateral_lean": 9.0})
    assert chooser.current is cue
    run(chooser, HOLD_S + SHOW_S - 0.1, HOLD_S + SHOW_S + 0.2, {"lateral_lean": 9.0})
    assert chooser.current is None


def test_a_repetition_is_reviewed_with_the_phase_of_its_worst_place():
    chooser = make()
    over = repetition(
        ("left_right_delay", 400.0),
        ("arm_height_difference", 5.0, -30.0),
        arm_height_difference=3.0,
    )
    chooser.review(10.0, over, lambda place: f"at {place}")
    first = chooser.speak(10.0)
    assert (first.measure, first.direction, first.phase) == ("left_right_delay", "left", None)
    assert chooser.speak(12.0) is None
    second = chooser.speak(16.1)
    assert (second.measure, second.direction, second.deviation) == (
        "arm_height_difference",
        "right",
        -30,
    )
    assert second.phase == "at 3.0"


@pytest.mark.parametrize(("late", "low"), [(400.0, -16.0), (200.0, -27.0)])
def test_an_arm_late_and_low_is_told_to_be_late_first_and_then_low(late, low):
    chooser = make()
    chooser.review(
        10.0,
        repetition(("left_right_delay", late), ("arm_height_difference", low)),
        lambda place: None,
    )
    said = [c for c in (chooser.speak(10.0 + k * STEP) for k in range(300)) if c]
    assert [c.measure for c in said] == ["left_right_delay", "arm_height_difference"]
    assert said[1].time_s - said[0].time_s == pytest.approx(GAP_S, abs=2 * STEP)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("lean", [3.0, 4.5, 8.0])
def test_shoulders_that_tilt_with_the_trunk_are_no_second_fault(lean, sign):
    """Also where the lean itself is left alone: a trunk that bends turns its upper end by more."""
    tilting = ("shoulder_tilt", sign * (1.7 * lean + 3.0))
    assert "shoulder_tilt" not in find_faults(repetition(("lateral_lean", sign * lean), tilting))
    said = run(make(), 0, 12, {"lateral_lean": sign * lean, "shoulder_tilt": tilting[1]})
    assert "shoulder_tilt" not in {c.measure for c in said}
    other_way = repetition(("lateral_lean", -sign * lean), ("shoulder_tilt", sign * 8.0))
    assert "shoulder_tilt" in find_faults(other_way)


def test_a_wish_grows_old():
    chooser = make()
    chooser.review(10.0, repetition(("left_right_delay", 400.0)), lambda place: None)
    assert chooser.speak(10.0 + KEEP_S + 0.1) is None


def test_faults_by_median_and_by_the_worst():
    assert find_faults(repetition(("lateral_lean", -9.0, -12.0))) == {"lateral_lean": -9.0}
    assert find_faults(repetition(("lateral_lean", 1.0, -12.0))) == {"lateral_lean": -12.0}
    assert find_faults(repetition(("lateral_lean", 1.0, 4.5))) == {}
    assert find_faults(repetition(("left_right_delay", 1.0, 900.0))) == {}
    assert find_faults(repetition(("tempo_ratio", 0.1, 0.9))) == {"tempo_ratio": 0.9}
    assert find_faults(repetition(("tempo_ratio", 0.1, 0.4))) == {}
    assert find_faults(repetition(("lateral_lean", 30.0, 30.0, False))) == {}


def test_more_even_than_the_teacher_is_no_fault():
    assert find_faults(repetition(("evenness", 5.0))) == {}
    assert find_faults(repetition(("evenness", -5.0))) == {"evenness": -5.0}


def test_one_fault_is_not_counted_twice():
    over = repetition(
        ("arm_height_difference", 30.0),
        ("shoulder_tilt", 12.0),
        ("joint_angle.left_elbow", 40.0),
        ("pelvis_tilt", 12.0),
    )
    assert set(find_faults(over)) == {"arm_height_difference", "pelvis_tilt"}
    hasty = repetition(("tempo_ratio", 1.5), ("evenness", -5.0))
    assert set(find_faults(hasty)) == {"tempo_ratio"}


@pytest.mark.parametrize("sign", [1, -1])
def test_what_a_lean_brings_with_it_is_the_leans(sign):
    leaning = [("lateral_lean", sign * 9.0), ("pelvis_tilt", sign * 9.0)]
    for arms in (25.0, -25.0):
        over = repetition(*leaning, ("arm_height_difference", arms))
        assert find_faults(over) == {"lateral_lean": sign * 9.0}
    assert set(find_faults(repetition(("lateral_lean", 1.0), *leaning[1:]))) == {"pelvis_tilt"}
    other_way = repetition(leaning[0], ("pelvis_tilt", -sign * 9.0))
    assert set(find_faults(other_way)) == {"lateral_lean", "pelvis_tilt"}
    cues = run(make(), 0, 12, dict(leaning))
    assert [c.measure for c in cues] == ["lateral_lean"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["lateral_lean", "shoulder_tilt", "pelvis_tilt"]),
            st.floats(-20, 20),
            st.floats(0.1, 4.0),
        ),
        max_size=25,
    )
)
@settings(deadline=None, max_examples=40)
def test_whatever_happens_cues_are_apart_and_beyond(stretches):
    chooser, t, cues = make(), 0.0, []
    for measure, deviation, seconds in stretches:
        cues += run(chooser, t, t + seconds, {measure: deviation})
        t += seconds
    for cue in cues:
        assert abs(cue.deviation) > cue.tolerance + cue.uncertainty
        assert (cue.deviation > 0) == (cue.direction == "left")
    for a, b in pairwise(cues):
        assert b.time_s - a.time_s >= GAP_S
