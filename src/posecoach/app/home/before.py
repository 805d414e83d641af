"""Just before a practice: how the back feels, and how one would like to practise today."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posecoach.app.kit.feeling import FeelingScale
from posecoach.app.kit.look import BigButton, make_label
from posecoach.app.kit.pages import MEDICAL, Page
from posecoach.text import N_

_USUAL = N_("As usual")
_GENTLE = N_("Gently")
_SEATED = N_("Seated")
_WAYS = (
    (_USUAL, N_("In your own time,\nas often as you like")),
    (_GENTLE, N_("Smaller and slower,\nthree times through")),
    (_SEATED, N_("On a stool or a chair,\nlegs at rest")),
)


class BeforePage(Page):
    """The page.

    Attributes
    ----------
    scale : FeelingScale
    show_button : BigButton
        To look at the form first.
    usual_button, gentle_button, seated_button : BigButton
        Usual and gentle exclude each other, seated goes with both.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask, self._title = True, ""
        self.scale = FeelingScale()
        self._way = make_label(role="lead")
        self._hurts = make_label(role="line")
        row = QHBoxLayout()
        row.setSpacing(16)
        ways = []
        for _ in _WAYS:
            button = BigButton()
            button.setProperty("role", "choice")
            button.setCheckable(True)
            row.addWidget(button, 1)
            ways.append(button)
        self.usual_button, self.gentle_button, self.seated_button = self._ways = ways
        self.show_button = BigButton()
        self.foot.insertWidget(1, self.show_button)
        self.middle.addStretch(1)
        self.middle.addWidget(self.scale)
        self.middle.addStretch(1)
        self.middle.addWidget(self._way)
        self.middle.addLayout(row)
        self.middle.addStretch(1)
        self.middle.addWidget(self._hurts)
        self.usual_button.clicked.connect(lambda: self._set_gentle(False))
        self.gentle_button.clicked.connect(lambda: self._set_gentle(True))
        self.scale.changed.connect(self.set_words)

    @property
    def gentle(self) -> bool:
        """Whether gentle practice is chosen."""
        return self.gentle_button.isChecked()

    @property
    def seated(self) -> bool:
        """Whether one practises on a chair."""
        return self.seated_button.isChecked()

    def prepare(self, title: str, *, ask: bool, gentle: bool, seated: bool) -> None:
        """Be ready for another practice: nothing said yet, the ways as the last time."""
        self._title, self._ask = title, ask
        self.scale.choose(None)
        self.scale.setVisible(ask)
        self._set_gentle(gentle)
        self.seated_button.setChecked(seated)
        self.set_language(self.language)

    def retitle(self, title: str) -> None:
        """Call the form by another name, of another language."""
        self._title = title

    def _set_gentle(self, gentle: bool) -> None:
        self.gentle_button.setChecked(gentle)
        self.usual_button.setChecked(not gentle)

    def set_words(self) -> None:
        """Set the words."""
        self.scale.set_language(self.language)
        question = N_("How does the back feel now?") if self._ask else N_("Before you begin")
        self.headline.setText(self.say(question))
        self.lead.setText(self._title)
        self._way.setText(self.say(N_("Today I would like to practise")))
        for button, (name, words) in zip(self._ways, _WAYS, strict=True):
            button.set_words(f"{self.say(name)}\n{self.say(words)}", self.say(words))
            button.setAccessibleName(self.say(name))
        self._hurts.setText(self.say(MEDICAL))
        self.show_button.set_words(
            self.say(N_("Watch it first")), self.say(N_("See the teacher do it"))
        )
        silent = self._ask and self.scale.value is None
        self.main_button.set_words(
            self.say(N_("Skip and begin") if silent else N_("Begin")),
            self.say(N_("Go on to the picture of the camera")),
        )
        self.setAccessibleDescription(f"{self._title}. {self._hurts.text()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Choose by keys: digits, U, G and S."""
        if self._ask and self.scale.take_key(event):
            return
        key = event.key()
        if key == Qt.Key.Key_G:
            self._set_gentle(not self.gentle)
        elif key == Qt.Key.Key_S:
            self.seated_button.toggle()
        else:
            super().keyPressEvent(event)
