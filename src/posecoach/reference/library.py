"""The forms at hand: those that come with posecoach and the user's own."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from posecoach.errors import SequenceError
from posecoach.reference.names import TOML_NAME

if TYPE_CHECKING:
    from posecoach.reference.sequence import Sequence

FORMS_ENV = "POSECOACH_FORMS"
_LARGE = 100_000  # bytes; a form's text takes a tenth of it, and a stranger's may take minutes


def get_own_folder() -> Path:
    """Return the folder of the user's own forms."""
    own = os.environ.get(FORMS_ENV)
    return Path(own) if own else Path(platformdirs.user_data_dir("posecoach")) / "forms"


def get_shipped_folder() -> Path:
    """Return the folder of the forms that come with posecoach."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "reference_sequences"
    return inside if inside.is_dir() else package.parents[1] / "reference_sequences"


def find_forms() -> dict[str, Path]:
    """Return the known forms, id to folder; the user's own go before shipped ones of that id.

    In the order in which one would practise: first forms that belong to no set, then set by set
    and by their numbers; those on a chair come last in their set. Where they cannot be read they
    stand among those without a set.
    """
    found: dict[str, Path] = {}
    for base in (get_shipped_folder(), get_own_folder()):
        if base.is_dir():
            for folder in sorted(base.iterdir()):
                if (folder / TOML_NAME).is_file():
                    found[folder.name] = folder
    return dict(sorted(found.items(), key=lambda item: _find_order(item[1])))


def _find_order(folder: Path) -> tuple[str, bool, int, str]:
    """Return what a form is sorted by: set, whether seated, number, id."""
    path = folder / TOML_NAME
    try:
        size = path.stat().st_size
        raw = tomllib.loads(path.read_text(encoding="utf-8")) if size < _LARGE else {}
    except (OSError, ValueError, RecursionError):  # said when it is opened
        raw = {}
    belongs, number = raw.get("set"), raw.get("number")
    return (
        belongs if isinstance(belongs, str) else "",
        raw.get("posture") == "seated",
        number if isinstance(number, int) else 1000,
        folder.name,
    )


def open_form(name: str | Path) -> Sequence:
    """Load a form by its id or its folder.

    Raises
    ------
    SequenceError
        There is no such form, or it is broken.
    """
    # The list of forms is looked at long before one is opened, which needs numpy.
    from posecoach.reference.files import load_sequence

    if (Path(name) / TOML_NAME).is_file():
        return load_sequence(name)
    forms = find_forms()
    if str(name) in forms:
        return load_sequence(forms[str(name)])
    if Path(name).is_dir():
        return load_sequence(name)
    known = ", ".join(forms) or "none yet"
    raise SequenceError(
        f"Expected a form or a sequence folder but got {str(name)!r}; known forms: {known}."
    )
