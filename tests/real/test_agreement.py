"""The agreement check on real clips: labels written from their truth, and labels that differ."""

import csv
import json

import pytest

from conftest import ROOT
from posecoach.agreement import compare, read_labels
from posecoach.analysis import analyze
from posecoach.reference.library import open_form

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"
FORM = "two-hands-hold-up-the-heavens"
CLIPS = ("heavens-teacher", "heavens-lean-left-emma", "heavens-right-low-cleo")
OTHER = {"left": "right", "right": "left"}


@pytest.fixture(scope="module")
def analyses(watcher):
    """Return what the coach says of the clips; the model has seen them for other tests."""
    for name in CLIPS:
        watcher.start(SAMPLES / f"{name}.mp4", 2)
    form = open_form(FORM)
    return [
        analyze(watcher.watch(SAMPLES / f"{name}.mp4", 2), form, path=f"{name}.mp4")
        for name in CLIPS
    ]


def label(path, turn=lambda direction: direction):
    """Write what a teacher who knows the truth would: each fault once in every repetition."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["clip", "time_s", "measure", "direction"])
        for name in CLIPS:
            truth = json.loads((SAMPLES / f"{name}.json").read_text())
            if not truth["faults"]:
                rows.writerow([name, "", "nothing", ""])
            for fault in truth["faults"]:
                for span in truth["repetitions"]:
                    at = 0.5 * (span["start_s"] + span["end_s"])
                    rows.writerow([f"{name}.mp4", at, fault["measure"], turn(fault["direction"])])
    return read_labels(path)


def test_the_coach_agrees_with_the_truth_and_not_with_its_opposite(analyses, tmp_path):
    truth = label(tmp_path / "truth.csv")
    opposite = label(tmp_path / "opposite.csv", OTHER.get)
    with_truth, with_opposite, teachers = compare(analyses, [truth, opposite]).pairs
    assert (with_truth.clips, with_truth.repetitions) == (3, 6)
    assert set(with_truth.measures) == {"lateral_lean", "arm_height_difference"}
    assert with_truth.overall.units == 24  # two measures, two directions, six repetitions
    assert with_truth.overall.other_side == 0
    assert with_truth.overall.both >= 3
    assert with_truth.overall.first_only == 0
    assert with_truth.overall.kappa > 0.75
    assert with_opposite.overall.both == 0
    assert with_opposite.overall.other_side >= 3
    assert with_opposite.overall.kappa < 0
    assert (teachers.overall.other_side, teachers.overall.neither) == (4, 16)
    assert teachers.overall.kappa < 0
