"""Recordings and videos on their way to becoming takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label
from posecoach.app.studio.desk import Desk, attempt, make_id
from posecoach.app.studio.watching import Found, Watching
from posecoach.motion import Motion
from posecoach.reference import draft as d
from posecoach.text import N_

if TYPE_CHECKING:
    from posecoach.app.studio.window import StudioWindow

_VIDEOS = "*.mp4 *.mov *.mkv *.webm *.avi *.m4v *.npz"
_TICK_MS = 60
ADDED = N_("takes added")


class WaitPage(QWidget):
    """How far it is with watching videos, and a way to stop it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.text = make_label(role="lead")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.stop = BigButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(80, 40, 80, 40)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        column.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(2)


class Gathering(QObject):
    """Gets takes for a new form, or more of them for the one on the desk.

    Parameters
    ----------
    window : StudioWindow

    Attributes
    ----------
    page : WaitPage
        Shown while videos are watched.
    title : str or None
        Of the new form that is being made; None: takes go to the form on the desk.
    watching : Watching or None
    """

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self.page = WaitPage()
        self.title: str | None = None
        self.watching: Watching | None = None
        self.page.stop.clicked.connect(self._stop_watching)
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self._watch)

    def set_words(self) -> None:
        """Speak the window's language."""
        say = self._window.say
        self.page.stop.set_words(say(N_("Stop")), say(N_("Stop, and go back")))
        self.page.bar.setAccessibleName(say(N_("How far it is")))

    def close(self) -> None:
        """Stop what is going on."""
        self._ticker.stop()
        if self.watching is not None:
            self.watching.stop()
            self.watching = None

    def record_new(self, title: str) -> None:
        """Record a new form with the camera."""
        self.title = title
        self._window.drop_editor()
        self._open_capture()

    def record_more(self) -> None:
        """Record more takes of the form on the desk."""
        self.title = None
        self._open_capture()

    def _open_capture(self) -> None:
        self._window.pages.setCurrentWidget(self._window.capture)
        self._window.capture.open(self._window.open_camera)

    def import_new(self, title: str) -> None:
        """Make a new form of videos."""
        self.title = title
        paths = self.choose_videos()
        if paths:
            self._window.drop_editor()
            self.watch(paths)

    def import_more(self) -> None:
        """Add takes from videos to the form on the desk."""
        self.title = None
        paths = self.choose_videos()
        if paths:
            self.watch(paths)

    def choose_videos(self) -> list[Path]:
        """Ask for one or several videos."""
        say = self._window.say
        kinds, title = say(N_("Videos")), say(N_("Videos of the form"))
        names, _ = QFileDialog.getOpenFileNames(self._window, title, "", f"{kinds} ({_VIDEOS})")
        return [Path(n) for n in names]

    def watch(self, paths: list[Path]) -> None:
        """Find the body in videos; then they become takes."""
        self.watching = Watching(paths, self._window.make_estimator)
        self._watch()
        self._window.pages.setCurrentWidget(self.page)
        self.page.stop.setFocus()
        self._ticker.start()

    def _watch(self) -> None:
        watching = self.watching
        if watching is None:
            return
        finished, progress = watching.finished, watching.progress
        self.page.bar.setValue(round(1000 * progress.done))
        self.page.text.setText(self._window.say(N_("Watching {name}")).format(name=progress.name))
        if not finished:
            return
        self._ticker.stop()
        self.watching = None
        if watching.error is not None:
            self._window.failure = watching.error
            watching.problems.append(str(watching.error))
        self._take(watching.found, watching.problems)

    def _stop_watching(self) -> None:
        if self.watching is not None:
            self._ticker.stop()
            self.watching.stop()
            self.watching = None
        self._window.go_back()

    def take_recording(self, motion: Motion) -> None:
        """Make takes of what the camera has recorded."""
        self._take([(motion, None)], [])

    def _take(self, found: list[Found], problems: list[str]) -> None:
        """Make takes of recordings: of a new form, or more of the one on the desk."""
        if found:
            wrong = attempt(lambda: self._make_takes(found))
            problems += [wrong] if wrong else []
        self._window.go_back()
        editor = self._window.editor
        if editor is not None and found:
            editor.tabs.setCurrentWidget(editor.takes)
        if problems:
            self._window.tell(N_("This could not be used"), "\n".join(problems))

    def _make_takes(self, found: list[Found]) -> None:
        desk, language = self._window.desk, self._window.language
        if self.title is None and desk is not None:
            desk.do(d.add_takes(desk.draft, found), ADDED)
            return
        title = self.title or ""
        draft = d.set_form(d.begin_draft(make_id(title), found), titles={language: title})
        made = Desk(draft, None, language, saved=False)
        self._window.lay(made)
        made.keep()
