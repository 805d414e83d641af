"""The first window: which form, which camera, which language, and off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from posecoach.app.look import (
    QUIET,
    SMALLEST,
    TEXT,
    BigButton,
    ChoiceBox,
    StyledWindow,
    make_label,
    next_language,
)
from posecoach.app.qt import closing_on_interrupt, discard, make_application
from posecoach.app.summary import MEDICAL
from posecoach.capture.camera import CameraInfo, list_cameras
from posecoach.errors import SequenceError
from posecoach.reference.library import find_forms
from posecoach.reference.library import open_form as open_by_id
from posecoach.reference.sequence import Sequence as Form
from posecoach.text import N_, check_language, translate

Index = QModelIndex | QPersistentModelIndex

_CHOSEN = QStyle.StateFlag.State_Selected
_NAMES = {"de": "Deutsch", "en": "English"}


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Attributes
    ----------
    form : str
        Id of the form.
    camera : int or None
        Number of the camera.
    language : str
    """

    form: str
    camera: int | None
    language: str


@dataclass(frozen=True)
class Offer:
    """A form in the list; ``sequence`` is None if it cannot be opened, and ``problem`` says why."""

    id: str
    sequence: Form | None
    problem: str = ""

    def words(self, language: str) -> str:
        """Return title, length and where it comes from."""
        if self.sequence is None:
            broken = translate(N_("cannot be opened"), language)
            return f"{self.id}\n{broken}: {self.problem}"
        parts = [_tell_length(self.sequence.duration_s, language)]
        parts.append(_cut(self.sequence.teacher or self.sequence.origin, 60))
        return f"{self.sequence.title(language)}\n{'  ·  '.join(p for p in parts if p)}"


def _cut(text: str, most: int = 70) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _tell_length(seconds: float, language: str) -> str:
    short = seconds < 90
    word = N_("seconds once through") if short else N_("minutes once through")
    return f"{round(seconds if short else seconds / 60)} {translate(word, language)}"


def find_offers() -> list[Offer]:
    """Return the forms at hand; those that cannot be opened come last."""
    offers = []
    for id in find_forms():
        try:
            offers.append(Offer(id, open_by_id(id)))
        except SequenceError as error:
            offers.append(Offer(id, None, _cut(str(error), 90)))
    return sorted(offers, key=lambda o: o.sequence is None)


