"""The practice window: set-up, the mirror with the overlay, rests, and the summary at the end."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

from posecoach.app.kit.fullscreen import FullScreen
from posecoach.app.kit.look import StyledWindow, next_language
from posecoach.app.practice.controls import COMMANDS
from posecoach.app.practice.desk import SetUpDesk
from posecoach.app.practice.drawing import Canvas
from posecoach.app.practice.driving import Driver
from posecoach.app.practice.ending import Ending
from posecoach.app.practice.notices import away_text, find_notice, rest_text
from posecoach.app.practice.stack import Pages
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.base import FrameSource
from posecoach.coach.presence import Presence, Whereabouts
from posecoach.coach.state import Status
from posecoach.coach.ways import Way
from posecoach.errors import PosecoachError
from posecoach.live import LiveResult
from posecoach.overlay import Renderer
from posecoach.overlay.notices import Notice
from posecoach.overlay.panels import find_message
from posecoach.overlay.style import Image
from posecoach.pose.landmarker import PoseEstimator
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis
from posecoach.text import N_, check_language, translate

_TICK_MS = 8
_UNSEEN = (Status.NOBODY, Status.INCOMPLETE)


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
    wishes : PracticeWishes, optional
        How the practice is to be.

    Attributes
    ----------
    driver : Driver
    ending : Ending
        What came of the practices that ended.
    """

    def __init__(
        self,
        sequence: Sequence,
        source: FrameSource | None,
        estimator: PoseEstimator,
        language: str = "en",
        wishes: PracticeWishes | None = None,
    ) -> None:
        super().__init__()
        wishes = wishes or PracticeWishes()
        set_up, overlay = wishes.set_up, wishes.overlay
        self.sequence = sequence
        self.language = check_language(language)
        self.renderer = Renderer(sequence, language, mirrored=wishes.mirrored, ghost=wishes.ghost)
        self.renderer.inset = wishes.inset
        self._remember = wishes.remember
        self.canvas = Canvas(self.renderer, overlay)
        self.driver = Driver(
            sequence,
            source,
            estimator,
            language,
            wishes.reopen,
            wishes.keeper,
            wishes.announcer,
            wishes.guidance,
            way=set_up.way if set_up else Way.WHOLE,
            set_up=set_up is not None,
            pictures=overlay is not None,
        )
        self.ending = Ending(sequence, self.driver, wishes)
        self.trouble: Exception | None = None
        self._shown: LiveResult | None = None
        self._told = ""
        self._presence, self._where = Presence(), Whereabouts()
        self._build()
        self.desk = SetUpDesk(self.pages.set_up, self.driver, set_up, self._enter)
        self._enter()
        self._ticker = QTimer(self)
        self._ticker.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start(_TICK_MS)

    def _build(self) -> None:
        self.fit_screen()
        self.setMinimumSize(480, 360)
        self.pages = pages = Pages()
        self.view, self.row, self.help, self.room = pages.view, pages.row, pages.help, pages.room
        self.summary, self.troubles = pages.summary, pages.troubles
        self.setCentralWidget(pages)
        self.row.paused.connect(self.toggle_rest)
        self.row.ended.connect(self.end_practice)
        self.help.closed.connect(self.toggle_help)
        self.summary.again.connect(self.start_again)
        self.summary.closed.connect(self.close)
        self.summary.felt.connect(lambda value: self.driver.keep_feeling(value))
        self.troubles.again.connect(self.try_again)
        self.troubles.ended.connect(self.end_practice)
        self.troubles.other.connect(self.look_for_cameras)
        pages.set_up.left.connect(self.close)
        self.full_screen = FullScreen(self, self.row, lambda: pages.in_room)
        self.view.touched.connect(self.full_screen.wake)

    @property
    def analysis(self) -> Analysis | None:
        """Of the last practice that ended."""
        return self.ending.analysis

    @property
    def failure(self) -> Exception | None:
        """An error nobody expected."""
        return self.ending.failure

    # What the person can do.

    def look_for_cameras(self) -> None:
        """Offer the cameras there are now."""
        self.desk.look_for_cameras()
        self.pages.turn_to(self.pages.set_up)

    def toggle_rest(self) -> None:
        """Let the coach rest, or go on."""
        self.driver.coach.rest(not self.driver.coach.resting)
        self.row.set_words(self.language, resting=self.driver.coach.resting)
        self._announce(
            rest_text(self.language) if self.driver.coach.resting else self.row.pause.text()
        )

    def toggle_voice(self) -> None:
        """Let the cues be spoken, or be silent at once."""
        announcer = self.driver.announcer
        if announcer is None:
            return
        announcer.set_voice(not announcer.voice)
        self._remember(voice=announcer.voice)
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

    def swap_teacher(self) -> None:
        """Show the teacher's figure in the next way."""
        self.renderer.swap_teacher()
        self._remember(ghost=self.renderer.ghost, inset=self.renderer.inset)
        self._redraw()

    def swap_mirror(self) -> None:
        """Show the picture as a mirror does, or no longer."""
        self.renderer.mirrored = not self.renderer.mirrored
        self._remember(mirrored=self.renderer.mirrored)
        self._redraw()

    def switch_language(self) -> None:
        """Go on to the next language."""
        self.set_language(next_language(self.language))
        self._remember(language=self.language)

    def set_language(self, language: str) -> None:
        """Speak and write another language from now on."""
        self.language = self.renderer.language = check_language(language)
        self._shown = self.driver.set_language(self.language, self._shown)
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
        if self.ending.asks:
            self.summary.ask_feeling()
        self.pages.turn_to(self.summary)
        self.help.hide()
        self.full_screen.wake()
        self._announce(self.summary.accessibleDescription())

    def try_again(self) -> None:
        """Open the source again and go on with the same practice."""
        self.trouble = None
        self.driver.retry()
        self._enter()

    def start_again(self) -> None:
        """Begin another practice of the same form."""
        self.ending.begin_anew()
        self.summary.rest()
        self.driver.restart(self.language)
        self._enter()

    def _enter(self) -> None:
        """Turn to the set-up while it lasts, otherwise to the room; no picture is there yet."""
        self.trouble = None
        self.ending.watch_anew()
        self._shown, self._told = None, ""
        self._presence, self._where = Presence(), Whereabouts()
        self.view.set_picture(None)
        self._set_words()
        self.pages.set_up.show_waiting(N_("One moment, the camera is starting"))
        self.pages.turn_to(self.pages.set_up if self.driver.coach.setting_up else self.room)

    # The loop.

    def _tick(self) -> None:
        self.desk.tick()
        try:
            result = self.driver.take()
        except Exception as error:  # whatever source, model or engine raise is shown
            self._meet_trouble(error)
            return
        if result is not None:
            self._show(result)
        elif self.driver.finished:
            self.end_practice()
        elif self.driver.reconnecting and self._told != away_text(self.language):
            self._tell_away()

    def _show(self, result: LiveResult) -> None:
        self._shown = result
        if result.state.set_up is not None:
            self.desk.show(result, self.canvas)
            self._announce(self.pages.set_up.advice.text)
            return
        if self.pages.in_set_up:
            self.pages.turn_to(self.room)
        self._where = self._presence.step(
            result.state.time_s,
            result.state.status not in _UNSEEN,
            resting=self.driver.coach.resting,
        )
        notice = self._find_notice(result.state.time_s)
        drawn = self._draw(result, notice)
        self.view.set_picture(drawn)
        if self.driver.loop is not None:
            self.driver.loop.note_drawn(result)
        said = notice.text if notice else find_message(result.state, self.language)[0]
        self._announce(said or "")
        wrong = self.canvas.keep(drawn, result.frame, result.state, notice)
        if wrong is not None:
            self.ending.note(N_("The video could not be written on"), wrong, self.language)
        if self._where.gone or self.ending.is_enough(result.state):
            self.end_practice()

    def _tell_away(self) -> None:
        """Say over the last picture that the camera is away and being looked for."""
        text = away_text(self.language)
        self.driver.hush()
        self._announce(text)
        self.pages.set_up.advice.set_text(text)
        self._redraw()

    def _find_notice(self, time_s: float) -> Notice | None:
        away = self.driver.reconnecting
        return find_notice(self.driver.coach, self._where, time_s, self.language, camera_away=away)

    def _draw(self, result: LiveResult, notice: Notice | None) -> Image:
        height, width = result.frame.image.shape[:2]
        lines = self.view.lines_for(width, height)
        return self.canvas.draw(result.frame, result.state, lines, notice)

    def _redraw(self) -> None:
        if self._shown is not None and self.view.has_picture and self.pages.in_room:
            self.view.set_picture(
                self._draw(self._shown, self._find_notice(self._shown.state.time_s))
            )

    def _meet_trouble(self, error: Exception) -> None:
        self.driver.halt()
        self.trouble = error
        if not isinstance(error, PosecoachError):
            self.ending.failure = error
        self._fill_trouble(error)
        self.pages.turn_to(self.troubles)
        self._announce(self.troubles.accessibleDescription())

    def _close_practice(self) -> None:
        self.trouble = None
        self.ending.close(self.language)

    # Words.

    def _set_words(self) -> None:
        title = self.sequence.title(self.language)
        self.setWindowTitle(f"posecoach: {title}")
        self.row.set_words(self.language, resting=self.driver.coach.resting)
        self.help.set_words(self.language)
        if self.help.isVisible():
            self.help.place()
        self.pages.set_up.set_words(title, self.language, self.driver.way)
        self.view.set_text(translate(N_("One moment, the camera is starting"), self.language))
        self.view.setAccessibleName(translate(N_("Picture with guidance"), self.language))

    def _fill_summary(self) -> None:
        self.ending.fill(self.summary, self.language, mirrored=self.renderer.mirrored)

    def _fill_trouble(self, error: Exception) -> None:
        self.troubles.show_error(
            error,
            self.language,
            can_retry=self.driver.can_reopen,
            can_choose=self.desk.has_cameras,
        )

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
            self.switch_language()
        elif command == "voice" and page is not self.summary:
            self.toggle_voice()
        elif command == "end":
            self._leave()
        elif self.pages.in_set_up and command == "rest":
            self.desk.begin()
        elif self.pages.in_set_up and command == "mirrored":
            self.swap_mirror()
        elif page is not self.room:
            return False
        elif command == "rest":
            self.toggle_rest()
        elif command == "help":
            self.toggle_help()
        elif command == "ghost":
            self.swap_teacher()
        else:  # "mirrored"
            self.swap_mirror()
        return True

    def _leave(self) -> None:
        """Close the help, or end, or close the window."""
        if self.help.isVisible():
            self.toggle_help()
        elif self.pages.currentWidget() in (self.summary, self.pages.set_up):
            self.close()
        else:
            self.end_practice()

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
        self.desk.close()
        super().closeEvent(event)
