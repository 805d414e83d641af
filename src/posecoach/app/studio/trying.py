"""Trying a form as a student will practise it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from posecoach.app.studio.desk import attempt
from posecoach.app.studio.preview import Preview, Setup, set_up_motion, set_up_video
from posecoach.coach.guidance import Guidance, Stage
from posecoach.text import N_

if TYPE_CHECKING:
    from posecoach.app.studio.window import StudioWindow

_STAGES = (
    (Stage.FULL, N_("All hints, as at first")),
    (Stage.HALF, N_("Half of the hints")),
    (Stage.END_OF_PHASE, N_("Hints after a phase")),
    (Stage.END_OF_SESSION, N_("Hints at the end")),
)


class Trying(QObject):
    """Opens the preview with a take, a video or the camera.

    Parameters
    ----------
    window : StudioWindow

    Attributes
    ----------
    preview : Preview or None
        The one that is open.
    stage : Stage
        How much is said in it: as in a student's first practices, or later on.
    """

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self.preview: Preview | None = None
        self.stage = Stage.FULL

    def close(self) -> None:
        """Close the preview, if one is open."""
        if self.preview is not None:
            self.preview.close()

    def show_previews(self) -> None:
        """Ask with what the form is to be tried, and how much is to be said."""
        if self._window.editor is None:
            return
        menu, say = QMenu(self._window), self._window.say
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, work in (
            (N_("With this take"), self.preview_take),
            (N_("With a video"), self.preview_video),
            (N_("With the camera"), self.preview_camera),
        ):
            menu.addAction(say(text), work)
        menu.addSeparator()
        stages = QActionGroup(menu)
        for stage, text in _STAGES:
            action = menu.addAction(say(text), partial(self._choose, stage))
            action.setCheckable(True)
            action.setChecked(stage == self.stage)
            stages.addAction(action)
        button = self._window.editor.buttons["preview"]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _choose(self, stage: Stage) -> None:
        self.stage = stage
        self.show_previews()

    def preview_take(self) -> None:
        """Let the shown take practise the form."""
        desk = self._window.desk
        if desk is None:
            return
        video = desk.draft.videos[desk.take]
        if video is not None and video.is_file():
            self.run_preview(set_up_video(video, self._window.make_estimator))
        else:
            self.run_preview(set_up_motion(desk.draft.cuts[desk.take].motion))

    def preview_video(self) -> None:
        """Let a video practise the form."""
        paths = self._window.gathering.choose_videos()
        if paths:
            make = self._window.make_estimator
            wrong = attempt(lambda: self.run_preview(set_up_video(paths[0], make)))
            if wrong is not None:
                self._window.tell(N_("This could not be used"), wrong)

    def preview_camera(self) -> None:
        """Practise the form oneself, from the set-up on."""
        setup = (self._window.open_camera, self._window.make_estimator)
        self.run_preview(setup, before_camera=True)

    def run_preview(self, setup: Setup, *, before_camera: bool = False) -> None:
        """Open the practice window with the form as it is on the desk."""
        desk, editor, extras = self._window.desk, self._window.editor, self._window.extras
        if desk is None or self.preview is not None:
            return
        if editor is not None and editor.playing:
            editor.toggle_play()
        self.preview = Preview(
            desk.sequence,
            setup,
            self._window.language,
            self._window,
            guidance=Guidance(self.stage),
            announcer=extras.announce(self._window.language) if extras.announce else None,
            wishes=extras.wishes() if before_camera else None,
        )
        self.preview.ended.connect(self._end_preview)
        assert self.preview.window is not None
        self.preview.window.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.preview.window.showMaximized()  # as a student has it

    def _end_preview(self) -> None:
        if self.preview is not None:
            self.preview.deleteLater()
            self.preview = None
