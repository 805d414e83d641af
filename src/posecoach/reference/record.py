"""Making a sequence from a recording: trimming, splitting into repetitions, finding phases.

A recording may hold one or several repetitions, with quiet standing around and between them or
none, and walking in and out.
"""

from __future__ import annotations

from collections.abc import Sequence as Seq
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.errors import SequenceError
from posecoach.motion import Motion
from posecoach.posture.angles import rotate_plane
from posecoach.posture.calibration import (
    Calibration,
    calibrate,
    find_still_stance,
    turn_front,
)
from posecoach.posture.features import (
    FEATURES,
    MIRROR_FEATURES,
    SIDEWAYS,
    WEIGHTS,
    compute_features,
)
from posecoach.posture.resample import STEP_S, resample
from posecoach.reference.gaps import (
    MAX_BRIDGED_S,
    bridge_gaps,
    check_gaps,
    check_seen,
    find_gaps,
)
from posecoach.reference.naming import name_phase
from posecoach.reference.sequence import Phase, Sequence, Symmetry, Take

Array = NDArray[np.float64]

MIN_REPETITION_S = 2.5
PAD_S = 0.15
_AT_REST = 0.2  # share of the largest distance from the start posture that counts as back at it
_ALIKE = 0.3  # share of a repetition's own range by which two of them may differ
_PHASE_GAP_S = 1.2
_HEAD_TURN = FEATURES.index("head_turn")
_TURNED = 0.06  # weighted; a head that looks to the side shows twice that


@dataclass(frozen=True, eq=False)
class Course:
    """A recording as the splitter sees it.

    Attributes
    ----------
    time_s : (m,) array
        Even grid from 0.
    features : (m, features) array
        Weighted; start posture subtracted.
    distance : (m,) array
        From the start posture, trunk lengths.
    speed : (m,) array
        Of the posture, trunk lengths a second.
    calibration : Calibration
    """

    time_s: Array
    features: Array
    distance: Array
    speed: Array
    calibration: Calibration


def trace_course(motion: Motion) -> Course:
    """Return a recording's course away from its start posture."""
    times, plane, world = resample(motion)
    span = find_still_stance(times, plane, world)
    if span is not None:
        still = slice(*span)
        calibration = calibrate(
            plane[still], world[still], float(times[span[1] - 1] - times[span[0]])
        )
    else:
        calibration = calibrate(plane[:6], world[:6], 0.0)
    level = rotate_plane(plane, calibration.roll_deg)
    features = compute_features(turn_front(level, calibration.mirror), world)
    known = np.isfinite(features).all(axis=0) & np.isfinite(calibration.rest)
    weights = np.sqrt(np.where(known, WEIGHTS, 0.0))
    own = np.where(known, features - calibration.rest, 0.0) * weights
    own = gaussian_filter1d(own, 0.1 / STEP_S, axis=0, mode="nearest")
    velocity = np.gradient(own, STEP_S, axis=0)
    speed = gaussian_filter1d(np.linalg.norm(velocity, axis=1), 0.1 / STEP_S, mode="nearest")
    return Course(times, own, np.linalg.norm(own, axis=1), speed, calibration)


def find_repetitions(course: Course) -> list[tuple[float, float]]:
    """Return (start, end) of each repetition in seconds from the recording's start.

    The recording is cut wherever the body comes back to its start posture; then as few
    neighbouring pieces as make all groups alike are put together, so that a form that does the
    left side and then the right stays one repetition.

    Raises
    ------
    SequenceError
        Nothing in it moves for long enough.
    """
    far = float(np.quantile(course.distance, 0.98))
    if far < 0.3:
        raise SequenceError(
            "Expected a movement but the body stays in its start posture; record the form itself."
        )
    away = course.distance > _AT_REST * far
    pieces = _runs(away, course)
    if not pieces:
        raise SequenceError(
            f"Expected a movement of at least {MIN_REPETITION_S} s but found none; record it whole."
        )
    pieces = _drop_strangers(pieces, course)
    for size in range(1, len(pieces) + 1):
        if len(pieces) % size:
            continue
        groups = [pieces[i : i + size] for i in range(0, len(pieces), size)]
        spans = [(g[0][0], g[-1][1]) for g in groups]
        if len(spans) == 1 or _are_alike(spans, course):
            return spans
    return [(pieces[0][0], pieces[-1][1])]


