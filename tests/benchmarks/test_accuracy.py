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
    rows = [x for r in found for x in r["rows"] if x["measure"] == measure]
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
    ],
)
def test_near_the_truth(results, measure, reach):
    found = errors(results[0], measure)
    assert len(found) == 4
    assert (found <= reach).all(), found


def test_the_fault_is_named_and_the_clean_one_left_in_peace(results):
    late, clean = results[0]
    assert [tuple(c[1:]) for c in late["cues"]][:1] == [("left_right_delay", "left")]
    assert clean["cues"] == []


def test_the_table_tells_all_of_it(results):
    text = results[1]
    for word in ("arm_height_difference", "claimed", "repetitions found: 4 of 4", "place", "late"):
        assert word in text
