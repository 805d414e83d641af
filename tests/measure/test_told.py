"""Sway and coordination: told, never cued."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import bow, heavens
from measure.test_repetition import TRACKS, measures, perform_at
from posecoach.coach.faults import find_faults
from posecoach.coach.words import measure_title, reason_text
from posecoach.follow.lag import find_lag
from posecoach.measure.coordination import judge_trunk_delay
from posecoach.measure.judgement import TOLD
from posecoach.measure.performance import Comparison
from posecoach.measure.spread import Tolerances
from posecoach.posture.features import FEATURES

PELVIS = FEATURES.index("pelvis_height")


@given(wide=st.floats(0, 6))
@settings(deadline=None, max_examples=8)
def test_sway_is_what_the_lean_does_and_not_what_it_keeps(wide):
    time = np.arange(0, 10, 1 / 30)
    lean = 5.0 + wide * np.sin(2 * np.pi * 0.5 * time)
    got = measures(perform_at(lean=lean)).measures["sway"]
    assert got.value == pytest.approx(wide / np.sqrt(2), abs=0.2)
    assert got.uncertainty >= 0.3


def sink_late(late_s):
    """Return a repetition whose pelvis sinks as in the reference, but later than the arms."""
    track = TRACKS[bow]
    sink = 0.3 * np.exp(-0.5 * ((track.time_s - 5.0) / 1.2) ** 2)
    features = track.signals.features.copy()
    features[:, PELVIS] -= sink
    track = replace(track, signals=replace(track.signals, features=features))
    p = perform_at(bow, tempo=0.9)
    own = p.signals.features.copy()
    at = np.interp(p.time_s - late_s, p.time_s, p.places_s)
    own[:, PELVIS] -= 0.7 * np.interp(at, track.time_s, sink)
    return Comparison(
        replace(p, signals=replace(p.signals, features=own)), track, Tolerances(), "front"
    )


@given(late_s=st.floats(-0.6, 0.6))
@settings(deadline=None, max_examples=12)
def test_a_trunk_later_than_the_arms(late_s):
    got, _ = judge_trunk_delay("trunk_limb_delay", sink_late(late_s))
    assert got.judged
    assert got.value == pytest.approx(1000 * late_s, abs=40)


def test_a_form_that_keeps_the_trunk_still_says_nothing_of_its_timing():
    got = measures(perform_at()).measures["trunk_limb_delay"]
    assert not got.judged
    assert got.reason == "still_trunk"
    assert reason_text(got.reason, "de") != reason_text(got.reason, "en")


def test_no_lag_in_what_does_not_move():
    track = TRACKS[heavens]
    time = np.arange(0, 10, 1 / 30)
    flat = np.zeros((len(time), 1))
    assert find_lag(time, flat, np.zeros((len(track.time_s), 1)), track, time) is None


def test_a_trunk_that_does_something_else_is_not_late():
    c = sink_late(0.0)
    wrong = c.performance.signals.features.copy()
    wrong[:, PELVIS] = 0.2 * np.sin(2 * np.pi * 0.4 * c.performance.time_s)
    p = replace(c.performance, signals=replace(c.performance.signals, features=wrong))
    got, _ = judge_trunk_delay("trunk_limb_delay", replace(c, performance=p))
    assert (got.judged, got.reason) == (False, "unsure")


def test_what_is_told_is_never_cued():
    got = measures(
        perform_at(amount=(0.4, 1.0), lean=8 * np.sin(np.arange(0, 10, 1 / 30)))
    ).measures
    far = {m: replace(got["sway"], deviation=99.0, worst=99.0, judged=True) for m in TOLD}
    assert not set(find_faults(got | far)) & set(TOLD)
    for measure in TOLD:
        assert measure_title(measure, "de") != measure
