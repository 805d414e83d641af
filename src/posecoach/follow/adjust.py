"""Path, heights of the arms and left against right, fitted to the whole of a repetition at once.

What is seen of an arm is the reference's, raised by a share of its height (`follow.lowered`), at
the place where that side is, but for a smooth map of it: an offset, a factor and a bend for each
feature take in what bodies and the model's bias make of a posture, which is the same on the way up
and on the way down. A delay is the contrary on the two ways, so that the two do not take each
other's place. Where the camera stands otherwise than the teacher's did, joints that reach to it
are seen elsewhere; that is fitted along.

The path goes on at one tempo for as long as it can: a change of tempo costs by its size (total
variation of the tempo: l1 trend filtering, Kim et al. 2009, doi:10.1137/070690274), so that a
pause or a hurried part has sharp edges and little posture noise becomes haste. Gauss-Newton steps,
with weights that leave outliers out (Huber 1964) and make the tempo's changes few; the delay's
standard error comes from what stretches of the repetition say independently of each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach._pieces import Pieces
from posecoach.body import ELBOWS, HIPS, SHOULDERS, WRISTS
from posecoach.follow.delay import REACH_S, SideDelay, can_differ
from posecoach.follow.lowered import LEAST, MOST, PARTS, SIDES, lower_arms
from posecoach.follow.track import STEP_S, Track, once_a_track
from posecoach.posture.angles import middle

Array = NDArray[np.float64]

_FEATURES = sum(len(part) for part in PARTS)
_ELEVATION = 4  # of an arm's five features
_FEATURE_SD, _ELEVATION_SD = 0.10, 0.25  # by which people differ at one place
_TERMS, _VIEWS = 3, 4  # of a map; of the view
# Of a map's offset, factor less one and bend: what else a smaller movement is stands in the arms'
# share, so that the elevation's factor is its own.
_MAP_SD, _HEIGHT_MAP_SD = (0.3, 0.25, 0.1), (0.15, 0.03, 0.1)
_SHARE_SD = 0.3
_VIEW_SD = 0.3  # shift of a joint a trunk length nearer to the camera: its view differs so much
_TIPPED_SD = 0.4  # errors of depth by which all of a side's heights may be wrong together
_DEEP = 0.1
_DEPTH_SD = 0.2  # trunk lengths by which a model's depth is wrong
_PITCH_SD = 0.12  # radians by which cameras look up or down differently
_KNOT_S, _RATE_S = 0.5, 1 / 12  # of the path; moments looked at
_ALIKE_S = 0.5  # for so long what a posture is off by is one and the same
_TEMPO_CHANGE, _SHARP = 0.4, 0.02  # of the pace: what a change costs e times less; none at all
_BACKWARDS = 900.0  # weight by which a path that turns back is turned on
_OUTLIER = 1.0  # standard deviations beyond which more counts less
_GAP_S = 0.3  # what was not seen for longer is not guessed
_ROUNDS = 20
_STEPS = 0.4, 0.12, 0.15  # most that path, delay and shares are changed by in one round
_SETTLED = 0.005, 0.001
_STRETCHES = 8
_SPREAD, _FLOOR_S = 0.6, 0.012  # of what stretches differ by; what they share


@dataclass(frozen=True)
class Fit:
    """What was fitted.

    Attributes
    ----------
    path_s : (n,) array
        Places in the reference of both sides in step, seconds; growing.
    delay : SideDelay or None
        None where the sides do not say, or none within `REACH_S` explains it.
    shares : (2,) array
        Of the reference's height to which the left and the right arm are raised.
    """

    path_s: Array
    delay: SideDelay | None
    shares: Array


def adjust(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    places_s: Array,
    amplitude: float,
) -> Pieces[Fit | None]:
    """Fit a repetition, piece by piece.

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
        A first path, see `posecoach.follow.retrace.retrace`.
    amplitude : float
        First guess of both shares.

    Returns
    -------
    Fit or None
        None where less than half of what the reference shows was seen.
    """
    clock = np.arange(time_s[0], time_s[-1], max(_RATE_S, float(np.median(np.diff(time_s)))))
    if len(clock) < 20:
        return None
    own = _gather(clock, time_s, features, rest)
    shown = np.isfinite(track.signals.features).all(axis=0)
    if not shown.any() or not np.isfinite(own[:, shown]).mean() > 0.5:
        return None
    places = np.interp(clock, time_s, places_s)
    sides = can_differ(features, track)
    problem = _Problem(clock, own, track, places, amplitude, sides)
    x = problem.usual.copy()
    for _ in range(_ROUNDS):
        hessian, gradient, pulls = problem.linearise(x)
        change = np.asarray(np.linalg.solve(hessian, gradient), dtype=np.float64)
        x, settled = problem.step(x, change)
        if settled:
            break
        yield
    delay = None
    if sides and abs(x[-1]) < REACH_S:
        said = pulls @ np.linalg.inv(hessian)[:, -1]
        error = float(np.sqrt((said**2).sum() * _STRETCHES / (_STRETCHES - 1)))
        frame = 0.2 * float(np.median(np.diff(time_s)))
        delay = SideDelay(float(x[-1]), float(np.linalg.norm([_SPREAD * error, _FLOOR_S, frame])))
    path = np.maximum.accumulate(problem.find_path(x))
    return Fit(np.interp(time_s, clock, path), delay, x[problem.of_shares])


class _Problem:
    """What is fitted to what; unknowns are maps, shares, view, path and delay, in this order."""

    def __init__(
        self,
        clock: Array,
        own: Array,
        track: Track,
        places: Array,
        amplitude: float,
        sides: bool,
    ) -> None:
        self._clock, self._own, self._track = clock, own, track
        self._known = np.isfinite(own)
        self._used = (self._known.mean(axis=0) > 0.5) & np.isfinite(track.signals.features).all(0)
        self._arms, self._reach = lower_arms(track), find_reach(track)
        self._scale = np.maximum(np.abs(self._arms.full).max(axis=0), 0.2)
        self._power = min(1.0, float(clock[1] - clock[0]) / _ALIKE_S)
        self._pace = max(0.3, float(places[-1] - places[0]) / float(clock[-1] - clock[0]))
        self._knots = np.arange(clock[0], clock[-1] + _KNOT_S, _KNOT_S)
        n, m = len(self._knots), _FEATURES * _TERMS
        one = np.eye(n)
        self._turns = (one[:-2] - 2.0 * one[1:-1] + one[2:]) / _KNOT_S
        self._steps = np.diff(one, axis=0)
        self.of_shares, self._of_view = slice(m, m + 2), slice(m + 2, m + 2 + _VIEWS)
        self._of_path = slice(self._of_view.stop, self._of_view.stop + n)
        map_sd = np.tile(_MAP_SD, (_FEATURES, 1))
        map_sd[[side[_ELEVATION] for side in SIDES]] = _HEIGHT_MAP_SD
        sd = [*map_sd.ravel(), *[_SHARE_SD] * 2, *[_VIEW_SD] * 2, *[_TIPPED_SD] * 2]
        loose = 1e-9 if sides else 1e12
        self._prior = np.concatenate([np.array(sd) ** -2.0, np.full(n, 1e-6), [loose]])
        maps = np.tile([0.0, 1.0, 0.0], _FEATURES)
        path = np.interp(self._knots, clock, places)
        self.usual = np.concatenate([maps, [amplitude] * 2, np.zeros(_VIEWS), path, [0.0]])

    def find_path(self, x: Array) -> Array:
        """Return the places of both sides in step."""
        raw = np.interp(self._clock, self._knots, x[self._of_path])
        return np.clip(raw, 0.0, self._track.duration_s)

    def linearise(self, x: Array) -> tuple[Array, Array, Array]:
        """Return hessian, gradient, and what each stretch pulls the unknowns to, (stretches, k)."""
        hessian = np.diag(self._prior)
        gradient = self._prior * (self.usual - x)
        pulls = np.zeros((_STRETCHES, len(x)))
        for part in range(len(PARTS)):
            self._add_part(x, part, hessian, pulls)
        gradient += pulls.sum(axis=0)
        path = x[self._of_path]
        turns = self._turns @ path / self._pace
        price = 1.0 / (_TEMPO_CHANGE * np.hypot(turns, _SHARP) * self._pace**2)
        back = _BACKWARDS * (self._steps @ path < 0)
        stiff = self._turns.T @ (price[:, None] * self._turns)
        stiff += self._steps.T @ (back[:, None] * self._steps)
        hessian[self._of_path, self._of_path] += stiff
        gradient[self._of_path] -= stiff @ path
        return hessian, gradient, pulls

    def _add_part(self, x: Array, part: int, hessian: Array, pulls: Array) -> None:
        side = part if part < len(SIDES) else None
        half = 0.0 if side is None else 0.5 - side
        raw = np.interp(self._clock - half * x[-1], self._knots, x[self._of_path])
        places = np.clip(raw, 0.0, self._track.duration_s)
        inside = raw == places
        hats = np.abs((self._clock - half * x[-1])[:, None] - self._knots) / _KNOT_S
        hats = np.maximum(0.0, 1.0 - hats) * inside[:, None]
        pace = -half * np.gradient(raw, self._clock) * inside
        share = 1.0 if side is None else float(x[self.of_shares][side])
        now, with_share, doubt = self._arms.at(share, part)
        slope, reach = np.gradient(now, STEP_S, axis=0), self._reach[:, list(PARTS[part])]
        r, dr, ds, unsure, near = (
            self._track.sample(v, places) for v in (now, slope, with_share, doubt, reach)
        )
        stretch = np.arange(len(places)) * _STRETCHES // len(places)
        first = np.searchsorted(stretch, np.arange(_STRETCHES))
        of_path, (stiff, pull) = self._of_path, np.zeros((2, len(places)))
        for of, c in enumerate(PARTS[part]):
            if not self._used[c]:
                continue
            k = _TERMS * c
            basis = np.stack([np.ones(len(r)), r[:, of], r[:, of] ** 2 / self._scale[c]], axis=1)
            turn = x[k + 1] + 2.0 * x[k + 2] * r[:, of] / self._scale[c]
            move = turn * dr[:, of]
            off = self._own[:, c] - basis @ x[k : k + _TERMS]
            few, columns = [basis], [*range(k, k + _TERMS)]
            sd = np.hypot(_FEATURE_SD, unsure[:, of])
            if side is not None:
                height = of == _ELEVATION
                view = self._of_view.start + (2 + side if height else of % 2)
                off = off - x[view] * near[:, of]
                few += [(turn * ds[:, of])[:, None], near[:, of, None], (move * pace)[:, None]]
                columns += [self.of_shares.start + side, view, len(x) - 1]
                if height:
                    sd = np.hypot(_ELEVATION_SD, near[:, of])
                else:
                    sd = np.hypot(sd, _DEEP * near[:, of])
            z = np.abs(off) / sd
            weight = self._power * np.minimum(1.0, _OUTLIER / np.maximum(z, 1e-9)) / sd**2
            weight = np.where(self._known[:, c], weight, 0.0)
            off = np.nan_to_num(off)
            block = np.concatenate(few, axis=1)
            weighted = block * weight[:, None]
            hessian[np.ix_(columns, columns)] += block.T @ weighted
            with_path = (weighted * move[:, None]).T @ hats
            hessian[columns, of_path] += with_path
            hessian[of_path, columns] += with_path.T
            pulls[:, columns] += np.add.reduceat(weighted * off[:, None], first, axis=0)
            stiff += weight * move**2
            pull += weight * move * off
        hessian[of_path, of_path] += hats.T @ (stiff[:, None] * hats)
        pulls[:, of_path] += np.add.reduceat(pull[:, None] * hats, first, axis=0)

    def step(self, x: Array, change: Array) -> tuple[Array, bool]:
        """Return the unknowns after a change, cut where it goes far, and whether it was small."""
        change = change.copy()
        of_path, of_delay, of_shares = _STEPS
        change[self._of_path] = np.clip(change[self._of_path], -of_path, of_path)
        change[self.of_shares] = np.clip(change[self.of_shares], -of_shares, of_shares)
        change[-1] = np.clip(change[-1], -of_delay, of_delay)
        x = x + change
        x[self.of_shares] = np.clip(x[self.of_shares], LEAST, MOST)
        moved = float(np.abs(change[self._of_path]).max()), float(abs(change[-1]))
        return x, moved[0] < _SETTLED[0] and moved[1] < _SETTLED[1]


@once_a_track
def find_reach(track: Track) -> Array:
    """Return what makes each feature uncertain from another view; (m, features).

    For positions how far the joint is before the shoulder, trunk lengths, + = to the front; for
    elevations the standard error, radians, that a wrong depth and a camera that looks up or down
    bring with them.
    """
    world, out = track.world, np.zeros_like(track.signals.features)
    if not np.isfinite(world[:, [*SHOULDERS, *HIPS, *ELBOWS, *WRISTS]]).all():
        return out
    trunk = np.linalg.norm(middle(world, SHOULDERS) - middle(world, HIPS), axis=-1)
    for side, columns in enumerate(SIDES):
        shoulder = world[:, SHOULDERS[side]]
        wrist = (world[:, WRISTS[side]] - shoulder) / trunk[:, None]
        elbow = (world[:, ELBOWS[side], 2] - shoulder[:, 2]) / trunk
        out[:, columns[:4]] = -np.stack([wrist[:, 2], wrist[:, 2], elbow, elbow], axis=1)
        length = np.maximum(np.linalg.norm(wrist, axis=1), 0.2)
        across = np.maximum(np.hypot(wrist[:, 0], wrist[:, 2]), 0.1)
        share = np.abs(wrist[:, 2])
        turned = _DEPTH_SD * np.abs(wrist[:, 1]) / length * share / across / length
        out[:, columns[_ELEVATION]] = np.hypot(turned, _PITCH_SD * share / length)
    return out


def _gather(clock: Array, time_s: Array, features: Array, rest: Array) -> Array:
    """Return own features on the clock less rest, (n, features); NaN where not seen."""
    own = np.full((len(clock), features.shape[1]), np.nan)
    gap_s = max(_GAP_S, 1.6 * float(np.median(np.diff(time_s))))
    for c in range(features.shape[1]):
        seen = np.flatnonzero(np.isfinite(features[:, c]))
        if len(seen) > 10:
            after = np.clip(np.searchsorted(time_s[seen], clock), 1, len(seen) - 1)
            apart = np.diff(time_s[seen])[after - 1]
            inside = (clock >= time_s[seen[0]]) & (clock <= time_s[seen[-1]])
            values = np.interp(clock, time_s[seen], features[seen, c]) - rest[c]
            own[:, c] = np.where(inside & (apart <= gap_s), values, np.nan)
    return own
