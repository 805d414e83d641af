"""The pages beside the timeline: what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from posecoach.app.studio.desk import Desk
from posecoach.app.studio.style import Words
from posecoach.text import N_

_NAMES = {"de": N_("Name, German"), "en": N_("Name, English"), "zh": N_("Name, Chinese")}


class TabPage(QWidget):
    """A page that shows the form on the desk, and scrolls where there is too little room.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    column : QVBoxLayout
        What a page has goes in here.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._words = desk, Words()
        area, inside = QScrollArea(), QWidget()
        area.setObjectName("tab")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(18, 14, 18, 14)
        self.column.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def follow(self) -> None:
        """Show the form now and after each change; call it when all is built."""
        self.desk.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the form as it is now."""
        raise NotImplementedError


class Fields(QGridLayout):
    """Rows of a label and what it stands for.

    Parameters
    ----------
    words : Words
    """

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(8)
        self.setColumnStretch(1, 1)

    def add(self, text: str, field: QWidget | QLayout, buddy: QWidget | None = None) -> None:
        """Add a row with a marked text."""
        row = self.rowCount()
        self.addWidget(self._words.label(text, buddy=buddy), row, 0)
        if isinstance(field, QWidget):
            self.addWidget(field, row, 1)
        else:
            self.addLayout(field, row, 1)

    def add_names(
        self, languages: Sequence[str], write: Callable[[str, str], object]
    ) -> dict[str, QLineEdit]:
        """Add a row for a name in each language; ``write(language, text)`` gets what is typed."""
        fields = {}
        for language in languages:
            field = fields[language] = QLineEdit()
            field.setMaxLength(200)
            field.textEdited.connect(partial(write, language))
            self.add(_NAMES[language], field, field)
        return fields


def show_texts(
    fields: Mapping[str, QLineEdit] | Mapping[str, QPlainTextEdit], texts: Mapping[str, str]
) -> None:
    """Show texts by their keys; what one types just now is not taken away."""
    for key, field in fields.items():
        text = texts.get(key, "")
        if isinstance(field, QLineEdit):
            if field.text().strip() != text.strip():
                field.setText(text)
                field.setCursorPosition(0)
        elif field.toPlainText().strip() != text.strip():
            field.setPlainText(text)
