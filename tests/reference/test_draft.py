"""Whatever a teacher does to a form, it stays a sound one, and nothing that was written is lost."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import perform
from posecoach.errors import SequenceError
from posecoach.reference import draft as d
from posecoach.reference.borders import MIN_PHASE_S, find_borders
from posecoach.reference.check import check_sequence
from posecoach.reference.sequence import Phase

SAME = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
RECORDING = perform(repetitions=2)[0]
DRAFT = d.begin_draft("raise-hands", [(RECORDING, Path("hands.mp4"))])


def check(draft):
    """Check what always holds."""
    phases, end = draft.phases, draft.duration_s
    assert len({p.id for p in phases}) == len(phases)
    last = 0.0
    for p in phases:
        assert last - 1e-9 <= p.start_s < p.end_s <= end + 2e-3
        last = p.end_s
    assert len(draft.cuts) == len(draft.videos) == len(draft.sequence.takes) >= 1
    for cut, take in zip(draft.cuts, draft.sequence.takes, strict=True):
        assert take.motion.time_s[0] == 0.0
        assert take.motion.duration_s <= cut.end_s - cut.start_s + 1e-6
    assert draft.sequence.id == "raise-hands"


def test_a_recording_is_trimmed_split_and_given_phases():
    assert len(DRAFT.cuts) == 2
    assert DRAFT.duration_s < RECORDING.duration_s / 2
    assert len(DRAFT.phases) >= 2
    assert DRAFT.phases[0].start_s == 0.0
    assert DRAFT.phases[-1].end_s == pytest.approx(DRAFT.duration_s, abs=0.01)
    assert DRAFT.videos == (Path("hands.mp4"),) * 2
    start = d.to_recording_s(DRAFT, 0.0)
    assert DRAFT.cuts[0].start_s <= start < DRAFT.cuts[0].start_s + 0.1
    assert d.to_take_s(DRAFT, start) == 0.0
    check(DRAFT)


share = st.floats(-0.2, 1.2)
STEPS = st.one_of(
    st.tuples(st.just("trim"), st.integers(0, 5), share, share),
    st.tuples(st.just("move"), st.integers(0, 20), share),
    st.tuples(st.just("split"), share),
    st.tuples(st.just("join"), st.integers(-1, 8)),
    st.tuples(st.just("suggest")),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(st.just("lead"), st.integers(0, 5)),
    st.tuples(st.just("name"), st.integers(0, 8), st.text(max_size=8)),
)


def do(draft, step):
    what, *more = step
    if what == "trim":
        k = more[0] % len(draft.cuts)
        times = draft.cuts[k].motion.time_s
        a, b = (times[0] + x * (times[-1] - times[0]) for x in more[1:])
        return d.trim(draft, k, a, b)
    if what == "move" and draft.phases:
        return d.move_border(
            draft, more[0] % len(find_borders(draft.phases)), more[1] * draft.duration_s
        )
    if what == "split":
        return d.split_phase(draft, more[0] * draft.duration_s)
    if what == "join":
        return d.join_phases(draft, more[0])
    if what == "suggest":
        return d.suggest(draft)
    if what == "remove":
        return d.remove_take(draft, more[0] % len(draft.cuts))
    if what == "lead":
        return d.lead_with(draft, more[0] % len(draft.cuts))
    if what == "name" and draft.phases:
        k = more[0] % len(draft.phases)
        return d.set_phase(draft, k, titles=d.set_text(draft.phases[k].titles, "de", more[1]))
    return draft


@given(st.lists(STEPS, max_size=8))
@SAME
def test_any_way_of_working_leaves_a_sound_form(steps):
    draft = DRAFT
    for step in steps:
        before = draft.phases, draft.sequence.takes
        after = do(draft, step)
        assert (draft.phases, draft.sequence.takes) == before  # nothing is changed in place
        draft = after
        check(draft)


@given(st.lists(STEPS, max_size=5))
@settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_was_saved_comes_back(tmp_path, steps):
    draft = DRAFT
    for step in steps:
        draft = do(draft, step)
    mark = d.save_draft(draft, tmp_path / "raise-hands")
    back, seen = d.load_draft(tmp_path / "raise-hands")
    assert seen == mark
    assert [(p.id, p.titles, p.breath) for p in back.phases] == [
        (p.id, p.titles, p.breath) for p in draft.phases
    ]
    for a, b in zip(back.phases, draft.phases, strict=True):
        assert (a.start_s, a.end_s) == pytest.approx((b.start_s, b.end_s), abs=1e-3)
    for a, b in zip(back.sequence.takes, draft.sequence.takes, strict=True):
        assert np.allclose(a.motion.image, b.motion.image, atol=1e-5, equal_nan=True)
    assert all(f.level == "warning" for f in check_sequence(tmp_path / "raise-hands"))


ORDERS = (
    "{head}{title}{phases}",
    "{head}{phases}{title}",
    "{head}{phases}{phase_title}{title}",
    "{head}title.de = 'Himmel'  # dotted\n{phases}",
)


@pytest.mark.parametrize("order", ORDERS)
def test_comments_and_unknown_fields_stay_in_any_order(tmp_path, order):
    folder = tmp_path / "raise-hands"
    d.save_draft(d.set_form(DRAFT, titles={"de": "Himmel"}), folder)
    rows = "".join(
        f"# of {p.id}\n[[phases]]\nid = '{p.id}'\nstart_s = {p.start_s}\nend_s = {p.end_s}\n"
        f"mood = 'calm {k}'  # kept\n"
        for k, p in enumerate(DRAFT.phases)
    )
    takes = "\n[[takes]]\nwidth = 640\nheight = 480\n" * 2
    text = order.format(
        head="# mine\nschema = 'posecoach.sequence/1'\nid = 'raise-hands'\nstudio = 'Nord'\n",
        title="[title]  # names\nde = 'Himmel'  # dear\n",
        phases=rows,
        phase_title="[phases.title]\nde = 'Letzte'  # last\n",
    )
    (folder / "sequence.toml").write_text(text + takes, encoding="utf-8")
    draft, _ = d.load_draft(folder)
    draft = d.set_phase(d.move_border(draft, 1, 2.0), 0, breath="in")
    draft = d.set_form(draft, teacher="Li Wen")
    d.save_draft(draft, folder)
    new = (folder / "sequence.toml").read_text(encoding="utf-8")
    plain = tomllib.loads(new)
    assert plain["studio"] == "Nord"
    assert plain["teacher"] == "Li Wen"
    assert plain["phases"][0]["breath"] == "in"
    assert plain["phases"][0]["end_s"] == plain["phases"][1]["start_s"] == 2.0
    assert [p["mood"] for p in plain["phases"]] == [f"calm {k}" for k in range(len(draft.phases))]
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    for comment in comments:
        assert f"#{comment}" in new


def test_trimming_takes_the_phases_along():
    cut = DRAFT.cuts[0]
    late = d.trim(DRAFT, 0, cut.start_s + 1.0, cut.end_s)
    for a, b in zip(DRAFT.phases[:-1], late.phases[:-1], strict=True):
        assert b.end_s == pytest.approx(a.end_s - 1.0, abs=0.05)
    wide = d.trim(late, 0, cut.start_s, cut.end_s)
    assert [p.end_s for p in wide.phases] == pytest.approx(
        [p.end_s for p in DRAFT.phases], abs=0.05
    )
    cut_off = d.trim(DRAFT, 0, cut.start_s + DRAFT.phases[0].end_s, cut.end_s)
    assert [p.id for p in cut_off.phases] == [p.id for p in DRAFT.phases[1:]]
    other = d.trim(DRAFT, 1, DRAFT.cuts[1].start_s + 1.0, DRAFT.cuts[1].end_s)
    assert other.phases is DRAFT.phases
    assert other.sequence.takes[0] is DRAFT.sequence.takes[0]


def test_nothing_is_cut_away_altogether():
    cut = DRAFT.cuts[0]
    for a, b in ((5.0, 5.0), (9.0, 2.0), (-50.0, -40.0), (900.0, 950.0)):
        assert d.trim(DRAFT, 0, cut.start_s + a, cut.start_s + b).duration_s > 1.3
    assert d.remove_take(d.remove_take(DRAFT, 0), 0).cuts == DRAFT.cuts[1:]


def test_a_border_moves_both_phases_and_stops_at_the_neighbours():
    found = find_borders(DRAFT.phases)
    assert len(found) == len(DRAFT.phases) + 1
    moved = d.move_border(DRAFT, 1, 900.0)
    assert moved.phases[0].end_s == moved.phases[1].start_s
    assert moved.phases[1].end_s - moved.phases[1].start_s == pytest.approx(MIN_PHASE_S)
    gap = d.open_draft(replace(DRAFT.sequence, phases=(Phase("a", 0.0, 2.0), Phase("b", 4.0, 6.0))))
    assert len(find_borders(gap.phases)) == 4
    filled = d.split_phase(gap, 3.0)
    assert [(p.start_s, p.end_s) for p in filled.phases] == [(0, 2), (2, 4), (4, 6)]
    assert d.move_border(gap, 1, 9.0).phases[0].end_s == pytest.approx(3.9)


def test_words():
    cues = d.set_cue({}, "lateral_lean.left", "de", ["Scheitel hoch", " "])
    assert cues == {"lateral_lean.left": {"de": ("Scheitel hoch",)}}
    cues = d.set_cue(cues, "lateral_lean.left", "en", ["Crown up"])
    assert (
        d.set_cue(d.set_cue(cues, "lateral_lean.left", "de", []), "lateral_lean.left", "en", [])
        == {}
    )
    assert d.set_text({"de": "a"}, "de", " ") == {}
    assert d.set_tolerance({"lateral_lean": 5.0}, "lateral_lean", None) == {}
    assert d.set_tolerance({}, "lateral_lean", 6) == {"lateral_lean": 6.0}


def test_what_must_be_filled_in_before_it_is_sent():
    assert d.find_missing(DRAFT.sequence) == ["title", "teacher", "consent", "licence"]
    full = d.set_form(DRAFT, titles={"de": "x"}, teacher="Li", consent="yes", licence=" ")
    assert d.find_missing(full.sequence) == ["licence"]


def test_a_change_from_outside_is_noticed(tmp_path):
    folder = tmp_path / "raise-hands"
    assert d.fingerprint(folder) == ""
    mark = d.save_draft(DRAFT, folder)
    assert d.fingerprint(folder) == mark
    path = folder / "sequence.toml"
    path.write_text(path.read_text() + "\n# by hand\n")
    assert d.fingerprint(folder) != mark


def test_more_takes_and_no_movement():
    more = d.add_takes(DRAFT, [(perform(repetitions=1)[0], None)])
    assert len(more.cuts) == 3
    assert more.phases is DRAFT.phases
    still = RECORDING.cut(0.0, 1.5)
    with pytest.raises(SequenceError):
        d.add_takes(DRAFT, [(still, None)])
    with pytest.raises(SequenceError):
        d.begin_draft("x", [])
