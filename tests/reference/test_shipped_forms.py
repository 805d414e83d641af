"""The forms that come with posecoach: their files, their words, and their own takes played back."""

from functools import cache

import numpy as np
import pytest

from conftest import ROOT
from posecoach.analysis import analyze
from posecoach.measure.spread import compute_tolerances
from posecoach.reference.check import FLOORS, MAX_CHARACTERS, MAX_WORDS, check_sequence
from posecoach.reference.files import load_sequence
from posecoach.reference.library import find_forms

SHELF = ROOT / "reference_sequences"
BROCADES = (
    "two-hands-hold-up-the-heavens",
    "drawing-the-bow",
    "separating-heaven-and-earth",
    "looking-back",
    "swaying-head-and-tail",
    "two-hands-hold-the-feet",
    "punching-with-angry-gaze",
    "raising-the-heels",
)
STANDING = ("opening", *BROCADES, "closing", "standing")
SEATED = tuple(f"seated-{form}" for form in BROCADES[:4])
FORMS = (*STANDING, *SEATED)
# Words for the side to act on, by language.
RIGHT = {"de": ("rechts", "rechte", "rechter"), "en": ("right",)}
LEFT = {"de": ("links", "linke", "linker"), "en": ("left",)}

load = cache(load_sequence)
forms = pytest.mark.parametrize("form", FORMS)


def all_cues(sequence):
    """Yield (key, language, text) of the form and its phases."""
    for cues in (sequence.cues, *(p.cues for p in sequence.phases)):
        for key, languages in cues.items():
            for language, texts in languages.items():
                for text in texts:
                    yield key, language, text


def test_they_are_listed_in_the_order_in_which_one_practises():
    assert tuple(f for f, folder in find_forms().items() if folder.parent == SHELF) == FORMS


def test_all_of_them_together_are_small():
    assert sum(f.stat().st_size for f in SHELF.rglob("*") if f.is_file()) < 5e6


@forms
def test_the_files_are_sound(form):
    assert [str(f) for f in check_sequence(SHELF / form)] == []
    with np.load(SHELF / form / "motion.npz", allow_pickle=False) as arrays:
        for name in ("time_s", "image", "world", "visibility", "presence"):
            assert arrays[name].dtype == np.float32


@forms
def test_three_takes_or_more_are_narrow_where_they_agree(form):
    s = load(SHELF / form)
    assert len(s.takes) >= 3
    curves = compute_tolerances(s.takes).curves
    wide = {m: curves[m] / FLOORS[m] for m in ("lateral_lean", "arm_height_difference")}
    share = np.linspace(0, 1, len(wide["lateral_lean"]))
    # They agree in the beginning of the form (of each half where the sides take turns) ...
    first = (share > 0.02) & (share < (0.2 if s.symmetry == "mirrored" else 0.4))
    assert wide["lateral_lean"][first].max() == pytest.approx(1.0, abs=0.1)
    # ... and differ later on.
    assert max(w.max() for w in wide.values()) > 1.3


@forms
def test_it_knows_its_names_and_where_it_is_from(form):
    s = load(SHELF / form)
    assert {"de", "en", "zh"} <= set(s.titles)
    assert any("一" <= c <= "鿿" for c in s.titles["zh"])
    assert s.set == "baduanjin"
    assert s.posture == ("seated" if form in SEATED else "standing")
    assert s.number == (SEATED.index(form) + 1 if form in SEATED else STANDING.index(form))
    assert "animated figure" in s.origin
    assert "replaces it" in s.origin
    assert s.licence == "CC0-1.0"
    assert "nobody was filmed" in s.consent
    for language, spare, made in (
        ("de", "Bei empfindlich", "animiert"),
        ("en", "tender", "animated"),
    ):
        assert spare in s.notes[language]
        assert made in s.notes[language]


@forms
def test_the_phases_cover_it_and_breathe(form):
    s = load(SHELF / form)
    assert len(s.phases) >= 3
    assert s.phases[0].start_s == 0
    assert s.phases[-1].end_s == pytest.approx(s.duration_s, abs=0.1)
    for before, after in zip(s.phases, s.phases[1:], strict=False):
        assert after.start_s == pytest.approx(before.end_s, abs=1e-6)
    for p in s.phases:
        assert p.end_s - p.start_s >= 0.8
        assert p.titles["de"]
        assert p.titles["en"]
    breaths = [p.breath for p in s.phases if p.breath != "free"]
    assert {"in", "out"} <= set(breaths)


@forms
def test_its_words_are_there_in_both_languages_and_short(form):
    s = load(SHELF / form)
    for measure in ("lateral_lean", "arm_height_difference"):
        for side in ("left", "right"):
            assert f"{measure}.{side}" in s.cues
    assert {"tempo_ratio.fast", "tempo_ratio.slow", "evenness.uneven"} <= set(s.cues)
    for key, languages in s.cues.items():
        assert set(languages) == {"de", "en"}, key
        assert len(languages["de"]) == len(languages["en"]) >= 1
    for key, _, text in all_cues(s):
        assert len(text.split()) <= MAX_WORDS, (key, text)
        assert len(text) <= MAX_CHARACTERS, (key, text)
        # What to do, never what not to.
        for word in ("nicht", "kein", "not", "don't", "wrong", "falsch"):
            assert word not in text.lower().split(), (key, text)


@forms
def test_its_words_name_the_side_to_act_on(form):
    for key, language, text in all_cues(load(SHELF / form)):
        measure, _, side = key.rpartition(".")
        if side not in ("left", "right"):
            continue
        same = measure in ("left_right_delay", "shoulder_tilt", "pelvis_tilt")
        to_right = (side == "right") == same
        words = set(text.lower().replace(",", " ").split())
        assert words & set((RIGHT if to_right else LEFT)[language]), (key, text)
        assert not words & set((LEFT if to_right else RIGHT)[language]), (key, text)


@forms
def test_its_tolerances_are_above_the_floors(form):
    s = load(SHELF / form)
    for tolerances in (s.tolerances, *(p.tolerances for p in s.phases)):
        for measure, value in tolerances.items():
            assert value > FLOORS[measure.partition(".")[0]]


@forms
def test_how_deep_one_stands_is_nobodys_fault(form):
    s = load(SHELF / form)
    wide = "bow" in form or form in ("swaying-head-and-tail", "punching-with-angry-gaze")
    assert not wide or not any("knee" in j or "hip" in j for j in s.all_joints)


@forms
def test_its_own_takes_get_no_cue_and_are_followed(form):
    s = load(SHELF / form)
    # The first and the last; `benchmarks/library.py --own` plays them all.
    results = [analyze(take.motion, s) for take in (s.takes[0], s.takes[-1])]
    for result in results:
        assert [(c.measure, c.direction, c.time_s) for c in result.cues] == []
        assert len(result.repetitions) == 1
        assert result.seen > 0.98
        assert result.view == "front"
    # The first take is the reference itself: its place is its own time.
    place = results[0].place
    got = np.array([np.nan if p is None else p for p in place.reference_s], dtype=float)
    off = np.abs(got - np.array(place.time_s))
    assert np.isfinite(off).mean() > 0.9
    assert np.nanmedian(off) < 0.1
    # Within a hold there is no telling where in it one is.
    assert np.nanquantile(off, 0.95) < 1.5
