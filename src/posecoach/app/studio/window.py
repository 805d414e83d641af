"""The studio's window: from page to page, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from posecoach.app.kit.look import next_language
from posecoach.app.studio.asking import Question
from posecoach.app.studio.capture_page import CapturePage
from posecoach.app.studio.desk import Desk, open_desk, resume_desk
from posecoach.app.studio.editor import Editor
from posecoach.app.studio.gathering import Gathering
from posecoach.app.studio.preview import Extras
from posecoach.app.studio.sending import Sending
from posecoach.app.studio.start_page import StartPage
from posecoach.app.studio.style import StudioBase
from posecoach.app.studio.trying import Trying
from posecoach.app.studio.watching import MakeEstimator
from posecoach.capture.base import FrameSource
from posecoach.errors import PosecoachError
from posecoach.reference.unsaved import drop_unsaved, find_unsaved
from posecoach.text import N_, check_language, translate


class StudioWindow(StudioBase):
    """The studio.

    Parameters
    ----------
    language : str
    make_estimator : callable
        Returns a new pose estimator.
    open_camera : callable
        Returns the open camera.
    extras : Extras, optional
        What the preview has besides, such as a voice.

    Attributes
    ----------
    desk : Desk or None
        The form that is worked on.
    question : Question or None
        What was asked last.
    gathering : Gathering
        Records and imports.
    sending : Sending
        Saves and packs.
    trying : Trying
        Opens the preview.
    failure : Exception or None
        An error nobody expected.
    """

    def __init__(
        self,
        language: str,
        make_estimator: MakeEstimator,
        open_camera: Callable[[], FrameSource],
        extras: Extras | None = None,
    ) -> None:
        super().__init__()
        self.language = check_language(language)
        self.desk: Desk | None = None
        self.editor: Editor | None = None
        self.question: Question | None = None
        self.failure: Exception | None = None
        self.make_estimator, self.open_camera = make_estimator, open_camera
        self.extras = extras or Extras()
        self._leaving = False
        self.start = StartPage()
        self.capture = CapturePage(lambda: self.make_estimator())
        self.gathering, self.sending = Gathering(self), Sending(self)
        self.trying = Trying(self)
        self._build()
        self._set_words()
        self.show_start()

    def _build(self) -> None:
        self.fit_screen()
        self.setMinimumSize(900, 600)
        self.pages = QStackedWidget()
        for page in (self.start, self.capture, self.gathering.page):
            self.pages.addWidget(page)
        self.setCentralWidget(self.pages)
        self.start.recorded.connect(self.gathering.record_new)
        self.start.imported.connect(self.gathering.import_new)
        self.start.opened.connect(self.open_form)
        self.start.switched.connect(self.switch_language)
        self.capture.done.connect(self.gathering.take_recording)
        self.capture.left.connect(self.go_back)
        for keys, work in (
            ("Ctrl+Z", self.undo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+S", self.sending.save),
            ("Ctrl+P", self.trying.show_previews),
            ("Ctrl+E", self.sending.send),
            ("F11", self._toggle_full_screen),
        ):
            QShortcut(QKeySequence(keys), self, work)

    def say(self, text: str) -> str:
        """Return a marked text in the present language."""
        return translate(text, self.language)

    def _set_words(self) -> None:
        title = self.desk.sequence.title(self.language) if self.desk else self.say(N_("Studio"))
        self.setWindowTitle(f"posecoach: {title}")
        self.start.show_forms(self.language)
        self.capture.set_language(self.language)
        self.gathering.set_words()

    def switch_language(self) -> None:
        """Go on to the next language."""
        self.language = next_language(self.language)
        if self.desk is not None:
            self.desk.set_language(self.language)
        self._set_words()

    def undo(self) -> None:
        """Take back the last change."""
        if self.desk is not None:
            self.desk.undo()

    def redo(self) -> None:
        """Do it again."""
        if self.desk is not None:
            self.desk.redo()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showMaximized()
        else:
            self.showFullScreen()

    # From page to page.

    def show_start(self) -> None:
        """Show the forms at hand."""
        self.drop_editor()
        self._set_words()
        self.pages.setCurrentWidget(self.start)
        self.start.name.setFocus()

    def open_form(self, form: str | Path) -> None:
        """Open a form; what was not saved of it is asked for first."""
        kept = find_unsaved(Path(form).name)
        if kept:
            at = kept[0].kept_at.strftime("%d.%m. %H:%M")
            text = self.say(N_("There are changes of {time} that were not saved.")).format(time=at)
            saved = kept[0].home is not None
            other = N_("Open what was saved") if saved else N_("Throw them away")
            self.ask(
                self.say(N_("Not saved")),
                text,
                [
                    (self.say(N_("Go on with them")), lambda: self._lay(resume_desk, kept[0])),
                    (self.say(other), lambda: self._forget(form, kept[0].id, reopen=saved)),
                ],
            )
            return
        self._lay(open_desk, form)

    def _forget(self, form: str | Path, id: str, *, reopen: bool) -> None:
        drop_unsaved(id)
        if reopen:
            self._lay(open_desk, form)
        else:
            self.show_start()

    def _lay(self, make: Callable[..., Desk], *given: object) -> None:
        """Lay a form on the desk."""
        try:
            desk = make(*given, self.language)
        except PosecoachError as error:
            self.start.tell(str(error))
            return
        self.lay(desk)

    def lay(self, desk: Desk) -> None:
        """Work on a form from now on."""
        self.drop_editor()
        self.desk = desk
        desk.setParent(self)
        self.editor = Editor(desk)
        self.editor.asked.connect(self._obey)
        self.pages.addWidget(self.editor)
        self._set_words()
        self.pages.setCurrentWidget(self.editor)
        self.editor.timeline.setFocus()

    def drop_editor(self) -> None:
        """Clear the desk."""
        if self.editor is not None and self.desk is not None:
            self.editor.close_all()
            self.pages.removeWidget(self.editor)
            self.editor.setParent(None)
            self.editor.deleteLater()
            self.desk.deleteLater()
        self.editor = self.desk = None

    def _obey(self, command: str) -> None:
        work: dict[str, Callable[[], object]] = {
            "back": self.leave,
            "save": self.sending.save,
            "preview": self.trying.show_previews,
            "send": self.sending.send,
            "language": self.switch_language,
            "camera": self.gathering.record_more,
            "videos": self.gathering.import_more,
        }
        work[command]()

    def go_back(self) -> None:
        """Go back to where one was before the camera or the videos."""
        if self.editor is not None:
            self.pages.setCurrentWidget(self.editor)
        else:
            self.show_start()

    # Leaving.

    def ask(
        self,
        title: str,
        text: str,
        answers: list[tuple[str, Callable[[], object] | None]],
        content: QWidget | None = None,
    ) -> Question:
        """Put a question over the window."""
        question = self.question = Question(self, title, text, answers, content)
        question.setStyleSheet(self.styleSheet())
        question.open()
        return question

    def tell(self, title: str, text: str) -> Question:
        """Put a message over the window; its title is a marked text."""
        return self.ask(self.say(title), text, [(self.say(N_("Good")), None)])

    def leave(self, then: Callable[[], object] | None = None) -> None:
        """Go back to the forms, or elsewhere; what is not saved is asked for."""
        go = then or self.show_start
        desk = self.desk
        if desk is None or not desk.history.changed:
            if desk is not None:
                desk.close()
            go()
            return

        def save() -> None:
            self.sending.save_now(go)

        def keep() -> None:
            desk.close()
            go()

        def drop() -> None:
            desk.close(drop=True)
            go()

        self.ask(
            self.say(N_("Not saved")),
            self.say(N_("Save the changes of this form?")),
            [
                (self.say(N_("Save")), save),
                (self.say(N_("Keep for later")), keep),
                (self.say(N_("Throw them away")), drop),
                (self.say(N_("Back")), None),
            ],
        )

    def _close_now(self) -> None:
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask first if something is not saved; stop everything before the window goes."""
        if not self._leaving and self.desk is not None and self.desk.history.changed:
            self.desk.keep()
            event.ignore()
            self.leave(self._close_now)
            return
        self.gathering.close()
        self.capture.close_camera()
        self.trying.close()
        if self.editor is not None:
            self.editor.close_all()
        super().closeEvent(event)
