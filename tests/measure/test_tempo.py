import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.follow.ends import Ends
from posecoach.measure.tempo import compute_tempo

EVERY = np.ones(10_000, dtype=bool)


def walk(speeds, fps=30.0):
    """Return a path through 10 s of reference, ``speeds`` = ((seconds, speed), ...)."""
    steps = np.concatenate([np.full(round(s * fps), v / fps) for s, v in speeds])
    place = np.concatenate([[0.0], np.cumsum(steps)])
    return np.arange(len(place)) / fps, place


def tempo_of(speeds, moving=EVERY, fps=30.0):
    time, place = walk(speeds, fps)
    return compute_tempo(time, place, moving[: len(time)])


@given(ratio=st.floats(0.3, 3.0), fps=st.sampled_from([10.0, 25.0, 30.0, 60.0]))
@settings(deadline=None, max_examples=40)
def test_an_even_pace(ratio, fps):
    got = tempo_of([(10 / ratio, ratio)], fps=fps)
    assert got is not None
    assert got.ratio == pytest.approx(ratio, rel=0.01)
    assert got.hurried == got.pauses == ()
    assert 0 < got.error < 0.05 * ratio


@given(ratio=st.floats(0.5, 2.0), factor=st.floats(0.2, 4.0))
@settings(deadline=None, max_examples=20)
def test_the_clock_only_scales(ratio, factor):
    rng = np.random.default_rng(3)
    time, place = walk([(10 / ratio, ratio)])
    place = np.maximum.accumulate(place + rng.normal(0, 0.02, len(place)))
    one = compute_tempo(time, place, EVERY[: len(time)])
    other = compute_tempo(time * factor + 7.0, place, EVERY[: len(time)])
    assert one is not None
    assert other is not None
    if not one.pauses and not other.pauses:
        assert other.ratio == pytest.approx(one.ratio / factor, rel=0.02)


def test_what_a_path_wavers_by_in_between_does_not_count():
    time, place = walk([(10, 1.0)])
    wave = place + 0.25 * np.sin(2 * np.pi * place / 10.0) * np.sin(np.pi * place / 10.0) ** 2
    got = compute_tempo(time, np.maximum.accumulate(wave), EVERY[: len(time)])
    assert got.ratio == pytest.approx(1.0, rel=0.005)


@pytest.mark.parametrize("parts", [[(4, 1.0), (3, 0.0), (6, 1.0)], [(3, 1.0), (2, 2.0), (3, 1.0)]])
def test_known_ends_count_more_than_the_path(parts):
    time, place = walk(parts)
    bent = place - 0.3 * np.exp(-place) + 0.3 * np.exp(place - 10.0)  # late first, then early
    ends = Ends((0.5, float(time[-1]) - 0.5), (0.5, 9.5), (0.03, 0.03))
    by_path, by_ends = (
        compute_tempo(time, bent - bent[0], EVERY[: len(time)], e) for e in (None, ends)
    )
    assert by_ends.ratio == pytest.approx(1.0, rel=0.03)
    assert abs(by_ends.ratio - 1.0) < abs(by_path.ratio - 1.0)


def test_what_may_be_haste_or_the_pace_makes_the_tempo_unsure():
    even, faster = tempo_of([(10, 1.0)]), tempo_of([(3.5, 1.0), (3 / 1.35, 1.35), (3.5, 1.0)])
    assert faster.hurried == ()
    assert faster.ratio == pytest.approx(10 / 9.22, rel=0.02)
    assert faster.error > 1.5 * even.error


def test_what_is_faster_than_the_whole_may_be_haste_where_half_of_the_form_is_fast():
    got = tempo_of([(3.0, 1.3), (2.6, 1.05), (4.8, 0.7)])
    assert got.hurried == ()
    assert got.error > 0.03


def test_a_pause_does_not_count_and_is_told():
    got = tempo_of([(4, 1.0), (3, 0.0), (6, 1.0)])
    assert got is not None
    assert got.ratio == pytest.approx(1.0, rel=0.02)
    (pause,) = got.pauses
    assert pause.start_s == pytest.approx(4.0, abs=0.5)
    assert pause.end_s == pytest.approx(7.0, abs=0.5)
    assert pause.place_s == pytest.approx(4.0, abs=0.2)
    assert pause.ratio < 0.12


@pytest.mark.parametrize(("still_s", "told"), [(1.8, False), (5.0, True)])
def test_where_the_reference_holds_still_only_lingering_is_a_pause(still_s, told):
    time, place = walk([(4, 1.0), (still_s, 0.0), (6, 1.0)])
    got = compute_tempo(time, place, np.abs(place - 4.0) > 0.5)
    assert got is not None
    assert bool(got.pauses) == told
    assert got.ratio == pytest.approx(1.0, rel=0.05)


def test_a_hold_gone_through_unevenly_is_no_pause():
    """Within a hold the path cannot be told; what counts is how long the whole took."""
    time, place = walk([(4, 1.0), (1.4, 0.1), (0.3, 4.0), (0.3, 0.2), (4.6, 1.0)])
    got = compute_tempo(time, place, np.abs(place - 4.7) > 0.9)
    assert got is not None
    assert got.pauses == ()


@pytest.mark.parametrize("base", [0.8, 1.0, 1.5])
def test_a_hurried_part_is_told_and_does_not_move_the_ratio(base):
    got = tempo_of([(4 / base, base), (2.2 / base / 2, base * 2), (3.8 / base, base)])
    assert got is not None
    assert got.ratio == pytest.approx(base, rel=0.05)
    if base < 1.5:
        (part,) = got.hurried
        assert part.place_s == pytest.approx(5.1, abs=0.4)
        assert part.ratio == pytest.approx(2 * base, rel=0.2)


@pytest.mark.parametrize(("held", "told"), [(0.0, 1), (0.2, 1), (1.6, 0)])
def test_a_posture_held_on_the_way_does_not_end_haste_and_is_none(held, told):
    """Half of the haste on either side of it, which alone would not be told."""
    time, place = walk([(4, 1.0), (1.4, 2.0), (3.2, 1.0)])
    moving = np.abs(place - 5.4) > held / 2
    got = compute_tempo(time, place, moving)
    assert len(got.hurried) == told
    if told:
        assert got.hurried[0].ratio == pytest.approx(2.0, rel=0.2)
        assert got.ratio == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize(("gone_s", "seen_again"), [(4.0, 4.0), (4.0, 6.5), (0.7, 9.0)])
def test_what_happened_out_of_sight_is_neither_a_pause_nor_haste(gone_s, seen_again):
    time, place = walk([(10, 1.0)], fps=10.0)
    jump = np.where(place > 4, place + seen_again - 4, place)
    time = np.where(place > 4, time + gone_s, time)
    keep = jump <= 10
    got = compute_tempo(time[keep], jump[keep], EVERY[: keep.sum()])
    assert got is not None
    assert got.ratio == pytest.approx(1.0, rel=0.03)
    assert got.pauses == got.hurried == ()


def test_too_little_is_no_tempo():
    assert tempo_of([(1.9, 1.0)]) is None
    assert tempo_of([(0.2, 1.0)]) is None
    time, _ = walk([(9, 1.0)])
    assert compute_tempo(time, np.full(len(time), 3.0), EVERY[: len(time)]) is None
