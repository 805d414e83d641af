"""Long work in pieces, so that no frame has to wait for all of it.

Such work is a generator that pauses wherever it may be interrupted and returns its result at the
end. Who is in no hurry finishes it at once; the answer is the same.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Pieces = Generator[None, None, T]


def finish(work: Pieces[T]) -> T:
    """Return the result of work after all that is left of it."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: T = done.value
            return result
