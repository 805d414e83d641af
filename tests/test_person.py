"""A track that jumps to somebody else, in the core."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, perform
from posecoach.coach.session import Session
from posecoach.motion import Motion, Observation
from posecoach.person import PersonKeeper, locate
from posecoach.reference.library import open_form


def shifted(o: Observation, x: float, scale: float = 1.0) -> Observation:
    """Return the same body elsewhere, and larger."""
    image = o.image.copy()
    middle = image[[23, 24]].mean(axis=0)
    image = middle + scale * (image - middle) + np.array([x, 0.0, 0.0])
    return replace(o, image=image)


def follow(motion, change=lambda i, o: o):
    keeper = PersonKeeper()
    return [keeper.step(change(i, o)) for i, o in enumerate(motion)]


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("fps", [8, 15, 30])
def test_movement_is_nobody_elses(form, fps):
    motion, _ = perform(form, repetitions=1, fps=fps, tempo=1.5)
    assert set(follow(motion)) == {None}


def test_no_form_in_the_library_is_taken_for_two_people():
    for name in ("drawing-the-bow", "separating-heaven-and-earth"):
        for take in open_form(name).takes:
            assert set(follow(take.motion)) == {None}


HEAVENS = perform(repetitions=1, fps=30)[0]


@settings(max_examples=20, deadline=None)
@given(
    x=st.sampled_from([-0.3, 0.3, 0.25]),
    scale=st.floats(0.6, 1.8),
    first=st.integers(40, 200),
    length=st.integers(1, 100),
)
def test_a_jump_to_somebody_else_is_noticed_and_so_is_the_way_back(x, scale, first, length):
    got = follow(HEAVENS, lambda i, o: shifted(o, x, scale) if first <= i < first + length else o)
    assert set(got[:first]) == {None}
    assert set(got[first : first + length]) == {"other_person"}
    assert set(got[first + length + 1 :]) == {None}


@pytest.mark.parametrize("scale", [1.6, 0.55])
def test_somebody_before_or_behind_is_told_by_size(scale):
    motion, _ = perform(repetitions=1, fps=30)
    got = follow(motion, lambda i, o: shifted(o, 0.0, scale) if 90 <= i < 150 else o)
    assert set(got[90:150]) == {"other_person"}
    assert set(got[151:]) == {None}


def test_walking_to_ones_place_is_followed_and_believed_on_arrival():
    motion, _ = perform(repetitions=1, stand_s=6, fps=30)

    def walk(i, o):
        u = min(max(i - 30, 0) / 45, 1.0)
        return shifted(o, -0.35 * u, float(np.exp(-0.4 * u)))

    got = follow(motion, walk)
    assert "other_person" not in got
    assert "walking" in got[30:90]
    assert set(got[75 + 36 :]) == {None}


def test_whoever_stays_is_meant_in_the_end():
    motion, _ = perform(repetitions=2, fps=15)
    got = follow(motion, lambda i, o: shifted(o, 0.3) if i >= 60 else o)
    assert got[60] == got[60 + 15 * 5] == "other_person"
    assert set(got[60 + 15 * 7 :]) == {None}


def test_after_a_while_without_anybody_whoever_comes_is_welcome():
    motion, _ = perform(repetitions=1, fps=30)

    def change(i, o):
        if 60 <= i < 95:
            return Observation.nobody(o.time_s, o.width, o.height)
        return shifted(o, 0.3, 1.5) if i >= 95 else o

    assert set(follow(motion, change)) == {None}


def test_the_size_stays_in_a_bend_and_a_squat():
    upright, _ = perform(repetitions=1, fps=10)
    bent, _ = perform(repetitions=1, fps=10, figure=Figure(trunk=0.15))
    low, _ = perform(repetitions=1, fps=10, figure=Figure(thigh=0.1))
    size = locate(upright.at(0)).size
    assert locate(bent.at(0)).size == pytest.approx(size, rel=0.15)
    assert locate(low.at(0)).size == pytest.approx(size, rel=0.15)


def test_a_stranger_in_a_recording_is_not_coached_and_changes_no_measure():
    form = open_form("two-hands-hold-up-the-heavens")
    motion = form.takes[0].motion
    before = motion.at(0)
    still = [replace(before, time_s=before.time_s - 2 + k / 30) for k in range(60)]
    whole = Motion.from_observations([*still, *motion])

    def run(change):
        session = Session(form)
        states = [session.step(change(i, o)) for i, o in enumerate(whole)]
        session.finish()
        return session, states

    clean, _ = run(lambda i, o: o)
    # Somebody who leans by 25 degrees, as far as the track is theirs.
    taken = range(150, 190)

    def steal(i, o):
        if i not in taken:
            return o
        moved = shifted(o, 0.28, 1.3)
        image = moved.image.copy()
        image[:25, 0] += 0.5 * (image[23:25, 1].mean() - image[:25, 1])
        return replace(moved, image=image)

    stolen, states = run(steal)
    assert {states[i].reason for i in taken} == {"other_person"}
    assert not any(states[i].judgements for i in taken)
    assert stolen.cues == clean.cues == []
    assert len(stolen.repetitions) == len(clean.repetitions) == 1
    for name, a in clean.repetitions[0].measures.items():
        b = stolen.repetitions[0].measures[name]
        if a.judged and b.judged:
            assert abs(a.deviation - b.deviation) <= max(a.uncertainty, b.uncertainty), name


def test_no_size_is_too_strange():
    o = perform(repetitions=1, fps=10)[0].at(0)
    keeper, told = PersonKeeper(), []
    for i, size in enumerate([1.0, 1e-300, 1e300, 1e-300, 1e308, 1.0]):
        told.append(keeper.step(replace(o, time_s=i / 10, image=o.image * size)))
    assert told[0] is None
    assert set(told[1:4]) == {"other_person"}
