import gc
import warnings
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from figures import Figure, bow, heavens, make_motion
from figures import perform as figure_perform
from follow_tracks import perform_leaping, teach_sequence
from posecoach.body import INDEX, get_skeleton
from posecoach.coach.session import Session
from posecoach.coach.state import State, Status
from posecoach.motion import Motion, Observation
from posecoach.reference.sequence import Phase, Sequence

PHASES = (Phase("raise", 0.0, 4.5, "in"), Phase("hold", 4.5, 5.5), Phase("lower", 5.5, 10.0, "out"))
FORMS = {heavens: teach_sequence(heavens, phases=PHASES), bow: teach_sequence(bow)}


perform = partial(figure_perform, fps=20.0)


def run(motion, form=heavens, **more) -> tuple[Session, list[State]]:
    session = Session(FORMS[form], **more)
    states = [session.step(o) for o in motion]
    session.finish()
    return session, states


@pytest.mark.parametrize("form", [heavens, bow])
@pytest.mark.parametrize("tempo", [0.8, 1.2])
def test_a_clean_performance_by_another_body_is_left_in_peace(form, tempo):
    figure = Figure(trunk=0.56, upper_arm=0.25, scale=0.3, noise=0.002, roll_deg=3.0)
    motion, _ = perform(form, tempo=tempo, figure=figure)
    session, states = run(motion, form)
    assert session.cues == []
    assert len(session.repetitions) == 2
    for r in session.repetitions:
        assert r.tempo.ratio == pytest.approx(tempo, rel=0.03)
    assert session.seen == 1.0
    assert session.view == "front"
    assert session.calibration.roll_deg == pytest.approx(3.0, abs=0.5)
    assert sum(s.finished is not None for s in states) == 2


def test_the_states_tell_the_course():
    motion, true = perform(repetitions=1, stand_s=3.0, pause=(2.5, 3.0))
    _, states = run(motion)
    status = np.array([s.status for s in states])
    early = status[14:54].tolist()
    assert set(early) <= {Status.CALIBRATING, Status.READY}
    assert Status.READY in early
    going = (true > 1.5) & (true < 2.3)
    assert set(status[going]) == {Status.MOVING}
    held = np.flatnonzero(np.diff(true) == 0)
    assert Status.PAUSED in status[held[40:]]
    assert status[-1] == Status.READY
    for s, place in zip(states, true, strict=True):
        if s.phase is not None and 1 < place < 9 and abs(place - 4.5) > 0.6 < abs(place - 5.5):
            assert s.phase.id == FORMS[heavens].phase_at(place).id
        if s.place_s is None:
            assert s.phase is None


def late_left(**more):
    return perform(repetitions=1, delay_left_s=0.4, **more)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_lean_is_cued_while_it_happens_with_its_side(side):
    sign = 1 if side == "left" else -1
    upright, true = perform(repetitions=1)
    n = np.isfinite(true).sum()
    lean = np.zeros(len(true))
    lean[np.isfinite(true)] = (
        sign * 9.0 * np.clip(np.minimum(np.arange(n), np.arange(n)[::-1]) / 20, 0, 1)
    )
    held = np.nan_to_num(true)
    motion = make_motion(upright.time_s, heavens(held, held, lean=lean))
    session, states = run(motion)
    first = session.cues[0]
    assert (first.measure, first.direction) == ("lateral_lean", side)
    assert first.deviation == pytest.approx(sign * 9.0, abs=1.5)
    assert first.time_s < 2.0 + 3.5
    at = next(s for s in states if s.new_cue is not None)
    assert at.cue is at.new_cue is first
    assert at.judgements["lateral_lean"].excess() > 0
    assert {c.direction for c in session.cues if c.measure == "lateral_lean"} == {side}


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_late_side_is_cued_when_the_repetition_is_over(side):
    motion, _ = late_left()
    if side == "right":
        motion = motion.mirrored()
    session, _ = run(motion)
    said = {(c.measure, c.direction) for c in session.cues}
    assert said == {("left_right_delay", side)}


