"""The practice window: the mirror with the overlay, rests, and the summary at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from posecoach.analysis import Analysis
from posecoach.app.controls import ControlRow, HelpPanel
from posecoach.app.drawing import Canvas
from posecoach.app.driving import Driver, Reopen
from posecoach.app.look import get_unit, make_style
from posecoach.app.qt import closing_on_interrupt, make_application
from posecoach.app.summary import SummaryPage, make_summary
from posecoach.app.trouble import TroublePage
from posecoach.app.view import PictureView
from posecoach.capture.base import FrameSource
from posecoach.errors import PosecoachError
from posecoach.live import LiveResult
from posecoach.overlay import OverlayWriter, Renderer
from posecoach.overlay.panels import find_message
from posecoach.overlay.style import Image
from posecoach.pose.landmarker import PoseEstimator
from posecoach.reference.sequence import Sequence
from posecoach.text import LANGUAGES, N_, check_language, translate

_TICK_MS = 8
_IDLE_MS = 8000  # after which the row goes away in full screen


class PracticeWindow(QMainWindow):
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
    ) -> None:
        super().__init__()
        self.sequence = sequence
        self.language = check_language(language)
        self.renderer = Renderer(sequence, language, mirrored=mirrored, ghost=ghost)
        self.canvas = Canvas(self.renderer, overlay)
        self.driver = Driver(sequence, source, estimator, language, reopen)
        self.analysis: Analysis | None = None
        self.failure: Exception | None = None
        self.trouble: Exception | None = None
        self._on_finished = on_finished
        self._finished: Analysis | None = None
        self._shown: LiveResult | None = None
        self._told = ""
        self._remarks: list[str] = []
        self._was_maximized = False
        self._build()
        self._set_words()
        self._ticker = QTimer(self)
        self._ticker.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start(_TICK_MS)

    def _build(self) -> None:
        self.setWindowTitle(f"posecoach: {self.sequence.title(self.language)}")
        self.resize(1280, 800)
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
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._hide_row)
        self.view.setMouseTracking(True)
        self.view.setFocus()

    # What the person can do.

    def toggle_rest(self) -> None:
        """Let the coach rest, or go on."""
        self.driver.coach.rest(not self.driver.coach.resting)
        self.row.set_words(self.language, resting=self.driver.coach.resting)
        self._announce(self._rest_text() if self.driver.coach.resting else self.row.pause.text())

    def toggle_help(self) -> None:
        """Show or hide the keys."""
        self.help.setVisible(self.help.isHidden())
        if self.help.isVisible():
            self.help.place()
            self.help.raise_()
            self._announce(self.help.accessibleDescription())
        else:
            self.view.setFocus()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        if self.isFullScreen():
            self._idle.stop()
            self._show_row()
            if self._was_maximized:
                self.showMaximized()
            else:
                self.showNormal()
        else:
            self._was_maximized = self.isMaximized()
            self.showFullScreen()
            self._idle.start()

    def set_language(self, language: str) -> None:
        """Speak and write another language from now on."""
        self.language = check_language(language)
        self.renderer.language = self.language
        self.driver.coach.set_language(self.language)
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
        self.pages.setCurrentWidget(self.summary)
        self.help.hide()
        self._show_row()
        self.unsetCursor()
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
        self._shown = None
        self._told = ""
        self.view.set_picture(None)
        self._set_words()
        self.pages.setCurrentWidget(self.room)
        self.view.setFocus()

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
            said = translate(N_("The video could not be written on"), self.language)
            self._remarks.append(f"{said}: {wrong}")

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
        self.pages.setCurrentWidget(self.troubles)
        self._announce(self.troubles.accessibleDescription())

    def _close_practice(self) -> None:
        """Stop everything; what was practised becomes an analysis, once."""
        self.trouble = None
        self._finished = finished = self.driver.finish() or self._finished
        if finished is not None and finished is not self.analysis:
            self.analysis = finished
            if self._on_finished is not None:
                self._on_finished(finished)

    # Words.

    def _set_words(self) -> None:
        self.setWindowTitle(f"posecoach: {self.sequence.title(self.language)}")
        self.row.set_words(self.language, resting=self.driver.coach.resting)
        self.help.set_words(self.language)
        if self.help.isVisible():
            self.help.place()
        self.view.set_text(translate(N_("One moment, the camera is starting"), self.language))
        self.view.setAccessibleName(translate(N_("Picture with guidance"), self.language))

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
            self.view.setAccessibleDescription(text)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.view, text))

    # Events.

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Do what a key asks for."""
        key = event.key()
        action = self._find_action(Qt.Key(key)) if not event.isAutoRepeat() else None
        if action is not None:
            action()
        else:
            super().keyPressEvent(event)

    def _find_action(self, key: Qt.Key) -> Callable[[], object] | None:
        k = Qt.Key
        if key in (k.Key_F, k.Key_F11):
            return self.toggle_full_screen
        if key == k.Key_L:
            following = LANGUAGES.index(self.language) + 1
            return lambda: self.set_language(LANGUAGES[following % len(LANGUAGES)])
        if self.pages.currentWidget() is not self.room:
            if key in (k.Key_Escape, k.Key_Q):
                on_summary = self.pages.currentWidget() is self.summary
                return self.close if on_summary else self.end_practice
            return None
        if key in (k.Key_Escape, k.Key_Q):
            return self.toggle_help if self.help.isVisible() else self.end_practice
        # A presenter's remote sends page keys.
        if key in (k.Key_Space, k.Key_Return, k.Key_Enter, k.Key_PageDown):
            return self.toggle_rest
        return {
            k.Key_M: lambda: self._flip("mirrored"),
            k.Key_G: lambda: self._flip("ghost"),
            k.Key_H: self.toggle_help,
            k.Key_F1: self.toggle_help,
        }.get(key)

    def _flip(self, what: str) -> None:
        setattr(self.renderer, what, not getattr(self.renderer, what))
        self._redraw()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the row again in full screen."""
        self._show_row()
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the row again in full screen, also by touch."""
        self._show_row()
        super().mousePressEvent(event)

    def _show_row(self) -> None:
        self.row.show()
        self.unsetCursor()
        if self.isFullScreen():
            self._idle.start()

    def _hide_row(self) -> None:
        in_use = self.row.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        if self.isFullScreen() and not in_use and self.pages.currentWidget() is self.room:
            self.row.hide()
            self.setCursor(Qt.CursorShape.BlankCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep type and pages in proportion to the window."""
        super().resizeEvent(event)
        style = make_style(get_unit(event.size().width(), event.size().height()))
        if style != self.styleSheet():
            self.setStyleSheet(style)
        if self.help.isVisible():
            self.help.place()
        self._redraw()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop everything before the window goes."""
        self._ticker.stop()
        self._idle.stop()
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
        )
    except BaseException:
        if source is not None:
            source.close()
        raise
    window.showMaximized()
    if full_screen:
        window.toggle_full_screen()
    with closing_on_interrupt(window):
        application.exec()
    window.close()
    analysis, failure = window.analysis, window.failure
    window.deleteLater()
    if failure is not None:
        raise failure
    return analysis
