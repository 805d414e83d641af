from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, make_motion
from follow_tracks import teach
from posecoach.coach.faults import find_faults
from posecoach.follow.delay import SideDelay
from posecoach.follow.leaps import Leap
from posecoach.measure.arms import compare_peaks
from posecoach.measure.course import find_held
from posecoach.measure.heights import Heights
from posecoach.measure.judgement import FLOORS
from posecoach.measure.repetition import Performance, measure_repetition
from posecoach.measure.spread import Tolerances
from posecoach.posture.calibration import calibrate
from posecoach.posture.signals import compute_signals
from posecoach.reference.marks import NO_MARKS, Marks
from posecoach.reference.sequence import Phase

TRACKS = {heavens: teach(heavens), bow: teach(bow)}
JOINTS = ("left_elbow", "right_elbow", "left_knee")


def perform_at(form=heavens, *, fps=30.0, tempo=1.0, late=0.0, amplitude=1.0, **more):
    """Return a repetition at its true places."""
    time = np.arange(0, 10 / tempo, 1 / fps)
    place = time * tempo
    motion = make_motion(time, form(np.clip(place - late * tempo, 0, 10), place, **more), Figure())
    zero = np.zeros(30)
    stand = make_motion(np.arange(30), heavens(zero, zero), Figure())
    calibration = calibrate(stand.plane(), stand.world, 1.0)
    signals = compute_signals(motion.plane(), motion.world, calibration)
    good = np.ones(len(time), dtype=bool)
    delay = SideDelay(late, 0.01)
    return Performance(
        time,
        place,
        motion.plane(),
        signals,
        good,
        amplitude,
        480.0,
        delay,
        calibration=calibration,
    )


def measures(p, form=heavens, view="front", tolerances=None, joints=JOINTS, marks=NO_MARKS):
    allowed = Tolerances({}, tolerances or {}, marks)
    return measure_repetition(p, TRACKS[form], joints, allowed, view, marks)


@pytest.mark.parametrize("form", [heavens, bow])
def test_the_same_again_deviates_nowhere(form):
    got = measures(perform_at(form), form).measures
    for name, j in got.items():
        if j.judged:
            assert abs(j.deviation) < 0.2 * j.tolerance, name
            assert j.excess() < 0
    assert got["lateral_lean"].judged
    assert got["left_right_delay"].judged
    assert got["tempo_ratio"].judged
    assert got["forward_lean"].reason == "front_view"


def test_two_ways_of_finding_a_delay_that_differ_are_less_sure():
    p = perform_at(late=0.2)
    agreed = measures(p).measures["left_right_delay"]
    assert agreed.value == pytest.approx(200.0, abs=10.0)
    # As sure of itself as before, but not what the arms' heights say.
    apart = measures(replace(p, delay=SideDelay(0.32, 0.01))).measures["left_right_delay"]
    assert agreed.value < apart.value < 320.0
    assert apart.uncertainty > agreed.uncertainty + 5.0


def test_a_delay_that_is_unsure_of_itself_counts_less():
    p = perform_at(late=0.2)
    sure, unsure = (
        measures(replace(p, delay=SideDelay(0.26, error))).measures["left_right_delay"].value
        for error in (0.005, 0.1)
    )
    assert abs(unsure - 200.0) < abs(sure - 200.0)
    assert unsure == pytest.approx(200.0, abs=10.0)


@given(lean=st.floats(-15, 15), tilt=st.floats(-12, 12), tempo=st.floats(0.6, 1.6))
@settings(deadline=None, max_examples=10)
def test_lean_and_tilt_with_their_sign(lean, tilt, tempo):
    got = measures(perform_at(lean=lean, tilt=tilt, tempo=tempo)).measures
    assert got["lateral_lean"].deviation == pytest.approx(lean, abs=0.3)
    assert got["shoulder_tilt"].deviation == pytest.approx(tilt, abs=0.3)
    assert got["pelvis_tilt"].deviation == pytest.approx(0, abs=0.1)
    assert got["lateral_lean"].worst == pytest.approx(lean, abs=0.3)
    assert got["tempo_ratio"].value == pytest.approx(tempo, rel=0.02)


