"""The feedback policy (docs/feedback-policy.md) as a state machine, whatever happens."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.test_session import PHASES, perform, run
from posecoach.coach.cues import (
    GAP_S,
    HOLD_S,
    LIVE_ERRORS,
    PRIORITY,
    REPEAT_S,
    CueChooser,
    compute_gap,
)
from posecoach.coach.faults import find_faults
from posecoach.coach.guidance import Guidance, Stage
from posecoach.coach.words import cue_text
from posecoach.measure.judgement import Judgement, get_floor, get_unit
from posecoach.measure.repetition import Repetition
from posecoach.reference.sequence import Phase

STEP = 0.1
LIVE = ("lateral_lean", "shoulder_tilt", "pelvis_tilt")
WHOLE = ("arm_height_difference", "left_right_delay", "tempo_ratio", "joint_angle.left_elbow")


def read(measure, share, judged=True):
    """Return a reading whose deviation is so many times the tolerance."""
    floor = get_floor(measure)
    error = 0.1 * floor
    return Judgement(
        share * floor, 0.0, share * floor, None, error, floor, get_unit(measure), judged, None
    )


def words(measure, direction, variant, phase=None):
    return cue_text(measure, direction, "en", variant=variant)


class Trace:
    """A practice: live stretches, absences and repetitions, and what came of them."""

    def __init__(self, events, guidance, gap_s=GAP_S):
        self.chooser = CueChooser(words, guidance, gap_s)
        self.said, self.t = [], 0.0
        self.fresh = {}  # when each measure was last read, what, and by how much it was sure
        self.sure = {}  # by measure: times and by how much it was beyond tolerance and error
        self.beyond = {}  # since when each (measure, direction) is beyond without a break
        self.reviewed = {}
        self.ended = [0.0]  # when a phase or repetition ended
        self.phase = None
        for event in events:
            getattr(self, event[0])(*event[1:])

    def live(self, seconds, shares, phase):
        for _ in range(round(seconds / STEP)):
            readings = self.chooser.guidance.fit({m: read(m, s) for m, s in shares.items()})
            if self.phase not in (None, phase):
                self.ended.append(self.t)
            self.phase = phase
            for m, j in readings.items():
                self.sure.setdefault(m, []).append((self.t, j.excess(errors=LIVE_ERRORS)))
                held = [x for t, x in self.sure[m] if t >= self.t - HOLD_S - STEP]
                self.fresh[m] = (self.t, j, sum(held) / len(held))
            self.chooser.watch(self.t, readings, phase)
            self.speak()

    def away(self, seconds):
        for _ in range(round(seconds / STEP)):
            self.chooser.watch(self.t, {}, None)
            self.speak()

    def repetition(self, shares):
        measures = {m: read(m, s) for m, s in shares.items()}
        over = Repetition(self.t - 10, self.t, measures, {}, None, None)
        self.chooser.review(self.t, over, lambda place: None)
        for m, j in measures.items():
            self.reviewed[m] = (self.t, j)
        self.ended.append(self.t)
        self.phase = None
        self.speak()

    def speak(self):
        cue = self.chooser.speak(self.t)
        if cue is not None:
            self.said.append((cue, dict(self.fresh), dict(self.reviewed), list(self.ended)))
        self.t += STEP


shares = st.floats(-3, 3)
events = st.lists(
    st.one_of(
        st.tuples(
            st.just("live"),
            st.floats(0.3, 8.0),
            st.dictionaries(st.sampled_from(LIVE), shares, max_size=3),
            st.sampled_from(["raise", "hold", "lower"]),
        ),
        st.tuples(st.just("away"), st.floats(0.2, 12.0)),
        st.tuples(
            st.just("repetition"),
            st.dictionaries(st.sampled_from(LIVE + WHOLE), shares, max_size=5),
        ),
    ),
    max_size=20,
)
guidances = st.builds(
    Guidance, stage=st.sampled_from(Stage), strictness=st.floats(0.5, 2.0), gentle=st.booleans()
)


@given(events, guidances, st.sampled_from([GAP_S, 10.0]))
@settings(deadline=None, max_examples=120)
def test_whatever_happens_the_policy_holds(happened, guidance, gap_s):
    trace = Trace(happened, guidance, gap_s)
    cues = [c for c, *_ in trace.said]
    held = trace.chooser.held_back
    # One at a time, with time between, whether said or held back.
    times = sorted(c.time_s for c in [*cues, *held])
    assert all(b - a >= gap_s - 1e-6 for a, b in pairwise(times))
    # Never the same words twice running; the same thing only after a while.
    assert all(a.text != b.text for a, b in pairwise(cues))
    for i, a in enumerate(cues):
        for b in cues[i + 1 :]:
            if (a.measure, a.direction) == (b.measure, b.direction):
                assert b.time_s - a.time_s >= REPEAT_S - 1e-6
    for c in [*cues, *held]:
        # Nothing within tolerance or uncertainty.
        assert abs(c.deviation) > c.tolerance + c.uncertainty
        assert c.tolerance >= get_floor(c.measure)
    for cue, fresh, reviewed, ended in trace.said:
        # Only what is seen at this moment, or what the last repetition showed.
        at, j, sure = fresh.get(cue.measure, (float("-inf"), None, 0.0))
        told, _ = reviewed.get(cue.measure, (float("-inf"), None))
        seen_now = cue.time_s - at <= 0.5 + STEP
        if guidance.stage != Stage.END_OF_PHASE and seen_now:
            seen_now = j.excess(errors=0.0) > 0 and sure > 0
        assert seen_now or cue.time_s - told <= 12.0
        if guidance.stage == Stage.END_OF_PHASE:
            assert any(0 <= cue.time_s - e <= 12.0 for e in ended)
    if not guidance.speaks:
        assert cues == []
    if guidance.stage in (Stage.FULL, Stage.END_OF_PHASE):
        assert held == []


@given(events)
@settings(deadline=None, max_examples=40)
def test_the_same_practice_gives_the_same_cues(happened):
    for stage in Stage:
        a, b = (Trace(happened, Guidance(stage)) for _ in range(2))
        assert [c for c, *_ in a.said] == [c for c, *_ in b.said]
        assert a.chooser.held_back == b.chooser.held_back


@given(events)
@settings(deadline=None, max_examples=40)
def test_stages_hold_back_but_judge_alike(happened):
    """What half and none say and hold back together is deserved as under full guidance."""
    full = [(c.time_s, c.measure) for c, *_ in Trace(happened, Guidance()).said]
    silent = Trace(happened, Guidance(Stage.NONE)).chooser.held_back
    assert [(c.time_s, c.measure) for c in silent] == full
    half = Trace(happened, Guidance(Stage.HALF))
    both = [*(c for c, *_ in half.said), *half.chooser.held_back]
    assert sorted((c.time_s, c.measure) for c in both) == full
    for measure, direction in {(c.measure, c.direction) for c in both}:
        said = sum((c.measure, c.direction) == (measure, direction) for c, *_ in half.said)
        all_ = sum((c.measure, c.direction) == (measure, direction) for c in both)
        assert said == (all_ + 1) // 2


@given(st.permutations(LIVE + WHOLE), st.integers(1, 7))
def test_the_first_said_is_the_first_in_rank(order, n):
    trace = Trace([("repetition", {m: 2.0 for m in order[:n]})], Guidance())
    # Without what a lean or an arm brings with it.
    faults = find_faults({m: read(m, 2.0) for m in order[:n]})
    rank = [PRIORITY.index(m.split(".")[0]) for m in faults]
    assert PRIORITY.index(trace.said[0][0].measure.split(".")[0]) == min(rank)


def test_hysteresis_neither_repeats_nor_praises_at_the_edge():
    edge = [("live", 2.0, {"lateral_lean": 2.0}, "raise")]
    edge += [("live", 1.0, {"lateral_lean": s}, "raise") for s in (0.8, 1.3) * 10]
    trace = Trace(edge, Guidance())
    assert len(trace.said) == 1
    assert trace.chooser.praise_until_s < 0
    trace.live(1.0, {"lateral_lean": 0.5}, "raise")
    assert trace.chooser.praise_until_s > 0


def test_what_waits_is_not_said_once_it_is_well_or_out_of_sight():
    tilt = [("repetition", {"tempo_ratio": 2.0}), ("live", 2.0, {"shoulder_tilt": 2.0}, "raise")]
    well = Trace([*tilt, ("live", 8.0, {"shoulder_tilt": 0.9}, "raise")], Guidance())
    assert [c.measure for c, *_ in well.said] == ["tempo_ratio"]
    gone = Trace([*tilt, ("away", 8.0)], Guidance())
    assert [c.measure for c, *_ in gone.said] == ["tempo_ratio"]
    still = Trace([*tilt, ("live", 8.0, {"shoulder_tilt": 2.0}, "raise")], Guidance())
    assert [c.measure for c, *_ in still.said] == ["tempo_ratio", "shoulder_tilt"]


def test_what_the_last_repetition_showed_is_not_said_to_one_who_does_it_well_by_now():
    """It waits for its turn behind a cue just given; meanwhile one is upright."""
    lean = [("live", 1.5, {"lateral_lean": 2.0}, "raise"), ("away", 10.0)]
    lean += [("repetition", {"lateral_lean": 2.0})]
    well = Trace([*lean, ("live", 15.0, {"lateral_lean": 0.1}, "raise")], Guidance())
    assert [c.time_s for c, *_ in well.said] == [pytest.approx(0.9, abs=0.11)]
    unseen = Trace([*lean, ("away", 15.0)], Guidance())
    assert len(unseen.said) == 2


def test_what_has_no_other_words_is_not_said_again():
    chooser = CueChooser(lambda *key: "Always the same")
    said = 0
    for k in range(600):
        chooser.watch(k * STEP, {"lateral_lean": read("lateral_lean", 2.0 * (k % 50 > 10))}, None)
        said += chooser.speak(k * STEP) is not None
    assert said == 1


@pytest.mark.parametrize(
    ("marks", "gap"),
    [
        ((), GAP_S),
        (PHASES, 10.0),
        ((Phase("a", 0, 2, "in"), Phase("b", 2, 4, "out"), Phase("c", 4, 6, "in")), GAP_S),
        ((Phase("a", 0, 4, "in"), Phase("b", 4, 8, "out"), Phase("c", 8, 12, "in")), 8.0),
        ((Phase("a", 0, 40, "in"), Phase("b", 40, 80, "out")), GAP_S),
        ((Phase("a", 0, 9, "free"),), GAP_S),
    ],
)
def test_a_breath_lies_between_two_cues(marks, gap):
    assert compute_gap(marks) == gap


# On replayed sessions: the engine itself.


@pytest.fixture(scope="module")
def leaning():
    motion, _ = perform(repetitions=1)
    t = motion.time_s
    return perform(repetitions=1, lean=10.0 * ((t > 3.0) & (t < 11.0)))[0]


@pytest.fixture(scope="module")
def full(leaning):
    return run(leaning)[0]


def test_at_the_end_of_the_phase(leaning, full):
    later, states = run(leaning, guidance=Guidance(Stage.END_OF_PHASE))
    assert full.cues
    assert full.cues[0].phase == later.cues[0].phase == "raise"
    said = next(s for s in states if s.new_cue is not None)
    before = states[states.index(said) - 1]
    assert (before.phase.id, said.phase.id) == ("raise", "hold")


@pytest.mark.parametrize("stage", [Stage.END_OF_SESSION, Stage.NONE])
def test_silent_stages_keep_what_they_saw(leaning, full, stage):
    silent, states = run(leaning, guidance=Guidance(stage))
    assert silent.cues == []
    assert [replace(c, text="") for c in silent.held_back] == [
        replace(c, text="") for c in full.cues
    ]
    assert [s.held_back for s in states if s.held_back] == silent.held_back
    assert not any(s.praise or s.cue for s in states)
    assert all(s.guidance.stage == stage for s in states)


def test_a_comfortable_tempo_and_mild_tolerances_are_silence():
    slow, _ = perform(repetitions=1, tempo=0.6)
    assert run(slow)[0].cues
    assert run(slow, guidance=Guidance(gentle=True))[0].cues == []
