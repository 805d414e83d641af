"""Opening a camera without keeping the window waiting, and going on with it in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from posecoach._closing import Closing
from posecoach.capture.base import Frame, FrameSource


class LaterSource(Closing):
    """A source whose times begin later: estimators and sessions want times that grow.

    Parameters
    ----------
    source : FrameSource
        Closed with this one.
    offset_s : float
        Added to every time.
    """

    def __init__(self, source: FrameSource, offset_s: float) -> None:
        self._source, self._offset_s = source, offset_s
        self.name, self.live, self.fps = source.name, source.live, source.fps
        self.width, self.height = source.width, source.height
        self.frame_count = source.frame_count

    def __getattr__(self, name: str) -> Any:
        """Return what only some sources have."""
        value = getattr(self._source, name)
        if name == "now_s":
            return lambda: value() + self._offset_s
        return value

    def __iter__(self) -> Iterator[Frame]:
        """Yield the source's frames at their later times."""
        for frame in self._source:
            yield replace(frame, time_s=frame.time_s + self._offset_s)

    def close(self) -> None:
        """Close the source."""
        self._source.close()


class Opening:
    """Opens a source in a thread of its own.

    Parameters
    ----------
    reopen : callable
        Returns the open source, or raises.
    """

    def __init__(self, reopen: Callable[[], FrameSource]) -> None:
        self._reopen = reopen
        self._lock = threading.Lock()
        self._source: FrameSource | None = None
        self._error: Exception | None = None
        self._dropped = False
        self._thread = threading.Thread(target=self._run, name="posecoach-opening", daemon=True)
        self._thread.start()

    def take(self) -> FrameSource | None:
        """Return the source once it is there, None before.

        Raises
        ------
        Exception
            What opening it raised.
        """
        with self._lock:
            if self._error is not None:
                raise self._error
            source, self._source = self._source, None
            return source

    def drop(self, timeout_s: float = 6.0) -> None:
        """Close the source as soon as it is there, and wait a while for that."""
        with self._lock:
            self._dropped = True
            source, self._source = self._source, None
        if source is not None:
            source.close()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            source = self._reopen()
        except Exception as error:  # shown in the window
            with self._lock:
                self._error = error
            return
        with self._lock:
            if not self._dropped:
                self._source = source
                return
        source.close()
