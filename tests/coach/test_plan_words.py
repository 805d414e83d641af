import pytest

from posecoach.coach.guidance import Stage
from posecoach.coach.plan import Retention
from posecoach.coach.plan_words import stage_text, stage_title, tell_retention


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_stage_has_its_words(language):
    texts = [f(stage, language) for stage in Stage for f in (stage_title, stage_text)]
    assert len(set(texts)) == len(texts)


def test_what_stayed_is_told():
    shown = Retention(("lateral_lean.left", "lateral_lean.right"), (), ("tempo_ratio.fast",))
    assert tell_retention(shown, "en") == (
        "Stayed well without hints: Lean to the side",
        "Not judged this time: Tempo",
    )
    assert tell_retention(shown, "de")[0].endswith(": Neigung zur Seite")
    assert tell_retention(Retention(), "de") == ()
