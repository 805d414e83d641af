"""What the summary tells: kind words, no grades, how sure, and what was not seen."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from figures import Figure, perform
from posecoach.analysis import analyze
from posecoach.app.kit.qt import discard
from posecoach.app.summary.bands import TRUNK, find_kept, make_bands, make_tempo_curve
from posecoach.app.summary.charts import BandView, TempoChart
from posecoach.app.summary.pages import SummaryPage, make_summary
from posecoach.app.summary.words import shorten
from posecoach.coach.guidance import Guidance
from posecoach.coach.words import cue_text
from posecoach.result import LeapResult

K = Qt.Key


def test_a_practice_with_a_cue(sequence, analysis):
    s = make_summary(analysis, sequence, "en", practised_s=61.0)
    assert s.headline == "Well practised"
    assert s.facts == "Holding up the heavens  ·  1 repetition  ·  1 minute"
    assert s.along == cue_text("lateral_lean", "left", "en")
    assert not s.praised
    assert s.cues[0].endswith(f"×  {s.along}")
    assert any("Lean forward" in x and "from the front" in x for x in s.unseen)
    assert s.kept is not None
    assert s.kept != "An upright trunk"


def test_a_practice_without_a_cue_may_go_on_like_this(sequence, teacher):
    s = make_summary(analyze(teacher.cut(0.0, 13.0), sequence), sequence, "en", practised_s=300.0)
    assert s.praised
    assert s.cues == ()
    assert "1 repetition  ·  5 minutes" in s.facts
    assert s.along == "Go on just like this"
    assert s.kept is not None
    assert s.tempo.words == "calm and even"
    assert [b.words for b in s.trunk] == ["upright", "level", "level"]
    assert [b.words for b in s.symmetry] == ["equally high", "together"]


@pytest.mark.parametrize(
    ("language", "to_s", "remark"),
    [
        ("en", 6.0, "A part of the form was left out"),
        ("de", 6.0, "Ein Teil der Form wurde ausgelassen"),
        ("en", 1.0, "A part was done twice; the second time counts"),
        ("de", 1.0, "Ein Teil kam zweimal; das zweite Mal zählt"),
    ],
)
def test_a_part_left_out_or_repeated_is_told_once(sequence, analysis, language, to_s, remark):
    leaps = [LeapResult(time_s=t, from_s=3.0, to_s=to_s) for t in (4.0, 9.0)]
    first = analysis.repetitions[0].model_copy(update={"leaps": leaps})
    done = analysis.model_copy(update={"repetitions": [first]})
    assert make_summary(analysis, sequence, language).remarks == ()
    assert make_summary(done, sequence, language, remarks=("x",)).remarks == (remark, "x")


def test_nothing_seen_is_not_praised(sequence, leaning):
    analysis = analyze(leaning.cut(0.0, 2.0), sequence)
    s = make_summary(analysis, sequence, "en", practised_s=2.0, obstacles={"cut_off": 40, "x": 1})
    assert s.headline == "Until next time"
    assert s.along is None
    assert s.kept is None
    assert s.tempo is None
    assert (s.trunk, s.symmetry) == ((), ())
    assert not s.praised
    assert s.unseen == (
        "No whole repetition was seen",
        "Part of the time: the body was partly outside the picture",
    )
    assert make_summary(None, sequence, "en").unseen == ("No whole repetition was seen",)


def test_no_number_but_counts_and_minutes(sequence, analysis):
    s = make_summary(analysis, sequence, "en", practised_s=61.0)
    words = " ".join((*s.sentences[2:], s.headline)).replace("1 ×", "").replace("2 ×", "")
    assert not any(c.isdigit() for c in words)
    assert "%" not in words


def test_long_lists_are_cut_and_counted():
    assert shorten(list("abcde"), "en") == tuple("abcde")
    assert shorten(list("abcdefg"), "en") == ("a", "b", "c", "d", "and more: 3")


# Bands: the measure of the tolerance, the side, and how sure.


def test_a_lean_is_told_with_its_side_and_carries_nothing_along(analysis):
    lean, shoulders, _ = make_bands(analysis.repetitions, TRUNK, "en")
    assert (lean.words, lean.sure) == ("to the left", "sure")
    assert lean.middle > 2
    assert not lean.well
    assert shoulders.words == "level"


def test_a_mild_measure_makes_the_band_wider(analysis):
    usual = make_bands(analysis.repetitions, TRUNK, "en")[0]
    mild = make_bands(analysis.repetitions, TRUNK, "en", Guidance(strictness=2.0))[0]
    assert mild.middle == pytest.approx(usual.middle / 2)


def change(analysis, measure, **fields):
    """Return an analysis whose repetitions have other values for a measure."""
    reps = [
        r.model_copy(
            update={
                "measures": {**r.measures, measure: r.measures[measure].model_copy(update=fields)}
            }
        )
        for r in analysis.repetitions
    ]
    return analysis.model_copy(update={"repetitions": reps})


@pytest.mark.parametrize(
    ("deviation", "worst", "error", "words", "sure"),
    [
        (0.0, 0.0, 0.1, "upright", "sure"),
        (-3.9, 0.0, 2.0, "upright", "fairly sure"),
        (-4.5, 0.0, 2.0, "perhaps to the right", "fairly sure"),
        (-4.5, 0.0, 1.0, "a little to the right", "sure"),
        (-9.0, 0.0, 2.0, "to the right", "fairly sure"),
        (0.0, 9.0, 1.0, "upright, for a while to the left", "sure"),
        (0.0, 0.0, 4.0, "upright", "not very sure"),
    ],
)
def test_what_is_not_sure_is_told_so(analysis, deviation, worst, error, words, sure):
    made = change(
        analysis,
        "lateral_lean",
        deviation=deviation,
        worst=worst,
        uncertainty=error,
        tolerance=4.0,
        judged=True,
        reason=None,
    )
    band = make_bands(made.repetitions, ["lateral_lean"], "en")[0]
    assert (band.words, band.sure) == (words, sure)
    assert band.half == pytest.approx(2 * error / 4.0)


def test_what_was_not_seen_says_why(analysis):
    made = change(analysis, "lateral_lean", judged=False, deviation=None, reason="hidden")
    band = make_bands(made.repetitions, ["lateral_lean"], "de")[0]
    assert band.middle is None
    assert band.words == "die nötigen Körperstellen waren verdeckt"


def test_what_came_right_after_a_cue_is_what_was_kept(sequence):
    figure = Figure(trunk=0.55, scale=0.38, noise=0.001)
    t = perform(repetitions=2, figure=figure)[0].time_s
    motion = perform(repetitions=2, figure=figure, lean=14.0 * ((t > 2.5) & (t < 11.5)))[0]
    result = analyze(motion, sequence)
    assert {c.measure for c in result.cues} == {"lateral_lean"}
    assert find_kept(result, "en") == ("An upright trunk", True)


@pytest.mark.parametrize(
    ("tempo", "guidance", "words"),
    [
        (1.5, Guidance(), "faster than the teacher"),
        (0.6, Guidance(), "slower than the teacher"),
        (0.6, Guidance(gentle=True), "slow and calm"),
    ],
)
def test_the_tempo_curve(sequence, tempo, guidance, words):
    motion = perform(repetitions=1, tempo=tempo)[0]
    curve = make_tempo_curve(analyze(motion, sequence), "en", guidance)
    assert curve.words == words
    (points,) = curve.curves
    places = [p for p, _ in points]
    assert places == sorted(places)
    assert np.median([r for _, r in points]) == pytest.approx(tempo, rel=0.1)


def test_who_hurried_in_every_repetition_is_not_told_of_a_calm_tempo(sequence):
    motion, place = perform(repetitions=2)
    # Between two places of the form everything goes by at two and a half times its pace.
    quick = (place > 1.5) & (place < 4.5)
    step = np.diff(motion.time_s, prepend=motion.time_s[0])
    time_s = np.cumsum(np.where(quick, step / 2.5, step))
    result = analyze(replace(motion, time_s=time_s), sequence)
    assert {(c.measure, c.direction) for c in result.cues} == {("tempo_ratio", "fast")}
    assert all(r.tempo.hurried for r in result.repetitions)
    kept = find_kept(result, "en")
    assert kept is not None
    assert kept[0] != "A calm tempo"
    assert make_tempo_curve(result, "en").words == "calm, hurried in one place"


# The pages.


@pytest.fixture
def page(application):
    page = SummaryPage()
    page.resize(1366, 768)
    page.show()
    page._since.start()
    yield page
    discard(page)


def settle():
    """Wait until a key is no longer one pressed for the practice itself."""
    QTest.qWait(1050)


def test_the_page_can_be_filled_again(page, sequence, analysis):
    for language in ("en", "de", "en"):
        words = make_summary(analysis, sequence, language, remarks=("a remark",))
        page.show_summary(words, language, can_repeat=language == "de")
        assert sequence.title(language) in page.accessibleDescription()
        assert "a remark" in page.accessibleDescription()
        assert page.again_button.isHidden() == (language == "en")
    texts = [x.text() for x in page.overview.findChildren(QLabel)]
    assert texts.count("Well practised") == 1
    assert texts.count(words.along) == 1
    assert texts.count(words.kept) == 1
    assert any(words.unseen[0] in t for t in texts)
    assert len(page.findChildren(BandView)) == 5
    assert len(page.findChildren(TempoChart)) == 1
    picture = page.grab().toImage()
    assert picture.width() == 1366


def test_the_back_is_asked_about_first_by_keys(page, sequence, analysis):
    felt, closed = [], []
    page.felt.connect(felt.append)
    page.closed.connect(lambda: closed.append(True))
    page.show_summary(make_summary(analysis, sequence, "en"), "en", can_repeat=True)
    page.ask_feeling()
    page.setFocus()
    QTest.keyClick(page, K.Key_Return)  # meant for the practice: too soon
    assert page.asking
    QTest.keyClick(page, K.Key_3)
    settle()
    QTest.keyClick(page, K.Key_PageDown)
    assert not page.asking
    assert felt == [3]
    QTest.keyClick(page, K.Key_PageDown)
    assert closed == []
    settle()
    QTest.keyClick(page, K.Key_PageDown)
    assert closed == [True]


def test_the_question_can_be_skipped(page, sequence, analysis):
    felt = []
    page.felt.connect(felt.append)
    page.show_summary(make_summary(analysis, sequence, "de"), "de", can_repeat=True)
    page.ask_feeling()
    assert page.after.main_button.text() == "Überspringen"
    page.after.scale.buttons[10].click()
    assert page.after.main_button.text() == "Weiter"
    page.after.scale.buttons[10].click()
    page.after.main_button.click()
    assert felt == []
    assert page.pages.currentWidget() is page.overview


def test_filling_it_opens_no_window_and_leaves_no_gap(application, page, sequence, analysis):
    page.resize(1366, 768)
    settle()
    before = {id(w) for w in application.topLevelWidgets() if w.isVisible()}
    s = make_summary(analysis, sequence, "de")
    page.show_summary(s, "de", can_repeat=True)
    after = {id(w) for w in application.topLevelWidgets() if w.isVisible()}
    assert after <= before
    settle()
    chart = page.findChildren(TempoChart)[-1]
    assert chart.height() > 200  # the charts take the room there is
