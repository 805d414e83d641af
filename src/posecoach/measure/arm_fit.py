"""Both arms fitted to where they are seen, all that can take each other's place at once.

Heights of the arms, where the camera stands, the path through the reference and the delay of one
side against the other are found together: an arm that is low looks like one that is late or
seen from above, and what is left open by one of them must widen the others' errors. Gauss-Newton
steps with weights that leave outliers out (Huber 1964).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.sight import SIDES, Arms, Sight
from posecoach.follow.track import Track
from posecoach.measure.arm_course import KNOTS, Arm, Course, Moments

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_STEP_DEG = 25.0
# Priors: height at rest, share, and by how much neighbouring knots differ besides, degrees; of
# both sides together and of left less right.
_BOTH, _APART = (3.0, 0.5, 5.0), (1.0, 0.15, 4.0)
_YAW, _UNSEEN_YAW, _PITCH, _SCALE, _ONE_SCALE, _ROLL = 0.08, 0.25, 0.15, 0.05, 0.012, 0.3
_FOLLOWED = 1.0  # share of a lean by which arms may go with the trunk
_LINE, _LINE_SD, _LINE_SHARE = 0.8, 0.3, 0.3  # of a tilt that is read, by which it is too small
_VIEWS = ("yaw", "pitch", "scale", "line", "roll")
_PATH_KNOT_S, _PATH_SD_S = 1.0, 0.2  # by which the first path may be wrong
_TURN_SD_S, _DELAY_SD_S = 0.2, 1.0
_ALIKE_S = 0.7  # for so long neighbouring frames err together
_RATE_S = 0.1
_STILL = 0.15  # weight of a moment in a pause, which says the same again and again
_ROUNDS, _OUTLIER, _SETTLED_DEG, _SETTLED_S = 10, 1.5, 0.05, 0.001
_PATH_STEP_S, _DELAY_STEP_S = 0.2, 0.1  # most that is changed in one round
_STRETCHES = 8
_TINY, _TINY_S = 1e-4, 0.05
_PART = 80


@dataclass(frozen=True, eq=False)
class Fit:
    """What explains best where the arms are seen.

    Attributes
    ----------
    expected : (n, 2 sides) array
        The reference's elevations at the places found, degrees.
    basis : (n, 2 sides, k) array
        What each knot's height counts there.
    rest : (2,) array
        The reference's elevations at rest, degrees.
    both, apart : (k,) array
        By how many degrees the arms come higher at the knots: both together, and left less right.
    covariance : (2 k, 2 k) array
        Of both and apart.
    delay_s : float
        + = left later.
    delay_error_s : float
        One standard error, from how stretches of the repetition agree.
    leant : (n, 2) array
        By how many degrees each arm is higher because it went with a leaning trunk.
    """

    expected: Array
    basis: Array
    rest: Array
    both: Array
    apart: Array
    covariance: Array
    delay_s: float
    delay_error_s: float
    leant: Array


def fit_arms(
    seen: Arms,
    depth: Array | None,
    track: Track,
    time_s: Array,
    places_s: Array,
    ok: Mask,
    *,
    delay_s: float = 0.0,
    lean_deg: float = 0.0,
    tilt_deg: float = 0.0,
) -> Fit | None:
    """Return what explains best where the arms are seen.

    Parameters
    ----------
    seen : Arms
        The practitioner's, (n, ...).
    depth : (n, 2) array or None
        Of the wrists as the model gives it, see `posecoach.follow.sight.read_depth`.
    track : Track
    time_s, places_s : (n,) array
        Seconds of the recording, and of the reference where both sides are in step.
    ok : (n,) array of bool
        Frames that can be believed.
    delay_s : float
        A first guess.
    lean_deg, tilt_deg : float
        The trunk's lean and the shoulders' tilt as they were read, against the reference's.

    Returns
    -------
    Fit or None
        None where too little was seen.
    """
    course = Course(track)
    if ok.sum() < 10 or not np.isfinite(course.space).all():
        return None
    dt = float(np.median(np.diff(time_s)))
    step = max(1, round(_RATE_S / dt))
    some = np.flatnonzero(ok)[::step]
    going = np.gradient(places_s, time_s)
    usual = max(float(np.ptp(places_s[ok])) / max(float(np.ptp(time_s[ok])), 1e-6), 1e-6)
    moments = Moments(
        time_s[some],
        seen.reach[some],
        seen.shoulder[some],
        np.full((len(some), 2), np.nan) if depth is None else depth[some],
        np.clip(going[some] / usual, _STILL, 1.0) * min(1.0, dt * step / _ALIKE_S),
        seen.distance,
    )
    knots = np.arange(time_s[0], time_s[-1] + _PATH_KNOT_S, _PATH_KNOT_S)
    mean, precision = _make_prior(course, seen, lean_deg, tilt_deg, len(knots))
    model = _Model(course, moments, time_s, places_s, knots, mean, precision, lean_deg)
    return model.fit(delay_s)


@dataclass(frozen=True, eq=False)
class _Model:
    """What is seen, and by which terms it is explained.

    In this order: heights of both sides at the knots, and of left less right; yaw, pitch, the scale
    of left and of right, the shoulders' line, roll; the path's shift at its knots; by how much a
    side is later the higher it is above the other; the delay.
    """

    course: Course
    moments: Moments
    time_s: Array
    places_s: Array
    knots_s: Array
    mean: Array
    precision: Array
    lean_deg: float

    def fit(self, delay_s: float) -> Fit:
        """Return the terms that explain what is seen best."""
        n = KNOTS
        terms = self.mean.copy()
        terms[-1] = delay_s
        for _ in range(_ROUNDS):
            path, pace = self._lay_path(terms)
            hessian, gradient = self.precision.copy(), self.precision @ (self.mean - terms)
            pulls = np.zeros((len(self.moments.time_s), len(terms)))
            for side in (0, 1):
                block, weight, off = self._compare(side, terms, path, pace)
                weighted = block * weight[..., None]
                # Threads that share one large product wait for each other.
                for part in range(0, len(block), _PART):
                    for axis in (0, 1, 2):
                        rows = slice(part, part + _PART), axis
                        hessian += weighted[rows].T @ block[rows]
                pulls += (weighted * off[..., None]).sum(axis=1)
            gradient += pulls.sum(axis=0)
            change = np.linalg.solve(hessian, gradient)
            shifts = change[2 * n + 6 : -2]
            change[2 * n + 6 : -2] = np.clip(shifts, -_PATH_STEP_S, _PATH_STEP_S)
            change[-2:] = np.clip(change[-2:], -_DELAY_STEP_S, _DELAY_STEP_S)
            terms = terms + change
            moved = float(np.abs(change[: 2 * n]).max())
            if moved < _SETTLED_DEG and abs(change[-1]) < _SETTLED_S:
                break
        covariance = np.asarray(np.linalg.inv(hessian), dtype=np.float64)
        path, _ = self._lay_path(terms)
        late = 0.5 * self._find_lateness(terms, path)
        laid = [
            self.course.look_up(k, np.interp(self.time_s - s * late, self.time_s, path))
            for k, s in enumerate(SIDES)
        ]
        # Of the roll that was found, what calibration left is no lean.
        followed = (_FOLLOWED * self.lean_deg) ** 2
        roll = terms[2 * n + 5] * followed / (followed + _ROLL**2)
        outwards = [s * at.azimuth[:, 0] for s, at in zip(SIDES, laid, strict=True)]
        return Fit(
            np.stack([at.expected for at in laid], axis=1),
            np.stack([at.basis for at in laid], axis=1),
            self.course.rest,
            terms[:n],
            terms[n : 2 * n],
            covariance[: 2 * n, : 2 * n],
            float(terms[-1]),
            self._find_delay_error(pulls @ covariance[:, -1]),
            roll * np.stack(outwards, axis=1),
        )

    def _find_delay_error(self, pulls: Array) -> float:
        """Return by how much stretches of the repetition, each on its own, move the delay."""
        t = self.moments.time_s
        stretch = ((t - t[0]) / (t[-1] - t[0] + 1e-9) * _STRETCHES).astype(int)
        each = np.bincount(stretch, pulls, _STRETCHES)
        return float(np.sqrt((each**2).sum() * _STRETCHES / (_STRETCHES - 1)))

    def _lay_path(self, terms: Array) -> tuple[Array, Array]:
        """Return the place at each time and its pace, where both sides are in step."""
        shift = terms[-2 - len(self.knots_s) : -2]
        path = self.places_s + np.interp(self.time_s, self.knots_s, shift)
        path = np.maximum.accumulate(path)
        return path, np.clip(np.gradient(path, self.time_s), 0.0, 4.0)

    def _find_lateness(self, terms: Array, path: Array) -> Array:
        """Return by how much the left is later than the right at each time."""
        return np.asarray(terms[-1] + terms[-2] * self.course.look_up_turn(path))

    def _compare(
        self, side: int, terms: Array, path: Array, pace: Array
    ) -> tuple[Array, Array, Array]:
        """Return slopes (m, 3, terms), weights and what is not explained (m, 3) of one side."""
        n, half, seen = KNOTS, 0.5 * SIDES[side], self.moments
        late = self._find_lateness(terms, path)
        t = seen.time_s - half * np.interp(seen.time_s, self.time_s, late)
        at = np.interp(t, self.time_s, path)
        sight = Sight(
            SIDES[side],
            terms[2 * n],
            terms[2 * n + 1],
            terms[2 * n + 2 + side],
            terms[2 * n + 4],
            terms[2 * n + 5],
            seen.distance,
        )
        lifts = terms[:n] + half * terms[n : 2 * n]
        arm = Arm(self.course, seen, side, at, lifts)
        here = arm.look(sight)
        off = arm.read() - here
        later, sooner = (Arm(self.course, seen, side, at + s, lifts) for s in (_TINY_S, -_TINY_S))
        ahead = (later.look(sight) - later.read()) - (sooner.look(sight) - sooner.read())
        move = np.nan_to_num(ahead / (2 * _TINY_S))
        block = np.zeros((*off.shape, len(terms)))
        by_angle = (arm.look(sight, np.radians(_TINY)) - here) / _TINY
        block[..., :n] = by_angle[..., None] * arm.basis[:, None]
        block[..., n : 2 * n] = half * block[..., :n]
        columns = [2 * n, 2 * n + 1, 2 * n + 2 + side, 2 * n + 4, 2 * n + 5]
        for column, name in zip(columns, _VIEWS, strict=True):
            moved = replace(sight, **{name: getattr(sight, name) + _TINY})
            block[..., column] = (arm.look(moved) - here) / _TINY
        hats = np.maximum(0.0, 1.0 - np.abs(seen.time_s[:, None] - self.knots_s) / _PATH_KNOT_S)
        block[..., 2 * n + 6 : -2] = move[..., None] * hats[:, None]
        block[..., -1] = -half * move * np.interp(t, self.time_s, pace)[:, None]
        block[..., -2] = block[..., -1] * self.course.look_up_turn(at)[:, None]
        sd = arm.estimate_errors(sight.yaw, sight.pitch)
        z = np.abs(off) / sd
        weight = np.minimum(1.0, _OUTLIER / np.maximum(z, 1e-9)) / sd**2 * seen.weight[:, None]
        return block, np.nan_to_num(weight), np.nan_to_num(off)


def _make_prior(
    course: Course, seen: Arms, lean_deg: float, tilt_deg: float, path_knots: int
) -> tuple[Array, Array]:
    """Return (mean, precision) of all terms, see `_Model`."""
    knots = course.knots.mean(axis=1)
    n = len(knots)
    yaw = seen.yaw - course.arms.yaw
    known = bool(np.isfinite(yaw))
    line = _LINE * tilt_deg
    scale = float(np.nanmean(seen.length) / np.nanmean(course.arms.length))
    view = [yaw if known else 0.0, 0.0, scale, scale, line, 0.0]
    mean = np.concatenate([np.zeros(2 * n), view, np.zeros(path_knots + 2)])
    precision = np.zeros((len(mean), len(mean)))
    grown = knots - knots[0]
    walk = np.tril(np.ones((n, n)))
    for first, (start, share, step) in ((0, _BOTH), (n, _APART)):
        steps = np.concatenate([[start**2], step**2 * np.diff(knots) / _STEP_DEG])
        spread = walk @ np.diag(steps) @ walk.T + share**2 * np.outer(grown, grown)
        precision[first : first + n, first : first + n] = np.linalg.inv(spread)
    scales = slice(2 * n + 2, 2 * n + 4)
    precision[scales, scales] = np.linalg.inv(_ONE_SCALE**2 * np.eye(2) + _SCALE**2)
    others = {
        2 * n: _YAW if known else _UNSEEN_YAW,
        2 * n + 1: _PITCH,
        2 * n + 4: np.hypot(_LINE_SD, _LINE_SHARE * tilt_deg),
        2 * n + 5: np.hypot(_ROLL, _FOLLOWED * lean_deg),
        **dict.fromkeys(range(2 * n + 6, len(mean) - 2), _PATH_SD_S),
        len(mean) - 2: _TURN_SD_S,
        len(mean) - 1: _DELAY_SD_S,
    }
    for column, sd in others.items():
        precision[column, column] = sd**-2
    return mean, precision
