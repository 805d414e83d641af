"""The form on the desk: what is changed, undone, kept and saved; the pages only ask and show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from posecoach.errors import PosecoachError, SequenceError
from posecoach.measure.spread import Tolerances, compute_tolerances
from posecoach.motion import Motion
from posecoach.reference import draft as d
from posecoach.reference.draft import Draft
from posecoach.reference.history import History
from posecoach.reference.library import find_forms, get_own_folder, get_shipped_folder
from posecoach.reference.marks import get_marks
from posecoach.reference.names import TOML_NAME
from posecoach.reference.record import Course, trace_course
from posecoach.reference.sequence import Phase, Sequence, Take
from posecoach.reference.unsaved import Unsaved, copy_words, drop_unsaved, keep_unsaved
from posecoach.text import translate

KEEP_MS = 1500
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def make_id(title: str) -> str:
    """Return a name for a form's folder that is like its title and not taken yet."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_UMLAUTS))
    base = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    base = base[:50].strip("-") or "form"
    taken = find_forms()
    name, k = base, 2
    while name in taken or (get_own_folder() / name).exists():
        name, k = f"{base}-{k}", k + 1
    return name


class Desk(QObject):
    """One form being worked on.

    Parameters
    ----------
    draft : Draft
    home : Path or None
        Its folder; None if it was never saved.
    language : str
    fingerprint : str
        Of the folder when it was read.
    saved : bool
        Whether the draft is what is in the folder.

    Attributes
    ----------
    changed : signal
        The draft, or the language, is another one.
    moved : signal
        The place is another one.
    place_s : float
        Where in the shown take one looks, seconds of the take.
    phase : int
        Number of the phase that is worked on.
    take : int
        Number of the take that is shown.
    """

    changed = Signal()
    moved = Signal()

    def __init__(
        self,
        draft: Draft,
        home: Path | None,
        language: str,
        *,
        fingerprint: str = "",
        saved: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.history = History(draft, saved=saved)
        self.home, self.language = home, language
        self.place_s, self.phase, self.take = 0.0, 0, 0
        self.problem = ""  # why it could not be kept
        self._fingerprint = fingerprint
        self._courses: dict[int, tuple[Motion, Course]] = {}
        self._spread: tuple[tuple[Take, ...], Tolerances] | None = None
        self._keeper = QTimer(self)
        self._keeper.setSingleShot(True)
        self._keeper.setInterval(KEEP_MS)
        self._keeper.timeout.connect(self.keep)

    # What is there.

    @property
    def draft(self) -> Draft:
        """The form as it is now."""
        return self.history.draft

    @property
    def sequence(self) -> Sequence:
        """The form as it would be saved."""
        return self.draft.sequence

    @property
    def current(self) -> Phase | None:
        """The phase that is worked on."""
        return self.draft.phases[self.phase] if self.phase < len(self.draft.phases) else None

    @property
    def duration_s(self) -> float:
        """Seconds of the take that is shown."""
        return self.draft.sequence.takes[self.take].motion.duration_s

    def say(self, text: str) -> str:
        """Return a marked text in the present language."""
        return translate(text, self.language)

    def get_course(self, number: int) -> Course:
        """Return the course of a take's whole recording; computed once for each."""
        motion = self.draft.cuts[number].motion
        kept = self._courses.get(id(motion))
        if kept is None or kept[0] is not motion:
            kept = self._courses[id(motion)] = (motion, trace_course(motion))
        return kept[1]

    def get_tolerances(self) -> Tolerances:
        """Return what may vary, place by place; the spread is computed once for the takes."""
        takes = self.sequence.takes
        if self._spread is None or self._spread[0] != takes:
            self._spread = (takes, compute_tolerances(takes))
        curves = self._spread[1].curves
        return Tolerances(curves, dict(self.sequence.tolerances), get_marks(self.sequence))

    # What is done.

    def do(self, draft: Draft, what: str, key: str = "") -> None:
        """Go on to another draft.

        Parameters
        ----------
        draft : Draft
        what : str
            What was done, a marked text.
        key : str
            Changes in a row with the same key are one step.
        """
        if self.history.do(draft, what, key):
            self._follow()

    def set_phase(self, what: str, key: str = "", **fields: object) -> None:
        """Change fields of the phase that is worked on."""
        if self.current is not None:
            self.do(d.set_phase(self.draft, self.phase, **fields), what, key)

    def set_form(self, what: str, key: str = "", **fields: object) -> None:
        """Change fields of the form."""
        self.do(d.set_form(self.draft, **fields), what, key)

    def undo(self) -> None:
        """Go one step back."""
        if self.history.undo():
            self._follow()

    def redo(self) -> None:
        """Go one step forward again."""
        if self.history.redo():
            self._follow()

    def _follow(self) -> None:
        self.take = min(self.take, len(self.draft.cuts) - 1)
        self.phase = max(0, min(self.phase, len(self.draft.phases) - 1))
        self.place_s = min(max(self.place_s, 0.0), self.duration_s)
        self._keeper.start()
        self.changed.emit()

    def go_to(self, place_s: float) -> None:
        """Look at another place of the take; its phase is then worked on."""
        self.place_s = min(max(place_s, 0.0), self.duration_s)
        if self.take == 0:
            for k, p in enumerate(self.draft.phases):
                if p.start_s <= self.place_s < p.end_s and k != self.phase:
                    self.choose_phase(k, look=False)
        self.moved.emit()

    def choose_phase(self, number: int, *, look: bool = True) -> None:
        """Work on another phase, and look at its beginning."""
        if not 0 <= number < len(self.draft.phases):
            return
        self.history.end_step()
        self.phase = number
        if look:
            self.take = 0
            self.place_s = min(self.draft.phases[number].start_s, self.duration_s)
        self.changed.emit()
        if look:
            self.moved.emit()

    def choose_take(self, number: int) -> None:
        """Show another take."""
        if 0 <= number < len(self.draft.cuts) and number != self.take:
            self.take, self.place_s = number, 0.0
            self.changed.emit()
            self.moved.emit()

    def set_language(self, language: str) -> None:
        """Speak another language."""
        self.language = language
        self.changed.emit()

    # What is kept.

    def keep(self) -> None:
        """Keep the form as it is, in case something happens before it is saved."""
        self._keeper.stop()
        if not self.history.changed:
            drop_unsaved(self.sequence.id)
            self.problem = ""
            return
        try:
            keep_unsaved(self.sequence, self.home, self._fingerprint)
            self.problem = ""
        except SequenceError as error:
            self.problem = str(error)

    def get_target(self) -> Path:
        """Return the folder the form is saved to: its own, or one of the user's own forms."""
        if self.home is not None and not self.home.is_relative_to(get_shipped_folder()):
            return self.home
        return get_own_folder() / self.sequence.id

    def was_changed_elsewhere(self) -> bool:
        """Return whether somebody has changed the files since they were read."""
        target = self.get_target()
        there = d.fingerprint(target)
        if self.home is not None and target != self.home:
            return bool(there)  # an own form of the name of one that comes with posecoach
        return there != self._fingerprint

    def save(self) -> Path:
        """Save the form and return its folder; comments and unknown fields stay.

        Raises
        ------
        SequenceError
            It cannot be written; nothing is lost.
        """
        draft, target = self.draft, self.get_target()
        if self.home is not None and target != self.home:
            copy_words(self.home, target)
        self._fingerprint = d.save_draft(draft, target)
        self.home = target
        self.history.mark_saved(draft)
        self._keeper.stop()
        drop_unsaved(self.sequence.id)
        self.changed.emit()
        return target

    def close(self, *, drop: bool = False) -> None:
        """Leave the desk; what is not saved is kept, or dropped if one wants that."""
        if drop:
            self._keeper.stop()
            drop_unsaved(self.sequence.id)
        else:
            self.keep()


def open_desk(form: str | Path, language: str) -> Desk:
    """Return a desk with a form of the library or of a folder.

    Raises
    ------
    SequenceError
        There is none, or it is broken.
    """
    folder = Path(form)
    if not (folder / TOML_NAME).is_file():
        forms = find_forms()
        if str(form) not in forms:
            known = ", ".join(forms) or "none yet"
            raise SequenceError(f"Expected a form but got {str(form)!r}; known forms: {known}.")
        folder = forms[str(form)]
    draft, fingerprint = d.load_draft(folder)
    return Desk(draft, folder, language, fingerprint=fingerprint)


def resume_desk(kept: Unsaved, language: str) -> Desk:
    """Return a desk with what was kept of a form that was not saved.

    Raises
    ------
    SequenceError
        It cannot be read.
    """
    draft = d.open_draft(kept.load())
    return Desk(draft, kept.home, language, fingerprint=kept.fingerprint, saved=False)


def attempt(work: Callable[[], object]) -> str | None:
    """Do something and return what posecoach says against it, None if it went well."""
    try:
        work()
    except PosecoachError as error:
        return str(error)
    return None
