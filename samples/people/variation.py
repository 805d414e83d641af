"""How repetitions of one performer differ: alike in key positions, freer on the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAN_DEG, ARM, PACE = 4.0, 0.05, 0.22  # at an amount of 1, where the way back is freest
_FREE_FROM = 0.5  # share of the form, or of each half of one that takes turns


@dataclass(frozen=True)
class Variation:
    """What is different in one repetition, where it is freest.

    Attributes
    ----------
    lean_deg : float
        Added to the lean, + = left.
    left, right : float
        Factors of how high the arms come.
    pace : float
        Factor of the speed.
    """

    lean_deg: float = 0.0
    left: float = 1.0
    right: float = 1.0
    pace: float = 1.0


def vary(seed: int, repetition: int, amount: float) -> Variation:
    """Return what is different in a repetition; every second one to the other side.

    Parameters
    ----------
    seed : int
        Of the performer.
    repetition : int
        From 0.
    amount : float
        0 = nothing; 1 = up to `LEAN_DEG`, `ARM` and `PACE`.
    """
    if amount == 0:
        return Variation()
    rng = np.random.default_rng([seed, repetition, 77])
    lean, arm, pace = (-1.0) ** repetition * amount * rng.uniform(0.75, 1.0, 3)
    lower = 1.0 - ARM * abs(float(arm))
    return Variation(
        LEAN_DEG * float(lean),
        lower if arm > 0 else 1.0,
        lower if arm < 0 else 1.0,
        1.0 + PACE * float(pace),
    )


def find_freedom(share: float, alternating: bool) -> float:
    """Return how free the performer is at a share of the form: 0 in the first half, up to 1.

    Parameters
    ----------
    share : float
        0 to 1.
    alternating : bool
        Whether the sides take turns: then each half has a way back of its own.
    """
    way = (2.0 * share) % 1.0 if alternating and share < 1.0 else share
    along = (way - _FREE_FROM) / (1.0 - _FREE_FROM)
    return float(np.sin(np.pi * along) ** 2) if 0.0 < along < 1.0 else 0.0
