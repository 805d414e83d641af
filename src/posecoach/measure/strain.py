"""How far a repetition's carriage is off, as one number with its error: told, never cued.

The number orders repetitions of a form by how they were carried (`posecoach.measure.carriage`);
its parts say where. It is no grade: what it is for one form and one camera says nothing of
another, so that it has no tolerance, and nothing is cued on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.track import Track
from posecoach.measure.carriage import (
    Carriage,
    compare_carriage,
    compute_strain,
    sample_directions,
)
from posecoach.measure.performance import Performance

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
    """

    value_deg: float
    error_deg: float
    carriage: Carriage


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
    square = carriage.deviation**2
    seen = np.isfinite(carriage.relative)
    left_out = []
    for block in np.array_split(np.arange(len(square)), _BLOCKS):
        rest = np.delete(square[:, seen], block, axis=0)
        relative = np.full(len(seen), np.nan)
        relative[seen] = np.sqrt(np.nanmean(rest, axis=0)) / carriage.amplitude
        left_out.append(
            compute_strain(
                Carriage(
                    carriage.amplitude,
                    carriage.amplitudes,
                    carriage.path,
                    carriage.deviation,
                    relative,
                )
            )
        )
    spread = float(np.std(left_out)) * np.sqrt(_BLOCKS - 1)
    model = SPACE_DEG if courses.deep else PICTURE_DEG
    return Strain(compute_strain(carriage), float(np.hypot(spread, model)), carriage)
