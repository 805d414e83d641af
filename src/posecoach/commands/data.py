"""``posecoach history`` and ``posecoach data``: what is kept on this machine, and away with it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from posecoach.errors import InputError, UsageError, make_one_line
from posecoach.journal.database import is_in_use
from posecoach.journal.errors import JournalError
from posecoach.journal.place import (
    find_journal_files,
    find_videos,
    get_journal_path,
    get_videos_folder,
)
from posecoach.journal.records import KeptSession, SessionInfo
from posecoach.journal.store import Journal
from posecoach.journal.wording import tell_cues, tell_minutes, tell_repetitions
from posecoach.pose.bundle import get_cache_dir
from posecoach.reference.library import get_own_folder, get_shipped_folder
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.unsaved import FOLDER_NAME, NOTE_NAME
from posecoach.settings import find_settings_files, get_settings_path
from posecoach.text import N_, format_number, translate

HISTORY_SCHEMA = "posecoach.history/1"
PARTS = ("sessions", "videos", "forms", "model", "settings")

_TITLES = {
    "sessions": N_("Sessions"),
    "videos": N_("Videos"),
    "forms": N_("Your own forms"),
    "model": N_("Pose model"),
    "settings": N_("Settings"),
}
_YES = ("y", "yes", "j", "ja")


# The history.


def open_journal() -> Journal | None:
    """Return the journal for reading, None if there is none yet.

    Raises
    ------
    JournalError
        It cannot be read.
    """
    path = get_journal_path()
    if not os.path.lexists(path):
        return None
    try:
        return Journal.open(path)
    except JournalError as error:
        if not error.read_only:
            raise
        return Journal.open(path, read_only=True)


def list_history(language: str) -> Iterator[str]:
    """Yield a line for each kept session, the newest first."""
    journal = open_journal()
    if journal is None:
        sessions = []
    else:
        with journal:
            sessions = journal.list_sessions()
    if not sessions:
        yield translate(N_("No practice is kept yet"), language)
    rows = [_tell_session(s, language) for s in sessions]
    widths = [max(len(row[k]) for row in rows) for k in range(4)] if rows else []
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[4]]).rstrip()


def _tell_session(s: SessionInfo, language: str) -> tuple[str, str, str, str, str]:
    started = s.started_at.astimezone()
    day = "%d.%m.%Y %H:%M" if language == "de" else "%Y-%m-%d %H:%M"
    told = tell_cues(s, language)
    if s.ended_at is None:
        cut = translate(N_("not ended"), language)
        told = f"{told}  ({cut})"
    return (
        started.strftime(day),
        make_one_line(s.title(language)),
        tell_minutes(s.practised_s, language),
        tell_repetitions(s.repetitions, language),
        told,
    )


def make_history_document() -> str:
    """Return all kept sessions, with all that is kept of them, as JSON."""
    journal = open_journal()
    sessions: list[dict[str, Any]] = []
    if journal is not None:
        with journal:
            for info in journal.list_sessions():
                sessions.append(_to_json(journal.read_session(info.id)))
    document = {"schema": HISTORY_SCHEMA, "sessions": sessions}
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _to_json(kept: KeptSession) -> dict[str, Any]:
    info = kept.info
    out = asdict(info)
    out["started_at"] = info.started_at.isoformat()
    out["ended_at"] = None if info.ended_at is None else info.ended_at.isoformat()
    out["cues"] = [{**asdict(c.cue), "language": c.language} for c in info.cues]
    out["repetitions"] = [asdict(r) for r in kept.repetitions]
    out["notes"] = [asdict(n) for n in kept.notes]
    return out


# What is stored.


@dataclass(frozen=True)
class Part:
    """One kind of thing posecoach stores.

    Attributes
    ----------
    name : str
        Of `PARTS`.
    folder : Path
        Where it is.
    files : tuple of Path
        Exactly what posecoach has written; a link stands for itself, not for where it leads.
    folders : tuple of Path
        Made for it; they go with it if nothing else is in them, the innermost first.
    """

    name: str
    folder: Path
    files: tuple[Path, ...]
    folders: tuple[Path, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        total = 0
        for path in self.files:
            with suppress(OSError):
                total += path.lstat().st_size
        return total


def find_parts() -> list[Part]:
    """Return everything posecoach stores on this machine."""
    sessions = get_journal_path()
    files = tuple(find_journal_files(sessions))
    return [
        Part("sessions", sessions.parent, files, (sessions.parent,)),
        _find_videos(),
        _find_forms(),
        _find_models(),
        _find_settings(),
    ]


def _find_videos() -> Part:
    base = get_videos_folder()
    return Part("videos", base, tuple(find_videos()), (base,))


def _find_forms() -> Part:
    base = get_own_folder()
    files: list[Path] = []
    folders: list[Path] = []
    shipped = get_shipped_folder()
    same = base.exists() and shipped.exists() and base.samefile(shipped)
    unsaved = base / FOLDER_NAME
    for folder in [] if same else [*_list(base), *_list(unsaved)]:
        if folder.is_symlink():
            if (folder / TOML_NAME).is_file():
                files.append(folder)
            continue
        inside = _list(folder)
        own = [f for f in inside if _is_of_form(f)]
        if own and ((folder / TOML_NAME) in inside or len(own) == len(inside)):
            files += own
            folders.append(folder)
    if unsaved.is_dir():
        folders.append(unsaved)
    if base.name == "forms":
        folders.append(base)
    return Part("forms", base, tuple(files), tuple(folders))


def _is_of_form(path: Path) -> bool:
    """Return whether a file is one that saving a form writes, or leaves when it is killed."""
    names = (TOML_NAME, NPZ_NAME, NOTE_NAME)
    mine = path.name in names or any(path.name.startswith(f".{n}-") for n in names)
    return mine and (path.is_symlink() or path.is_file())


def _find_models() -> Part:
    base = get_cache_dir()
    files: list[Path] = []
    folders: list[Path] = []
    for path in _list(base):
        model = path.name.startswith("pose_landmarker_") and path.suffix in (".task", ".sha256")
        if model and (path.is_symlink() or path.is_file()):
            files.append(path)
        elif path.name.startswith(".building-") and path.is_dir() and not path.is_symlink():
            for here, below, names in os.walk(path, topdown=False):
                links = [n for n in below if Path(here, n).is_symlink()]
                files += [Path(here, n) for n in (*names, *links)]
                folders.append(Path(here))
    return Part("model", base, tuple(files), (*folders, base))


def _find_settings() -> Part:
    base = get_settings_path().parent
    return Part("settings", base, tuple(find_settings_files()))


def _list(folder: Path) -> list[Path]:
    """Return what is in a folder; nothing if it is none, or may not be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def list_stored(parts: Iterable[Part], language: str) -> Iterator[str]:
    """Yield a line for each kind of thing stored: how much, and where."""
    titles = {name: translate(title, language) for name, title in _TITLES.items()}
    width = max(len(t) for t in titles.values())
    for part in parts:
        size = _tell_size(part.size, language) if part.files else translate(N_("nothing"), language)
        where = str(part.folder)
        if part.folder.is_symlink():
            where += f" -> {part.folder.resolve()}"
        yield f"{titles[part.name]:<{width}}  {size:>8}  {where}"
        for path in part.files:
            yield f"    {_tell_size(Part('', path, (path,)).size, language):>8}  {path}"


