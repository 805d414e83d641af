"""Languages: English in the code, German from a gettext catalogue beside it.

``make locale`` collects the marked texts and compiles the catalogues.
"""

from __future__ import annotations

import gettext
import locale
import os
from functools import cache
from importlib import resources

from posecoach.errors import UsageError

LANGUAGES = ("de", "en")


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a text for translation later."""
    return message


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    path = resources.files("posecoach") / "locale" / language / "LC_MESSAGES" / "posecoach.mo"
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def translate(message: str, language: str) -> str:
    """Return a marked text in a language; the text itself where there is no translation."""
    return _catalogue(check_language(language)).gettext(message)


def check_language(language: str) -> str:
    """Return the language if it is known.

    Raises
    ------
    UsageError
        It is not.
    """
    if language not in LANGUAGES:
        raise UsageError(f"Expected a language of {', '.join(LANGUAGES)} but got {language!r}.")
    return language


def choose_language(wanted: str | None = None) -> str:
    """Return the language wanted, or the user's own if it is known, or English."""
    if wanted is not None:
        return check_language(wanted.lower())
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "de" if value.lower().startswith("de") else "en"
    system = locale.getlocale()[0] or ""
    return "de" if system.lower().startswith(("de", "german")) else "en"


def format_number(value: float, decimals: int, language: str) -> str:
    """Return a number with the language's decimal mark."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace(".", ",") if language == "de" else text
