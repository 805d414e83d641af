from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.guidance import STAGES, Stage
from posecoach.coach.plan import (
    FASTEST,
    PASS_AFTER,
    SLOWEST,
    Past,
    evaluate_retention,
    learn_comfort,
    plan_next,
)

LEAN, LATE = "lateral_lean.left", "left_right_delay.right"
JUDGED = frozenset({"lateral_lean", "left_right_delay"})


def session(stage, *faults, n=3, cued=(), judged=JUDGED, tempo=()):
    """Return a session with these faults in each of its repetitions."""
    return Past(Stage(stage), (frozenset(faults),) * n, judged, frozenset(cued), tempo)


def good(stage, **more):
    return session(stage, **more)


def poor(stage):
    return session(stage, LEAN, LATE, cued=[LEAN])


def follow(judge, steps=40):
    """Follow the plan; ``judge(stage, k)`` gives the session that comes of it."""
    past, stages = [], []
    for k in range(steps):
        plan = plan_next(past)
        stages.append(plan.stage)
        past.append(judge(plan.stage, k))
    return stages


def test_the_first_time_everything_is_said():
    assert plan_next([]).stage == Stage.FULL
    assert plan_next([session("none", n=0)]).reason == "first"


def test_less_is_said_as_it_goes_well():
    stages = follow(lambda stage, k: good(stage, cued=[LEAN] if k == 0 else ()))
    guided = [s for s in stages if s != Stage.NONE]
    ranks = [STAGES.index(s) for s in guided]
    assert ranks == sorted(ranks)
    assert guided[:2] == [Stage.FULL] * 2
    assert guided[-1] == Stage.END_OF_SESSION
    assert set(stages) == set(Stage)


def test_a_pass_without_feedback_comes_regularly():
    stages = follow(lambda stage, k: good(stage, cued=[LEAN]))
    passes = [k for k, s in enumerate(stages) if s == Stage.NONE]
    assert passes == list(range(PASS_AFTER, len(stages), PASS_AFTER + 1))


def test_it_never_passes_where_nothing_was_ever_said():
    assert Stage.NONE not in follow(lambda stage, k: good(stage))


def test_when_faults_return_more_is_said():
    before = [good("half"), good("half")]
    assert plan_next(before).stage == Stage.END_OF_PHASE
    plan = plan_next([*before, poor("end_of_phase")])
    assert (plan.stage, plan.reason) == (Stage.HALF, "more")
    assert set(follow(lambda stage, k: poor(stage))) == {Stage.FULL, Stage.NONE}


def test_a_pass_decides_by_what_came_back():
    before = [session("half", cued=[LEAN]), poor("half"), session("half"), session("half")]
    rung = STAGES.index(plan_next(before[:3]).stage)
    well = plan_next([*before, session("none")])
    back = plan_next([*before, session("none", LEAN, n=2)])
    assert STAGES.index(well.stage) > STAGES.index(back.stage)
    assert (well.reason, back.reason) == ("stay", "more")
    assert rung >= STAGES.index(back.stage)


def test_what_a_pass_shows():
    before = [
        session("full", cued=[LEAN, LATE]),
        session("full", cued=["tempo_ratio.fast", "evenness.uneven"]),
    ]
    done = Past(
        Stage.NONE,
        (frozenset(), frozenset({LATE}), frozenset({LATE})),
        frozenset({"lateral_lean", "left_right_delay", "tempo_ratio"}),
    )
    shown = evaluate_retention(before, done)
    assert shown.stayed == (LEAN, "tempo_ratio.fast")
    assert shown.returned == (LATE,)
    assert shown.unseen == ("evenness.uneven",)


sessions = st.lists(
    st.builds(
        Past,
        st.sampled_from(Stage),
        st.lists(st.frozensets(st.sampled_from([LEAN, LATE])), max_size=4).map(tuple),
        st.just(JUDGED),
        st.frozensets(st.sampled_from([LEAN, LATE])),
        st.lists(st.floats(0.2, 3.0), max_size=4).map(tuple),
    ),
    max_size=15,
)


@given(sessions)
def test_whatever_happened_the_plan_is_one_step_at_most(past):
    plan = plan_next(past)
    assert plan == plan_next(past)
    told = [p for p in past if p.faults]
    if told and told[-1].stage != Stage.NONE and plan.stage != Stage.NONE:
        assert abs(STAGES.index(plan.stage) - STAGES.index(told[-1].stage)) <= 1
    slow, fast = plan.comfort.tempo
    assert SLOWEST <= slow <= 1.0 <= fast <= FASTEST
    for k, p in enumerate(told):
        shown = evaluate_retention(told[:k], p)
        parts = (*shown.stayed, *shown.returned, *shown.unseen)
        assert len(parts) == len(set(parts))


def test_ones_own_tempo_is_left_in_peace():
    slow = [session("full", tempo=(0.7, 0.72, 0.7))] * 2
    low, high = learn_comfort(slow).tempo
    assert 0.65 < low < 0.75
    assert high == 1.0
    hasty = [session("full", tempo=(1.6, 1.7, 1.6))] * 2
    assert learn_comfort(hasty).tempo == (1.0, FASTEST)
    assert learn_comfort(slow[:1]).tempo == (1.0, 1.0)