@given(late=st.floats(-0.4, 0.4))
@settings(deadline=None, max_examples=10)
def test_a_late_arm_is_late_not_low(late):
    got = measures(perform_at(late=late)).measures
    assert got["left_right_delay"].value == pytest.approx(1000 * late, abs=25)
    assert abs(got["arm_height_difference"].deviation) < 3
    assert not got["arm_height_difference"].excess(got["arm_height_difference"].worst) > 0


@pytest.mark.parametrize("amount", [0.7, 0.85])
def test_a_smaller_amplitude_is_no_fault(amount):
    p = perform_at(amount=(amount, amount), amplitude=amount)
    got = measures(p).measures
    for name in ("arm_height_difference", "left_right_delay", "tempo_ratio", "evenness"):
        assert got[name].excess() < 0, name
    assert abs(got["left_right_delay"].value) < 25


@pytest.mark.parametrize("amount", [0.7, 0.85])
def test_a_smaller_amplitude_is_no_fault_where_the_sides_differ(amount):
    def smaller(left, right, **more):
        moves = bow(left, right, **more)
        return replace(moves, elevation=8 + amount * (moves.elevation - 8))

    j = measures(perform_at(smaller, amplitude=amount), bow).measures["arm_height_difference"]
    assert abs(j.worst) < 2.5
    assert j.excess(j.worst) < 0


@pytest.mark.parametrize(("left", "right", "sign"), [(1.0, 0.7, 1), (0.7, 1.0, -1)])
def test_one_low_arm_is_named_by_its_side(left, right, sign):
    j = measures(perform_at(amount=(left, right), amplitude=0.85)).measures["arm_height_difference"]
    assert j.worst * sign > 30
    assert j.deviation * sign > 5


@pytest.mark.parametrize("low", [0, 1])
def test_sides_that_take_turns_are_compared_with_each_other(low):
    """One arm comes up after the other; the one that stays low is told, smaller ones are not."""
    time = np.linspace(0.0, 10.0, 301)
    turns = np.stack([np.sin(np.pi * np.clip(time / 5 - k, 0, 1)) ** 2 for k in (0, 1)], axis=1)
    reference = 10 + 150 * turns
    track = SimpleNamespace(time_s=time)

    def compare(factors):
        own = 10 + 150 * turns * np.array(factors)
        p = SimpleNamespace(good=np.ones(301, bool), places_s=time)
        return compare_peaks(Heights(own, reference, reference, time, 1.0), p, track)

    apart, place, error = compare([0.75, 1.0] if low == 0 else [1.0, 0.75])
    assert apart == pytest.approx(-37 if low == 0 else 37, abs=4)
    assert place == pytest.approx(2.5 if low == 0 else 7.5, abs=0.1)
    assert error == pytest.approx(place, abs=0.1)
    assert compare([0.8, 0.8])[0] == pytest.approx(0.0, abs=0.5)
    reference = reference * np.array([1.0, 0.3])
    assert compare([1.0, 0.3]) is None  # a one-sided form is not accused


def test_from_the_side_nothing_of_the_front_is_judged():
    got = measures(perform_at(lean=9.0), view="side").measures
    for name in ("lateral_lean", "shoulder_tilt", "left_right_delay", "joint_angle.left_elbow"):
        assert (got[name].judged, got[name].reason) == (False, "side_view")
    assert got["tempo_ratio"].judged


def test_hidden_frames_are_not_judged():
    p = perform_at(lean=9.0)
    hidden = replace(p, good=p.time_s < 1.5)
    got = measures(hidden).measures
    assert got["lateral_lean"].reason == "hidden"
    assert not got["evenness"].judged
    half = measures(replace(p, good=p.time_s < 6)).measures["lateral_lean"]
    assert half.deviation == pytest.approx(9.0, abs=0.3)


def test_tolerances_of_the_teacher_never_below_the_floor():
    got = measures(
        perform_at(), tolerances={"lateral_lean": 1.0, "joint_angle.left_knee": 30.0}
    ).measures
    assert got["lateral_lean"].tolerance == FLOORS["lateral_lean"]
    assert got["joint_angle.left_knee"].tolerance == 30.0
    assert got["joint_angle.left_elbow"].tolerance == FLOORS["joint_angle"]


