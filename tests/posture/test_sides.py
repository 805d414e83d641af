from dataclasses import replace

import numpy as np
import pytest

from figures import bow, heavens, perform
from posecoach.body import MIRROR
from posecoach.motion import Observation
from posecoach.posture.sides import SideKeeper


def swap(o: Observation) -> Observation:
    return replace(o, image=o.image[MIRROR], world=o.world[MIRROR], visibility=o.visibility[MIRROR])


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("frames", [1, 9, 20])
def test_swapped_stretches_are_repaired(form, frames):
    motion, _ = perform(form, repetitions=1, fps=30)
    keeper = SideKeeper()
    bad = {b + k for b in (70, 150, 250) for k in range(frames)}
    for i, o in enumerate(motion):
        got = keeper.step(swap(o) if i in bad else o)
        np.testing.assert_array_equal(got.image, o.image)
        np.testing.assert_array_equal(got.world, o.world)
    assert keeper.swaps == len(bad)


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("tempo", [0.5, 1.0, 2.0])
def test_movement_is_never_taken_for_a_swap(form, tempo):
    motion, _ = perform(form, repetitions=1, tempo=tempo, fps=15)
    keeper = SideKeeper()
    for o in motion:
        assert keeper.step(o) is o
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
    motion, _ = perform(repetitions=1)
    keeper = SideKeeper()
    keeper.step(motion.at(0))
    nobody = Observation.nobody(0.5, 640, 480)
    assert keeper.step(nobody) is nobody
    late = replace(swap(motion.at(10)), time_s=3.0)
    assert keeper.step(late) is late
    assert keeper.swaps == 0


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("first", [1, 5, 15])
def test_a_swap_at_the_very_beginning_does_not_last(form, first):
    """Half a second may be wrong; the rest of the session must not be."""
    motion, _ = perform(form, repetitions=1, fps=30)
    keeper = SideKeeper()
    for i, o in enumerate(motion):
        got = keeper.step(swap(o) if i < first else o)
        if i > first + 30:
            assert got is o


def test_a_swap_that_comes_in_slowly_does_not_last():
    motion, _ = perform(bow, repetitions=1, fps=30)
    keeper = SideKeeper()
    for i, o in enumerate(motion):
        share = float(np.clip(min((i - 100) / 5, (120 - i) / 5), 0, 1))
        seen = replace(o, image=(1 - share) * o.image + share * o.image[MIRROR])
        got = keeper.step(seen)
        if i > 120 + 30:
            assert got is seen


def test_what_lasts_longer_than_any_swap_is_believed():
    """Somebody who has turned round while the view was lost for a moment, say."""
    motion, _ = perform(bow, repetitions=1, fps=30)
    keeper = SideKeeper()
    got = [keeper.step(swap(o) if i >= 100 else o) for i, o in enumerate(motion)]
    np.testing.assert_array_equal(got[110].image, motion.at(110).image)
    np.testing.assert_array_equal(got[140].image, swap(motion.at(140)).image)
