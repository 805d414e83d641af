"""The practice window: the mirror with the overlay, rests, and the summary at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from posecoach.analysis import Analysis
from posecoach.app.controls import COMMANDS, ControlRow, HelpPanel
from posecoach.app.drawing import Canvas
from posecoach.app.driving import Driver, Reopen
from posecoach.app.fullscreen import FullScreen
from posecoach.app.look import StyledWindow, next_language
from posecoach.app.qt import closing_on_interrupt, discard, make_application
from posecoach.app.summary import SummaryPage, make_summary
from posecoach.app.trouble import TroublePage
from posecoach.app.view import PictureView
from posecoach.capture.base import FrameSource
from posecoach.coach.guidance import Guidance
from posecoach.errors import PosecoachError
from posecoach.journal.keeper import Keeper
from posecoach.live import LiveResult
from posecoach.overlay import OverlayWriter, Renderer
from posecoach.overlay.panels import find_message
from posecoach.overlay.style import Image
from posecoach.pose.landmarker import PoseEstimator
from posecoach.reference.sequence import Sequence
from posecoach.text import N_, check_language, translate
from posecoach.voice import Announcer

_TICK_MS = 8


class PracticeWindow(StyledWindow):
    """Practising one form before one source.

    Parameters
    ----------
    sequence : Sequence
    source : FrameSource or None
        Closed by the window. None: it is opened by ``reopen`` while the window already stands.
    estimator : PoseEstimator
        Closed by the caller.
    language : str
    mirrored, ghost : bool
    overlay : OverlayWriter, optional
        Gets every picture that is drawn, at the source's size; closed by the caller.
    reopen : callable, optional
        Opens the source again, for trying again and for another practice.
    on_finished : callable, optional
        Gets the analysis of each practice that ended.
    keeper : Keeper, optional
    announcer : Announcer, optional
        Lets the practice be heard; closed by the caller.
    guidance : Guidance, optional
        How much is said.

    Attributes
    ----------
    analysis : Analysis or None
        Of the last practice that ended.
    failure : Exception or None
        An error nobody expected.
    driver : Driver
    """

    def __init__(
        self,
        sequence: Sequence,
        source: FrameSource | None,
        estimator: PoseEstimator,
        language: str = "en",
        *,
        mirrored: bool = True,
        ghost: bool = True,
        overlay: OverlayWriter | None = None,
        reopen: Reopen | None = None,
        on_finished: Callable[[Analysis], object] | None = None,
        keeper: Keeper | None = None,
        announcer: Announcer | None = None,
        guidance: Guidance | None = None,
    ) -> None:
        super().__init__()
        self.sequence = sequence
        self.language = check_language(language)
        self.renderer = Renderer(sequence, language, mirrored=mirrored, ghost=ghost)
        self.canvas = Canvas(self.renderer, overlay)
        self.driver = Driver(
            sequence, source, estimator, language, reopen, keeper, announcer, guidance
        )
        self.analysis: Analysis | None = None
        self.failure: Exception | None = None
        self.trouble: Exception | None = None
        self._on_finished = on_finished or (lambda analysis: None)
        self._finished: Analysis | None = None
        self._shown: LiveResult | None = None
        self._told = ""
        self._remarks: list[str] = []
        self._build()
        self._set_words()
        self._ticker = QTimer(self)
        self._ticker.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start(_TICK_MS)

    def _build(self) -> None:
        self.fit_screen()
        self.setMinimumSize(480, 360)
        self.view, self.row = PictureView(), ControlRow()
        self.help = HelpPanel(self.view)
        self.summary, self.troubles = SummaryPage(), TroublePage()
        self.room = QWidget()
        self.room.setObjectName("page")
        column = QVBoxLayout(self.room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.row)
        self.pages = QStackedWidget()
        for page in (self.room, self.summary, self.troubles):
            self.pages.addWidget(page)
        self.setCentralWidget(self.pages)
        self.row.paused.connect(self.toggle_rest)
        self.row.ended.connect(self.end_practice)
        self.help.closed.connect(self.toggle_help)
        self.summary.again.connect(self.start_again)
        self.summary.closed.connect(self.close)
        self.troubles.again.connect(self.try_again)
        self.troubles.ended.connect(self.end_practice)
        self.full_screen = FullScreen(
            self, self.row, lambda: self.pages.currentWidget() is self.room
        )
        self.view.touched.connect(self.full_screen.wake)
        self.view.setFocus()

    # What the person can do.

    def toggle_rest(self) -> None:
        """Let the coach rest, or go on."""
        self.driver.coach.rest(not self.driver.coach.resting)
        self.row.set_words(self.language, resting=self.driver.coach.resting)
        self._announce(self._rest_text() if self.driver.coach.resting else self.row.pause.text())

    def toggle_voice(self) -> None:
        """Let the cues be spoken, or be silent at once."""
        announcer = self.driver.announcer
        if announcer is None:
            return
        announcer.set_voice(not announcer.voice)
        told = N_("The voice speaks again") if announcer.voice else N_("The voice is silent")
        self._announce(translate(told, self.language))

    def toggle_help(self) -> None:
        """Show or hide the keys."""
        self.help.setVisible(self.help.isHidden())
        if self.help.isVisible():
            self.help.place()
            self.help.raise_()
            self._announce(self.help.accessibleDescription())
        else:
            self.view.setFocus()

    def set_language(self, language: str) -> None:
        """Speak and write another language from now on."""
        self.language = self.renderer.language = check_language(language)
        self.driver.coach.set_language(self.language)
        if self.driver.announcer is not None:
            self.driver.announcer.set_language(self.language)
        self._set_words()
        if self.pages.currentWidget() is self.summary:
            self._fill_summary()
        elif self.trouble is not None:
            self._fill_trouble(self.trouble)
        self._redraw()

    def end_practice(self) -> None:
        """End, and show how it went."""
        if self.pages.currentWidget() is self.summary:
            return
        self._close_practice()
        self._fill_summary()
        self._turn_to(self.summary)
        self.help.hide()
        self.full_screen.wake()
        self._announce(self.summary.accessibleDescription())

    def try_again(self) -> None:
        """Open the source again and go on with the same practice."""
        self.trouble = None
        self.driver.retry()
        self._enter_room()

    def start_again(self) -> None:
        """Begin another practice of the same form."""
        self._remarks.clear()
        self._finished = None
        self.driver.restart(self.language)
        self._enter_room()

    def _enter_room(self) -> None:
        self._shown, self._told = None, ""
        self.view.set_picture(None)
        self._set_words()
        self._turn_to(self.room)

    def _turn_to(self, page: QWidget) -> None:
        """Show a page; no button has the focus, so that a late key press ends nothing."""
        self.pages.setCurrentWidget(page)
        (self.view if page is self.room else page).setFocus()

    # The loop.

    def _tick(self) -> None:
        try:
            result = self.driver.take()
        except Exception as error:  # whatever source, model or engine raise is shown
            self._meet_trouble(error)
            return
        if result is not None:
            self._show(result)
        elif self.driver.finished:
            self.end_practice()
        elif self.driver.reconnecting:
            self._announce(translate(N_("One moment, the camera is away"), self.language))

    def _show(self, result: LiveResult) -> None:
        self._shown = result
        banner = self._rest_text() if self.driver.coach.resting else None
        drawn = self._draw(result)
        self.view.set_picture(drawn)
        if self.driver.loop is not None:
            self.driver.loop.note_drawn(result)
        self._announce(banner or find_message(result.state, self.language)[0] or "")
        wrong = self.canvas.keep(drawn, result.frame, result.state, banner)
        if wrong is not None:
            self._note(N_("The video could not be written on"), wrong)

    def _draw(self, result: LiveResult) -> Image:
        height, width = result.frame.image.shape[:2]
        lines = self.view.lines_for(width, height)
        banner = self._rest_text() if self.driver.coach.resting else None
        return self.canvas.draw(result.frame, result.state, lines, banner)

    def _redraw(self) -> None:
        if self._shown is not None and self.view.has_picture:
            self.view.set_picture(self._draw(self._shown))

    def _meet_trouble(self, error: Exception) -> None:
        self.driver.halt()
        self.trouble = error
        if not isinstance(error, PosecoachError):
            self.failure = error
        self._fill_trouble(error)
        self._turn_to(self.troubles)
        self._announce(self.troubles.accessibleDescription())

    def _close_practice(self) -> None:
        """Stop everything; what was practised becomes an analysis, once."""
        self.trouble = None
        self._finished = finished = self.driver.finish() or self._finished
        self._remarks += self.driver.take_problems()
        if finished is not None and finished is not self.analysis:
            self._remarks += self.driver.tell_retention(self.language)
            self.analysis = finished
            try:
                self._on_finished(finished)
            except Exception as error:  # the summary is shown all the same
                self._note(N_("This practice could not be stored"), error)
                if not isinstance(error, PosecoachError | OSError):
                    self.failure = error

    # Words.

    def _set_words(self) -> None:
        self.setWindowTitle(f"posecoach: {self.sequence.title(self.language)}")
        self.row.set_words(self.language, resting=self.driver.coach.resting)
        self.help.set_words(self.language)
        if self.help.isVisible():
            self.help.place()
        self.view.set_text(translate(N_("One moment, the camera is starting"), self.language))
        self.view.setAccessibleName(translate(N_("Picture with guidance"), self.language))

    def _note(self, what: str, why: object) -> None:
        self._remarks.append(f"{translate(what, self.language)}: {why}")

    def _rest_text(self) -> str:
        return translate(N_("Pause, the coach rests"), self.language)

    def _fill_summary(self) -> None:
        words = make_summary(
            self._finished,
            self.sequence,
            self.language,
            practised_s=self.driver.coach.practised_s,
            obstacles=self.driver.coach.obstacles,
            remarks=tuple(self._remarks),
        )
        self.summary.show_summary(words, self.language, can_repeat=self.driver.can_reopen)

    def _fill_trouble(self, error: Exception) -> None:
        self.troubles.show_error(error, self.language, can_retry=self.driver.can_reopen)

    def _announce(self, text: str) -> None:
        """Let a screen reader say a text, once."""
        if text and text != self._told:
            self._told = text
            self.view.say(text)

    # Events.

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Do what a key asks for."""
        command = None if event.isAutoRepeat() else COMMANDS.get(event.key())
        if command is None or not self._obey(command):
            super().keyPressEvent(event)

    def _obey(self, command: str) -> bool:
        page = self.pages.currentWidget()
        if command == "full_screen":
            self.full_screen.toggle()
        elif command == "language":
            self.set_language(next_language(self.language))
        elif command == "end":
            if self.help.isVisible():
                self.toggle_help()
            elif page is self.summary:
                self.close()
            else:
                self.end_practice()
        elif page is not self.room:
            return False
        elif command == "rest":
            self.toggle_rest()
        elif command == "help":
            self.toggle_help()
        elif command == "voice":
            self.toggle_voice()
        else:  # "mirrored" or "ghost"
            setattr(self.renderer, command, not getattr(self.renderer, command))
            self._redraw()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep everything in proportion to the window."""
        super().resizeEvent(event)
        if self.help.isVisible():
            self.help.place()
        self._redraw()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop everything before the window goes."""
        self._ticker.stop()
        self.full_screen.stop()
        self._close_practice()
        super().closeEvent(event)


