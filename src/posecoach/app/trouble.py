"""When the picture fails: what happened, what to do, and a way to try again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posecoach.app.look import BigButton, make_label
from posecoach.errors import CameraError, ModelError
from posecoach.text import N_, translate

_CAMERA = (
    N_("The camera gives no picture"),
    N_("Is it plugged in, its shutter open, and does no video call or browser use it?"),
)
_MODEL = (
    N_("The body cannot be found just now"),
    N_("The pose model did not start. The command 'posecoach doctor' says what is missing."),
)
_OTHER = (
    N_("The picture cannot go on"),
    N_("Try again, or end here. What was practised until now is kept."),
)


class TroublePage(QWidget):
    """The page.

    Attributes
    ----------
    again, ended : signal
        A button was pressed.
    """

    again = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._error: Exception | None = None
        self._headline = make_label(role="headline")
        self._advice = make_label(role="lead")
        self._detail = make_label(role="small")
        self.again_button = BigButton(main=True)
        self.end_button = BigButton()
        self.again_button.clicked.connect(self.again)
        self.end_button.clicked.connect(self.ended)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch(1)
        row.addWidget(self.end_button)
        row.addWidget(self.again_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(56, 40, 56, 28)
        column.setSpacing(26)
        column.addStretch(1)
        column.addWidget(self._headline)
        column.addWidget(self._advice)
        column.addStretch(1)
        column.addWidget(self._detail)
        column.addLayout(row)

    def show_error(self, error: Exception, language: str, *, can_retry: bool) -> None:
        """Fill the page."""
        headline, advice = _OTHER
        if isinstance(error, CameraError | ModelError):
            headline, advice = _CAMERA if isinstance(error, CameraError) else _MODEL
        told = str(error).strip().splitlines()
        self._headline.setText(translate(headline, language))
        self._advice.setText(translate(advice, language))
        self._detail.setText(told[0] if told else type(error).__name__)
        self.again_button.setVisible(can_retry)
        self.again_button.set_words(
            translate(N_("Try again"), language), translate(N_("Open the camera again"), language)
        )
        self.end_button.set_words(
            translate(N_("End"), language),
            translate(N_("End practising and see how it went. Key: Escape"), language),
        )
        self.setAccessibleName(self._headline.text())
        self.setAccessibleDescription(f"{self._advice.text()} {self._detail.text()}")
