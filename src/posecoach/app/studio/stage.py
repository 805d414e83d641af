"""What the teacher sees: the video where it is at hand, the skeleton, and the words to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posecoach.app.kit.look import BACKGROUND, CHANGE, OWN, TEXT
from posecoach.app.studio.clip import Clip
from posecoach.app.studio.desk import Desk
from posecoach.app.studio.style import BREATH_COLOURS, BREATH_MARKS
from posecoach.body import BONES, JOINT_ANGLES, NOSE
from posecoach.coach.words import breath_text
from posecoach.errors import InputError
from posecoach.motion import Motion
from posecoach.reference.draft import to_recording_s

Array = NDArray[np.float64]


class Stage(QWidget):
    """Draws one moment of the take that is shown.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self.desk = desk
        self._clips: dict[Path, Clip | None] = {}
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None
        desk.moved.connect(self.look)
        desk.changed.connect(self.look)
        self.look()

    def look(self) -> None:
        """Show the moment one looks at now."""
        desk = self.desk
        self._image = self._pixels = None
        clip = self._find_clip(desk.draft.videos[desk.take])
        if clip is not None:
            found = clip.at(to_recording_s(desk.draft, desk.place_s, desk.take))
            if found is not None:
                pixels = np.ascontiguousarray(found)
                height, width = pixels.shape[:2]
                form = QImage.Format.Format_BGR888
                self._image = QImage(pixels.data, width, height, 3 * width, form)
                self._pixels = pixels
        self.update()

    def close_clips(self) -> None:
        """Let go of the videos."""
        for clip in self._clips.values():
            if clip is not None:
                clip.close()
        self._clips.clear()

    def _find_clip(self, path: Path | None) -> Clip | None:
        if path is None:
            return None
        if path not in self._clips:
            try:
                self._clips[path] = Clip(path)
            except InputError:  # it was moved away meanwhile: the skeleton is there all the same
                self._clips[path] = None
        return self._clips[path]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the moment."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(BACKGROUND))
        motion = self.desk.sequence.takes[self.desk.take].motion
        frame = self._fit(motion)
        if self._image is not None:
            painter.drawImage(frame, self._image)
        else:
            painter.fillRect(frame, QColor("#1b1f24"))
        k = int(np.clip(np.searchsorted(motion.time_s, self.desk.place_s), 0, len(motion) - 1))
        points = motion.image[k, :, :2] * (frame.width(), frame.height()) + (
            frame.x(),
            frame.y(),
        )
        self._draw_body(painter, points, frame)
        self._draw_words(painter, frame)
        painter.end()

    def _fit(self, motion: Motion) -> QRectF:
        scale = min(self.width() / motion.width, self.height() / motion.height)
        w, h = motion.width * scale, motion.height * scale
        return QRectF((self.width() - w) / 2, (self.height() - h) / 2, w, h)

    def _draw_body(self, painter: QPainter, points: Array, frame: QRectF) -> None:
        there = np.asarray(np.isfinite(points).all(axis=1))
        thick = max(2.0, 0.007 * frame.height())
        for colour, width in (("#194a66", 2.2 * thick), (OWN, thick)):
            pen = QPen(QColor(colour), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            for a, b in BONES:
                if there[a] and there[b]:
                    painter.drawLine(QPointF(*points[a]), QPointF(*points[b]))
        if self._image is None and there[NOSE]:
            painter.setPen(QPen(QColor(OWN), thick))
            painter.setBrush(QColor("#1b1f24"))
            painter.drawEllipse(QPointF(*points[NOSE]), 5.5 * thick, 7 * thick)
        phase = self.desk.current if self.desk.take == 0 else None
        joints = self.desk.sequence.joints
        if phase is not None and phase.joints is not None:
            joints = phase.joints
        painter.setPen(QPen(QColor(CHANGE), 0.7 * thick))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for joint in joints:
            at = JOINT_ANGLES[joint][1]
            if there[at]:
                painter.drawEllipse(QPointF(*points[at]), 2.6 * thick, 2.6 * thick)

    def _draw_words(self, painter: QPainter, frame: QRectF) -> None:
        """Write the phase and its breath as a student reads them."""
        phase = self.desk.sequence.phase_at(self.desk.place_s) if self.desk.take == 0 else None
        if phase is None:
            return
        language = self.desk.language
        title = phase.title(language)
        mark = BREATH_MARKS[phase.breath]
        size = max(17, round(0.05 * frame.height()))
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        lines = ((title, TEXT), (f"{mark}  {breath_text(phase.breath, language)}",
                                 BREATH_COLOURS[phase.breath]))  # fmt: skip
        width = max(metrics.horizontalAdvance(text) for text, _ in lines) + 1.2 * size
        left = max(frame.x(), 0.0) + 0.5 * size
        box = QRectF(left, frame.y() + 0.5 * size, min(width, frame.width() - size), 3.2 * size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(22, 25, 29, 205))
        painter.drawRoundedRect(box, 0.4 * size, 0.4 * size)
        for k, (text, colour) in enumerate(lines):
            painter.setPen(QColor(colour))
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(box.width() - size))
            at = QPointF(box.x() + 0.5 * size, box.y() + (1.3 + 1.35 * k) * size)
            painter.drawText(at, short)
