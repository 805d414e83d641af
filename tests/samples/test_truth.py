"""The sample clips are whole, their truth fits the pictures and the plan they were made from."""

from __future__ import annotations

import json
import tomllib
from functools import cache

import cv2
import numpy as np
import pytest

from conftest import ROOT
from people.body import load_body
from people.performance import MEASURES, Performance, Plan, measure_pose
from people.truth import POINTS, SCHEMA, list_faults
from posecoach.measure.judgement import UNITS
from posecoach.reference.library import find_forms

SAMPLES = ROOT / "samples"
with (SAMPLES / "samples.toml").open("rb") as file:
    SPECS = tomllib.load(file)["clips"]
CLIPS = tuple(SPECS)


@cache
def truth_of(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@cache
def performance_of(name):
    spec = SPECS[name]
    wanted = ("form", "seed", "tempo", "amplitude", "faults")
    plan = {k: spec[k] for k in wanted if k in spec}
    stand = tuple(spec.get("stand_s", (2.0, 0.7, 1.5)))
    return Performance(load_body(spec["body"]), Plan(stand_s=stand, **plan))


def column(name, key):
    return np.array([np.nan if v is None else v for v in truth_of(name)[key]], dtype=float)


def inside(name):
    return np.isfinite(column(name, "place_s"))


def point(name, joint):
    points = np.array(truth_of(name)["points_mm"], dtype=float).reshape(-1, len(POINTS), 3)
    return points[:, POINTS.index(joint)]


def test_every_clip_is_there_with_its_truth_and_none_besides():
    assert sorted(p.stem for p in SAMPLES.glob("*.mp4")) == sorted(CLIPS)
    assert sorted(p.stem for p in SAMPLES.glob("*.json")) == sorted(CLIPS)
    size = sum(p.stat().st_size for p in SAMPLES.iterdir() if p.suffix in (".mp4", ".json"))
    assert size < 12e6


def test_what_is_asked_of_them_is_among_them():
    forms = {s["form"] for s in SPECS.values()}
    assert len(forms) >= 3
    assert forms <= set(find_forms())
    assert len({s["body"] for s in SPECS.values()}) >= 3
    kinds = {f["fault"].rpartition("_")[2] for n in CLIPS for f in truth_of(n)["faults"]}
    assert kinds == {"lean", "late", "low", "tempo", "hurried", "pause"}
    for form in forms:
        clean = [n for n, s in SPECS.items() if s["form"] == form and not truth_of(n)["faults"]]
        assert len(clean) >= 2  # the teacher's and another's


@pytest.mark.parametrize("name", CLIPS)
def test_the_truth_is_as_long_as_the_video(name):
    truth = truth_of(name)
    capture = cv2.VideoCapture(str(SAMPLES / f"{name}.mp4"))
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    fps = capture.get(cv2.CAP_PROP_FPS)
    size = [int(capture.get(k)) for k in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)]
    capture.release()
    assert (truth["schema"], truth["clip"], truth["points"]) == (SCHEMA, name, list(POINTS))
    assert size == [truth["camera"]["width"], truth["camera"]["height"]]
    assert fps == pytest.approx(truth["fps"])
    for key in ("time_s", "place_s", "points_mm", "pixels", *MEASURES):
        assert len(truth[key]) == count, key
    np.testing.assert_allclose(truth["time_s"], np.arange(count) / fps, atol=1e-3)


@pytest.mark.parametrize("name", CLIPS)
def test_the_place_goes_from_start_to_end_in_each_repetition(name):
    truth, times, place = truth_of(name), column(name, "time_s"), column(name, "place_s")
    assert len(truth["repetitions"]) == 2
    within = np.zeros(len(times), dtype=bool)
    for span in truth["repetitions"]:
        now = (times >= span["start_s"] - 1e-4) & (times <= span["end_s"] + 1e-4)
        within |= now
        assert (np.diff(place[now]) >= 0).all()
        assert place[now][0] < 0.2
        assert place[now][-1] > truth["form_s"] - 0.2
    np.testing.assert_array_equal(np.isfinite(place), within)


@pytest.mark.parametrize("name", CLIPS)
def test_the_lean_is_that_of_the_line_from_hips_to_shoulders(name):
    hips = (point(name, "left_hip") + point(name, "right_hip")) / 2
    shoulders = (point(name, "left_shoulder") + point(name, "right_shoulder")) / 2
    x, y, _ = (shoulders - hips).T
    # The joints are given in whole millimetres.
    np.testing.assert_allclose(
        np.degrees(np.arctan2(x, y)), column(name, "lateral_lean"), atol=0.25
    )


