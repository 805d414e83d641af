"""Settings: what is chosen once and found again, and where everything lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posecoach.app.home.offers import cut
from posecoach.app.kit.look import (
    BigButton,
    CheckBox,
    ChoiceBox,
    clear_layout,
    get_unit,
    make_card,
    make_label,
)
from posecoach.app.kit.pages import Page, make_scroll
from posecoach.errors import PosecoachError
from posecoach.settings import LENIENT, STRICT, Settings, SettingsStore
from posecoach.text import LANGUAGES, N_, choose_language

NAMES = {"de": "Deutsch", "en": "English"}
AUTO = "auto"
_BOX = 5.2  # breadth of a switch's box and of the gap beside it, in units

_STRICTNESS: tuple[tuple[float, str], ...] = (
    (STRICT, N_("Closer than the teacher asks")),
    (1.0, N_("As the teacher has it")),
    (1.5, N_("With more room")),
    (LENIENT, N_("With much room")),
)
_SMALLEST: tuple[tuple[float, str], ...] = (
    (0.8, N_("Nearly as large as the teacher")),
    (0.5, N_("At least half as large")),
    (0.0, N_("As large as is comfortable")),
)
_STAGES: tuple[tuple[str, str], ...] = (
    (AUTO, N_("Fewer from time to time, by itself")),
    ("full", N_("All hints")),
    ("half", N_("Half of the hints")),
    ("end_of_phase", N_("Hints after a phase")),
    ("end_of_session", N_("Hints at the end")),
    ("none", N_("Without hints")),
)
_SWITCHES: tuple[tuple[str, str, str], ...] = (
    ("voice", N_("Speak the hints"), N_("The hint is read aloud")),
    ("breath_tone", N_("A soft tone for the breath"), N_("It rises to breathe in")),
    ("gentle", N_("Gentle practice"), N_("Smaller, slower, three times through")),
    ("seated", N_("Seated practice"), N_("Hips and knees are not looked at")),
    ("ask_feeling", N_("Ask how the back feels"), N_("Before and after; it can be skipped")),
    ("keep_video", N_("Keep a video of each practice"), N_("Only on this computer")),
)

_DELETE: Mapping[str, tuple[str, str]] = {
    "practices": (N_("Delete practices"), N_("Delete all practices for good?")),
    "everything": (
        N_("Delete everything"),
        N_("Delete practices, videos, your own forms and settings for good?"),
    ),
}


@dataclass(frozen=True)
class Kept:
    """Something that lies on this computer.

    Attributes
    ----------
    title : str
        In the page's language.
    size : str
        Told for people, such as ``"1.2 MB"``; empty if there is nothing.
    folder : Path
    """

    title: str
    size: str
    folder: Path


@dataclass(frozen=True)
class Storage:
    """What is stored, and how it is deleted; the work is done elsewhere.

    Attributes
    ----------
    look : callable
        ``look(language)`` returns what there is.
    delete : callable
        ``delete(what)`` deletes ``"practices"`` or ``"everything"``.
    """

    look: Callable[[str], Sequence[Kept]]
    delete: Callable[[str], None]


class _Box(ChoiceBox):
    """A box that neither the wheel nor a key meant for the page changes by accident."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go up and down; what means something to the page is left to it."""
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) or event.text().isalnum():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Let the page scroll instead."""
        event.ignore()


class PreferencesPage(Page):
    """The page. Each change is kept at once.

    Parameters
    ----------
    store : SettingsStore
    cameras : callable
        Returns the names of the cameras.
    storage : Storage, optional

    Attributes
    ----------
    language_chosen : signal of str
        A language was chosen.
    """

    language_chosen = Signal(str)

    def __init__(
        self,
        store: SettingsStore,
        cameras: Callable[[], Sequence[str]],
        storage: Storage | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._find_cameras, self._storage = store, cameras, storage
        self._cameras: list[str] = []
        self._about_to = ""
        self._filling = self._entered = False
        self.boxes: dict[str, _Box] = {}
        self.switches: dict[str, CheckBox] = {}
        self.main_button.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(18)
        card, room = make_card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        room.addLayout(grid)
        self._labels = {}
        for row, name in enumerate(("language", "camera", "guidance", "strictness", "smallest")):
            label, box = make_label(wrap=False), _Box()
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.currentIndexChanged.connect(lambda _, n=name: self._choose(n))
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
            self._labels[name], self.boxes[name] = label, box
        column.addWidget(card)
        card, room = make_card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(10)
        room.addLayout(grid)
        self._said = {}
        for k, (name, _, _) in enumerate(_SWITCHES):
            switch, said = CheckBox(), make_label(role="small")
            switch.toggled.connect(lambda on, n=name: self._switch(n, on))
            both = QVBoxLayout()
            both.setSpacing(2)
            both.addWidget(switch)
            both.addWidget(said)
            grid.addLayout(both, k // 2, k % 2)
            self.switches[name], self._said[name] = switch, said
        column.addWidget(card)
        card = self._make_data_card()
        if storage is None:
            card.hide()
        column.addWidget(card)
        column.addStretch(1)
        self.middle.addWidget(make_scroll(inside), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what is said of a switch below its words."""
        super().resizeEvent(event)
        unit = get_unit(self.window().width(), self.window().height())
        for said in self._said.values():
            said.setIndent(round(_BOX * unit) + 12)

    def enter(self) -> None:
        """Be shown, with what holds now."""
        self._entered = True
        self._cameras = list(self._find_cameras())
        self._about_to = ""
        self.set_language(self.language)
        self.boxes["language"].setFocus()

    def set_words(self) -> None:
        """Set words and values."""
        self.headline.setText(self.say(N_("Settings")))
        titles = {
            "language": N_("Language"),
            "camera": N_("Camera"),
            "guidance": N_("Hints"),
            "strictness": N_("How closely it looks"),
            "smallest": N_("How large to move"),
        }
        for name, title in titles.items():
            self._labels[name].setText(self.say(title))
            self.boxes[name].setAccessibleName(self.say(title))
        for name, title, said in _SWITCHES:
            self.switches[name].setText(self.say(title))
            self.switches[name].setAccessibleDescription(self.say(said))
            self._said[name].setText(self.say(said))
        if self._entered:  # what is kept is looked through only for who looks at it
            self._fill()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Be left."""
        self._entered = False
        super().hideEvent(event)

    def _fill(self) -> None:
        s = self._store.settings
        self._filling = True
        system = choose_language()
        by_itself = self.say(N_("As the computer has it"))
        self._offer(
            "language",
            [(None, f"{by_itself}: {NAMES[system]}")] + [(k, NAMES[k]) for k in LANGUAGES],
            s.language,
        )
        names = list(dict.fromkeys([*self._cameras, *([s.camera] if s.camera else [])]))
        self._offer(
            "camera",
            [(None, self.say(N_("The first one found")))] + [(n, cut(n, 40)) for n in names],
            s.camera,
        )
        self._offer("guidance", [(k, self.say(t)) for k, t in _STAGES], s.guidance)
        for name, offered in (("strictness", _STRICTNESS), ("smallest", _SMALLEST)):
            value = getattr(s, name)
            near = min((abs(v - value), v) for v, _ in offered)[1]
            self._offer(name, [(v, self.say(t)) for v, t in offered], near)
        for name, switch in self.switches.items():
            switch.setChecked(bool(getattr(s, name)))
        self._filling = False
        problem = self._store.take_problem()
        self.note.setText(problem or "")
        self._fill_data()

    def _offer(self, name: str, choices: Sequence[tuple[object, str]], chosen: object) -> None:
        box = self.boxes[name]
        box.clear()
        for value, text in choices:
            box.addItem(text, value)
        values = [value for value, _ in choices]
        box.setCurrentIndex(values.index(chosen) if chosen in values else 0)

    def _choose(self, name: str) -> None:
        if self._filling:
            return
        value = self.boxes[name].currentData()
        self._change(name, value)
        if name == "language":
            self.language_chosen.emit(value or choose_language())

    def _switch(self, name: str, on: bool) -> None:
        if not self._filling:
            self._change(name, on)

    def _change(self, name: str, value: object) -> Settings:
        settings = self._store.change(**{name: value})
        self.note.setText(self._store.take_problem() or "")
        return settings

    # Where it lies.

    def _make_data_card(self) -> QFrame:
        card, room = make_card()
        self._data_title = make_label(role="strong")
        self._data = QVBoxLayout()
        self._question = make_label(role="strong")
        self.delete_buttons = {what: BigButton() for what in _DELETE}
        self.yes_button, self.no_button = BigButton(), BigButton()
        self.yes_button.clicked.connect(self._delete)
        self.no_button.clicked.connect(lambda: self._ask(""))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._question, 1)
        row.addStretch(0)
        for what, button in self.delete_buttons.items():
            button.clicked.connect(lambda _=False, w=what: self._ask(w))
            row.addWidget(button)
        row.addWidget(self.yes_button)
        row.addWidget(self.no_button)
        room.addWidget(self._data_title)
        room.addLayout(self._data)
        room.addLayout(row)
        return card

    def _fill_data(self) -> None:
        clear_layout(self._data)
        if self._storage is None:
            return
        self._data_title.setText(self.say(N_("Kept on this computer")))
        nothing = self.say(N_("nothing"))
        for kept in self._storage.look(self.language):
            told = f"{kept.title}: {kept.size or nothing}"
            if kept.size:
                told += f"  ·  {kept.folder}"
            self._data.addWidget(make_label(told))
        for what, button in self.delete_buttons.items():
            text = self.say(_DELETE[what][0])
            button.set_words(text, text)
        for button, text in ((self.yes_button, N_("Yes, delete")), (self.no_button, N_("No"))):
            button.set_words(self.say(text), self.say(text))
        self._ask(self._about_to)

    def _ask(self, what: str) -> None:
        self._about_to = what
        self._question.setText(self.say(_DELETE[what][1]) if what else "")
        for button in self.delete_buttons.values():
            button.setVisible(not what)
        for button in (self.yes_button, self.no_button):
            button.setVisible(bool(what))
        if what:
            self.no_button.setFocus()

    def _delete(self) -> None:
        what, self._about_to = self._about_to, ""
        if self._storage is None or not what:
            return
        try:
            self._storage.delete(what)
            if what == "everything":
                self._store.forget()
            told = self.say(N_("Deleted"))
        except (PosecoachError, OSError) as error:
            told = " ".join(str(error).split())
        if what == "everything":
            self._fill()
        else:
            self._fill_data()
        self.note.setText(told)
        self.back_button.setFocus()
