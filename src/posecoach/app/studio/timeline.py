"""The form from left to right: speed, phases, borders to drag, the ends of the take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
)
from PySide6.QtWidgets import QWidget

from posecoach.app.kit.look import CHANGE, OWN, PANEL, QUIET, TEXT
from posecoach.app.studio.desk import Desk
from posecoach.app.studio.style import BREATH_COLOURS, BREATH_MARKS
from posecoach.follow.track import STEP_S
from posecoach.measure.judgement import get_floor
from posecoach.reference import draft as d
from posecoach.reference.borders import find_borders
from posecoach.text import N_, format_number

_AROUND_S = 1.2  # shown before and after the take
_SAME_S = 0.12  # so near the take's end a border goes with it
STEP, FINE = 0.1, 0.02
MOVED, TRIMMED = N_("border moved"), N_("take trimmed")


class Timeline(pg.PlotWidget):  # type: ignore[misc]
    """The shown take with everything that can be dragged, by pointer or keys.

    Left and right go along, with Control in fine steps; Page up and down to the next border, which
    Alt with left and right moves; Home and End to the ends of the take.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    play : signal
        Space was pressed.
    split : signal
        S was pressed.
    joined : signal
        J was pressed.
    """

    play = Signal()
    split = Signal()
    joined = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=PANEL)
        self.desk = desk
        self.measure: str | None = None  # whose tolerance is drawn
        self._drags = 0
        self._shown = (-1, -1)
        self._held = False
        self._lines: list[Any] = []
        self._regions: list[Any] = []
        self._labels: list[Any] = []
        self._gaps: list[Any] = []
        self._build()
        desk.changed.connect(self.refresh)
        desk.moved.connect(self._show_place)
        self.refresh()
        self.fit()

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.hideAxis("left")
        self.setMouseEnabled(x=True, y=False)
        plot = self.getPlotItem()
        plot.getViewBox().setDefaultPadding(0.0)
        self.setYRange(0.0, 1.0, padding=0)
        axis = self.getAxis("bottom")
        axis.setTextPen(QColor(QUIET))
        axis.setTickFont(self._make_font(16, QFont.Weight.Normal))
        axis.setHeight(30)
        axis.setPen(QColor("#47505c"))
        self._curve = pg.PlotCurveItem(pen=pg.mkPen(TEXT, width=2), antialias=True)
        self._band = pg.PlotCurveItem(pen=pg.mkPen(CHANGE, width=3), antialias=True)
        self._outside = [
            pg.LinearRegionItem(movable=False, brush=QColor(22, 25, 29, 170), pen=pg.mkPen(None))
            for _ in range(2)
        ]
        self._ends = [self._make_line(CHANGE, 5) for _ in range(2)]
        self._place = pg.InfiniteLine(
            movable=True, pen=pg.mkPen("#ffffff", width=2), hoverPen=pg.mkPen("#ffffff", width=4)
        )
        for item, z in ((self._curve, 5), (self._band, 6), (self._place, 40)):
            item.setZValue(z)
            self.addItem(item)
        for item in self._outside:
            item.setZValue(10)
            self.addItem(item)
        for k, line in enumerate(self._ends):
            line.setZValue(45)  # above the place: there one begins
            self.addItem(line)
            line.sigDragged.connect(lambda moved, k=k: self._drag_end(k, moved))
            line.sigPositionChangeFinished.connect(self._let_go)
        self._place.sigDragged.connect(lambda line: self._look(line.value()))
        self.scene().sigMouseClicked.connect(self._click)

    def _make_font(self, size: int, weight: QFont.Weight) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setWeight(weight)
        return font

    @staticmethod
    def _make_line(colour: str, width: int) -> Any:
        line = pg.InfiniteLine(
            movable=True,
            pen=pg.mkPen(colour, width=width),
            hoverPen=pg.mkPen(TEXT, width=width + 2),
        )
        line.setCursor(Qt.CursorShape.SizeHorCursor)
        return line

    # Seconds of the take and of its recording: dragging an end must not move what lies between.

    @property
    def begin_s(self) -> float:
        """Where the take begins on its recording's clock."""
        return d.to_recording_s(self.desk.draft, 0.0, self.desk.take)

    def fit(self) -> None:
        """Show the take and a little around it."""
        begin, end = self.begin_s, self.begin_s + self.desk.duration_s
        times = self.desk.draft.cuts[self.desk.take].motion.time_s
        low = max(begin - _AROUND_S, float(times[0]) - 0.1)
        high = min(end + _AROUND_S, float(times[-1]) + 0.1)
        self.setXRange(low, high, padding=0.01)

    def refresh(self) -> None:
        """Draw what the desk holds now."""
        desk, begin = self.desk, self.begin_s
        end = begin + desk.duration_s
        cut = desk.draft.cuts[desk.take]
        course = desk.get_course(desk.take)
        times = course.time_s + float(cut.motion.time_s[0])
        top = float(np.quantile(course.speed, 0.995)) or 1.0
        self._curve.setData(times, np.minimum(0.08 + 0.62 * course.speed / top, 0.75))
        self._draw_band(begin)
        first, last = float(cut.motion.time_s[0]), float(cut.motion.time_s[-1])
        self._outside[0].setRegion((first - 60, begin))
        self._outside[1].setRegion((end, last + 60))
        for line, at in zip(self._ends, (begin, end), strict=True):
            self._put(line, at)
        self._draw_phases(begin)
        self._draw_gaps(cut.bridged)
        self.getAxis("bottom").setTicks([self._make_ticks(begin, desk.duration_s)])
        self._show_place()
        shown = (desk.take, id(cut.motion))
        if shown != self._shown:
            self._shown = shown
            self.fit()
        self._name()

    @staticmethod
    def _make_ticks(begin: float, duration_s: float) -> list[tuple[float, str]]:
        step = 1 if duration_s <= 16 else 2 if duration_s <= 32 else 5 if duration_s < 90 else 15
        return [(begin + s, f"{s} s") for s in range(0, int(duration_s) + 1, step)]

    def _draw_band(self, begin: float) -> None:
        """Draw how much may vary, by place, as a share of three times the smallest tolerance."""
        if self.measure is None or self.desk.take:
            self._band.setData([], [])
            return
        places = np.arange(0.0, self.desk.duration_s, STEP_S)
        share = self.desk.get_tolerances().at(self.measure, places) / (3 * get_floor(self.measure))
        self._band.setData(begin + places, np.minimum(0.75 * share, 0.8))

    def _draw_phases(self, begin: float) -> None:
        desk = self.desk
        phases = desk.draft.phases if desk.take == 0 else ()
        borders = find_borders(phases)
        self._match(self._regions, len(phases), self._make_region)
        self._match(self._labels, len(phases), self._make_text)
        self._match(self._lines, len(borders), self._make_border)
        for k, p in enumerate(phases):
            colour = QColor(BREATH_COLOURS[p.breath])
            colour.setAlpha(105 if k == desk.phase else 45)
            self._regions[k].setBrush(colour)
            self._regions[k].setRegion((begin + p.start_s, begin + p.end_s))
            self._regions[k].update()
            self._labels[k].setPos(begin + p.start_s, 0.99)
        for k, border in enumerate(borders):
            at_end = border.left is None and border.time_s <= _SAME_S
            at_end |= border.right is None and desk.duration_s - border.time_s <= _SAME_S
            self._lines[k].setVisible(not at_end)
            self._put(self._lines[k], begin + border.time_s)
        self._write_labels()

    def _write_labels(self) -> None:
        """Write the phases' names as far as there is room."""
        desk = self.desk
        wide = self.getViewBox().viewPixelSize()[0]
        size = max(17, min(24, self.height() // 10))
        font = self._make_font(size, QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        small = self._make_font(max(16, size - 4), QFont.Weight.Normal)
        self.getAxis("bottom").setTickFont(small)
        for k, label in enumerate(self._labels):
            p = desk.draft.phases[k]
            title = p.title(desk.language)
            room = int((p.end_s - p.start_s) / wide) - 14 if wide > 0 else 100
            label.setFont(font)
            label.setColor(QColor(TEXT if k == desk.phase else QUIET))
            text = f"{BREATH_MARKS[p.breath]} {title}"
            label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 20)))

    def _draw_gaps(self, bridged: tuple[tuple[float, float], ...]) -> None:
        self._match(self._gaps, len(bridged), self._make_gap)
        for item, (a, b) in zip(self._gaps, bridged, strict=True):
            item.setRegion((a, b))

    def _match(self, items: list[Any], count: int, make: Callable[[int], Any]) -> None:
        """Keep as many items as are wanted: those that stay can be dragged on."""
        while len(items) > count:
            self.removeItem(items.pop())
        while len(items) < count:
            items.append(make(len(items)))
            self.addItem(items[-1])

    def _make_region(self, number: int) -> Any:
        del number
        region = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None))
        region.setZValue(0)
        return region

    def _make_text(self, number: int) -> Any:
        del number
        text = pg.TextItem("", anchor=(0, 0))
        text.setZValue(20)
        return text

    def _make_gap(self, number: int) -> Any:
        del number
        brush = pg.mkBrush(QColor(255, 150, 40, 150))
        brush.setStyle(Qt.BrushStyle.BDiagPattern)
        gap = pg.LinearRegionItem(movable=False, brush=brush, pen=pg.mkPen(None), span=(0, 0.8))
        gap.setZValue(8)
        return gap

    def _make_border(self, number: int) -> Any:
        line = self._make_line(OWN, 4)
        line.setZValue(42)
        line.sigDragged.connect(lambda moved: self._drag_border(number, moved))
        line.sigPositionChangeFinished.connect(self._let_go)
        return line

    @staticmethod
    def _put(line: Any, at: float) -> None:
        blocked = line.blockSignals(True)
        line.setValue(at)
        line.blockSignals(blocked)

    # Dragging, clicking, keys.

    def _drag_border(self, number: int, line: Any) -> None:
        self._held = True
        to_s = line.value() - self.begin_s
        self.desk.do(
            d.move_border(self.desk.draft, number, to_s), MOVED, f"border {number} {self._drags}"
        )
        self.refresh()

    def _drag_end(self, which: int, line: Any) -> None:
        self._held = True
        self._trim(which, line.value(), f"end {which} {self._drags}")
        self.refresh()

    def _trim(self, which: int, to_s: float, key: str) -> None:
        cut = self.desk.draft.cuts[self.desk.take]
        begin, end = (to_s, cut.end_s) if which == 0 else (cut.start_s, to_s)
        if which == 0:
            begin = min(begin, cut.end_s - d.MIN_TAKE_S)
        else:
            end = max(end, cut.start_s + d.MIN_TAKE_S)
        self.desk.do(d.trim(self.desk.draft, self.desk.take, begin, end), TRIMMED, key)

    def _let_go(self) -> None:
        """End a drag: the next is another step."""
        if self._held:
            self._held = False
            self._drags += 1
            self.fit()

    def _click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._look(float(self.getViewBox().mapSceneToView(event.scenePos()).x()))

    def _look(self, at_s: float) -> None:
        self.desk.go_to(at_s - self.begin_s)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go along, from border to border, and move a border."""
        desk, key = self.desk, event.key()
        mods = event.modifiers()
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        step = FINE if mods & Qt.KeyboardModifier.ControlModifier else STEP
        if way and mods & Qt.KeyboardModifier.AltModifier:
            self._push(way * step)
        elif way:
            desk.go_to(desk.place_s + way * step)
        elif key == Qt.Key.Key_PageUp:
            desk.go_to(max((s for s in self._stops() if s < desk.place_s - 0.01), default=0.0))
        elif key == Qt.Key.Key_PageDown:
            later = (s for s in self._stops() if s > desk.place_s + 0.01)
            desk.go_to(min(later, default=desk.duration_s))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            desk.go_to(0.0 if key == Qt.Key.Key_Home else desk.duration_s)
        elif key == Qt.Key.Key_Space:
            self.play.emit()
        elif key == Qt.Key.Key_S and not mods:
            self.split.emit()
        elif key == Qt.Key.Key_J and not mods:
            self.joined.emit()
        else:
            QWidget.keyPressEvent(self, event)
            return
        event.accept()
        self._announce()

    def _stops(self) -> list[float]:
        inner = find_borders(self.desk.draft.phases) if self.desk.take == 0 else ()
        return sorted({0.0, self.desk.duration_s, *(b.time_s for b in inner)})

    def _push(self, by_s: float) -> None:
        """Move what is nearest to the place: a border, or an end of the take."""
        desk = self.desk
        place, begin = desk.place_s, self.begin_s
        for which, end in enumerate((0.0, desk.duration_s)):
            if abs(place - end) < 0.06:
                self._trim(which, begin + end + by_s, f"end {which} keys")
                desk.go_to(0.0 if which == 0 else desk.duration_s)
                return
        borders = find_borders(desk.draft.phases) if desk.take == 0 else ()
        if not borders:
            return
        k = min(range(len(borders)), key=lambda k: abs(borders[k].time_s - place))
        if abs(borders[k].time_s - place) < 0.5:
            moved = d.move_border(desk.draft, k, borders[k].time_s + by_s)
            desk.do(moved, MOVED, f"border {k} keys")
            desk.go_to(find_borders(desk.draft.phases)[k].time_s)

    def _show_place(self) -> None:
        self._put(self._place, self.begin_s + self.desk.place_s)

    def _name(self) -> None:
        self.setAccessibleName(self.desk.say(N_("Timeline")))
        self.setAccessibleDescription(self._tell())

    def _tell(self) -> str:
        desk = self.desk
        seconds = desk.say(N_("{at} of {all} seconds")).format(
            at=format_number(desk.place_s, 1, desk.language),
            all=format_number(desk.duration_s, 1, desk.language),
        )
        phase = desk.sequence.phase_at(desk.place_s) if desk.take == 0 else None
        if phase is None:
            return seconds
        return f"{seconds}, {phase.title(desk.language)}"

    def _announce(self) -> None:
        text = self._tell()
        self.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        """Write as much of the names as there is room."""
        super().resizeEvent(event)
        if hasattr(self, "_curve"):
            self._write_labels()
