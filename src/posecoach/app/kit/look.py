"""Colours, type and the few pieces all pages are made of: the same calm dark room everywhere.

Sizes are in units of a hundredth of the window's height, so that what is large enough on one
screen is on every other; nothing is written smaller than 20 pixels.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from posecoach.text import LANGUAGES

BACKGROUND = "#16191d"
PANEL = "#1e2228"
RAISED = "#2b313a"
LINE = "#47505c"
TEXT = "#fafafa"
QUIET = "#c3c8cc"
OWN = "#69bee1"
CHANGE = "#ff9628"
GOOD = "#96d796"
CHOSEN = "#2d5f78"
DARK = "#0d1a20"  # writing on OWN
FADED = "#969da4"  # writing on what cannot be used now
HANDLE = "#737d89"
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
SMALLEST = 20  # pixels


def get_unit(width: int, height: int) -> float:
    """Return a hundredth of the window's height in pixels, less in a narrow window."""
    return max(2.0, min(height / 100.0, width / 140.0))


def make_style(unit: float) -> str:
    """Return the style sheet for a unit in pixels."""

    def px(units: float) -> int:
        return max(SMALLEST, round(units * unit))

    return f"""
    * {{ color: {TEXT}; font-size: {px(3.2)}px; }}
    QMainWindow, QWidget#page, QScrollArea, QScrollArea > QWidget > QWidget {{
        background: {BACKGROUND}; border: none; }}
    QLabel {{ background: transparent; }}
    QLabel[role="headline"] {{ font-size: {px(10)}px; font-weight: 600; }}
    QLabel[role="title"] {{ font-size: {px(7)}px; font-weight: 600; }}
    QLabel[role="lead"] {{ font-size: {px(4.6)}px; }}
    QLabel[role="line"] {{ font-size: {px(3.7)}px; }}
    QLabel[role="word"] {{ font-size: {px(4.6)}px; font-weight: 600; }}
    QLabel[role="strong"] {{ font-size: {px(3.7)}px; font-weight: 600; }}
    QLabel[role="text"] {{ font-size: {px(2.9)}px; }}
    QLabel[role="caption"] {{ font-size: {px(3.2)}px; color: {QUIET}; }}
    QLabel[role="small"] {{ font-size: {px(2.5)}px; color: {QUIET}; }}
    QFrame[role="card"] {{ background: {PANEL}; border-radius: {px(1.4) // 2}px; }}
    QFrame[role="change"] {{ background: {PANEL}; border-left: {max(6, px(1.4) // 2)}px solid
        {CHANGE}; }}
    QFrame[role="good"] {{ background: {PANEL}; border-left: {max(6, px(1.4) // 2)}px solid
        {GOOD}; }}
    QFrame[role="help"] {{ background: rgba(22, 25, 29, 238); border: 2px solid {LINE};
        border-radius: {px(1.4) // 2}px; }}
    QFrame#row {{ background: {BACKGROUND}; }}
    QPushButton {{ background: {RAISED}; border: 3px solid {RAISED}; font-size: {px(3.2)}px;
        border-radius: {max(8, round(1.2 * unit))}px;
        padding: {max(6, round(1.1 * unit))}px {max(18, round(3 * unit))}px; }}
    QPushButton:hover {{ background: #37404b; }}
    QPushButton:pressed {{ background: {LINE}; }}
    QPushButton:focus {{ border-color: {OWN}; }}
    QPushButton:disabled {{ color: {FADED}; }}
    QPushButton[role="main"] {{ background: {OWN}; border-color: {OWN}; color: {DARK};
        font-weight: 600; }}
    QPushButton[role="main"]:hover {{ background: #86cbe8; }}
    QPushButton[role="main"]:focus {{ border-color: {TEXT}; }}
    QPushButton[role="main"]:disabled {{ background: {RAISED}; border-color: {RAISED};
        color: {FADED}; }}
    QPushButton#start {{ font-size: {px(5)}px; }}
    QPushButton[role="tile"] {{ text-align: left; font-size: {px(3.7)}px;
        padding: {max(8, round(1.6 * unit))}px {max(18, round(3 * unit))}px; }}
    QPushButton[role="number"] {{ font-size: {px(4.6)}px; font-weight: 600; min-height: {px(9)}px;
        padding: 0px; }}
    QPushButton[role="number"]:checked {{ background: {OWN}; border-color: {TEXT};
        color: {DARK}; }}
    QPushButton[role="choice"] {{ text-align: left; padding: {max(10, round(1.8 * unit))}px
        {max(18, round(3 * unit))}px; }}
    QPushButton[role="choice"]:checked {{ background: {CHOSEN}; border-color: {OWN}; }}
    QPushButton[role="choice"]:checked:focus {{ border-color: {TEXT}; }}
    QFrame[role="warn"] {{ background: {PANEL}; border-left: {max(6, px(1.4) // 2)}px solid
        {CHANGE}; }}
    QCheckBox {{ background: transparent; spacing: {px(1.6)}px; padding: 4px; border: 3px solid
        transparent; border-radius: {max(8, round(1.2 * unit))}px; }}
    QCheckBox:focus {{ border-color: {OWN}; }}
    QCheckBox::indicator {{ width: {px(3.6)}px; height: {px(3.6)}px; border: 3px solid {QUIET};
        border-radius: {max(6, round(0.8 * unit))}px; background: {BACKGROUND}; }}
    QCheckBox::indicator:checked {{ background: {OWN}; border-color: {TEXT}; }}
    QListWidget {{ background: {PANEL}; border: 3px solid {PANEL}; outline: none;
        border-radius: {max(8, round(1.2 * unit))}px; font-size: {px(4.2)}px; }}
    QListWidget:focus {{ border-color: {OWN}; }}
    QListWidget::item {{ padding: {max(8, round(1.4 * unit))}px {max(12, round(2 * unit))}px; }}
    QListWidget::item:selected {{ background: {CHOSEN}; color: {TEXT}; }}
    QListWidget::item:disabled {{ color: {FADED}; }}
    QComboBox {{ background: {RAISED}; border: 3px solid {RAISED};
        border-radius: {max(8, round(1.2 * unit))}px;
        padding: {max(6, round(1.1 * unit))}px {max(12, round(2 * unit))}px; }}
    QComboBox::drop-down {{ border: none; width: {px(5)}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox:focus {{ border-color: {OWN}; }}
    QComboBox QAbstractItemView {{ background: {RAISED}; selection-background-color: {CHOSEN}; }}
    QScrollBar:vertical {{ background: {BACKGROUND}; width: {max(14, round(1.6 * unit))}px; }}
    QScrollBar::handle:vertical {{ background: {HANDLE}; min-height: 40px;
        border-radius: {max(6, round(0.7 * unit))}px; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; height: 0; }}
    """


