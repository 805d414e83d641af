"""The form as a whole: its names, how it is done, and who gave it, to whom, on what terms."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from posecoach.app.studio.desk import Desk
from posecoach.app.studio.joints import JointBoxes
from posecoach.app.studio.phase_page import SIDES
from posecoach.app.studio.style import QuietChoice, Words
from posecoach.app.studio.tab import Fields, TabPage, show_texts
from posecoach.reference import draft as d
from posecoach.text import N_

NAMED, NOTED, FORMED = N_("name of the form"), N_("notes"), N_("form")
LICENCES = ("CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0")
RIGHTS: tuple[tuple[str, str, str], ...] = (
    ("teacher", N_("Teacher"), N_("Who is seen in it")),
    ("consent", N_("Consent"), N_("Who agreed that it is passed on, to whom, when")),
    ("licence", N_("Licence"), N_("What others may do with it, such as CC-BY-4.0")),
    ("origin", N_("Origin"), N_("From where the form comes: school, book, tradition")),
)


class RightsFields(QWidget):
    """Teacher, consent, licence and origin: asked for before a form is sent.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._words = desk, Words()
        rows = Fields(self._words)
        self.setLayout(rows)
        self.fields: dict[str, QLineEdit] = {}
        for key, name, told in RIGHTS:
            field = QLineEdit()
            field.setMaxLength(500)
            shown: QWidget = field
            if key == "licence":
                box = QComboBox()
                box.setEditable(True)
                box.addItems(list(LICENCES))
                box.setLineEdit(field)
                box.activated.connect(lambda _, f=field: self._write("licence", f.text()))
                self._words.add(box.setAccessibleName, name)
                shown = box
            rows.add(name, shown, field)
            self._words.add(field.setPlaceholderText, told)
            self._words.add(field.setAccessibleDescription, told)
            field.textEdited.connect(partial(self._write, key))
            self.fields[key] = field
        self.refresh()

    def refresh(self) -> None:
        """Show the fields as they are now."""
        self._words.tell(self.desk.say)
        show_texts(self.fields, {key: getattr(self.desk.sequence, key) for key in self.fields})

    def _write(self, key: str, text: str) -> None:
        name = next(name for k, name, _ in RIGHTS if k == key)
        self.desk.set_form(name, f"form {key}", **{key: text.strip()})


class FormPage(TabPage):
    """What holds for the whole form.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        rows = Fields(self._words)
        self.names = rows.add_names(("de", "en", "zh"), self._rename)
        self.sides, self.posture, self.view = QuietChoice(), QuietChoice(), QuietChoice()
        self._choices: tuple[tuple[QuietChoice, str, str, tuple[tuple[str, str], ...]], ...] = (
            (self.sides, "symmetry", N_("Sides"), SIDES),
            (
                self.posture,
                "posture",
                N_("Practised"),
                (("standing", N_("standing")), ("seated", N_("on a chair"))),
            ),
            (
                self.view,
                "view",
                N_("Camera"),
                (("front", N_("from the front")), ("side", N_("from the side"))),
            ),
        )
        for box, key, text, _ in self._choices:
            rows.add(text, box, box)
            box.activated.connect(partial(self._choose, box, key))
        self.column.addLayout(rows)
        self.column.addWidget(self._words.label(N_("Joints whose angle matters")))
        self.joints = JointBoxes(desk)
        self.joints.chosen.connect(lambda j: desk.set_form(FORMED, "form joints", joints=j))
        self.column.addWidget(self.joints)
        self.rights = RightsFields(desk)
        self.column.addWidget(self.rights)
        self.notes: dict[str, QPlainTextEdit] = {}
        for language, text in (("de", N_("Notes, German")), ("en", N_("Notes, English"))):
            note = self.notes[language] = QPlainTextEdit()
            note.setTabChangesFocus(True)
            note.setMaximumHeight(90)
            self.column.addWidget(self._words.label(text, buddy=note))
            self.column.addWidget(note)
            note.textChanged.connect(partial(self._note, language))
        self.column.addStretch(1)
        self._filling = False
        self.follow()

    def refresh(self) -> None:
        """Show the form as it is now."""
        self._filling = True
        s, say = self.desk.sequence, self.desk.say
        self._words.tell(say)
        show_texts(self.names, s.titles)
        for box, key, _, items in self._choices:
            box.fill([(say(text), value) for value, text in items])
            box.choose(getattr(s, key))
        self.joints.show_joints(s.joints)
        self.rights.refresh()
        show_texts(self.notes, s.notes)
        self._filling = False

    def _rename(self, language: str, text: str) -> None:
        titles = d.set_text(self.desk.sequence.titles, language, text)
        self.desk.set_form(NAMED, f"form title {language}", titles=titles)

    def _choose(self, box: QuietChoice, key: str, _: int) -> None:
        if getattr(self.desk.sequence, key) != box.currentData():
            self.desk.set_form(FORMED, **{key: box.currentData()})

    def _note(self, language: str) -> None:
        if not self._filling:
            text = self.notes[language].toPlainText()
            notes = d.set_text(self.desk.sequence.notes, language, text)
            self.desk.set_form(NOTED, f"form notes {language}", notes=notes)
