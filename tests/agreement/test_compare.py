"""The coach's analyses are written down here, so that each count can be followed by hand."""

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.agreement import Labels, compare, json_schema
from posecoach.agreement.labels import Remark
from posecoach.errors import UsageError
from posecoach.result import (
    Analysis,
    CueResult,
    PlaceResult,
    ReferenceInfo,
    RepetitionResult,
    VideoInfo,
)

SPANS = ((2.0, 12.0), (12.5, 22.5))


def saw(name, *cues, spans=SPANS):
    """Return what the coach made of a clip: repetitions and cues."""
    return Analysis(
        video=VideoInfo(path=f"x/{name}.mp4", width=1, height=1, fps=1, frames=1, duration_s=1),
        reference=ReferenceInfo(id="form", duration_s=10),
        view="front",
        seen=1.0,
        repetitions=[RepetitionResult(start_s=a, end_s=b, measures={}) for a, b in spans],
        cues=[
            CueResult(
                time_s=t, measure=m, phase=None, direction=d, deviation=1, tolerance=1,
                uncertainty=1, text="",
            )
            for t, m, d in cues
        ],
        place=PlaceResult(time_s=[], reference_s=[]),
        message=None if spans else "Expected at least one whole repetition",
    )  # fmt: skip


def says(rater, **clips):
    return Labels(rater, {c: tuple(Remark(*r) for r in remarks) for c, remarks in clips.items()})


LEAN, DELAY, TEMPO = "lateral_lean", "left_right_delay", "tempo_ratio"


def test_counted_by_hand():
    analyses = [
        saw("a", (4.0, LEAN, "left"), (14.0, LEAN, "left")),
        saw("b", (5.0, LEAN, "right")),
        saw("c"),
    ]
    teacher = says(
        "maria",
        a=[(5.0, LEAN, "left")],  # the second time not
        b=[(4.0, LEAN, "left"), (15.0, DELAY, "right")],  # the other side; and a delay of her own
        c=[],
    )
    got = compare(analyses, [teacher])
    (pair,) = got.pairs
    assert (pair.first, pair.second, pair.clips, pair.repetitions) == ("coach", "maria", 3, 6)
    lean, delay = pair.measures[LEAN], pair.measures[DELAY]
    assert set(pair.measures) == {LEAN, DELAY}
    # 6 repetitions times left and right; b: her left for its right.
    assert (lean.units, lean.both, lean.first_only, lean.second_only) == (12, 1, 2, 1)
    assert (lean.other_side, lean.neither) == (1, 8)
    assert lean.agreement == pytest.approx(9 / 12)
    pe = (3 * 2 + 9 * 10) / 144
    assert lean.kappa == pytest.approx((9 / 12 - pe) / (1 - pe), abs=1e-4)
    assert lean.positive_agreement == pytest.approx(2 / 5)
    assert (delay.units, delay.second_only, delay.neither) == (12, 1, 11)
    assert delay.kappa == 0.0
    assert pair.overall.units == 24
    assert pair.lag_s == 1.0
    told = [(d.clip, d.repetition, d.measure, d.first, d.second) for d in pair.disagreements]
    assert told == [
        ("a", 2, LEAN, ["left"], []),
        ("b", 1, LEAN, ["right"], ["left"]),
        ("b", 2, DELAY, [], ["right"]),
    ]
    jsonschema.validate(__import__("json").loads(got.model_dump_json()), json_schema())


def test_a_word_about_the_end_of_a_repetition():
    """The coach speaks when it is over, the teacher before: one thing, of the first repetition."""
    analyses = [saw("a", (12.9, DELAY, "left"), (22.9, DELAY, "left"))]
    (pair,) = compare(analyses, [says("t", a=[(11.0, DELAY, "left"), (21.0, DELAY, "left")])]).pairs
    assert pair.measures[DELAY].both == 2
    assert pair.lag_s == pytest.approx(-1.9)
    late = [saw("a", (15.0, DELAY, "left"))]
    labels = [says("t", a=[(11.0, DELAY, "left")])]
    assert compare(late, labels).pairs[0].measures[DELAY].both == 1
    narrow = compare(late, labels, window_s=2.0).pairs[0].measures[DELAY]
    assert (narrow.both, narrow.first_only, narrow.second_only) == (0, 1, 1)


