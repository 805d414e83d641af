"""How good a take is: what is wrong with it and what to do, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, HIPS, NOSE, SHOULDERS, WRISTS
from posecoach.errors import make_one_line
from posecoach.motion import Motion
from posecoach.posture.angles import compute_trunk_length
from posecoach.posture.resample import median_found
from posecoach.posture.view import compute_shoulder_width
from posecoach.reference.gaps import MAX_BRIDGED_S
from posecoach.reference.sequence import Take

Array = NDArray[np.float64]

LONG_GAP_S = 2.0  # beyond it nobody can follow: an error
MIN_SEEN = 0.95
MIN_SEEN_AT_ALL = 0.5
MAX_UNLIKE = 1.3  # longest take to shortest
MIN_FPS = 15.0
MIN_TRUNK_PX = 60.0  # a body of about 200 px: below, a point's error is more than a degree
MAX_CUT = 0.03  # share of the frames in which a part may be out of the picture
MIN_SURE = 0.5  # likelihood below which the model is not sure of a point
MAX_UNSURE = 0.2
MAX_JITTER = 0.01  # of the trunk's length
MAX_BRIDGED = 0.05  # share of a take
_SIDE_WIDTH = 0.38  # shoulder width in trunk lengths, as in `posecoach.posture.view`
_PARTS = (("head", (NOSE,)), ("hands", WRISTS), ("feet", ANKLES))
MOST_TEXT = 300


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or doubtful.

    Attributes
    ----------
    level : {"error", "warning"}
    where : str
        File, field, phase or take, such as ``"phases.raise"``.
    text : str
        One line: what was expected, what is there, what to do.
    code : str
        Which of the things that can be wrong with a take it is; empty for others.
    values : mapping of str to float or str
        The numbers in it, for `posecoach.reference.advice`.
    template : str
        The marked text without its values.
    """

    level: Literal["error", "warning"]
    where: str
    text: str
    code: str = ""
    values: Mapping[str, float | str] = field(default_factory=dict, compare=False)
    template: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: {self.text}"


Findings = Iterator[Finding]


def make_error(where: str, template: str, **values: float | str) -> Finding:
    """Return what keeps a form from being used."""
    return _make("error", where, template, values)


def make_warning(where: str, template: str, code: str = "", **values: float | str) -> Finding:
    """Return what the teacher should look at.

    Parameters
    ----------
    where : str
    template : str
        A marked text; ``{names}`` in it are those of the values.
    code : str
    **values
    """
    return _make("warning", where, template, values, code)


def _make(
    level: Literal["error", "warning"],
    where: str,
    template: str,
    values: Mapping[str, float | str],
    code: str = "",
) -> Finding:
    text = fill(template, values, "en")
    return Finding(
        level, make_one_line(where, 80), make_one_line(text, MOST_TEXT), code, values, template
    )


def fill(template: str, values: Mapping[str, float | str], language: str) -> str:
    """Return a text with its values, numbers as they are written in a language."""
    if not values:
        return template  # somebody else's words may hold braces of their own
    shown = {k: v if isinstance(v, str) else _Number(v, language) for k, v in values.items()}
    return template.format(**shown)


class _Number(float):
    """A number that is written as in a language, by whatever format."""

    def __new__(cls, value: float, language: str) -> _Number:
        number = super().__new__(cls, value)
        number.mark = "," if language == "de" else "."
        return number

    mark: str

    def __format__(self, spec: str) -> str:
        return format(float(self), spec or "g").replace(".", self.mark)


def check_takes(takes: tuple[Take, ...], view: str = "front") -> Findings:
    """Find what is doubtful with the takes of a form.

    Parameters
    ----------
    takes : tuple of Take
    view : {"front", "side"}
        From where they should have been recorded.
    """
    for k, take in enumerate(takes):
        yield from check_take(f"takes.{k}", take, view)
    lengths = [t.motion.duration_s for t in takes]
    if len(takes) == 1:
        yield make_warning(
            "takes",
            "expected several takes, got one; how much the teacher varies is not known and the "
            "smallest tolerances are used: record two more.",
            "one-take",
        )
    elif max(lengths) > MAX_UNLIKE * min(lengths):
        yield make_warning(
            "takes",
            f"expected takes of like length, got {min(lengths):.1f} to {max(lengths):.1f} s; "
            "leave out the one that is not like the others, or record it again.",
            "unlike",
            low=min(lengths),
            high=max(lengths),
        )


def check_take(where: str, take: Take, view: str = "front") -> Findings:
    """Find what is doubtful with one take: stance, gaps, rate, size, frame, light, view, jitter.

    Parameters
    ----------
    where : str
        Said in the findings.
    take : Take
    view : {"front", "side"}
    """
    motion = take.motion
    if not take.calibration.done:
        yield make_warning(
            where,
            "expected quiet standing before or after the movement, got none; the camera's tilt is "
            "not known: stand still for two seconds first and record again.",
            "no-stance",
        )
    yield from _check_gaps(where, take)
    if 0 < motion.fps < MIN_FPS:
        yield make_warning(
            where,
            f"expected at least {MIN_FPS:.0f} frames a second, got {motion.fps:.1f}; timing is "
            "coarse: use another camera or more light and record it again.",
            "slow",
            fps=motion.fps,
        )
    if motion.found.sum() >= 10:
        yield from _check_picture(where, motion)
        yield from _check_points(where, motion, view)


