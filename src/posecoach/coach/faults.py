"""What in a repetition deserves a cue: beyond tolerance and uncertainty, and each fault once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from posecoach.coach.guidance import Comfort
from posecoach.measure.judgement import TOLD, Judgement
from posecoach.measure.repetition import Repetition

WHOLE_ERRORS = 1.3
_PLACE_ERRORS = {"shoulder_tilt": 3.0}  # held for half a second, where arms move it about
_ROUGH_ERRORS = 2.0  # of evenness, known of drawn people, who are smoother than real ones

CARRIED: Mapping[str, float] = {
    "shoulder_tilt": 2.0,
    "pelvis_tilt": 1.0,
    "arm_height_difference": -2.3,
}
"""Degrees of these that a degree of lean may bring with it; the arms' seen on leaning people.

A trunk that leans from the hips takes shoulders and pelvis with it one to one; of one that bends
evenly from bottom to top the upper end is turned by twice the lean of the line between both ends.
"""


_SHOWN_IN_PLACES = (
    "lateral_lean",
    "forward_lean",
    "shoulder_tilt",
    "pelvis_tilt",
    "arm_height_difference",
)


def less_lean(measure: str, j: Judgement, judgements: Mapping[str, Judgement]) -> Judgement:
    """Return a reading without what a leaning trunk brings with it; never past zero.

    A lean that is tolerated makes shoulders and pelvis that tilt with it tolerable too, as far as
    it is sure. Arms over the head come out the other way round, so theirs counts on either
    side, and only of a lean that is beyond the tolerance.
    """
    lean = judgements.get("lateral_lean")
    if measure not in CARRIED or lean is None or not lean.judged or lean.deviation is None:
        return j
    arms = measure == "arm_height_difference"
    if arms and lean.excess() <= 0:
        return j
    sure = max(abs(lean.deviation) - (lean.uncertainty or 0.0), 0.0)
    if sure == 0:
        return j
    carried = CARRIED[measure] * (sure if lean.deviation > 0 else -sure)

    def rest(deviation: float | None) -> float | None:
        if deviation is None or (deviation * carried <= 0 and not arms):
            return deviation
        left = max(abs(deviation) - abs(carried), 0.0)
        return left if deviation > 0 else -left

    return replace(j, deviation=rest(j.deviation), worst=rest(j.worst))


def find_faults(
    repetition: Repetition | Mapping[str, Judgement], comfort: Comfort | None = None
) -> dict[str, float]:
    """Return the measures of a repetition that deserve a cue, with their deviation.

    What shows over the whole repetition is judged by its median, what shows in one place by the
    largest deviation held; one fault is not counted twice: a shoulder line that tilts because
    one arm is lower, or a joint that bends because the arm is low, is the arm's; what a lean
    carries with it is the lean's; and carriage is told where nothing else says what it is.

    Parameters
    ----------
    repetition : Repetition or mapping of str to Judgement
        Or its measures alone.
    comfort : Comfort, optional
        What lies within it is no fault.
    """
    found: dict[str, float] = {}
    measures = repetition.measures if isinstance(repetition, Repetition) else repetition
    for measure, j in measures.items():
        if measure in TOLD or not j.judged or j.deviation is None:
            continue
        j = less_lean(measure, j, measures)
        deviation = j.deviation or 0.0
        kind = measure.split(".")[0]
        by_median = j.excess(errors=WHOLE_ERRORS) > 0
        errors = _PLACE_ERRORS.get(kind, WHOLE_ERRORS)
        by_worst = kind in _SHOWN_IN_PLACES and j.excess_of_worst(errors) > 0
        if kind == "tempo_ratio":
            by_worst = j.worst is not None and abs(j.worst) > 2 * (j.worst_tolerance or j.tolerance)
        if kind == "evenness":
            by_median = deviation < -(j.tolerance + _ROUGH_ERRORS * (j.uncertainty or 0.0))
        if by_median and not _is_comfortable(comfort, measure, j, deviation):
            found[measure] = deviation
        elif comfort is not None and _is_missed(comfort, measure, j):
            assert j.value is not None
            assert j.reference is not None
            found[measure] = j.value - j.reference
        elif by_worst and j.worst is not None and not _is_comfortable(comfort, measure, j, j.worst):
            found[measure] = j.worst
    if "arm_height_difference" in found or "left_right_delay" in found:
        for measure in [m for m in found if m.startswith("joint_angle") or m == "shoulder_tilt"]:
            del found[measure]
    if "tempo_ratio" in found:
        found.pop("evenness", None)
    carried = [m for m in found if m.startswith("carriage")]
    if len(carried) < len(found):  # whatever has a name of its own shows in it too
        for measure in carried:
            del found[measure]
    return found


def _is_missed(comfort: Comfort, measure: str, j: Judgement) -> bool:
    """Return whether an amplitude is below what the person asked to be told of, for sure."""
    if j.value is None or j.reference is None:
        return False
    less = j.excess(j.value - j.reference, errors=WHOLE_ERRORS) > 0
    return less and comfort.misses(measure, j.value, j.reference)


def _is_comfortable(comfort: Comfort | None, measure: str, j: Judgement, deviation: float) -> bool:
    if comfort is None or j.reference is None:
        return False
    return comfort.holds(measure, j.reference + deviation, j.reference)
