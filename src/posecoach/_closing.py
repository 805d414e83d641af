"""What is used in a ``with`` block and closed at its end."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Closing:
    """Something with a `close` that may be called twice; leaving a ``with`` block calls it."""

    def close(self) -> None:
        """Let go of what is held."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it; an error goes on its way."""
        self.close()
