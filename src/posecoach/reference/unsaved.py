"""Forms that are being worked on, kept beside the saved ones: a crash loses the last moments only.

Each lies in a folder of its own below the user's forms, in the format of any form, with a note
on where it came from.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posecoach._writing import write_atomic
from posecoach.errors import SequenceError
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.library import get_own_folder
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.sequence import Sequence

FOLDER_NAME = ".unsaved"
NOTE_NAME = "note.json"


@dataclass(frozen=True)
class Unsaved:
    """What was kept of a form that was not saved.

    Attributes
    ----------
    id : str
    folder : Path
        Where it lies.
    home : Path or None
        The form's own folder, if it was ever saved.
    fingerprint : str
        Of the form's own folder when it was opened.
    kept_at : datetime
        When it was last kept, in local time.
    """

    id: str
    folder: Path
    home: Path | None
    fingerprint: str
    kept_at: datetime

    def load(self) -> Sequence:
        """Return it as a sequence.

        Raises
        ------
        SequenceError
            It cannot be read.
        """
        return load_sequence(self.folder)


def get_unsaved_folder() -> Path:
    """Return the folder of all that is being worked on."""
    return get_own_folder() / FOLDER_NAME


def keep_unsaved(sequence: Sequence, home: Path | None, fingerprint: str) -> Path:
    """Keep a form as it is now; what was kept of it before is replaced as a whole.

    Raises
    ------
    SequenceError
        It is not sound, or cannot be written.
    """
    folder = get_unsaved_folder() / sequence.id
    try:
        # A comment-free text of its own each time: comments stay where the form itself is saved.
        folder.mkdir(parents=True, exist_ok=True)
        note = {"home": None if home is None else str(home), "fingerprint": fingerprint}
        write_atomic(folder / NOTE_NAME, json.dumps(note).encode())
    except OSError as error:
        raise SequenceError(f"Expected to write {folder} but got: {error}.") from error
    save_sequence(sequence, folder)
    return folder


def drop_unsaved(id: str) -> None:
    """Forget what was kept of a form: it is saved, or nobody wants it."""
    folder = get_unsaved_folder() / id
    for name in (TOML_NAME, NPZ_NAME, NOTE_NAME):
        with suppress(OSError):
            (folder / name).unlink()
    with suppress(OSError):
        folder.rmdir()
    with suppress(OSError):
        folder.parent.rmdir()


def find_unsaved(id: str | None = None) -> list[Unsaved]:
    """Return what is kept, the newest first; of one form only if its id is given."""
    found: list[Unsaved] = []
    base = get_unsaved_folder()
    folders = [base / id] if id is not None else sorted(base.iterdir()) if base.is_dir() else []
    for folder in folders:
        try:
            kept = datetime.fromtimestamp((folder / TOML_NAME).stat().st_mtime).astimezone()
            note = json.loads((folder / NOTE_NAME).read_text(encoding="utf-8"))
            home = note["home"]
            one = Unsaved(
                folder.name,
                folder,
                None if home is None else Path(str(home)),
                str(note["fingerprint"]),
                kept,
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue  # it was never complete
        found.append(one)
    return sorted(found, key=lambda u: u.kept_at, reverse=True)


def copy_words(source: Path, target: Path) -> None:
    """Give a form's new folder the old one's text first, so that its comments stay.

    Raises
    ------
    SequenceError
        The folder cannot be written.
    """
    if not (source / TOML_NAME).is_file() or (target / TOML_NAME).exists():
        return
    try:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / TOML_NAME, target / TOML_NAME)
    except OSError as error:
        raise SequenceError(f"Expected to write {target} but got: {error}.") from error
