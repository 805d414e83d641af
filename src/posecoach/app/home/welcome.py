"""The first page: today's form, what one goes on with, and the ways to everything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posecoach.app.home.offers import OWN, SEATED, Offer, tell_length
from posecoach.app.kit.look import BigButton, make_card, make_label
from posecoach.app.kit.pages import MEDICAL, Page
from posecoach.journal.glance import Practised, choose_today
from posecoach.text import N_

_PLACES: tuple[tuple[str, str, str], ...] = (
    ("forms", N_("All forms"), N_("Choose another form")),
    ("history", N_("History"), N_("What was practised")),
    ("studio", N_("For teachers"), N_("Record a form and mark it")),
    ("settings", N_("Settings"), N_("Language, camera, voice, hints, data")),
    ("care", N_("Good to know"), N_("What this is and is not, and when to see a doctor first")),
)


class WelcomePage(Page):
    """The page.

    Parameters
    ----------
    places : sequence of str
        The ways there are, of ``forms``, ``history``, ``studio``, ``settings``, ``care``.

    Attributes
    ----------
    practise : signal of str
        A form is to be practised.
    place : signal of str
        One wants to go somewhere else.
    switched : signal
        The button of the language was pressed.
    today, before : Offer or None
        The form whose turn it is, and the one practised last if that is another.
    """

    practise = Signal(str)
    place = Signal(str)
    switched = Signal()

    def __init__(self, places: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today: Offer | None = None
        self.before: Offer | None = None
        self._last: Practised | None = None
        self._stage: tuple[str, str] = ("", "")
        self._problem = ""
        self.language_button = BigButton()
        self.language_button.clicked.connect(self.switched)
        self.top.addWidget(self.language_button, 0, Qt.AlignmentFlag.AlignTop)
        self.back_button.hide()
        self.headline.setProperty("role", "headline")
        self.main_button.setObjectName("start")
        self.foot.removeWidget(self.main_button)
        card, room = make_card()
        room.setContentsMargins(36, 28, 36, 28)
        room.setSpacing(14)
        self._caption = make_label(role="caption")
        self._title = make_label(role="title")
        self._length = make_label(role="caption")
        self._hints = make_label(role="strong")
        self._hints_said = make_label(role="caption")
        self.again_button = BigButton()
        for widget in (self._caption, self._title, self._length):
            room.addWidget(widget)
        room.addStretch(1)
        for widget in (self._hints, self._hints_said):
            room.addWidget(widget)
        room.addStretch(1)
        room.addWidget(self.main_button)
        room.addWidget(self.again_button)
        ways = QVBoxLayout()
        ways.setSpacing(14)
        self.ways: dict[str, BigButton] = {}
        for name, _, _ in _PLACES:
            if name in places:
                button = BigButton()
                button.setProperty("role", "tile")
                button.clicked.connect(lambda _=False, n=name: self.place.emit(n))
                button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
                ways.addWidget(button, 1)
                self.ways[name] = button
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addWidget(card, 2)
        both.addLayout(ways, 1)
        self.middle.addLayout(both, 1)
        self.forward.connect(self._start)
        self.again_button.clicked.connect(self._again)

    def show_forms(
        self,
        offers: Sequence[Offer],
        practised: Sequence[Practised],
        *,
        seated: bool = False,
        problem: str = "",
        now: date | None = None,
    ) -> None:
        """Say what there is to practise and what was practised."""
        usable = {o.id: o for o in offers if not o.problem}
        last = next((p for p in practised if p.form in usable), None)
        at = usable[last.form] if last is not None else None
        self.today = _choose(list(usable.values()), practised, at, seated, now)
        self.before = at if at is not self.today else None
        self._last, self._problem = last, problem
        self._stage = ("", "")

    def show_stage(self, title: str, said: str) -> None:
        """Say how one is guided next."""
        self._stage = (title, said)
        self._set_stage()

    def set_words(self) -> None:
        """Set the words."""
        today = self.today
        self.headline.setText(self.say(N_("Welcome")))
        self.lead.setText(self._problem or self._tell_last())
        none = self.say(N_("There is no form yet. 'posecoach record' makes one."))
        new = self._last is None or today is None or self._last.form != today.id
        caption = N_("Today's form") if new else N_("Go on with")
        self._caption.setText(self.say(caption) if today else "")
        self._title.setText(today.title(self.language) if today else none)
        length = tell_length(today.seconds, self.language) if today and today.seconds else ""
        self._length.setText(length)
        self._set_stage()
        self.main_button.set_words(self.say(N_("Start")), self.say(N_("Start practising")))
        self.main_button.setEnabled(today is not None)
        self.again_button.setVisible(self.before is not None)
        if self.before is not None:
            again, title = self.say(N_("Once more")), self.before.title(self.language)
            self.again_button.set_words(
                f"{again}: {title}", self.say(N_("What was practised last"))
            )
        for name, title, said in _PLACES:
            if name in self.ways:
                self.ways[name].set_words(self.say(title), self.say(said))
        self.note.setText(self.say(MEDICAL))
        self.setAccessibleDescription(
            ". ".join(t for t in (self.lead.text(), self._caption.text(), self._title.text()) if t)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Obey the usual keys; only Escape leaves."""
        if event.key() not in (Qt.Key.Key_PageUp, Qt.Key.Key_Backspace):
            super().keyPressEvent(event)

    def _set_stage(self) -> None:
        for label, text in zip((self._hints, self._hints_said), self._stage, strict=True):
            label.setText(text)
            label.setVisible(bool(text))

    def _tell_last(self) -> str:
        if self._last is None:
            return self.say(N_("A calm beginning: stand quietly, breathe, start when you like."))
        days = (datetime.now().astimezone().date() - self._last.day).days
        if days <= 0:
            return self.say(N_("Practised today already. A little more is welcome, rest too."))
        if days == 1:
            return self.say(N_("Last practised yesterday."))
        if days < 60:
            return self.say(N_("Last practised {n} days ago.")).format(n=days)
        return self.say(N_("Good to see you again."))

    def _start(self) -> None:
        if self.today is not None:
            self.practise.emit(self.today.id)

    def _again(self) -> None:
        if self.before is not None:
            self.practise.emit(self.before.id)


def _choose(
    offers: Sequence[Offer],
    practised: Sequence[Practised],
    at: Offer | None,
    seated: bool,
    now: date | None,
) -> Offer | None:
    """Return the form of today, of the group one practises in."""
    if not offers:
        return None
    group = SEATED if seated else at.group if at is not None else offers[0].group
    if not seated and group == SEATED:
        group = offers[0].group
    among = [o for o in offers if o.group == group] or list(offers)
    if group == OWN and at is not None:  # they follow no order
        return at
    wanted = choose_today([o.id for o in among], practised, now)
    return next(o for o in among if o.id == wanted)