class StyledWindow(QMainWindow):
    """A window whose type grows and shrinks with it."""

    def fit_screen(self) -> None:
        """Take a usual size, or the screen's where that is smaller."""
        room = self.screen().availableGeometry()
        self.setGeometry(room.x(), room.y(), min(1280, room.width()), min(800, room.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep type in proportion to the window."""
        super().resizeEvent(event)
        style = make_style(get_unit(event.size().width(), event.size().height()))
        if style != self.styleSheet():
            self.setStyleSheet(style)


class BigButton(QPushButton):
    """A button for fingers, pointers and keys: Return presses it too, a click leaves no focus.

    Parameters
    ----------
    main : bool
        Whether it is what most people will want.
    """

    def __init__(self, parent: QWidget | None = None, *, main: bool = False) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        if main:
            self.setProperty("role", "main")

    def set_words(self, text: str, description: str) -> None:
        """Set what stands on it and what a screen reader says of it."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(description)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Press the button on Return as on Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in _ARROWS:
            event.ignore()  # the page goes from one thing to the next
        else:
            super().keyPressEvent(event)


class ChoiceBox(QComboBox):
    """A box to choose from, with an arrow that can be seen."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the box and its arrow."""
        super().paintEvent(event)
        if not self.isEnabled():
            return
        half, middle = 0.12 * self.height(), QPointF(self.rect().center())
        middle.setX(self.width() - 5 * half)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(TEXT), max(2.0, 0.4 * half)))
        painter.drawPolyline(
            [middle + QPointF(x * half, y * half) for x, y in ((-1, -0.5), (0, 0.5), (1, -0.5))]
        )
        painter.end()


class CheckBox(QCheckBox):
    """A box with a tick that can be seen."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the box and its tick."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        middle, half = QPointF(box.center()), 0.26 * box.height()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(BACKGROUND), max(3.0, 0.45 * half)))
        tick = ((-1.0, 0.0), (-0.3, 0.7), (1.0, -0.7))
        painter.drawPolyline([middle + QPointF(x * half, y * half) for x, y in tick])
        painter.end()


def next_language(language: str) -> str:
    """Return the language that a press of the language key brings."""
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def make_label(text: str = "", role: str = "body", *, wrap: bool = True) -> QLabel:
    """Return a line of text in one of the style sheet's roles; nothing in it is markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    return label


def make_card(role: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """Return a raised panel and its column."""
    card = QFrame()
    card.setProperty("role", role)
    column = QVBoxLayout(card)
    column.setContentsMargins(28, 20, 28, 20)
    column.setSpacing(10)
    return card, column


def clear_layout(layout: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()