def run_practice(
    sequence: Sequence,
    source: FrameSource | None,
    estimator: PoseEstimator,
    language: str = "en",
    *,
    mirrored: bool = True,
    ghost: bool = True,
    overlay: OverlayWriter | None = None,
    reopen: Reopen | None = None,
    on_finished: Callable[[Analysis], object] | None = None,
    keeper: Keeper | None = None,
    announcer: Announcer | None = None,
    guidance: Guidance | None = None,
    full_screen: bool = False,
) -> Analysis | None:
    """Open the practice window and return when it is closed.

    Parameters
    ----------
    full_screen : bool
        Fill the screen from the start.

    Others are those of `PracticeWindow`.

    Returns
    -------
    Analysis or None
        Of the last practice; None if nothing was watched.

    Raises
    ------
    InputError
        No window can be opened; the source is closed all the same.
    Exception
        An error that posecoach does not raise on purpose, after the window was closed.
    """
    try:
        application = make_application()
        window = PracticeWindow(
            sequence,
            source,
            estimator,
            language,
            mirrored=mirrored,
            ghost=ghost,
            overlay=overlay,
            reopen=reopen,
            on_finished=on_finished,
            keeper=keeper,
            announcer=announcer,
            guidance=guidance,
        )
    except BaseException:
        if source is not None:
            source.close()
        raise
    window.showMaximized()
    if full_screen:
        window.full_screen.toggle()
    with closing_on_interrupt(window):
        application.exec()
    window.close()
    analysis, failure = window.analysis, window.failure
    discard(window)
    if failure is not None:
        raise failure
    return analysis
