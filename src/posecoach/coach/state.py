"""What the engine says after each frame: everything a face needs, and nothing it must compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.guidance import Guidance
from posecoach.coach.setting_up import SetUp
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition
from posecoach.motion import Observation
from posecoach.posture.calibration import Calibration
from posecoach.reference.sequence import Phase

Array = NDArray[np.float64]


class Status(StrEnum):
    """What is going on, as far as the camera can tell."""

    NOBODY = "nobody"  # no body found
    INCOMPLETE = "incomplete"  # a body, but not enough of it to judge
    CALIBRATING = "calibrating"  # standing still, vertical being measured
    READY = "ready"  # in the start pose, before or between repetitions
    MOVING = "moving"  # in the form
    PAUSED = "paused"  # standing still within the form
    WAITING = "waiting"  # moving, but the place in the form is not known


@dataclass(frozen=True)
class Cue:
    """One thing to change, said once.

    Attributes
    ----------
    time_s : float
        When it was given, in seconds of the recording.
    measure : str
        The measure's name, such as ``"lateral_lean"``.
    phase : str or None
        Id of the phase of the form.
    direction : str
        The side or way of the deviation itself: ``left``, ``right``, ``fast``, ``slow``, ...
    deviation : float
        Practitioner minus reference, in the measure's unit.
    tolerance, uncertainty : float
        What it was held against.
    text : str
        Three to five words of what to do.
    """

    time_s: float
    measure: str
    phase: str | None
    direction: str
    deviation: float
    tolerance: float
    uncertainty: float
    text: str


@dataclass(frozen=True, eq=False)
class Arms:
    """How high the arms are, left and right, degrees above hanging.

    Attributes
    ----------
    own, reference : (2,) array
        The practitioner's, and the teacher's at the same place.
    """

    own: Array
    reference: Array


@dataclass(frozen=True, eq=False)
class State:
    """The engine's answer to one observation.

    Attributes
    ----------
    time_s : float
    status : Status
    reason : str or None
        Why nothing is judged, as a message key of `posecoach.coach.words`.
    observation : Observation
        What was seen, left and right repaired.
    calibration : Calibration or None
    place_s : float or None
        Where in the reference, in its seconds; None while not known or outside the form.
    duration_s : float
        Length of the reference in seconds.
    certainty : float
        Probability that the place is right within half a second, 0 to 1.
    tempo : float or None
        Practitioner's speed through the form / the reference's, over the last moments.
    phase : Phase or None
    repetition : int
        Repetitions completed so far.
    judgements : mapping of str to Judgement
        Live readings by measure, averaged over half a second.
    arms : Arms or None
    ghost : (33, 2) array or None
        The teacher at this place on the practitioner's own body, picture plane in units of the
        picture's height.
    match : float
        How closely the practitioner is with the ghost, 0 to 1 (1 = together).
    cue : Cue or None
        The cue on show.
    new_cue : Cue or None
        The cue, at the one step at which it is given.
    praise : bool
        True while a return into the band is being acknowledged.
    finished : Repetition or None
        The repetition, at the step at which it was completed.
    guidance : Guidance
        How this person is guided; whether the picture may show deviations and the ghost.
    held_back : Cue or None
        A cue that was deserved and not given, because of the stage of guidance, at that step.
    set_up : SetUp or None
        What the set-up says, while it lasts; nothing is followed or judged then.
    """

    time_s: float
    status: Status
    reason: str | None
    observation: Observation
    calibration: Calibration | None
    place_s: float | None
    duration_s: float
    certainty: float
    tempo: float | None
    phase: Phase | None
    repetition: int
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    arms: Arms | None = None
    ghost: Array | None = None
    match: float = 0.0
    cue: Cue | None = None
    new_cue: Cue | None = None
    praise: bool = False
    finished: Repetition | None = None
    guidance: Guidance = field(default_factory=Guidance)
    held_back: Cue | None = None
    set_up: SetUp | None = None