def test_what_the_last_repetition_shows_is_said_though_the_recording_ends():
    motion, true = perform(repetitions=1, delay_left_s=0.4, stand_s=2.0)
    end = float(motion.time_s[np.isfinite(true)][-1])
    session, states = run(motion.cut(0, end + 0.1))
    assert all(s.new_cue is None for s in states)
    assert len(session.repetitions) == 1
    assert [(c.measure, c.direction) for c in session.cues] == [("left_right_delay", "left")]
    assert session.cues[0].time_s == states[-1].time_s
    silent, _ = run(motion.cut(0, end + 0.1), coaching=False)
    assert silent.cues == []


@pytest.mark.parametrize(("tempo", "way"), [(1.9, "fast"), (0.5, "slow")])
def test_tempo_is_cued(tempo, way):
    motion, _ = perform(repetitions=1, tempo=tempo)
    session, _ = run(motion)
    assert ("tempo_ratio", way) in {(c.measure, c.direction) for c in session.cues}
    assert all(c.measure in ("tempo_ratio", "evenness") for c in session.cues)


def test_silence_measures_the_same():
    motion, _ = late_left()
    loud, _ = run(motion)
    silent, _ = run(motion, coaching=False)
    assert silent.cues == []
    assert [r.measures for r in silent.repetitions] == [r.measures for r in loud.repetitions]


def test_the_same_recording_gives_the_same_states():
    motion, _ = late_left(figure=Figure(noise=0.003))
    a, first = run(motion)
    b, second = run(motion)
    assert a.cues == b.cues
    assert [(s.place_s, s.certainty, s.status) for s in first] == [
        (s.place_s, s.certainty, s.status) for s in second
    ]


def test_leaving_and_coming_back():
    motion, true = perform(repetitions=3, between_s=2.0)
    gone = (true > 3) & (motion.time_s > 14) & (motion.time_s < 20)
    image = motion.image.copy()
    image[gone] = np.nan
    session, states = run(replace(motion, image=image))
    status = np.array([s.status for s in states])
    assert set(status[gone]) == {Status.NOBODY}
    assert all(s.place_s is None and s.reason == "nobody" for s in np.array(states)[gone])
    assert session.seen == pytest.approx(1 - gone.mean(), abs=0.01)
    assert session.repetitions[-1].end_s > 26
    assert session.cues == []


def test_nobody_at_all():
    session, states = run([Observation.nobody(i / 30, 640, 480) for i in range(60)])
    assert {s.status for s in states} == {Status.NOBODY}
    assert (session.seen, session.view, session.calibration) == (0.0, "unknown", None)
    assert session.finish() is None


def test_half_a_body_is_told_with_the_reason():
    motion, _ = perform(repetitions=1, figure=Figure(centre=(0.5, 1.1)))
    _, states = run(motion)
    assert {(s.status, s.reason) for s in states} == {(Status.INCOMPLETE, "cut_off")}


def test_from_the_side_nothing_is_claimed():
    motion, _ = perform(repetitions=1)
    turned = motion.world.copy()
    turned[..., 0], turned[..., 2] = motion.world[..., 2], -motion.world[..., 0]
    image = motion.image.copy()
    image[..., 0] = 0.5 + turned[..., 0] * 0.4 * 480 / 640
    session, states = run(replace(motion, image=image, world=turned))
    assert session.view == "side"
    for s in states:
        assert not any(j.judged for j in s.judgements.values())
    assert session.cues == []


@pytest.mark.parametrize("skeleton", ["kinect-v2", "coco-17"])
@pytest.mark.parametrize("columns", [2, 3])
def test_other_trackers_work_without_a_warning(skeleton, columns):
    kind = get_skeleton(skeleton)
    motion, _ = perform(repetitions=1, lean=0.0)
    source = np.zeros((len(motion), len(kind.joints), columns))
    points = motion.world if columns == 3 else motion.plane()
    for ours, theirs in kind.mapping.items():
        source[:, kind.joints.index(theirs)] = points[:, INDEX[ours]]
    got = Motion.from_points(source, motion.time_s, skeleton)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        session = Session(Sequence.from_takes([got]))
        for o in got:
            session.step(o)
        session.finish()
    assert session.cues == []
    assert len(session.repetitions) == 1