def _tell_size(size: int, language: str) -> str:
    if size < 1000:
        return f"{size} B"
    value, unit = size / 1000.0, "kB"
    for larger in ("MB", "GB"):
        if value >= 1000.0:
            value, unit = value / 1000.0, larger
    return f"{format_number(value, 1 if value < 100 else 0, language)} {unit}"


def choose_parts(names: Collection[str]) -> list[Part]:
    """Return the kinds of things of these names.

    Raises
    ------
    UsageError
        There is no name.
    """
    if not names:
        raise UsageError(
            "Expected what to delete but got nothing: --sessions, --videos, --forms, --model, "
            "--settings or --all."
        )
    return [p for p in find_parts() if p.name in names]


def delete_stored(
    parts: Iterable[Part],
    language: str,
    *,
    ask: Callable[[str], str] | None,
    say: Callable[[str], object],
) -> bool:
    """Delete what posecoach has stored, after asking; nothing else is touched.

    Parameters
    ----------
    parts : iterable of Part
    language : str
    ask : callable or None
        Puts a question and returns the answer; None does not ask.
    say : callable
        Gets lines.

    Returns
    -------
    bool
        False if the answer was no.

    Raises
    ------
    UsageError
        Nobody is there to answer.
    InputError
        A practice is going on, a folder is a link to another place, or the system refuses.
    """
    chosen = [p for p in parts if p.files]
    if not chosen:
        say(translate(N_("There is nothing to delete"), language))
        return True
    for part in chosen:
        _check_deletable(part)
    for line in list_stored(chosen, language):
        say(line)
    if ask is not None:
        question = translate(N_("Delete this for good? (yes/no)"), language)
        try:
            answer = ask(f"{question} ")
        except EOFError:
            raise UsageError("Expected an answer but got none; answer, or say --yes.") from None
        if answer.strip().lower() not in _YES:
            say(translate(N_("Nothing was deleted"), language))
            return False
    refused = [r for part in chosen for r in _delete(part)]
    if refused:
        raise InputError(f"Expected to delete everything but {'; '.join(refused)}.")
    say(translate(N_("Deleted"), language))
    return True


def tell_kept(language: str) -> list[tuple[str, str, Path]]:
    """Return title, size and folder of what is kept of the person; the model is not theirs.

    The size is empty where there is nothing.
    """
    return [
        (
            translate(_TITLES[part.name], language),
            _tell_size(part.size, language) if part.files else "",
            part.folder,
        )
        for part in find_parts()
        if part.name != "model"
    ]


def delete_kept(what: str) -> None:
    """Delete ``"practices"``, videos of them too, or ``"everything"`` but the model, unasked.

    Raises
    ------
    InputError
        A practice is going on, a folder is a link to another place, or the system refuses.
    """
    names = ("sessions", "videos") if what == "practices" else PARTS
    chosen = [p for p in find_parts() if p.name in names and p.name != "model"]
    delete_stored(chosen, "en", ask=None, say=lambda line: None)


def _check_deletable(part: Part) -> None:
    if part.folder.is_symlink():
        raise InputError(
            f"Expected a folder at {part.folder} but it is a link to {part.folder.resolve()}; "
            "nothing was deleted: do it there yourself."
        )
    if part.name == "sessions" and is_in_use(get_journal_path()):
        raise InputError(
            f"Expected no practice to go on but {get_journal_path()} is in use; end it first. "
            "Nothing was deleted."
        )


def _delete(part: Part) -> Iterator[str]:
    """Delete the files, then the folders that are empty; yield what could not be."""
    root = part.folder.resolve()
    for path in part.files:
        try:
            # A folder on the way may have become a link since it was looked at.
            home = path.parent.resolve(strict=True)
            if not home.is_relative_to(root):
                yield f"{path} has moved elsewhere"
                continue
            path.unlink()
        except FileNotFoundError:
            pass
        except OSError as error:
            yield f"{path}: {error.strerror or error}"
    for folder in part.folders:
        with suppress(OSError):  # something else is in it, and stays
            folder.rmdir()
