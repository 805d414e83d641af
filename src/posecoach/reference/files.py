"""Sequences on disk: a folder with ``sequence.toml`` for people and ``motion.npz`` for arrays.

What comes from outside is not trusted: no pickle, sizes limited, every field checked, all
problems told at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach._writing import write_atomic
from posecoach.errors import InputError, SequenceError
from posecoach.motion import Motion
from posecoach.posture.angles import compute_trunk_length, rotate_plane
from posecoach.posture.calibration import Calibration, calibrate, turn_front
from posecoach.posture.features import compute_features
from posecoach.posture.resample import median_found
from posecoach.reference.arrays import MAX_NPZ_BYTES, collect_arrays, read_arrays, write_arrays
from posecoach.reference.document import (
    PhaseDoc,
    SequenceDoc,
    TakeDoc,
    find_problems,
    read_doc,
    validate_doc,
)
from posecoach.reference.merging import merge, write_over
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.sequence import Phase, Sequence, Take

MAX_TOML_BYTES = 1_000_000
MAX_TAKE_S = 7200.0


def load_sequence(folder: str | Path) -> Sequence:
    """Load a sequence from its folder.

    Raises
    ------
    SequenceError
        Something is missing, too large, of a newer version, or wrong; all problems in one line.
    """
    path = Path(folder)
    toml_path, npz_path = path / TOML_NAME, path / NPZ_NAME
    for need, limit in ((toml_path, MAX_TOML_BYTES), (npz_path, MAX_NPZ_BYTES)):
        if not need.is_file():
            raise SequenceError(
                f"Expected a sequence folder with {need.name} but {str(path)!r} has none; "
                "see 'posecoach references list'."
            )
        if need.stat().st_size > limit:
            raise SequenceError(f"Expected {need} of at most {limit} bytes but it is larger.")
    doc = read_doc(toml_path)
    takes = make_takes(doc, read_arrays(npz_path, str(npz_path)), str(npz_path))
    return make_sound(doc, takes, str(toml_path))


def make_sound(doc: SequenceDoc, takes: tuple[Take, ...], name: str) -> Sequence:
    """Return a document and its takes as a sequence.

    Raises
    ------
    SequenceError
        They do not fit each other; all problems in one line.
    """
    problems = find_problems(doc, takes)
    if problems:
        raise SequenceError(f"Expected a sound sequence but {name}: {'; '.join(problems)}.")
    return Sequence(
        id=doc.id,
        takes=takes,
        titles=doc.title,
        phases=tuple(_make_phase(p) for p in doc.phases),
        view=doc.view,
        symmetry=doc.symmetry,
        joints=tuple(doc.joints),
        tolerances=doc.tolerances,
        cues=_make_cues(doc.cues),
        notes=doc.notes,
        teacher=doc.teacher,
        origin=doc.origin,
        licence=doc.licence,
        consent=doc.consent,
        set=doc.set,
        number=doc.number,
        posture=doc.posture,
    )


def _make_phase(p: PhaseDoc) -> Phase:
    return Phase(
        p.id,
        p.start_s,
        p.end_s,
        p.breath,
        p.title,
        p.symmetry,
        None if p.joints is None else tuple(p.joints),
        p.tolerances,
        _make_cues(p.cues),
    )


def _make_cues(
    cues: Mapping[str, Mapping[str, list[str]]],
) -> dict[str, dict[str, tuple[str, ...]]]:
    return {k: {lang: tuple(t) for lang, t in v.items()} for k, v in cues.items()}


def make_takes(doc: SequenceDoc, arrays: Mapping[str, NDArray[Any]], path: str) -> tuple[Take, ...]:
    """Return the arrays of a sequence as its takes.

    Raises
    ------
    SequenceError
        There are not as many takes as in the document, or one has no body in it.
    """
    which = arrays["take"]
    numbers = np.unique(which).tolist()
    if numbers != list(range(len(numbers))) or (doc.takes and len(doc.takes) != len(numbers)):
        raise SequenceError(
            f"Expected takes 0 to {max(len(doc.takes), 1) - 1} in {path} but got {numbers[:9]}."
        )
    takes = []
    for k in range(len(numbers)):
        t = doc.takes[k] if doc.takes else TakeDoc(width=1000, height=1000)
        at = which == k
        try:
            motion = Motion(
                arrays["time_s"][at],
                arrays["image"][at],
                arrays["world"][at],
                arrays["visibility"][at],
                arrays["presence"][at],
                t.width,
                t.height,
                t.source,
            )
        except InputError as error:
            raise SequenceError(f"Take {k} of {path}: {error}") from error
        _check_body(motion, f"take {k} of {path}")
        takes.append(Take(motion, _calibration(t, motion), tuple((a, b) for a, b in t.bridged)))
    return tuple(takes)


def _check_body(motion: Motion, name: str) -> None:
    found = motion.found
    if found.sum() < 10:
        raise SequenceError(f"Expected a body in {name} but found none.")
    if motion.duration_s > MAX_TAKE_S:
        raise SequenceError(
            f"Expected {name} to last at most {MAX_TAKE_S:.0f} s but its times span "
            f"{motion.duration_s:.3g} s."
        )
    if not float(np.median(compute_trunk_length(motion.plane()[found]))) > 0:
        raise SequenceError(f"Expected a body in {name} but its shoulders and hips fall together.")


def _calibration(t: TakeDoc, motion: Motion) -> Calibration:
    first = int(motion.found.argmax())
    near = slice(first, first + max(3, int(0.2 * min(motion.fps, 1000.0))))
    base = calibrate(motion.plane()[near], motion.world[near], 0.0)
    if t.stance_s <= 0:
        return base
    level = rotate_plane(median_found(motion.plane()[near]), t.roll_deg)
    return replace(
        base,
        roll_deg=t.roll_deg,
        zero_lean=t.zero_lean,
        zero_shoulders=t.zero_shoulders,
        zero_pelvis=t.zero_pelvis,
        seconds=t.stance_s,
        rest=compute_features(turn_front(level, base.mirror), median_found(motion.world[near])),
    )


def save_sequence(sequence: Sequence, folder: str | Path) -> Path:
    """Write a sequence as a folder; comments and unknown fields of an old one are kept.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    SequenceError
        The sequence is not sound, its old file is damaged, or the folder cannot be written.
    """
    path = Path(folder)
    try:
        text = _to_toml(sequence, path / TOML_NAME)
        path.mkdir(parents=True, exist_ok=True)
        arrays = collect_arrays([t.motion for t in sequence.takes])
        write_atomic(path / NPZ_NAME, write_arrays(arrays, compress=True))
        write_atomic(path / TOML_NAME, text.encode())
    except OSError as error:
        raise SequenceError(f"Expected to write {path} but got: {error}.") from error
    return path


def _to_toml(s: Sequence, path: Path) -> str:
    """Return the document of a sequence, written over the old one if there is one."""
    old, text = {}, ""
    if path.is_file():
        try:
            text = path.read_text(encoding="utf-8")
            old = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise SequenceError(
                f"Expected TOML in {path} but got: {error}; mend or remove it before saving."
            ) from error
    want = merge(old, s)
    problems = find_problems(validate_doc(want, str(path)), s.takes)
    if problems:
        raise SequenceError(f"Expected a sound sequence to save but {'; '.join(problems)}.")
    try:
        return write_over(text, want)
    except (ValueError, RecursionError) as error:
        raise SequenceError(
            f"Expected TOML in {path} but got: {error}; mend or remove it before saving."
        ) from error
