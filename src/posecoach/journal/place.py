"""Where the journal is, and how its file is made, kept private and moved aside."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from posecoach.journal.errors import JournalError

DATA_ENV = "POSECOACH_DATA"
JOURNAL_NAME = "journal.sqlite3"
DAMAGED = "-damaged-"
_VIDEO = re.compile(r"\.?\d{4}-\d\d-\d\dT\d{6}-[\w-]+(\.[\w-]+)*\.mp4")
COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database while it is at work."""


def get_data_folder() -> Path:
    """Return the user's data folder."""
    own = os.environ.get(DATA_ENV)
    return Path(own) if own else Path(platformdirs.user_data_dir("posecoach"))


def get_journal_path() -> Path:
    """Return the journal's file, in a folder of its own."""
    return get_data_folder() / "sessions" / JOURNAL_NAME


def find_journal_files(path: Path) -> list[Path]:
    """Return the journal's file, what SQLite keeps beside it, and damaged ones moved aside."""
    names = [path, *(path.with_name(path.name + c) for c in COMPANIONS)]
    found = [p for p in names if os.path.lexists(p)]
    with suppress(OSError):
        found += sorted(path.parent.glob(f"{path.stem}{DAMAGED}*"))
    return found


def get_videos_folder() -> Path:
    """Return the folder of the videos a person asked to keep."""
    return get_data_folder() / "videos"


def find_videos() -> list[Path]:
    """Return the kept videos, and what a killed process has left of one."""
    with suppress(OSError):
        return sorted(
            p for p in get_videos_folder().iterdir() if _VIDEO.fullmatch(p.name) and _is_file(p)
        )
    return []


def make_video_path(form: str, at: datetime) -> Path:
    """Return where the video of a practice goes; its folder is made.

    Raises
    ------
    JournalError
        The system refuses.
    """
    folder = get_videos_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(
            f"Expected to keep videos in {folder} but {error.strerror or error}; "
            f"allow writing there or set {DATA_ENV} to another folder."
        ) from error
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in form)[:60]
    return folder / f"{at.strftime('%Y-%m-%dT%H%M%S')}-{name}.mp4"


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def prepare_file(path: Path) -> None:
    """Make the file and its folder if they are not there; nobody else may read them.

    Raises
    ------
    JournalError
        The system refuses.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.name == JOURNAL_NAME and path.parent.name == "sessions":
            _narrow(path.parent, 0o700)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _narrow(path, 0o600)
    except OSError as error:
        raise JournalError(
            f"Expected to keep sessions in {path} but {error.strerror or error}; "
            f"allow writing there or set {DATA_ENV} to another folder.",
            read_only=path.is_file(),
        ) from error
    if not path.is_file():
        raise JournalError(
            f"Expected a file at {path} but it is none; move it away "
            f"or set {DATA_ENV} to another folder."
        )


def _narrow(path: Path, mode: int) -> None:
    """Take rights away from others; where that is refused the owner has decided otherwise."""
    with suppress(OSError):
        if path.stat().st_mode & 0o777 & ~mode:
            path.chmod(path.stat().st_mode & mode)


def move_aside(path: Path, identity: tuple[int, int] | None) -> Path | None:
    """Give a damaged file, and what SQLite keeps beside it, another name in the same folder.

    Parameters
    ----------
    path : Path
    identity : tuple of int or None
        `identify` of the file found damaged: another process may have moved it meanwhile.

    Returns
    -------
    Path or None
        Where it is now; None if it was not moved: it is no longer there, has a name that is not
        the journal's own, or the system refuses.
    """
    if path.name != JOURNAL_NAME or identify(path) != identity:
        return None
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for k in range(1, 1000):
        number = "" if k == 1 else f"-{k}"
        target = path.with_name(f"{path.stem}{DAMAGED}{now}{number}{path.suffix}")
        if not os.path.lexists(target):
            break
    else:
        return None
    try:
        path.rename(target)
    except OSError:
        return None
    for companion in COMPANIONS:
        with suppress(OSError):
            path.with_name(path.name + companion).rename(target.with_name(target.name + companion))
    return target


def identify(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
