"""What the summary tells: kind words, no grades, and what was not seen."""

from PySide6.QtWidgets import QLabel

from posecoach.analysis import analyze
from posecoach.app.qt import discard
from posecoach.app.summary import SummaryPage, make_summary
from posecoach.coach.words import cue_text


def test_a_practice_with_a_cue(sequence, analysis):
    s = make_summary(analysis, sequence, "en", practised_s=61.0)
    assert s.headline == "Well practised"
    assert s.facts == "Holding up the heavens  ·  1 repetition  ·  1 minute"
    assert s.along == cue_text("lateral_lean", "left", "en")
    assert not s.praised
    assert s.cues[0].endswith(f"×  {s.along}")
    assert any("Lean forward" in x and "from the front" in x for x in s.unseen)


def test_a_practice_without_a_cue_may_go_on_like_this(sequence, teacher):
    s = make_summary(analyze(teacher.cut(0.0, 13.0), sequence), sequence, "en", practised_s=300.0)
    assert s.praised
    assert s.cues == ()
    assert "1 repetition  ·  5 minutes" in s.facts
    assert s.along == "Go on just like this"


def test_nothing_seen_is_not_praised(sequence, leaning):
    analysis = analyze(leaning.cut(0.0, 2.0), sequence)
    s = make_summary(analysis, sequence, "en", practised_s=2.0, obstacles={"cut_off": 40, "x": 1})
    assert s.headline == "Until next time"
    assert s.along is None
    assert not s.praised
    assert s.unseen == (
        "No whole repetition was seen",
        "Part of the time: the body was partly outside the picture",
    )
    assert make_summary(None, sequence, "en").unseen == ("No whole repetition was seen",)


def test_no_number_but_counts_and_minutes(sequence, analysis):
    s = make_summary(analysis, sequence, "en", practised_s=61.0)
    words = " ".join((s.headline, s.along, *s.unseen))
    assert not any(c.isdigit() for c in words)
    assert "%" not in words


def test_long_lists_are_cut_and_counted(sequence):
    from posecoach.app.summary import _shorten

    assert _shorten(list("abcde"), "en") == tuple("abcde")
    assert _shorten(list("abcdefg"), "en") == ("a", "b", "c", "d", "and more: 3")


def test_the_page_can_be_filled_again(application, sequence, analysis):
    page = SummaryPage()
    for language in ("en", "de", "en"):
        words = make_summary(analysis, sequence, language, remarks=("a remark",))
        page.show_summary(words, language, can_repeat=language == "de")
        assert sequence.title(language) in page.accessibleDescription()
        assert "a remark" in page.accessibleDescription()
        assert page.again_button.isHidden() == (language == "en")
    titles = [x.text() for x in page.findChildren(QLabel) if x.property("role") == "headline"]
    assert titles == ["Well practised"]
    lines = [x.text() for x in page.findChildren(QLabel) if x.property("role") == "line"]
    assert lines == [*words.cues, *words.unseen]
    discard(page)
