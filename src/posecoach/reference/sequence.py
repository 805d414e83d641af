"""A teacher's sequence: one or more takes of a form, with marks.

What people write is held here as plain frozen values; `posecoach.reference.files` reads and
writes them, `posecoach.reference.check` says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from posecoach.errors import SequenceError
from posecoach.motion import Motion
from posecoach.posture.calibration import Calibration, calibrate, find_still_stance
from posecoach.posture.resample import bridge_points
from posecoach.reference.names import find_title
from posecoach.text import N_, translate

SCHEMA = "posecoach.sequence/1"

Breath = Literal["in", "out", "free"]
Symmetry = Literal["symmetric", "mirrored", "one-sided"]
Posture = Literal["standing", "seated"]

DEFAULT_JOINTS: tuple[str, ...] = ("left_elbow", "right_elbow", "left_knee", "right_knee")


@dataclass(frozen=True)
class Phase:
    """A named stretch of the form.

    Attributes
    ----------
    id : str
        Short name used in files and results, such as ``"raise"``.
    start_s, end_s : float
        Seconds of the reference.
    breath : {"in", "out", "free"}
    titles : mapping of language to str
    symmetry : {"symmetric", "mirrored", "one-sided"}
        ``symmetric``: both sides do the same at once. ``mirrored``: one side does now what the
        other does in another phase. ``one-sided``: the sides differ, nothing is compared.
    joints : tuple of str, optional
        Joints whose angle matters in it; the form's if not given.
    tolerances : mapping of measure to float
        In the measure's unit; go before the form's.
    cues : mapping of ``measure.direction`` to language to tuple of str
        The teacher's own words in it; go before the form's.
    """

    id: str
    start_s: float
    end_s: float
    breath: Breath = "free"
    titles: Mapping[str, str] = field(default_factory=dict)
    symmetry: Symmetry = "symmetric"
    joints: tuple[str, ...] | None = None
    tolerances: Mapping[str, float] = field(default_factory=dict)
    cues: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def title(self, language: str) -> str:
        """Return its name in a language, or in another one; its number or id without any."""
        if text := find_title(self.titles, language):
            return text
        word, _, number = self.id.rpartition("-")
        if word == "phase" and number.isdecimal():
            return translate(N_("Part {number}"), language).format(number=number)
        return self.id


@dataclass(frozen=True, eq=False)
class Take:
    """One recorded performance of the form, cut to its start and end.

    Attributes
    ----------
    motion : Motion
        Times start near 0.
    calibration : Calibration
        From the quiet standing around it.
    bridged : tuple of (float, float)
        Start and end in seconds of stretches in which the body was out of sight for a moment
        and its way was drawn straight from the last frame to the next.
    """

    motion: Motion
    calibration: Calibration
    bridged: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Sequence:
    """A form as a teacher recorded it.

    Attributes
    ----------
    id : str
    takes : tuple of Take
        At least one; the first is the one that is followed.
    titles : mapping of language to str
    phases : tuple of Phase
        In order, without overlap.
    view : {"front", "side"}
    symmetry : {"symmetric", "mirrored", "one-sided"}
        Of the form as a whole, used where no phase says otherwise.
    joints : tuple of str
        Joints whose angle matters.
    tolerances : mapping of measure to float
        In the measure's unit; floors hold below.
    cues : mapping of ``measure.direction`` to language to tuple of str
        The teacher's own words.
    teacher, origin, licence, consent : str
    set : str
        Name of the set of forms it belongs to, such as ``"baduanjin"``; empty if to none.
    number : int or None
        Its place in the set, 0 to 999.
    posture : {"standing", "seated"}
    """

    id: str
    takes: tuple[Take, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    view: str = "front"
    symmetry: Symmetry = "symmetric"
    joints: tuple[str, ...] = DEFAULT_JOINTS
    tolerances: Mapping[str, float] = field(default_factory=dict)
    cues: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    teacher: str = ""
    origin: str = ""
    licence: str = ""
    consent: str = ""
    set: str = ""
    number: int | None = None
    posture: Posture = "standing"

    @property
    def duration_s(self) -> float:
        """Seconds of the take that is followed."""
        return self.takes[0].motion.duration_s

    def title(self, language: str) -> str:
        """Return the title in a language, or in another one, or the id."""
        return find_title(self.titles, language) or self.id

    @property
    def all_joints(self) -> tuple[str, ...]:
        """Joints whose angle matters somewhere in the form."""
        marked = [j for p in self.phases if p.joints is not None for j in p.joints]
        return tuple(dict.fromkeys([*self.joints, *marked]))

    def cues_in(self, phase: str | None) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Return the teacher's words in a phase: its own before the form's."""
        own: Mapping[str, Mapping[str, tuple[str, ...]]] = next(
            (p.cues for p in self.phases if p.id == phase), {}
        )
        if not own:
            return self.cues
        return {**self.cues, **{k: {**self.cues.get(k, {}), **v} for k, v in own.items()}}

    def phase_at(self, place_s: float) -> Phase | None:
        """Return the phase at a place, if it lies in one."""
        for phase in self.phases:
            if phase.start_s <= place_s < phase.end_s:
                return phase
        return self.phases[-1] if self.phases and place_s >= self.phases[-1].end_s else None

    @classmethod
    def from_takes(
        cls,
        motions: Iterable[Motion],
        *,
        id: str = "sequence",
        symmetry: Symmetry = "symmetric",
        joints: tuple[str, ...] = DEFAULT_JOINTS,
        tolerances: Mapping[str, float] | None = None,
    ) -> Sequence:
        """Make a sequence from recordings of one repetition each.

        Parameters
        ----------
        motions : iterable of Motion
            At least one. Quiet standing at its start or end, if there is some, sets the vertical.
            Points that were lost for a moment are bridged, as in `posecoach.analyze`.

        Raises
        ------
        SequenceError
            There is no motion, or one is too short or has no body in it.
        """
        takes = tuple(take_of(bridge_points(m)) for m in motions)
        if not takes:
            raise SequenceError("Expected at least one take but got none.")
        return cls(id, takes, symmetry=symmetry, joints=joints, tolerances=tolerances or {})


def take_of(motion: Motion, calibration: Calibration | None = None) -> Take:
    """Return a motion of one repetition as a take whose times start at 0."""
    found = motion.found
    seen = float(found.mean()) if len(motion) else 0.0
    if motion.duration_s < 1.0 or seen < 0.5:
        raise SequenceError(
            f"Expected a take of at least 1 s with a body in it but got {motion.duration_s:.1f} s "
            f"with a body in {100 * seen:.0f} % of it; record it again."
        )
    if calibration is None:
        plane, world = motion.plane(), motion.world
        span = find_still_stance(motion.time_s, plane, world)
        if span is None:
            first = int(found.argmax())
            near = slice(first, first + max(3, int(0.3 * min(motion.fps, 1000.0))))
            calibration = calibrate(plane[near], world[near], 0.0)
        else:
            still = slice(*span)
            seconds = float(motion.time_s[span[1] - 1] - motion.time_s[span[0]])
            calibration = calibrate(plane[still], world[still], seconds)
    return Take(motion.shifted(-float(motion.time_s[0])), calibration)
