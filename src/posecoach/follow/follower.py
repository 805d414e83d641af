"""Following a reference online: a filter over place and tempo.

The bar-pointer model of music score following (Whiteley, Cemgil and Godsill, ISMIR 2006),
carried over to movement: the hidden state is the place in the form and the tempo at which it
is gone through, on a grid; each frame moves the probability on and weighs it with how well the
posture, and the way it has just changed, fit the reference there. A state outside the form
takes the probability of everything that fits nowhere. Amplitude is taken out: a smaller
movement fits as well as a full one.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.sparse import csr_array

from posecoach.follow.robust import robust_square, weigh_squares
from posecoach.follow.track import STEP_S, Track
from posecoach.follow.trust import Trust
from posecoach.follow.twins import TwinWatcher, find_twins
from posecoach.posture.features import WEIGHTS
from posecoach.posture.resample import median_found

Array = NDArray[np.float64]

TEMPI: Array = np.concatenate([[0.0], np.geomspace(0.36, 2.8, 12)])
"""Tempo states: standing still, then a third to nearly three times the reference's tempo."""

CHANGE_S = 0.4  # over which the change of posture is compared
LATELY_S = 0.16  # the same for standing still: who has just stopped has moved until then
WINDOWS_S = (LATELY_S, 0.24, 0.32, CHANGE_S)  # and for whoever has just begun to move
RESTED = 0.05  # trunk lengths of change, carried on for CHANGE_S, below which nothing moves
POSTURE_SD = 0.16  # trunk lengths by which postures of two people at one place differ
CHANGE_SD = 0.09
CHANGE_SHARE = 0.25  # of a change, by which another body's or a faster one differs besides
CORRELATION_S = 0.16  # errors of frames nearer than this are one and the same
OUTSIDE_COST = 13.0  # squared distance at which a posture fits the outside as well as the form
NEWS = 0.12  # trunk lengths of change in CHANGE_S from which a posture counts as a new one
STILL_NEWS = 0.1  # share of a new posture's weight that a posture held still has at first
STILL = 0.02  # trunk lengths of change in CHANGE_S below which one stands still
ALIKE = 1.5  # squared distance up to which two places' postures can hardly be told apart
REACH_S = 1.5  # how far in the form someone who stands still may be from where it seemed
AMPLITUDE = (0.45, 1.35)
NEAR_S = 0.5  # within which of the place a certainty is the probability of being
_AROUND = round(NEAR_S / STEP_S)  # places in which a posture must fit somewhere

TEMPO_CHANGE = 1.6  # changes to a neighbouring tempo a second
HOLD_RATE = 0.25  # stops a second
GO_RATE = 1.2  # starts a second when standing
JUMP_RATE = 0.012  # jumps to anywhere a second
BEGIN_RATE = 0.05  # new beginnings a second while standing as one stands at the start
LINGER_RATE = 0.3  # the same near the start: who stands there has not begun
DOUBT_S = 0.8  # for so long after having been outside a place is not believed yet
MINGLE_RATE = 0.25  # a second, between places alike while standing still
LEAVE_RATE = 0.03
RETURN_RATE = 0.5


@dataclass(frozen=True)
class Place:
    """Where in the form.

    Attributes
    ----------
    place_s : float
        Seconds of the reference.
    tempo : float
        Practitioner's speed / the reference's; 0 while standing still.
    certainty : float
        Probability of being within half a second of `place_s`, 0 to 1.
    outside : float
        Probability of doing something that is not in the form, now or a moment ago.
    trust : float
        What `certainty` has been multiplied with because postures lately fitted no place well.
    """

    place_s: float
    tempo: float
    certainty: float
    outside: float
    trust: float = 1.0


