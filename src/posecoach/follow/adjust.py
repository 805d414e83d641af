"""Left against right in time, fitted to the whole of a repetition at once.

What is seen of a side is taken as a smooth map of what the reference shows at the place where that
side is: the map (an offset, a factor and a bend for each feature) takes in a smaller movement, a
lower arm and the model's bias of a posture, which are the same on the way up and on the way down.
A delay is the contrary on the two ways, so that the two do not take each other's place. The path
through the reference may give way where both sides agree; what is left between the sides is the
delay. Gauss-Newton steps with weights that leave outliers out (Huber 1964); the standard error
comes from what stretches of the repetition say independently of each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ELBOWS, HIPS, SHOULDERS, WRISTS
from posecoach.follow.track import Track, once_a_track
from posecoach.posture.angles import middle
from posecoach.posture.resample import median_found

Array = NDArray[np.float64]

SIDES: tuple[tuple[int, ...], tuple[int, ...]] = ((0, 1, 4, 5, 14), (2, 3, 6, 7, 15))
"""Features of the left and of the right side."""

COLUMNS: list[int] = [c for side in SIDES for c in side]
_FEATURE_SD = np.array([0.10, 0.10, 0.10, 0.10, 0.25])  # by which people differ at one place
_KNOT_S = 1.0
_PATH_SD_S = 0.5  # by which the first path may be wrong
_TERMS, _VIEWS = 3, 4
_MAP_SD = np.array([0.3, 0.5, 0.5])  # of a map's terms about a plain amplitude
_ROUNDS = 8
_TIPPED_SD = 0.4  # errors of depth by which all of a side's heights may be wrong together
_VIEW_SD = 0.3  # shift of a joint a trunk length nearer to the camera: its view differs so much
_UNLIKE = 1.0  # trunk lengths by which hands differ where one side's amplitude is another
_DEEP = 0.1
_DEPTH_SD = 0.2  # trunk lengths by which a model's depth is wrong
_PITCH_SD = 0.12  # radians by which cameras look up or down differently
_STEP_S = 0.12  # most that the delay is changed by in one round
_STRETCHES = 8
_SPREAD, _FLOOR_S = 0.8, 0.01
_RATE_S = 1 / 12  # moments looked at a second


@dataclass(frozen=True)
class Fit:
    """A delay that was fitted.

    Attributes
    ----------
    delay_s : float
        + = left later.
    error_s : float
        One standard error from how stretches of the repetition agree.
    path_s : (n,) array
        Places in the reference of both sides in step, seconds.
    maps : (10, 3) array
        Offset, factor and bend by which each feature of `COLUMNS` follows the reference's.
    view : (4,) array
        Shift in the picture, to the right and down, of what is a length nearer to the camera; and
        by how many errors of depth (`find_reach`) the left and the right arm are read too high.
    """

    delay_s: float
    error_s: float
    path_s: Array
    maps: Array
    view: Array


def fit_delay(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    places_s: Array,
    amplitude: float,
    delay_s: float,
) -> Fit | None:
    """Return the delay that explains a repetition best, near a first guess.

    Parameters
    ----------
    time_s : (n,) array
        Seconds.
    features : (n, features) array
        NaN where not seen.
    rest : (features,) array
        The practitioner's start posture.
    track : Track
    places_s : (n,) array
        Path of both sides in step, found with about this delay.
    amplitude : float
    delay_s : float
        The guess.

    Returns
    -------
    Fit or None
        None where the sides do not say.
    """
    clock = np.arange(time_s[0], time_s[-1], max(_RATE_S, float(np.median(np.diff(time_s)))))
    if len(clock) < 20:
        return None
    own, ref = _gather(clock, time_s, features, rest, track)
    depth = find_reach(track)
    known = np.isfinite(own)
    used = known.mean(axis=0) > 0.5
    if not (used[4] and used[9]):
        return None
    slope = np.gradient(ref, track.time_s[1] - track.time_s[0], axis=0)
    scale = np.maximum(np.abs(ref).max(axis=0), 0.2)
    knots = np.arange(clock[0], clock[-1] + _KNOT_S, _KNOT_S)
    hats = np.maximum(0.0, 1.0 - np.abs(clock[:, None] - knots) / _KNOT_S)
    base, shift, delay = np.interp(clock, time_s, places_s), np.zeros(len(knots)), float(delay_s)
    m, n = len(COLUMNS), len(knots)
    maps, view = np.tile([0.0, amplitude, 0.0], (m, 1)), np.zeros(_VIEWS)
    of_view = [_VIEW_SD**-2] * 2 + [_TIPPED_SD**-2] * 2
    prior = np.concatenate([1 / np.tile(_MAP_SD, m) ** 2, of_view, [_PATH_SD_S**-2] * n, [1e-9]])
    fixed = _TERMS * m  # columns of the maps; then those of the view, and of path and delay
    ahead = np.arange(fixed + _VIEWS, fixed + _VIEWS + n + 1)
    for _ in range(_ROUNDS):
        path = np.maximum.accumulate(base + hats @ shift)
        pace = np.clip(np.gradient(path, clock), 0.0, 4.0)
        # Feature by feature, over the few columns each has: threads that share one large product
        # wait for each other, which on a busy machine takes six times as long.
        hessian, gradient = np.diag(prior), np.zeros(len(prior))
        looked = []
        sides = []
        for side in (0, 1):
            half = 0.5 - side
            at = np.interp(clock - half * delay, clock, path)
            speed = np.interp(clock - half * delay, clock, pace)
            sides.append((half, speed, [track.sample(x, at).T for x in (ref, slope, depth)]))
        for k in np.flatnonzero(used):
            of = k % 5
            half, speed, there = sides[k // 5]
            r, dr, reach = (x[k] for x in there)
            basis = np.stack([np.ones(len(r)), r, r * r / scale[k]], axis=1)
            turn = np.stack([0 * r, dr, 2 * r * dr / scale[k]], axis=1)
            off = own[:, k] - basis @ maps[k]
            turned = of % 2 if of < 4 else 2 + k // 5
            off = off - view[turned] * reach
            if of < 4:
                unlike = _UNLIKE * abs(maps[4, 1] - maps[9, 1])
                sd = np.hypot(np.hypot(_FEATURE_SD[of], unlike), _DEEP * np.abs(reach))
            else:
                sd = np.hypot(_FEATURE_SD[of], reach)
            move = turn @ maps[k]
            ok = known[:, k]
            columns = np.r_[_TERMS * k : _TERMS * (k + 1), fixed + turned, ahead]
            block = np.column_stack([basis, reach, move[:, None] * hats, -half * move * speed])[ok]
            off, z = off[ok], np.abs(off / sd)[ok]
            weight = np.minimum(1.0, 1.2 / np.maximum(z, 1e-9)) / sd[ok] ** 2
            weighted = block * weight[:, None]
            hessian[np.ix_(columns, columns)] += block.T @ weighted
            pulls = weighted * off[:, None]
            gradient[columns] += pulls.sum(axis=0)
            looked.append((columns, pulls, np.flatnonzero(ok) * _STRETCHES // len(clock)))
        now = np.concatenate([(maps - [0.0, amplitude, 0.0]).ravel(), view, shift, [0.0]])
        change = np.linalg.solve(hessian, gradient - prior * now)
        maps = maps + change[:fixed].reshape(m, _TERMS)
        view = view + change[fixed : fixed + _VIEWS]
        shift = shift + np.clip(change[fixed + _VIEWS : -1], -0.3, 0.3)
        step_s = float(np.clip(change[-1], -_STEP_S, _STEP_S))
        delay += step_s
        if abs(step_s) < 0.001:
            break
    inverse = np.linalg.inv(hessian)
    at_stretch = np.zeros(_STRETCHES)
    for columns, pulls, stretch in looked:
        at_stretch += np.bincount(stretch, pulls @ inverse[columns, -1], _STRETCHES)
    error = float(np.sqrt((at_stretch**2).sum() * _STRETCHES / (_STRETCHES - 1)))
    error = float(np.hypot(_SPREAD * error, _FLOOR_S))
    found = np.interp(time_s, clock, np.maximum.accumulate(base + hats @ shift))
    return Fit(delay, error, found, maps, view)


@once_a_track
def find_reach(track: Track) -> Array:
    """Return what makes each feature of `COLUMNS` uncertain from another view; (m, 10).

    For positions how far the joint is before the shoulder, trunk lengths, + = to the front; for
    elevations the standard error, radians, that a wrong depth and a camera that looks up or down
    bring with them.
    """
    world, out = track.world, np.zeros((len(track.time_s), len(COLUMNS)))
    if not np.isfinite(world[:, [*SHOULDERS, *HIPS, *ELBOWS, *WRISTS]]).all():
        return out
    trunk = np.linalg.norm(middle(world, SHOULDERS) - middle(world, HIPS), axis=-1)
    for side in (0, 1):
        shoulder = world[:, SHOULDERS[side]]
        wrist = (world[:, WRISTS[side]] - shoulder) / trunk[:, None]
        elbow = (world[:, ELBOWS[side], 2] - shoulder[:, 2]) / trunk
        k = 5 * side
        out[:, k] = out[:, k + 1] = -wrist[:, 2]
        out[:, k + 2] = out[:, k + 3] = -elbow
        length = np.maximum(np.linalg.norm(wrist, axis=1), 0.2)
        across = np.maximum(np.hypot(wrist[:, 0], wrist[:, 2]), 0.1)
        share = np.abs(wrist[:, 2])
        turned = _DEPTH_SD * np.abs(wrist[:, 1]) / length * share / across / length
        out[:, k + 4] = np.hypot(turned, _PITCH_SD * share / length)
    return out


def _gather(
    clock: Array, time_s: Array, features: Array, rest: Array, track: Track
) -> tuple[Array, Array]:
    """Return own features on the clock, NaN where not seen, and the reference's; less rest."""
    reference = track.signals.features
    ref = (reference - median_found(reference[:3]))[:, COLUMNS]
    own = np.full((len(clock), len(COLUMNS)), np.nan)
    for k, c in enumerate(COLUMNS):
        seen = np.isfinite(features[:, c])
        if np.isfinite(ref[:, k]).all() and seen.sum() > 10:
            gap = np.interp(clock, time_s, (~seen).astype(float)) > 0.5
            values = np.interp(clock, time_s[seen], features[seen, c]) - rest[c]
            own[:, k] = np.where(gap, np.nan, values)
    return own, np.nan_to_num(ref)
