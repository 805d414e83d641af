import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from figures import Figure, heavens, perform
from follow_tracks import teach_sequence
from posecoach.analysis import Analyzer, analyze
from posecoach.body import ELBOWS, WRISTS
from posecoach.errors import UsageError
from posecoach.measure.carriage import PARTS
from posecoach.measure.judgement import UNITS
from posecoach.motion import Motion, Observation
from posecoach.reference.sequence import Sequence
from posecoach.result import json_schema

SEQUENCE = teach_sequence(heavens)
FPS = 20.0
MOTION, _ = perform(delay_left_s=0.4, between_s=2.0, fps=FPS, figure=Figure(noise=0.002))


def leave_out(motion, points):
    image, world = motion.image.copy(), motion.world.copy()
    image[:, points] = world[:, points] = np.nan
    return replace(motion, image=image, world=world)


SHORT, _ = perform(repetitions=1, delay_left_s=0.4, fps=FPS)


def test_the_document():
    got = analyze(MOTION, SEQUENCE, path="a.mp4")
    data = json.loads(got.model_dump_json())
    jsonschema.validate(data, json_schema())
    assert data["schema"] == "posecoach.analysis/1"
    assert data["video"] == {
        "path": "a.mp4",
        "width": 640,
        "height": 480,
        "fps": FPS,
        "frames": len(MOTION),
        "duration_s": round(len(MOTION) / FPS, 3),
    }
    assert data["reference"]["id"] == "test"
    assert data["reference"]["duration_s"] == pytest.approx(10, abs=0.1)
    assert (data["view"], data["seen"], data["message"]) == ("front", 1.0, None)
    assert got.judged
    assert len(data["repetitions"]) == 2
    for r, start in zip(data["repetitions"], (2.0, 14.0), strict=True):
        assert r["start_s"] == pytest.approx(start, abs=0.8)
        assert r["end_s"] == pytest.approx(start + 10.4, abs=0.8)
        assert set(UNITS) < set(r["measures"])
        assert r["measures"]["left_right_delay"]["value"] == pytest.approx(400, abs=40)
        assert r["measures"]["forward_lean"]["value"] is None
    assert {c["measure"] for c in data["cues"]} == {"left_right_delay"}


def test_places_are_true_or_null():
    motion, true = perform(repetitions=1, fps=FPS)
    data = analyze(motion, SEQUENCE).place
    got = np.array([np.nan if p is None else p for p in data.reference_s])
    assert len(data.time_s) == len(data.reference_s) == len(true)
    inside = np.isfinite(true) & (true > 0.6) & (true < 9.4)
    assert np.isfinite(got[inside]).mean() > 0.97
    assert np.nanmedian(np.abs(got - true)[inside]) < 0.1
    assert np.nanquantile(np.abs(got - true)[inside], 0.95) < 0.4


def test_the_same_again_byte_for_byte():
    assert analyze(SHORT, SEQUENCE).model_dump_json() == analyze(SHORT, SEQUENCE).model_dump_json()


def test_cues_speak_the_language():
    de = analyze(SHORT, SEQUENCE, "de").cues[0].text
    en = analyze(SHORT, SEQUENCE, "en").cues[0].text
    assert de
    assert en
    assert de != en


def test_every_state_can_be_watched():
    seen = []
    analyze(MOTION.cut(0, 3), SEQUENCE, watch=seen.append)
    assert len(seen) == len(MOTION.cut(0, 3))


@pytest.mark.parametrize(
    ("observations", "told"),
    [
        ([], "no frames"),
        ([Observation.nobody(i / 30, 640, 480) for i in range(50)], "saw one in 0 %"),
        ([Observation.nobody(0.0, 640, 480)], "saw one in 0 %"),
        (list(MOTION.cut(0, 1.5)), "none; was it this form"),
        (list(MOTION)[:1], "none; was it this form"),
        (list(replace(MOTION, time_s=1000 * MOTION.time_s)), "were they milliseconds"),
        (list(leave_out(SHORT, [*ELBOWS, *WRISTS])), "wrists or elbows"),
    ],
)
def test_what_cannot_be_judged_says_why_and_is_a_document_all_the_same(observations, told):
    got = analyze(observations, SEQUENCE)
    assert not got.judged
    assert told in got.message
    data = json.loads(got.model_dump_json())
    jsonschema.validate(data, json_schema())
    assert data["video"]["frames"] == len(observations)
    assert data["place"]["reference_s"].count(None) >= len(observations) // 2


