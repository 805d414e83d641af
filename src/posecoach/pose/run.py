"""Every frame of a source through a pose model, in order; reading runs ahead of the model."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from posecoach.capture.base import Frame, FrameSource
from posecoach.motion import Observation
from posecoach.pose.landmarker import PoseEstimator

_AHEAD = 4  # frames; a 1080p frame is 6 MB


def observe(source: FrameSource, estimator: PoseEstimator) -> Iterator[tuple[Frame, Observation]]:
    """Yield each frame with what was seen in it; none is left out.

    Parameters
    ----------
    source : FrameSource
        Read in a thread of its own, a few frames ahead; closing stays with the caller, after
        the iterator has ended or been closed.
    estimator : PoseEstimator
    """
    waiting: queue.Queue[Frame | BaseException | None] = queue.Queue(_AHEAD)
    stop = threading.Event()

    def put(item: Frame | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def read() -> None:
        try:
            for frame in source:
                if not put(frame):
                    return
            put(None)
        except BaseException as error:  # handed to the one who iterates
            put(error)

    reader = threading.Thread(target=read, name="posecoach-read", daemon=True)
    reader.start()
    try:
        while True:
            item = waiting.get()
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item, estimator.estimate(item)
    finally:
        stop.set()
        reader.join()
