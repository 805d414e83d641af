"""The picture: as large as the window allows, its proportions kept, calm dark beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from posecoach.app.kit.look import BACKGROUND, QUIET, SMALLEST

SMALL = 720  # lines below which a picture is enlarged before it is drawn on
LARGEST = 1080  # lines up to which


class PictureView(QWidget):
    """Shows pictures, or a word where there is none yet.

    Attributes
    ----------
    touched : signal
        A pointer or finger moved over it.
    """

    touched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setMouseTracking(True)
        self._pixels: NDArray[np.uint8] | None = None  # the image does not own its memory
        self._image: QImage | None = None
        self._text = ""

    def lines_for(self, width: int, height: int) -> int:
        """Return how many lines a picture should have before the overlay is drawn on it.

        Small ones are enlarged to what the window shows, so that writing is crisp; those larger
        than the window are reduced to it; others stay.
        """
        ratio = self.devicePixelRatioF()
        room = min(self.width() * ratio / max(width, 1), self.height() * ratio / max(height, 1))
        shown = max(1, round(room * height))
        if height < SMALL:
            return max(height, min(shown, LARGEST))
        return min(height, max(shown, SMALL))

    def set_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show a picture, (height, width, 3) blue-green-red, at once; None shows the text.

        Parameters
        ----------
        picture : array or None
            It must not be changed afterwards.
        """
        if picture is None:
            self._pixels = self._image = None
        else:
            pixels = np.ascontiguousarray(picture)
            height, width = pixels.shape[:2]
            self._image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_BGR888)
            self._pixels = pixels
        self.repaint()

    def set_text(self, text: str) -> None:
        """Set what stands there while there is no picture."""
        if text != self._text:
            self._text = text
            self.update()

    def say(self, text: str) -> None:
        """Give a text to a screen reader, now and when it asks what is seen."""
        self.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._image is not None

    def target(self) -> QRectF:
        """Return where the picture stands, in the widget's coordinates."""
        if self._image is None:
            return QRectF(self.rect())
        width, height = self._image.width(), self._image.height()
        ratio = self.devicePixelRatioF()
        scale = min(self.width() * ratio / width, self.height() * ratio / height)
        # Whole device pixels: a picture of the right size is then shown as it is.
        w, h = round(width * scale), round(height * scale)
        left, top = round((self.width() * ratio - w) / 2), round((self.height() * ratio - h) / 2)
        return QRectF(left / ratio, top / ratio, w / ratio, h / ratio)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell of it."""
        self.touched.emit()
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell of it; a finger only presses."""
        self.touched.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the picture."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(BACKGROUND))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.target(), self._image)
        elif self._text:
            font = QFont(self.font())
            font.setPixelSize(max(SMALLEST, round(0.055 * self.height())))
            painter.setFont(font)
            painter.setPen(QColor(QUIET))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(40, 40, -40, -40), flags, self._text)
        painter.end()
