"""The reference as the follower and the measures need it: evenly sampled, calibrated, smooth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.body import ELBOWS, WRISTS
from posecoach.errors import SequenceError
from posecoach.posture.calibration import Calibration
from posecoach.posture.facing import compute_facing_x
from posecoach.posture.features import compute_features
from posecoach.posture.resample import STEP_S, find_lost, median_found, resample
from posecoach.posture.signals import Signals, compute_signals
from posecoach.posture.view import is_edge_on
from posecoach.reference.sequence import Take

Array = NDArray[np.float64]

T = TypeVar("T")

__all__ = ["STEP_S", "Track", "make_track", "measure_jitter", "once_a_track"]

SMOOTH_S = 0.07  # standard deviation of the smoothing, well under qigong's 2 to 4 Hz


@dataclass(frozen=True, eq=False)
class Track:
    """A take on an even grid of `STEP_S`.

    Attributes
    ----------
    time_s : (m,) array
        0, STEP_S, 2 STEP_S, ...
    plane : (m, 33, 2) array
    world : (m, 33, 3) array
    calibration : Calibration
    signals : Signals
        With leading shape (m,).
    deep : bool
        Whether the depth was measured, see `posecoach.motion.Motion`.
    edge_on : bool
        Whether the teacher was filmed from the side.
    jitter : float
        Of the recording, see `measure_jitter`.
    lost : (m,) array of bool, optional
        Where an arm was out of sight for so long that its place there is a guess; if at all.
    """

    time_s: Array
    plane: Array
    world: Array
    calibration: Calibration
    signals: Signals
    deep: bool = False
    edge_on: bool = False
    jitter: float = 0.0
    lost: NDArray[np.bool_] | None = None

    @property
    def duration_s(self) -> float:
        """Seconds."""
        return float(self.time_s[-1])

    def index_at(self, place_s: float) -> int:
        """Return the grid index nearest a place."""
        return min(max(round(place_s / STEP_S), 0), len(self.time_s) - 1)

    def sample(self, values: Array, place_s: Array) -> Array:
        """Return values of the grid at places, linearly between neighbours.

        Parameters
        ----------
        values : (m, ...) array
        place_s : (k,) array

        Returns
        -------
        (k, ...) array
        """
        at = np.clip(place_s / STEP_S, 0, len(self.time_s) - 1)
        low = np.floor(at).astype(int)
        high = np.minimum(low + 1, len(self.time_s) - 1)
        share = (at - low).reshape(-1, *([1] * (values.ndim - 1)))
        return np.asarray(values[low] * (1 - share) + values[high] * share)


def once_a_track(find: Callable[[Track], T]) -> Callable[[Track], T]:
    """Let what follows from a track alone be found once for each; it must not be changed."""
    kept: WeakKeyDictionary[Track, T] = WeakKeyDictionary()

    @wraps(find)
    def get(track: Track) -> T:
        if track not in kept:
            kept[track] = find(track)
        return kept[track]

    return get


def measure_jitter(time_s: Array, hands: Array) -> float:
    """Return how much a tracker's wrists jitter: trunk lengths, for each root of a hertz.

    From third differences, which leave nothing of movements slower than a second, by their
    median absolute deviation, which a jump does not count for.

    Parameters
    ----------
    time_s : (n,) array
    hands : (n, k) array
        Coordinates in trunk lengths, unsmoothed; NaN where not seen.
    """
    if len(hands) < 8:
        return 0.0
    quick = np.abs(np.diff(hands, 3, axis=0)) / np.sqrt(20.0)
    spread = 1.4826 * np.sqrt(float(np.mean(median_found(quick) ** 2)))
    return spread * float(np.sqrt(np.median(np.diff(time_s)))) if np.isfinite(spread) else 0.0


def make_track(take: Take, smooth_s: float = SMOOTH_S) -> Track:
    """Return a take as a track.

    Raises
    ------
    SequenceError
        The take is shorter than half a second or has no body in it.
    """
    times, plane, world = resample(take.motion)
    if len(times) < 15 or not np.isfinite(plane).any():
        raise SequenceError(
            f"Expected a take of at least 0.5 s with a body but got {take.motion.duration_s:.1f} s."
        )
    if smooth_s > 0:
        plane = gaussian_filter1d(plane, smooth_s / STEP_S, axis=0, mode="nearest")
        world = gaussian_filter1d(world, smooth_s / STEP_S, axis=0, mode="nearest")
    edge_on = is_edge_on(plane)
    looks = (1 if float(np.nanmedian(compute_facing_x(plane))) >= 0 else -1) if edge_on else 0
    calibration = replace(take.calibration, facing_x=looks)
    signals = compute_signals(plane, world, calibration)
    wrists = compute_features(take.motion.plane())[:, :4]
    jitter = measure_jitter(take.motion.time_s, wrists) if smooth_s > 0 else 0.0
    lost = find_lost(take.motion, (*ELBOWS, *WRISTS), times)
    return Track(
        times,
        plane,
        world,
        calibration,
        signals,
        take.motion.deep,
        edge_on,
        jitter,
        lost if lost.any() and not edge_on else None,
    )
