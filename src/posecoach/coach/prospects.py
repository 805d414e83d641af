"""Which measures will be judged from here, and why the others will not.

The teacher's own take is measured as if it were performed before this camera: what the measures
themselves refuse then is what they will refuse, so that nothing is promised that is not kept.
"""

from __future__ import annotations

import numpy as np

from posecoach.coach.ways import LEGS
from posecoach.follow.delay import SideDelay
from posecoach.follow.track import Track
from posecoach.measure.performance import Performance
from posecoach.measure.repetition import measure_repetition
from posecoach.measure.spread import get_tolerances
from posecoach.posture.signals import compute_signals
from posecoach.reference.marks import get_marks
from posecoach.reference.sequence import Sequence

_SURE_S = 0.01  # the teacher's sides are in step with the teacher's

MAIN = (
    "tempo_ratio",
    "evenness",
    "lateral_lean",
    "shoulder_tilt",
    "arm_height_difference",
    "left_right_delay",
)
"""What everybody is told about; the rest only where it is not judged."""


def tell_prospects(
    sequence: Sequence, track: Track, view: str, no_legs: str | None = None
) -> dict[str, str | None]:
    """Return for each measure why it will not be judged, as a key; None if it will.

    Parameters
    ----------
    sequence : Sequence
    track : Track
        Of the sequence's first take.
    view : {"front", "oblique", "side", "back"}
    no_legs : str, optional
        Why the legs are not seen or looked at, as a key; None if they are.
    """
    plane, world = track.plane, track.world
    if no_legs is not None:
        plane, world = plane.copy(), world.copy()
        plane[:, LEGS] = world[:, LEGS] = np.nan
    own = Performance(
        track.time_s,
        track.time_s,
        plane,
        compute_signals(plane, world, track.calibration),
        np.ones(len(track.time_s), dtype=bool),
        1.0,
        720.0,
        SideDelay(0.0, _SURE_S),
        legs=no_legs,
        calibration=track.calibration,
    )
    judged = measure_repetition(
        own,
        track,
        sequence.all_joints,
        get_tolerances(sequence),
        view,
        get_marks(sequence),
    ).measures
    return {m: None if j.judged else j.reason or "hidden" for m, j in judged.items()}
