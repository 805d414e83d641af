"""Questions and messages over the window; they wait without stopping it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label

Answer = tuple[str, Callable[[], object] | None]


class Question(QDialog):
    """A text and a few answers; the first is what most people will want, the last gives up.

    Parameters
    ----------
    parent : QWidget
    title, text : str
    answers : list of (str, callable or None)
        What stands on each button and what it does.
    content : QWidget, optional
        Shown between text and answers.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        answers: list[Answer],
        content: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.buttons: list[BigButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(14)
        column.addWidget(make_label(title, "title"))
        self.text = make_label(text, "line")
        column.addWidget(self.text)
        if content is not None:
            column.addWidget(content)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        for k, (words, work) in enumerate(answers):
            button = BigButton(main=k == 0)
            button.set_words(words, "")
            button.clicked.connect(lambda _=False, w=work: self._answer(w))
            self.buttons.append(button)
            row.addWidget(button)
        column.addLayout(row)
        self.setMinimumWidth(min(760, max(480, parent.width() * 5 // 9)))
        if content is None:
            self.buttons[0].setFocus()

    def _answer(self, work: Callable[[], object] | None) -> None:
        self.close()
        if work is not None:
            work()
