"""The teacher's own words: what the coach says when something is beyond its tolerance."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from posecoach.app.kit.look import make_label
from posecoach.app.studio.desk import Desk
from posecoach.app.studio.scope import ScopeChoice, list_measures
from posecoach.app.studio.tab import TabPage
from posecoach.coach.words import cue_text, direction_text, measure_title
from posecoach.reference import draft as d
from posecoach.reference.check import DIRECTIONS, MAX_CHARACTERS, MAX_WORDS
from posecoach.text import N_

WORDED = N_("words")
_MOST = 3  # wordings


class WordsPage(TabPage):
    """Cues on the left, their words in German and English beside.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.scope = ScopeChoice(desk)
        self.cues = QListWidget()
        self.cues.setMinimumHeight(150)
        self._words.add(self.cues.setAccessibleName, N_("Cue"))
        self.column.addWidget(self._words.label(N_("What you say when ...")))
        self.column.addWidget(self.scope)
        self.column.addWidget(self.cues, 1)
        self.texts: dict[str, QPlainTextEdit] = {}
        for language, text in (("de", N_("Your words, German")), ("en", N_("Your words, English"))):
            field = self.texts[language] = QPlainTextEdit()
            field.setTabChangesFocus(True)
            field.setMinimumHeight(64)
            field.setMaximumHeight(110)
            self.column.addWidget(self._words.label(text, buddy=field))
            self.column.addWidget(field)
            field.textChanged.connect(partial(self._write, language))
        self.note = make_label(role="caption")
        self.column.addWidget(self.note)
        self.cues.currentRowChanged.connect(lambda _: self._show())
        self.scope.switched.connect(self.refresh)
        self._filling = False
        self.follow()

    @property
    def key(self) -> str:
        """Of the cue that is worked on: ``measure.direction``."""
        item = self.cues.currentItem()
        return "" if item is None else str(item.data(0x0100))  # Qt's user role

    def refresh(self) -> None:
        """List the cues, and show the words of the chosen one."""
        self._words.tell(self.desk.say)
        self.scope.refresh()
        own = self.scope.part.cues
        keys = [f"{m}.{way}" for m in list_measures(self.desk.sequence) for way in self._ways(m)]
        keys += [k for k in own if k not in keys]
        chosen = self.key
        self._filling = True
        if [self.cues.item(k).data(0x0100) for k in range(self.cues.count())] != keys:
            self.cues.clear()
            for key in keys:
                item = QListWidgetItem(self.cues)
                item.setData(0x0100, key)
            self.cues.setCurrentRow(max(0, keys.index(chosen) if chosen in keys else 0))
        for k, key in enumerate(keys):
            measure, _, way = key.rpartition(".")
            title = measure_title(measure, self.desk.language)
            told = f"{title}: {direction_text(measure, way, self.desk.language)}"
            self.cues.item(k).setText(f"✎ {told}" if key in own else told)
        self._filling = False
        self._show()

    @staticmethod
    def _ways(measure: str) -> tuple[str, ...]:
        if measure == "evenness":
            return ("uneven",)  # nobody is told to be less even
        return DIRECTIONS.get(measure.partition(".")[0], ("left", "right"))

    def _show(self) -> None:
        if self._filling or not self.key:
            return
        self._filling = True
        measure, _, way = self.key.rpartition(".")
        own = self.scope.part.cues.get(self.key, {})
        for language, field in self.texts.items():
            lines = list(own.get(language, ()))
            if _lines(field.toPlainText()) != lines:
                field.setPlainText("\n".join(lines))
            field.setPlaceholderText(
                "\n".join(dict.fromkeys(cue_text(measure, way, language, variant=v)
                                        for v in range(_MOST)))
            )  # fmt: skip
        self._filling = False
        self._advise()

    def _write(self, language: str) -> None:
        if self._filling or not self.key:
            return
        texts = _lines(self.texts[language].toPlainText())
        cues = d.set_cue(self.scope.part.cues, self.key, language, texts)
        self.scope.change(WORDED, f"cue {self.key} {language}", "cues", cues)
        self._advise()

    def _advise(self) -> None:
        """Say whether the words can be read from the mat."""
        say = self.desk.say
        told = say(
            N_("One wording a line, as what to do. An image helps: the crown hangs from a thread.")
        )
        role = "caption"
        if any(len(_lines(field.toPlainText())) == 1 for field in self.texts.values()):
            told = say(
                N_(
                    "A single wording takes turns with posecoach's own. Write a second one, and "
                    "only yours are said."
                )
            )
        for field in self.texts.values():
            for text in _lines(field.toPlainText()):
                if len(text.split()) > MAX_WORDS or len(text) > MAX_CHARACTERS:
                    told = say(N_("Too long to be read from the mat: {text}")).format(text=text)
                    told += " " + say(N_("(at most {words} words, {letters} letters)")).format(
                        words=MAX_WORDS, letters=MAX_CHARACTERS
                    )
                    role = "warn"
        self.note.setText(told)
        if self.note.property("role") != role:
            self.note.setProperty("role", role)
            self.note.style().polish(self.note)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