@pytest.mark.parametrize("name", CLIPS)
def test_left_and_right_are_the_persons_own(name):
    assert (point(name, "left_shoulder")[:, 0] > point(name, "right_shoulder")[:, 0]).all()
    truth = truth_of(name)
    pixels = np.array(truth["pixels"]).reshape(-1, len(POINTS), 2)
    left, right = (pixels[:, POINTS.index(f"{s}_shoulder"), 0] for s in ("left", "right"))
    assert (left > right).all()  # in the picture of someone who faces the camera
    inside_x = (pixels[..., 0] > 0) & (pixels[..., 0] < truth["camera"]["width"])
    inside_y = (pixels[..., 1] > 0) & (pixels[..., 1] < truth["camera"]["height"])
    assert (inside_x & inside_y).all()  # nothing is cut off


@pytest.mark.parametrize("name", CLIPS)
def test_the_files_are_what_the_script_would_make_now(name):
    truth, performance = truth_of(name), performance_of(name)
    assert truth["form"] == SPECS[name]["form"]
    assert truth["faults"] == list_faults(performance)
    for index in range(40, len(truth["time_s"]), 97):
        now = measure_pose(performance.pose_at(index / truth["fps"]))
        then = {m: truth[m][index] for m in MEASURES}
        assert {m: now[m] for m in MEASURES} == pytest.approx(then, abs=0.05)


@pytest.mark.parametrize("name", CLIPS)
def test_faults_bear_the_names_of_measures(name):
    for fault in truth_of(name)["faults"]:
        assert fault["measure"] in UNITS
        assert fault["direction"] in ("left", "right", "fast", "slow")


@pytest.mark.parametrize("name", CLIPS)
def test_a_lean_is_there_where_it_is_planted_and_nowhere_else(name):
    lean = column(name, "lateral_lean")[inside(name)]
    planted = (SPECS[name].get("faults") or {}).get("lean", 0.0)
    assert np.median(lean) == pytest.approx(planted, abs=1.0)
    assert np.abs(lean).max() < abs(planted) + 2.5


@pytest.mark.parametrize(
    ("name", "side", "late_s"),
    [("heavens-left-late-ben", "left", 0.35), ("separating-right-late-emma", "right", 0.4)],
)
def test_a_late_arm_is_late(name, side, late_s):
    """Its height now is what the performer's without the fault was so much earlier."""
    spec, truth = SPECS[name], truth_of(name)
    punctual = Performance(load_body(spec["body"]), Plan(form=spec["form"], seed=spec["seed"]))
    for index in range(60, 260, 40):
        time_s = index / truth["fps"]
        before = measure_pose(punctual.pose_at(time_s - late_s))[f"{side}_elevation"]
        assert truth[f"{side}_elevation"][index] == pytest.approx(before, abs=1.5)


def test_a_low_arm_is_low():
    name = "heavens-right-low-cleo"
    left, right = (column(name, f"{s}_elevation")[inside(name)] for s in ("left", "right"))
    top = left > 140
    assert np.median((left - right)[top]) == pytest.approx(28, abs=4)


def test_a_pause_is_one():
    name = "heavens-pause-finn"
    truth, times, place = truth_of(name), column(name, "time_s"), column(name, "place_s")
    for span in truth["repetitions"]:
        now = (times >= span["start_s"]) & (times <= span["end_s"])
        at = 0.4 * truth["form_s"]
        assert (np.abs(place[now] - at) < 0.02).sum() / truth["fps"] == pytest.approx(4.0, abs=0.2)


def test_haste_is_haste():
    name = "separating-hurried-ben"
    truth, place = truth_of(name), column(name, "place_s")
    speed = np.diff(place) * truth["fps"]
    middle = 0.25 * truth["form_s"]
    assert np.nanmedian(speed) == pytest.approx(1.0, abs=0.02)
    assert np.nanmax(speed[np.abs(place[:-1] - middle) < 1.0]) == pytest.approx(2.4, abs=0.05)
    fast = truth_of("bow-fast-ada")
    took = [r["end_s"] - r["start_s"] for r in fast["repetitions"]]
    assert took == pytest.approx([fast["form_s"] / 1.6] * 2, abs=0.05)
