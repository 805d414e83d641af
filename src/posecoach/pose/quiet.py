"""Keep the model's own start-up chatter off the terminal."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CHATTER = re.compile(
    rb"^([WI]\d{4} .*|INFO: Created TensorFlow.*|WARNING: All log messages before absl.*)\n?$"
)

# The error stream is the whole process's: two at once would put back each other's file.
_ALONE = threading.RLock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Hold back the warnings native code writes to the error stream; anything else is kept.

    MediaPipe writes a handful of lines on every correct start, past Python. Set
    ``POSECOACH_VERBOSE`` to see them.
    """
    if os.environ.get("POSECOACH_VERBOSE"):
        yield
        return
    with _ALONE:
        try:
            sys.stderr.flush()
            kept = os.dup(2)
        except (OSError, ValueError, AttributeError):  # no error stream, as in a windowed program
            yield
            return
        with _hold_back(kept):
            yield


@contextmanager
def _hold_back(kept: int) -> Iterator[None]:
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            held.seek(0)
            said = b"".join(line for line in held if not _CHATTER.match(line))
            if said:
                os.write(2, said)
            os.close(kept)
