"""What can be pressed while practising: the quiet row below the picture, and the help."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posecoach.app.kit.look import BigButton, make_label
from posecoach.app.kit.pages import FORWARD
from posecoach.text import N_, translate

_SPACE, _ESCAPE = N_("Space"), N_("Esc")
KEYS: tuple[tuple[str, str], ...] = (
    (_SPACE, N_("Pause, and go on")),
    ("F", N_("Full screen, and back")),
    ("M", N_("Picture as in a mirror, or not")),
    ("G", N_("Teacher on you, small, or not")),
    ("V", N_("Let the voice speak, or be silent")),
    ("L", N_("Deutsch")),
    ("H", N_("This help")),
    (N_("Remote"), N_("Forward: pause. Back: figure. Dark: voice")),
    (_ESCAPE, N_("End, and see how it went")),
)

# A presenter's remote sends page down and page up, F5 and Escape to begin and end, and a full stop
# or B to make the screen dark.
COMMANDS: dict[int, str] = {
    int(key): command
    for command, keys in (
        ("rest", (Qt.Key.Key_Space, *FORWARD)),
        ("full_screen", (Qt.Key.Key_F, Qt.Key.Key_F11)),
        ("mirrored", (Qt.Key.Key_M,)),
        ("ghost", (Qt.Key.Key_G, Qt.Key.Key_PageUp)),
        ("voice", (Qt.Key.Key_V, Qt.Key.Key_Period, Qt.Key.Key_B)),
        ("language", (Qt.Key.Key_L,)),
        ("help", (Qt.Key.Key_H, Qt.Key.Key_F1)),
        ("end", (Qt.Key.Key_Escape, Qt.Key.Key_Q)),
    )
    for key in keys
}


class ControlRow(QFrame):
    """Pause and End, large, and a word on where to find the rest.

    Attributes
    ----------
    paused, ended : signal
        A button was pressed.
    """

    paused = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("row")
        self.hint = make_label(role="small", wrap=False)
        self.pause = BigButton()
        self.end = BigButton()
        self.pause.clicked.connect(self.paused)
        self.end.clicked.connect(self.ended)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(16)
        row.addWidget(self.hint, 1)
        row.addWidget(self.pause)
        row.addWidget(self.end)

    def set_words(self, language: str, *, resting: bool) -> None:
        """Set the words."""
        key = translate(_SPACE, language)
        if resting:
            self.pause.set_words(
                translate(N_("Go on"), language),
                translate(N_("The coach watches again. Key: Space"), language),
            )
        else:
            self.pause.set_words(
                translate(N_("Pause"), language),
                translate(N_("The coach rests, the picture stays. Key: Space"), language),
            )
        self.end.set_words(
            translate(N_("End"), language),
            translate(N_("End practising and see how it went. Key: Escape"), language),
        )
        help_ = translate(N_("Help"), language)
        self.hint.setText(f"H: {help_}     {key}: {self.pause.text()}")


class HelpPanel(QFrame):
    """The keys, large, over the picture."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setProperty("role", "help")
        self._column = QVBoxLayout(self)
        self._title = make_label(role="title", wrap=False)
        self._column.addWidget(self._title)
        self._grid = grid = QGridLayout()
        self._keys = [make_label(role="lead", wrap=False) for _ in KEYS]
        self._words = [make_label(role="lead", wrap=False) for _ in KEYS]
        for k, (key, words) in enumerate(zip(self._keys, self._words, strict=True)):
            key.setStyleSheet("font-weight: 600;")
            grid.addWidget(key, k, 0)
            grid.addWidget(words, k, 1)
        grid.setColumnStretch(1, 1)
        self._column.addLayout(grid)
        self.close_button = BigButton()
        self.close_button.clicked.connect(self.closed)
        self._column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def set_words(self, language: str) -> None:
        """Set the words."""
        self._title.setText(translate(N_("Keys"), language))
        for (key, words), left, right in zip(KEYS, self._keys, self._words, strict=True):
            left.setText(translate(key, language))
            right.setText(translate(words, language))
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(
            "; ".join(
                f"{a.text()}: {b.text()}" for a, b in zip(self._keys, self._words, strict=True)
            )
        )
        self.close_button.set_words(
            translate(N_("Close"), language), translate(N_("Close the help"), language)
        )

    def place(self) -> None:
        """Stand in the middle of the parent, as large as needed."""
        self._leave_room(whole=True)
        if self.sizeHint().height() > self._room.height():
            self._leave_room(whole=False)
        self.adjustSize()
        room, wanted = self._room.size(), self.sizeHint()
        wide, high = min(wanted.width(), room.width()), min(wanted.height(), room.height())
        self.setGeometry((room.width() - wide) // 2, (room.height() - high) // 2, wide, high)

    def _leave_room(self, *, whole: bool) -> None:
        """Set how far things stand apart: well, or as near as a small window asks for."""
        side, edge, apart, wide, high = (48, 36, 22, 40, 14) if whole else (20, 10, 4, 16, 0)
        self._column.setContentsMargins(side, edge, side, edge)
        self._column.setSpacing(apart)
        self._grid.setHorizontalSpacing(wide)
        self._grid.setVerticalSpacing(high)
