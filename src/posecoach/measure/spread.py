"""What a teacher's takes say of what may vary: the tolerance by place in the form.

Where the takes agree, a practitioner is held to it; where the teacher does it now so and now
so, the practitioner may. A tolerance is twice the takes' own spread about the first, which is
the one that is followed; never below the floor of what a camera can judge, and never above
three times that, for a take in which the camera was wrong must not excuse everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, minimum_filter1d

from posecoach.body import JOINT_ANGLES
from posecoach.follow.takes import Alignment, align_take
from posecoach.follow.track import SMOOTH_S, STEP_S, Track, make_track
from posecoach.measure.evenness import compare_evenness
from posecoach.measure.girdle import compute_girdle_tilt
from posecoach.measure.judgement import get_floor
from posecoach.posture.angles import compute_limb_lengths
from posecoach.posture.resample import median_found, quantile_found
from posecoach.reference.marks import NO_MARKS, Marks, get_marks
from posecoach.reference.sequence import Sequence, Take

Array = NDArray[np.float64]

FACTOR = 2.0  # times the takes' spread
MOST = 3.0  # times the floor
_HELD_S = 0.2  # a deviation counts when it is held; standard deviation of the averaging
_SLACK_S = 0.5  # so far on both sides a spread is felt: nobody is at the same place to a frame
_MOVING = 0.12  # trunk lengths a second
_IN_PLANE = 0.75  # as in `posecoach.measure.repetition`


@dataclass(frozen=True, eq=False)
class Tolerances:
    """Tolerances by measure and place.

    Attributes
    ----------
    curves : mapping of str to (m,) array
        By measure over the reference's grid of `STEP_S`, in the measure's unit. A measure that
        is not there has its floor everywhere.
    fixed : mapping of str to float
        The teacher's own numbers; they go before the curves, and floors before both.
    marks : Marks
        Phases with numbers of their own; these go before both, inside them.
    """

    curves: Mapping[str, Array] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)
    marks: Marks = NO_MARKS

    def at(self, measure: str, places_s: Array) -> Array:
        """Return the tolerance at places.

        Parameters
        ----------
        measure : str
        places_s : (...) array
            Seconds of the reference.

        Returns
        -------
        (...) array
        """
        places = np.asarray(places_s, dtype=float)
        if measure in self.fixed or measure not in self.curves:
            out = np.full(places.shape, self.typical(measure))
        else:
            curve = self.curves[measure]
            out = np.asarray(np.interp(places / STEP_S, np.arange(len(curve)), curve))
        if not any(measure in p.tolerances for p in self.marks.phases):
            return out
        own = self.marks.tolerance_at(measure, places)
        return np.where(np.isnan(own), out, np.maximum(own, get_floor(measure)))

    def typical(self, measure: str) -> float:
        """Return the tolerance of a measure over the form as a whole: the median over places."""
        floor = get_floor(measure)
        if measure in self.fixed:
            return max(floor, self.fixed[measure])
        return self._medians.get(measure, floor)

    @cached_property
    def _medians(self) -> dict[str, float]:
        return {measure: float(np.median(curve)) for measure, curve in self.curves.items()}


def compute_tolerances(
    takes: tuple[Take, ...],
    fixed: Mapping[str, float] | None = None,
    track: Track | None = None,
    marks: Marks = NO_MARKS,
) -> Tolerances:
    """Return the tolerances that the spread of takes comes to.

    Parameters
    ----------
    takes : tuple of Take
        The first is the reference; one alone says nothing of spread.
    fixed : mapping of str to float, optional
        The teacher's own numbers, by measure.
    track : Track, optional
        Of the first take, if it is at hand.
    marks : Marks, optional
        Phases with numbers of their own.
    """
    if len(takes) < 2:
        return Tolerances({}, dict(fixed or {}), marks)
    reference = track or make_track(takes[0])
    aligned = [align_take(make_track(t), reference) for t in takes[1:]]
    curves: dict[str, Array] = {}
    deviations = [compute_deviations(a, reference) for a in aligned]
    for measure in deviations[0]:
        curves[measure] = _widen(measure, np.stack([d[measure] for d in deviations]))
    return Tolerances(curves, dict(fixed or {}), marks)


_KEPT: WeakKeyDictionary[Sequence, Tolerances] = WeakKeyDictionary()


def get_tolerances(sequence: Sequence) -> Tolerances:
    """Return a sequence's tolerances; they are computed once for each that was loaded."""
    found = _KEPT.get(sequence)
    if found is None:
        found = _KEPT[sequence] = compute_tolerances(
            sequence.takes, sequence.tolerances, marks=get_marks(sequence)
        )
    return found


