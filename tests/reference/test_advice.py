import string

import pytest

from figures import Figure, perform
from posecoach.reference.advice import _WORDS, tell_advice
from posecoach.reference.quality import check_takes, make_warning
from posecoach.reference.record import make_sequence
from posecoach.text import LANGUAGES, translate


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_recording_too_near_says_what_to_do(language):
    near = perform(repetitions=1, figure=Figure(scale=0.5, centre=(0.5, 0.45)))[0]
    told = [tell_advice(f, language) for f in check_takes(make_sequence("x", [near]).takes)]
    assert len(told) == 2
    wanted = {"en": ("step back", "two more"), "de": ("zurück", "zwei weitere")}[language]
    for word in wanted:
        assert any(word in t.lower() for t in told), told


@pytest.mark.parametrize("template", _WORDS.values())
def test_german_says_all_that_english_says(template):
    german = translate(template, "de")
    assert german != template

    def fields(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert fields(german) == fields(template)


def test_numbers_are_written_as_in_the_language():
    finding = make_warning("takes.0", "x", "gap", seconds=1.25, at=3.0)
    assert "1,2 Sekunden" in tell_advice(finding, "de")
    assert "1.2 seconds" in tell_advice(finding, "en")


def test_what_has_no_plain_words_keeps_its_line():
    assert tell_advice(make_warning("folder", "expected this, got that"), "de") == (
        "expected this, got that"
    )
