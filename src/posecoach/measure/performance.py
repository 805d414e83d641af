"""What the measures of a repetition work from: the repetition laid beside the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.delay import SideDelay
from posecoach.follow.ends import Ends
from posecoach.follow.leaps import Leap
from posecoach.follow.track import Track
from posecoach.measure.judgement import Judgement
from posecoach.measure.spread import Tolerances
from posecoach.measure.tempo import Tempo
from posecoach.measure.uncertainty import estimate_error
from posecoach.posture.calibration import Calibration
from posecoach.posture.facing import estimate_turn
from posecoach.posture.signals import Signals
from posecoach.posture.view import TURNED_DEG
from posecoach.reference.marks import NO_MARKS, Marks

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Performance:
    """The frames of one repetition, retraced.

    Attributes
    ----------
    time_s, places_s : (n,) array
        Seconds of the recording and of the reference.
    plane : (n, 33, 2) array
    signals : Signals
        Leading shape (n,).
    good : (n,) array of bool
        Frames in which trunk and arms were seen and can be believed.
    amplitude : float
    height_px : float
    delay : SideDelay or None
        Left against right in time; None if it could not be told.
    space : (n, 33, 3) array or None
        Points in metres where their depth was measured, not guessed.
    doubt : str
        The reason why most of the frames that are not good are not.
    legs : str or None
        Why the legs were not seen in most of the frames; None if they were.
    ends : Ends or None
        When it began and ended, to a fraction of a frame; None if that could not be told.
    leaps : tuple of Leap
        Parts left out or repeated; what is around them is not among the frames.
    known : (n,) array of bool or None
        Frames whose place was known while it happened; None if all were.
    calibration : Calibration or None
        The practitioner's, which `signals` were computed with.
    depth : (n, 2) array or None
        How far the model puts the wrists before their shoulders, trunk lengths.
    visibility : (n, 33) array or None
        Of each point, 0 to 1; None if all are seen.
    """

    time_s: Array
    places_s: Array
    plane: Array
    signals: Signals
    good: Mask
    amplitude: float
    height_px: float
    delay: SideDelay | None = None
    space: Array | None = None
    doubt: str = "hidden"
    legs: str | None = None
    ends: Ends | None = None
    leaps: tuple[Leap, ...] = ()
    known: Mask | None = None
    calibration: Calibration | None = None
    depth: Array | None = None
    visibility: Array | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """A performance beside the reference it was retraced on.

    Attributes
    ----------
    performance : Performance
    track : Track
        Of the reference.
    tolerances : Tolerances
        By measure and place.
    view : {"front", "back", "oblique", "side"}
    joints : tuple of str
        Joints whose angle matters.
    tempo : Tempo or None
    marks : Marks
        Where joints matter and sides are compared.
    done : mapping of str to Judgement
        Measures judged before, in the order of `posecoach.measure.repetition.MEASURES`.
    kept : dict of str to object
        What one measure found and others need, too.
    """

    performance: Performance
    track: Track
    tolerances: Tolerances
    view: str
    joints: tuple[str, ...] = ()
    tempo: Tempo | None = None
    marks: Marks = NO_MARKS
    done: Mapping[str, Judgement] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def estimate_error(
        self, measure: str, ok: Mask, spread: float = 0.0, extra: float = 0.0
    ) -> float:
        """Return one standard error of a reading from some of the frames, degrees.

        See `posecoach.measure.uncertainty.estimate_error`.
        """
        p, theirs = self.performance, self.track.calibration
        seen = None if p.visibility is None or not ok.any() else p.visibility[ok].mean(axis=0)
        return estimate_error(
            measure,
            p.calibration or theirs,
            p.height_px,
            spread,
            extra,
            visibility=seen,
            calibrated=theirs.done,
        )

    @property
    def frontal(self) -> bool:
        """Whether the pictures show both persons' frontal plane, from before or behind."""
        return self.view in ("front", "back", "oblique") and not self.track.edge_on

    @property
    def oblique(self) -> bool:
        """Whether the camera stands far to one side: then arms and shoulders look uneven."""
        turned = float(np.median(estimate_turn(self.performance.plane))) > TURNED_DEG
        return self.view == "oblique" or (self.view != "side" and turned)

    @property
    def not_frontal(self) -> str:
        """Why it does not, as the key of a reason."""
        return "side_view" if self.view == "side" else "reference_side"


Judged = tuple[Judgement, float | None]
"""A measure's reading, and the place of its worst deviation, seconds of the reference."""

Measure = Callable[[str, Comparison], Judged]
"""``judge(measure, comparison)``: a pure function that reads one measure."""
