"""Forms of the eight brocades as courses of the hands, and what performers do with them.

The courses follow the published standard description of Health Qigong Baduanjin (Chinese Health
Qigong Association): key positions of each wrist from its own shoulder in arm lengths (x outwards,
y up, z to the front) at shares of the form, joined smoothly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Array = NDArray[np.float64]

HANG = (0.16, -0.96, 0.10)
Key = tuple[float, tuple[float, float, float]]
Number = tuple[float, float]


@dataclass(frozen=True)
class Form:
    """A form.

    Attributes
    ----------
    id : str
    seconds : float
        Length of one repetition at tempo 1.
    left, right : tuple of (share, position)
    sink, turn : tuple of (share, value)
        Pelvis lowering in shares of the body's height; head turn in degrees.
    feet : float
        Half the distance of the feet in shares of the body's height; 0 = shoulder width.
    """

    id: str
    seconds: float
    left: tuple[Key, ...]
    right: tuple[Key, ...]
    sink: tuple[Number, ...] = ((0.0, 0.0), (1.0, 0.0))
    turn: tuple[Number, ...] = ((0.0, 0.0), (1.0, 0.0))
    feet: float = 0.0


def _both(*keys: Key) -> dict[str, tuple[Key, ...]]:
    return {"left": keys, "right": keys}


def _halves(first: tuple[Key, ...], second: tuple[Key, ...]) -> tuple[Key, ...]:
    """Join two courses of half a form each into one."""
    return (
        *((0.5 * u, p) for u, p in first[:-1]),
        *((0.5 + 0.5 * u, p) for u, p in second),
    )


def _alternate(lead: tuple[Key, ...], other: tuple[Key, ...]) -> dict[str, tuple[Key, ...]]:
    return {"left": _halves(lead, other), "right": _halves(other, lead)}


_BELLY = (-0.22, -0.52, 0.42)

FORMS: Mapping[str, Form] = {
    f.id: f
    for f in (
        Form(
            "two-hands-hold-up-the-heavens",
            10.0,
            **_both(
                (0.00, HANG),
                (0.11, (-0.20, -0.78, 0.36)),
                (0.26, (-0.22, -0.16, 0.46)),
                (0.34, (-0.20, 0.16, 0.46)),
                (0.46, (-0.16, 0.93, 0.14)),
                (0.56, (-0.16, 0.94, 0.12)),
                (0.68, (0.62, 0.72, 0.14)),
                (0.78, (0.97, 0.02, 0.18)),
                (0.89, (0.66, -0.70, 0.16)),
                (1.00, HANG),
            ),
            sink=((0.0, 0.0), (0.15, 0.012), (0.46, 0.0), (0.56, 0.0), (0.85, 0.015), (1.0, 0.0)),
        ),
        Form(
            "drawing-the-bow",
            12.0,
            **_alternate(
                (
                    (0.00, HANG),
                    (0.22, (-0.26, -0.12, 0.50)),
                    (0.32, (-0.26, -0.06, 0.52)),
                    (0.58, (0.96, 0.04, 0.16)),
                    (0.72, (0.97, 0.05, 0.15)),
                    (0.87, (0.66, -0.70, 0.18)),
                    (1.00, HANG),
                ),
                (
                    (0.00, HANG),
                    (0.22, (-0.26, -0.12, 0.46)),
                    (0.32, (-0.26, -0.06, 0.46)),
                    (0.58, (0.22, -0.06, 0.36)),
                    (0.72, (0.23, -0.06, 0.35)),
                    (0.87, (0.46, -0.78, 0.22)),
                    (1.00, HANG),
                ),
            ),
            sink=(
                (0.0, 0.0),
                (0.11, 0.01),
                (0.29, 0.045),
                (0.36, 0.045),
                (0.5, 0.0),
                (0.61, 0.01),
                (0.79, 0.045),
                (0.86, 0.045),
                (1.0, 0.0),
            ),
            turn=(
                (0.0, 0.0),
                (0.16, 0.0),
                (0.29, 50.0),
                (0.36, 50.0),
                (0.5, 0.0),
                (0.66, 0.0),
                (0.79, -50.0),
                (0.86, -50.0),
                (1.0, 0.0),
            ),
            feet=0.17,
        ),
        Form(
            "separating-heaven-and-earth",
            11.0,
            **_alternate(
                (
                    (0.00, HANG),
                    (0.22, _BELLY),
                    (0.38, (-0.16, 0.12, 0.48)),
                    (0.56, (0.10, 0.95, 0.14)),
                    (0.68, (0.10, 0.96, 0.12)),
                    (0.84, (-0.05, 0.02, 0.55)),
                    (0.92, (0.02, -0.60, 0.40)),
                    (1.00, HANG),
                ),
                (
                    (0.00, HANG),
                    (0.22, _BELLY),
                    (0.38, (-0.05, -0.55, 0.40)),
                    (0.56, (0.26, -0.90, 0.12)),
                    (0.68, (0.26, -0.91, 0.12)),
                    (0.84, (0.18, -0.88, 0.20)),
                    (1.00, HANG),
                ),
            ),
            sink=(
                (0.0, 0.0),
                (0.11, 0.012),
                (0.3, 0.0),
                (0.5, 0.01),
                (0.61, 0.012),
                (0.8, 0.0),
                (1.0, 0.0),
            ),
        ),
    )
}


@dataclass(frozen=True, eq=False)
class Course:
    """A form as one performer does it: smooth functions of its share, 0 to 1."""

    form: Form
    left: PchipInterpolator
    right: PchipInterpolator
    sink: PchipInterpolator
    turn: PchipInterpolator


def personalise(form: Form, seed: int, amount: float = 1.0) -> Course:
    """Return the form with a performer's own small differences.

    Parameters
    ----------
    seed : int
        Of the performer.
    amount : float
        0 = the form itself; 1 = usual differences (2 % of the arm, 1 % of the time).
    """
    rng = np.random.default_rng(seed)
    alternating = form.left != form.right
    swing, offset = 0.012 * amount * rng.normal(size=2), rng.uniform(0, 2 * np.pi, 2)
    own: dict[tuple[float, float, float], Array] = {}

    def warp(u: Array) -> Array:
        """Both sides share what a person does sooner or later, in both halves of a form."""
        v = u * (2.0 if alternating else 1.0)
        wave = sum(
            swing[k] * (np.sin(2 * np.pi * (k + 1) * v + offset[k]) - np.sin(offset[k]))
            for k in range(2)
        )
        return np.asarray(u + wave / (2.0 if alternating else 1.0))

    def smooth(keys: tuple[Key, ...]) -> PchipInterpolator:
        u = np.array([k[0] for k in keys])
        p = np.array([k[1] for k in keys])
        for i, (_, place) in enumerate(keys):
            # The same place on either side, and in either half, is changed alike.
            if place != HANG:
                p[i] += own.setdefault(place, rng.normal(0, 0.02 * amount, 3))
        return PchipInterpolator(warp(u), p, axis=0)

    def plain(keys: tuple[Number, ...], factor: float) -> PchipInterpolator:
        return PchipInterpolator([k[0] for k in keys], [factor * k[1] for k in keys])

    return Course(
        form,
        smooth(form.left),
        smooth(form.right),
        plain(form.sink, 1.0 + 0.1 * amount * float(rng.normal())),
        plain(form.turn, 1.0 + 0.1 * amount * float(rng.normal())),
    )


def change_height(hand: Array, lower_deg: float, factor: float = 1.0) -> Array:
    """Return a hand position with its arm's elevation made smaller.

    Parameters
    ----------
    hand : (3,) array
        From the shoulder, arm lengths.
    lower_deg : float
        Taken off where the arm is well raised, growing in from 50 to 100 degrees.
    factor : float
        Elevation above hanging is scaled by this.
    """
    reach = float(np.linalg.norm(hand))
    if reach < 1e-6 or (lower_deg == 0 and factor == 1):
        return hand
    elevation = float(np.degrees(np.arccos(np.clip(-hand[1] / reach, -1, 1))))
    grown = np.clip((elevation - 50.0) / 50.0, 0.0, 1.0)
    grown = grown * grown * (3 - 2 * grown)
    new = factor * elevation - lower_deg * float(grown)
    flat = np.array([hand[0], 0.0, hand[2]])
    # Straight overhead the arm comes down sideways and to the front.
    flat = flat + max(0.0, 0.35 - float(np.linalg.norm(flat))) * np.array([0.8, 0.0, 0.6])
    flat /= np.linalg.norm(flat)
    a = np.radians(new)
    return np.asarray(reach * (np.sin(a) * flat - np.cos(a) * np.array([0.0, 1.0, 0.0])))
