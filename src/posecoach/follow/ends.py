"""When the movement began and when it ended, to a fraction of a frame.

A path through the reference is drawn by what it is smoothed with where little moves, and that is
at its ends; the tempo of the whole hangs on just these. So the two moments are found once more
from how far the arms have left, or still are from, the start posture: the reference's way out of
it is laid on the practitioner's picture, by the practitioner's own amplitude. Where the reference
leaves quickly and in the picture's plane that is good to a few hundredths of a second; where it
leaves slowly, or towards the camera, the paths weigh more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.body import ELBOWS, HIPS, SHOULDERS, WRISTS
from posecoach.follow.track import SMOOTH_S, STEP_S, Track, once_a_track
from posecoach.posture.angles import middle
from posecoach.posture.features import WEIGHTS
from posecoach.posture.resample import median_found, quantile_found

Array = NDArray[np.float64]

_ARMS = 8  # features: the picture's places of wrists and elbows
_NEAR, _FAR = 0.05, 0.15  # of the largest way from the start posture: the stretch looked at
_LEAST = 0.15  # trunk lengths that the arms must go at all
_BAND_S = 1.0  # from the path within which the moment is looked for
_EDGE = 0.25  # of the form in which an end must lie
_MOMENT_S, _PICTURE, _NOISE = 0.03, 0.2, 0.02  # errors: seconds, share of the way, trunk lengths
_PATH_S = 0.12
_LATE_S = 0.05  # by which paths leave the start too late, found on rendered people
_GAP_S = 0.3  # without a frame for longer, no moment in between can be told
_SMALLER_S = 0.3  # added to a path's error for each amplitude off one


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
    ref = _leave(track.signals.features, median_found(track.signals.features[:3]))
    own = _leave(features, rest)
    if len(time_s) < 10 or not np.isfinite(own).all(axis=1).mean() > 0.5:
        return None
    own = _smooth(time_s, own)
    weights = WEIGHTS[:_ARMS]
    size = np.sqrt(ref**2 @ weights)
    top = float(quantile_found(size, 0.97))
    if not np.isfinite(ref).all() or top < _LEAST:
        return None
    speed = np.abs(np.gradient(size, STEP_S))
    depth = np.sqrt(_find_depth(track) ** 2 @ weights)
    out = np.flatnonzero(size > _FAR * top)
    # Postures are taken for those of other places: the faster, the less time that is.
    tempo = float(np.clip(np.ptp(path_s) / np.ptp(time_s), 0.3, 3.0))
    moments = []
    for at_end in (False, True):
        stretch = np.arange(out[-1] + 1, len(size)) if at_end else np.arange(out[0])
        edge = _EDGE * track.duration_s
        places = track.time_s[stretch]
        within = places > track.duration_s - edge if at_end else places < edge
        stretch = stretch[within & (size[stretch] > _NEAR * top)]
        found = [
            (track.time_s[i], t)
            for i in stretch
            if (
                t := _pass(time_s, own, ref[i], weights, path_s, track.time_s[i], amplitude, at_end)
            )
            is not None
        ]
        if len(found) < 3:
            return None
        place, moment = np.median(np.array(found), axis=0)
        way = float(size[stretch].mean())
        reach = float(np.sqrt((depth[stretch] ** 2).mean())) / way
        pace = max(float(np.median(speed[stretch])), 1e-3)
        wide = np.hypot(_PICTURE * (1.0 + reach) * way, _NOISE) / pace
        smaller = abs(1.0 - amplitude)
        late = 0.0 if at_end else _LATE_S / tempo
        times = float(moment), _when(time_s, path_s, float(place)) - late
        errors = [
            np.hypot(_MOMENT_S, wide / tempo),
            np.hypot(_PATH_S, _SMALLER_S * smaller) / tempo,
        ]
        weight = np.array(errors) ** -2.0
        weight /= weight.sum()
        # They err together, as people differ: their errors do not average out.
        moments.append((float(weight @ times), float(place), float(weight @ errors)))
    (first, start, before), (last, end, after) = moments
    if last - first < 1.0 or end <= start or any(_in_gap(time_s, t) for t in (first, last)):
        return None
    return Ends((first, last), (start, end), (before, after))


def _leave(features: Array, rest: Array) -> Array:
    return features[:, :_ARMS] - rest[:_ARMS]


def _smooth(time_s: Array, own: Array) -> Array:
    """Return features as smooth as the reference's, gaps bridged."""
    out = np.empty_like(own)
    for k in range(own.shape[1]):
        ok = np.isfinite(own[:, k])
        out[:, k] = np.interp(time_s, time_s[ok], own[ok, k])
    step = float(np.median(np.diff(time_s)))
    return np.asarray(gaussian_filter1d(out, SMOOTH_S / step, axis=0, mode="nearest"))


@once_a_track
def _find_depth(track: Track) -> Array:
    """Return how far wrists and elbows come nearer to the camera, trunk lengths; (m, 8)."""
    world = track.world
    out = np.zeros((len(world), _ARMS))
    trunk = np.linalg.norm(middle(world, SHOULDERS) - middle(world, HIPS), axis=-1)
    for j, ends in enumerate((WRISTS, ELBOWS)):
        for side in (0, 1):
            ahead = (world[:, ends[side], 2] - world[:, SHOULDERS[side], 2]) / trunk
            if np.isfinite(ahead).all():
                out[:, 4 * j + 2 * side] = ahead - np.median(ahead[:3])
    return out


def _pass(
    time_s: Array,
    own: Array,
    ref: Array,
    weights: Array,
    path_s: Array,
    place_s: float,
    amplitude: float,
    at_end: bool,
) -> float | None:
    """Return when the way from the start posture was as long as the reference's at a place."""
    near = np.flatnonzero(np.abs(path_s - place_s) < _BAND_S)
    if len(near) < 3:
        return None
    beyond = (own[near] * weights) @ ref / float((ref**2) @ weights) - amplitude
    if at_end:
        turns = np.flatnonzero((beyond[:-1] >= 0) & (beyond[1:] < 0))
    else:
        turns = np.flatnonzero((beyond[:-1] < 0) & (beyond[1:] >= 0))
    if not len(turns):
        return None
    i = int(turns[-1] if at_end else turns[0])
    share = -beyond[i] / (beyond[i + 1] - beyond[i])
    return float(time_s[near[i]] + share * (time_s[near[i + 1]] - time_s[near[i]]))


def _in_gap(time_s: Array, moment_s: float) -> bool:
    after = int(np.clip(np.searchsorted(time_s, moment_s), 1, len(time_s) - 1))
    return bool(time_s[after] - time_s[after - 1] > _GAP_S)


def _when(time_s: Array, path_s: Array, place_s: float) -> float:
    """Return when a path comes to a place."""
    grown = np.maximum.accumulate(path_s) + 1e-9 * np.arange(len(path_s))
    return float(np.interp(place_s, grown, time_s))
