"""The takes, how good each is, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, clear_layout, make_label
from posecoach.app.studio.desk import Desk
from posecoach.app.studio.tab import TabPage
from posecoach.reference import draft as d
from posecoach.reference.advice import tell_advice
from posecoach.reference.quality import Finding, check_take, check_takes
from posecoach.reference.sequence import Take
from posecoach.text import N_, format_number

LED, REMOVED = N_("another take leads"), N_("take removed")


class TakesPage(TabPage):
    """The takes of the form.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    more : signal of str
        ``"camera"`` or ``"videos"``: record or import more takes.
    """

    more = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._found: dict[int, tuple[Take, str, list[Finding]]] = {}
        self.list = QListWidget()
        self._words.add(self.list.setAccessibleName, N_("Takes"))
        self.list.currentRowChanged.connect(desk.choose_take)
        self.column.addWidget(self.list)
        self.lead, self.remove = BigButton(), BigButton()
        self.camera, self.videos = BigButton(), BigButton()
        for row in (
            (
                (self.lead, N_("Follow this one"),
                 N_("Students follow this take; the others tell how much may vary")),
                (self.remove, N_("Leave out"), N_("Take this take out of the form")),
            ),
            (
                (self.camera, N_("Record more"), N_("Record more takes with the camera")),
                (self.videos, N_("Add videos"), N_("Add takes from one or several videos")),
            ),
        ):  # fmt: skip
            line = QHBoxLayout()
            line.setSpacing(8)
            for button, text, told in row:
                self._words.name(button, text, told)
                line.addWidget(button)
            line.addStretch(1)
            self.column.addLayout(line)
        self.lead.clicked.connect(self._lead)
        self.remove.clicked.connect(self._remove)
        self.camera.clicked.connect(lambda: self.more.emit("camera"))
        self.videos.clicked.connect(lambda: self.more.emit("videos"))
        self.advice = QVBoxLayout()
        self.advice.setSpacing(8)
        self.column.addLayout(self.advice)
        self.column.addStretch(1)
        self.follow()

    def refresh(self) -> None:
        """List the takes, and what is to be said to the one that is shown."""
        desk = self.desk
        self._words.tell(desk.say)
        takes = desk.sequence.takes
        blocked = self.list.blockSignals(True)
        while self.list.count() > len(takes):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(takes):
            self.list.addItem("")
        for k, take in enumerate(takes):
            self.list.item(k).setText(self._tell(k, take))
        self.list.setCurrentRow(desk.take)
        rows = max(2, min(len(takes), 6))
        self.list.setFixedHeight(rows * max(30, self.list.sizeHintForRow(0)) + 12)
        self.list.blockSignals(blocked)
        self.lead.setEnabled(desk.take > 0)
        self.remove.setEnabled(len(takes) > 1)
        clear_layout(self.advice)
        for title, findings in (
            (desk.say(N_("To this take")), self._check(desk.take)),
            (desk.say(N_("To all takes together")), self._check_all()),
        ):
            if findings or title == desk.say(N_("To this take")):
                self.advice.addWidget(make_label(title, "caption"))
            if not findings and title == desk.say(N_("To this take")):
                self.advice.addWidget(self._line("✓", desk.say(N_("A good take."))))
            for finding in findings:
                mark = "✗" if finding.level == "error" else "!"
                self.advice.addWidget(self._line(mark, tell_advice(finding, desk.language)))

    @staticmethod
    def _line(mark: str, text: str) -> QLabel:
        return make_label(f"{mark}  {text}", "line")

    def _tell(self, k: int, take: Take) -> str:
        desk = self.desk
        seconds = format_number(take.motion.duration_s, 1, desk.language)
        parts = [f"{k + 1}", f"{seconds} s"]
        if k == 0:
            parts.append(desk.say(N_("is followed")))
        findings = self._check(k)
        parts.append("✓" if not findings else f"! {len(findings)}")
        return "   ·   ".join(parts)

    def _check(self, k: int) -> list[Finding]:
        """Return what is wrong with a take; found out once for each."""
        take, view = self.desk.sequence.takes[k], self.desk.sequence.view
        kept = self._found.get(k)
        if kept is None or kept[0] is not take or kept[1] != view:
            kept = self._found[k] = (take, view, list(check_take("take", take, view)))
        return kept[2]

    def _check_all(self) -> list[Finding]:
        s = self.desk.sequence
        return [f for f in check_takes(s.takes, s.view) if f.where == "takes"]

    def _lead(self) -> None:
        number, self.desk.take = self.desk.take, 0
        self.desk.do(d.lead_with(self.desk.draft, number), LED)

    def _remove(self) -> None:
        number, self.desk.take = self.desk.take, max(0, self.desk.take - 1)
        self.desk.do(d.remove_take(self.desk.draft, number), REMOVED)
