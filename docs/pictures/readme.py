"""The few pictures that stand in the README."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from posecoach.app.kit.qt import discard
from practice import open_window, see_to
from scenes import Film, Replay, rest, take, tell
from summary import practise

HERE = Path(__file__).resolve().parents[1]
SIZE = (1366, 768)
QUALITY = 84


def write_pictures() -> None:
    """Write them: a cue in each language, and a summary."""
    for clip, language, name in (
        ("heavens-lean-left-emma", "en", "practice-en"),
        ("heavens-left-late-ben", "de", "practice-de"),
    ):
        when = tell(clip).cues[0][0] + 0.9
        film = Film(clip, until_s=0.0)
        window = open_window(clip, film, Replay(clip))
        window.set_language(language)
        see_to(window, film, when)
        _save(window, name)
        discard(window)
    clip = "heavens-left-late-ben"
    window = practise(clip, Film(clip))
    window.set_language("de")
    _save(window, "summary-de")
    discard(window)


def _save(window: QWidget, name: str) -> None:
    window.resize(*SIZE)
    rest(200)
    take(window).save(str(HERE / f"{name}.jpg"), "JPG", QUALITY)
