"""When the movement began and when it ended, to a fraction of a frame.

A path through the reference is drawn by what it is smoothed with where little moves, and that is
at its ends; the tempo of the whole hangs on just these. So the two moments are found once more
from how the arms leave the start posture and come back to it: the reference's way, at the pace of
the whole, is moved along the clock until it fits what was seen best. How far each joint goes
meanwhile is free, and little is made of it far from the start posture: people go further or less
far from the first moment on, but all of them begin from nothing. So it is where the way bends away
from rest that counts, and not when it has come so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.follow.track import SMOOTH_S, Track, once_a_track
from posecoach.posture.features import WEIGHTS
from posecoach.posture.resample import median_found, quantile_found

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_ARMS = 8  # features: the picture's places of wrists and elbows
_NEAR, _FAR = 0.04, 0.2  # of the largest way from the start posture: the stretch looked at
_FIRST, _LAST = 3, 10  # frames of its start posture and of its last, which may be cut off roughly
_LONGEST_S = 2.0  # of the reference: most that is looked at
_STILL_S = 0.8  # and so much of the rest beside it
_LEAST = 0.15  # trunk lengths that the arms must go at all
_NOISE, _UNLIKE = 0.01, 0.12  # errors: trunk lengths, share of the way
_GAIN_SD, _REST_SD = 0.6, (0.02, 0.05)  # by which people differ; at the end they stand otherwise
_ALIKE_S = 0.3  # for so long what a posture is off by is one and the same
_REACH_S, _STEP_S, _ROUNDS = 0.6, 0.03, 3  # how the moment is looked for
_LEAST_S, _SHOWN = 0.02, 1.3  # errors: at least, and times what the fit itself shows
_WANDER, _SMALLER, _WANDER_S = 0.15, 1.4, 0.4  # and of what the path is off an even one by
_PATH_S = 0.12  # of the path's own ends
_GAP_S = 0.3  # without a frame for longer, no moment in between can be told
_MARGIN_S, _MARGIN = 0.4, 0.05  # of a path's own ends, where it has none of these moments
_SLOWEST, _FASTEST = 0.3, 3.0


@dataclass(frozen=True)
class Ends:
    """Two moments of a repetition, one near its start and one near its end.

    Attributes
    ----------
    time_s : tuple of float
        Seconds of the recording.
    place_s : tuple of float
        Where in the reference these are, seconds.
    error_s : tuple of float
        One standard error of `time_s`.
    """

    time_s: tuple[float, float]
    place_s: tuple[float, float]
    error_s: tuple[float, float]


def find_ends(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    path_s: Array,
    amplitude: float,
) -> Ends | None:
    """Return the moments of a repetition between which the tempo of the whole can be told.

    Parameters
    ----------
    time_s : (n,) array
        Seconds.
    features : (n, features) array
        With both sides in step, see `posecoach.follow.delay.undo_delay`; NaN where not seen.
    rest : (features,) array
        The practitioner's start posture.
    track : Track
    path_s : (n,) array
        Path through the reference, growing; seconds.
    amplitude : float

    Returns
    -------
    Ends or None
        None where the arms hardly move, or an end was not seen.
    """
    stretches, own = _find_stretches(track), features[:, :_ARMS] - rest[:_ARMS]
    if stretches is None or len(time_s) < 10:
        return None
    if not np.isfinite(own).all(axis=1).mean() > 0.5:
        return None
    own = _smooth(time_s, own)
    (*place,), (*until,) = stretches
    margin = min(_MARGIN_S, _MARGIN * float(np.ptp(path_s)))
    low, high = float(path_s.min()), float(path_s.max())
    shown = low < place[0], place[1] < high
    place = [
        x if s else p for x, s, p in zip(place, shown, (low + margin, high - margin), strict=True)
    ]
    by_path = [_when(time_s, path_s, x) for x in place]
    times, errors = list(by_path), [_PATH_S, _PATH_S]
    told = False
    for _ in range(2):  # the pace is that between the moments
        if times[1] - times[0] < 1.0 or place[1] <= place[0]:
            return None
        tempo = float(np.clip((place[1] - place[0]) / (times[1] - times[0]), _SLOWEST, _FASTEST))
        scene = _Scene(time_s, own, track, amplitude, tempo)
        for k in (0, 1):
            alone = by_path[k], _PATH_S / tempo
            found = scene.find(place[k], until[k], by_path[k], k) if shown[k] else None
            times[k], errors[k] = _join(found, alone) if found else alone
            told |= found is not None
    if not told or times[1] - times[0] < 1.0 or any(_in_gap(time_s, t) for t in times):
        return None
    within = (time_s > times[0]) & (time_s < times[1])
    off = path_s[within] - np.interp(time_s[within], times, place)
    wander = min(float(np.sqrt((off**2).mean())), _WANDER_S) / tempo
    # What looks otherwise on the way does so at the ends, the more the less high the arms come.
    unlike = wander * (_WANDER + _SMALLER * abs(1.0 - amplitude))
    begun, ended = (float(np.linalg.norm([_LEAST_S, e, unlike])) for e in errors)
    return Ends((times[0], times[1]), (place[0], place[1]), (begun, ended))


@once_a_track
def _find_stretches(track: Track) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return two places, one near either end, and how far from there the reference is looked at.

    None where the arms hardly move.
    """
    features, weights = track.signals.features[:, :_ARMS], WEIGHTS[:_ARMS]
    if not np.isfinite(features).all():
        return None
    places, until = [], []
    for side, ends in ((1, features[:_FIRST]), (-1, features[-_LAST:])):
        size = np.sqrt((features - median_found(ends)) ** 2 @ weights)[::side]
        top, time_s = float(quantile_found(size, 0.97)), track.time_s[::side]
        if top < _LEAST:
            return None
        near, far = (float(time_s[int((size > share * top).argmax())]) for share in (_NEAR, _FAR))
        places.append(near)
        until.append(near + float(np.clip(far - near, -_LONGEST_S, _LONGEST_S)))
    return (places[0], places[1]), (until[0], until[1])


