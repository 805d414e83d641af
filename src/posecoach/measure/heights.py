"""How high each arm comes against the reference, judged in the picture.

Each side's height is taken as a smooth function of the reference's height at the same place: the
same on the way up and on the way down, in front of the body and beside it. It is fitted to where
the wrists are seen, together with where the camera stands and what the path may be wrong by
(`posecoach.measure.arm_fit`), so that what another view does to both arms is not taken for a
difference, and so that the error is wide where the one can be the other: an arm that reaches to
the camera, or one that is overhead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.delay import SideDelay
from posecoach.follow.sight import SIDES, place_arms, see_arms
from posecoach.follow.track import Track
from posecoach.measure.arm_course import elevate
from posecoach.measure.arm_fit import fit_arms
from posecoach.posture.calibration import Calibration

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_DRAWS = 64
_UP_DEG = 180.0
_POSTERIOR, _SHARE = 0.5, 0.1  # of the error that the fit claims; of time that may be misplaced


@dataclass(frozen=True, eq=False)
class Heights:
    """Both arms beside the reference's.

    Attributes
    ----------
    own, expected : (n, 2) array
        Elevations of left and right, degrees: the practitioner's, smoothed, and the reference's
        at the same place with the amplitude common to both sides.
    reference : (m, 2) array
        Elevations of the reference on its own grid.
    errors_deg : (n,) array
        One standard error of left less right against the expected.
    error_deg : float
        The same of its median over time.
    delay : SideDelay or None
        Left against right in time where it was found with the heights.
    """

    own: Array
    expected: Array
    reference: Array
    errors_deg: Array
    error_deg: float
    delay: SideDelay | None = None


def fit_heights(
    plane: Array,
    depth: Array | None,
    calibration: Calibration,
    track: Track,
    time_s: Array,
    places_s: Array,
    ok: Mask,
    *,
    delay_s: float = 0.0,
    lean_deg: float = 0.0,
    tilt_deg: float = 0.0,
    feet: bool = True,
) -> Heights | None:
    """Return how high both arms come.

    Parameters
    ----------
    plane : (n, 33, 2) array
    depth : (n, 2) array or None
        Of the wrists as the model gives it, see `posecoach.follow.sight.read_depth`.
    calibration : Calibration
        The practitioner's.
    track : Track
    time_s, places_s : (n,) array
        Seconds of the recording, and of the reference where both sides are in step.
    ok : (n,) array of bool
        Frames that can be believed.
    delay_s : float
        Left against right, as it was found: a late arm is late, not low.
    lean_deg, tilt_deg : float
        The trunk's lean and the shoulders' tilt as they were read, against the reference's.
    feet : bool
        Whether the feet can be believed.

    Returns
    -------
    Heights or None
        None where too little was seen.
    """
    seen = see_arms(np.where(ok[:, None, None], plane, np.nan), calibration, feet)
    ok = ok & np.isfinite(seen.reach).all(axis=(1, 2)) & np.isfinite(seen.shoulder).all(axis=(1, 2))
    fit = fit_arms(
        seen,
        depth,
        track,
        time_s,
        places_s,
        ok,
        delay_s=delay_s,
        lean_deg=lean_deg,
        tilt_deg=tilt_deg,
    )
    if fit is None:
        return None
    expected, rest = fit.expected, fit.rest
    lifts = fit.both[:, None] + _HALVES * fit.apart[:, None]
    own = expected + np.einsum("nsk,ks->ns", fit.basis, lifts)
    # The common amplitude is that of both sides together, and so linear in the terms as well.
    above = expected - rest
    energy = max(float((above[ok] ** 2).sum()), 1e-9)
    amplitude = float(((own - rest)[ok] * above[ok]).sum()) / energy
    scaled = rest + amplitude * above
    own = own + fit.leant
    own = np.where(own > _UP_DEG, 2 * _UP_DEG - own, own)
    deviation = (own - scaled) @ np.array(SIDES)
    by_term = np.concatenate([fit.basis, fit.basis * _HALVES[:, None]], axis=2)
    shared = np.einsum("nsk,ns->k", by_term[ok], above[ok]) / energy
    slopes = np.einsum("nsk,s->nk", by_term, np.array(SIDES))
    slopes = slopes - (above @ np.array(SIDES))[:, None] * shared
    errors = np.sqrt(np.einsum("nk,kl,nl->n", slopes, fit.covariance, slopes))
    draws = np.random.default_rng(0).normal(size=(_DRAWS, len(fit.covariance)))
    drawn = draws @ np.linalg.cholesky(fit.covariance).T @ slopes[ok].T
    sure = float(np.median(deviation[ok] + drawn, axis=1).std())
    # Where half of the time there is a difference and half there is none, the median is a guess.
    low, high = np.quantile(deviation[ok], [0.5 - _SHARE, 0.5 + _SHARE])
    error = float(np.hypot(_POSTERIOR * sure, 0.5 * (high - low)))
    return Heights(
        own,
        scaled,
        elevate(place_arms(track)[1]),
        errors,
        error,
        SideDelay(fit.delay_s, fit.delay_error_s),
    )


_HALVES = np.array([0.5, -0.5])
