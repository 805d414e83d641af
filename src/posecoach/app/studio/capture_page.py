"""Recording before the camera: a countdown one can see from the mat, and a way to end it."""

from __future__ import annotations

import time
from collections.abc import Callable

import cv2
import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label
from posecoach.app.kit.view import PictureView
from posecoach.app.studio.style import QuietChoice, Words
from posecoach.app.studio.watching import Filming, Glance, MakeEstimator
from posecoach.body import ANKLES, BONES, NOSE, WRISTS
from posecoach.capture.base import FrameSource
from posecoach.errors import PosecoachError
from posecoach.text import N_, format_number, translate

COUNTDOWN_S = 10
MOST_S = 600.0
_TICK_MS = 30
_ADVICE = (
    (N_("Nobody is in the picture yet"), None),
    (N_("Your head is outside the picture: step back"), (NOSE,)),
    (N_("Your feet are outside the picture: step back"), ANKLES),
    (N_("Your hands are outside the picture: step back"), WRISTS),
)
READY = N_("You are whole in the picture")


class CapturePage(QWidget):
    """The camera's picture, the countdown, and the recording.

    Parameters
    ----------
    make_estimator : callable
    clock : callable
        Seconds that go on, for the countdown.

    Attributes
    ----------
    done : signal of object
        A `Motion` was recorded.
    left : signal
        It was given up.
    """

    done = Signal(object)
    left = Signal()

    def __init__(
        self,
        make_estimator: MakeEstimator,
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.language = "en"
        self.state = "idle"  # then "looking", "counting", "recording"
        self.filming: Filming | None = None
        self.failure: Exception | None = None
        self._make, self._clock = make_estimator, clock
        self._words = Words()
        self._until = 0.0
        self._told = ""
        self._build()
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self._tick)

    def _build(self) -> None:
        self.view = PictureView()
        self.count = QLabel(self.view)
        self.count.setProperty("role", "count")
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.line = make_label(role="lead")
        self.hint = make_label(role="caption")
        self._words.add(
            self.hint.setText,
            N_(
                "Stand quietly for two seconds, do the form one to three times, stand quietly "
                "again. Walking in and out is cut off by itself. Space begins and ends. Only the "
                "movement is kept, no picture."
            ),
        )
        self.wait = QuietChoice()
        self.wait.setMinimumContentsLength(11)
        self._words.add(self.wait.setAccessibleName, N_("Countdown"))
        self.start, self.back = BigButton(main=True), BigButton()
        self.start.clicked.connect(self.press)
        self.back.clicked.connect(self.give_up)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self._words.label(N_("Countdown"), "body"))
        foot.addWidget(self.wait)
        foot.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(10)
        column.addWidget(self.view, 1)
        column.addWidget(self.line)
        column.addWidget(self.hint)
        column.addLayout(foot)

    def set_language(self, language: str) -> None:
        """Speak a language."""
        self.language = language
        self._words.tell(self._say)
        seconds = self._say(N_("{count} seconds"))
        chosen = self.wait.currentData()
        self.wait.fill([(seconds.format(count=s), s) for s in (3, 5, 10, 20)])
        self.wait.choose(chosen or COUNTDOWN_S)
        self.back.set_words(self._say(N_("Back")), self._say(N_("Leave without recording")))
        self._name_start()

    def _say(self, text: str) -> str:
        return translate(text, self.language)

    def _name_start(self) -> None:
        if self.state in ("counting", "recording"):
            self.start.set_words(self._say(N_("Done")), self._say(N_("End the recording")))
        else:
            self.start.set_words(self._say(N_("Record")), self._say(N_("Begin the countdown")))

    def open(self, reopen: Callable[[], FrameSource]) -> None:
        """Look through a camera."""
        self.close_camera()
        self.view.set_picture(None)
        self.view.set_text(self._say(N_("One moment, the camera is starting")))
        self.filming = Filming(reopen, self._make)
        self._turn("looking")
        self._ticker.start()
        self.view.setFocus()

    def close_camera(self) -> None:
        """Let go of the camera; what was recorded is gone."""
        self._ticker.stop()
        if self.filming is not None:
            self.filming.stop()
            self.filming = None
        self._turn("idle")

    def press(self) -> None:
        """Begin the countdown, or end the recording."""
        if self.filming is None:
            return
        if self.state == "looking":
            self._until = self._clock() + float(self.wait.currentData())
            self._turn("counting")
        elif self.state == "counting":
            self._turn("looking")
        elif self.state == "recording":
            self._finish()

    def give_up(self) -> None:
        """Leave without a recording."""
        self.close_camera()
        self.left.emit()

    def _turn(self, state: str) -> None:
        self.state = state
        self.count.setVisible(state in ("counting", "recording"))
        self.wait.setEnabled(state == "looking")
        self._name_start()

    def _finish(self) -> None:
        filming, self.filming = self.filming, None
        self._ticker.stop()
        self._turn("idle")
        motion = filming.finish() if filming is not None else None
        if motion is None:
            self.left.emit()
        else:
            self.done.emit(motion)

    def _tick(self) -> None:
        filming = self.filming
        if filming is None:
            return
        glance = filming.take()
        if glance is not None:
            self._show(glance)
        if self.state == "counting":
            left = self._until - self._clock()
            if left <= 0:
                filming.record(True)
                self._turn("recording")
            else:
                self._put_count(str(int(left) + 1), f"{int(left) + 1}")
        if self.state == "recording":
            seconds = format_number(filming.recorded_s, 0, self.language)
            self._put_count(f"● {seconds}", self._say(N_("Recording")))
            if filming.recorded_s > MOST_S:
                self._finish()
                return
        if filming.finished and self.filming is filming:
            self._end(filming)

    def _end(self, filming: Filming) -> None:
        """Leave a camera that has gone; what was recorded is kept."""
        if self.state == "recording" and filming.recorded_s > 0:
            self._finish()
            return
        error = filming.error
        if error is not None and not isinstance(error, PosecoachError):
            self.failure = error
        self._ticker.stop()
        self.filming = None
        self._turn("idle")
        self.view.set_picture(None)
        self.view.set_text(str(error) if error else self._say(N_("The camera has ended")))

    def _put_count(self, text: str, spoken: str) -> None:
        if self.count.text() != text:
            self.count.setText(text)
        self.count.adjustSize()
        where = self.count.rect()
        where.moveCenter(self.view.rect().center())
        self.count.setGeometry(where)
        self._tell(spoken)

    def _show(self, glance: Glance) -> None:
        picture = cv2.flip(glance.frame.image, 1)  # a mirror is what one knows how to stand before
        o = glance.observation
        height, width = picture.shape[:2]
        if o.found:
            at = o.image[:, :2] * (width, height)
            at[:, 0] = width - 1 - at[:, 0]
            thick = max(2, round(0.007 * height))
            for a, b in BONES:
                if np.isfinite(at[[a, b]]).all():
                    ends = [(int(x), int(y)) for x, y in np.clip(at[[a, b]], -9999, 9999)]
                    cv2.line(picture, ends[0], ends[1], (225, 190, 105), thick, cv2.LINE_AA)
        self.view.set_picture(np.asarray(picture, np.uint8))
        text = self._say(READY)
        for advice, points in _ADVICE:
            if points is None:
                wrong = not o.found
            else:
                p = o.image[list(points), :2]
                wrong = bool(o.found and ((p < 0) | (p > 1)).any())
            if wrong:
                text = self._say(advice)
                break
        self.line.setText(text)
        if self.state == "looking":
            self._tell(text)

    def _tell(self, text: str) -> None:
        """Let a screen reader say a text, once."""
        if text != self._told:
            self._told = text
            self.view.say(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Begin and end on Space and a presenter's keys; Escape leaves."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_PageDown, Qt.Key.Key_Return):
            self.press()
        elif event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            super().keyPressEvent(event)