def test_joints_without_points_are_unseen_without_a_warning():
    p = perform_at()
    plane = p.plane.copy()
    plane[:, 13:15] = np.nan
    p.signals.joints[:] = np.nan
    got = measures(replace(p, plane=plane)).measures
    assert not got["joint_angle.left_elbow"].judged
    assert not got["joint_angle.left_knee"].judged


@pytest.mark.parametrize("hz", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("noise", [0.0, 0.004])
def test_stop_and_go_is_uneven_and_a_tracker_s_jitter_is_not(hz, noise):
    time = np.arange(0, 10, 1 / 30)
    zero = np.zeros(30)
    stand = make_motion(np.arange(30), heavens(zero, zero))
    c = calibrate(stand.plane(), stand.world, 1.0)

    def judge(share):
        place = time - share * np.sin(2 * np.pi * hz * time) / (2 * np.pi * hz)
        motion = make_motion(time, heavens(place, place), Figure(noise=noise))
        p = replace(perform_at(), signals=compute_signals(motion.plane(), motion.world, c))
        return measures(p).measures

    even, little, stopping = (judge(share) for share in (0.0, 0.15, 1.0))
    assert abs(even["evenness"].deviation) < 2 * even["evenness"].uncertainty
    assert stopping["evenness"].deviation < little["evenness"].deviation
    assert [("evenness" in find_faults(m)) for m in (even, little, stopping)] == [0, 0, 1]


def test_the_worst_place_is_told():
    time = np.arange(0, 10, 1 / 30)
    lean = 10 * np.exp(-0.5 * ((time - 7) / 0.6) ** 2)
    got = measures(perform_at(lean=lean))
    assert got.worst_place_s["lateral_lean"] == pytest.approx(7.0, abs=0.15)
    assert 5 < got.measures["lateral_lean"].worst < 10
    assert abs(got.measures["lateral_lean"].deviation) < 1
    np.testing.assert_array_equal(got.path[0], time)


TIME = np.arange(0, 6, 1 / 30)
GOOD = np.ones(len(TIME), dtype=bool)


@given(value=st.floats(-20, 20), start=st.floats(0.5, 4), length=st.floats(0.7, 1.5))
@settings(deadline=None, max_examples=30)
def test_what_is_held_counts(value, start, length):
    d = np.where((start <= TIME) & (start + length > TIME), value, 0.0)
    got = find_held(TIME, d, GOOD)
    assert got is not None
    assert got[0] == pytest.approx(value, abs=1e-6)
    if abs(value) > 0.1:
        assert start <= TIME[got[1]] <= start + length


def test_what_passes_or_changes_sides_is_not_held():
    spike = np.where(np.abs(TIME - 3) < 0.15, 30.0, 0.0)
    assert find_held(TIME, spike, GOOD)[0] == 0.0
    shaking = 30.0 * np.sign(np.sin(2 * np.pi * 4 * TIME))
    assert find_held(TIME, shaking, GOOD)[0] == 0.0
    assert find_held(TIME, spike, ~GOOD) is None


def test_frames_on_both_sides_of_a_gap_are_not_held():
    good = (TIME < 1.0) | (TIME > 5.0)
    d = np.where((TIME > 0.8) & (TIME < 5.2), 20.0, 0.0)
    assert abs(find_held(TIME, d, good)[0]) < 1e-9


def test_a_joint_is_judged_in_the_phases_it_matters_in():
    marks = Marks((Phase("up", 0.0, 4.0, joints=("left_knee",)), Phase("down", 4.0, 10.0)), ())
    got = measures(perform_at(), joints=("left_knee", "right_knee"), marks=marks).measures
    assert got["joint_angle.left_knee"].judged
    assert not got["joint_angle.right_knee"].judged  # in no phase


def test_sides_are_not_compared_where_the_teacher_says_so():
    low = perform_at(amount=(1.0, 0.6))
    half = Marks((Phase("up", 0.0, 8.0, symmetry="one-sided"), Phase("down", 8.0, 10.0)))
    assert measures(low).measures["arm_height_difference"].judged
    none = measures(low, marks=Marks(one_sided=True)).measures
    assert none["arm_height_difference"].reason == none["left_right_delay"].reason == "one_sided"
    some = measures(low, marks=half)
    assert some.measures["left_right_delay"].reason == "one_sided"
    assert some.measures["arm_height_difference"].judged
    assert some.worst_place_s["arm_height_difference"] >= 8.0


def test_a_phase_may_be_judged_more_mildly_than_the_form():
    marks = Marks((Phase("up", 0.0, 6.0, tolerances={"lateral_lean": 12.0}),))
    time = perform_at().places_s
    lean = 9.0 * ((time > 2) & (time < 5))
    strict = measures(perform_at(lean=lean)).measures["lateral_lean"]
    mild = measures(perform_at(lean=lean), marks=marks).measures["lateral_lean"]
    assert strict.excess_of_worst() > 0 > mild.excess_of_worst()
    least = Tolerances({}, {}, Marks((Phase("up", 0.0, 6.0, tolerances={"lateral_lean": 0.1}),)))
    assert least.at("lateral_lean", np.array([1.0, 7.0])).tolist() == [4.0, 4.0]


def test_no_pause_is_claimed_where_the_place_was_not_known():
    p = perform_at()
    held = np.concatenate([np.arange(75), np.full(120, 75), np.arange(75, 300)])
    time = np.arange(len(held)) / 30
    signals = type(p.signals)(**{k: v[held] for k, v in vars(p.signals).items()})
    p = replace(
        p,
        time_s=time,
        places_s=p.places_s[held],
        plane=p.plane[held],
        signals=signals,
        good=p.good[held],
    )
    known = (time < 2.5) | (time > 6.5)
    seen = measures(replace(p, known=np.ones(len(time), dtype=bool))).measures["tempo_ratio"]
    blind = measures(replace(p, known=known)).measures["tempo_ratio"]
    assert seen.worst < -0.8
    assert abs(blind.worst) < 0.05
    assert blind.value == pytest.approx(1.0, abs=0.02)


def hurry(fast=2.8, first=2.5, last=5.3):
    """Return a repetition at its true places, a part of it so many times as fast; and that part."""
    p = perform_at()
    course = np.concatenate([[0.0], np.cumsum(1 / np.where(_within(p, first, last), fast, 1.0))])
    time = np.arange(0.0, course[-1] / 30, 1 / 30)
    at = np.clip(np.round(np.interp(30 * time, course, np.arange(len(course)))), 0, 299).astype(int)
    signals = type(p.signals)(**{k: v[at] for k, v in vars(p.signals).items()})
    p = replace(
        p,
        time_s=time,
        places_s=np.interp(30 * time, course, np.arange(len(course))) / 30,
        plane=p.plane[at],
        signals=signals,
        good=p.good[at],
    )
    return p, _within(p, first, last)


def _within(p, first, last):
    return (p.places_s >= first) & (p.places_s < last)


def test_haste_too_fast_to_be_followed_is_told_if_one_knew_before_and_after():
    p, fast = hurry()
    told = measures(replace(p, known=~fast)).measures["tempo_ratio"]
    assert told.worst == pytest.approx(1.8, abs=0.3)
    assert told.value == pytest.approx(1.0, abs=0.05)
    late = p.places_s > 4.0  # nothing is known again for long
    leapt = replace(p, known=~fast, leaps=(Leap(float(p.time_s[100]), 2.5, 5.0),))
    for unsure in (replace(p, known=~fast & ~late), leapt):
        assert abs(measures(unsure).measures["tempo_ratio"].worst or 0.0) < 0.1


def test_haste_is_as_fast_as_it_was_for_half_a_second():
    """Where it begins and ends the path is smooth, and the mean of it is too slow."""
    p, _ = hurry(2.0, 2.0, 6.0)
    told = measures(p).measures["tempo_ratio"]
    assert told.worst == pytest.approx(1.0, abs=0.1)


def test_peaks_are_not_compared_where_one_may_not_have_been_seen():
    p = perform_at(amount=(0.7, 1.0))
    own, reference = p.signals.elevation, TRACKS[heavens].signals.elevation
    none = np.zeros(len(own))
    assert compare_peaks(Heights(own, own, reference, none, 0.0), p, TRACKS[heavens]) is not None
    keep = (p.places_s < 2.5) | (p.places_s > 6.0)
    part = replace(p, places_s=p.places_s[keep], good=p.good[keep])
    seen = Heights(own[keep], own[keep], reference, none[keep], 0.0)
    assert compare_peaks(seen, part, TRACKS[heavens]) is None
