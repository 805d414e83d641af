"""Full screen: the row of buttons goes away when nobody has used it for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QWidget

_IDLE_MS = 8000


class FullScreen:
    """Switches a window to full screen and back.

    Parameters
    ----------
    window : QMainWindow
    row : QWidget
        Hidden in full screen unless it was used just now.
    may_hide : callable
        Whether the row may go away.
    """

    def __init__(self, window: QMainWindow, row: QWidget, may_hide: Callable[[], bool]) -> None:
        self._window, self._row, self._may_hide = window, row, may_hide
        self._was_maximized = False
        self._idle = QTimer(window)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self.sleep)

    def toggle(self) -> None:
        """Fill the screen, or no longer."""
        window = self._window
        if window.isFullScreen():
            if self._was_maximized:
                window.showMaximized()
            else:
                window.showNormal()
        else:
            self._was_maximized = window.isMaximized()
            window.showFullScreen()
        self.wake()

    def wake(self) -> None:
        """Show row and pointer, in full screen for a while."""
        self._row.show()
        self._window.unsetCursor()
        if self._window.isFullScreen():
            self._idle.start()
        else:
            self._idle.stop()

    def sleep(self) -> None:
        """Hide row and pointer, unless the row has the focus."""
        focus = self._window.focusWidget()
        in_use = focus is not None and self._row.isAncestorOf(focus)
        if self._window.isFullScreen() and not in_use and self._may_hide():
            self._row.hide()
            self._window.setCursor(Qt.CursorShape.BlankCursor)

    def stop(self) -> None:
        """Stop waiting."""
        self._idle.stop()
