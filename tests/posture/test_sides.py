from dataclasses import replace

import numpy as np
import pytest

from figures import bow, heavens, make_motion, perform
from posecoach.body import HIPS, MIRROR, SHOULDERS
from posecoach.motion import Observation
from posecoach.posture.facing import HEELS, TOES
from posecoach.posture.sides import SideKeeper


def swap(o: Observation) -> Observation:
    return replace(o, image=o.image[MIRROR], world=o.world[MIRROR], visibility=o.visibility[MIRROR])


def turn_round(o: Observation) -> Observation:
    """As a model that takes the front for the back, or as somebody who has turned."""
    image, world = o.image.copy(), o.world * np.array([1.0, 1.0, -1.0])
    image[[*HEELS, *TOES], 1] = image[[*TOES, *HEELS], 1]
    return swap(replace(o, image=image, world=world))


def blind(o: Observation) -> Observation:
    """As from a tracker that tells neither feet nor depth."""
    image = o.image.copy()
    image[[*HEELS, *TOES]] = np.nan
    return replace(o, image=image, world=np.full_like(o.world, np.nan))


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("frames", [1, 20])
@pytest.mark.parametrize("kind", ["blind", "names", "whole"])
def test_swapped_stretches_are_repaired(form, frames, kind):
    motion, _ = perform(form, repetitions=1, fps=30)
    keeper = SideKeeper()
    bad = {b + k for b in (70, 150, 250) for k in range(frames)}
    make = turn_round if kind == "whole" else swap
    for i, o in enumerate(motion):
        seen = blind(o) if kind == "blind" else o
        got = keeper.step(make(seen) if i in bad else seen)
        for pair in (SHOULDERS, HIPS):
            np.testing.assert_array_equal(got.image[list(pair)], o.image[list(pair)])
        if kind == "names":
            np.testing.assert_array_equal(got.image, o.image)
            np.testing.assert_array_equal(got.world, o.world)
        if i in bad and kind != "blind":
            assert keeper.doubtful
    assert keeper.swaps == len(bad)
    assert not keeper.doubtful


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("tempo", [0.5, 1.0, 2.0])
def test_movement_is_never_taken_for_a_swap(form, tempo):
    motion, _ = perform(form, repetitions=1, tempo=tempo, fps=15)
    keeper = SideKeeper()
    for o in motion:
        assert keeper.step(o) is o
        assert not keeper.doubtful
    assert keeper.swaps == 0


def test_a_swap_while_the_whole_body_steps_aside():
    motion, _ = perform(bow, repetitions=1)
    i = 140
    o = motion.at(i)
    for shift in (-0.12, 0.12):
        keeper = SideKeeper()
        keeper.step(motion.at(i - 1))
        moved = replace(o, image=o.image + np.array([shift, 0.0, 0.0]))
        assert keeper.step(moved) is moved
        keeper = SideKeeper()
        keeper.step(motion.at(i - 1))
        np.testing.assert_array_equal(keeper.step(swap(moved)).image, moved.image)


def test_after_a_long_absence_the_sides_are_believed_anew():
    """Somebody has turned round while nobody was seen."""
    motion, _ = perform(repetitions=1)
    keeper = SideKeeper()
    keeper.step(motion.at(0))
    nobody = Observation.nobody(0.5, 640, 480)
    assert keeper.step(nobody) is nobody
    late = replace(turn_round(motion.at(10)), time_s=3.0)
    assert keeper.step(late) is late
    assert keeper.swaps == 0


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("first", [1, 60])
def test_a_swap_at_the_very_beginning_is_seen_at_once(form, first):
    motion, _ = perform(form, repetitions=1, fps=30)
    keeper = SideKeeper()
    for i, o in enumerate(motion):
        got = keeper.step(swap(o) if i < first else o)
        np.testing.assert_array_equal(got.image, o.image)


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("first", [1, 15])
@pytest.mark.parametrize("kind", ["blind", "whole"])
def test_where_nothing_tells_it_a_swap_at_the_very_beginning_does_not_last(form, first, kind):
    """Half a second may be wrong; the rest of the session must not be."""
    motion, _ = perform(form, repetitions=1, fps=30)
    keeper = SideKeeper()
    make = turn_round if kind == "whole" else swap
    for i, o in enumerate(motion):
        seen = blind(o) if kind == "blind" else o
        got = keeper.step(make(seen) if i < first else seen)
        if i > first + 30:
            assert got is seen


