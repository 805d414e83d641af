"""Before the first practice: what this is and is not, and when to see a doctor first.

The warning signs follow those of the German national guideline on low back pain (NVL
Nicht-spezifischer Kreuzschmerz, 2nd edition, 2017) and what one asks before any exercise.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from posecoach.app.kit.look import make_card, make_label
from posecoach.app.kit.pages import Page, make_scroll
from posecoach.text import N_

IS = (
    N_("A quiet companion: the camera watches how you move, and now and then there is a hint."),
    N_("It looks at tempo, at left and right, and at the trunk. Smaller is never a fault."),
    N_("Nothing leaves this computer. No video is kept unless you ask for it."),
)
IS_NOT = (
    N_("No treatment, no diagnosis, no promise about pain."),
    N_("No substitute for a doctor, a physiotherapist or a teacher."),
    N_("The camera sees movement. It sees neither muscles nor pain."),
)
SIGNS = (
    N_("a fall or an accident, or thin bones (osteoporosis)"),
    N_("numbness, tingling or weakness in an arm or a leg"),
    N_("numbness between the legs, or new trouble with bladder or bowel"),
    N_("fever, feeling very ill, or losing weight without a reason"),
    N_("pain that grows at night or when lying still"),
    N_("chest pain, shortness of breath or dizziness"),
    N_("cancer now or earlier, a recent operation, or a pregnancy"),
)
WHILE = N_("Stop if it hurts. Smaller, slower or seated is always right.")


class CarePage(Page):
    """The page; its main button is the agreement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = True
        inside = QWidget()
        both = QHBoxLayout(inside)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(18)
        left = QVBoxLayout()
        left.setSpacing(18)
        both.addLayout(left, 1)
        self._titles: list[tuple[QLabel, str]] = []
        self._lines: list[tuple[QLabel, str]] = []
        left.addWidget(self._make_card("card", N_("What this is"), IS), 1)
        left.addWidget(self._make_card("card", N_("What this is not"), IS_NOT), 1)
        both.addWidget(self._make_card("warn", N_("See a doctor first if there is"), SIGNS), 1)
        self.middle.addWidget(make_scroll(inside), 1)

    def _make_card(self, role: str, title: str, lines: Sequence[str]) -> QFrame:
        card, room = make_card(role)
        head = make_label(role="strong")
        room.addWidget(head)
        self._titles.append((head, title))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(lines):
            label = make_label(role="text")
            grid.addWidget(make_label("•", "text", wrap=False), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, row, 1)
            self._lines.append((label, line))
        room.addLayout(grid)
        room.addStretch(1)
        return card

    def set_first(self, first: bool) -> None:
        """Say whether this has to be agreed to, or is only read again."""
        self._first = first
        self.set_language(self.language)

    def set_words(self) -> None:
        """Set the words."""
        self.headline.setText(self.say(N_("Good to know")))
        for label, text in self._titles:
            label.setText(self.say(text))
        for label, text in self._lines:
            label.setText(self.say(text))
        self.note.setText(self.say(WHILE))
        if self._first:
            self.main_button.set_words(
                self.say(N_("I have read this")), self.say(N_("Agree and go on"))
            )
        self.main_button.setVisible(self._first)
        self.setAccessibleDescription(" ".join(label.text() for label, _ in self._lines))

    def enter(self) -> None:
        """Be shown; what is only read again has but the way back."""
        (self.main_button if self._first else self.back_button).setFocus()
