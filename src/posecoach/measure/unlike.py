"""Recordings of two kinds of trackers: what one calls a joint lies elsewhere for the other.

Two models on one picture differ by little, a depth camera and a picture by more, markers on the
skin by most: of lean by up to 3 degrees of 30, of a knee's angle by 5 to 25. That may not be taken
for the person's doing. Kinds are told apart by the points of face and hands they give at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.body import INDEX, JOINT_ANGLES
from posecoach.follow.track import Track, once_a_track
from posecoach.measure.judgement import Judgement
from posecoach.measure.performance import Performance
from posecoach.posture.resample import quantile_found

Array = NDArray[np.float64]

MORE: Mapping[str, float] = {
    "tempo_ratio": 0.02,
    "lateral_lean": 1.0,
    "forward_lean": 2.0,
    "shoulder_tilt": 1.0,
    "pelvis_tilt": 1.0,
    "arm_height_difference": 2.0,
    "left_right_delay": 15.0,
    "trunk_limb_delay": 250.0,
    "joint_angle": 12.0,
    "carriage": 8.0,
}
"""Further standard error of a reading, in its unit."""

UNTOLD = ("evenness", "sway", "symmetry_index", "carriage.head")
"""What lies within the difference of two trackers."""

_SHARE, _ENDS = 0.15, (0.02, 0.98)  # of how far the reference goes, without its extremes
_WIDEST = 2.0  # tolerances
_APART = 0.55  # trunk lengths; places were right up to 0.5, wrong from 0.62 on
_HANDS = ("pinky", "thumb", "index")
_TELLING = [
    i
    for name, i in INDEX.items()
    if 0 < i < INDEX["left_shoulder"] or (name.endswith(_HANDS) and "foot" not in name)
]


def find_given(plane: Array) -> NDArray[np.bool_]:
    """Return which points of face and hands are ever given; (..., 33, 2) to (points,)."""
    found = np.isfinite(plane[..., _TELLING, 0])
    return np.asarray(found.reshape(-1, len(_TELLING)).any(axis=0))


@once_a_track
def find_given_by(track: Track) -> NDArray[np.bool_]:
    """Return the same of a reference."""
    return find_given(track.plane)


def are_alike(p: Performance, track: Track) -> bool:
    """Return whether a performance and its reference were recorded by one kind of tracker."""
    deep = p.space is not None
    return deep == track.deep and bool((find_given(p.plane) == find_given_by(track)).all())


def measure_misfit(p: Performance, track: Track) -> float:
    """Return how far the wrists are from the reference's along the path; trunk lengths.

    The root mean square over time of all four coordinates, what is always the same apart.
    """
    own = p.signals.features[:, :4]
    apart = (own - track.sample(track.signals.features[:, :4], p.places_s))[p.good]
    apart = apart[np.isfinite(apart).all(axis=1)]
    return float(np.sqrt(apart.var(axis=0).sum())) if len(apart) else float("inf")


def estimate_unlike(measure: str, track: Track) -> float:
    """Return the further standard error between two kinds of trackers, in the measure's unit.

    Trackers that put a joint elsewhere read the same movement larger or smaller: a share of how
    far the reference itself goes in this measure.
    """
    kind, _, joint = measure.partition(".")
    course = getattr(track.signals, kind, None)
    if kind == "joint_angle":
        course = track.signals.joints[:, list(JOINT_ANGLES).index(joint)]
    goes = 0.0
    if course is not None and np.isfinite(course).any():
        low, high = (quantile_found(course, share) for share in _ENDS)
        goes = float(high - low)
    return float(np.hypot(MORE.get(kind, 0.0), _SHARE * goes))


def widen(measures: Mapping[str, Judgement], track: Track, misfit: float) -> dict[str, Judgement]:
    """Return the readings of a repetition with what two kinds of trackers differ by.

    Parameters
    ----------
    measures : mapping of str to Judgement
    track : Track
        Of the reference.
    misfit : float
        See `measure_misfit`; where that is large, the place is not known.
    """
    out = {}
    for name, j in measures.items():
        if not j.judged:
            out[name] = j
            continue
        more = estimate_unlike(name, track)
        wide = replace(j, uncertainty=float(np.hypot(j.uncertainty or 0.0, more)))
        if name in UNTOLD or misfit > _APART or wide.is_unsure(_WIDEST * j.tolerance):
            wide = Judgement.unseen(name, "other_tracker", j.tolerance)
        out[name] = wide
    return out
