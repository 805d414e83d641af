from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, make_motion, perform
from posecoach.errors import InputError, SequenceError
from posecoach.reference.record import (
    _turns_away,
    find_repetitions,
    make_sequence,
    trace_course,
)


def true_spans(motion, place):
    inside = np.isfinite(place)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(int)))
    wraps = [i for i in range(1, len(place)) if place[i] < place[i - 1] - 1]
    cuts = sorted({*edges.tolist(), *wraps})
    return [(motion.time_s[a], motion.time_s[b - 1]) for a, b in pairwise(cuts) if inside[a]]


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize(("stand_s", "between_s"), [(2.0, 1.5), (0.0, 1.0), (2.0, 0.0)])
@pytest.mark.parametrize("repetitions", [1, 2, 4])
def test_repetitions_are_found(form, stand_s, between_s, repetitions):
    """The bow's two sides stay one repetition; standing around is optional."""
    motion, place = perform(
        form, repetitions=repetitions, stand_s=stand_s, between_s=between_s, duration=10.0
    )
    got = find_repetitions(trace_course(motion))
    want = true_spans(motion, place)
    assert len(got) == len(want) == repetitions
    # A minimum-jerk movement begins and ends invisibly slowly.
    np.testing.assert_allclose(got, want, atol=0.7)


@given(
    tempo=st.floats(0.6, 1.8),
    fps=st.sampled_from([15.0, 24.0, 30.0, 50.0]),
    roll=st.floats(-8, 8),
    start=st.floats(0, 1e4),
)
@settings(deadline=None, max_examples=8)
def test_tempo_rate_roll_and_clock_do_not_matter(tempo, fps, roll, start):
    motion, _ = perform(
        repetitions=2, tempo=tempo, fps=fps, figure=Figure(roll_deg=roll, noise=0.002)
    )
    sequence = make_sequence("x", [motion.shifted(start)])
    assert len(sequence.takes) == 2
    for take in sequence.takes:
        assert take.motion.time_s[0] == 0
        assert take.motion.duration_s == pytest.approx(10 / tempo, abs=1.0)
        assert take.calibration.roll_deg == pytest.approx(roll, abs=0.7)


def test_a_scratch_before_is_no_repetition():
    form, _ = perform(repetitions=2)
    scratch = 0.25 * np.exp(-0.5 * ((np.arange(90) / 30 - 1.5) / 0.25) ** 2)
    moves = heavens(np.zeros(90), np.zeros(90))
    moves.elevation[:, 1] += 300 * scratch
    lead = make_motion(np.arange(90) / 30, moves)
    both = replace(
        form,
        time_s=np.concatenate([lead.time_s, form.time_s + 3.0]),
        **{
            k: np.concatenate([getattr(lead, k), getattr(form, k)])
            for k in ("image", "world", "visibility", "presence")
        },
    )
    assert len(make_sequence("x", [both]).takes) == 2


def test_phases_lie_between_the_stops_and_cover_the_take():
    motion, _ = perform(repetitions=1)
    sequence = make_sequence("x", [motion])
    phases = sequence.phases
    assert [p.id for p in phases] == ["phase-1", "phase-2"]
    assert [p.title("en") for p in phases] == ["Raise the arms", "Lower the arms"]
    assert [p.title("de") for p in phases] == ["Arme heben", "Arme senken"]
    assert replace(phases[1], titles={}).title("de") == "Abschnitt 2"
    assert phases[0].start_s == 0
    assert phases[-1].end_s == pytest.approx(sequence.duration_s, abs=0.01)
    assert phases[0].end_s == phases[1].start_s
    top = 5.0 - (10 - sequence.duration_s) / 2  # the arms stay up from 0.5 s before to 0.5 s after
    assert phases[0].end_s == pytest.approx(top, abs=0.8)


def one_arm(left, right, **more):
    moves = heavens(left, right, **more)
    moves.elevation[:, 1] = 8.0
    return moves


@pytest.mark.parametrize(
    ("form", "symmetry"), [(heavens, "symmetric"), (bow, "mirrored"), (one_arm, "one-sided")]
)
def test_symmetry_is_told(form, symmetry):
    motion, _ = perform(form, repetitions=2)
    assert make_sequence("x", [motion]).symmetry == symmetry


def test_fields_go_before_what_is_found():
    motion, _ = perform(repetitions=1)
    sequence = make_sequence("x", [motion], symmetry="one-sided", phases=(), teacher="Li")
    assert (sequence.symmetry, sequence.phases, sequence.teacher) == ("one-sided", (), "Li")


def test_several_recordings():
    a, _ = perform(repetitions=1)
    b, _ = perform(repetitions=2)
    assert len(make_sequence("x", [a, b]).takes) == 3


def hide(motion, first, last):
    image = motion.image.copy()
    image[(motion.time_s >= first) & (motion.time_s < last)] = np.nan
    return replace(motion, image=image)


def test_nobody_before_and_after_is_cut_off():
    motion, _ = perform(repetitions=1, stand_s=3.0)
    end = motion.time_s[-1]
    sequence = make_sequence("x", [hide(hide(motion, 0, 1.0), end - 1, end + 1)])
    assert len(sequence.takes) == 1


def test_a_short_gap_is_bridged_and_a_long_one_named():
    motion, _ = perform(repetitions=1)
    assert len(make_sequence("x", [hide(motion, 5.0, 5.4)]).takes) == 1
    with pytest.raises(SequenceError, match=r"lost it for 1\.0 s at 5\.0 s"):
        make_sequence("x", [hide(motion, 5.0, 6.0)])


def still(seconds=6.0):
    n = int(30 * seconds)
    return make_motion(np.arange(n) / 30, heavens(np.zeros(n), np.zeros(n)))


@pytest.mark.parametrize(
    ("motions", "told"),
    [
        ([], "at least 2.5 s"),
        ([still()], "stays in its start posture"),
        ([still(0.3)], "Expected a person"),
        ([still().cut(99, 100)], "saw one in 0 % of 0 frames"),
        ([hide(still(), 0, 99)], "saw one in 0 %"),
        ([perform(repetitions=1, tempo=6.0)[0]], "at least 2.5 s"),
    ],
)
def test_recordings_without_a_form_are_refused(motions, told):
    with pytest.raises(SequenceError, match=told):
        make_sequence("x", motions)


def test_broken_timestamps_are_refused():
    motion, _ = perform(repetitions=1)
    times = motion.time_s.copy()
    times[-1] = 1e9
    with pytest.raises(InputError):
        make_sequence("x", [replace(motion, time_s=times)])


def test_looking_to_the_other_side_is_not_the_same_again():
    turn = 0.12 * np.sin(np.linspace(0, np.pi, 40))
    assert _turns_away(turn, -turn)
    assert _turns_away(-turn, 0.8 * turn)
    assert not _turns_away(turn, 0.7 * turn)
    # Who hardly turns the head turns it by chance.
    assert not _turns_away(0.2 * turn, -turn)
