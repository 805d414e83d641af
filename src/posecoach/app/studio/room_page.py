"""How much may vary: what the takes say, and the teacher's own numbers."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from posecoach.app.kit.look import make_label
from posecoach.app.studio.desk import Desk
from posecoach.app.studio.scope import ScopeChoice, list_measures
from posecoach.app.studio.style import NumberBox, QuietChoice
from posecoach.app.studio.tab import Fields, TabPage
from posecoach.coach.words import measure_title
from posecoach.measure.judgement import get_floor, get_unit
from posecoach.reference import draft as d
from posecoach.reference.sequence import Phase
from posecoach.text import N_, format_number

ROOMED = N_("tolerance")
_UNITS = {"deg": "°", "ms": " ms", "ratio": " %", "1": ""}


class RoomPage(TabPage):
    """Tolerances by measure.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    drawn : signal of object
        The measure whose tolerance the timeline is to draw, or None.
    """

    drawn = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.column.addWidget(
            self._words.label(
                N_(
                    "Within this band nothing is said. Without a number of yours it is what "
                    "varies between your takes, place by place."
                )
            )
        )
        self.scope, self.shown = ScopeChoice(desk), QuietChoice()
        rows = Fields(self._words)
        rows.add(N_("Holds"), self.scope)
        rows.add(N_("On the timeline"), self.shown, self.shown)
        self.column.addLayout(rows)
        self.fields: dict[str, NumberBox] = {}
        self._titles: dict[str, QWidget] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)
        self.shown.activated.connect(lambda _: self.drawn.emit(self.shown.currentData()))
        self.scope.switched.connect(self.refresh)
        self.follow()

    def refresh(self) -> None:
        """Show the tolerances as they are now."""
        desk = self.desk
        self._words.tell(desk.say)
        self.scope.refresh()
        measures = list_measures(desk.sequence)
        self._make_rows(measures)
        items: list[tuple[str, object]] = [(desk.say(N_("only the speed")), None)]
        items += [(measure_title(m, desk.language), m) for m in measures if m != "left_right_delay"]
        self.shown.fill(items)
        own = self.scope.part.tolerances
        for measure, field in self.fields.items():
            title = measure_title(measure, desk.language)
            self._titles[measure].setText(title)  # type: ignore[attr-defined]
            what = desk.say(N_("Tolerance"))
            field.setAccessibleName(f"{what}: {title}")
            field.setSpecialValueText(self._tell_takes(measure))
            blocked = field.blockSignals(True)
            field.setValue(own.get(measure, 0.0) * _scale(measure))
            field.blockSignals(blocked)

    def _make_rows(self, measures: list[str]) -> None:
        if list(self.fields) == measures:
            return
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.fields.clear()
        self._titles.clear()
        for row, measure in enumerate(measures):
            title, field = make_label(role="body", wrap=False), NumberBox()
            unit = _UNITS[get_unit(measure)]
            field.setDecimals(1 if measure == "evenness" else 0)
            field.setSingleStep({"left_right_delay": 10.0, "evenness": 0.1}.get(measure, 1.0))
            field.setMaximum(1000.0)
            field.setSuffix(unit)
            field.valueChanged.connect(partial(self._set, measure))
            self._grid.addWidget(title, row, 0)
            self._grid.addWidget(field, row, 1)
            self.fields[measure], self._titles[measure] = field, title

    def _tell_takes(self, measure: str) -> str:
        """Return what holds without a number: from where to where it goes along the form."""
        desk, part = self.desk, self.scope.part
        start, end = 0.0, desk.draft.duration_s
        if isinstance(part, Phase):
            start, end = part.start_s, part.end_s
        tolerances = desk.get_tolerances()
        if measure in desk.sequence.tolerances and isinstance(part, Phase):
            values = np.array([desk.sequence.tolerances[measure]])
        elif measure in tolerances.curves:
            curve = tolerances.curves[measure]
            at = np.linspace(start, end, 40) / desk.draft.duration_s * (len(curve) - 1)
            values = np.interp(at, np.arange(len(curve)), curve)
        else:
            values = np.array([get_floor(measure)])
        digits = 1 if measure == "evenness" else 0
        scale = _scale(measure)
        low, high = (
            format_number(float(v) * scale, digits, desk.language)
            for v in (values.min(), values.max())
        )
        span = low if low == high else f"{low}–{high}"
        takes = desk.say(N_("takes"))
        return f"{takes}: {span}{_UNITS[get_unit(measure)]}"

    def _set(self, measure: str, shown: float) -> None:
        value = shown / _scale(measure)
        had = self.scope.part.tolerances.get(measure, 0.0)
        floor = get_floor(measure)
        if 0 < value < floor - 1e-9:
            # No camera sees finer: going up from nothing begins there, going down ends there.
            value = 0.0 if had > 0 else floor
        tolerances = d.set_tolerance(self.scope.part.tolerances, measure, value or None)
        self.scope.change(ROOMED, f"tolerance {measure}", "tolerances", tolerances)
        self.refresh()


def _scale(measure: str) -> float:
    return 100.0 if measure == "tempo_ratio" else 1.0
