"""The tempo over the form, and bands: two quiet drawings without numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posecoach.app.kit.look import CHANGE, GOOD, LINE, OWN, QUIET, RAISED, SMALLEST, TEXT
from posecoach.app.summary.bands import FAR, Band, TempoCurve

_MOST, _LEAST = 2.2, 1 / 2.2  # tempo ratios at the edges of the drawing


class TempoChart(QWidget):
    """The tempo over the form, each repetition a line; the band is the teacher's tempo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)
        self._curve: TempoCurve | None = None
        self._words = ("", "", "")

    def show_curve(self, curve: TempoCurve, faster: str, slower: str, teacher: str) -> None:
        """Draw a curve, with these words at its edges."""
        self._curve = curve
        self._words = (faster, slower, teacher)
        self.setAccessibleName(curve.words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw."""
        del event
        if self._curve is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        curve, top = self._curve, float(np.log(_MOST))

        def y(ratio: float) -> float:
            at = np.log(np.clip(ratio, _LEAST, _MOST)) / top
            return float(room.center().y() - 0.5 * at * room.height())

        def x(place: float) -> float:
            return float(room.left() + room.width() * place / max(curve.duration_s, 1e-6))

        high, low = y(1.0 + curve.tolerance), y(max(1.0 - curve.tolerance, 0.05))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(RAISED))
        painter.drawRoundedRect(room, 8, 8)
        painter.setBrush(QColor(GOOD).darker(250))
        painter.drawRect(QRectF(room.left(), high, room.width(), low - high))
        painter.setPen(QPen(QColor(GOOD), 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), y(1.0)), QPointF(room.right(), y(1.0)))
        font = QFont(self.font())
        font.setPixelSize(max(SMALLEST - 2, round(0.75 * font.pixelSize())))
        painter.setFont(font)
        painter.setPen(QColor(QUIET))
        inside = room.adjusted(10, 4, -10, -4)
        faster, slower, teacher = self._words
        lines = [[QPointF(x(p), y(r)) for p, r in points] for points in curve.curves]
        wide = painter.boundingRect(inside, 0, teacher).size()
        spots = [
            QRectF(QPointF(left, top_), wide)
            for top_ in (high - wide.height() - 2, low + 2)
            for left in (inside.left(), inside.right() - wide.width())
        ]
        near = [spot.adjusted(-6, -8, 6, 8) for spot in spots]
        hits = [sum(spot.contains(p) for q in lines for p in q) for spot in near]
        clear = spots[hits.index(min(hits))]
        painter.drawText(clear, Qt.AlignmentFlag.AlignLeft, teacher)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, faster)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, slower)
        last = len(curve.curves) - 1
        for k, points in enumerate(lines):
            colour = QColor(OWN)
            colour.setAlphaF(1.0 if k == last else 0.45)
            painter.setPen(QPen(colour, 4.0 if k == last else 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_path(points))
        painter.end()


def _path(points: Sequence[QPointF]) -> QPainterPath:
    path = QPainterPath(points[0])
    for a, b in pairwise(points):
        middle = (a.x() + b.x()) / 2
        path.cubicTo(QPointF(middle, a.y()), QPointF(middle, b.y()), b)
    return path


class BandView(QWidget):
    """One measure: the band is what is left alone, the dot how it was, its blur how sure that is.

    The practitioner's left is on the left where the picture is a mirror.
    """

    def __init__(self, band: Band, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._band = band
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{band.title}: {band.words}")
        self.setAccessibleDescription(band.sure)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room in proportion to the type."""
        return QSize(120, max(30, round(1.25 * self.fontMetrics().height())))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(2, 4, -2, -4)
        centre, half = room.center(), room.width() / 2 - 0.4 * room.height()  # the dot has room

        def x(share: float) -> float:
            # Plus is the person's left, which a mirror shows on the left.
            return float(centre.x() - half * np.clip(share, -FAR, FAR) / FAR)

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(RAISED))
        painter.drawRoundedRect(room, 8, 8)
        band = self._band
        if band.middle is None:
            painter.setPen(QPen(QColor(LINE), 3, Qt.PenStyle.DashLine))
            painter.drawLine(
                QPointF(room.left() + 10, centre.y()), QPointF(room.right() - 10, centre.y())
            )
            painter.end()
            return
        painter.setBrush(QColor(GOOD).darker(250))
        painter.drawRect(QRectF(x(1.0), room.top(), x(-1.0) - x(1.0), room.height()))
        painter.setPen(QPen(QColor(QUIET), 2))
        painter.drawLine(QPointF(centre.x(), room.top()), QPointF(centre.x(), room.bottom()))
        colour = QColor(OWN if abs(band.middle) <= 1.0 else CHANGE)
        if band.worst is not None and abs(band.worst) > 1.0:
            painter.setPen(QPen(QColor(CHANGE), 4, Qt.PenStyle.DotLine))
            painter.drawLine(
                QPointF(x(band.middle), centre.y()), QPointF(x(band.worst), centre.y())
            )
        painter.setPen(Qt.PenStyle.NoPen)
        soft = QColor(colour)
        soft.setAlphaF(0.4)
        painter.setBrush(soft)
        left, right = x(band.middle + band.half), x(band.middle - band.half)
        thick = 0.46 * room.height()
        painter.drawRoundedRect(
            QRectF(left, centre.y() - thick / 2, max(right - left, thick), thick),
            thick / 2,
            thick / 2,
        )
        painter.setBrush(colour)
        painter.setPen(QPen(QColor(TEXT), 2))
        painter.drawEllipse(QPointF(x(band.middle), centre.y()), 0.36 * thick + 4, 0.36 * thick + 4)
        painter.end()
