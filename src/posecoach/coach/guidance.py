"""How much is said to this person: the stage of guidance, strictness, and the range of comfort.

Feedback on every fault helps at first and makes dependent if it never fades (Sigrist 2013;
Aoyagi 2019), so it comes in stages over the sessions; see ``docs/feedback-policy.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from posecoach.errors import UsageError
from posecoach.measure.judgement import Judgement, get_floor

STRICTEST, MILDEST = 0.5, 3.0
_GENTLE = 1.4  # gentle practice leaves so much more room
GENTLE_ROUNDS = 3  # repetitions that are enough in gentle practice


class Stage(StrEnum):
    """When cues are given, from the first sessions to none at all."""

    FULL = "full"  # each one that is deserved
    HALF = "half"  # each second time that the same is deserved
    END_OF_PHASE = "end_of_phase"  # kept until the phase is over
    END_OF_SESSION = "end_of_session"  # only in the summary
    NONE = "none"  # a pass that shows what stayed


STAGES = tuple(Stage)


@dataclass(frozen=True)
class Comfort:
    """What is this person's own measure, so that nothing is said within it.

    Attributes
    ----------
    tempo : (float, float)
        Slowest and fastest ratio to the teacher's tempo; both 1 leaves it to the tolerance.
    amplitude : (float, float)
        Smallest and largest share of the teacher's bend in hips and knees and of the height of
        the upper arms. A smaller one is no fault; who wishes to be told of it chooses a smallest
        share above 0. The elbow's bend is shape and not amplitude.
    """

    tempo: tuple[float, float] = (1.0, 1.0)
    amplitude: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self) -> None:
        for name, (low, high) in (("tempo", self.tempo), ("amplitude", self.amplitude)):
            if not 0.0 <= low <= 1.0 <= high <= 5.0:
                raise UsageError(
                    f"Expected a range of {name} from 0 to 1 up to 1 to 5 but got {low} to {high}."
                )

    def holds(self, measure: str, value: float, reference: float) -> bool:
        """Return whether a value lies within the person's comfort, whatever the tolerance.

        Parameters
        ----------
        measure : str
        value, reference : float
            In the measure's unit.
        """
        if measure == "tempo_ratio":
            return _within(value, self.tempo)
        share = _amplitude_of(measure, value, reference)
        return share is not None and _within(share, self.amplitude)

    def misses(self, measure: str, value: float, reference: float) -> bool:
        """Return whether a value is smaller than the person wishes to move.

        Parameters
        ----------
        measure : str
        value, reference : float
            In the measure's unit.
        """
        share = _amplitude_of(measure, value, reference)
        return share is not None and share < self.amplitude[0]


@dataclass(frozen=True)
class Guidance:
    """How one person is guided in one session.

    Attributes
    ----------
    stage : Stage
    strictness : float
        Factor on all tolerances: 1 is the teacher's own measure, 2 leaves twice as much alone.
        Never less than the measure's floor and uncertainty, however strict.
    comfort : Comfort
    gentle : bool
        Smaller and slower is welcome, and deviations have more room.
    """

    stage: Stage = Stage.FULL
    strictness: float = 1.0
    comfort: Comfort = field(default_factory=Comfort)
    gentle: bool = False

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "stage", Stage(self.stage))
        except ValueError:
            raise UsageError(
                f"Expected a stage of {', '.join(STAGES)} but got {self.stage!r}."
            ) from None
        if not STRICTEST <= self.strictness <= MILDEST:
            raise UsageError(
                f"Expected a strictness from {STRICTEST} to {MILDEST} but got {self.strictness}."
            )

    @property
    def speaks(self) -> bool:
        """Whether any cue is given while practising."""
        return self.stage not in (Stage.END_OF_SESSION, Stage.NONE)

    @property
    def shows_deviation(self) -> bool:
        """Whether the picture itself may show deviations and the ghost while practising.

        A pass without feedback is none if the picture tells all the same.
        """
        return self.stage in (Stage.FULL, Stage.HALF)

    @property
    def own_comfort(self) -> Comfort:
        """The range of comfort, as wide as gentle practice makes it."""
        if not self.gentle:
            return self.comfort
        (_, fast), (_, large) = self.comfort.tempo, self.comfort.amplitude
        return Comfort((0.0, fast), (0.0, large))

    @property
    def rounds(self) -> int | None:
        """After how many repetitions it is enough; None leaves it to the person."""
        return GENTLE_ROUNDS if self.gentle else None

    def scale_tolerance(self, measure: str, tolerance: float) -> float:
        """Return a tolerance as strict as it is for this person; never below the floor."""
        factor = self.strictness * (_GENTLE if self.gentle else 1.0)
        return max(tolerance * factor, min(tolerance, get_floor(measure)))

    def fit(self, judgements: Mapping[str, Judgement]) -> dict[str, Judgement]:
        """Return readings with the tolerances that hold for this person."""
        if self.strictness == 1.0 and not self.gentle:
            return dict(judgements)
        out = {}
        for measure, j in judgements.items():
            worst = j.worst_tolerance
            out[measure] = replace(
                j,
                tolerance=self.scale_tolerance(measure, j.tolerance),
                worst_tolerance=None if worst is None else self.scale_tolerance(measure, worst),
            )
        return out


def _amplitude_of(measure: str, value: float, reference: float) -> float | None:
    """Return the share of the reference's amplitude; None where a measure has none."""
    kind, _, joint = measure.partition(".")
    if kind != "joint_angle" or joint.endswith("elbow"):
        return None
    # A straight leg has 180 degrees, a hanging arm none.
    own, theirs = value, reference
    if not joint.endswith("shoulder"):
        own, theirs = 180.0 - value, 180.0 - reference
    return own / theirs if theirs > 0 else None


def _within(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1] and span[0] < span[1]
