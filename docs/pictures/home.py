"""Pictures of everything before a practice: home, forms, care, before, settings, history."""

from __future__ import annotations

from collections.abc import Callable

from posecoach.app.home.window import HomeWindow
from posecoach.app.kit.pages import Page
from posecoach.app.kit.qt import discard
from posecoach.commands.window import _make_storage
from posecoach.settings import SettingsStore
from scenes import Album, keep_past, own_machine, rest, wait

CAMERAS = ("Integrated Webcam HD", "Logitech C920")


def open_home(store: SettingsStore) -> HomeWindow:
    """Return the first window, as the command opens it."""
    window = HomeWindow(store, "en", cameras=lambda: CAMERAS, storage=_make_storage(), studio=True)
    window.show()
    rest(100)
    return window


def speaker(window: HomeWindow) -> Callable[[str], None]:
    """Return what switches its language, as the key does."""

    def speak(language: str) -> None:
        while window.language != language:
            window.switch_language()
        if window.page is window.welcome and window.welcome.today is not None:
            wait(lambda: bool(window.welcome._stage[0]))

    return speak


def shoot_home(album: Album) -> None:
    """Take them all: at the very first start, and after some days."""
    with own_machine():
        window = open_home(SettingsStore())

        def shoot(name: str, page: Page) -> None:
            assert window.page is page, name
            album.shoot(f"home-{name}", window, speaker(window))

        shoot("first-start", window.welcome)
        window.welcome.main_button.click()
        shoot("care-first", window.care)
        window.care.main_button.click()
        shoot("before", window.before)
        window.before.scale.choose(4)
        window.before.gentle_button.click()
        window.before.seated_button.click()
        shoot("before-chosen", window.before)
        window.before.seated_button.click()
        window.before.show_button.click()
        wait(lambda: window.show_page.playing)
        rest(2500)
        shoot("watch-first", window.show_page)
        window._go_home()
        window.welcome.ways["history"].click()
        shoot("history-empty", window.history)
        discard(window)
    with own_machine():
        keep_past()
        window = open_home(SettingsStore())
        shoot("again", window.welcome)
        for place, page in (
            ("forms", window.forms),
            ("history", window.history),
            ("settings", window.settings),
            ("care", window.care),
        ):
            window.welcome.ways[place].click()
            shoot(place, page)
            if place == "settings":
                for part, value in (("middle", 0.5), ("data", 1.0)):
                    album.shoot(
                        f"home-settings-{part}",
                        window,
                        speaker(window),
                        lambda v=value: scroll(window, v),
                    )
                window.settings.delete_buttons["everything"].click()
                album.shoot(
                    "home-settings-delete", window, speaker(window), lambda: scroll(window, 1.0)
                )
                window.settings.no_button.click()
            window._go_home()
        window._turn_to(window.wait)
        shoot("wait", window.wait)
        discard(window)


def scroll(window: HomeWindow, share: float) -> None:
    """Scroll the settings."""
    from PySide6.QtWidgets import QScrollArea

    rest(50)
    bar = window.settings.findChildren(QScrollArea)[0].verticalScrollBar()
    bar.setValue(round(share * bar.maximum()))
