import time
from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, bow, heavens, perform
from posecoach.body import JOINT_ANGLES
from posecoach.follow.track import STEP_S, make_track
from posecoach.measure.judgement import FLOORS, get_floor
from posecoach.measure.spread import MOST, Tolerances, compute_tolerances, get_tolerances
from posecoach.reference.sequence import Sequence, take_of

STAND_S = 1.5
TEMPI = (1.0, 0.85, 1.2)


def bump(place, low, high):
    """Return 1 inside a stretch of the form, softly, and 0 outside and while standing."""
    u = np.nan_to_num(place, nan=-9.0)
    return 1 / (1 + np.exp(-(u - low) * 8)) - 1 / (1 + np.exp(-(u - high) * 8))


def take(form=heavens, tempo=1.0, figure=None, lean=0.0, tilt=0.0, where=(5.5, 8.0), **more):
    """Return one repetition that leans or tilts in one stretch of the form only."""
    _, place = perform(form, repetitions=1, stand_s=STAND_S, tempo=tempo, **more)
    here = bump(place, *where)
    motion, _ = perform(
        form, repetitions=1, stand_s=STAND_S, tempo=tempo, figure=figure,
        lean=lean * here, tilt=tilt * here, **more,
    )  # fmt: skip
    return take_of(motion)


def curve(tolerances, measure, low, high):
    """Return the tolerance over a stretch of the form; the first take stands at first."""
    return tolerances.at(measure, STAND_S + np.arange(low, high, STEP_S))


def noisy(seed):
    return Figure(noise=0.002, seed=seed)


def test_tolerance_is_wider_only_where_the_takes_differ():
    takes = tuple(
        take(tempo=t, lean=lean, figure=noisy(k))
        for k, (t, lean) in enumerate(zip(TEMPI, (0.0, 4.0, -4.0), strict=True))
    )
    got = compute_tolerances(takes)
    assert curve(got, "lateral_lean", 6.0, 7.5) == pytest.approx(8.0, abs=1.2)
    assert (curve(got, "lateral_lean", 0.0, 4.3) == FLOORS["lateral_lean"]).all()
    assert (curve(got, "lateral_lean", 9.2, 11.0) == FLOORS["lateral_lean"]).all()
    for measure in ("shoulder_tilt", "arm_height_difference", "evenness"):
        assert curve(got, measure, 0.0, 10.0).max() < 1.15 * FLOORS[measure], measure
    assert got.typical("lateral_lean") == FLOORS["lateral_lean"]


@pytest.mark.parametrize(
    ("measure", "change", "where"),
    [
        ("shoulder_tilt", {"tilt": 6.0}, (1.0, 3.5)),
        ("lateral_lean", {"lean": -5.0}, (1.0, 3.5)),
        ("lateral_lean", {"lean": 5.0}, (6.0, 8.5)),
    ],
)
def test_each_measure_by_itself(measure, change, where):
    got = compute_tolerances((take(), take(tempo=1.1, where=where, **change)))
    far = (6.5, 9.0) if where[0] < 5 else (0.5, 4.0)
    inside, outside = curve(got, measure, *where), curve(got, measure, *far)
    assert np.median(inside) > 1.6 * outside.max()
    assert (outside == FLOORS[measure]).all()


def test_a_phase_done_now_fast_now_slowly():
    wild = take(tempo=lambda p: 1.7 if 1.0 < p < 4.0 else 1.0)
    got = compute_tolerances((take(), wild))
    assert np.median(curve(got, "tempo_ratio", 1.5, 3.5)) > 0.6
    assert curve(got, "tempo_ratio", 6.5, 8.5).max() < 0.35


def test_takes_that_agree_leave_the_floors():
    for form in (heavens, bow):
        takes = tuple(take(form, tempo=t, figure=noisy(k)) for k, t in enumerate((1.0, 1.05, 0.96)))
        got = compute_tolerances(takes)
        for measure, values in got.curves.items():
            assert values.min() >= get_floor(measure)
            assert values.max() < 1.2 * get_floor(measure), (form, measure)


def test_all_measures_within_floor_and_most():
    got = compute_tolerances((take(), take(lean=25.0, tilt=25.0, amount=(1.0, 0.5), tempo=2.0)))
    joints = {f"joint_angle.{j}" for j in JOINT_ANGLES}
    assert joints < set(got.curves)
    for measure, values in got.curves.items():
        assert np.isfinite(values).all()
        assert (values >= get_floor(measure)).all()
        assert (values <= MOST * get_floor(measure) + 1e-9).all()
        assert values.shape == (len(make_track(take()).time_s),)
    assert curve(got, "lateral_lean", 6.0, 7.5) == pytest.approx(MOST * FLOORS["lateral_lean"])


def test_more_agreement_is_narrower():
    wide = compute_tolerances((take(), take(lean=5.0)))
    narrower = compute_tolerances((take(), take(lean=5.0), take(), take()))
    a, b = (np.median(curve(t, "lateral_lean", 6.0, 7.5)) for t in (wide, narrower))
    assert FLOORS["lateral_lean"] < b < 0.75 * a


def test_the_teacher_s_own_numbers_go_before_and_floors_before_both():
    takes = (take(), take(lean=5.0))
    got = compute_tolerances(takes, {"lateral_lean": 5.5, "shoulder_tilt": 1.0})
    assert (curve(got, "lateral_lean", 0, 9) == 5.5).all()
    assert got.typical("lateral_lean") == 5.5
    assert (curve(got, "shoulder_tilt", 0, 9) == FLOORS["shoulder_tilt"]).all()


def test_one_take_says_nothing_of_spread():
    got = compute_tolerances((take(),), {"evenness": 2.0})
    assert got.curves == {}
    for measure, floor in FLOORS.items():
        want = 2.0 if measure == "evenness" else floor
        assert got.typical(measure) == want
        assert got.at(measure, np.array([0.0, 99.0])).tolist() == [want, want]
    assert Tolerances().typical("joint_angle.left_knee") == FLOORS["joint_angle"]


def test_places_outside_the_form_have_the_nearest_tolerance():
    got = Tolerances({"lateral_lean": np.array([4.0, 5.0, 6.0])})
    assert got.at("lateral_lean", np.array([-1.0, 0.5 * STEP_S, 9.0])).tolist() == [4.0, 4.5, 6.0]
    assert float(got.at("lateral_lean", np.float64(0.0))) == 4.0


def test_joints_hidden_in_one_take():
    first, second = take(), take()
    image = second.motion.image.copy()
    image[:, 25:] = np.nan
    hidden = replace(second, motion=replace(second.motion, image=image))
    got = compute_tolerances((first, hidden))
    for measure, values in got.curves.items():
        assert np.isfinite(values).all(), measure


def test_it_is_computed_once_for_a_sequence_and_anew_for_another():
    sequence = Sequence("x", (take(), take(lean=5.0)))
    got = get_tolerances(sequence)
    assert get_tolerances(sequence) is got
    other = get_tolerances(replace(sequence, tolerances={"lateral_lean": 6.0}))
    assert other is not got
    assert other.typical("lateral_lean") == 6.0


def test_three_long_takes_take_no_time():
    takes = [
        take_of(perform(repetitions=8, tempo=t, stand_s=STAND_S, between_s=0.3)[0]) for t in TEMPI
    ]
    assert takes[0].motion.duration_s > 80
    compute_tolerances((take(), take()))
    spent = []
    for _ in range(3):
        start = time.process_time()
        compute_tolerances(tuple(takes))
        spent.append(time.process_time() - start)
    assert min(spent) < 0.5  # 0.2 s where nothing else runs
