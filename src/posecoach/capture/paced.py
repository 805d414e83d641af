"""A video played at its own speed, as if it were a camera."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from posecoach._closing import Closing
from posecoach.capture._slot import NewestSlot
from posecoach.capture.base import Frame, FrameSource

_LATE_S = 0.1  # lateness of the reader itself from which the clock waits for it
_JOIN_S = 2.5


class PacedSource(Closing):
    """Gives each frame of a source when its time has come; a slow consumer misses some.

    Playing begins with the first iteration. Frames keep the source's own times and numbers. If
    the file cannot be read as fast as it should play, its clock falls behind rather than skip.

    Parameters
    ----------
    source : FrameSource
        A video file, usually; it is closed with this one.
    """

    live = True

    def __init__(self, source: FrameSource) -> None:
        self.name = source.name
        self.width, self.height = source.width, source.height
        self.fps, self.frame_count = source.fps, source.frame_count
        self._source = source
        self._slot = NewestSlot()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._closed = False
        self._zero: float | None = None  # when, on the monotonic clock, time 0 of the frames is

    @property
    def dropped(self) -> int:
        """Frames that the consumer was too slow for."""
        return self._slot.dropped

    def now_s(self) -> float:
        """Return the present moment on the clock of the frames' times, in seconds."""
        zero = self._zero
        return 0.0 if zero is None else time.monotonic() - zero

    def __iter__(self) -> Iterator[Frame]:
        """Yield the newest frame each time, waiting for one that is new, to the end of the file."""
        with self._lock:
            if self._reader is None and not self._closed:
                self._reader = threading.Thread(
                    target=self._play, name="posecoach-player", daemon=True
                )
                self._reader.start()
        while (frame := self._slot.take()) is not None:
            yield frame

    def close(self) -> None:
        """Stop playing and close the source; may be called twice and from any thread."""
        with self._lock:
            self._closed = True
            reader = self._reader
        self._stop.set()
        self._slot.shut()
        if reader is None:
            self._source.close()
        elif threading.current_thread() is not reader:
            reader.join(_JOIN_S)  # the reader closes the source: nobody else touches it

    def _play(self) -> None:
        error: Exception | None = None
        try:
            with self._source:
                for frame in self._source:
                    if not self._wait_for(frame):
                        break
                    self._slot.put(frame)
        except Exception as failure:
            error = failure  # raised again where one iterates
        finally:
            self._slot.end(error)

    def _wait_for(self, frame: Frame) -> bool:
        """Wait until the frame's time has come; return False if playing was stopped."""
        now = time.monotonic()
        if self._zero is None:
            self._zero = now - frame.time_s
        wait = self._zero + frame.time_s - now
        if wait < -_LATE_S:
            self._zero -= wait
        return not self._stop.wait(max(0.0, wait))
