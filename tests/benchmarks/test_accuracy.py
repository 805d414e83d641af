"""The accuracy benchmark in short: two samples through the real model, against their truth."""

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("heavens-left-late-ben", "separating-clean-cleo")
STEP = 2  # as the other tests watch them, so that the model runs once


@pytest.fixture(scope="module")
def results(watcher):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
        from accuracy import make_sample
        from accuracy_table import make_report
        from accuracy_truth import compare

        videos = {name: ROOT / "samples" / f"{name}.mp4" for name in NAMES}
        for video in videos.values():
            watcher.start(video, STEP)
        found = [
            compare(make_sample(name, watcher.watch(video, STEP)), "full")
            for name, video in videos.items()
        ]
        return found, make_report(found)


def errors(found, measure):
    rows = [x for r in found for x in r["rows"] if x["measure"].split(".")[0] == measure]
    assert rows
    return np.abs([x["error"] for x in rows if x["error"] is not None])


@pytest.mark.parametrize(
    ("measure", "reach"),
    [
        ("lateral_lean", 1.5),
        ("shoulder_tilt", 2.5),
        ("left_right_delay", 40.0),
        ("arm_height_difference", 4.0),
        ("tempo_ratio", 0.03),
        ("evenness", 0.6),
        ("symmetry_index", 0.1),
        ("sway", 1.0),
        ("joint_angle", 12.0),
    ],
)
def test_near_the_truth(results, measure, reach):
    found = errors(results[0], measure)
    assert len(found) == (16 if measure == "joint_angle" else 4)
    assert (found <= reach).all(), found


def test_the_truth_is_of_what_was_planted(results):
    """The sides of the late one are unlike, the clean one's not; nobody sways."""
    late, clean = (
        {x["measure"]: x["true"] for x in r["rows"] if np.isfinite(x["true"])} for r in results[0]
    )
    assert late["symmetry_index"] < clean["symmetry_index"] - 0.01
    assert clean["symmetry_index"] > 0.98
    assert max(late["sway"], clean["sway"]) < 0.4


def test_a_late_arm_makes_the_trunk_early_by_half(results):
    from accuracy_points import find_trunk_delay
    from drawn_people import perform

    spec = results[0][0]["spec"]
    (late_ms,) = spec["faults"].values()
    as_planted, without = (find_trunk_delay(perform(s)) for s in (spec, spec | {"faults": {}}))
    assert np.subtract(without, as_planted) == pytest.approx(0.5 * late_ms)


def test_the_fault_is_named_and_the_clean_one_left_in_peace(results):
    late, clean = results[0]
    assert [tuple(c[1:]) for c in late["cues"]][:1] == [("left_right_delay", "left")]
    assert clean["cues"] == []


def test_the_table_tells_all_of_it(results):
    text = results[1]
    for word in ("arm_height_difference", "claimed", "repetitions found: 4 of 4", "place", "late"):
        assert word in text
