"""The studio's window: from page to page, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMenu, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label, next_language
from posecoach.app.studio.asking import Question
from posecoach.app.studio.capture_page import CapturePage
from posecoach.app.studio.desk import Desk, attempt, make_id, open_desk, resume_desk
from posecoach.app.studio.editor import Editor
from posecoach.app.studio.form_page import RightsFields
from posecoach.app.studio.preview import Preview, Setup, set_up_motion, set_up_video
from posecoach.app.studio.start_page import StartPage
from posecoach.app.studio.style import StudioBase
from posecoach.app.studio.watching import Found, MakeEstimator, Watching
from posecoach.capture.base import FrameSource
from posecoach.errors import PosecoachError
from posecoach.motion import Motion
from posecoach.reference import draft as d
from posecoach.reference.package import SUFFIX, pack_sequence, write_package
from posecoach.reference.unsaved import drop_unsaved, find_unsaved
from posecoach.text import N_, check_language, translate

_VIDEOS = "*.mp4 *.mov *.mkv *.webm *.avi *.m4v *.npz"
ADDED = N_("takes added")
_MISSING = {
    "title": N_("its name"),
    "teacher": N_("the teacher"),
    "consent": N_("consent"),
    "licence": N_("the licence"),
}


class StudioWindow(StudioBase):
    """The studio.

    Parameters
    ----------
    language : str
    make_estimator : callable
        Returns a new pose estimator.
    open_camera : callable
        Returns the open camera.

    Attributes
    ----------
    desk : Desk or None
        The form that is worked on.
    failure : Exception or None
        An error nobody expected.
    """

    def __init__(
        self,
        language: str,
        make_estimator: MakeEstimator,
        open_camera: Callable[[], FrameSource],
    ) -> None:
        super().__init__()
        self.language = check_language(language)
        self.desk: Desk | None = None
        self.editor: Editor | None = None
        self.preview: Preview | None = None
        self.question: Question | None = None
        self.watching: Watching | None = None
        self.failure: Exception | None = None
        self._make, self._open_camera = make_estimator, open_camera
        self._title: str | None = None  # of the new form that is being made
        self._leaving = False
        self._build()
        self._set_words()
        self.show_start()

    def _build(self) -> None:
        self.fit_screen()
        self.setMinimumSize(900, 600)
        self.start, self.capture = StartPage(), CapturePage(self._make)
        self.wait = QWidget()
        self.wait.setObjectName("page")
        self._wait_text = make_label(role="lead")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.stop_button = BigButton()
        column = QVBoxLayout(self.wait)
        column.setContentsMargins(80, 40, 80, 40)
        column.addStretch(1)
        column.addWidget(self._wait_text)
        column.addWidget(self.bar)
        column.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(2)
        self.pages = QStackedWidget()
        for page in (self.start, self.capture, self.wait):
            self.pages.addWidget(page)
        self.setCentralWidget(self.pages)
        self.start.recorded.connect(self.record_new)
        self.start.imported.connect(self.import_new)
        self.start.opened.connect(self.open_form)
        self.start.switched.connect(self.switch_language)
        self.capture.done.connect(self._take_recording)
        self.capture.left.connect(self._return)
        self.stop_button.clicked.connect(self._stop_watching)
        self._ticker = QTimer(self)
        self._ticker.setInterval(60)
        self._ticker.timeout.connect(self._watch)
        for keys, work in (
            ("Ctrl+Z", self.undo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+S", self.save),
            ("Ctrl+P", self.show_previews),
            ("Ctrl+E", self.send),
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
        self.stop_button.set_words(self.say(N_("Stop")), self.say(N_("Stop, and go back")))
        self.bar.setAccessibleName(self.say(N_("How far it is")))

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
        self._drop_editor()
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
        self._drop_editor()
        self.desk = desk
        desk.setParent(self)
        self.editor = Editor(desk)
        self.editor.asked.connect(self._obey)
        self.pages.addWidget(self.editor)
        self._set_words()
        self.pages.setCurrentWidget(self.editor)
        self.editor.timeline.setFocus()

    def _drop_editor(self) -> None:
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
            "save": self.save,
            "preview": self.show_previews,
            "send": self.send,
            "language": self.switch_language,
            "camera": self.record_more,
            "videos": self.import_more,
        }
        work[command]()

    def _return(self) -> None:
        """Go back to where one was before the camera or the videos."""
        if self.editor is not None:
            self.pages.setCurrentWidget(self.editor)
        else:
            self.show_start()

    # Recording and importing.

    def record_new(self, title: str) -> None:
        """Record a new form with the camera."""
        self._title = title
        self._drop_editor()
        self._open_capture()

    def record_more(self) -> None:
        """Record more takes of the form on the desk."""
        self._title = None
        self._open_capture()

    def _open_capture(self) -> None:
        self.pages.setCurrentWidget(self.capture)
        self.capture.open(self._open_camera)

    def import_new(self, title: str) -> None:
        """Make a new form of videos."""
        self._title = title
        paths = self.choose_videos()
        if paths:
            self._drop_editor()
            self.watch(paths)

    def import_more(self) -> None:
        """Add takes from videos to the form on the desk."""
        self._title = None
        paths = self.choose_videos()
        if paths:
            self.watch(paths)

    def choose_videos(self) -> list[Path]:
        """Ask for one or several videos."""
        kind = self.say(N_("Videos"))
        told = f"{kind} ({_VIDEOS})"
        names, _ = QFileDialog.getOpenFileNames(self, self.say(N_("Videos of the form")), "", told)
        return [Path(n) for n in names]

    def choose_target(self, name: str) -> Path | None:
        """Ask where the file to send goes."""
        told = f"posecoach (*{SUFFIX})"
        start = str(Path.home() / name)
        chosen, _ = QFileDialog.getSaveFileName(self, self.say(N_("File to send")), start, told)
        return Path(chosen) if chosen else None

    def watch(self, paths: list[Path]) -> None:
        """Find the body in videos; then they become takes."""
        self.watching = Watching(paths, self._make)
        self._watch()
        self.pages.setCurrentWidget(self.wait)
        self.stop_button.setFocus()
        self._ticker.start()

    def _watch(self) -> None:
        watching = self.watching
        if watching is None:
            return
        finished, progress = watching.finished, watching.progress
        self.bar.setValue(round(1000 * progress.done))
        self._wait_text.setText(self.say(N_("Watching {name}")).format(name=progress.name))
        if not finished:
            return
        self._ticker.stop()
        self.watching = None
        if watching.error is not None:
            self.failure = watching.error
            watching.problems.append(str(watching.error))
        self._take(watching.found, watching.problems)

    def _stop_watching(self) -> None:
        if self.watching is not None:
            self._ticker.stop()
            self.watching.stop()
            self.watching = None
        self._return()

    def _take_recording(self, motion: Motion) -> None:
        self._take([(motion, None)], [])

    def _take(self, found: list[Found], problems: list[str]) -> None:
        """Make takes of recordings: of a new form, or more of the one on the desk."""
        if found:
            wrong = attempt(lambda: self._make_takes(found))
            problems += [wrong] if wrong else []
        self._return()
        if self.editor is not None and found:
            self.editor.tabs.setCurrentWidget(self.editor.takes)
        if problems:
            self.ask(
                self.say(N_("This could not be used")),
                "\n".join(problems),
                [(self.say(N_("Good")), None)],
            )

    def _make_takes(self, found: list[Found]) -> None:
        if self._title is None and self.desk is not None:
            self.desk.do(d.add_takes(self.desk.draft, found), ADDED)
            return
        title = self._title or ""
        draft = d.set_form(d.begin_draft(make_id(title), found), titles={self.language: title})
        desk = Desk(draft, None, self.language, saved=False)
        self.lay(desk)
        desk.keep()

    # Saving and sending.

    def save(self) -> None:
        """Save the form; ask first if somebody else has changed its files."""
        if self.desk is None:
            return
        if self.desk.was_changed_elsewhere():
            self.ask(
                self.say(N_("The files have changed")),
                self.say(
                    N_(
                        "Somebody has changed this form's files since they were opened. What is "
                        "saved now goes over it; comments and unknown fields stay."
                    )
                ),
                [
                    (self.say(N_("Save all the same")), self._save_now),
                    (self.say(N_("Not now")), None),
                ],
            )
            return
        self._save_now()

    def _save_now(self, then: Callable[[], object] | None = None) -> None:
        desk = self.desk
        if desk is None:
            return
        wrong = attempt(desk.save)
        if wrong is not None:
            self.ask(self.say(N_("Not saved")), wrong, [(self.say(N_("Good")), None)])
        elif then is not None:
            then()
        else:
            missing = d.find_missing(desk.sequence)
            if missing and self.editor is not None:
                names = ", ".join(self.say(_MISSING[m]) for m in missing)
                told = self.say(N_("Saved. Before you send it, fill in: {names}"))
                self.editor.status.setText(told.format(names=names))

    def send(self) -> None:
        """Ask for what is missing, save, and make one file to send."""
        desk = self.desk
        if desk is None:
            return
        if d.find_missing(desk.sequence):
            self._ask_rights()
        else:
            self._pack()

    def _ask_rights(self) -> None:
        assert self.desk is not None
        fields = RightsFields(self.desk)
        question = self.ask(
            self.say(N_("Before you send it")),
            self.say(
                N_(
                    "Whoever gets it should know who is seen in it, that they agreed, and what "
                    "may be done with it."
                )
            ),
            [(self.say(N_("Make the file")), self._pack), (self.say(N_("Not now")), None)],
            fields,
        )
        main, desk = question.buttons[0], self.desk

        def check() -> None:
            main.setEnabled(not d.find_missing(desk.sequence))

        desk.changed.connect(check)
        question.destroyed.connect(lambda: desk.changed.disconnect(check))
        check()

    def _pack(self) -> None:
        desk = self.desk
        if desk is None:
            return
        if desk.history.changed or desk.home is None:
            self._save_now(self._write_package)
        else:
            self._write_package()

    def _write_package(self) -> None:
        desk = self.desk
        if desk is None or desk.home is None:
            return
        target = self.choose_target(f"{desk.sequence.id}{SUFFIX}")
        if target is None:
            return
        if target.suffix != SUFFIX:
            target = target.with_name(target.name + SUFFIX)
        folder = desk.home
        wrong = attempt(lambda: write_package(pack_sequence(folder), target))
        good = [(self.say(N_("Good")), None)]
        if wrong is not None:
            self.ask(self.say(N_("The file could not be made")), wrong, [*good])
        else:
            text = self.say(
                N_("{file} holds the movement and your words, no picture. A student unpacks it "
                   "with: posecoach references unpack {name}")
            ).format(file=target, name=target.name)  # fmt: skip
            self.ask(self.say(N_("Ready to send")), text, [*good])

    # Preview.

    def show_previews(self) -> None:
        """Ask with what the form is to be tried."""
        if self.editor is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, work in (
            (N_("With this take"), self.preview_take),
            (N_("With a video"), self.preview_video),
            (N_("With the camera"), self.preview_camera),
        ):
            menu.addAction(self.say(text), work)
        button = self.editor.buttons["preview"]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def preview_take(self) -> None:
        """Let the shown take practise the form."""
        if self.desk is None:
            return
        video = self.desk.draft.videos[self.desk.take]
        if video is not None and video.is_file():
            self.run_preview(set_up_video(video, self._make))
        else:
            self.run_preview(set_up_motion(self.desk.draft.cuts[self.desk.take].motion))

    def preview_video(self) -> None:
        """Let a video practise the form."""
        paths = self.choose_videos()
        if paths:
            wrong = attempt(lambda: self.run_preview(set_up_video(paths[0], self._make)))
            if wrong is not None:
                self.ask(
                    self.say(N_("This could not be used")), wrong, [(self.say(N_("Good")), None)]
                )

    def preview_camera(self) -> None:
        """Practise the form oneself."""
        self.run_preview((self._open_camera, self._make))

    def run_preview(self, setup: Setup) -> None:
        """Open the practice window with the form as it is on the desk."""
        if self.desk is None or self.preview is not None:
            return
        if self.editor is not None and self.editor.playing:
            self.editor.toggle_play()
        self.preview = Preview(self.desk.sequence, setup, self.language, self)
        self.preview.ended.connect(self._end_preview)
        assert self.preview.window is not None
        self.preview.window.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.preview.window.show()

    def _end_preview(self) -> None:
        if self.preview is not None:
            self.preview.deleteLater()
            self.preview = None

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
            self._save_now(go)

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
        self._ticker.stop()
        if self.watching is not None:
            self.watching.stop()
            self.watching = None
        self.capture.close_camera()
        if self.preview is not None:
            self.preview.close()
        if self.editor is not None:
            self.editor.close_all()
        super().closeEvent(event)
