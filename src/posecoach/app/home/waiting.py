"""The page shown while a practice is made ready."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posecoach.app.kit.look import make_label
from posecoach.app.kit.pages import Page
from posecoach.text import N_


class WaitPage(Page):
    """A moment of patience, or what went wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._error = ""
        self._told = make_label(role="lead")
        self.middle.addStretch(1)
        self.middle.addWidget(self._told)
        self.middle.addStretch(2)
        self.main_button.hide()

    def show_error(self, error: Exception | None) -> None:
        """Say what went wrong, in a line; None: nothing yet."""
        self._error = " ".join(str(error).split()) or type(error).__name__ if error else ""
        self.set_language(self.language)

    def set_words(self) -> None:
        """Set the words."""
        wrong = N_("That did not work")
        self.headline.setText(self.say(wrong if self._error else N_("One moment")))
        self._told.setText(self._error or self.say(N_("Everything is being made ready.")))
        self.setAccessibleDescription(self._told.text())

    def enter(self) -> None:
        """Be shown."""
        self.back_button.setFocus()
