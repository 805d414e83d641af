"""Which joints matter: a small table of boxes to tick, left and right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from posecoach.app.kit.look import CheckBox, make_label
from posecoach.app.studio.desk import Desk
from posecoach.text import N_

_NAMES = (
    ("shoulder", N_("Shoulder"), N_("Left shoulder"), N_("Right shoulder")),
    ("elbow", N_("Elbow"), N_("Left elbow"), N_("Right elbow")),
    ("hip", N_("Hip"), N_("Left hip"), N_("Right hip")),
    ("knee", N_("Knee"), N_("Left knee"), N_("Right knee")),
)


class JointBoxes(QWidget):
    """Eight boxes.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    chosen : signal of tuple of str
        The joints that are ticked, after one was ticked or not.
    """

    chosen = Signal(tuple)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.boxes: dict[str, CheckBox] = {}
        self._heads = [make_label(role="caption", wrap=False) for _ in _NAMES]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        for column, (name, *_) in enumerate(_NAMES):
            grid.addWidget(self._heads[column], 0, column)
            for row, side in enumerate(("left", "right")):
                box = self.boxes[f"{side}_{name}"] = CheckBox()
                grid.addWidget(box, row + 1, column)
                box.clicked.connect(self._tell)

    def show_joints(self, joints: Iterable[str], *, enabled: bool = True) -> None:
        """Tick these joints."""
        wanted = set(joints)
        say = self.desk.say
        for head, (name, word, left, right) in zip(self._heads, _NAMES, strict=True):
            head.setText(say(word))
            for side, short, full in (("left", N_("left"), left), ("right", N_("right"), right)):
                box = self.boxes[f"{side}_{name}"]
                box.setChecked(f"{side}_{name}" in wanted)
                box.setText(say(short))
                box.setAccessibleName(say(full))
                box.setEnabled(enabled)

    def _tell(self) -> None:
        self.chosen.emit(tuple(j for j, box in self.boxes.items() if box.isChecked()))
