"""``posecoach references pack`` and ``unpack``: one file to send, and a stranger's file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from posecoach.errors import UsageError
from posecoach.reference.check import check_sequence
from posecoach.reference.library import find_forms, get_own_folder, get_shipped_folder
from posecoach.reference.names import TOML_NAME
from posecoach.reference.package import (
    SUFFIX,
    open_package,
    pack_sequence,
    unpack_sequence,
    write_package,
)


def pack_form(form: str, out: Path | None, *, without_consent: bool = False) -> Iterator[str]:
    """Pack a form into one file and yield what there is to say.

    Parameters
    ----------
    form : str
        Form or folder.
    out : path or None
        File, or a folder for it; by default the form's name in the present folder.
    without_consent : bool
        Pack although consent or licence are not filled in.

    Raises
    ------
    UsageError
        There is no such form, or the file's name is unfit.
    SequenceError
        The form cannot be packed as it is.
    """
    folder = _find(form)
    target = out if out is not None and not out.is_dir() else None
    if target is not None and target.suffix != SUFFIX:
        raise UsageError(f"Expected a name that ends in {SUFFIX} but got {str(target)!r}.")
    data = pack_sequence(folder, without_consent=without_consent)
    if target is None:
        target = (out or Path()) / f"{folder.resolve().name}{SUFFIX}"
    write_package(data, target)
    yield f"Packed {form!r} into {target} ({_size(len(data))})."
    if without_consent:
        yield "Consent or licence may be missing: do not pass it on before they are filled in."
    doubts = len(check_sequence(folder))
    if doubts:
        yield f"{doubts} to look at before it is sent:  posecoach references check {form}"


def _find(form: str) -> Path:
    given = Path(form)
    if (given / TOML_NAME).is_file():
        return given
    found = find_forms().get(form)
    if found is None:
        known = ", ".join(find_forms()) or "none yet"
        raise UsageError(f"Expected a form or its folder but got {form!r}; known forms: {known}.")
    return found


def unpack_form(file: Path, out: Path | None, *, replace: bool = False) -> Iterator[str]:
    """Unpack a stranger's file into the user's own forms and yield what there is to say.

    Raises
    ------
    SequenceError
        The file is not sound, or there is a form of that name; nothing was written.
    """
    package = open_package(file)
    sequence = package.sequence
    target = unpack_sequence(file, out or get_own_folder(), replace=replace)
    yield f"Unpacked {sequence.id!r}: {sequence.title('en')}, {sequence.duration_s:.1f} s."
    yield f"It is in {target}"
    if package.newer:
        yield "A newer posecoach made it: what this one does not know is kept, but not used."
    for label, text in (("Teacher", sequence.teacher), ("Licence", sequence.licence),
                        ("Consent", sequence.consent)):  # fmt: skip
        yield f"{label}: {text.strip() or 'not stated; ask before you pass it on'}"
    if out is None and (get_shipped_folder() / sequence.id / TOML_NAME).is_file():
        yield "It goes before the form of that name that comes with posecoach."
    doubts = len(check_sequence(target))
    if doubts:
        yield f"{doubts} to look at:  posecoach references check {target}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{max(1, round(count / 1e3))} kB"
