"""Saving a form, and making one file of it to send."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from posecoach.app.studio.desk import Desk, attempt
from posecoach.app.studio.form_page import RightsFields
from posecoach.reference import draft as d
from posecoach.reference.package import SUFFIX, pack_sequence, write_package
from posecoach.text import N_

if TYPE_CHECKING:
    from posecoach.app.studio.window import StudioWindow

_MISSING = {
    "title": N_("its name"),
    "teacher": N_("the teacher"),
    "consent": N_("consent"),
    "licence": N_("the licence"),
}


class Sending:
    """Puts the form on the desk into its folder, and into a file to send.

    Parameters
    ----------
    window : StudioWindow
    """

    def __init__(self, window: StudioWindow) -> None:
        self._window = window

    def choose_target(self, name: str) -> Path | None:
        """Ask where the file to send goes."""
        title, start = self._window.say(N_("File to send")), str(Path.home() / name)
        kind = f"posecoach (*{SUFFIX})"
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, start, kind)
        return Path(chosen) if chosen else None

    def save(self) -> None:
        """Save the form; ask first if somebody else has changed its files."""
        desk, say = self._window.desk, self._window.say
        if desk is None:
            return
        if not desk.was_changed_elsewhere():
            self.save_now()
            return
        self._window.ask(
            say(N_("The files have changed")),
            say(
                N_(
                    "Somebody has changed this form's files since they were opened. What is "
                    "saved now goes over it; comments and unknown fields stay."
                )
            ),
            [(say(N_("Save all the same")), self.save_now), (say(N_("Not now")), None)],
        )

    def save_now(self, then: Callable[[], object] | None = None) -> None:
        """Save the form whoever has changed its files; then go on, if it went well."""
        desk, editor, say = self._window.desk, self._window.editor, self._window.say
        if desk is None:
            return
        wrong = attempt(desk.save)
        if wrong is not None:
            self._window.tell(N_("Not saved"), wrong)
        elif then is not None:
            then()
        else:
            missing = d.find_missing(desk.sequence)
            if missing and editor is not None:
                names = ", ".join(say(_MISSING[m]) for m in missing)
                told = say(N_("Saved. Before you send it, fill in: {names}"))
                editor.status.setText(told.format(names=names))

    def send(self) -> None:
        """Ask for what is missing, save, and make one file to send."""
        desk = self._window.desk
        if desk is None:
            return
        if d.find_missing(desk.sequence):
            self._ask_rights(desk)
        else:
            self._pack()

    def _ask_rights(self, desk: Desk) -> None:
        say = self._window.say
        question = self._window.ask(
            say(N_("Before you send it")),
            say(
                N_(
                    "Whoever gets it should know who is seen in it, that they agreed, and what "
                    "may be done with it."
                )
            ),
            [(say(N_("Make the file")), self._pack), (say(N_("Not now")), None)],
            RightsFields(desk),
        )
        main = question.buttons[0]

        def check() -> None:
            main.setEnabled(not d.find_missing(desk.sequence))

        desk.changed.connect(check)
        question.destroyed.connect(lambda: desk.changed.disconnect(check))
        check()

    def _pack(self) -> None:
        desk = self._window.desk
        if desk is None:
            return
        if desk.history.changed or desk.home is None:
            self.save_now(self._write_package)
        else:
            self._write_package()

    def _write_package(self) -> None:
        desk = self._window.desk
        if desk is None or desk.home is None:
            return
        target = self.choose_target(f"{desk.sequence.id}{SUFFIX}")
        if target is None:
            return
        if target.suffix != SUFFIX:
            target = target.with_name(target.name + SUFFIX)
        folder = desk.home
        wrong = attempt(lambda: write_package(pack_sequence(folder), target))
        if wrong is not None:
            self._window.tell(N_("The file could not be made"), wrong)
            return
        text = self._window.say(
            N_("{file} holds the movement and your words, no picture. A student unpacks it "
               "with: posecoach references unpack {name}")
        ).format(file=target, name=target.name)  # fmt: skip
        self._window.tell(N_("Ready to send"), text)