@pytest.mark.parametrize("fps", [12.0, 40.0])
def test_other_frame_rates(fps):
    motion, _ = perform(fps=fps, repetitions=1)
    session, _ = run(motion)
    (r,) = session.repetitions
    assert r.tempo.ratio == pytest.approx(1.0, abs=0.03)
    assert session.cues == []


def test_memory_stays_flat():
    """Standing about for long keeps no frames."""
    motion, _ = perform(repetitions=1)
    session = Session(FORMS[heavens])
    still = motion.at(5)
    sizes = []
    for i in range(600):
        session.step(replace(still, time_s=i / 30))
        if i in (299, 599):
            gc.collect()
            sizes.append(sum(1 for o in gc.get_objects() if isinstance(o, (Observation, tuple))))
    assert sizes[1] < sizes[0] + 300


@pytest.mark.parametrize(("taught", "done"), [(heavens, bow), (bow, heavens)])
def test_another_form_is_neither_measured_nor_cued(taught, done):
    motion, *_ = perform(done, repetitions=2)
    session, _ = run(motion, taught)
    assert session.repetitions == []
    assert session.cues == []


def test_a_phase_has_words_of_its_own():
    words = {"lateral_lean.left": {"de": ("Wie eine Kiefer",), "en": ("Like a pine",)}}
    form = replace(FORMS[heavens], cues={"lateral_lean.left": {"en": ("Crown up",)}})
    own = replace(form, phases=(PHASES[0], replace(PHASES[1], cues=words), PHASES[2]))
    assert own.cues_in("hold") == words
    assert own.cues_in("raise") == own.cues_in(None) == form.cues
    place = np.arange(0, 14, 0.05) - 3.0
    lean = 14.0 * ((place > 3.0) & (place < 7.0))
    still = np.clip(place, 0, 10)
    leaning = make_motion(place + 3.0, heavens(still, still, lean=lean))
    session = Session(
        replace(own, phases=(replace(PHASES[1], start_s=0.0, end_s=10.0, cues=words),))
    )
    for o in leaning:
        session.step(o)
    session.finish()
    assert next(c.text for c in session.cues if c.measure == "lateral_lean") == "Like a pine"


@pytest.mark.parametrize(
    ("form", "parts"), [(bow, [(0, 3.0), (6.2, 10)]), (heavens, [(0, 5.5), (2.0, 10)])]
)
def test_a_part_left_out_or_repeated_is_neither_haste_nor_dawdling(form, parts):
    motion, true = perform_leaping(form, parts)
    session, states = run(motion, form)
    assert session.cues == []
    (repetition,) = session.repetitions
    (leap,) = repetition.leaps
    assert (leap.to_s - leap.from_s) * (parts[1][0] - parts[0][1]) > 0
    assert repetition.tempo.ratio == pytest.approx(1.0, rel=0.05)
    assert repetition.tempo.hurried == repetition.tempo.pauses == ()
    way = np.isfinite([s.place_s or np.nan for s in states]) & ~np.isfinite(true)
    assert way.mean() < 0.2


def test_what_begins_in_the_middle_is_followed_but_no_repetition():
    motion, true = perform(repetitions=1)
    middle = float(motion.time_s[np.flatnonzero(true > 3.8)[0]])
    session, states = run(motion.cut(middle, 99.0))
    assert session.repetitions == []
    assert session.cues == []
    given = np.array([s.place_s or np.nan for s in states])
    true = true[motion.time_s >= middle][: len(given)]
    assert np.isfinite(given[true < 9.0]).mean() > 0.6
    assert np.nanmax(np.abs(given - true)) < 0.7
