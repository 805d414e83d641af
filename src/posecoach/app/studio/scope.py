"""Whether words and tolerances are meant for one phase or for the whole form."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from posecoach.app.studio.desk import Desk
from posecoach.app.studio.style import QuietChoice
from posecoach.body import JOINT_ANGLES
from posecoach.reference.sequence import Phase, Sequence
from posecoach.text import N_

FORM, PHASE = "form", "phase"


class ScopeChoice(QuietChoice):
    """The whole form, or the phase that is worked on.

    Attributes
    ----------
    switched : signal
        Another one was chosen.
    """

    switched = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.activated.connect(lambda _: self.switched.emit())
        self.refresh()

    def refresh(self) -> None:
        """Name the phase that is worked on now."""
        say, p = self.desk.say, self.desk.current
        items: list[tuple[str, object]] = [(say(N_("in the whole form")), FORM)]
        if p is not None:
            title = p.title(self.desk.language)
            only = say(N_("only in"))
            items.append((f"{only}: {title}", PHASE))
        self.fill(items)
        self.setAccessibleName(say(N_("Where it holds")))

    @property
    def part(self) -> Sequence | Phase:
        """What it is meant for."""
        p = self.desk.current
        return p if self.currentData() == PHASE and p is not None else self.desk.sequence

    def change(self, what: str, key: str, field: str, value: Mapping[str, object]) -> None:
        """Set a field of what it is meant for."""
        part = self.part
        if isinstance(part, Phase):
            self.desk.set_phase(what, f"{key} {part.id}", **{field: value})
        else:
            self.desk.set_form(what, key, **{field: value})


def list_measures(sequence: Sequence) -> list[str]:
    """Return the measures of a form, by the joints that matter in it."""
    base = ["lateral_lean", "shoulder_tilt", "pelvis_tilt", "arm_height_difference",
            "left_right_delay", "tempo_ratio", "evenness"]  # fmt: skip
    if sequence.view == "side":
        base = ["forward_lean", "tempo_ratio", "evenness"]
    joints = [f"joint_angle.{j}" for j in JOINT_ANGLES if j in sequence.all_joints]
    return [*base, *joints]
