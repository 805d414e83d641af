"""When the picture fails: what happened, what to do, and a way to try again."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label
from posecoach.app.kit.pages import BACK, FORWARD
from posecoach.errors import CameraError, ModelError
from posecoach.text import N_, translate

_CAMERA = (
    N_("The camera gives no picture"),
    N_("Is it plugged in, its shutter open, and does no video call or browser use it?"),
)
_CAMERAS: Mapping[str, tuple[str, str]] = {
    "none": (
        N_("There is no camera"),
        N_("Plug one in, or switch on the one in the laptop, and try again."),
    ),
    "unknown": (
        N_("This camera is not there"),
        N_("Plug it in and try again, or choose another."),
    ),
    "busy": (
        N_("The camera is in use"),
        N_("Close the video call or the browser that uses it, and try again."),
    ),
    "refused": (
        N_("The camera is not allowed"),
        N_("Allow it in the system's settings, under privacy or user groups, and try again."),
    ),
    "silent": _CAMERA,
    "gone": (
        N_("The camera is away"),
        N_("Plug it in again and try again: the practice goes on where it was."),
    ),
}
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
    again, other, ended : signal
        A button was pressed: try again, another camera, end.
    """

    again = Signal()
    other = Signal()
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
        self.other_button, self.end_button = BigButton(), BigButton()
        self.again_button.clicked.connect(self.again)
        self.other_button.clicked.connect(self.other)
        self.end_button.clicked.connect(self.ended)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch(1)
        row.addWidget(self.end_button)
        row.addWidget(self.other_button)
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

    def show_error(
        self, error: Exception, language: str, *, can_retry: bool, can_choose: bool = False
    ) -> None:
        """Fill the page; ``can_choose`` offers another camera where the camera is the trouble."""
        headline, advice = _OTHER
        if isinstance(error, ModelError):
            headline, advice = _MODEL
        if isinstance(error, CameraError):
            headline, advice = _CAMERAS.get(error.kind, _CAMERA)
        told = str(error).strip().splitlines()
        self._headline.setText(translate(headline, language))
        self._advice.setText(translate(advice, language))
        detail = translate(N_("In technical words"), language)
        self._detail.setText(f"{detail}: {told[0] if told else type(error).__name__}")
        self.again_button.setVisible(can_retry)
        self.again_button.set_words(
            translate(N_("Try again"), language), translate(N_("Open the camera again"), language)
        )
        self.other_button.setVisible(can_choose and isinstance(error, CameraError))
        self.other_button.set_words(
            translate(N_("Another camera"), language), translate(N_("Choose a camera"), language)
        )
        self.end_button.set_words(
            translate(N_("End"), language),
            translate(N_("End practising and see how it went. Key: Escape"), language),
        )
        self.setAccessibleName(self._headline.text())
        self.setAccessibleDescription(f"{self._advice.text()} {self._detail.text()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Try again on what goes on elsewhere, and choose on page up; Escape is the window's."""
        button = None
        if event.key() in (*FORWARD, Qt.Key.Key_Space):
            button = self.again_button
        elif event.key() in BACK and event.key() != Qt.Key.Key_Escape:
            button = self.other_button
        if button is None or not button.isVisible() or event.isAutoRepeat():
            super().keyPressEvent(event)
        else:
            button.click()