def _check_gaps(where: str, take: Take) -> Findings:
    motion, found = take.motion, take.motion.found
    seen = float(found.mean())
    if seen < MIN_SEEN:
        yield Finding(
            "warning" if seen >= MIN_SEEN_AT_ALL else "error",
            where,
            f"expected a body in at least {100 * MIN_SEEN:.0f} % of the frames, got "
            f"{100 * seen:.0f} %; step back or add light and record it again.",
            "seldom",
            {"percent": 100 * seen},
        )
    # The take's own ends count too: nobody at the start is a gap like any other.
    times = motion.time_s
    seen_at = np.concatenate([times[:1], times[found], times[-1:]])
    gaps = np.diff(seen_at)
    bridged = [b for _, b in take.bridged]
    for i in np.flatnonzero(gaps > MAX_BRIDGED_S):
        if any(abs(b - seen_at[i + 1]) < 0.01 for b in bridged):
            continue  # frames that are missing, said below
        yield Finding(
            "warning" if gaps[i] <= LONG_GAP_S else "error",
            where,
            f"expected the body in view throughout, got {gaps[i]:.1f} s without it from "
            f"{seen_at[i]:.1f} s; record that take again.",
            "gap",
            {"seconds": float(gaps[i]), "at": float(seen_at[i])},
        )
    if take.bridged:
        lost = sum(b - a for a, b in take.bridged)
        at = ", ".join(f"{a:.1f} s" for a, _ in take.bridged[:5])
        more = ", ..." if len(take.bridged) > 5 else ""
        if lost > MAX_BRIDGED * motion.duration_s:
            do = "step back, add light, and record that take again."
        else:
            do = "look whether the movement is right there."
        yield make_warning(
            where,
            f"expected the body in view throughout, got {lost:.1f} s of short gaps that were "
            f"bridged (at {at}{more}); {do}",
            "much-bridged" if lost > MAX_BRIDGED * motion.duration_s else "bridged",
            seconds=lost,
            at=take.bridged[0][0],
        )


def _check_picture(where: str, motion: Motion) -> Findings:
    """Find whether the body is large enough and whole in the picture."""
    trunk = float(np.median(compute_trunk_length(motion.plane()[motion.found])))
    if trunk * motion.height < MIN_TRUNK_PX:
        yield make_warning(
            where,
            f"expected a body at least {3.5 * MIN_TRUNK_PX:.0f} pixels tall, got about "
            f"{3.5 * trunk * motion.height:.0f}; come nearer, or set the camera to a larger "
            "picture.",
            "small",
        )
    image = motion.image[motion.found]
    cut = []
    for name, points in _PARTS:
        part = image[:, list(points), :2]
        share = float(((part < 0) | (part > 1)).any(axis=(1, 2)).mean())
        if share > MAX_CUT:
            cut.append((share, name))
    if cut:
        names = " and ".join(name for _, name in cut)
        yield make_warning(
            where,
            f"expected the whole body in the picture, got {names} outside for "
            f"{100 * max(cut)[0]:.0f} % of the time; step back or turn the camera, so that raised "
            "hands have room.",
            "cut",
            parts=names,
            percent=100 * max(cut)[0],
        )


def _check_points(where: str, motion: Motion, view: str) -> Findings:
    """Find whether points are sure and steady and the body is turned as it should be."""
    found = motion.found
    seen = motion.visibility[found]
    unsure = [
        (float((seen[:, list(points)].min(axis=1) < MIN_SURE).mean()), name)
        for name, points in _PARTS
    ]
    worst, name = max(unsure)
    if worst > MAX_UNSURE:
        yield make_warning(
            where,
            f"expected to see {name} well, got the model unsure of them for {100 * worst:.0f} % "
            "of the time; add light from the front, and wear what differs from the wall.",
            "unsure",
            parts=name,
        )
    plane = motion.plane()[found]
    width = float(np.median(compute_shoulder_width(plane)))
    if view == "front" and width < _SIDE_WIDTH:
        yield make_warning(
            where,
            "expected the body from the front, got it from the side; face the camera, or write "
            "view = 'side'.",
            "side",
        )
    jitter = _find_jitter(motion.time_s[found], plane)
    if jitter > MAX_JITTER:
        yield make_warning(
            where,
            f"expected steady points, got a tremble of {100 * jitter:.0f} % of the trunk's length; "
            "put the camera on something firm and add light.",
            "tremble",
        )


def _find_jitter(time_s: Array, plane: Array) -> float:
    """Return the noise of shoulders and hips in trunk lengths.

    How far a frame lies from the middle of its two neighbours tells noise from movement, which
    is the same in all three.
    """
    if len(time_s) < 5:
        return 0.0
    core = plane[:, list(SHOULDERS + HIPS)]
    off = core[1:-1] - 0.5 * (core[2:] + core[:-2])
    steps = np.diff(time_s)
    near = (steps[1:] < 0.12) & (steps[:-1] < 0.12)
    if near.sum() < 5:
        return 0.0
    trunk = float(np.median(compute_trunk_length(plane)))
    spread = median_found(np.abs(off[near])) * 1.4826 / np.sqrt(1.5)
    return float(np.median(spread) / trunk) if trunk > 0 else 0.0
