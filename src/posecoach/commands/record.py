"""``posecoach record``: from a camera or videos of a form to a reference sequence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from posecoach.capture.base import FrameSource
from posecoach.errors import SequenceError, UsageError
from posecoach.motion import Motion, Observation
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.run import observe
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.names import TOML_NAME
from posecoach.reference.record import make_sequence
from posecoach.reference.sequence import Phase
from posecoach.reference.sequence import Sequence as Form

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEPT = (
    "titles",
    "view",
    "symmetry",
    "joints",
    "tolerances",
    "cues",
    "notes",
    "teacher",
    "origin",
    "licence",
    "consent",
    "set",
    "number",
    "posture",
)


def check_name(name: str, folder: Path, *, may_exist: bool) -> Path:
    """Return the folder a form of that name goes to.

    Raises
    ------
    UsageError
        The name is unfit, or there is a form of that name and it may not be replaced.
    """
    if not _NAME.fullmatch(name) or len(name) > 60:
        raise UsageError(
            f"Expected a name of small letters, digits and hyphens but got {name!r}; "
            "titles with umlauts go into sequence.toml."
        )
    target = folder / name
    if target.exists() and not may_exist:
        raise UsageError(
            f"Expected a new name but {str(target)!r} is there already; choose another name, "
            "or --replace to record it again (its titles, marks and words are kept)."
        )
    return target


def watch_recording(
    source: FrameSource,
    estimator: PoseEstimator,
    progress: Callable[[int, int | None], None] | None = None,
) -> Motion:
    """Return the landmarks of a whole recording, and close it."""
    seen: list[Observation] = []
    with source:
        try:
            for frame, observation in observe(source, estimator):
                seen.append(observation)
                if progress is not None:
                    progress(frame.index + 1, source.frame_count)
        finally:
            estimator.close()
    return Motion.from_observations(seen, source.name)


def watch_camera(
    source: FrameSource,
    estimator: PoseEstimator,
    seconds: float,
    *,
    countdown_s: float = 0.0,
    say: Callable[[str], None] = print,
) -> Motion:
    """Return the landmarks of what a camera sees, until the time is over or Ctrl+C.

    Parameters
    ----------
    source : FrameSource
        Its clock counts; closed by the caller, as is the estimator.
    estimator : PoseEstimator
    seconds : float
        Recorded at most, after the countdown.
    countdown_s : float
        Counted down second by second before; the camera and the model get used to the room.
    say : callable
        Gets the countdown's lines.
    """
    seen: list[Observation] = []
    begin: float | None = None
    left = math.ceil(countdown_s)
    try:
        for frame in source:
            observation = estimator.estimate(frame)
            if begin is None:
                begin = frame.time_s + countdown_s
            while left > 0 and begin - frame.time_s <= left:
                say(f"{left} ...")
                left -= 1
            if frame.time_s < begin:
                continue
            if not seen and countdown_s > 0:
                say("Recording.")
            seen.append(observation)
            if frame.time_s - begin > seconds:
                break
    except KeyboardInterrupt:
        pass
    return Motion.from_observations(seen, source.name)


def save_form(
    name: str,
    motions: Sequence[Motion],
    target: Path,
    *,
    make: Callable[[str, Sequence[Motion]], Form] = make_sequence,
    said: Mapping[str, str | None] | None = None,
) -> Form:
    """Make a sequence of recordings and write it; an old one's words and marks are kept.

    Parameters
    ----------
    name : str
    motions : sequence of Motion
    target : Path
        The form's folder.
    make : callable
        Makes the sequence; by default it looks for the repetitions.
    said : mapping of str to str or None, optional
        Teacher, consent and licence, where they were given.

    Raises
    ------
    SequenceError
        No repetition was found, or the old sequence cannot be read.
    """
    form = make(name, motions)
    if (target / TOML_NAME).is_file():
        try:
            old = load_sequence(target)
        except SequenceError as error:
            raise SequenceError(
                f"Expected the old form to be readable so that its words are kept, but: {error}"
            ) from error
        scale = form.duration_s / old.duration_s
        form = replace(
            form,
            **{key: getattr(old, key) for key in _KEPT},
            phases=tuple(_scale(p, scale) for p in old.phases) or form.phases,
        )
    given: dict[str, Any] = {k: v for k, v in (said or {}).items() if v is not None}
    form = replace(form, **given)
    save_sequence(form, target)
    return form


def tell_missing(form: Form) -> str | None:
    """Return what to ask for before a form is passed on, or None."""
    missing = [key for key in ("licence", "consent") if not getattr(form, key).strip()]
    if not missing:
        return None
    are = "is" if len(missing) == 1 else "are"
    return (
        f"Its {' and '.join(missing)} {are} empty: ask whoever is in the recording, and write it "
        "down before you pass it on."
    )


def _scale(phase: Phase, factor: float) -> Phase:
    return replace(phase, start_s=phase.start_s * factor, end_s=phase.end_s * factor)
