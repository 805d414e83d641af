"""How high each arm comes against the reference, judged in the picture.

Each side's height is taken as a smooth function of the reference's height at the same place: the
same on the way up and on the way down, in front of the body and beside it. It is fitted to where
the wrists are seen, together with where the camera stands (`posecoach.measure.sight`), so that
what another view does to both arms is not taken for a difference, and so that the error is wide
where the one can be the other: an arm that reaches to the camera, or one that is overhead.
Gauss-Newton steps with weights that leave outliers out (Huber 1964).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.track import Track
from posecoach.measure.sight import (
    DEPTH,
    DEPTH_SD,
    SIDES,
    Arms,
    Sight,
    place_arms,
    read_depth,
    see_arms,
)
from posecoach.posture.calibration import Calibration
from posecoach.posture.resample import quantile_found

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_KNOTS_DEG = (35.0, 60.0, 85.0, 110.0, 140.0, 170.0)  # of the reference's height, after the lowest
_HANGING_DEG = 32.0  # from which on the start posture is not the lowest
_STEP_DEG = 25.0
# Priors: height at rest, share, and by how much neighbouring knots differ besides, degrees; of
# both sides together and of left less right.
_BOTH, _APART = (3.0, 0.5, 5.0), (1.0, 0.15, 4.0)
_YAW, _UNSEEN_YAW, _PITCH, _SCALE, _ONE_SCALE, _ROLL = 0.08, 0.25, 0.15, 0.05, 0.012, 0.3
_LINE, _LINE_SD, _LINE_SHARE = 0.8, 0.3, 0.3  # of a tilt that is read, by which it is too small
# Errors of a wrist in the picture, trunk lengths: of itself; for each length that it is before
# the shoulder, across and up; across, of an arm near the vertical, which may go any way.
_SEEN, _AHEAD, _VERTICAL = 0.02, (0.10, 0.06), 0.3
_ALONG = 0.04  # of an upright arm's length
_DEEP = 0.2  # and of its depth against the reference's
_LATE_S = 0.06  # by which a place is wrong
_ALIKE_S = 0.7  # for so long neighbouring frames err together
_RATE_S = 0.1
_STILL = 0.15  # weight of a moment in a pause, which says the same again and again
_ROUNDS, _OUTLIER, _SETTLED_DEG = 8, 1.5, 0.05
_DRAWS = 64
_UP_DEG = 180.0
_POSTERIOR, _SHARE = 0.6, 0.1  # of the error that the fit claims; of time that may be misplaced


@dataclass(frozen=True, eq=False)
class Heights:
    """Both arms beside the reference's.

    Attributes
    ----------
    own, expected : (n, 2) array
        Elevations of left and right, degrees: the practitioner's, smoothed, and the reference's
        at the same place with the amplitude common to both sides.
    reference : (m, 2) array
        Elevations of the reference on its own grid.
    errors_deg : (n,) array
        One standard error of left less right against the expected.
    error_deg : float
        The same of its median over time.
    """

    own: Array
    expected: Array
    reference: Array
    errors_deg: Array
    error_deg: float


def fit_heights(
    plane: Array,
    depth: Array | None,
    calibration: Calibration,
    track: Track,
    time_s: Array,
    places_s: Array,
    ok: Mask,
    *,
    tilt_deg: float = 0.0,
    feet: bool = True,
) -> Heights | None:
    """Return how high both arms come.

    Parameters
    ----------
    plane : (n, 33, 2) array
    depth : (n, 2) array or None
        Of the wrists as the model gives it, see `posecoach.measure.sight.read_depth`.
    calibration : Calibration
        The practitioner's.
    track : Track
    time_s : (n,) array
    places_s : (n, 2) array
        Of each side, seconds of the reference.
    ok : (n,) array of bool
        Frames that can be believed.
    tilt_deg : float
        Shoulder tilt as it was read, against the reference's.
    feet : bool
        Whether the feet can be believed.

    Returns
    -------
    Heights or None
        None where too little was seen.
    """
    seen = see_arms(np.where(ok[:, None, None], plane, np.nan), calibration, feet)
    ok = ok & np.isfinite(seen.reach).all(axis=(1, 2)) & np.isfinite(seen.shoulder).all(axis=(1, 2))
    theirs, space = place_arms(track)
    if ok.sum() < 10 or not np.isfinite(space).all():
        return None
    arms = np.stack([track.sample(space[:, k], places_s[:, k]) for k in (0, 1)], axis=1)
    expected = _elevate(arms)
    rest = _elevate(space[:3]).mean(axis=0)
    knots = _place_knots(rest, _elevate(space))
    basis = np.stack([_make_hats(expected[:, k], knots[:, k]) for k in (0, 1)], axis=1)
    speed = np.gradient(theirs.reach, track.time_s, axis=0)
    pace = np.stack([track.sample(speed[:, k], places_s[:, k]) for k in (0, 1)], axis=1)
    # What the model says of depth it says of the reference, too: only the difference is believed.
    read = read_depth(track.world)
    ahead = np.stack([track.sample(read[:, k], places_s[:, k]) for k in (0, 1)], axis=1)
    more = np.full_like(ahead, np.nan) if depth is None else DEPTH * (depth - ahead)
    looks = np.concatenate([seen.reach, (arms[..., 2] + more)[..., None]], axis=-1)
    dt = float(np.median(np.diff(time_s)))
    step = max(1, round(_RATE_S / dt))
    some = np.flatnonzero(ok)[::step]
    going = np.gradient(places_s.mean(axis=1), time_s)
    usual = max(float(np.ptp(places_s[ok])) / max(float(np.ptp(time_s[ok])), 1e-6), 1e-6)
    weight = np.clip(going[some] / usual, _STILL, 1.0) * min(1.0, dt * step / _ALIKE_S)
    moments = [
        _Moments(
            looks[some, k],
            seen.shoulder[some, k],
            arms[some, k],
            expected[some, k],
            basis[some, k],
            pace[some, k],
            weight,
        )
        for k in (0, 1)
    ]
    terms, covariance = _fit(moments, *_make_prior(knots.mean(axis=1), seen, theirs, tilt_deg))
    n = basis.shape[2]
    own = expected + np.einsum(
        "nsk,ks->ns", basis, terms[:n, None] + _HALVES * terms[n : 2 * n, None]
    )
    # The common amplitude is that of both sides together, and so linear in the terms as well.
    above = expected - rest
    energy = max(float((above[ok] ** 2).sum()), 1e-9)
    amplitude = float(((own - rest)[ok] * above[ok]).sum()) / energy
    scaled = rest + amplitude * above
    own = np.where(own > _UP_DEG, 2 * _UP_DEG - own, own)
    deviation = (own - scaled) @ np.array(SIDES)
    by_term = np.concatenate([basis, 0.5 * basis * np.array(SIDES)[:, None]], axis=2)
    lifts = np.einsum("nsk,ns->k", by_term[ok], above[ok]) / energy
    slopes = np.einsum("nsk,s->nk", by_term, np.array(SIDES))
    slopes = slopes - (above @ np.array(SIDES))[:, None] * lifts
    spread = covariance[: 2 * n, : 2 * n]
    errors = np.sqrt(np.einsum("nk,kl,nl->n", slopes, spread, slopes))
    draws = np.random.default_rng(0).normal(size=(_DRAWS, 2 * n))
    drawn = draws @ np.linalg.cholesky(spread).T @ slopes[ok].T
    sure = float(np.median(deviation[ok] + drawn, axis=1).std())
    # Where half of the time there is a difference and half there is none, the median is a guess.
    low, high = np.quantile(deviation[ok], [0.5 - _SHARE, 0.5 + _SHARE])
    error = float(np.hypot(_POSTERIOR * sure, 0.5 * (high - low)))
    return Heights(own, scaled, _elevate(space), errors, error)


_HALVES = np.array([0.5, -0.5])


@dataclass(frozen=True, eq=False)
class _Moments:
    """One arm at the moments that are looked at: as seen, and the reference's."""

    seen: Array
    shoulder: Array
    space: Array
    expected: Array
    basis: Array
    pace: Array
    weight: Array