@pytest.mark.parametrize("rise", [2, 5, 8])
def test_a_swap_that_comes_in_slowly_is_repaired_or_told(rise):
    motion, _ = perform(bow, repetitions=1, fps=30)
    keeper = SideKeeper()
    for i, o in enumerate(motion):
        share = float(np.clip(min((i - 100) / rise, (120 - i) / rise), 0, 1))
        mixed = (1 - share) * o.image + share * o.image[MIRROR]
        got = keeper.step(replace(o, image=mixed))
        if share in (0.0, 1.0):
            np.testing.assert_allclose(got.image, o.image)
        else:
            assert keeper.doubtful or share < 0.35
        # Whatever is not told to be in doubt has its sides where they are, or nearly.
        off = np.abs(got.image - o.image)[list(SHOULDERS)].max() / abs(np.diff(o.image[11:13, 0]))
        assert keeper.doubtful or off < 0.35


@pytest.mark.parametrize(("lost", "believed"), [(0, 200), (8, 108)])
def test_a_jump_that_lasts_as_long_as_what_was_before_is_believed(lost, believed):
    """At once if the view was lost for a moment: somebody may have turned round meanwhile."""
    motion, _ = perform(bow, repetitions=1, fps=30)
    keeper, got, doubtful = SideKeeper(), {}, {}
    for i, o in enumerate(motion):
        if 100 <= i < 100 + lost:
            continue
        got[i] = keeper.step(turn_round(o) if i >= 100 else o)
        doubtful[i] = keeper.doubtful
    for i in range(100 + lost, believed - 4):
        np.testing.assert_array_equal(got[i].image[11:13], motion.at(i).image[11:13])
        assert doubtful[i]
    for i in range(believed + 8, len(motion)):
        np.testing.assert_array_equal(got[i].image, turn_round(motion.at(i)).image)
        assert not doubtful[i]


def test_exchanged_sides_against_the_body_are_never_believed():
    motion, _ = perform(bow, repetitions=1, fps=30)
    keeper = SideKeeper()
    for i, o in enumerate(motion):
        np.testing.assert_array_equal(keeper.step(swap(o) if i >= 100 else o).image, o.image)
        assert keeper.doubtful == (i >= 100)


def test_a_recording_that_calls_the_sides_by_other_names_is_believed():
    """From the first to the last frame, as of a picture mirrored after the tracker saw it."""
    motion, _ = perform(bow, repetitions=1, fps=30)
    keeper = SideKeeper()
    got = [keeper.step(swap(o)) for o in motion]
    np.testing.assert_array_equal(got[150].image, swap(motion.at(150)).image)
    assert not keeper.doubtful
    np.testing.assert_array_equal(
        keeper.step(replace(motion.at(200), time_s=99.0)).image, motion.at(200).image
    )


@pytest.mark.parametrize("seconds", [0.7, 2.0, 6.0])
def test_somebody_who_turns_round_is_not_swapped(seconds):
    still = make_motion(np.zeros(1), heavens(np.zeros(1), np.zeros(1))).at(0)
    keeper = SideKeeper()
    for i in range(int(30 * (seconds + 2))):
        a = np.pi * np.clip((i / 30 - 1) / seconds, 0, 1)
        turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
        world = still.world @ turn
        # Seen a little from above, as by a camera at the height of the chest.
        image = np.stack(
            [0.5 + 0.3 * world[:, 0], 0.5 + 0.4 * (world[:, 1] - 0.25 * world[:, 2]), world[:, 2]],
            1,
        )
        o = replace(still, time_s=i / 30, image=image, world=world)
        assert keeper.step(o) is o
    assert keeper.swaps == 0
    assert keeper._facing.facing == -1
