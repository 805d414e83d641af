"""Takes at a constant rate, for formats that know no times.

A webcam's times are not even. Where a format holds a rate alone, a take whose times are even to
a millisecond is written as it is; any other is sampled anew, linearly between neighbouring
frames. Nothing is made up: next to a point that was not found, or in a hole between frames, no
point is written.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import InputError, UsageError
from posecoach.motion import Motion

Array = NDArray[np.float64]

MIN_RATE_HZ, MAX_RATE_HZ = 1.0, 1000.0
MAX_FRAMES = 200_000
EVEN_S = 0.001
HOLE_S = 0.25


def check_rate(rate_hz: float | None) -> None:
    """Raise `UsageError` if a rate is none that is written."""
    if rate_hz is not None and not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise UsageError(
            f"Expected a rate of {MIN_RATE_HZ:.0f} to {MAX_RATE_HZ:.0f} frames a second but got "
            f"{rate_hz:g}."
        )


def find_rate(motion: Motion) -> float | None:
    """Return frames a second of a take whose times are even, or None."""
    n = len(motion)
    if n < 2 or motion.duration_s <= 0:
        return None
    even = np.linspace(motion.time_s[0], motion.time_s[-1], n)
    if np.abs(motion.time_s - even).max() > EVEN_S:
        return None
    rate = (n - 1) / motion.duration_s
    near = round(rate)
    # 30, not 29.9997: the times themselves are told in milliseconds by many cameras.
    drift = abs(near / rate - 1.0) * motion.duration_s if near else np.inf
    return float(near) if drift < EVEN_S else rate


def sample_evenly(motion: Motion, rate_hz: float | None = None) -> tuple[Motion, float, bool]:
    """Return a take at even times from 0, its rate, and whether it had to be sampled anew.

    Parameters
    ----------
    motion : Motion
    rate_hz : float, optional
        By default the take's own: the median's, to a whole number above 5.

    Raises
    ------
    UsageError
        The rate is none that can be written.
    InputError
        That would be too many frames.
    """
    check_rate(rate_hz)
    own = find_rate(motion)
    start = motion.shifted(-float(motion.time_s[0]))
    if own is not None and (rate_hz is None or abs(rate_hz - own) < 1e-6 * own):
        return replace(start, time_s=np.arange(len(motion)) / own), own, False
    rate = rate_hz
    if rate is None:
        rate = min(max(motion.fps, MIN_RATE_HZ), MAX_RATE_HZ)
        rate = float(round(rate)) if rate > 5 else rate
    count = int(np.floor(start.time_s[-1] * rate + 1e-6)) + 1
    if count > MAX_FRAMES:
        raise InputError(
            f"Expected at most {MAX_FRAMES} frames but {start.time_s[-1]:.0f} s at {rate:g} a "
            "second are more; choose a lower rate."
        )
    times = np.arange(count) / rate
    return _sample(start, times), rate, True


def _sample(motion: Motion, times: Array) -> Motion:
    source = motion.time_s
    after = np.clip(np.searchsorted(source, times, side="left"), 0, len(source) - 1)
    # A frame that is as good as there needs no neighbour.
    on = np.abs(source[after] - times) < 1e-9
    before = np.where(on, after, np.maximum(after - 1, 0))
    gap = source[after] - source[before]
    share = np.where(gap > 0, (times - source[before]) / np.where(gap > 0, gap, 1.0), 0.0)
    hole = gap > HOLE_S

    def mix(values: Array) -> Array:
        w = share.reshape(-1, *([1] * (values.ndim - 1)))
        return np.asarray((1 - w) * values[before] + w * values[after])

    image, world = mix(motion.image), mix(motion.world)
    visibility, presence = mix(motion.visibility), mix(motion.presence)
    image[hole], world[hole] = np.nan, np.nan
    visibility[hole], presence[hole] = 0.0, 0.0
    return replace(
        motion, time_s=times, image=image, world=world, visibility=visibility, presence=presence
    )