def compute_deviations(a: Alignment, reference: Track) -> dict[str, Array]:
    """Return how a take deviates from the first, by measure; (m,) each, NaN where not judged.

    Parameters
    ----------
    a : Alignment
    reference : Track
    """
    own, ref = a.track.signals, reference.signals
    out = {
        name: a.sample(getattr(own, name)) - getattr(ref, name)
        for name in ("lateral_lean", "pelvis_tilt")
    }
    theirs = compute_girdle_tilt(ref.shoulder_tilt, ref.elevation)
    girdle = compute_girdle_tilt(a.sample(own.shoulder_tilt), a.sample(own.elevation))
    out["shoulder_tilt"] = girdle - theirs
    rest = median_found(ref.elevation[:3])
    expected = rest + a.amplitude * (ref.elevation - rest)
    arms = a.sample(own.elevation)
    out["arm_height_difference"] = (arms[:, 0] - arms[:, 1]) - (expected[:, 0] - expected[:, 1])
    joints = a.sample(own.joints) - ref.joints
    shown = a.sample(_shown(a.track)), _shown(reference)
    for k, joint in enumerate(JOINT_ANGLES):
        deviation = joints[:, k]
        if joint.endswith("elbow"):
            side = 0 if joint.startswith("left") else 1
            in_plane = np.minimum(shown[0][:, side], shown[1][:, side]) > _IN_PLANE
            deviation = np.where(in_plane, deviation, np.nan)
        out[f"joint_angle.{joint}"] = deviation
    # A quarter faster and a quarter slower are as far off.
    pace = np.maximum(a.tempo, 1.0 / a.tempo) - 1.0
    out["tempo_ratio"] = np.where(_find_moving(reference), pace, np.nan)
    path = np.maximum.accumulate(a.time_s) + 1e-6 * np.arange(len(a.time_s))
    places = np.interp(a.track.time_s, path, reference.time_s)
    even = compare_evenness(
        a.track.time_s, own.features[:, :4], places, reference, a.track.jitter, SMOOTH_S
    )
    out["evenness"] = np.full(
        len(reference.time_s), np.nan if even is None else even.value - even.reference
    )
    return out


def _shown(track: Track) -> Array:
    """Return by how much of its length each limb shows; least of its two parts, (m, sides)."""
    lengths = compute_limb_lengths(track.plane)
    return np.asarray((lengths / quantile_found(lengths, 0.95)).min(axis=2))


def _find_speed(track: Track) -> Array:
    """Return the two wrists' common speed, trunk lengths a second; (m,)."""
    wrists = np.nan_to_num(track.signals.features[:, :4])
    smooth = gaussian_filter1d(wrists, 0.1 / STEP_S, axis=0, mode="nearest")
    return np.asarray(np.linalg.norm(np.gradient(smooth, STEP_S, axis=0), axis=1))


def _find_moving(track: Track) -> NDArray[np.bool_]:
    """Return where the arms have been moving for a moment and will: elsewhere is no tempo."""
    moving = _find_speed(track) > _MOVING
    return np.asarray(minimum_filter1d(moving, 2 * round(_SLACK_S / STEP_S) + 1, mode="nearest"))


def _widen(measure: str, deviations: Array) -> Array:
    """Return the tolerance that deviations of takes come to; (takes, m) to (m,)."""
    floor = get_floor(measure)
    seen = np.isfinite(deviations)
    held = gaussian_filter1d(
        np.where(seen, deviations, 0.0), _HELD_S / STEP_S, axis=1, mode="nearest"
    )
    spread = np.sqrt((held**2).sum(axis=0) / np.maximum(seen.sum(axis=0), 1))
    reach = 2 * round(_SLACK_S / STEP_S) + 1
    wide = maximum_filter1d(spread, reach, mode="nearest")
    wide = gaussian_filter1d(wide, 0.5 * _SLACK_S / STEP_S, mode="nearest")
    return np.clip(FACTOR * wide, floor, MOST * floor)
