"""How far a repetition's carriage is off: in parts that may be cued, and as one number, told.

Where depth was measured, ``carriage.trunk``, ``carriage.head``, ``carriage.arms`` and
``carriage.legs`` say how far each region of the body is from where the reference leads one to
expect it (`posecoach.measure.carriage`): degrees at the reference's amplitude, 0 = as expected.
From a picture alone they are not measured: a guessed depth is wrong by more than they are wide.

Their one number, the strain, orders repetitions of a form by how they were carried. It is no
grade: what it is for one form and one camera says nothing of another, so that it has no
tolerance, and nothing is cued on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.track import Track
from posecoach.measure.carriage import (
    NOISE_DEG,
    REGIONS,
    Carriage,
    compare_carriage,
    compute_relative,
    compute_strain,
    sample_directions,
)
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Performance
from posecoach.measure.spread import Tolerances

Array = NDArray[np.float64]

PICTURE_DEG = 0.6
"""Standard error of a strain read from a picture: by so much three models differ on one clip."""
SPACE_DEG = 0.3
_BLOCKS = 6  # of a repetition, that tell independently of each other


@dataclass(frozen=True, eq=False)
class Courses:
    """What a repetition's strain is computed from; small enough to keep.

    Attributes
    ----------
    own, reference : (60, 12, 3) array
        See `posecoach.measure.carriage.sample_directions`.
    deep : bool
        Whether in space, by measured depth, or in the picture's plane.
    """

    own: Array
    reference: Array
    deep: bool


@dataclass(frozen=True, eq=False)
class Strain:
    """A repetition's strain.

    Attributes
    ----------
    value_deg, error_deg : float
        Degrees at the reference's amplitude, and one standard error.
    carriage : Carriage
        What it is made of.
    regions : mapping of str to (float, float)
        Root mean square over a region's parts and one standard error, degrees at the
        reference's amplitude; regions not seen are left out.
    """

    value_deg: float
    error_deg: float
    carriage: Carriage
    regions: Mapping[str, tuple[float, float]]


def keep_courses(p: Performance, track: Track, view: str) -> Courses | None:
    """Return what a strain can be computed from later; None where it cannot be told.

    From a picture alone only where it shows the person from the front: a body that is turned
    holds all its parts another way in it.
    """
    if p.space is None and view not in ("front", "oblique"):
        return None
    along = np.maximum.accumulate(p.places_s)
    span = (track.time_s >= along[0]) & (track.time_s <= along[-1])
    if span.sum() < 30:
        return None
    own, theirs = (p.plane, track.plane) if p.space is None else (p.space, track.world)
    return Courses(
        sample_directions(p.time_s, own),
        sample_directions(track.time_s[span], theirs[span]),
        p.space is not None,
    )


def measure_strain(courses: Courses) -> Strain | None:
    """Return the strain of a repetition, or None where too little of the body was seen.

    Its error is that of leaving out a sixth of the repetition in turn (jackknife, Quenouille
    1949), together with what another model would have read.
    """
    carriage = compare_carriage(courses.own, courses.reference)
    if carriage is None:
        return None
    rows = np.arange(len(carriage.deviation))
    left_out = np.stack(
        [
            compute_relative(np.delete(carriage.deviation, block, axis=0), carriage.amplitude)
            for block in np.array_split(rows, _BLOCKS)
        ]
    )
    model = SPACE_DEG if courses.deep else PICTURE_DEG
    spread = _spread(np.array([compute_strain(relative) for relative in left_out]))
    regions = {}
    for name, parts in REGIONS.items():
        seen = [k for k in parts if np.isfinite(carriage.relative[k])]
        if seen:
            off = np.sqrt((carriage.relative[seen] ** 2).mean())
            error = _spread(np.sqrt((left_out[:, seen] ** 2).mean(axis=1)))
            regions[name] = float(off), float(np.hypot(error, NOISE_DEG))
    return Strain(
        compute_strain(carriage.relative), float(np.hypot(spread, model)), carriage, regions
    )


def judge_carriage(strain: Strain | None, tolerances: Tolerances) -> dict[str, Judgement]:
    """Judge how the regions of the body were carried, amplitude taken out; degrees, 0 or more.

    Parameters
    ----------
    strain : Strain or None
        In space; None where too little of the body was seen.
    tolerances : Tolerances

    Returns
    -------
    dict of str to Judgement
        ``carriage.trunk`` and so on: root mean square over the repetition and the region's parts.
    """
    out = {}
    for region in REGIONS:
        measure = f"carriage.{region}"
        tolerance = tolerances.typical(measure)
        if strain is None or region not in strain.regions:
            out[measure] = Judgement.unseen(measure, "hidden", tolerance)
            continue
        off, error = strain.regions[region]
        out[measure] = Judgement(
            off, 0.0, off, off, error, tolerance, get_unit(measure), True, None
        )
    return out


def _spread(left_out: Array) -> float:
    """Return the jackknife's standard error of readings that each leave out one block."""
    return float(np.std(left_out)) * float(np.sqrt(_BLOCKS - 1))
