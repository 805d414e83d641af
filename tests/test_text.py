"""The catalogue holds every marked text, in German, and its compiled form is up to date."""

import ast
import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import posecoach
from posecoach import text
from posecoach.errors import UsageError
from posecoach.text import LANGUAGES, choose_language, format_number, translate

SOURCE = Path(posecoach.__file__).parent
CATALOGUE = SOURCE / "locale" / "de" / "LC_MESSAGES"


def find_marked(inside=ast.Module):
    """Return every text marked in the code, or inside some part of it, and where."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        parts = (n for n in ast.walk(tree) if isinstance(n, inside))
        for node in (n for part in parts for n in ast.walk(part)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "N_":
                (argument,) = node.args
                assert isinstance(argument, ast.Constant), f"{path.name}:{node.lineno}"
                found[argument.value] = f"{path.name}:{node.lineno}"
    return found


@pytest.fixture(scope="module")
def german():
    with (CATALOGUE / "posecoach.po").open("rb") as file:
        return read_po(file, locale="de")


def test_every_marked_text_is_in_the_catalogue_and_no_other(german):
    marked = find_marked()
    assert len(marked) > 100
    known = {m.id for m in german if m.id}
    hidden = find_marked(ast.JoinedStr)
    missing = {t: at for t, at in marked.items() if t not in known | set(hidden)}
    assert not missing, "run: make locale"
    assert not known - set(marked), "run: make locale"


def test_no_text_is_marked_inside_an_f_string():
    """Babel does not look there."""
    assert find_marked(ast.JoinedStr) == {}


def test_every_text_has_a_german_translation(german):
    open_ones = [m.id for m in german if m.id and (not m.string or m.fuzzy)]
    assert open_ones == []


def test_what_is_filled_in_later_is_the_same_in_both_languages(german):
    for m in (m for m in german if m.id and m.string):
        names = [sorted(re.findall(r"{[^}]*}|%\S", t)) for t in (m.id, m.string)]
        assert names[0] == names[1], m.id
        assert m.id.startswith(" ") == m.string.startswith(" "), m.id
        assert m.id.endswith((" ", ":")) == m.string.endswith((" ", ":")), m.id


def test_the_compiled_catalogue_is_the_written_one(german):
    fresh = io.BytesIO()
    write_mo(fresh, german)
    fresh.seek(0)
    with (CATALOGUE / "posecoach.mo").open("rb") as file:
        shipped = gettext.GNUTranslations(file)
    wanted = gettext.GNUTranslations(fresh)
    for message in german:
        assert shipped.gettext(message.id) == wanted.gettext(message.id), "run: make locale"


def test_the_header_holds_no_placeholder():
    head = (CATALOGUE / "posecoach.po").read_text(encoding="utf-8").split("\n\n")[0]
    for filler in ("FULL NAME", "EMAIL@ADDRESS", "li.org", "VERSION", "YEAR", "ORGANIZATION"):
        assert filler not in head
    assert "charset=utf-8" in head


def test_english_stands_in_the_code():
    assert translate("Take more time", "en") == "Take more time"
    assert translate("Take more time", "de") == "Mehr Zeit lassen"
    assert translate("never marked", "de") == "never marked"
    with pytest.raises(UsageError, match="de, en"):
        translate("Take more time", "fr")


@pytest.fixture
def plain(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(text.locale, "getlocale", lambda: (None, None))
    return monkeypatch


def test_the_language_is_the_one_wanted_or_the_users(plain):
    assert choose_language("DE") == "de"
    assert choose_language() == "en"
    plain.setenv("LANG", "de_AT.UTF-8")
    assert choose_language() == "de"
    assert choose_language("en") == "en"
    plain.setenv("LC_ALL", "fr_FR.UTF-8")
    assert choose_language() == "en"
    with pytest.raises(UsageError):
        choose_language("klingon")


@pytest.mark.parametrize(("system", "language"), [("German_Germany", "de"), ("en_GB", "en")])
def test_a_system_without_variables_tells_its_own(plain, system, language):
    plain.setattr(text.locale, "getlocale", lambda: (system, "cp1252"))
    assert choose_language() == language


def test_numbers_have_the_languages_mark():
    assert format_number(1234.56, 1, "en") == "1234.6"
    assert format_number(-1.25, 1, "de") in ("-1,2", "-1,3")
    for language in LANGUAGES:
        assert format_number(-0.04, 1, language).lstrip("0,.") == ""
        assert format_number(-0.4, 0, language) == "0"


CLAIMS = re.compile(
    r"\b(heal(?!th qigong)|cure|reliev|relief|therap|treat|muscle|pain|prevent|strengthen)"
    r"|(heilen|heilt|heilsam|linder|therapi|behand|muskel|schmerz|vorbeug|kräftig|gesünder)",
    re.IGNORECASE,
)


def test_no_text_claims_anything_medical(german):
    from posecoach.app.home.care import IS_NOT, SIGNS
    from posecoach.reference.library import find_forms, get_shipped_folder

    says_what_it_is_not = {*IS_NOT, *SIGNS}
    assert all(
        m.id in says_what_it_is_not or not CLAIMS.search(f"{m.id} {m.string}") for m in german
    )
    assert any(CLAIMS.search(t) for t in IS_NOT)
    shipped = get_shipped_folder()
    for folder in find_forms().values():
        if folder.parent == shipped:
            words = (folder / "sequence.toml").read_text(encoding="utf-8")
            assert not CLAIMS.search(words), folder
