"""One reading of one measure, with how sure it is and whether it may be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNITS: Mapping[str, str] = {
    "tempo_ratio": "ratio",
    "evenness": "1",
    "lateral_lean": "deg",
    "forward_lean": "deg",
    "shoulder_tilt": "deg",
    "pelvis_tilt": "deg",
    "arm_height_difference": "deg",
    "left_right_delay": "ms",
    "symmetry_index": "1",
    "sway": "deg",
    "trunk_limb_delay": "ms",
}
"""Measures by name and unit; ``joint_angle.<joint>`` come beside them in degrees, and where depth
was measured ``carriage.<region>``."""

FLOORS: Mapping[str, float] = {
    "tempo_ratio": 0.25,
    "evenness": 0.3,
    "lateral_lean": 4.0,
    "forward_lean": 6.0,
    "shoulder_tilt": 5.0,
    "pelvis_tilt": 5.0,
    "arm_height_difference": 10.0,
    "left_right_delay": 150.0,
    "joint_angle": 15.0,
    "carriage": 15.0,
}
"""Tolerance below which a deviation is always left alone, in the measure's unit."""

TOLD: Mapping[str, float] = {"symmetry_index": 0.1, "sway": 3.0, "trunk_limb_delay": 400.0}
"""The same for what is told and never cued."""


def get_unit(measure: str) -> str:
    """Return a measure's unit."""
    return UNITS.get(measure, "deg")


def get_floor(measure: str) -> float:
    """Return the smallest tolerance a measure may have."""
    return TOLD[measure] if measure in TOLD else FLOORS[measure.split(".")[0]]


@dataclass(frozen=True)
class Judgement:
    """A measure's reading.

    Attributes
    ----------
    value, reference, deviation, worst : float or None
        In `unit`; `worst` is the largest deviation held for at least half a second.
    uncertainty : float or None
        One standard error.
    tolerance : float
    unit : str
    judged : bool
    reason : str or None
        Key of why it is not judged.
    worst_tolerance : float or None
        Where `worst` is, if the tolerance there is another.
    """

    value: float | None
    reference: float | None
    deviation: float | None
    worst: float | None
    uncertainty: float | None
    tolerance: float
    unit: str
    judged: bool
    reason: str | None
    worst_tolerance: float | None = None

    @classmethod
    def unseen(cls, measure: str, reason: str, tolerance: float | None = None) -> Judgement:
        """Return a reading that says only why there is none."""
        floor = get_floor(measure)
        return cls(
            None, None, None, None, None, tolerance or floor, get_unit(measure), False, reason
        )

    def unless_unsure(self, measure: str, widest: float) -> Judgement:
        """Return the reading, or that it is unsure, where its error is wider than ``widest``.

        What is beyond the tolerance by more than its error is sure enough however wide that is.
        """
        return (
            Judgement.unseen(measure, "unsure", self.tolerance) if self.is_unsure(widest) else self
        )

    def is_unsure(self, widest: float) -> bool:
        """Return whether the error is wider than ``widest`` and the reading within it."""
        wide = self.uncertainty is not None and self.uncertainty > widest
        return wide and max(self.excess(), self.excess_of_worst()) <= 0

    def excess(self, deviation: float | None = None, errors: float = 1.0) -> float:
        """Return how far a deviation lies beyond tolerance and uncertainty; above 0 = beyond.

        Parameters
        ----------
        deviation : float, optional
            `deviation` of the reading itself if not given.
        errors : float
            How many standard errors to add to the tolerance.
        """
        d = self.deviation if deviation is None else deviation
        if not self.judged or d is None:
            return float("-inf")
        return abs(d) - self.tolerance - errors * (self.uncertainty or 0.0)

    def excess_of_worst(self, errors: float = 1.0) -> float:
        """Return how far the worst deviation lies beyond the tolerance at its place."""
        if not self.judged or self.worst is None:
            return float("-inf")
        tolerance = self.worst_tolerance or self.tolerance
        return abs(self.worst) - tolerance - errors * (self.uncertainty or 0.0)
