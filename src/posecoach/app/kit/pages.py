"""What all pages of the first window have in common: a headline, a middle, and a row of buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label
from posecoach.text import N_, translate

MEDICAL = N_("Stop if it hurts. This is no medical advice.")
FORWARD = (Qt.Key.Key_PageDown, Qt.Key.Key_F5, Qt.Key.Key_Return, Qt.Key.Key_Enter)
BACK = (Qt.Key.Key_PageUp, Qt.Key.Key_Escape, Qt.Key.Key_Backspace)
_NEXT = (Qt.Key.Key_Down, Qt.Key.Key_Right)
_BEFORE = (Qt.Key.Key_Up, Qt.Key.Key_Left)


class Page(QWidget):
    """One page.

    Return, page down and F5 (what a presenter's remote sends) press the main button, Escape and
    page up go back, the arrows go from one thing to the next.

    Attributes
    ----------
    forward, back : signal
        The main button, or the other one, was pressed.
    language : str
    """

    forward = Signal()
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.language = "en"
        self.headline = make_label(role="title")
        self.lead = make_label(role="lead")
        self.main_button = BigButton(main=True)
        self.back_button = BigButton()
        self.note = make_label(role="caption")
        self.main_button.clicked.connect(self.forward)
        self.back_button.clicked.connect(self.back)
        self.top = QHBoxLayout()
        self.top.addWidget(self.headline, 1)
        self.middle = QVBoxLayout()
        self.middle.setSpacing(16)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(16)
        self.foot.addWidget(self.note, 1)
        self.foot.addWidget(self.back_button)
        self.foot.addWidget(self.main_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(56, 28, 56, 24)
        whole.setSpacing(14)
        whole.addLayout(self.top)
        whole.addWidget(self.lead)
        whole.addLayout(self.middle, 1)
        whole.addLayout(self.foot)

    def say(self, text: str) -> str:
        """Return a marked text in the page's language."""
        return translate(text, self.language)

    def set_language(self, language: str) -> None:
        """Write everything in a language."""
        self.language = language
        self.back_button.set_words(self.say(N_("Back")), self.say(N_("Go back. Key: Escape")))
        self.set_words()
        self.setAccessibleName(self.headline.text())
        self.lead.setVisible(bool(self.lead.text()))

    def set_words(self) -> None:
        """Set the page's own words; `set_language` calls it."""

    def enter(self) -> None:
        """Be shown: what has the focus is what most people will want."""
        self.main_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Obey the keys that are the same everywhere."""
        key = Qt.Key(event.key())
        if key in FORWARD:
            if self.main_button.isVisible() and not event.isAutoRepeat():
                self.main_button.click()
        elif key in BACK:
            if not event.isAutoRepeat():
                self.back.emit()
        elif key in _NEXT:
            self.focusNextChild()
        elif key in _BEFORE:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)


def make_scroll(inside: QWidget) -> QScrollArea:
    """Return a room that scrolls up and down if its content is too high."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(inside)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroll
