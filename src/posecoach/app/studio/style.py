"""How the studio looks: the app's calm dark room, seen from a chair instead of from the mat."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from posecoach.app.kit.look import (
    BACKGROUND,
    CHANGE,
    LINE,
    OWN,
    PANEL,
    QUIET,
    RAISED,
    TEXT,
    BigButton,
    ChoiceBox,
    StyledWindow,
    make_label,
    make_style,
)

IN, OUT, FREE = "#69bee1", "#96d796", "#aab2ba"
"""Breath by colour; an arrow says the same."""
BREATH_COLOURS = {"in": IN, "out": OUT, "free": FREE}
_INSIDE = 9  # pixels from a number to the edge of its box
BREATH_MARKS = {"in": "↑", "out": "↓", "free": "○"}


def make_studio_style(unit: float) -> str:
    """Return the style sheet for a unit in pixels; one sits nearer than when practising."""
    size = max(18, round(2.2 * unit))
    small = max(17, round(1.9 * unit))
    pad = max(5, round(0.6 * unit))
    return (
        make_style(unit)
        + f"""
    * {{ font-size: {size}px; }}
    QLabel[role="headline"] {{ font-size: {round(2.4 * size)}px; }}
    QLabel[role="title"] {{ font-size: {round(1.5 * size)}px; }}
    QLabel[role="lead"] {{ font-size: {round(1.25 * size)}px; }}
    QLabel[role="line"], QLabel[role="body"] {{ font-size: {size}px; }}
    QLabel[role="caption"], QLabel[role="small"] {{ font-size: {small}px; color: {QUIET}; }}
    QLabel[role="count"] {{ font-size: {round(16 * unit)}px; font-weight: 600;
        background: rgba(18, 21, 25, 165); border-radius: {round(3 * unit)}px;
        padding: 0 {round(4 * unit)}px; }}
    QLabel[role="warn"] {{ font-size: {small}px; color: {CHANGE}; }}
    QPushButton {{ font-size: {size}px; padding: {pad}px {2 * pad}px; border-width: 2px;
        border-radius: 8px; }}
    QPushButton:checked {{ background: #2d5f78; border-color: {OWN}; }}
    QPushButton:checked:focus {{ border-color: {TEXT}; }}
    QListWidget {{ font-size: {size}px; border-width: 2px; }}
    QListWidget::item {{ padding: {pad}px {2 * pad}px; }}
    QLineEdit, QPlainTextEdit, QDoubleSpinBox, QComboBox {{ background: {RAISED};
        border: 2px solid {RAISED}; border-radius: 8px; padding: {pad}px {pad + 4}px;
        selection-background-color: #2d5f78; }}
    QComboBox {{ padding-right: {round(1.8 * size)}px; }}
    QLineEdit:focus, QPlainTextEdit:focus, QDoubleSpinBox:focus, QComboBox:focus {{
        border-color: {OWN}; }}
    QLineEdit:disabled, QPlainTextEdit:disabled, QDoubleSpinBox:disabled, QCheckBox:disabled {{
        color: #8b939a; }}
    QComboBox QLineEdit {{ background: transparent; border: none; padding: 0; }}
    QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ width: 0; }}
    QDoubleSpinBox {{ padding: 0; min-height: {size + 2 * pad}px; }}
    QDoubleSpinBox QLineEdit {{ background: transparent; border: none; padding: 0; }}
    QCheckBox {{ spacing: {pad + 4}px; padding: {max(2, pad - 3)}px; border: 2px solid transparent;
        border-radius: 6px; }}
    QCheckBox:focus {{ border-color: {OWN}; }}
    QCheckBox::indicator {{ width: {size}px; height: {size}px; border: 2px solid {QUIET};
        border-radius: 5px; background: {BACKGROUND}; }}
    QCheckBox::indicator:checked {{ background: {OWN}; border-color: {OWN}; }}
    QCheckBox::indicator:disabled {{ border-color: {LINE}; }}
    QCheckBox::indicator:checked:disabled {{ background: #3d6a7d; border-color: #3d6a7d; }}
    QTabWidget::pane {{ border: none; background: {PANEL}; }}
    QTabBar {{ background: {BACKGROUND}; }}
    QTabBar::tab {{ background: {BACKGROUND}; color: {QUIET}; padding: {pad + 2}px {pad + 6}px;
        border: 2px solid transparent; border-bottom: 3px solid {LINE}; }}
    QTabBar::tab:selected {{ background: {PANEL}; color: {TEXT}; border-bottom-color: {OWN}; }}
    QTabBar::tab:focus {{ border: 2px solid {OWN}; }}
    QWidget#tab, QScrollArea#tab, QScrollArea#tab > QWidget > QWidget {{ background: {PANEL}; }}
    QFrame#bar {{ background: {PANEL}; }}
    QDialog {{ background: {PANEL}; }}
    QMenu {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: {pad}px 0; }}
    QMenu::item {{ padding: {pad}px {4 * pad}px; }}
    QMenu::item:selected {{ background: #2d5f78; }}
    QMenu::separator {{ height: 1px; background: {LINE}; margin: {pad}px 0; }}
    QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 4px; }}
    QProgressBar {{ background: {RAISED}; border: none; border-radius: 8px; text-align: center;
        min-height: {round(1.6 * size)}px; }}
    QProgressBar::chunk {{ background: #2d5f78; border-radius: 8px; }}
    """
    )


class StudioBase(StyledWindow):
    """A window in the studio's style."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep type in proportion to the window."""
        super(StyledWindow, self).resizeEvent(event)
        style = make_studio_style(
            max(2.0, min(event.size().height() / 100.0, event.size().width() / 150.0))
        )
        if style != self.styleSheet():
            self.setStyleSheet(style)


class QuietChoice(ChoiceBox):
    """A box to choose from that a turning wheel does not change by accident."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: object) -> None:  # noqa: N802
        """Leave the wheel to the page."""
        event.ignore()  # type: ignore[attr-defined]

    def fill(self, items: Sequence[tuple[str, object]]) -> None:
        """Set words and what they stand for; what was chosen stays chosen. No signal is sent."""
        chosen = self.currentData()
        blocked = self.blockSignals(True)
        if [self.itemData(k) for k in range(self.count())] != [data for _, data in items]:
            self.clear()
            for text, data in items:
                self.addItem(text, data)
            self.setCurrentIndex(max(0, self.findData(chosen)))
        else:
            for k, (text, _) in enumerate(items):
                self.setItemText(k, text)
        self.blockSignals(blocked)

    def choose(self, data: object) -> None:
        """Choose what stands for something, without a signal."""
        blocked = self.blockSignals(True)
        self.setCurrentIndex(self.findData(data))
        self.blockSignals(blocked)


class NumberBox(QDoubleSpinBox):
    """A number that a turning wheel does not change by accident."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(_INSIDE, 0, _INSIDE, 0)

    def wheelEvent(self, event: object) -> None:  # noqa: N802
        """Leave the wheel to the page."""
        event.ignore()  # type: ignore[attr-defined]


class Words:
    """Marked texts and who shows them, so that a language can be changed at any time."""

    def __init__(self) -> None:
        self._setters: list[tuple[Callable[[str], object], str]] = []
        self._buttons: list[tuple[BigButton, str, str]] = []

    def add(self, setter: Callable[[str], object], text: str) -> None:
        """Remember that something shows a marked text."""
        self._setters.append((setter, text))

    def name(self, button: BigButton, text: str, told: str) -> None:
        """Remember a button's marked texts: its own, and what it does."""
        self._buttons.append((button, text, told))

    def label(self, text: str, role: str = "caption", *, buddy: QWidget | None = None) -> QWidget:
        """Return a label of a marked text; a screen reader says it of the widget it belongs to."""
        label = make_label(role=role)
        self.add(label.setText, text)
        if buddy is not None:
            label.setBuddy(buddy)
            self.add(buddy.setAccessibleName, text)
        return label

    def tell(self, say: Callable[[str], str]) -> None:
        """Set all texts anew."""
        for setter, text in self._setters:
            setter(say(text))
        for button, text, told in self._buttons:
            button.set_words(say(text) if text else button.text(), say(told))
            button.setToolTip(say(told))