def _elevate(arms: Array) -> Array:
    """Return degrees above hanging of arms in space, (..., 3) to (...)."""
    return np.degrees(np.arctan2(np.hypot(arms[..., 0], arms[..., 2]), -arms[..., 1]))


def _place_knots(rest: Array, reference: Array) -> Array:
    """Return growing heights of the reference, from the lowest on: (knots, 2 sides) degrees."""
    lowest = np.minimum(rest, quantile_found(reference, 0.02))
    lowest = np.where(rest > _HANGING_DEG, lowest, rest)
    usual = np.array([[height, height] for height in (0.0, *_KNOTS_DEG)])
    return np.asarray(np.maximum(usual, lowest + np.arange(len(usual))[:, None]))


def _make_hats(expected: Array, knots: Array) -> Array:
    """Return piecewise linear functions of the reference's height, (n, knots)."""
    return np.stack([np.interp(expected, knots, one) for one in np.eye(len(knots))], axis=-1)


def _make_prior(
    knots: Array, seen: Arms, theirs: Arms, tilt_deg: float
) -> tuple[Array, Array, float]:
    """Return (mean, precision) of all terms, and the camera's distance.

    Terms: heights of both sides at the knots, of left less right, then yaw, pitch, the scale of
    left and of right, the shoulders' line, and roll.
    """
    n = len(knots)
    yaw = seen.yaw - theirs.yaw
    known = bool(np.isfinite(yaw))
    line = _LINE * tilt_deg
    scale = float(np.nanmean(seen.length) / np.nanmean(theirs.length))
    mean = np.concatenate([np.zeros(2 * n), [yaw if known else 0.0, 0.0, scale, scale, line, 0.0]])
    precision = np.zeros((len(mean), len(mean)))
    grown = knots - knots[0]
    walk = np.tril(np.ones((n, n)))
    for first, (start, share, step) in ((0, _BOTH), (n, _APART)):
        steps = np.concatenate([[start**2], step**2 * np.diff(knots) / _STEP_DEG])
        spread = walk @ np.diag(steps) @ walk.T + share**2 * np.outer(grown, grown)
        precision[first : first + n, first : first + n] = np.linalg.inv(spread)
    view = np.array([_YAW if known else _UNSEEN_YAW, _PITCH])
    precision[range(2 * n, 2 * n + 2), range(2 * n, 2 * n + 2)] = view**-2
    scales = slice(2 * n + 2, 2 * n + 4)
    precision[scales, scales] = np.linalg.inv(_ONE_SCALE**2 * np.eye(2) + _SCALE**2)
    rest_sd = np.array([np.hypot(_LINE_SD, _LINE_SHARE * tilt_deg), _ROLL])
    precision[[-2, -1], [-2, -1]] = rest_sd**-2
    return mean, precision, seen.distance


