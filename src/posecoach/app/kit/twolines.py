"""Lists for tired eyes: each entry a title, and smaller below it the rest; headings between."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from posecoach.app.kit.look import OWN, QUIET, SMALLEST, TEXT

Index = QModelIndex | QPersistentModelIndex

_OF_THE_PAGE = (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_CHOSEN = QStyle.StateFlag.State_Selected
_HEADING = Qt.ItemDataRole.UserRole + 1
_VALUE = Qt.ItemDataRole.UserRole


class _Delegate(QStyledItemDelegate):
    """Draws an entry."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the room for two lines, or for a heading, and some air."""
        lines = 1.9 if index.data(_HEADING) else 2.9
        return QSize(0, round(lines * QFontMetrics(option.font).height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw background, title and the line below."""
        self.initStyleOption(option, index)
        title, _, rest = str(index.data()).partition("\n")
        given: Any = option  # its fields are unknown to the type stubs
        given.text = ""
        if not index.data(_HEADING):
            given.widget.style().drawControl(
                QStyle.ControlElement.CE_ItemViewItem, option, painter, given.widget
            )
        usable = bool(given.state & QStyle.StateFlag.State_Enabled)
        parts = [
            (title, 1.0, (0.0, 0.58), TEXT if usable else QUIET),
            (rest, 0.68, (0.52, 0.92), TEXT if given.state & _CHOSEN else QUIET),
        ]
        if index.data(_HEADING):
            parts = [(title, 0.75, (0.25, 1.0), OWN)]
        room = given.rect.adjusted(28, 0, -28, 0)
        font = QFont(given.font)
        painter.save()
        for text, size, share, colour in parts:
            font.setPixelSize(max(SMALLEST, round(size * QFont(given.font).pixelSize())))
            painter.setFont(font)
            painter.setPen(QColor(colour))
            top, bottom = (round(room.top() + s * room.height()) for s in share)
            line = QRect(room.left(), top, room.width(), bottom - top)
            short = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, short)
        painter.restore()


class TwoLineList(QListWidget):
    """A list of entries with a value each, and of headings that cannot be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go up and down; what means something to the page is left to it."""
        if event.key() in _OF_THE_PAGE or event.text().isalnum():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def add_heading(self, text: str) -> None:
        """Add a heading."""
        item = QListWidgetItem(text, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(_HEADING, True)

    def add_entry(self, title: str, rest: str, value: object, *, usable: bool = True) -> None:
        """Add an entry; one that is not usable is shown and cannot be chosen."""
        item = QListWidgetItem(f"{title}\n{rest}", self)
        item.setData(_VALUE, value)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}. {rest}")
        if not usable:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    @property
    def value(self) -> object:
        """The value of what is chosen, None if nothing is."""
        item = self.currentItem()
        usable = item is not None and bool(item.flags() & Qt.ItemFlag.ItemIsEnabled)
        return item.data(_VALUE) if usable else None

    def choose(self, value: object) -> None:
        """Choose the entry of a value, or the first one."""
        rows = [self.item(k) for k in range(self.count())]
        usable = [r for r in rows if r.flags() & Qt.ItemFlag.ItemIsEnabled]
        wanted = [r for r in usable if r.data(_VALUE) == value] or usable
        if wanted:
            self.setCurrentItem(wanted[0])
            if wanted[0] is usable[0]:  # with the heading above it
                self.scrollToTop()
