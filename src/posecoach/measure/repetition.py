"""A whole repetition: its measures once it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posecoach.measure.judgement import Judgement


@dataclass(frozen=True)
class Repetition:
    """One time through the form.

    Attributes
    ----------
    start_s, end_s : float
        Seconds of the recording.
    measures : mapping of str to Judgement
    """

    start_s: float
    end_s: float
    measures: Mapping[str, Judgement]
