import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import bow, heavens
from follow_tracks import perform_leaping, signals_of, teach
from posecoach._pieces import finish
from posecoach.follow.adjust import adjust
from posecoach.follow.leaps import (
    AROUND_S,
    Leap,
    are_leaps,
    find_chances,
    keep_once,
    list_leaps,
)
from posecoach.follow.retrace import retrace, retrace_leaping

TRACKS = {heavens: teach(heavens), bow: teach(bow)}
LEFT_OUT = [(0.0, 3.0), (6.4, 10.0)]
REPEATED = [(0.0, 5.5), (2.2, 10.0)]


def lay(form, parts, leaping=True, late_s=1.0):
    """Return true places, the path and leaps; online one finds a new place a while later."""
    motion, true = perform_leaping(form, parts)
    signals, calibration = signals_of(motion)
    inside = np.flatnonzero(np.isfinite(true))
    span = slice(int(inside[0]), int(inside[-1]) + 1)
    time, true = motion.time_s[span], true[span]
    online = true.copy()
    change = np.flatnonzero(~np.isfinite(true))
    late = (time >= time[change[0]]) & (time < time[change[-1]] + late_s)
    online[late] = true[change[0] - 1]
    args = time, signals.features[span], calibration.rest, TRACKS[form], online, 1.0
    return time, true, retrace_leaping(*args) if leaping else (retrace(*args), ())


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("parts", [LEFT_OUT, REPEATED])
def test_the_path_leaps_where_the_performer_does(form, parts):
    time, true, (path, leaps) = lay(form, parts)
    assert len(leaps) == 1
    (leap,) = leaps
    gone = np.flatnonzero(~np.isfinite(true))
    assert time[gone[0]] - 0.5 < leap.time_s < time[gone[-1]] + 0.5
    assert (leap.to_s - leap.from_s) * (parts[1][0] - parts[0][1]) > 0
    keep = keep_once(time, path, leaps)
    assert (np.diff(path[keep]) >= -1e-9).all()
    known = keep & np.isfinite(true) & (true > 0.8) & (true < 9.2)
    if form is bow:  # nothing tells where in a hold one is
        known &= (true < 3.5) | (true > 6.0)
    assert known.sum() > 0.25 * len(time)
    assert np.quantile(np.abs(path - true)[known], 0.95) < 0.45
    # Nothing that is left runs: what was left out is neither haste nor dawdling.
    along, clock = path[keep], time[keep]
    second = np.flatnonzero((clock < clock[-1] - 1) & (np.interp(clock + 1, time, keep) == 1))
    moved = np.interp(clock[second] + 1, clock, along) - along[second]
    whole = np.interp(clock[second] + 0.5, time, keep) == 1
    assert moved[whole].max() < 2.2


@pytest.mark.parametrize("form", [heavens, bow])
def test_a_leap_is_one_where_a_path_without_has_to_run(form):
    time, true, (_, leaps) = lay(form, LEFT_OUT)
    signals, calibration = signals_of(perform_leaping(form, LEFT_OUT)[0])
    _, _, (through, _) = lay(form, LEFT_OUT, leaping=False)
    first = int(np.flatnonzero(np.isfinite(perform_leaping(form, LEFT_OUT)[1]))[0])
    features = signals.features[first : first + len(true)]
    fit = finish(adjust(time, features, calibration.rest, TRACKS[form], through, 1.0))
    assert are_leaps(leaps, time, fit.path_s)
    even = np.interp(time, time[[0, -1]], [0.0, 10.0])
    assert not are_leaps(leaps, time, even)
    back = Leap(leaps[0].time_s, leaps[0].to_s, leaps[0].from_s)
    assert are_leaps((back,), time, even)


def test_without_leave_a_path_does_not_leap():
    _, _, (path, leaps) = lay(heavens, REPEATED, leaping=False)
    assert leaps == ()
    assert (np.diff(path) >= -1e-9).all()


@pytest.mark.parametrize("tempo", [0.5, 1.0, 2.0])
def test_no_chance_to_leap_where_places_follow_each_other(tempo):
    time = np.arange(0, 10 / tempo, 1 / 15)
    online = tempo * time
    unknown = (time > 2) & (time < 4)
    online = np.where(unknown, 2 * tempo, online)
    may, also = find_chances(time, online, tempo)
    assert not may.any()
    assert (also == online).all()


def test_a_chance_to_leap_comes_before_it_is_found_and_both_places_are_tried():
    time = np.arange(0, 8, 0.1)
    online = np.where(time < 4, time, time + 3)
    may, also = find_chances(time, online, 1.0)
    assert may[(time > 1.5) & (time < 4.4)].all()
    assert not may[(time < 0.9) | (time > 4.6)].any()
    assert also[30] == pytest.approx(time[30] + 3, abs=0.15)
    assert also[60] == pytest.approx(time[60], abs=0.15)


@given(start=st.floats(2.5, 4), back=st.floats(-3.0, 3.0))
def test_what_is_kept_grows_and_leaves_the_way_out(start, back):
    time = np.arange(0, 12, 0.1)
    at = int(start * 10) + 10
    path = np.where(np.arange(len(time)) < at, time, time - back)
    leaps = list_leaps(time, path, np.array([at]))
    assert len(leaps) == (abs(path[at] - path[at - 1]) >= 1.0)
    keep = keep_once(time, path, leaps)
    if leaps:
        assert (np.diff(path[keep]) > -1e-9).all()
        assert not keep[np.abs(time - time[at]) < AROUND_S - 0.05].any()
        assert keep[[0, -1]].all()
    else:
        assert keep.all()


def test_no_leap_leaves_all():
    time = np.arange(0, 5, 0.1)
    assert keep_once(time, time, ()).all()
    assert not keep_once(time, time, (Leap(2.0, 1.0, 3.0),))[20]


@pytest.mark.parametrize("form", [heavens, bow])
def test_what_was_hurried_was_seen_and_is_no_leap(form):
    track, dt, fast = TRACKS[form], 1 / 15, 2.7
    first, last = 0.15 * track.duration_s, 0.45 * track.duration_s
    before = np.arange(0.0, first, dt)
    hurried = np.arange(first, last, fast * dt)
    true = np.concatenate([before, hurried, np.arange(last, track.duration_s, dt)])
    time = np.arange(len(true)) * dt
    online = true.copy()  # not known while it happened
    online[len(before) : len(before) + len(hurried) + 3] = before[-1]
    features = track.sample(track.signals.features, true)
    path, leaps = retrace_leaping(time, features, features[0], track, online, 1.0)
    assert leaps == ()
    within = slice(len(before) + 3, len(before) + len(hurried) - 3)
    pace = np.median(np.diff(path[within])) / dt
    assert pace > 1.8
