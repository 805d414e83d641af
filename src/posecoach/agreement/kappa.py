"""Cohen's kappa: how much two raters agree beyond what chance would give."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kappa:
    """How much two raters agree.

    Attributes
    ----------
    units : int
        How many things both rated.
    agreement : float or None
        Share of them that both rated the same, 0 to 1; None without units.
    kappa : float or None
        1 = always the same, 0 = as often as by chance, below 0 = less often; None where it is not
        defined.
    standard_error : float or None
        Of kappa; None with full agreement, where the formula's 0 would claim to be sure.
    reason : str or None
        Why kappa is not defined: ``"no_units"``, or ``"one_category"`` where both gave one and
        the same category throughout, so that chance alone gives full agreement.
    """

    units: int
    agreement: float | None
    kappa: float | None
    standard_error: float | None
    reason: str | None = None


def compute_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> Kappa:
    """Return the agreement of two raters over categories without order.

    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
    Measurement 20 (1960) 37-46: kappa = (po - pe) / (1 - pe), with po the share of equal ratings
    and pe the share that the raters' own frequencies would give by chance; standard error
    sqrt(po (1 - po) / (n (1 - pe)^2)) (his equation 7).

    Parameters
    ----------
    first, second : sequence
        What each rater said of the same units, in the same order.
    """
    n = len(first)
    if n != len(second):
        raise ValueError(f"Expected as many ratings of both but got {n} and {len(second)}.")
    if n == 0:
        return Kappa(0, None, None, None, "no_units")
    same = sum(a == b for a, b in zip(first, second, strict=True))
    one, other = Counter(first), Counter(second)
    # In whole numbers, so that "always the same" is exact.
    chance = sum(one[category] * other[category] for category in one)
    if chance == n * n:
        return Kappa(n, 1.0, None, None, "one_category")
    po, pe = same / n, chance / n**2
    error = math.sqrt(po * (1 - po) / n) / (1 - pe) if same < n else None
    return Kappa(n, po, (po - pe) / (1 - pe), error)
