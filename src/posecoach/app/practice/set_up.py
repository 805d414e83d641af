"""The page between home and practice, which answers whether the camera sees what it needs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from posecoach.app.kit.look import BACKGROUND, SMALLEST, TEXT, BigButton, ChoiceBox, make_label
from posecoach.app.kit.marks import CheckList
from posecoach.app.kit.pages import BACK
from posecoach.app.kit.view import PictureView
from posecoach.capture.base import FrameSource
from posecoach.capture.camera import CameraInfo
from posecoach.coach.setting_up import CHECKS, SetUp
from posecoach.coach.setup_words import advice_text, check_text, tell_measures, way_text
from posecoach.coach.ways import WAYS, Way
from posecoach.overlay.style import Image
from posecoach.text import N_, translate

_CAP = 0.085  # height of a capital of the advice, of the window's height
_CAP_OF_FONT = 0.72
_SIDE = 0.29  # of the page's width, for what stands beside the picture


@dataclass(frozen=True)
class SetUpWishes:
    """What the set-up needs of its surroundings.

    Attributes
    ----------
    cameras : callable
        Lists the cameras; called on a thread of its own.
    open_camera : callable
        Opens one.
    camera : str
        Name of the one in use; empty if that is no camera.
    way : Way
        Of practising, at first.
    remember : callable
        Called with ``camera=name`` or ``way=way`` when one of them was chosen.
    """

    cameras: Callable[[], list[CameraInfo]] = list
    open_camera: Callable[[CameraInfo], FrameSource] | None = None
    camera: str = ""
    way: Way = Way.WHOLE
    remember: Callable[..., object] = lambda **fields: None


class Listing:
    """Lists the cameras on a thread of its own; asking a system can take a while."""

    def __init__(self, cameras: Callable[[], list[CameraInfo]]) -> None:
        self._cameras = cameras
        self._found: list[CameraInfo] | None = None
        self._thread = threading.Thread(target=self._run, name="posecoach-listing", daemon=True)
        self._thread.start()

    def take(self) -> list[CameraInfo] | None:
        """Return the cameras once they are known, and only once; None before and after."""
        found, self._found = self._found, None
        return found

    def stop(self) -> None:
        """Wait a moment for the system's answer."""
        self._thread.join(1.0)

    def _run(self) -> None:
        try:
            self._found = self._cameras()
        except Exception:  # a list that cannot be had is an empty one
            self._found = []


