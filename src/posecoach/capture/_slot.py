"""One place for one frame: the newest replaces what nobody has fetched yet."""

from __future__ import annotations

import threading

from posecoach.capture.base import Frame


class NewestSlot:
    """Hands the newest frame from a reader's thread to one consumer's.

    Attributes
    ----------
    dropped : int
        Frames that were replaced before anyone fetched them.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._condition = threading.Condition()
        self._frame: Frame | None = None
        self._error: Exception | None = None
        self._ended = False

    def put(self, frame: Frame) -> None:
        """Put in a frame, in place of one that waits."""
        with self._condition:
            if self._ended:
                return
            self.dropped += self._frame is not None
            self._frame = frame
            self._condition.notify_all()

    def end(self, error: Exception | None = None) -> None:
        """Say that no frame follows; one that waits can still be fetched. Only the first counts."""
        with self._condition:
            if not self._ended:
                self._ended, self._error = True, error
            self._condition.notify_all()

    def shut(self) -> None:
        """End at once: what waits is thrown away and whoever waits is woken."""
        with self._condition:
            self._ended, self._error, self._frame = True, None, None
            self._condition.notify_all()

    def take(self, timeout_s: float | None = None) -> Frame | None:
        """Return the newest frame not fetched yet, waiting for it; None after the end.

        Raises
        ------
        TimeoutError
            None came in time.
        Exception
            What the reader ended with.
        """
        with self._condition:
            if not self._condition.wait_for(
                lambda: self._frame is not None or self._ended, timeout_s
            ):
                raise TimeoutError
            frame, self._frame = self._frame, None
            if frame is None and self._error is not None:
                raise self._error
            return frame

    def wait(self, timeout_s: float) -> bool:
        """Wait for a frame or the end without fetching it; return whether a frame is there.

        Raises
        ------
        Exception
            What the reader ended with.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._frame is not None or self._ended, timeout_s)
            if self._frame is None and self._error is not None:
                raise self._error
            return self._frame is not None
