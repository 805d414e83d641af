"""A list of checks, each with a mark that is told by its shape as well as by its colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posecoach.app.kit.look import CHANGE, GOOD, LINE, QUIET, make_label


class Mark(QWidget):
    """An open ring (not known yet), a tick (well), or a bar in a diamond (to be changed)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: bool | None = None

    def set_state(self, state: bool | None) -> None:
        """Show another state."""
        if state != self.state:
            self.state = state
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a square a little higher than a line."""
        side = round(1.15 * self.fontMetrics().height())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the mark."""
        del event
        side = float(min(self.width(), self.height(), self.sizeHint().width()))
        box = QRectF(1, (self.height() - side) / 2 + 1, side - 2, side - 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        x, y, s = box.x(), box.y(), box.width()

        def pen(colour: str, share: float) -> QPen:
            return QPen(QColor(colour), share * s, Qt.PenStyle.SolidLine, cap, join)

        if self.state is None:
            painter.setPen(pen(LINE, 0.09))
            painter.drawEllipse(box.adjusted(0.14 * s, 0.14 * s, -0.14 * s, -0.14 * s))
        elif self.state:
            painter.setPen(pen(GOOD, 0.15))
            tick = ((0.14, 0.54), (0.4, 0.8), (0.88, 0.2))
            painter.drawPolyline([QPointF(x + a * s, y + b * s) for a, b in tick])
        else:
            painter.setPen(pen(CHANGE, 0.1))
            diamond = ((0.5, 0.06), (0.94, 0.5), (0.5, 0.94), (0.06, 0.5))
            painter.drawPolygon([QPointF(x + a * s, y + b * s) for a, b in diamond])
            painter.drawLine(QPointF(x + 0.5 * s, y + 0.32 * s), QPointF(x + 0.5 * s, y + 0.68 * s))
        painter.end()


class CheckList(QWidget):
    """Lines with a mark before each.

    Parameters
    ----------
    names : sequence of str
        One for each line.
    """

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._rows = {name: (Mark(), make_label(role="line")) for name in names}
        for mark, label in self._rows.values():
            row = QHBoxLayout()
            row.setSpacing(16)
            row.addWidget(mark)
            row.addWidget(label, 1)
            column.addLayout(row)

    def set_line(self, name: str, text: str, state: bool | None) -> None:
        """Set a line's words and its mark."""
        mark, label = self._rows[name]
        mark.set_state(state)
        if label.text() != text:
            label.setText(text)
        colour = QUIET if state is None else ""
        style = f"color: {colour};" if colour else ""
        if label.styleSheet() != style:
            label.setStyleSheet(style)

    def tell(self) -> str:
        """Return the lines that are well, for a screen reader."""
        return "; ".join(label.text() for mark, label in self._rows.values() if mark.state)