class Follower:
    """Follows one track; call `step` once a frame.

    Parameters
    ----------
    track : Track
    rest : (features,) array, optional
        The practitioner's own start posture; the reference's start if not given.
    """

    def __init__(self, track: Track, rest: Array | None = None) -> None:
        self._track = track
        reference = track.signals.features
        self._rest_reference = median_found(reference[:3])
        self._weights = WEIGHTS.copy()
        known = np.isfinite(reference).all(axis=0)
        self._weights[~known] = 0.0
        self._whole = float(self._weights.sum())
        self._reference = np.where(known, reference - self._rest_reference, 0.0)
        self._squares = self._reference**2
        self._places = len(reference)
        self._changes = [self._reference_changes(w) for w in WINDOWS_S]
        self._alike, like_start = self._compare_places()
        beyond = int(REACH_S / STEP_S) + 1
        rate = np.where(np.arange(self._places) < beyond, LINGER_RATE, BEGIN_RATE)
        self._begin_rate = rate * like_start
        twins = find_twins(self._reference / POSTURE_SD, self._weights, like_start, beyond)
        self._twins = TwinWatcher(twins, beyond)
        self._trust = Trust()
        self._rest = self._rest_reference.copy()
        if rest is not None:
            self.set_rest(rest)
        self.amplitude = 1.0
        self._history: deque[tuple[float, Array]] = deque()
        self._last_time: float | None = None
        self.reset()

    def reset(self) -> None:
        """Forget where one was: the start is likeliest, anywhere possible."""
        shape = (len(TEMPI), self._places)
        self._p = np.full(shape, 0.2 / (shape[0] * shape[1]))
        self._p[0, :3] += 0.6 / 3
        self._outside = 0.2
        self._still_s = 0.0
        self._rested_s = -math.inf
        self._twins.reset()
        self._trust.reset()
        self._doubt = 0.0
        self._history.clear()
        self._last_time = None

    def set_rest(self, rest: Array, *, sure: bool = True) -> None:
        """Set the practitioner's own start posture, (features,); NaN keeps the reference's.

        One that was not seen standing still (not ``sure``) counts only where it is like the
        reference's: whoever begins in the middle is not at the start.
        """
        known = np.isfinite(rest)
        if not sure:
            off = np.where(known, rest - self._rest_reference, 0.0)
            if float((robust_square(off / POSTURE_SD) * self._weights).sum()) > OUTSIDE_COST:
                known = np.zeros_like(known)
        self._rest = np.where(known, rest, self._rest_reference)

    def _compare_places(self) -> tuple[csr_array, Array]:
        """Return which places look alike: (to, from) shares of nearby ones; and like the start."""
        z, n = self._reference / POSTURE_SD, self._places
        from_start = ((z - z[0]) ** 2 * self._weights).sum(axis=1)
        values, rows, columns = [], [], []
        for k in range(min(n, int(REACH_S / STEP_S) + 1)):  # neighbours: all pairs are too many
            apart = ((z[k:] - z[: n - k]) ** 2 * self._weights).sum(axis=1)
            alike = np.exp(-0.5 * apart / ALIKE)
            at = np.flatnonzero(alike > 1e-3)
            for to, from_ in ((at, at + k), (at + k, at))[: 2 if k else 1]:
                values.append(alike[at])
                rows.append(to)
                columns.append(from_)
        value, column = np.concatenate(values), np.concatenate(columns)
        value = value / np.bincount(column, weights=value, minlength=n)[column]
        shares = csr_array((value, (np.concatenate(rows), column)), shape=(n, n))
        return shares, np.exp(-0.5 * from_start / ALIKE)

    def _reference_changes(self, window_s: float) -> Array:
        """Return (tempi, places, features): how the reference changed in a time, per CHANGE_S."""
        index = np.arange(self._places)
        out = np.empty((len(TEMPI), *self._reference.shape))
        for k, tempo in enumerate(TEMPI):
            back = index - tempo * window_s / STEP_S
            low = np.clip(np.floor(back).astype(int), 0, self._places - 1)
            high = np.clip(low + 1, 0, self._places - 1)
            share = np.clip(back - low, 0, 1)[:, None]
            before = self._reference[low] * (1 - share) + self._reference[high] * share
            out[k] = (self._reference - before) * (CHANGE_S / window_s)
        return out

    def step(self, time_s: float, features: Array) -> Place:
        """Take in one frame.

        Parameters
        ----------
        time_s : float
            Growing.
        features : (features,) array
            Of the practitioner; NaN where not seen.
        """
        dt = 0.0 if self._last_time is None else min(time_s - self._last_time, 1.0)
        self._last_time = time_s
        if dt > 0:
            self._advance(dt)
        own = features - self._rest
        seen = np.isfinite(own)
        weights = np.where(seen, self._weights, 0.0)
        if weights.sum() > 0.3 * self._whole:
            self._weigh(time_s, np.where(seen, own, 0.0), weights, dt or STEP_S)
        fading = self._doubt * math.exp(-dt / DOUBT_S)
        self._doubt = max(self._outside, fading)
        return self._estimate()

    def _advance(self, dt: float) -> None:
        moved, n = np.empty_like(self._p), self._places
        going, passing = self._move_on(dt)
        # Tempo changes to neighbours, stops and starts.
        standing = self._p[0].copy()
        standing[0] += passing
        change = min(0.3, TEMPO_CHANGE * dt)
        mixed = np.multiply(going, 1 - change, out=moved[1:])
        going *= 0.5 * change
        mixed[1:] += going[:-1]
        mixed[:-1] += going[1:]
        mixed[0] += going[0]
        mixed[-1] += going[-1]
        hold, go = min(0.5, HOLD_RATE * dt), min(0.5, GO_RATE * dt)
        stops = hold * mixed.sum(axis=0)
        starts = go * standing
        mixed *= 1 - hold
        mixed += np.multiply(_START_TEMPI[:, None], starts, out=going)
        moved[0] = standing - starts + stops
        # Jumps to anywhere (a part skipped or repeated), leaving the form and coming back: all of
        # it begins with a movement.
        jump, leave = JUMP_RATE * dt, LEAVE_RATE * dt
        back = min(0.5, RETURN_RATE * dt) * self._outside
        total = float(mixed.sum())
        anywhere = jump * total + back
        mixed *= 1 - jump - leave
        moved += 0.5 * anywhere / moved.size
        moved[0, : max(1, n // 50)] += 0.5 * anywhere / max(1, n // 50)
        self._outside += leave * total - back
        # Who stands still may stand anywhere in a hold, and as at the start may begin anew.
        mingled = min(0.5, MINGLE_RATE * dt)
        moved[0] = (1 - mingled) * moved[0] + mingled * (self._alike @ moved[0])
        anew = min(1.0, dt) * self._begin_rate * moved[0]
        moved[0] -= anew
        moved[0, 0] += float(anew.sum())
        self._p = moved

    def _move_on(self, dt: float) -> tuple[Array, float]:
        """Return the moving states after they went on, and how much came to stand at the start.

        What passes the end stands there: repetitions follow one another.
        """
        p, n = self._p[1:], self._places
        shift = TEMPI[1:] * dt / STEP_S
        whole = shift.astype(int)
        share = (shift - whole)[:, None]
        spread = (1 - share) * p
        spread[:, 1:] += share * p[:, :-1]
        spread[:, :1] += share * p[:, -1:]
        source, early = _shift(tuple(whole.tolist()), n)
        going = spread.take(source)
        passed = 0.5 * going.take(early)
        going.put(early, passed)
        return going, float(passed.sum())

    def _weigh(self, time_s: float, own: Array, weights: Array, dt: float) -> None:
        ref = self._reference
        energy = np.einsum("pf,f->p", self._squares, weights)
        projection = np.einsum("pf,f->p", ref, weights * own)
        # Best amplitude at each place, held near the one found so far where little tells.
        prior = 0.6
        amplitude = (projection + prior * self.amplitude) / (energy + prior)
        low = max(AMPLITUDE[0], self.amplitude - 0.25)
        high = min(AMPLITUDE[1], self.amplitude + 0.25)
        amplitude = np.minimum(np.maximum(amplitude, low), high)
        whole = float(weights.sum())
        scale = whole / self._whole
        power = 0.5 * min(1.0, dt / CORRELATION_S) / scale
        posture = weigh_squares(own - amplitude[:, None] * ref, weights, POSTURE_SD)
        before = self._before(time_s)
        self._history.append((time_s, np.where(weights > 0, own, np.nan)))
        # Standing still shows one posture, however long: seen again and again it tells no more.
        news, window = 1.0, 0
        near, moved = np.zeros(0, dtype=int), np.zeros((len(TEMPI), 0))
        if before is not None:
            of_change, change = _leave_out(own - before, weights)
            size = math.sqrt(float((of_change * change * change).sum()) / max(whole, 1e-9))
            change_sd = math.hypot(CHANGE_SD, CHANGE_SHARE * size)
            self._still_s = self._still_s + dt if size < STILL else 0.0
            news = min(1.0, max(STILL_NEWS / (1.0 + self._still_s), size / NEWS))
            # Only places that are still in question are worth the dearer comparison.
            hope = self._p.sum(axis=0) * np.exp(-power * (posture - posture.min()))
            near = np.flatnonzero(hope > 1e-4 * hope.max())
            of_late, late = self._change_since(time_s, own, weights, LATELY_S)
            pace = math.sqrt(float((of_late * late * late).sum()) / max(whole, 1e-9))
            if pace < RESTED:
                self._rested_s = time_s
            window = self._find_window(time_s)
            if window < len(WINDOWS_S) - 1:
                of_change, change = self._change_since(time_s, own, weights, WINDOWS_S[window])
            off = self._changes[window].take(near, axis=1)
            off *= amplitude[near, None]
            off -= change
            moved = weigh_squares(off, of_change, change_sd)
        posture = news * posture
        worst = float(moved.max(initial=0.0))
        cost, costs_near = posture + worst, posture[near] + moved
        least = min(float(cost.min()), float(costs_near.min(initial=np.inf)))
        weighed = self._p * np.exp(-power * (cost - least))
        weighed[:, near] = self._p[:, near] * np.exp(-power * (costs_near - least))
        beyond = news * OUTSIDE_COST * scale
        if moved.size and window < len(WINDOWS_S) - 1:
            beyond += float(moved.flat[costs_near.argmin()])
        outside = self._outside * math.exp(-power * max(-50.0, beyond - least))
        total = float(weighed.sum()) + outside
        weighed /= total
        self._p, self._outside = weighed, outside / total
        by_place = weighed.sum(axis=0)
        likeliest = int(by_place.argmax())
        around = slice(max(0, likeliest - _AROUND), likeliest + _AROUND + 1)
        off = (own - amplitude[around, None] * ref[around]) / POSTURE_SD
        self._trust.step(off, weights, news * dt)
        informative = by_place * energy
        told = float(informative.sum())
        if told > 1e-9:
            gain = min(1.0, dt / 1.5) * min(1.0, told / 0.6)
            target = float((informative * amplitude).sum()) / told
            self.amplitude += gain * (target - self.amplitude)

    def _find_window(self, time_s: float) -> int:
        """Return over which of WINDOWS_S to compare: from before one moved on nothing is told."""
        moving_s = time_s - self._rested_s + 0.5 * LATELY_S
        return max(0, bisect_right(WINDOWS_S, moving_s) - 1)

    def _change_since(
        self, time_s: float, own: Array, weights: Array, ago_s: float
    ) -> tuple[Array, Array]:
        """Return weights and change of the features in a time, carried on for CHANGE_S."""
        before = self._before(time_s, ago_s)
        if before is None:
            return np.zeros_like(weights), np.zeros_like(own)
        of_change, change = _leave_out(own - before, weights)
        return of_change, change * (CHANGE_S / ago_s)

    def _before(self, time_s: float, ago_s: float = CHANGE_S) -> Array | None:
        """Return the features some time ago, or None while there are none."""
        while len(self._history) > 1 and self._history[1][0] <= time_s - CHANGE_S:
            self._history.popleft()
        want = time_s - ago_s
        if not self._history or self._history[0][0] > want + 0.1:
            return None
        later = None
        for moment in reversed(self._history):
            if moment[0] <= want:
                if later is None:
                    return moment[1]
                share = (want - moment[0]) / (later[0] - moment[0])
                return np.asarray(moment[1] * (1 - share) + later[1] * share)
            later = moment
        return None if later is None else later[1]

    def _estimate(self) -> Place:
        by_place = self._p.sum(axis=0)
        half = int(NEAR_S / STEP_S)
        window = uniform_filter1d(by_place, 2 * half + 1, mode="constant") * (2 * half + 1)
        peak = int(window.argmax())
        low, high = max(0, peak - half), min(self._places, peak + half + 1)
        mass = by_place[low:high]
        total = float(mass.sum())
        if total <= 0:
            return Place(0.0, 0.0, 0.0, 1.0)
        place = float((mass * np.arange(low, high)).sum() / total) * STEP_S
        tempo = float((self._p[:, low:high].sum(axis=1) * TEMPI).sum() / total)
        certainty = self._twins.step(by_place, peak, total, resting=self._still_s > 0)
        trust = self._trust.share
        return Place(place, tempo, certainty * trust, self._doubt, trust)


def _leave_out(change: Array, weights: Array) -> tuple[Array, Array]:
    """Return weights and change, both nothing where something was not seen."""
    weights = np.where(np.isfinite(change), weights, 0.0)
    return weights, np.where(weights > 0, change, 0.0)


@lru_cache(maxsize=16)  # a recording has two or three
def _shift(steps: tuple[int, ...], places: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each place comes from if rows go on by so many steps, and what passes the end.

    Both as indices into the flattened rows: (rows, places), and of those that passed it (k,).
    """
    here, row = np.arange(places), np.arange(len(steps))[:, None]
    on = np.array(steps)[:, None]
    return row * places + (here - on) % places, np.flatnonzero(here <= on)


_centre = np.log(TEMPI[1:])
_START_TEMPI = np.exp(-0.5 * (_centre / 0.5) ** 2)
_START_TEMPI = _START_TEMPI / _START_TEMPI.sum()
