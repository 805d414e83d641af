"""Writing a file so that it is there as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from posecoach.errors import InputError


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file that is there as a whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}-")
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_file(path: str | Path, data: bytes) -> Path:
    """Write a file and return its path.

    Raises
    ------
    InputError
        It cannot be written.
    """
    file = Path(path)
    try:
        write_atomic(file, data)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise InputError(f"Expected to write {str(path)!r} but got: {told}.") from error
    return file
