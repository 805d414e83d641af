"""Work that takes a moment, beside a window that goes on answering."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

_CLOSE_S = 20.0


class Work(QObject):
    """Runs one function in a thread of its own.

    Attributes
    ----------
    done : signal of object
        What it returned, in the thread of the window.
    failed : signal of Exception
    """

    done = Signal(object)
    failed = Signal(object)
    _ended = Signal(object, object)

    def __init__(self, run: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._dropped = False
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="posecoach-work", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def drop(self) -> None:
        """Want no answer any more, and wait until it is over."""
        self._dropped = True
        if self._thread.is_alive():
            self._thread.join(_CLOSE_S)

    def _work(self) -> None:
        result: object = None
        error: Exception | None = None
        try:
            result = self._run()
        except Exception as wrong:  # told where it is waited for
            error = wrong
        if not self._dropped:
            self._ended.emit(result, error)

    def _tell(self, result: object, error: Exception | None) -> None:
        if self._dropped:
            return
        self._thread.join()
        if error is not None:
            self.failed.emit(error)
        else:
            self.done.emit(result)
