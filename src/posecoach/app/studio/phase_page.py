"""One phase: its name in two languages, breath, sides, when it begins and ends, its joints."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QWidget,
)

from posecoach.app.kit.look import BigButton, CheckBox
from posecoach.app.studio.desk import Desk
from posecoach.app.studio.joints import JointBoxes
from posecoach.app.studio.style import BREATH_MARKS, NumberBox, QuietChoice
from posecoach.app.studio.tab import Fields, TabPage, show_texts
from posecoach.reference import draft as d
from posecoach.reference.borders import find_borders
from posecoach.text import N_

SIDES = (
    ("symmetric", N_("both sides the same at once")),
    ("mirrored", N_("in turn, left and right")),
    ("one-sided", N_("each side its own way")),
)
BREATHS = (("in", N_("in")), ("out", N_("out")), ("free", N_("free")))
RENAMED, BREATH, SIDED = N_("phase renamed"), N_("breath"), N_("sides")
JOINTS, MOVED, SPLIT, JOINED = (
    N_("joints"), N_("border moved"), N_("phase split"), N_("phases joined"),
)  # fmt: skip
SUGGESTED = N_("phases suggested")


class PhasePage(TabPage):
    """The phase that is worked on.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._build_choice()
        self._build_fields()
        self.column.addStretch(1)
        self.follow()

    def _build_choice(self) -> None:
        self.choice = QuietChoice()
        self._words.add(self.choice.setAccessibleName, N_("Phase"))
        self.choice.activated.connect(lambda k: self.desk.choose_phase(k))
        self.column.addWidget(self.choice)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.split, self.join, self.suggest = BigButton(), BigButton(), BigButton()
        for button, text, told, work in (
            (self.split, N_("Split here"), N_("Split the phase where the white line is"),
             self.split_here),
            (self.join, N_("Join with next"), N_("Make one phase of this and the next"),
             self.join_next),
            (self.suggest, N_("Suggest"), N_("Find phases anew, at the quiet moments"),
             self.suggest_phases),
        ):  # fmt: skip
            self._words.name(button, text, told)
            button.clicked.connect(work)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)

    def _build_fields(self) -> None:
        rows = Fields(self._words)
        self.names = rows.add_names(("de", "en"), self._rename)
        self.breath: dict[str, BigButton] = {}
        breaths, group = QHBoxLayout(), QButtonGroup(self)
        breaths.setSpacing(8)
        for breath, text in BREATHS:
            button = self.breath[breath] = BigButton()
            button.setCheckable(True)
            group.addButton(button)
            self._words.add(partial(self._name_breath, breath), text)
            button.clicked.connect(partial(self._breathe, breath))
            breaths.addWidget(button)
        breaths.addStretch(1)
        rows.add(N_("Breath"), breaths)
        self.sides = QuietChoice()
        rows.add(N_("Sides"), self.sides, self.sides)
        self.sides.activated.connect(
            lambda _: self.desk.set_phase(SIDED, symmetry=self.sides.currentData())
        )
        self.start, self.end = NumberBox(), NumberBox()
        times = QHBoxLayout()
        times.setSpacing(8)
        for spin, text, side in (
            (self.start, N_("Begins"), "right"),
            (self.end, N_("Ends"), "left"),
        ):
            spin.setDecimals(2)
            spin.setSingleStep(0.1)
            spin.setMaximum(99999)
            spin.setSuffix(" s")
            self._words.add(spin.setAccessibleName, text)
            spin.valueChanged.connect(partial(self._move, side))
            times.addWidget(spin)
        times.addStretch(1)
        rows.add(N_("From, to"), times)
        self.column.addLayout(rows)
        self.column.addWidget(self._words.label(N_("Joints whose angle matters")))
        self.own_joints = CheckBox()
        self._words.add(self.own_joints.setText, N_("Other joints in this phase than in the form"))
        self.own_joints.clicked.connect(self._choose_joints)
        self.column.addWidget(self.own_joints)
        self.joints = JointBoxes(self.desk)
        self.joints.chosen.connect(
            lambda joints: self.desk.set_phase(JOINTS, f"joints {self._id}", joints=joints)
        )
        self.column.addWidget(self.joints)

    @property
    def _id(self) -> str:
        return self.desk.current.id if self.desk.current else ""

    def _name_breath(self, breath: str, text: str) -> None:
        button = self.breath[breath]
        kind = self.desk.say(N_("Breath"))
        button.set_words(f"{BREATH_MARKS[breath]} {text}", f"{kind}: {text}")

    def refresh(self) -> None:
        """Show the phase as it is now."""
        desk = self.desk
        self._words.tell(desk.say)
        phases, p = desk.draft.phases, desk.current
        items = [(self._title(k), k) for k in range(len(phases))]
        self.choice.fill(items or [(desk.say(N_("No phases yet")), -1)])
        self.choice.choose(desk.phase if phases else -1)
        self.sides.fill([(desk.say(text), value) for value, text in SIDES])
        self.join.setEnabled(desk.phase < len(phases) - 1)
        fields: list[QWidget] = [*self.names.values(), *self.breath.values(), self.sides,
                                 self.start, self.end, self.own_joints, self.joints]  # fmt: skip
        for field in fields:
            field.setEnabled(p is not None)
        if p is None:
            return
        show_texts(self.names, p.titles)
        self.breath[p.breath].setChecked(True)
        self.sides.choose(p.symmetry)
        for spin, value in ((self.start, p.start_s), (self.end, p.end_s)):
            blocked = spin.blockSignals(True)
            spin.setLocale(QLocale(desk.language))
            spin.setValue(value)
            spin.blockSignals(blocked)
        own = p.joints is not None
        self.own_joints.setChecked(own)
        joints = p.joints if p.joints is not None else desk.sequence.joints
        self.joints.show_joints(joints, enabled=own)

    def _title(self, k: int) -> str:
        p, language = self.desk.draft.phases[k], self.desk.language
        title = p.title(language)
        return f"{k + 1}/{len(self.desk.draft.phases)}  {title}"

    # What is asked for.

    def split_here(self) -> None:
        """Split the phase at the place one looks at."""
        if self.desk.take == 0:
            self.desk.do(d.split_phase(self.desk.draft, self.desk.place_s), SPLIT)
            self.desk.go_to(self.desk.place_s)

    def join_next(self) -> None:
        """Join the phase with the next."""
        self.desk.do(d.join_phases(self.desk.draft, self.desk.phase), JOINED)

    def suggest_phases(self) -> None:
        """Find phases anew."""
        self.desk.do(d.suggest(self.desk.draft), SUGGESTED)

    def _rename(self, language: str, text: str) -> None:
        p = self.desk.current
        if p is not None:
            titles = d.set_text(p.titles, language, text)
            self.desk.set_phase(RENAMED, f"title {p.id} {language}", titles=titles)

    def _breathe(self, breath: str) -> None:
        if self.desk.current is not None and self.desk.current.breath != breath:
            self.desk.set_phase(BREATH, breath=breath)

    def _move(self, side: str, to_s: float) -> None:
        for k, border in enumerate(find_borders(self.desk.draft.phases)):
            if getattr(border, side) == self.desk.phase:
                key = f"border {k} field"
                self.desk.do(d.move_border(self.desk.draft, k, to_s), MOVED, key)
                break
        self.refresh()

    def _choose_joints(self, own: bool) -> None:
        joints = self.desk.sequence.joints if own else None
        self.desk.set_phase(JOINTS, joints=joints)