class _Scene:
    """What was seen of a repetition beside what the reference shows, at one pace."""

    def __init__(
        self, time_s: Array, own: Array, track: Track, amplitude: float, tempo: float
    ) -> None:
        self._time_s, self._own, self._track = time_s, own, track
        self._amplitude, self._tempo = amplitude, tempo
        self._power = min(1.0, float(np.median(np.diff(time_s))) / _ALIKE_S)
        features = track.signals.features[:, :_ARMS]
        begins, ends = median_found(features[:_FIRST]), median_found(features[-_LAST:])
        self._ways = features - begins, features - ends
        self._rests = np.zeros(_ARMS), amplitude * (ends - begins)

    def find(
        self, place_s: float, until_s: float, first_guess_s: float, at_end: int
    ) -> tuple[float, float] | None:
        """Return when a place near an end was passed, and the standard error; seconds, or None."""
        moment = first_guess_s
        for _ in range(_ROUNDS):
            way = (until_s - place_s) / self._tempo
            still = (_STILL_S if at_end else -_STILL_S) / np.sqrt(self._tempo)
            low, high = sorted((moment + way, moment + still))
            seen = (self._time_s >= low) & (self._time_s <= high)
            if seen.sum() < 6:
                return None
            moments = moment + np.arange(-_REACH_S, _REACH_S + 0.5 * _STEP_S, _STEP_S)
            cost, misfit = self._weigh(seen, moments, place_s, at_end)
            i = int(cost.argmin())
            before, moment = moment, float(moments[i])
            error = None
            if 0 < i < len(moments) - 1:
                bend = cost[i - 1] - 2.0 * cost[i] + cost[i + 1]
                moment += 0.5 * _STEP_S * float((cost[i - 1] - cost[i + 1]) / bend)
                error = _SHOWN * _STEP_S * float(misfit[i] / np.sqrt(bend))
            if abs(moment - before) < _STEP_S:
                break
        return None if error is None else (moment, error)

    def _weigh(
        self, seen: Mask, moments: Array, place_s: float, at_end: int
    ) -> tuple[Array, Array]:
        """Return how badly what was seen fits each moment, and by how many errors it is off.

        Each feature goes its own share of the reference's way, from a rest of its own.
        """
        t, own = self._time_s[seen], self._own[seen] - self._rests[at_end]
        places = np.clip(
            place_s + self._tempo * (t - moments[:, None]), 0.0, self._track.duration_s
        )
        ref = self._track.sample(self._ways[at_end], places.ravel()).reshape(*places.shape, -1)
        variance = _NOISE**2 + _UNLIKE**2 * (own**2).mean(axis=1, keepdims=True)
        weight = self._power / variance
        off = own - self._amplitude * ref
        way, both = ((weight * x).sum(axis=1) + y for x, y in ((ref**2, _GAIN_SD**-2), (ref, 0.0)))
        rests = weight.sum() + _REST_SD[at_end] ** -2
        by_way, by_rest = ((weight * x).sum(axis=1) for x in (off * ref, off))
        det = way * rests - both**2
        gained = (rests * by_way**2 - 2.0 * both * by_way * by_rest + way * by_rest**2) / det
        left = np.maximum(((weight * off**2).sum(axis=1) - gained).sum(axis=1), 0.0)
        return 0.5 * left, np.sqrt(left / (own.size * self._power))


def _join(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Return the mean of two values by their errors, and the error of the surer one."""
    share = a[1] ** -2 / (a[1] ** -2 + b[1] ** -2)
    return share * a[0] + (1.0 - share) * b[0], min(a[1], b[1])


def _smooth(time_s: Array, own: Array) -> Array:
    """Return features as smooth as the reference's, gaps bridged."""
    out = np.empty_like(own)
    for k in range(own.shape[1]):
        ok = np.isfinite(own[:, k])
        out[:, k] = np.interp(time_s, time_s[ok], own[ok, k])
    step = float(np.median(np.diff(time_s)))
    return np.asarray(gaussian_filter1d(out, SMOOTH_S / step, axis=0, mode="nearest"))


def _in_gap(time_s: Array, moment_s: float) -> bool:
    after = int(np.clip(np.searchsorted(time_s, moment_s), 1, len(time_s) - 1))
    return bool(time_s[after] - time_s[after - 1] > _GAP_S)


def _when(time_s: Array, path_s: Array, place_s: float) -> float:
    """Return when a path comes to a place."""
    grown = np.maximum.accumulate(path_s) + 1e-9 * np.arange(len(path_s))
    return float(np.interp(place_s, grown, time_s))
