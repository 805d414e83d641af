"""A whole repetition: its measures once it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posecoach._pieces import Pieces, finish
from posecoach.follow.leaps import Leap
from posecoach.follow.track import Track
from posecoach.measure.arms import judge_arm_heights, judge_delay
from posecoach.measure.coordination import judge_trunk_delay
from posecoach.measure.joints import judge_joint
from posecoach.measure.judgement import Judgement
from posecoach.measure.pace import find_moving, judge_evenness, judge_tempo
from posecoach.measure.performance import Comparison, Measure, Performance
from posecoach.measure.spread import Tolerances
from posecoach.measure.strain import Courses, judge_carriage, keep_courses, measure_strain
from posecoach.measure.symmetry import judge_symmetry
from posecoach.measure.tempo import Tempo, compute_tempo
from posecoach.measure.trunk import judge_forward_lean, judge_sway, judge_trunk
from posecoach.measure.unlike import are_alike, measure_misfit, widen
from posecoach.reference.marks import NO_MARKS, Marks

Array = NDArray[np.float64]

__all__ = ["MEASURES", "Performance", "Repetition", "measure_repetition"]

MEASURES: Mapping[str, Measure] = {
    "tempo_ratio": judge_tempo,
    "evenness": judge_evenness,
    "lateral_lean": judge_trunk,
    "shoulder_tilt": judge_trunk,
    "pelvis_tilt": judge_trunk,
    "forward_lean": judge_forward_lean,
    "left_right_delay": judge_delay,
    "arm_height_difference": judge_arm_heights,
    "symmetry_index": judge_symmetry,
    "sway": judge_sway,
    "trunk_limb_delay": judge_trunk_delay,
}
"""What is measured, in this order; later ones find earlier ones in `Comparison.done`."""

_LONG = ("left_right_delay", "arm_height_difference")  # what takes a piece of its own


@dataclass(frozen=True)
class Repetition:
    """One time through the form.

    Attributes
    ----------
    start_s, end_s : float
        Seconds of the recording.
    measures : mapping of str to Judgement
    worst_place_s : mapping of str to float
        Where in the reference the worst deviation was, by measure.
    tempo : Tempo or None
    path : (2, n) array
        Seconds of the recording and places in the reference.
    courses : Courses or None
        What `posecoach.measure.strain` is computed from, when somebody asks.
    leaps : tuple of Leap
        Parts of the form left out or repeated.
    """

    start_s: float
    end_s: float
    measures: Mapping[str, Judgement]
    worst_place_s: Mapping[str, float]
    tempo: Tempo | None
    path: Array
    courses: Courses | None = None
    leaps: tuple[Leap, ...] = ()


def measure_repetition(
    p: Performance,
    track: Track,
    joints: tuple[str, ...],
    tolerances: Tolerances,
    view: str,
    marks: Marks = NO_MARKS,
) -> Repetition:
    """Return all measures of a repetition.

    Parameters
    ----------
    p : Performance
    track : Track
        Of the reference.
    joints : tuple of str
        Joints whose angle matters.
    tolerances : Tolerances
        By measure and place.
    view : {"front", "back", "oblique", "side"}
    marks : Marks
        Where in the form joints matter and sides are compared.
    """
    return finish(measure_in_pieces(p, track, joints, tolerances, view, marks))


def measure_in_pieces(
    p: Performance,
    track: Track,
    joints: tuple[str, ...],
    tolerances: Tolerances,
    view: str,
    marks: Marks = NO_MARKS,
) -> Pieces[Repetition]:
    """Return what `measure_repetition` returns, piece by piece."""
    tempo = compute_tempo(p.time_s, p.places_s, find_moving(track, p.places_s), p.ends)
    together = Comparison(p, track, tolerances, view, joints, tempo, marks)
    measures = dict(MEASURES) | {f"joint_angle.{joint}": judge_joint for joint in joints}
    out: dict[str, Judgement] = {}
    where: dict[str, float] = {}
    for name, judge in measures.items():
        if name in _LONG:
            yield
        out[name], place = judge(name, replace(together, done=out))
        if place is not None:
            where[name] = place
    courses = keep_courses(p, track, view)
    if courses is not None and courses.deep:
        out |= judge_carriage(measure_strain(courses), tolerances)
    if not are_alike(p, track):
        out = widen(out, track, measure_misfit(p, track))
    return Repetition(
        float(p.time_s[0]),
        float(p.time_s[-1]),
        out,
        where,
        tempo,
        np.stack([p.time_s, p.places_s]),
        courses,
        p.leaps,
    )
