"""Carriage: how the parts of the body are held along the form, amplitude taken out.

Lean, tilts and arm heights each look at one line. A head that drops, a trunk that turns, a knee
that falls inwards or an arm that leaves its plane show in none of them. Here every part's
direction is compared with what the reference leads one to expect at the same place. What one
expects is built on the practitioner's own start posture: each part is turned from it as the
reference's part is turned from the reference's, by the practitioner's own amplitude of trunk,
arms and legs. So a body of other proportions, a habitual posture, a movement of half the size
and a shallow bend of the knees deviate by little; what is left is how one moves, not how far.

All of it is relative to the amplitude of the whole: swaying by five degrees while raising an arm
by twenty is another thing than while raising it by ninety.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.body import ANKLES, ELBOWS, HIPS, KNEES, NOSE, SHOULDERS, WRISTS
from posecoach.motion import Motion
from posecoach.posture.angles import middle
from posecoach.posture.resample import STEP_S, interpolate

Array = NDArray[np.float64]

PARTS: tuple[str, ...] = (
    "trunk",
    "head",
    "shoulders",
    "pelvis",
    "left_upper_arm",
    "left_forearm",
    "right_upper_arm",
    "right_forearm",
    "left_thigh",
    "left_shank",
    "right_thigh",
    "right_shank",
)
"""Parts of the body in the order of all arrays here."""

AMPLITUDE = (0.3, 1.6)  # of the practitioner against the reference that are believed
NOISE_DEG = 2.0  # of a part's direction; deviations below it tell nothing
SMOOTH_S = 0.07

REGIONS: Mapping[str, tuple[int, ...]] = {
    "trunk": (0, 2, 3),
    "head": (1,),
    "arms": (4, 5, 6, 7),
    "legs": (8, 9, 10, 11),
}
"""Indices of the parts that are judged together."""

_TOGETHER = ((0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11))  # parts of one amplitude
_USED = [NOSE, *SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES]
_WHOLE = 0.05  # share of the whole body's turning by which a region's amplitude is drawn to it
_FRAMES = 60  # a repetition is looked at in so many even steps of time
_REST = 5  # of them that show the start posture
_MOST = 3  # steps of the reference that one step may pass
_OTHER_FORM_DEG = 25.0  # root mean square over the parts beyond which it is another form
_OTHER_PART_DEG = 35.0  # the same of the second worst part: one may be a tracker's error
_SEEN = 0.6  # share of a repetition in which a part must be seen


@dataclass(frozen=True, eq=False)
class Carriage:
    """How a repetition was carried, against the reference.

    Attributes
    ----------
    amplitude : float
        Size of the movement / the reference's, the whole body as one.
    amplitudes : (parts,) array
        The same of the region each part belongs to: trunk and head, arms, legs.
    path : (n,) array
        Share of the reference, 0 to 1, at even steps of the repetition's time.
    deviation : (n, parts) array
        Angle in degrees between each part and where the reference leads one to expect it;
        NaN where a part was not seen.
    relative : (parts,) array
        Root mean square of `deviation` / `amplitude`, degrees; NaN for parts not seen.
    """

    amplitude: float
    amplitudes: Array
    path: Array
    deviation: Array
    relative: Array

    def by_part(self) -> Mapping[str, float]:
        """Return `relative` by name of the part; NaN for parts not seen."""
        return dict(zip(PARTS, (float(v) for v in self.relative), strict=True))


def compute_directions(points: Array) -> Array:
    """Return the direction of each part.

    Parameters
    ----------
    points : (..., 33, 2 or 3) array
        Any unit; with two columns the depth is taken as zero.

    Returns
    -------
    (..., 12, 3) array
        Unit vectors in the order of `PARTS`; NaN where an end was not found.
    """
    shoulder, hip = middle(points, SHOULDERS), middle(points, HIPS)
    lines = [
        shoulder - hip,
        points[..., NOSE, :] - shoulder,
        points[..., SHOULDERS[0], :] - points[..., SHOULDERS[1], :],
        points[..., HIPS[0], :] - points[..., HIPS[1], :],
    ]
    for chain in ((SHOULDERS, ELBOWS, WRISTS), (HIPS, KNEES, ANKLES)):
        for side in (0, 1):
            for a, b in ((0, 1), (1, 2)):
                lines.append(points[..., chain[b][side], :] - points[..., chain[a][side], :])
    out = np.stack(lines, axis=-2)
    if out.shape[-1] == 2:
        out = np.concatenate([out, np.zeros((*out.shape[:-1], 1))], axis=-1)
    return _unit(out)


def trace_directions(motion: Motion, *, flat: bool = False) -> Array:
    """Return the parts' directions over one repetition at even steps of its time.

    Parameters
    ----------
    motion : Motion
        One repetition, from start posture to start posture.
    flat : bool
        Whether to look at the picture alone, also where there is depth.

    Returns
    -------
    (60, 12, 3) array
    """
    depth = not flat and bool(np.isfinite(motion.world).any())
    return sample_directions(motion.time_s, motion.world if depth else motion.plane())


def sample_directions(time_s: Array, points: Array) -> Array:
    """Return the parts' directions at even steps of time.

    Parameters
    ----------
    time_s : (n,) array
        Growing.
    points : (n, 33, 2 or 3) array
        Gaps are bridged linearly.

    Returns
    -------
    (60, 12, 3) array
    """
    times = np.arange(time_s[0], time_s[-1] + 1e-9, STEP_S)
    even = np.full((len(times), *points.shape[1:]), np.nan)
    smooth = interpolate(times, time_s, points[:, _USED])
    even[:, _USED] = gaussian_filter1d(smooth, SMOOTH_S / STEP_S, axis=0, mode="nearest")
    at = np.linspace(times[0], times[-1], _FRAMES)
    return _unit(interpolate(at, times, compute_directions(even)))


def compare_carriage(own: Array, reference: Array) -> Carriage | None:
    """Compare two repetitions of a form.

    Parameters
    ----------
    own, reference : (n, 12, 3) array
        See `trace_directions`.

    Returns
    -------
    Carriage or None
        None where trunk and at least three other parts were not seen in both, or where the
        reference does not move.
    """
    seen = _share_seen(own) * _share_seen(reference) > 0
    if not seen[0] or seen.sum() < 4:
        return None
    rest, start = _start(own), _start(reference)
    turn = compute_turns(start, reference)
    turn[:, ~seen] = 0.0
    made = compute_turns(rest, own)
    if not float(np.nanmean(turn[:, seen] ** 2)) > 1e-4:
        return None
    amplitude, amplitudes = _size(made, turn, seen)
    expected = turn_by(rest, amplitudes[:, None] * turn)
    path = _warp(own[:, seen], expected[:, seen])
    apart = np.linalg.norm(own - expected[path], axis=2)
    deviation = np.degrees(2 * np.arcsin(np.clip(apart / 2, 0, 1)))
    deviation[:, ~seen] = np.nan
    path_share = path / (len(reference) - 1)
    relative = compute_relative(deviation, amplitude)
    return Carriage(amplitude, amplitudes, path_share, deviation, relative)


def compute_relative(deviation: Array, amplitude: float) -> Array:
    """Return the root mean square of deviations over time, at the reference's amplitude.

    Parameters
    ----------
    deviation : (n, parts) array
        Degrees; NaN where a part was not seen.
    amplitude : float
        Size of the movement / the reference's.

    Returns
    -------
    (parts,) array
        Degrees; NaN for parts not seen.
    """
    seen = np.isfinite(deviation)
    mean = np.where(seen, deviation, 0.0) ** 2
    found = seen.sum(axis=0)
    return np.asarray(np.sqrt(mean.sum(axis=0) / np.where(found > 0, found, np.nan)) / amplitude)


def compute_strain(relative: Array) -> float:
    """Return one number for how far a repetition's carriage is off: for ordering, not for people.

    The geometric mean over the parts of deviation and noise: a part that is twice as far off
    counts the same wherever it is, so that the noisiest part does not drown the others.

    Parameters
    ----------
    relative : (parts,) array
        See `Carriage`; NaN for parts not seen.

    Returns
    -------
    float
        Degrees at the reference's amplitude.
    """
    known = relative[np.isfinite(relative)]
    return float(np.exp(np.log(known + NOISE_DEG).mean()) - NOISE_DEG)


def is_same_form(carriage: Carriage) -> bool:
    """Return whether a stretch can be a repetition of the reference's form at all.

    Of repetitions of one form by different people, also deliberately incorrect ones, 99 in 100
    pass; standing still and most other forms do not.
    """
    known = carriage.relative[np.isfinite(carriage.relative)]
    off = float(np.sqrt((known**2).mean()))
    return bool(off <= _OTHER_FORM_DEG and carriage.amplitude > AMPLITUDE[0])


def is_whole_form(carriage: Carriage) -> bool:
    """Return whether a stretch is the reference's form from its start to its end.

    Stricter than `is_same_form`, for stretches that nothing else speaks for. Half a form, laid
    on the whole, fits as long as it lasts and stops far from the end; another form may fit in
    most parts of the body, but not in all.
    """
    off = np.sqrt(np.nanmean(carriage.deviation**2, axis=1)) / carriage.amplitude
    edge = max(1, len(off) // 10)
    ends = max(float(np.median(off[:edge])), float(np.median(off[-edge:])))
    second = float(np.sort(carriage.relative[np.isfinite(carriage.relative)])[-2])
    return is_same_form(carriage) and ends <= _OTHER_FORM_DEG and second <= _OTHER_PART_DEG


def compute_turns(rest: Array, directions: Array) -> Array:
    """Return by what turn each part leaves its start.

    Parameters
    ----------
    rest : (parts, 3) array
        Unit vectors.
    directions : (n, parts, 3) array
        Unit vectors.

    Returns
    -------
    (n, parts, 3) array
        Axis times angle in radians, the shortest turn.
    """
    axis = np.cross(np.broadcast_to(rest, directions.shape), directions)
    sine = np.linalg.norm(axis, axis=-1)
    angle = np.arctan2(sine, (rest * directions).sum(axis=-1))
    return np.asarray(axis / np.maximum(sine, 1e-12)[..., None] * angle[..., None])


def turn_by(rest: Array, turns: Array) -> Array:
    """Return directions turned from a start, the inverse of `compute_turns`.

    Parameters
    ----------
    rest : (parts, 3) array
    turns : (n, parts, 3) array
        Axis times angle in radians.

    Returns
    -------
    (n, parts, 3) array
    """
    angle = np.linalg.norm(turns, axis=-1, keepdims=True)
    axis = turns / np.maximum(angle, 1e-12)
    along = (axis * rest).sum(axis=-1, keepdims=True)
    across = np.cross(axis, np.broadcast_to(rest, turns.shape))
    return np.asarray(
        rest * np.cos(angle) + across * np.sin(angle) + axis * along * (1 - np.cos(angle))
    )


def _unit(vectors: Array) -> Array:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, np.nan))


def _size(made: Array, turn: Array, seen: NDArray[np.bool_]) -> tuple[float, Array]:
    """Return the amplitude of the whole body and of each part's region against the reference's.

    All turning over the repetition counts together; a fit place by place would take noise for a
    smaller movement.
    """
    own, ref = (
        np.nanmean(np.where(seen[:, None], x, 0.0) ** 2, axis=0).sum(axis=1) for x in (made, turn)
    )
    whole = float(np.sqrt(own.sum() / ref.sum()))
    draw = _WHOLE * float(ref.sum())
    out = np.empty(len(PARTS))
    for region in _TOGETHER:
        part = list(region)
        out[part] = np.sqrt((own[part].sum() + draw * whole**2) / (ref[part].sum() + draw))
    return float(np.clip(whole, *AMPLITUDE)), np.clip(out, *AMPLITUDE)


def _share_seen(directions: Array) -> Array:
    share = np.isfinite(directions).all(axis=2).mean(axis=0)
    return np.where(share >= _SEEN, share, 0.0)


def _start(directions: Array) -> Array:
    """Return the start posture: the mean of the first steps, or of the first that were seen."""
    out = np.full(directions.shape[1:], np.nan)
    for k in range(directions.shape[1]):
        found = directions[np.isfinite(directions[:, k]).all(axis=1), k]
        if len(found):
            out[k] = found[:_REST].mean(axis=0)
    return _unit(out)


def _warp(own: Array, expected: Array) -> NDArray[np.intp]:
    """Return the frame of ``expected`` for each of ``own``, growing from first to last."""
    n, m = len(own), len(expected)
    off = ((own[:, None] - expected[None]) ** 2).sum(axis=3)
    known = np.isfinite(off)
    cost = np.where(known, off, 0.0).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    best = np.full(m, np.inf)
    best[0] = cost[0, 0]
    came = np.zeros((n, m), dtype=np.int8)
    options, everywhere = np.full((_MOST + 1, m), np.inf), np.arange(m)
    for i in range(1, n):
        for step in range(_MOST + 1):
            options[step, step:] = best[: m - step]
        came[i] = options.argmin(axis=0)
        best = options[came[i], everywhere] + cost[i]
    path = np.empty(n, dtype=np.intp)
    at = m - 1
    for i in range(n - 1, -1, -1):
        path[i] = at
        at -= int(came[i, at])
    return path
