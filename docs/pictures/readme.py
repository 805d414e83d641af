"""The few pictures that stand in the README, in the size in which they are shown there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from home import open_home
from posecoach.app.kit.qt import discard
from posecoach.settings import SettingsStore
from practice import open_window, see_to
from scenes import Film, Replay, keep_past, own_machine, rest, take, tell, wait
from summary import practise

HERE = Path(__file__).resolve().parents[1]
SIZE = (1366, 768)
WIDTH, QUALITY = 960, 86


def write_pictures() -> None:
    """Write them: the first page, the set-up, a cue in each language, and a summary."""
    with own_machine():
        keep_past()
        home = open_home(SettingsStore())
        wait(lambda: bool(home.welcome._stage[0]))
        _save(home, "home-en")
        discard(home)
    clip = "heavens-lean-left-emma"
    film = Film(clip, until_s=0.0, stand=2)
    window = open_window(clip, film, Replay(clip), set_up=True)
    window.set_language("de")
    see_to(window, film, 2.2)
    _save(window, "set-up-de")
    discard(window)
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
    smooth = Qt.TransformationMode.SmoothTransformation
    picture = take(window).scaledToWidth(WIDTH, smooth)
    picture.save(str(HERE / f"{name}.jpg"), "JPG", QUALITY)