def test_two_teachers_with_each_other():
    analyses = [saw("a", (5.0, LEAN, "left")), saw("b")]
    one = says("one", a=[(5.0, LEAN, "left")], b=[(7.0, TEMPO, "fast")])
    two = says("two", a=[(6.0, LEAN, "left")])  # has not looked at b
    got = compare(analyses, [one, two])
    assert [(p.first, p.second, p.clips) for p in got.pairs] == [
        ("coach", "one", 2),
        ("coach", "two", 1),
        ("one", "two", 1),
    ]
    assert got.pairs[2].overall.agreement == 1.0
    assert got.pairs[0].measures[TEMPO].second_only == 1


def test_where_kappa_is_not_defined():
    """Full agreement on the same throughout: the percentage is said, kappa is not made up."""
    (pair,) = compare([saw("a")], [says("t", a=[])]).pairs
    assert (pair.overall.units, pair.overall.kappa, pair.overall.reason) == (0, None, "no_units")


def test_always_the_other_side_is_worse_than_chance():
    """However well both know when to speak."""
    analyses = [saw("a", (5.0, LEAN, "left"), (15.0, LEAN, "right")), saw("b"), saw("c"), saw("d")]
    labels = says("t", a=[(5.0, LEAN, "right"), (15.0, LEAN, "left")], b=[], c=[], d=[])
    (pair,) = compare(analyses, [labels]).pairs
    assert pair.overall.other_side == 2
    assert pair.overall.agreement == pytest.approx(12 / 16)
    assert pair.overall.kappa < 0


def test_remarks_of_one_repetition_belong_together_first():
    """Though one of the next repetition is nearer in time."""
    analyses = [saw("a", (13.0, DELAY, "left"))]
    labels = says("t", a=[(7.0, DELAY, "right"), (17.0, DELAY, "right")])
    (pair,) = compare(analyses, [labels], window_s=8.0).pairs
    assert [(d.repetition, d.first, d.second) for d in pair.disagreements] == [
        (1, ["left"], ["right"]),
        (2, [], ["right"]),
    ]


def test_a_clip_without_repetitions_is_one_unit():
    """What the coach missed altogether counts against it."""
    (pair,) = compare([saw("a", spans=())], [says("t", a=[(50.0, LEAN, "left")])]).pairs
    assert (pair.repetitions, pair.measures[LEAN].second_only) == (1, 1)
    assert pair.disagreements[0].repetition is None


def test_clips_that_are_missing():
    got = compare([saw("a"), saw("x")], [says("t", a=[], y=[])])
    assert got.left_out == ["x", "y"]
    with pytest.raises(UsageError, match="none of them"):
        compare([saw("a")], [says("t", b=[])])
    with pytest.raises(UsageError, match="two called 'a'"):
        compare([saw("a"), saw("a")], [says("t", a=[])])
    with pytest.raises(UsageError, match="labels"):
        compare([saw("a")], [])


def test_two_files_of_one_name():
    got = compare(
        [saw("a")], [says("labels.csv", a=[]), says("labels.csv", a=[]), says("coach", a=[])]
    )
    assert len({r for p in got.pairs for r in (p.first, p.second)}) == 4


REMARKS = st.lists(
    st.tuples(st.floats(0, 40), st.sampled_from([LEAN, DELAY]), st.sampled_from(["left", "right"])),
    max_size=6,
)


@given(coach=REMARKS, teacher=REMARKS, window=st.floats(0, 20))
@settings(deadline=None)
def test_what_always_holds(coach, teacher, window):
    """Every unit is counted once; a rater agrees with itself; the order of two does not matter."""
    analyses = [saw("a", *coach), saw("b", *coach, spans=())]
    one, two = says("one", a=teacher, b=teacher), says("two", a=coach, b=coach)
    first, own, other = compare(analyses, [one, two], window_s=window).pairs
    for pair in (first, own, other):
        r = pair.overall
        assert r.both + r.first_only + r.second_only + r.neither == r.units
        assert r.units == sum(m.units for m in pair.measures.values())
        assert len(pair.disagreements) <= r.first_only + r.second_only
        assert bool(pair.disagreements) == bool(r.first_only + r.second_only)
    assert own.overall.first_only == own.overall.second_only == own.overall.other_side == 0
    assert other.overall.both == first.overall.both
    assert other.overall.kappa == first.overall.kappa
    assert (other.overall.first_only, other.overall.second_only) == (
        first.overall.second_only,
        first.overall.first_only,
    )
