"""Every frame of a source through a pose model, in order; reading and the model run ahead."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import TypeVar

from posecoach.capture.base import Frame, FrameSource
from posecoach.motion import Observation
from posecoach.pose.landmarker import PoseEstimator

T = TypeVar("T")

_AHEAD = 4  # frames; a 1080p frame is 6 MB


def observe(source: FrameSource, estimator: PoseEstimator) -> Iterator[tuple[Frame, Observation]]:
    """Yield each frame with what was seen in it; none is left out.

    Reading, the model and whoever iterates work side by side, a few frames apart; the order and
    the results are those of one after the other.

    Parameters
    ----------
    source : FrameSource
        Closing stays with the caller, after the iterator has ended or been closed.
    estimator : PoseEstimator
        As well; it is used from a thread of its own.
    """

    def estimates() -> Iterator[tuple[Frame, Observation]]:
        with closing(run_ahead(source)) as frames:
            for frame in frames:
                yield frame, estimator.estimate(frame)

    return run_ahead(estimates())


def run_ahead(items: Iterable[T], most: int = _AHEAD) -> Generator[T, None, None]:
    """Yield the items in order while a thread of its own makes the next ones.

    Parameters
    ----------
    items : iterable
        Iterated in the thread; an error in it is raised where its item would have come. If it is
        a generator it is closed there, also when this one is left early.
    most : int
        How many may wait.
    """
    waiting: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(most)
    stop = threading.Event()

    def put(item: tuple[T] | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        iterator = iter(items)
        try:
            for item in iterator:
                if not put((item,)):
                    return
            put(None)
        except BaseException as error:  # handed to the one who iterates
            put(error)
        finally:
            if isinstance(iterator, Generator):
                iterator.close()

    worker = threading.Thread(target=work, name="posecoach-ahead", daemon=True)
    worker.start()
    try:
        while True:
            item = waiting.get()
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item[0]
    finally:
        stop.set()
        worker.join()
