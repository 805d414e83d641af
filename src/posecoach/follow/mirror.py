"""Where in a form the other side does the same: the places that mirror each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from posecoach.follow.track import STEP_S, Track, once_a_track

Array = NDArray[np.float64]

ALIKE = 0.2  # trunk lengths of mean difference up to which two courses of the hands are one
_SEARCH_S = 0.1
_SLACK_S = 1.0  # a teacher's two halves are not equally long to a second
_SMOOTH_S = 0.5


@once_a_track
def find_mirror(track: Track) -> Array | None:
    """Return for each place of a reference the place at which the other side does the same.

    In a form that both sides do together that is the place itself; in one whose sides take turns
    it is about half a form away. Found by shifting the mirrored course along the form until it
    fits, then a little more or less, place by place.

    Parameters
    ----------
    track : Track

    Returns
    -------
    (m,) array or None
        Seconds, on the grid of `STEP_S`; None in a one-sided form, where there is no such place.
    """
    hands = track.signals.features[:, :4]
    if not np.isfinite(hands).all():
        return None
    mirrored = hands[:, [2, 3, 0, 1]] * [-1.0, 1.0, -1.0, 1.0]
    count = len(hands)
    index = np.arange(count)

    def apart(shift: int) -> Array:
        off = (hands - mirrored[(index + shift) % count]).reshape(count, 2, 2)
        return np.asarray(np.linalg.norm(off, axis=2).mean(axis=1))

    if float(apart(0).mean()) <= ALIKE:
        return track.time_s.copy()

    stride = max(1, round(_SEARCH_S / STEP_S))
    shifts = np.arange(0, count, stride)
    best = int(shifts[np.argmin([apart(int(s)).mean() for s in shifts])])
    slack = round(_SLACK_S / STEP_S)
    around = np.arange(best - slack, best + slack + 1, 2)
    width = 2 * round(_SMOOTH_S / STEP_S) + 1
    costs = np.stack([uniform_filter1d(apart(int(s)), width, mode="wrap") for s in around])
    costs += 0.01 * np.abs(around - best)[:, None] / slack  # where nothing tells, the whole's
    if float(costs.min(axis=0).mean()) > ALIKE:
        return None
    chosen = gaussian_filter1d(around[costs.argmin(axis=0)].astype(float), width / 2, mode="wrap")
    return np.asarray(((index + chosen) % count) * STEP_S)
