"""Gaps in a recording: moments in which the body was out of sight.

A blink of half a second is bridged: every point goes straight from where it was to where it is
again, and the stretch is marked. Nobody can say what a body did for longer.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import SequenceError
from posecoach.motion import Motion

Array = NDArray[np.float64]
Span = tuple[float, float]

MAX_BRIDGED_S = 0.5
MIN_GAP_S = 0.1  # less than three frames of a common camera is no gap
_MIN_SEEN = 0.5
_MIN_FRAMES = 20


def find_gaps(motion: Motion, longer_s: float = MIN_GAP_S) -> list[Span]:
    """Return (last moment seen, first moment seen again) of each gap, in seconds.

    Frames without a body and frames that are missing count alike. A gap lasts from one frame
    after the last with a body to the next one with a body.

    Parameters
    ----------
    motion : Motion
        Nobody before the first and after the last frame with a body is no gap.
    longer_s : float
        Only gaps that last longer.
    """
    seen_at = motion.time_s[motion.found]
    if len(seen_at) < 2:
        return []
    frame_s = min(float(np.median(np.diff(motion.time_s))), MIN_GAP_S)
    lost = np.flatnonzero(np.diff(seen_at) - frame_s > longer_s + 1e-6)
    return [(float(seen_at[i]), float(seen_at[i + 1])) for i in lost]


def check_seen(motion: Motion) -> None:
    """Raise `SequenceError` if there is hardly anybody in a recording."""
    seen = float(motion.found.mean()) if len(motion) else 0.0
    if len(motion) < _MIN_FRAMES or seen < _MIN_SEEN:
        raise SequenceError(
            f"Expected a person in the picture but saw one in {100 * seen:.0f} % of "
            f"{len(motion)} frames; step back until head, hands and feet are in view."
        )


def check_gaps(motion: Motion) -> None:
    """Raise `SequenceError` naming the longest gap if it is too long to be bridged."""
    gaps = find_gaps(motion, MAX_BRIDGED_S)
    if not gaps:
        return
    start, end = max(gaps, key=lambda g: g[1] - g[0])
    others = f" (and {len(gaps) - 1} more times)" if len(gaps) > 1 else ""
    raise SequenceError(
        f"Expected to see the body throughout but lost it for {end - start:.1f} s at "
        f"{start:.1f} s{others}; only {MAX_BRIDGED_S} s can be bridged: step back, add light, keep "
        "others out of the picture, and record that take again."
    )


def bridge_gaps(motion: Motion) -> tuple[Motion, tuple[Span, ...]]:
    """Return a recording with its short gaps bridged, and where they were.

    Single points that were not found for a moment are bridged likewise, without a mark. What
    is missing for longer, and before the first or after the last time a point is seen, stays
    missing. Nothing that was seen is changed, and no frame is added.

    Returns
    -------
    motion : Motion
    spans : tuple of (float, float)
        Of the body as a whole: last moment seen and first moment seen again, seconds.
    """
    long = find_gaps(motion, MAX_BRIDGED_S)
    spans = tuple(g for g in find_gaps(motion) if g not in long)
    if np.isfinite(motion.image).all() and np.isfinite(motion.world).all():
        return motion, spans
    image = _bridge(motion.time_s, motion.image)
    filled = np.asarray((np.isfinite(image) & ~np.isfinite(motion.image)).any(axis=2))
    bridged = replace(
        motion,
        image=image,
        world=_bridge(motion.time_s, motion.world),
        visibility=_lower(motion.visibility, filled),
        presence=_lower(motion.presence, filled),
    )
    return bridged, spans


def _bridge(time_s: Array, values: Array) -> Array:
    """Return points with short stretches of NaN filled straight; (n, 33, 3)."""
    flat = values.reshape(len(values), -1).copy()
    frame_s = min(float(np.median(np.diff(time_s))), MIN_GAP_S)
    for column in flat.T:
        missing = np.flatnonzero(np.isnan(column))
        good = np.flatnonzero(~np.isnan(column))
        if not len(missing) or len(good) < 2:
            continue
        after = np.searchsorted(good, missing)
        inner = (after > 0) & (after < len(good))
        missing, after = missing[inner], after[inner]
        length = time_s[good[after]] - time_s[good[after - 1]] - frame_s
        missing = missing[length <= MAX_BRIDGED_S + 1e-6]
        column[missing] = np.interp(time_s[missing], time_s[good], column[good])
    return flat.reshape(values.shape)


def _lower(values: Array, filled: NDArray[np.bool_]) -> Array:
    """Return likelihoods that, where points were filled, are the lower one beside the gap."""
    out = values.copy()
    for k in range(values.shape[1]):
        holes, good = np.flatnonzero(filled[:, k]), np.flatnonzero(~filled[:, k])
        if len(holes) and len(good):
            after = np.searchsorted(good, holes)
            left = good[np.maximum(after - 1, 0)]
            right = good[np.minimum(after, len(good) - 1)]
            out[holes, k] = np.minimum(values[left, k], values[right, k])
    return out