def _fit(
    moments: list[_Moments], mean: Array, precision: Array, distance: float
) -> tuple[Array, Array]:
    """Return the terms that explain what is seen best, and their covariance."""
    n = moments[0].basis.shape[1]
    terms = mean.copy()
    for _ in range(_ROUNDS):
        hessian, gradient = precision.copy(), precision @ (mean - terms)
        for k, (side, m) in enumerate(zip(SIDES, moments, strict=True)):
            lift = m.basis @ (terms[:n] + 0.5 * side * terms[n : 2 * n])
            yaw, pitch = terms[2 * n], terms[2 * n + 1]
            sight = Sight(side, yaw, pitch, terms[2 * n + 2 + k], terms[-2], terms[-1], distance)
            fitted, slopes = _differentiate(sight, m, np.radians(m.expected + lift))
            sd = _estimate_errors(m, yaw, pitch)
            off = m.seen - fitted
            z = np.abs(off) / sd
            weight = np.minimum(1.0, _OUTLIER / np.maximum(z, 1e-9)) / sd**2 * m.weight[:, None]
            weight, off = np.nan_to_num(weight), np.nan_to_num(off)
            columns = [2 * n, 2 * n + 1, 2 * n + 2 + k, 2 * n + 4, 2 * n + 5]
            for axis in (0, 1, 2):
                block = np.zeros((len(off), len(terms)))
                block[:, :n] = slopes[0][:, axis, None] * m.basis
                block[:, n : 2 * n] = 0.5 * side * block[:, :n]
                block[:, columns] = np.stack([s[:, axis] for s in slopes[1:]], axis=1)
                weighted = block * weight[:, axis, None]
                hessian += weighted.T @ block
                gradient += weighted.T @ off[:, axis]
        change = np.linalg.solve(hessian, gradient)
        terms = terms + change
        if float(np.abs(change[: 2 * n]).max()) < _SETTLED_DEG:
            break
    return terms, np.asarray(np.linalg.inv(hessian), dtype=np.float64)


def _estimate_errors(m: _Moments, yaw: float, pitch: float) -> Array:
    """Return by how much what is seen of an arm may be wrong: across, up, in depth; (n, 3)."""
    ahead = np.abs(m.space[:, 2])
    upright = _VERTICAL * (1.0 - np.sin(np.radians(m.expected)))
    across = _SEEN**2 + (_AHEAD[0] * ahead) ** 2 + (yaw * DEPTH_SD) ** 2 + upright**2
    along = _ALONG * np.cos(np.radians(m.expected))
    up = _SEEN**2 + (_AHEAD[1] * ahead) ** 2 + (pitch * DEPTH_SD) ** 2 + along**2
    late = (_LATE_S * m.pace) ** 2
    deep = np.full(len(ahead), _DEEP)
    return np.stack([np.sqrt(across + late[:, 0]), np.sqrt(up + late[:, 1]), deep], axis=-1)


def _differentiate(sight: Sight, m: _Moments, angle: Array) -> tuple[Array, list[Array]]:
    """Return how arms at these angles look, and what that changes by a degree and by each term."""
    length = np.linalg.norm(m.space, axis=1)
    wide = np.maximum(np.hypot(m.space[:, 0], m.space[:, 2]), 1e-6)
    azimuth = m.space[:, [0, 2]] / wide[:, None]
    little = 1e-4

    def look(one: Sight, turn: float = 0.0) -> Array:
        return one.project(angle + turn, azimuth, length, m.shoulder)

    here = look(sight)
    slopes = [(look(sight, np.radians(little)) - here) / little]
    for name in ("yaw", "pitch", "scale", "line", "roll"):
        moved = replace(sight, **{name: getattr(sight, name) + little})
        slopes.append((look(moved) - here) / little)
    return here, slopes
