from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, heavens, make_motion
from follow_tracks import signals_of
from posecoach.follow.follower import NEAR_S, Place
from posecoach.follow.track import STEP_S, Track
from posecoach.measure.judgement import FLOORS
from posecoach.measure.live import LIVE_MEASURES, LiveReadings, spread_place
from posecoach.measure.spread import Tolerances
from posecoach.posture.signals import Signals


def stand(lean=0.0, tilt=0.0, n=60):
    at = np.zeros(n)
    moves = heavens(at, at, lean=lean, tilt=tilt)
    return signals_of(make_motion(np.arange(n) / 30, moves, Figure(read=1.0)))


PLAIN, CALIBRATION = stand()
TIMES = np.arange(60) * STEP_S
STANDING = Track(TIMES, np.zeros((60, 33, 2)), np.zeros((60, 33, 3)), CALIBRATION, PLAIN)
SURE = Place(1.0, 1.0, 0.99, 0.0)


def frame(s: Signals, i: int) -> Signals:
    return Signals(*(getattr(s, f)[i] for f in Signals.__dataclass_fields__))


def feed(live, own, first=0, count=20, track=STANDING, place=SURE):
    for i in range(first, first + count):
        live.add(i / 30, frame(own, i % 60), track, place)


def test_the_last_half_second_is_averaged():
    live = LiveReadings(Tolerances())
    feed(live, stand(lean=9.0)[0], 0, 40)
    feed(live, stand(lean=5.0)[0], 40, 16)
    got = live.read(CALIBRATION, 480)["lateral_lean"]
    assert got.judged
    assert got.deviation == pytest.approx(5.0, abs=0.2)
    assert got.value - got.reference == pytest.approx(got.deviation)
    assert 0.5 < got.uncertainty < 2


def test_too_short_is_not_judged():
    live = LiveReadings(Tolerances())
    feed(live, PLAIN, 0, 6)
    assert {j.reason for j in live.read(CALIBRATION, 480).values()} == {"too_short"}
    feed(live, PLAIN, 6, 6)
    assert all(j.judged for j in live.read(CALIBRATION, 480).values())
    live.reset()
    assert not any(j.judged for j in live.read(CALIBRATION, 480).values())


def test_missing_values_are_not_averaged():
    live = LiveReadings(Tolerances())
    own = stand(lean=6.0)[0]
    own.lateral_lean[::2] = np.nan
    feed(live, own)
    assert live.read(CALIBRATION, 480)["lateral_lean"].deviation == pytest.approx(6, abs=0.3)
    own.lateral_lean[:] = np.nan
    feed(live, own, 20, 20)
    assert not live.read(CALIBRATION, 480)["lateral_lean"].judged


def test_the_teachers_tolerance_holds_and_the_floor_below_it():
    live = LiveReadings(Tolerances({}, {"lateral_lean": 0.5, "shoulder_tilt": 9.0}))
    feed(live, PLAIN)
    got = live.read(CALIBRATION, 480)
    assert set(got) == set(LIVE_MEASURES)
    assert got["lateral_lean"].tolerance == FLOORS["lateral_lean"]
    assert got["shoulder_tilt"].tolerance == 9.0
    assert got["pelvis_tilt"].tolerance == FLOORS["pelvis_tilt"]


def test_a_place_is_the_less_sure_the_less_certain():
    claimed = [spread_place(c) for c in (0.6, 0.8, 0.95, 0.99)]
    assert claimed == sorted(claimed, reverse=True)
    assert spread_place(0.6827) == pytest.approx(NEAR_S, abs=0.03)
    assert 0.1 < spread_place(1.0) < 0.2


@pytest.mark.parametrize("place_s", [0.2, 1.0, 1.7])
def test_where_the_reference_changes_an_unsure_place_makes_the_reading_unsure(place_s):
    """Whoever rests at a place that is only guessed is not told of the reference's own tilt."""
    tilting = replace(PLAIN, shoulder_tilt=np.linspace(0.0, -18.0, 60))
    track = replace(STANDING, signals=tilting)
    errors = []
    for certainty in (0.99, 0.7):
        live = LiveReadings(Tolerances())
        feed(live, PLAIN, track=track, place=Place(place_s, 1.0, certainty, 0.0))
        got = live.read(CALIBRATION, 480)
        errors.append(got["shoulder_tilt"].uncertainty)
        slope = 18.0 / TIMES[-1]
        least = got["pelvis_tilt"].uncertainty
        assert got["shoulder_tilt"].uncertainty > 0.5 * slope * spread_place(certainty)
        assert got["pelvis_tilt"].uncertainty == pytest.approx(least)
    assert errors[1] > 1.3 * errors[0]
    live = LiveReadings(Tolerances())
    feed(live, PLAIN, place=Place(place_s, 1.0, 0.7, 0.0))
    assert errors[0] > 1.2 * live.read(CALIBRATION, 480)["shoulder_tilt"].uncertainty
