from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, bow, heavens, make_motion, perform
from posecoach.analysis import analyze
from posecoach.body import ELBOWS, WRISTS
from posecoach.motion import Motion
from posecoach.reference.sequence import Sequence


def once(form=heavens, fps=30.0, seconds=10.0, part=(0.0, 1.0), figure=None, **more):
    """Return exactly one repetition, without quiet standing, or a part of it."""
    places = np.arange(part[0] * 10, part[1] * 10 + 1e-9, 10 / seconds / fps)
    return make_motion(np.arange(len(places)) / fps, form(places, places, **more), figure)


TEACHER = Sequence.from_takes([once()])


@pytest.mark.parametrize(("fps", "seconds"), [(10.0, 7.0), (60.0, 8.0), (12.0, 16.0)])
def test_a_recording_cut_to_the_form_is_one_repetition(fps, seconds):
    got = analyze(once(fps=fps, seconds=seconds, figure=Figure(0.45, noise=0.002)), TEACHER)
    (r,) = got.repetitions
    assert r.measures["tempo_ratio"].value == pytest.approx(10 / seconds, rel=0.05)
    assert r.measures["lateral_lean"].judged
    assert r.end_s - r.start_s > 0.8 * seconds


@pytest.mark.parametrize("part", [(0.0, 0.5), (0.5, 1.0), (0.3, 0.7), (0.0, 0.1)])
def test_a_part_of_the_form_is_no_repetition(part):
    assert analyze(once(part=part, fps=15), TEACHER).repetitions == []


@pytest.mark.parametrize(("taught", "done"), [(heavens, bow), (bow, heavens)])
def test_another_form_cut_as_short_is_none_either(taught, done):
    assert analyze(once(done, fps=15), Sequence.from_takes([once(taught)])).repetitions == []


def test_standing_about_is_none():
    still = once(fps=15)
    still = replace(still, image=np.repeat(still.image[:1], len(still), axis=0))
    assert analyze(still, TEACHER).repetitions == []


def test_a_tracker_without_wrists_still_shows_the_trunk():
    """What needs the wrists says so; the trunk is judged."""
    motion, _ = perform(repetitions=1, lean=9.0, fps=15)
    hands = [*WRISTS, *range(17, 23)]

    def blind(m: Motion) -> Motion:
        image, world, visibility = m.image.copy(), m.world.copy(), m.visibility.copy()
        image[:, hands], world[:, hands], visibility[:, hands] = np.nan, np.nan, 0.0
        return replace(m, image=image, world=world, visibility=visibility)

    teacher = Sequence.from_takes([blind(perform(repetitions=1, fps=15)[0])])
    assert np.isfinite(blind(motion).image[:, list(ELBOWS), :2]).all()
    (r,) = analyze(blind(motion), teacher).repetitions
    assert r.measures["lateral_lean"].judged
    assert r.measures["lateral_lean"].worst == pytest.approx(9.0, abs=1.0)
    for measure in ("arm_height_difference", "left_right_delay", "joint_angle.left_elbow"):
        assert not r.measures[measure].judged
        assert r.measures[measure].reason
