"""How the back feels, 0 to 10: eleven large numbers, for fingers, pointers and keys."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label
from posecoach.text import N_, translate

MOST = 10
_TOGETHER_S = 1.5  # a 0 after a 1 within this time makes a 10


class FeelingScale(QWidget):
    """The numbers.

    A digit chooses its number, 1 and then 0 chooses 10; the same number again takes the choice
    back.

    Attributes
    ----------
    changed : signal
        Another number was chosen, or none.
    value : int or None
        None: nothing was said, which is an answer too.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value: int | None = None
        self._one_at = float("-inf")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self.buttons = []
        for number in range(MOST + 1):
            button = BigButton()
            button.setProperty("role", "number")
            button.setCheckable(True)
            button.setMinimumWidth(44)
            button.clicked.connect(lambda _=False, n=number: self._press(n))
            grid.addWidget(button, 0, number)
            grid.setColumnStretch(number, 1)
            self.buttons.append(button)
        self._low, self._high = make_label(role="caption"), make_label(role="caption")
        self._high.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._low, 1, 0, 1, 5)
        grid.addWidget(self._high, 1, 6, 1, 5)

    def set_language(self, language: str) -> None:
        """Set the words."""
        self._low.setText(translate(N_("0: nothing hurts"), language))
        self._high.setText(translate(N_("10: as bad as can be"), language))
        self.setAccessibleName(translate(N_("How the back feels, 0 to 10"), language))
        for number, button in enumerate(self.buttons):
            ends = {0: self._low.text(), MOST: self._high.text()}
            button.set_words(str(number), ends.get(number, self.accessibleName()))

    def choose(self, value: int | None) -> None:
        """Choose a number, or none."""
        self.value = value
        for number, button in enumerate(self.buttons):
            button.setChecked(number == value)
        self.changed.emit()

    def take_key(self, event: QKeyEvent) -> bool:
        """Choose by a digit; return whether the key was one."""
        digit = event.key() - Qt.Key.Key_0
        if not 0 <= digit <= 9:
            return False
        now = time.monotonic()
        if digit == 0 and self.value == 1 and now - self._one_at < _TOGETHER_S:
            self.choose(MOST)
        else:
            self.choose(digit)
        self._one_at = now if digit == 1 else float("-inf")
        return True

    def _press(self, number: int) -> None:
        self._one_at = float("-inf")
        self.choose(None if number == self.value else number)