class FormDelegate(QStyledItemDelegate):
    """Draws a form: its title, and smaller below it the rest."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the room for two lines and some air."""
        del index
        return QSize(0, round(2.9 * QFontMetrics(option.font).height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw background, title and the line below."""
        self.initStyleOption(option, index)
        title, _, rest = str(index.data()).partition("\n")
        given: Any = option  # its fields are unknown to the type stubs
        given.text = ""
        given.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, option, painter, given.widget
        )
        usable = bool(given.state & QStyle.StateFlag.State_Enabled)
        room = given.rect.adjusted(28, 0, -28, 0)
        font = QFont(given.font)
        painter.save()
        for text, size, share, colour in (
            (title, 1.0, (0.0, 0.58), TEXT),
            (rest, 0.68, (0.52, 0.92), TEXT if given.state & _CHOSEN else QUIET),
        ):
            font.setPixelSize(max(SMALLEST, round(size * QFont(given.font).pixelSize())))
            painter.setFont(font)
            painter.setPen(QColor(colour if usable else QUIET))
            top, bottom = (round(room.top() + s * room.height()) for s in share)
            line = QRect(room.left(), top, room.width(), bottom - top)
            short = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, short)
        painter.restore()


class HomeWindow(StyledWindow):
    """Choosing what to practise.

    Parameters
    ----------
    language : str
    offers : sequence of Offer, optional
        By default the forms at hand.
    cameras : callable
        Lists the cameras.

    Attributes
    ----------
    choice : Choice or None
        Set once Start was pressed.
    """

    def __init__(
        self,
        language: str = "en",
        *,
        offers: Sequence[Offer] | None = None,
        cameras: Callable[[], list[CameraInfo]] = list_cameras,
    ) -> None:
        super().__init__()
        self.language = check_language(language)
        self.choice: Choice | None = None
        self._offers = list(find_offers() if offers is None else offers)
        self._cameras = cameras
        self._build()
        self._fill_forms()
        self.look_for_cameras()
        self._set_words()

    def _build(self) -> None:
        self.fit_screen()
        self.setMinimumSize(560, 420)
        page = QWidget()
        page.setObjectName("page")
        self._headline = make_label(role="headline", wrap=False)
        self._question = make_label(role="lead")
        self.language_button = BigButton()
        self.forms = QListWidget()
        self.forms.setItemDelegate(FormDelegate(self.forms))
        self.forms.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._camera_word = make_label(wrap=False)
        self.camera_box = ChoiceBox()
        self.camera_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.search_button = BigButton()
        self.start_button = BigButton(main=True)
        self._note = make_label(role="small")
        top = QHBoxLayout()
        top.addWidget(self._headline, 1)
        top.addWidget(self.language_button, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self._camera_word)
        foot.addWidget(self.camera_box, 1)
        foot.addWidget(self.search_button)
        foot.addWidget(self.start_button)
        column = QVBoxLayout(page)
        column.setContentsMargins(56, 32, 56, 24)
        column.setSpacing(18)
        column.addLayout(top)
        column.addWidget(self._question)
        column.addWidget(self.forms, 1)
        column.addLayout(foot)
        column.addWidget(self._note)
        self.setCentralWidget(page)
        self.language_button.clicked.connect(self.switch_language)
        self.search_button.clicked.connect(self.look_for_cameras)
        self.start_button.clicked.connect(self.start)
        self.forms.itemActivated.connect(self.start)
        self.forms.currentRowChanged.connect(self._check_start)
        self.forms.setFocus()

    def _fill_forms(self) -> None:
        at = max(0, self.forms.currentRow())
        self.forms.clear()
        for offer in self._offers:
            item = QListWidgetItem(offer.words(self.language), self.forms)
            if offer.sequence is None:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.forms.setCurrentRow(at)

    def look_for_cameras(self) -> None:
        """Fill the list of cameras; the one chosen stays chosen."""
        chosen = self.camera_box.currentData()
        self.camera_box.clear()
        for camera in self._cameras():
            self.camera_box.addItem(_cut(camera.name, 40), camera.index)
        self.camera_box.setCurrentIndex(max(0, self.camera_box.findData(chosen)))
        if self.camera_box.count() == 0:
            self.camera_box.addItem(translate(N_("No camera found"), self.language), None)
        self.camera_box.setEnabled(self.camera_box.count() > 1)
        self.search_button.setVisible(self.camera_box.currentData() is None)
        self._check_start()

    def switch_language(self) -> None:
        """Go on to the next language."""
        self.language = next_language(self.language)
        self._fill_forms()
        if self.camera_box.currentData() is None:
            self.look_for_cameras()
        self._set_words()

    def start(self) -> None:
        """Take what is chosen and close."""
        row = self.forms.currentRow()
        if not self.start_button.isEnabled() or row < 0:
            return
        camera = self.camera_box.currentData()
        self.choice = Choice(
            self._offers[row].id, None if camera is None else int(camera), self.language
        )
        self.close()

    def _check_start(self) -> None:
        row = self.forms.currentRow()
        usable = 0 <= row < len(self._offers) and self._offers[row].sequence is not None
        self.start_button.setEnabled(usable and self.camera_box.currentData() is not None)

    def _set_words(self) -> None:
        def say(text: str) -> str:
            return translate(text, self.language)

        self.setWindowTitle("posecoach")
        self._headline.setText(say(N_("Welcome")))
        some = say(N_("Which form would you like to practise?"))
        none = say(N_("There is no form yet. 'posecoach record' makes one."))
        self._question.setText(some if self._offers else none)
        self.forms.setAccessibleName(some)
        self._camera_word.setText(say(N_("Camera")))
        self.camera_box.setAccessibleName(self._camera_word.text())
        self.camera_box.setAccessibleDescription(say(N_("The camera that watches")))
        self.search_button.set_words(
            say(N_("Look again")), say(N_("Look for a camera that was plugged in"))
        )
        self.start_button.set_words(say(N_("Start")), say(N_("Start practising")))
        self.language_button.set_words(
            _NAMES[next_language(self.language)], say(N_("Change the language"))
        )
        self._note.setText(say(MEDICAL))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Start on Return, close on Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.start()
        elif event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def choose_practice(language: str = "en") -> Choice | None:
    """Open the first window; return what was chosen, None if it was closed.

    Raises
    ------
    InputError
        No window can be opened.
    """
    application = make_application()
    window = HomeWindow(language)
    window.showMaximized()
    with closing_on_interrupt(window):
        application.exec()
    choice = window.choice
    discard(window)
    return choice
