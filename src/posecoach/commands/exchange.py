"""``posecoach references export`` and ``import``: takes for and from other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from posecoach.commands.analyze import check_output
from posecoach.commands.record import check_name, save_form, tell_missing
from posecoach.errors import UsageError
from posecoach.motion import Motion
from posecoach.readers import SUFFIXES, read_recording
from posecoach.reference.files import save_sequence
from posecoach.reference.library import find_forms, get_own_folder, open_form
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.quality import check_takes
from posecoach.reference.record import make_sequence
from posecoach.reference.whole import make_whole
from posecoach.writers import export_take
from posecoach.writers.takes import is_resampled


def export_form(
    form: str, to: Path, *, take: int = 1, rate_hz: float | None = None
) -> Iterator[str]:
    """Write a take of a form in the format a file's name ends in, and yield what there is to say.

    Parameters
    ----------
    form : str
        Form or folder.
    to : Path
        ``.pose``, ``.nc``, ``.trc``, ``.mot`` or ``.csv``.
    take : int
        Counted from 1.
    rate_hz : float, optional
        Frames a second to sample it anew.

    Raises
    ------
    UsageError
        There is no such take, or the file's name or the rate is unfit.
    InputError
        The form cannot be read, or the file cannot be written.
    """
    sequence = open_form(form)
    if not 1 <= take <= len(sequence.takes):
        raise UsageError(
            f"Expected take 1 to {len(sequence.takes)} of {sequence.id!r} but got {take}."
        )
    folder = Path(form) if (Path(form) / TOML_NAME).is_file() else find_forms().get(form)
    check_output(to, [folder / TOML_NAME, folder / NPZ_NAME] if folder is not None else [])
    chosen = sequence.takes[take - 1]
    export_take(chosen.motion, chosen.calibration, to, rate_hz=rate_hz)
    yield (
        f"Exported take {take} of {len(sequence.takes)} of {sequence.id!r}, "
        f"{chosen.motion.duration_s:.1f} s, to {to}"
    )
    if rate_hz is None and is_resampled(chosen.motion, to):
        yield "This format knows no times: the take was sampled anew at an even rate."
    if not (sequence.consent.strip() and sequence.licence.strip()):
        yield "Consent or licence of the form is empty: ask before you pass it on."


@dataclass(frozen=True)
class Import:
    """How recordings become a form.

    Attributes
    ----------
    skeleton : str or None
        Name of a skeleton, or joints split by commas.
    rate_hz : float or None
        For files without times.
    up : str or None
        Axis that points up.
    mirrored : bool
        Whether left and right are exchanged in them.
    whole : bool
        Each file is one repetition from its first frame to its last; otherwise they are looked
        for, as in a video.
    fields : mapping of str to str
        Fields of the form to fill in: teacher, licence, consent, origin.
    title : str or None
    language : str
        Of the title.
    """

    skeleton: str | None = None
    rate_hz: float | None = None
    up: str | None = None
    mirrored: bool = False
    whole: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    language: str = "en"


def import_form(
    files: Sequence[Path], name: str, out: Path | None, how: Import, *, may_replace: bool = False
) -> Iterator[str]:
    """Make a form of recordings of other programs and yield what there is to say.

    Raises
    ------
    UsageError
        The form's name or an option is unfit.
    InputError
        A file cannot be read, or no repetition was found in it. Nothing was written then.
    """
    target = check_name(name, out or get_own_folder(), may_exist=may_replace)
    motions = [_read(path, how) for path in files]
    make = make_whole if how.whole else make_sequence
    names = ", ".join(path.name for path in files)[:200]
    form = save_form(name, motions, target, make=partial(make, origin=f"Imported from {names}"))
    given: dict[str, Any] = dict(how.fields)
    if how.title:
        given["titles"] = {**form.titles, how.language: how.title}
    if given:
        form = replace(form, **given)
        save_sequence(form, target)
    lengths = ", ".join(f"{t.motion.duration_s:.1f} s" for t in form.takes)
    many = "repetition" if len(form.takes) == 1 else "repetitions"
    yield f"Imported {name!r}: {len(form.takes)} {many} ({lengths}), {form.symmetry}."
    for advice in check_takes(form.takes, form.view):
        yield f"  {advice}"
    missing = tell_missing(form)
    if missing is not None:
        yield missing
    yield f"It is in {target}; titles, phases and breath: edit {target / TOML_NAME}"
    yield f"Look at it:  posecoach references check {target}"


def _read(path: Path, how: Import) -> Motion:
    if path.suffix.lower() not in (*SUFFIXES, ".mot") and path.is_file():
        raise UsageError(
            f"Expected a recording ({', '.join(SUFFIXES)}) but got {path.name!r}; of a video a "
            f"form is made with  posecoach record NAME --source {path.name}"
        )
    skeleton: str | list[str] | None = how.skeleton
    if how.skeleton is not None and "," in how.skeleton:
        skeleton = [joint.strip() for joint in how.skeleton.split(",")]
    return read_recording(
        path, skeleton, rate_hz=how.rate_hz, up=how.up, mirrored=True if how.mirrored else None
    )
