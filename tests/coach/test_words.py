import re
from pathlib import Path

import pytest

from posecoach.coach import words
from posecoach.coach.cues import PRIORITY, name_direction
from posecoach.coach.words import (
    CUE_KEYS,
    breath_text,
    cue_text,
    direction_text,
    measure_title,
    praise_text,
    reason_text,
    reword,
    status_text,
)
from posecoach.measure import carriage
from posecoach.text import translate

BOTH = ("de", "en")
JOINTS = tuple(
    f"joint_angle.{s}_{j}" for s in ("left", "right") for j in ("shoulder", "elbow", "hip", "knee")
)
REGIONS = tuple(f"carriage.{region}" for region in carriage.REGIONS)
MEASURES = (*(m for m in PRIORITY if m not in ("joint_angle", "carriage")), *JOINTS, *REGIONS)
EVERY_CUE = [t for texts in words._CUES.values() for t in texts]


@pytest.mark.parametrize("language", BOTH)
def test_cues_are_two_to_five_words(language):
    for message in [*EVERY_CUE, *words._PRAISE, *words._STATUS.values()]:
        text = translate(message, language)
        assert 2 <= len(text.split()) <= 5, text
        assert text == text.strip()
        assert text[0].isupper()
        assert text[-1] not in ".!?:"


@pytest.mark.parametrize("language", BOTH)
def test_no_cue_blames_or_forbids(language):
    never = {
        "de": ("nicht", "falsch", "schmerz", "muskel"),
        "en": ("not", "wrong", "pain", "don't"),
    }
    for message in EVERY_CUE:
        text = translate(message, language).lower()
        assert not any(w in text.replace(",", "").split() for w in never[language]), text


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("deviation", [1.0, -1.0])
def test_whatever_can_be_cued_has_its_words(measure, deviation):
    key = f"{measure}.{name_direction(measure, deviation)}"
    assert key in CUE_KEYS


def side_words(language):
    return {"de": ("links", "linke", "linken", "linkes"), "en": ("left",)}[language], {
        "de": ("rechts", "rechte", "rechten", "rechtes"),
        "en": ("right",),
    }[language]


ACTING_SIDE = {  # which side is named where the deviation is to the left
    "lateral_lean": "right",  # leaning left: drift right
    "shoulder_tilt": "left",  # left is lower: lift it
    "pelvis_tilt": "left",
    "arm_height_difference": "right",  # left is higher: lift the right
    "left_right_delay": "left",  # left is late: sooner
}


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("measure", ACTING_SIDE)
@pytest.mark.parametrize("direction", ["left", "right"])
@pytest.mark.parametrize("variant", [0, 1, 2])
def test_the_side_named_is_the_one_to_act_on(language, measure, direction, variant):
    text = cue_text(measure, direction, language, variant=variant).lower().replace(",", "").split()
    left, right = side_words(language)
    same = ACTING_SIDE[measure] == "left"
    wanted, other = (left, right) if (direction == "left") == same else (right, left)
    assert any(w in text for w in wanted)
    assert not any(w in text for w in other)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("joint", JOINTS)
@pytest.mark.parametrize("direction", ["more", "less"])
def test_a_joints_cue_names_its_side(language, joint, direction):
    left, right = side_words(language)
    wanted, other = (left, right) if ".left" in joint else (right, left)
    for variant in range(3):
        text = cue_text(joint, direction, language, variant=variant)
        text = text.lower().replace(",", "").split()
        assert any(w in text for w in wanted)
        assert not any(w in text for w in other)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("key", CUE_KEYS)
def test_there_are_three_wordings_of_each(key, language):
    measure, _, direction = key.rpartition(".")
    texts = [cue_text(measure, direction, language, variant=k) for k in range(3)]
    assert len(set(texts)) == 3
    assert cue_text(measure, direction, language, variant=3) == texts[0]