def test_a_recording_that_ends_with_the_form_gets_its_cues():
    motion, true = perform(repetitions=1, delay_left_s=0.4, fps=FPS)
    end = float(motion.time_s[np.isfinite(true)][-1])
    got = analyze(motion.cut(0, end + 0.1), SEQUENCE)
    assert [c.measure for c in got.cues] == ["left_right_delay"]


@pytest.mark.parametrize("given", ["motion", "sequence"])
def test_something_else_is_one_clear_error(given):
    motion, _ = perform(repetitions=1)
    what = {"motion": motion, "sequence": teach_sequence()} | {given: np.zeros((9, 17, 2))}
    with pytest.raises(UsageError, match=r"^Expected a \w+ but got a ndarray; [^\n]+\.$"):
        analyze(**what)


def test_no_made_up_numbers():
    analyzer = Analyzer(SEQUENCE)
    for o in SHORT:
        analyzer.step(o)
    text = analyzer.finish().model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text


def test_carriage_is_told_with_its_error_and_never_cued():
    clean, place = perform(repetitions=1, fps=FPS)
    sway = 9.0 * np.sin(np.pi * np.nan_to_num(place) / 10.0)
    leaning = perform(repetitions=1, fps=FPS, lean=sway)[0]
    got = {name: analyze(m, SEQUENCE) for name, m in (("clean", clean), ("leaning", leaning))}
    told = {name: a.repetitions[0].carriage for name, a in got.items()}
    assert told["clean"].strain < told["clean"].uncertainty
    assert told["leaning"].strain > 1.3 * told["clean"].strain
    assert told["leaning"].parts["trunk"] > 4.0 > 1.0 > told["clean"].parts["trunk"]
    assert set(told["clean"].parts) == set(PARTS)
    assert not told["clean"].space
    assert told["clean"].amplitude == pytest.approx(1.0, abs=0.05)
    assert max(told["leaning"].parts, key=told["leaning"].parts.get) == "trunk"
    assert "carriage" not in {c.measure for a in got.values() for c in a.cues}


def test_where_depth_was_measured_carriage_may_be_cued():
    """A head that is poked forward shows in nothing else, and not at all from a picture."""
    clean = perform(repetitions=1, fps=FPS)[0]
    poked = clean.world.copy()
    high = np.exp(-0.5 * ((clean.time_s - 7.0) / 2.5) ** 2)[:, None]
    poked[:, :11, 2] -= 0.24 * high
    poked[:, :11, 1] += 0.1 * high

    def judge(points):
        teacher = Motion.from_points(clean.cut(1.9, 12.1).world, clean.cut(1.9, 12.1).time_s)
        student = Motion.from_points(points, clean.time_s)
        return analyze(student, Sequence.from_takes([teacher]))

    good, bad = judge(clean.world), judge(poked)
    assert not good.cues
    assert [(c.measure, c.direction) for c in bad.cues] == [("carriage.head", "away")]
    head = bad.repetitions[0].measures["carriage.head"]
    assert head.judged
    assert head.deviation > head.tolerance + head.uncertainty
    for name, m in good.repetitions[0].measures.items():
        if name.startswith("carriage"):
            assert m.deviation < m.uncertainty, name
    flat = analyze(replace(MOTION, deep=False), SEQUENCE).repetitions[0]
    assert not [name for name in flat.measures if name.startswith("carriage")]


def test_carriage_of_a_turned_body_is_not_told_from_a_picture():
    turned = perform(repetitions=1, fps=FPS, figure=Figure(shoulder=0.08, hip=0.05))[0]
    got = analyze(turned, SEQUENCE)
    assert got.view == "side"
    assert all(r.carriage is None for r in got.repetitions)