def _runs(away: NDArray[np.bool_], course: Course) -> list[tuple[float, float]]:
    """Return the pieces away from the start posture, widened to where movement begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], away, [False]]).astype(int)))
    still = 0.06 * float(np.quantile(course.speed, 0.95))
    out: list[tuple[float, float]] = []
    n = len(away)
    ends = list(zip(edges[::2], edges[1::2], strict=True))
    for k, (first, stop) in enumerate(ends):
        low = ends[k - 1][1] if k else 0
        high = ends[k + 1][0] if k + 1 < len(ends) else n
        if k:
            low = low + int(np.argmin(course.distance[low:first])) if first > low else low
        if k + 1 < len(ends):
            high = stop + int(np.argmin(course.distance[stop:high])) + 1 if high > stop else high
        start = first
        while start > low and course.speed[start] > still:
            start -= 1
        end = stop - 1
        while end < high - 1 and course.speed[end] > still:
            end += 1
        if course.time_s[end] - course.time_s[start] >= 0.4 * MIN_REPETITION_S:
            out.append((float(course.time_s[start]), float(course.time_s[end])))
    return out


def _drop_strangers(pieces: list[tuple[float, float]], course: Course) -> list[tuple[float, float]]:
    """Leave out short pieces (a scratch, a step) where there are much longer ones."""
    del course
    longest = max(b - a for a, b in pieces)
    return [p for p in pieces if p[1] - p[0] >= 0.3 * longest]


def _are_alike(spans: Seq[tuple[float, float]], course: Course) -> bool:
    shapes = []
    for start, end in spans:
        at = np.linspace(start, end, 60)
        shapes.append(
            np.stack(
                [
                    np.interp(at, course.time_s, course.features[:, k])
                    for k in range(course.features.shape[1])
                ],
                axis=1,
            )
        )
    lengths = [b - a for a, b in spans]
    if max(lengths) > 1.7 * min(lengths):
        return False
    first = shapes[0]
    reach = float(np.linalg.norm(first, axis=1).max())
    for shape in shapes[1:]:
        same = float(np.linalg.norm(shape - first, axis=1).mean()) / reach
        other = float(np.linalg.norm(_mirror(shape) - first, axis=1).mean()) / reach
        # The other side's turn resembles the mirror image more than the thing itself.
        if same > _ALIKE or (same > 0.08 and other < 0.75 * same):
            return False
        if _turns_away(first[:, _HEAD_TURN], shape[:, _HEAD_TURN]):
            return False
    return True


def _turns_away(first: Array, other: Array) -> bool:
    """Return whether the head turns to one side and then, while all else is alike, to the other."""
    least = min(float(np.abs(first).max()), float(np.abs(other).max()))
    size = float(np.linalg.norm(first) * np.linalg.norm(other))
    return bool(least > _TURNED and float(first @ other) < -0.3 * size)


def _mirror(features: Array) -> Array:
    """Return features as seen in a mirror: columns of left and right exchanged, x turned."""
    out = features[:, MIRROR_FEATURES].copy()
    out[:, SIDEWAYS] *= -1
    return out


def find_phases(course: Course, start: float, end: float) -> tuple[Phase, ...]:
    """Return phases between the minima of speed; times count from ``start``."""
    inside = (course.time_s >= start) & (course.time_s <= end)
    speed = gaussian_filter1d(course.speed[inside], 0.25 / STEP_S, mode="nearest")
    t = course.time_s[inside] - start
    if len(t) < 10:
        return ()
    limit = 0.5 * float(np.median(speed))
    low = [
        i
        for i in range(1, len(t) - 1)
        if speed[i] <= speed[i - 1] and speed[i] < speed[i + 1] and speed[i] < limit
    ]
    borders = [0.0]
    for i in low:
        if t[i] - borders[-1] >= _PHASE_GAP_S and t[-1] - t[i] >= _PHASE_GAP_S:
            borders.append(float(t[i]))
    borders.append(float(t[-1]))
    phases, features = [], course.features[inside]
    for k, (a, b) in enumerate(pairwise(borders)):
        within = (t >= a) & (t <= b)
        titles = name_phase(features[within], speed[within], float(speed.mean()))
        phases.append(Phase(f"phase-{k + 1}", round(a, 2), round(b, 2), titles=titles))
    return tuple(phases)


def tell_symmetry(takes: Seq[Take]) -> Symmetry:
    """Return whether the sides do the same at once, the same in turn, or different things."""
    course = trace_course(takes[0].motion)
    f = course.features
    left, right = f[:, 0:2].copy(), f[:, 2:4].copy()
    right[:, 0] *= -1
    reach = float(np.abs(f[:, :4]).max())
    if float(np.linalg.norm(left - right, axis=1).mean()) < 0.18 * reach:
        return "symmetric"
    half = len(f) // 2
    swapped = np.concatenate([right[half:], right[:half]])[: len(left)]
    if float(np.linalg.norm(left - swapped, axis=1).mean()) < 0.35 * reach:
        return "mirrored"
    return "one-sided"


@dataclass(frozen=True, eq=False)
class Cut:
    """A repetition in a recording.

    Attributes
    ----------
    motion : Motion
        The recording it lies in, gaps bridged, without what cannot be used at its ends.
    start_s, end_s : float
        On the recording's own clock; frames between them are the take.
    calibration : Calibration
    bridged : tuple of (float, float)
        Stretches that were bridged in the whole recording, on its own clock.
    """

    motion: Motion
    start_s: float
    end_s: float
    calibration: Calibration
    bridged: tuple[tuple[float, float], ...] = ()

    def take(self) -> Take:
        """Return the repetition as a take, whose times begin at 0."""
        piece = self.motion.cut(self.start_s, self.end_s)
        first = float(piece.time_s[0])
        marks = tuple(
            (round(max(a - first, 0.0), 3), round(min(b - first, piece.duration_s), 3))
            for a, b in self.bridged
            if a < first + piece.duration_s and b > first
        )
        return Take(piece.shifted(-first), self.calibration, marks)


def find_cuts(motion: Motion) -> list[Cut]:
    """Return the repetitions in a recording, with a little standing before and after each.

    Raises
    ------
    SequenceError
        No movement was found, or the body was out of sight for too long in it.
    """
    motion, course, spans = _watch(motion)
    motion, bridged = bridge_gaps(motion)
    zero = float(motion.time_s[0])
    return [
        Cut(motion, zero + start - PAD_S, zero + end + PAD_S, course.calibration, bridged)
        for start, end in spans
        if end - start >= MIN_REPETITION_S
    ]


def suggest_phases(cut: Cut) -> tuple[Phase, ...]:
    """Return phases of a repetition between its minima of speed; times are those of its take."""
    course, zero = trace_course(cut.motion), float(cut.motion.time_s[0])
    piece = cut.motion.cut(cut.start_s, cut.end_s)
    inside = cut.start_s + PAD_S, cut.end_s - PAD_S
    phases = find_phases(course, inside[0] - zero, inside[1] - zero)
    return _shift(phases, inside[0] - float(piece.time_s[0]), piece.duration_s)


def make_sequence(id: str, motions: Seq[Motion], **fields: object) -> Sequence:
    """Make a sequence from recordings of one or several repetitions each.

    Gaps of up to half a second are bridged and marked (`Take.bridged`).

    Parameters
    ----------
    id : str
        Name of the form: small letters, digits and hyphens.
    motions : sequence of Motion
    **fields
        Further fields of `Sequence`.

    Raises
    ------
    SequenceError
        No movement was found, or the body was out of sight for too long in it.
    """
    takes: list[Take] = []
    phases: tuple[Phase, ...] = ()
    for cut in [c for motion in motions for c in find_cuts(motion)]:
        if not takes:
            phases = suggest_phases(cut)
        takes.append(cut.take())
    if not takes:
        raise SequenceError(
            f"Expected a repetition of at least {MIN_REPETITION_S} s but found none; "
            "record the whole form."
        )
    fields.setdefault("symmetry", tell_symmetry(takes))
    fields.setdefault("phases", phases)
    return Sequence(id, tuple(takes), **fields)  # type: ignore[arg-type]


def _watch(motion: Motion) -> tuple[Motion, Course, list[tuple[float, float]]]:
    """Return a recording cut to what can be used, its course, and where its repetitions are.

    Nobody at its ends, and a long gap before the first or after the last repetition (somebody
    walks in, or out to the camera), is cut off. A long gap between them is refused.
    """
    found = motion.found
    if found.any():
        first, last = int(found.argmax()), len(found) - 1 - int(found[::-1].argmax())
        motion = motion.cut(float(motion.time_s[first]), float(motion.time_s[last]))
    check_seen(motion)
    while True:
        course = trace_course(motion)
        spans = find_repetitions(course)
        zero = float(motion.time_s[0])
        begin, end = zero + spans[0][0] - PAD_S, zero + spans[-1][1] + PAD_S
        gaps = find_gaps(motion, MAX_BRIDGED_S)
        before = [b for _, b in gaps if b <= begin]
        after = [a for a, _ in gaps if a >= end]
        if len(before) + len(after) < len(gaps):
            check_gaps(motion.cut(begin, end))
        if not before and not after:
            return motion, course, spans
        motion = motion.cut(max(before, default=zero), min(after, default=float("inf")))
        check_seen(motion)


def _shift(phases: tuple[Phase, ...], offset: float, end: float) -> tuple[Phase, ...]:
    """Move phases by the padding and let the first and last reach the take's ends."""
    from dataclasses import replace

    moved = [
        replace(p, start_s=round(p.start_s + offset, 2), end_s=round(p.end_s + offset, 2))
        for p in phases
    ]
    if moved:
        moved[0] = replace(moved[0], start_s=0.0)
        moved[-1] = replace(moved[-1], end_s=int(end * 100 + 1e-6) / 100)  # not beyond the take
    return tuple(moved)
