"""The desk with everything on it: picture, timeline, and the pages beside them."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from posecoach.app.kit.look import BigButton, make_label, next_language
from posecoach.app.studio.desk import Desk
from posecoach.app.studio.form_page import FormPage
from posecoach.app.studio.phase_page import PhasePage
from posecoach.app.studio.room_page import RoomPage
from posecoach.app.studio.stage import Stage
from posecoach.app.studio.start_page import LANGUAGE_NAMES
from posecoach.app.studio.style import Words
from posecoach.app.studio.takes_page import TakesPage
from posecoach.app.studio.timeline import Timeline
from posecoach.app.studio.words_page import WordsPage
from posecoach.text import N_, format_number

_PLAY_MS = 33
_TABS = (N_("Phase"), N_("Words"), N_("Tolerance"), N_("Form"), N_("Takes"))


class Editor(QWidget):
    """Everything there is to do with one form.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    asked : signal of str
        A command: ``"back"``, ``"save"``, ``"preview"``, ``"send"``, ``"language"``, ``"camera"``
        or ``"videos"``.
    """

    asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.desk, self._words = desk, Words()
        self.stage, self.timeline = Stage(desk), Timeline(desk)
        self.phase, self.words = PhasePage(desk), WordsPage(desk)
        self.room, self.form, self.takes = RoomPage(desk), FormPage(desk), TakesPage(desk)
        self.buttons: dict[str, BigButton] = {}
        self.title = make_label(role="lead", wrap=False)
        self.play_button, self.clock = BigButton(), QLabel()
        self._build()
        self._began = 0.0
        self._player = QTimer(self)
        self._player.setInterval(_PLAY_MS)
        self._player.timeout.connect(self._go_on)
        self.timeline.play.connect(self.toggle_play)
        self.timeline.split.connect(self.phase.split_here)
        self.timeline.joined.connect(self.phase.join_next)
        self.room.drawn.connect(self._draw_tolerance)
        self.takes.more.connect(self.asked.emit)
        desk.changed.connect(self.refresh)
        desk.moved.connect(self._show_clock)
        self.refresh()

    def _build(self) -> None:
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(8)
        made: tuple[tuple[str, str, str], ...] = (
            ("back", N_("Forms"), N_("Back to all forms")),
            ("undo", N_("Undo"), N_("Take back the last change (Ctrl+Z)")),
            ("redo", N_("Redo"), N_("Do it again (Ctrl+Shift+Z)")),
            ("preview", N_("Preview"), N_("Practise it as a student will (Ctrl+P)")),
            ("save", N_("Save"), N_("Save the form (Ctrl+S)")),
            ("send", N_("Send"), N_("Make one file to send (Ctrl+E)")),
            ("language", "", N_("Change the language")),
        )
        for command, text, told in made:
            button = self.buttons[command] = BigButton(main=command == "save")
            self._words.name(button, text, told)
            button.clicked.connect(partial(self._ask, command))
        for command in ("back", "undo", "redo"):
            row.addWidget(self.buttons[command])
        row.addSpacing(10)
        row.addWidget(self.title, 1)
        for command in ("preview", "save", "send", "language"):
            row.addWidget(self.buttons[command])
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stage, 1)
        controls = QHBoxLayout()
        controls.setContentsMargins(12, 6, 12, 6)
        controls.setSpacing(14)
        controls.addWidget(self.play_button)
        controls.addWidget(self.clock)
        controls.addStretch(1)
        self.hint = make_label(role="small", wrap=False)
        self._words.add(self.hint.setText, N_("Drag the lines; keys: ← →, Page ↑ ↓, Alt ← →"))
        controls.addWidget(self.hint)
        column.addLayout(controls)
        column.addWidget(self.timeline)
        self.play_button.clicked.connect(self.toggle_play)
        self.clock.setProperty("role", "line")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setExpanding(True)
        for page in (self.phase, self.words, self.room, self.form, self.takes):
            self.tabs.addTab(page, "")
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.setChildrenCollapsible(False)
        upper.addWidget(left)
        upper.addWidget(self.tabs)
        upper.setStretchFactor(0, 3)
        upper.setStretchFactor(1, 2)
        upper.setSizes([1180, 820])
        self.status = make_label(role="small")
        page_column = QVBoxLayout(self)
        page_column.setContentsMargins(0, 0, 0, 0)
        page_column.setSpacing(0)
        page_column.addWidget(bar)
        page_column.addWidget(upper, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 3, 14, 4)
        foot.addWidget(self.status)
        page_column.addLayout(foot)

    def _ask(self, command: str) -> None:
        if command == "undo":
            self.desk.undo()
        elif command == "redo":
            self.desk.redo()
        else:
            self.asked.emit(command)

    def refresh(self) -> None:
        """Show names, and what can be done now."""
        desk, history = self.desk, self.desk.history
        self._words.tell(desk.say)
        self.buttons["language"].set_words(
            LANGUAGE_NAMES[next_language(desk.language)], desk.say(N_("Change the language"))
        )
        star = " •" if history.changed else ""
        self.title.setText(f"{desk.sequence.title(desk.language)}{star}")
        self.buttons["undo"].setEnabled(history.undo_what is not None)
        self.buttons["redo"].setEnabled(history.redo_what is not None)
        for command, what in (("undo", history.undo_what), ("redo", history.redo_what)):
            if what:
                self.buttons[command].setToolTip(desk.say(what))
                self.buttons[command].setAccessibleDescription(desk.say(what))
        for k, text in enumerate(_TABS):
            self.tabs.setTabText(k, desk.say(text))
        self._name_play()
        self._show_clock()
        if desk.problem:
            unsaved = desk.say(N_("This cannot be saved yet"))
            self.status.setText(f"{unsaved}: {desk.problem}")
        elif history.changed:
            self.status.setText(desk.say(N_("Not saved yet; it is kept should anything happen.")))
        else:
            self.status.setText(desk.say(N_("Saved")) if desk.home else "")

    def _show_clock(self) -> None:
        desk = self.desk
        at, whole = (format_number(s, 1, desk.language) for s in (desk.place_s, desk.duration_s))
        self.clock.setText(f"{at} / {whole} s")

    def _draw_tolerance(self, measure: str | None) -> None:
        self.timeline.measure = measure
        self.timeline.refresh()

    # Playing.

    @property
    def playing(self) -> bool:
        """Whether the take is played."""
        return self._player.isActive()

    def toggle_play(self) -> None:
        """Play the take, or stop."""
        if self.playing:
            self._player.stop()
        else:
            if self.desk.place_s >= self.desk.duration_s - 0.05:
                self.desk.go_to(0.0)
            self._began = time.monotonic() - self.desk.place_s
            self._player.start()
        self._name_play()

    def _go_on(self) -> None:
        at = time.monotonic() - self._began
        self.desk.go_to(at)
        if at >= self.desk.duration_s:
            self._player.stop()
            self._name_play()

    def _name_play(self) -> None:
        text = N_("Stop") if self.playing else N_("Play")
        mark = "■" if self.playing else "▶"
        word = self.desk.say(text)
        self.play_button.set_words(word, self.desk.say(N_("Play the take, or stop")))
        self.play_button.setText(f"{mark}  {word}")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the timeline its share of the height."""
        super().resizeEvent(event)
        self.timeline.setFixedHeight(max(170, round(0.26 * self.height())))

    def close_all(self) -> None:
        """Stop playing, and let go of the videos."""
        self._player.stop()
        self.stage.close_clips()