class BigLine(QWidget):
    """One line, as large as it may be and still fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Set the line."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    @property
    def text(self) -> str:
        """What stands there."""
        return self._text

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for a line of the largest size."""
        return QSize(200, round(1.75 * _CAP * self.window().height()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Write the line."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(BACKGROUND))
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        size = _CAP * self.window().height() / _CAP_OF_FONT
        font.setPixelSize(max(SMALLEST, round(size)))
        wide = QFontMetricsF(font).horizontalAdvance(self._text)
        room = 0.94 * self.width()
        if wide > room > 0:
            font.setPixelSize(max(SMALLEST, int(font.pixelSize() * room / wide)))
        painter.setFont(font)
        painter.setPen(QColor(TEXT))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


class SetUpPage(QWidget):
    """The page.

    Attributes
    ----------
    started, left : signal
        Start was pressed, or Back.
    camera_chosen : signal of CameraInfo
    way_chosen : signal of str
    """

    started = Signal()
    left = Signal()
    camera_chosen = Signal(object)
    way_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = PictureView()
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.advice = BigLine()
        self.checks = CheckList(CHECKS)
        self._title = make_label(role="strong")
        self._judged_word, self._lost_word = make_label(role="caption"), make_label(role="caption")
        self._judged, self._lost = make_label(role="text"), make_label(role="text")
        self.camera_box, self.way_box = ChoiceBox(), ChoiceBox()
        for box in (self.camera_box, self.way_box):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.start_button, self.back_button = BigButton(main=True), BigButton()
        self._cameras: list[CameraInfo] = []
        self._found: SetUp | None = None
        self._language, self._way, self._waiting = "en", Way.WHOLE, ""
        self._lay_out()
        self.start_button.clicked.connect(self.started)
        self.back_button.clicked.connect(self.left)
        self.camera_box.activated.connect(self._choose_camera)
        self.way_box.activated.connect(self._choose_way)

    def _lay_out(self) -> None:
        beside = QWidget()
        beside.setObjectName("page")
        column = QVBoxLayout(beside)
        column.setContentsMargins(24, 18, 24, 6)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addSpacing(6)
        column.addWidget(self.checks)
        column.addSpacing(8)
        for label in (self._judged_word, self._judged, self._lost_word, self._lost):
            column.addWidget(label)
        column.addStretch(1)
        self._side = QScrollArea()
        self._side.setWidgetResizable(True)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setWidget(beside)
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self.view, 1)
        above.addWidget(self._side)
        row = QHBoxLayout()
        row.setContentsMargins(20, 8, 20, 10)
        row.setSpacing(16)
        row.addWidget(self.back_button)
        row.addWidget(self.camera_box, 3)
        row.addWidget(self.way_box, 3)
        row.addWidget(self.start_button)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(above, 1)
        page.addWidget(self.advice)
        page.addLayout(row)

    def resizeEvent(self, event: object) -> None:  # noqa: N802
        """Keep the room beside the picture in proportion."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._side.setFixedWidth(max(260, round(_SIDE * self.width())))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go back as on every page; Escape and what begins are the window's."""
        if event.key() in BACK and event.key() != Qt.Key.Key_Escape:
            if not event.isAutoRepeat():
                self.left.emit()
        else:
            super().keyPressEvent(event)

    # What is shown.

    def show_picture(self, picture: Image) -> None:
        """Show a drawn picture."""
        self.view.set_picture(picture)

    def show_found(self, found: SetUp) -> None:
        """Show what the set-up says."""
        self._found = found
        self.advice.set_text(advice_text(found.advice, self._language, self._way))
        for name in CHECKS:
            key = "hands_shown" if name == "hands" and found.hands_shown else name
            self.checks.set_line(name, check_text(key, self._language), found.checks[name])
        judged, lost = tell_measures(found.prospects, self._language)
        _set(self._judged, ", ".join(judged))
        _set(self._lost, "\n".join(f"{title}: {why}" for title, why in lost))
        self._judged_word.setVisible(bool(judged))
        self._judged.setVisible(bool(judged))
        self._lost_word.setVisible(bool(lost))
        self._lost.setVisible(bool(lost))

    def show_waiting(self, text: str) -> None:
        """Show that there is no picture yet, or none for a moment; a marked text says why."""
        self._waiting = text
        self.view.set_picture(None)
        self.view.set_text(translate(text, self._language))
        self.advice.set_text("")

    def fill_cameras(self, cameras: Sequence[CameraInfo], chosen: str) -> None:
        """Offer cameras by name."""
        self._cameras = list(cameras)
        self.camera_box.clear()
        for camera in self._cameras:
            self.camera_box.addItem(camera.name)
        names = [c.name for c in self._cameras]
        self.camera_box.setCurrentIndex(names.index(chosen) if chosen in names else -1)
        self.camera_box.setVisible(bool(self._cameras))

    def set_words(self, title: str, language: str, way: Way) -> None:
        """Set the words."""

        def say(text: str) -> str:
            return translate(text, language)

        self._language, self._way = language, way
        self.view.set_text(say(self._waiting) if self._waiting else "")
        self._title.setText(title)
        self._judged_word.setText(say(N_("From here I can see")))
        self._lost_word.setText(say(N_("Not from here")))
        self.way_box.clear()
        self.way_box.addItems([way_text(w, language) for w in WAYS])
        self.way_box.setCurrentIndex(WAYS.index(way))
        self.way_box.setAccessibleName(say(N_("Way of practising")))
        self.camera_box.setAccessibleName(say(N_("Camera")))
        self.camera_box.setPlaceholderText(say(N_("Camera")))
        self.start_button.set_words(
            say(N_("Start now")), say(N_("Practise without waiting. Key: Space"))
        )
        self.back_button.set_words(
            say(N_("Back")), say(N_("Leave without practising. Key: Escape"))
        )
        self.setAccessibleName(say(N_("Can it see me?")))
        if self._found is not None:
            self.show_found(self._found)
        else:
            for name in CHECKS:
                self.checks.set_line(name, check_text(name, language), None)
            for label in (self._judged_word, self._lost_word):
                label.hide()

    def _choose_camera(self, row: int) -> None:
        if 0 <= row < len(self._cameras):
            self.camera_chosen.emit(self._cameras[row])
        self.setFocus()

    def _choose_way(self, row: int) -> None:
        self._way = WAYS[row]
        self.way_chosen.emit(WAYS[row].value)
        self.setFocus()


def _set(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
