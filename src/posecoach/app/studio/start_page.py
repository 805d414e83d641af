"""Where one begins: a new form, or one that is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from posecoach.app.home.offers import Offer, find_offers
from posecoach.app.kit.look import BigButton, make_card, make_label, next_language
from posecoach.app.studio.style import Words
from posecoach.reference.unsaved import find_unsaved
from posecoach.text import N_, translate

LANGUAGE_NAMES = {"de": "Deutsch", "en": "English"}
_ROLE = Qt.ItemDataRole.UserRole


class StartPage(QWidget):
    """A new form by its name, or one of the forms at hand.

    Parameters
    ----------
    offers : callable
        Finds the forms at hand.

    Attributes
    ----------
    recorded, imported : signal of str
        A new form of that name is to be made, with the camera or from videos.
    opened : signal of str
        A form is to be opened.
    switched : signal
        The other language is wanted.
    """

    recorded = Signal(str)
    imported = Signal(str)
    opened = Signal(str)
    switched = Signal()

    def __init__(
        self, offers: Callable[[], list[Offer]] = find_offers, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.language = "en"
        self._offers, self._words = offers, Words()
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.camera, self.videos = BigButton(main=True), BigButton()
        self.forms = QListWidget()
        self.open_button, self.language_button = BigButton(), BigButton()
        self.note = make_label(role="warn")
        self._build()
        self.name.textChanged.connect(self._check)
        self.name.returnPressed.connect(lambda: self._begin(self.recorded))
        self.camera.clicked.connect(lambda: self._begin(self.recorded))
        self.videos.clicked.connect(lambda: self._begin(self.imported))
        self.open_button.clicked.connect(self._open)
        self.forms.itemActivated.connect(self._open)
        self.language_button.clicked.connect(self.switched.emit)

    def _build(self) -> None:
        headline = make_label(role="headline", wrap=False)
        self._words.add(headline.setText, N_("Studio"))
        top = QHBoxLayout()
        top.addWidget(headline, 1)
        top.addWidget(self.language_button, 0, Qt.AlignmentFlag.AlignTop)
        new, column = make_card()
        column.addWidget(self._words.label(N_("A new form"), "lead"))
        column.addWidget(self._words.label(N_("What is it called?"), buddy=self.name))
        column.addWidget(self.name)
        column.addSpacing(6)
        column.addWidget(self.camera)
        column.addWidget(self.videos)
        column.addSpacing(6)
        column.addWidget(
            self._words.label(
                N_(
                    "Two to four metres from the camera, head, raised hands and feet in the "
                    "picture. Three times the same form is best: then it is known how much may "
                    "vary."
                )
            )
        )
        column.addStretch(1)
        old, right = make_card()
        right.addWidget(self._words.label(N_("Go on with a form"), "lead"))
        right.addWidget(self.forms, 1)
        right.addWidget(self.open_button)
        self._words.add(self.forms.setAccessibleName, N_("Go on with a form"))
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(new, 1)
        middle.addWidget(old, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(40, 24, 40, 24)
        page.setSpacing(14)
        page.addLayout(top)
        page.addLayout(middle, 1)
        page.addWidget(self.note)
        self.note.hide()

    def show_forms(self, language: str) -> None:
        """List the forms at hand, those not saved first, in a language."""
        self.language = language
        self._words.tell(self._say)
        chosen = self.forms.currentRow()
        self.forms.clear()
        unsaved = {u.id: u for u in find_unsaved()}
        offers = {o.id: o for o in self._offers()}
        for id in [*unsaved, *(o for o in offers if o not in unsaved)]:
            offer = offers.get(id)
            title = offer.title(language) if offer is not None else id
            if id in unsaved:
                at = unsaved[id].kept_at.strftime("%H:%M")
                title += "   " + self._say(N_("(not saved, {time})")).format(time=at)
            item = QListWidgetItem(title, self.forms)
            item.setData(_ROLE, id)
            if id not in unsaved and offer is not None and offer.problem:
                broken = self._say(N_("cannot be opened"))
                item.setText(f"{id}   {broken}")
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.forms.setCurrentRow(max(0, chosen))
        self.camera.set_words(
            self._say(N_("Record with the camera")), self._say(N_("With a countdown"))
        )
        self.videos.set_words(
            self._say(N_("Take from videos")), self._say(N_("One or several videos of the form"))
        )
        self.open_button.set_words(self._say(N_("Open")), self._say(N_("Go on with this form")))
        self.language_button.set_words(
            LANGUAGE_NAMES[next_language(language)], self._say(N_("Change the language"))
        )
        self._check()

    def tell(self, text: str) -> None:
        """Show what went wrong."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.note.setAccessibleName(text)

    def _say(self, text: str) -> str:
        return translate(text, self.language)

    def _check(self) -> None:
        named = bool(self.name.text().strip())
        self.camera.setEnabled(named)
        self.videos.setEnabled(named)
        self.open_button.setEnabled(self.forms.count() > 0)

    def _begin(self, signal: object) -> None:
        title = self.name.text().strip()
        if title:
            self.tell("")
            signal.emit(title)  # type: ignore[attr-defined]

    def _open(self) -> None:
        item = self.forms.currentItem()
        if item is not None and item.flags() != Qt.ItemFlag.NoItemFlags:
            self.tell("")
            self.opened.emit(item.data(_ROLE))
