import shutil

import pytest

FORMS = (
    "opening",
    "two-hands-hold-up-the-heavens",
    "drawing-the-bow",
    "separating-heaven-and-earth",
    "looking-back",
    "swaying-head-and-tail",
    "two-hands-hold-the-feet",
    "punching-with-angry-gaze",
    "raising-the-heels",
    "closing",
    "standing",
    "seated-two-hands-hold-up-the-heavens",
    "seated-drawing-the-bow",
    "seated-separating-heaven-and-earth",
    "seated-looking-back",
)


@pytest.fixture
def own(tmp_path, monkeypatch, form):
    """Return a folder of one's own forms: a sound one and a broken one."""
    shutil.copytree(form, tmp_path / "heavens")
    shutil.copytree(form, tmp_path / "wrecked")
    (tmp_path / "wrecked" / "motion.npz").write_bytes(b"nothing")
    monkeypatch.setenv("POSECOACH_FORMS", str(tmp_path))
    return tmp_path


def test_list_shows_all_forms_by_their_titles(run):
    got = run("references", "list", "--language", "de")
    got.went_well()
    lines = got.out.splitlines()
    assert tuple(line.split()[0] for line in lines) == FORMS
    assert "12,6 s  Den Bogen spannen, nach beiden Seiten" in lines[2]
    assert "Drawing the bow" in run("references", "list", "-l", "en").out


def test_a_broken_form_hides_none_of_the_others(run, own):
    got = run("references", "list", "-l", "en")
    got.went_well()
    lines = {line.split()[0]: line for line in got.out.splitlines()}
    assert set(lines) == {*FORMS, "heavens", "wrecked"}
    assert "Holding up the heavens" in lines["heavens"]
    assert "(your own)" in lines["heavens"]
    assert "broken" in lines["wrecked"]
    assert "motion.npz" in lines["wrecked"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            ("Two hands hold up the heavens", "zh: 两手托天理三焦", "10.6 s", "Raise the hands"),
        ),
        ("de", ("Beide Hände stützen den Himmel", "10,6 s", "Hände heben")),
    ],
)
def test_show(run, language, told):
    got = run("references", "show", "two-hands-hold-up-the-heavens", "-l", language)
    got.went_well()
    for words in (*told, "CC0-1.0", "animated figure", "baduanjin, 1"):
        assert words in got.out


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ("Set: baduanjin, 4, seated", "tender neck")), ("de", ("im Sitzen", "Anmerkungen:"))],
)
def test_show_says_how_it_is_done_and_what_to_spare(run, language, told):
    got = run("references", "show", "seated-looking-back", "-l", language)
    got.went_well()
    for words in told:
        assert words in got.out


def test_show_what_is_not_there_or_broken(run, own):
    run("references", "show", "nothing").refused(1, "'nothing'", "known forms")
    run("references", "show", "wrecked").refused(1, "motion.npz")


def test_check_finds_the_shipped_forms_sound(run):
    got = run("references", "check")
    got.went_well()
    sound = [line.split(":")[0] for line in got.out.splitlines() if ": sound" in line]
    assert sound == list(FORMS)


def test_check_says_what_is_wrong(run, own, tmp_path):
    got = run("references", "check")
    assert (got.status, got.err) == (1, "")
    wrong = [line for line in got.out.splitlines() if line.startswith("wrecked: ")]
    assert wrong
    assert not any("sound" in line for line in wrong)
    assert run("references", "check", "heavens").status == 0
    german = run("references", "check", "heavens", "--language", "de")
    assert "heavens: Hinweis: licence: erwartet" in german.out
    assert "expected" not in german.out
    assert run("references", "check", tmp_path / "wrecked").status == 1
    nothing = run("references", "check", "nothing")
    assert nothing.status == 1
    assert nothing.out.startswith("nothing: ")