def test_wordings_take_turns_and_the_teachers_come_first():
    ours = {cue_text("tempo_ratio", "fast", "en", variant=k) for k in range(6)}
    assert len(ours) == 3
    own = {"tempo_ratio.fast": {"en": ("Like honey",)}}
    said = [cue_text("tempo_ratio", "fast", "en", own=own, variant=k) for k in range(8)]
    assert said[:4] == [
        "Like honey",
        *(cue_text("tempo_ratio", "fast", "en", variant=k) for k in range(3)),
    ]
    assert said[4:] == said[:4]
    two = {"tempo_ratio.fast": {"en": ("Like honey", "Like resin")}}
    said = [cue_text("tempo_ratio", "fast", "en", own=two, variant=k) for k in range(4)]
    assert said == ["Like honey", "Like resin"] * 2
    assert cue_text("tempo_ratio", "fast", "de", own=own) in ("Langsamer, wie ruhiges Wasser",)
    assert cue_text("tempo_ratio", "slow", "en", own=own) == "Keep gently flowing"
    assert len({praise_text("de", k) for k in range(9)}) == 3


@pytest.mark.parametrize("language", BOTH)
def test_what_has_no_words_is_told_plainly(language):
    text = cue_text("lateral_lean", "sideways", language)
    assert text.startswith(measure_title("lateral_lean", language))
    assert text.endswith("sideways")
    assert measure_title("unheard_of", language) == "unheard_of"
    assert status_text("unheard_of", language) == status_text("waiting", language)
    assert reason_text("unheard_of", language) == reason_text("not_measured", language)
    assert reason_text(None, language) == reason_text("not_measured", language)
    assert breath_text("unheard_of", language) == breath_text("free", language)


def test_every_reason_has_words_of_its_own():
    """Whatever keeps a measure from being judged is told, in whole words of each language."""
    used = {"nobody", "too_small", "cut_off", "hidden", "legs_cut_off", "legs_hidden", "to_camera"}
    folder = Path(words.__file__).parents[1]
    for path in [
        p for room in ("measure", "coach", "posture") for p in (folder / room).glob("*.py")
    ]:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'unseen\([^()]*"([a-z_]+)"', text))
        used |= set(re.findall(r'doubt = "([a-z_]+)"', text))
    assert {"one_sided", "side_view", "leaning", "still_trunk", "unsure", "other_tracker"} <= used
    assert used <= set(words._REASONS)
    for key in used:
        english, german = (reason_text(key, language) for language in BOTH[::-1])
        assert english != german
        assert min(len(english.split()), len(german.split())) >= 2


@pytest.mark.parametrize("language", BOTH)
def test_directions_say_which_side_does_what(language):
    for measure in MEASURES:
        texts = [direction_text(measure, name_direction(measure, d), language) for d in (1, -1)]
        assert len(set(texts)) == (1 if measure in REGIONS else 2)  # these have no sides
        assert not set(texts) & {"left", "right", "away"}
        assert measure_title(measure, language) != measure


@pytest.mark.parametrize("key", CUE_KEYS)
def test_a_cue_is_the_same_one_in_the_other_language(key):
    measure, direction = key.split(".", 1) if "joint" not in key else key.rsplit(".", 1)
    for variant in range(4):
        said = [cue_text(measure, direction, tongue, variant=variant) for tongue in BOTH]
        for text in said:
            told = [reword(text, measure, direction, tongue) for tongue in BOTH]
            assert told == said


def test_a_teachers_words_change_with_the_language_and_strange_ones_stay():
    own = {"lateral_lean.left": {"de": ("Wie eine Kiefer",), "en": ("Like a pine", "As a pine")}}
    where = ("lateral_lean", "left")
    assert reword("Wie eine Kiefer", *where, "en", own=own) == "Like a pine"
    assert reword("As a pine", *where, "en", own=own) == "As a pine"
    assert reword("As a pine", *where, "de", own=own) != "As a pine"
    assert reword("Somebody else's words", *where, "de", own=own) == "Somebody else's words"
