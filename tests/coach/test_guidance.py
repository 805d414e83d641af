import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.faults import find_faults
from posecoach.coach.guidance import Comfort, Guidance, Stage
from posecoach.errors import UsageError
from posecoach.measure.judgement import FLOORS, Judgement, get_unit

MEASURES = [m for m in FLOORS if m != "joint_angle"] + ["joint_angle.left_knee"]


def read(measure, value, reference=0.0, tolerance=5.0, error=0.5, worst=None):
    off = value - reference
    return Judgement(value, reference, off, worst, error, tolerance, get_unit(measure), True, None)


@given(st.sampled_from(MEASURES), st.floats(0.01, 500), st.floats(0.5, 2.0), st.booleans())
def test_however_strict_floor_and_uncertainty_hold(measure, tolerance, strictness, gentle):
    guidance = Guidance(strictness=strictness, gentle=gentle)
    floor = FLOORS[measure.split(".")[0]]
    fitted = guidance.scale_tolerance(measure, tolerance)
    assert fitted >= min(tolerance, floor)
    if strictness >= 1:
        assert fitted >= tolerance
    before = read(measure, tolerance, tolerance=tolerance)
    after = guidance.fit({measure: before})[measure]
    assert after.tolerance == pytest.approx(fitted)
    assert (after.value, after.uncertainty) == (before.value, before.uncertainty)


def test_the_teachers_own_measure_changes_nothing():
    readings = {"lateral_lean": read("lateral_lean", 6.0)}
    assert Guidance().fit(readings) == readings


def test_strictness_decides_what_deserves_a_cue():
    readings = {"lateral_lean": read("lateral_lean", 7.5, tolerance=6.0)}
    assert "lateral_lean" in find_faults(Guidance().fit(readings))
    assert find_faults(Guidance(strictness=2.0).fit(readings)) == {}
    assert find_faults(Guidance(gentle=True).fit(readings)) == {}
    five = {"lateral_lean": read("lateral_lean", 5.5, tolerance=6.0)}
    assert find_faults(Guidance().fit(five)) == {}
    assert "lateral_lean" in find_faults(Guidance(strictness=0.5).fit(five))


@pytest.mark.parametrize(
    ("ratio", "said"), [(0.55, False), (0.45, True), (1.4, True), (1.0, False)]
)
def test_nothing_is_said_of_a_tempo_one_is_comfortable_with(ratio, said):
    comfort = Comfort(tempo=(0.5, 1.1))
    readings = {"tempo_ratio": read("tempo_ratio", ratio, 1.0, 0.25, 0.02)}
    assert bool(find_faults(readings, comfort)) == said
    assert bool(find_faults(readings)) == (ratio != 1.0)


@pytest.mark.parametrize(
    ("measure", "value", "reference", "said", "wished"),
    [
        ("joint_angle.left_knee", 150.0, 120.0, False, False),  # half as deep
        ("joint_angle.left_knee", 175.0, 120.0, False, True),  # hardly at all
        ("joint_angle.left_knee", 90.0, 120.0, True, True),  # deeper than the teacher
        ("joint_angle.right_shoulder", 60.0, 90.0, False, False),
        ("joint_angle.right_shoulder", 20.0, 90.0, False, True),
        ("joint_angle.right_shoulder", 120.0, 90.0, True, True),
        ("joint_angle.right_elbow", 150.0, 120.0, True, True),  # shape, not amplitude
    ],
)
def test_a_smaller_amplitude_is_left_in_peace(measure, value, reference, said, wished):
    readings = {measure: read(measure, value, reference, 15.0)}
    assert bool(find_faults(readings, Comfort())) == said
    assert bool(find_faults(readings, Comfort(amplitude=(0.5, 1.0)))) == wished


def test_who_wishes_to_move_largely_is_told_though_the_range_explains_it():
    knee = "joint_angle.left_knee"
    readings = {knee: Judgement(165.0, 120.0, 2.0, None, 3.0, 15.0, "deg", True, None)}
    assert find_faults(readings, Comfort()) == {}
    assert find_faults(readings, Comfort(amplitude=(0.8, 1.0))) == {knee: 45.0}
    assert find_faults(readings, Guidance(gentle=True).own_comfort) == {}


def test_gentle_practice_is_smaller_and_slower():
    gentle = Guidance(gentle=True).own_comfort
    assert gentle.holds("joint_angle.left_knee", 178.0, 120.0)
    assert gentle.holds("tempo_ratio", 0.5, 1.0)
    assert not gentle.holds("tempo_ratio", 1.3, 1.0)
    assert not gentle.holds("lateral_lean", 0.0, 0.0)


def test_stages_by_name():
    assert Guidance(stage="half").stage is Stage.HALF
    speaking = [s for s in Stage if Guidance(stage=s).speaks]
    assert speaking == [Stage.FULL, Stage.HALF, Stage.END_OF_PHASE]
    assert not Guidance(stage=Stage.NONE).shows_deviation


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Guidance(stage="often"),
        lambda: Guidance(strictness=3.1),
        lambda: Guidance(strictness=float("nan")),
        lambda: Comfort(tempo=(1.2, 1.5)),
        lambda: Comfort(amplitude=(0.5, 0.9)),
        lambda: Comfort(tempo=(float("nan"), 1.0)),
    ],
)
def test_wrong_use_is_refused(wrong):
    with pytest.raises(UsageError, match="Expected"):
        wrong()
