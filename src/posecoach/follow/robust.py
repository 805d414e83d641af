"""Squared distances that one wrong point does not rule (Geman and McClure 1987)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def robust_square(z: Array) -> Array:
    """Squared distance that stops growing: Geman and McClure's, 9 at most."""
    z2 = z * z
    return np.asarray(z2 / (1.0 + z2 / 9.0))


def weigh_squares(off: Array, weights: Array, sd: float) -> Array:
    """Return the weighed sum of `robust_square` of ``off / sd`` over the last axis.

    Parameters
    ----------
    off : (..., k) array
        Is used up.
    weights : (..., k) array
        As many, or the same for several.
    sd : float
    """
    # 9 - 81 / (9 + z2), with no array in between: it is most of what a frame takes. No product of
    # matrices, whose threads would wait for each other.
    limit = 9.0 * sd * sd
    np.square(off, out=off)
    off += limit
    np.divide(9.0 * limit, off, out=off)
    return np.asarray(9.0 * weights.sum(axis=-1) - np.einsum("...f,...f->...", off, weights))
