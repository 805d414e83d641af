"""A form to look at before it is practised: the teacher's figure, and what to spare in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posecoach.app.kit.look import make_label
from posecoach.app.kit.pages import Page, make_scroll
from posecoach.text import N_

if TYPE_CHECKING:
    from posecoach.app.kit.view import PictureView
    from posecoach.overlay.demonstration import Demonstration

_STEP_MS = 40
_REST_S = 1.5  # at the end, before it begins anew


def load_demonstration(form: str) -> Demonstration:
    """Return a form's teacher; it takes a moment.

    Raises
    ------
    InputError
        There is no such form, or it cannot be opened.
    """
    from posecoach.overlay.demonstration import Demonstration
    from posecoach.reference.library import open_form

    return Demonstration(open_form(form))


class ShowPage(Page):
    """The page; both its buttons go back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._error = "", ""
        self._shown: Demonstration | None = None
        self.view: PictureView | None = None
        self._words = make_label(role="line")
        self._words.setContentsMargins(0, 0, 12, 0)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._beside = make_scroll(self._words)
        self._row = QHBoxLayout()
        self._row.setSpacing(32)
        self.middle.addLayout(self._row, 1)
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._draw)
        self.back_button.hide()
        self.forward.connect(self.back)

    def prepare(self, title: str) -> None:
        """Show a form's name, and that it is being opened."""
        from posecoach.app.kit.view import PictureView

        if self.view is None:
            self.view = PictureView()
            self.view.setMouseTracking(False)
            self._row.addWidget(self.view, 5)
            self._row.addWidget(self._beside, 3)
        self._title, self._error, self._shown = title, "", None
        self.view.set_picture(None)
        self.set_language(self.language)

    def show_form(self, shown: object) -> None:
        """Play what was loaded."""
        from posecoach.overlay.demonstration import Demonstration

        assert isinstance(shown, Demonstration)
        self._shown = shown
        self.set_language(self.language)
        self._since.start()
        self._timer.start()
        self._draw()

    def show_error(self, error: Exception) -> None:
        """Say why it cannot be shown."""
        self._error = " ".join(str(error).split())
        self.set_language(self.language)

    def retitle(self, title: str) -> None:
        """Call the form by another name, of another language."""
        self._title = title

    @property
    def playing(self) -> bool:
        """Whether the figure moves."""
        return self._timer.isActive()

    def set_words(self) -> None:
        """Set the words."""
        self.headline.setText(self._title)
        if self.view is not None:
            waiting = self.say(N_("Everything is being made ready."))
            self.view.set_text(self._error or waiting)
            self.view.setAccessibleName(self.say(N_("The teacher shows the form")))
        words = self._shown.find_notes(self.language) if self._shown is not None else ""
        self._words.setText(words)
        self._beside.setVisible(bool(words))
        self.note.setText(self.say(N_("As in a mirror. It will wait for you.")))
        self.main_button.set_words(self.say(N_("Go on")), self.say(N_("Back to the practice")))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Play nothing that nobody sees."""
        self._timer.stop()
        super().hideEvent(event)

    def _draw(self) -> None:
        if self._shown is None or self.view is None:
            return
        place_s = self._since.elapsed() / 1000.0
        if place_s > self._shown.duration_s + _REST_S:
            self._since.restart()
            place_s = 0.0
        ratio = self.view.devicePixelRatioF()
        size = [max(120, round(side * ratio)) for side in (self.view.width(), self.view.height())]
        self.view.set_picture(self._shown.draw(place_s, self.language, *size))
