"""One frame, and what every source of frames can do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture and when it was taken.

    Attributes
    ----------
    image : (height, width, 3) array of uint8
        Blue, green, red; never mirrored.
    time_s : float
        Capture time in seconds, growing.
    index : int
        Number of the frame in its source.
    """

    image: NDArray[np.uint8]
    time_s: float
    index: int


class FrameSource(Protocol):
    """Anything that gives frames: iterate over it, then close it."""

    name: str
    live: bool
    width: int
    height: int
    fps: float
    frame_count: int | None

    def __iter__(self) -> Iterator[Frame]:
        """Yield frames in order; a live source skips to the newest."""
        ...

    def close(self) -> None:
        """Let go of the camera or file; may be called twice."""
        ...

    def __enter__(self) -> Self:
        """Return the source itself."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the source."""
        ...
