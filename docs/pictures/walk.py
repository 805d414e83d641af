"""A person's first five minutes and the next day's first one, as the command runs them.

Everything is the program's own but for two things: a sample stands before the camera, and what
the model says of it was seen before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from unittest.mock import patch

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posecoach.app.home.window import HomeWindow
from posecoach.app.practice.window import PracticeWindow
from posecoach.commands.window import practise_in_window
from practice import CAMERAS
from scenes import LIMIT_S, Album, Film, Replay, form_of, own_machine, take, tell

K = Qt.Key
CLIP = "heavens-lean-left-emma"
FORM = form_of(CLIP)
STAND = 4  # seconds of quiet standing before it
Steps = Iterator[Callable[[], object]]


class _Seen(Replay):
    """What the model saw, in the place of the model."""

    def __enter__(self) -> _Seen:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Person:
    """Does one thing after another, each as soon as what it waits for is there."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._until: Callable[[], object] = lambda: True
        self._since = time.monotonic()
        self.error: Exception | None = None
        self._timer = QTimer()
        self._timer.timeout.connect(self._live)
        self._timer.start(20)

    def stop(self) -> None:
        """End; raise what went wrong."""
        self._timer.stop()
        if self.error is not None:
            raise self.error

    def _live(self) -> None:
        self._timer.stop()  # taking a picture lets the windows work
        try:
            if self._until():
                self._until, self._since = next(self._steps), time.monotonic()
            elif time.monotonic() - self._since > LIMIT_S:
                raise TimeoutError("waited in vain")
        except StopIteration:
            return
        except Exception as error:  # told once every window is closed
            self.error = error
            for window in QApplication.topLevelWidgets():
                window.close()
            return
        self._timer.start(20)


def find(kind: type[QWidget]) -> QWidget | None:
    """Return the window of a kind that is open."""
    return next(
        (w for w in QApplication.topLevelWidgets() if type(w) is kind and w.isVisible()), None
    )


def walk(album: Album, language: str, size: tuple[int, int]) -> None:
    """Go through both days in one language, taking pictures on the way."""
    taken = 0

    def open_() -> QWidget:
        window = find(HomeWindow) or find(PracticeWindow)
        assert window is not None
        return window

    def press(*keys: Qt.Key) -> None:
        for key in keys:
            window = open_()
            QTest.keyClick(window.focusWidget() or window, key)

    def shoot(name: str) -> None:
        nonlocal taken
        taken += 1
        window = open_()
        window.resize(*size)
        QTest.qWait(150)
        album.save(f"walk-{taken:02d}-{name}-{language}-{size[0]}", take(window))

    def pause(seconds: float) -> Callable[[], object]:
        end = time.monotonic() + seconds
        return lambda: time.monotonic() > end

    film = Film(CLIP, stand=STAND, until_s=1.85)

    def play_to(time_s: float) -> Callable[[], object]:
        film.play_to(time_s)
        return lambda: film.waits

    def first_day() -> Steps:
        yield lambda: find(HomeWindow)
        home = open_()
        assert isinstance(home, HomeWindow)
        yield lambda: bool(home.welcome._stage[0])
        shoot("home")
        press(K.Key_Return)
        shoot("care")
        press(K.Key_Return)
        shoot("before")
        press(K.Key_4)
        shoot("before-answered")
        press(K.Key_Return)
        yield lambda: find(PracticeWindow)
        practice = open_()
        assert isinstance(practice, PracticeWindow)
        yield lambda: film.waits
        yield pause(0.3)
        shoot("set-up")
        while practice.pages.in_set_up:
            yield play_to(film._until_s + 0.5)
            yield pause(0.3)
        yield play_to(film._until_s + 0.6)
        yield pause(0.3)
        shoot("countdown")
        yield play_to(tell(CLIP).cues[0][0] + STAND + 0.9)
        yield pause(0.4)
        shoot("cue")
        press(K.Key_H)
        shoot("help")
        press(K.Key_H)
        film.play_to(float("inf"))
        yield lambda: practice.summary.asking
        yield pause(1.1)
        shoot("back-after")
        press(K.Key_3, K.Key_Return)
        shoot("summary")
        press(K.Key_M)
        yield pause(1.5)
        shoot("moment")
        press(K.Key_Escape)
        yield pause(1.1)
        press(K.Key_Return)
        yield lambda: find(HomeWindow)
        home = open_()
        assert isinstance(home, HomeWindow)
        yield lambda: bool(home.welcome._stage[0])
        shoot("home-again")
        home.welcome.ways["history"].click()
        shoot("history")
        press(K.Key_Escape, K.Key_Escape)

    def next_start() -> Steps:
        yield lambda: find(HomeWindow)
        home = open_()
        assert isinstance(home, HomeWindow)
        yield lambda: bool(home.welcome._stage[0])
        shoot("second-start")
        press(K.Key_Return)
        assert home.page is home.before, "what was agreed to is asked again"
        shoot("second-before")
        press(K.Key_Escape, K.Key_Escape)

    with own_machine(), ExitStack() as stack:
        for where, what in (
            ("posecoach.commands.cameras.list_cameras", lambda: CAMERAS),
            ("posecoach.commands.cameras.open_source", lambda *a, **k: film),
            ("posecoach.pose.person.PersonEstimator", lambda path: _Seen(CLIP)),
        ):
            stack.enter_context(patch(where, what))
        from posecoach.journal.store import Journal

        # The form of the sample is the one of the day.
        with patch("posecoach.app.home.welcome.choose_today", lambda forms, *a: FORM):
            for steps in (first_day(), next_start()):
                person = Person(steps)
                status = practise_in_window(None, None, None, language, voice=False)
                person.stop()
                assert status == 0
        with Journal.open() as journal:
            (info,) = journal.list_sessions()
        assert (info.feeling_before, info.feeling_after) == (4, 3)
        assert info.repetitions == 2


def shoot_walk(album: Album) -> None:
    """Walk in every language, in the smaller size."""
    for language in album.languages:
        walk(album, language, album.sizes[0])
