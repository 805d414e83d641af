"""What a sequence and its files are called; asked for where nothing of them is read."""

from __future__ import annotations

from collections.abc import Mapping

TOML_NAME, NPZ_NAME = "sequence.toml", "motion.npz"


def find_title(titles: Mapping[str, str], language: str) -> str:
    """Return a name in a language, or in English, or in any there is; empty without one."""
    named = (titles.get(language), titles.get("en"), *titles.values())
    return next((text for text in named if text), "")
