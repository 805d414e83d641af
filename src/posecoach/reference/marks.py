"""What a teacher's marks on the phases come to at each place of the form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.reference.sequence import Phase, Sequence

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Marks:
    """The marks of a form; without any, everything matters everywhere.

    Attributes
    ----------
    phases : tuple of Phase
    joints : tuple of str
        Of the form, where a phase names none.
    one_sided : bool
        Whether the sides are never compared.
    """

    phases: tuple[Phase, ...] = ()
    joints: tuple[str, ...] | None = None
    one_sided: bool = False

    def matters_at(self, joint: str, places_s: Array) -> Mask:
        """Return where a joint's angle matters; (...) places to (...)."""
        everywhere = self.joints is None or joint in self.joints
        out = np.full(np.shape(places_s), everywhere)
        for p in self.phases:
            if p.joints is not None:
                out[_inside(p, places_s)] = joint in p.joints
        return out

    def compared_at(self, places_s: Array) -> Mask:
        """Return where left and right are compared; (...) places to (...)."""
        out = np.full(np.shape(places_s), not self.one_sided)
        for p in self.phases:
            if p.symmetry == "one-sided":
                out[_inside(p, places_s)] = False
        return out

    def tolerance_at(self, measure: str, places_s: Array) -> Array:
        """Return the phases' own tolerance of a measure; NaN where there is none."""
        out = np.full(np.shape(places_s), np.nan)
        for p in self.phases:
            if measure in p.tolerances:
                out[_inside(p, places_s)] = p.tolerances[measure]
        return out


def _inside(phase: Phase, places_s: Array) -> Mask:
    return np.asarray((places_s >= phase.start_s) & (places_s < phase.end_s))


NO_MARKS = Marks()


def get_marks(sequence: Sequence) -> Marks:
    """Return the marks of a sequence."""
    return Marks(sequence.phases, sequence.joints, sequence.symmetry == "one-sided")
