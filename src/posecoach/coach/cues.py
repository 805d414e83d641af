"""Which cue, and when: bandwidth, hysteresis, one at a time, with time between.

The policy, and where it comes from:

- A cue fires only beyond the teacher's tolerance and the measure's own uncertainty (bandwidth
  feedback: Sherwood 1988; Cruz 2018), held for a moment, and is left again only well inside.
- One cue at a time, at least `GAP_S` apart, the trunk first, then symmetry, then tempo, then
  detail. The same thing is not said again before `REPEAT_S`, and then in other words.
- Trunk cues come while it happens; timing and arms when the repetition is over, because only
  the whole of it tells late from low and slow from small.
- Coming back into the band is acknowledged, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from posecoach.coach.state import Cue
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition

GAP_S = 6.0
REPEAT_S = 15.0
SHOW_S = 4.5
HOLD_S = 0.8
LOST_S = 0.5  # readings missing for longer begin the hold anew
KEEP_S = 10.0
RELEASE = 0.7  # share of the tolerance within which a deviation counts as gone
PRAISE_S = 2.0
LIVE_ERRORS = 1.3
WHOLE_ERRORS = 1.3

PRIORITY: tuple[str, ...] = (
    "lateral_lean",
    "forward_lean",
    "shoulder_tilt",
    "pelvis_tilt",
    "arm_height_difference",
    "left_right_delay",
    "tempo_ratio",
    "evenness",
    "joint_angle",
)

_DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "tempo_ratio": ("fast", "slow"),
    "evenness": ("even", "uneven"),
    "forward_lean": ("forward", "back"),
    "joint_angle": ("more", "less"),
}


def name_direction(measure: str, deviation: float) -> str:
    """Return the side or way of a deviation."""
    positive, negative = _DIRECTIONS.get(measure.split(".")[0], ("left", "right"))
    return positive if deviation > 0 else negative


@dataclass(frozen=True)
class _Wish:
    """A cue that waits for its turn."""

    since_s: float
    measure: str
    direction: str
    deviation: float
    judgement: Judgement
    phase: str | None
    time_s: float


Words = Callable[[str, str, int, str | None], str]


class CueChooser:
    """Chooses cues; feed it live readings every frame and each repetition when it is over.

    Parameters
    ----------
    words : callable
        ``words(measure, direction, variant)`` gives the text.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._since: dict[tuple[str, str], tuple[float, float]] = {}
        self._active: dict[str, str] = {}
        self._wishes: list[_Wish] = []
        self._said: dict[tuple[str, str], tuple[float, int]] = {}
        self._last_s = float("-inf")
        self._praise_until = float("-inf")
        self.current: Cue | None = None

    @property
    def praise_until_s(self) -> float:
        """Until when a return into the band is being acknowledged."""
        return self._praise_until

    def watch(self, time_s: float, judgements: Mapping[str, Judgement], phase: str | None) -> None:
        """Take in live readings of one frame."""
        lean = _lean_beyond(judgements)
        for measure, j in judgements.items():
            if not j.judged or j.deviation is None:
                self._forget(measure)
                continue
            if lean and measure in _CARRIED:
                j = replace(j, deviation=less_lean(measure, j.deviation, lean))
            assert j.deviation is not None
            direction = name_direction(measure, j.deviation)
            key = (measure, direction)
            if j.excess(errors=LIVE_ERRORS) > 0:
                since, last = self._since.get(key, (time_s, time_s))
                if time_s - last > LOST_S:
                    since = time_s
                self._since[key] = (since, time_s)
                if time_s - since >= HOLD_S and measure not in self._active:
                    self._active[measure] = direction
                    self._wish(time_s, measure, direction, j.deviation, j, phase)
            else:
                self._forget(measure)
                inside = abs(j.deviation) < RELEASE * j.tolerance
                if measure in self._active and inside:
                    del self._active[measure]
                    self._wishes = [w for w in self._wishes if w.measure != measure]
                    if self._was_said(measure, time_s):
                        self._praise_until = time_s + PRAISE_S
        if self.current and time_s - self.current.time_s > SHOW_S:
            self.current = None

    def _forget(self, measure: str) -> None:
        for key in [k for k in self._since if k[0] == measure]:
            del self._since[key]

    def _was_said(self, measure: str, time_s: float) -> bool:
        return any(k[0] == measure and time_s - at < 30.0 for k, (at, _) in self._said.items())

    def review(
        self, time_s: float, repetition: Repetition, phase_at: Callable[[float], str | None]
    ) -> None:
        """Take in a repetition that is over."""
        for measure, deviation in find_faults(repetition).items():
            j = repetition.measures[measure]
            place = repetition.worst_place_s.get(measure)
            phase = phase_at(place) if place is not None else None
            self._wish(time_s, measure, name_direction(measure, deviation), deviation, j, phase)

    def _wish(
        self,
        time_s: float,
        measure: str,
        direction: str,
        deviation: float,
        j: Judgement,
        phase: str | None,
    ) -> None:
        self._wishes = [w for w in self._wishes if w.measure != measure]
        self._wishes.append(_Wish(time_s, measure, direction, deviation, j, phase, time_s))

    def speak(self, time_s: float) -> Cue | None:
        """Return the cue to give now, if there is one and it is time."""
        self._wishes = [w for w in self._wishes if time_s - w.since_s <= KEEP_S]
        if time_s - self._last_s < GAP_S:
            return None
        ready = [w for w in self._wishes if not self._too_soon(w, time_s)]
        if not ready:
            return None
        wish = min(ready, key=lambda w: PRIORITY.index(w.measure.split(".")[0]))
        self._wishes.remove(wish)
        key = (wish.measure, wish.direction)
        variant = self._said[key][1] + 1 if key in self._said else 0
        self._said[key] = (time_s, variant)
        self._last_s = time_s
        self.current = Cue(
            time_s,
            wish.measure,
            wish.phase,
            wish.direction,
            wish.deviation,
            wish.judgement.tolerance,
            wish.judgement.uncertainty or 0.0,
            self._words(wish.measure, wish.direction, variant, wish.phase),
        )
        return self.current

    def _too_soon(self, wish: _Wish, time_s: float) -> bool:
        said = self._said.get((wish.measure, wish.direction))
        return said is not None and time_s - said[0] < REPEAT_S


_CARRIED: Mapping[str, float] = {
    "shoulder_tilt": 1.4,
    "pelvis_tilt": 1.0,
    "arm_height_difference": -2.3,
}
"""Degrees of these that a degree of lean brings with it; the arms' seen on leaning people."""


def _lean_beyond(judgements: Mapping[str, Judgement]) -> float:
    """Return the lean's deviation where it is beyond its tolerance, else 0."""
    lean = judgements.get("lateral_lean")
    if lean is None or not lean.judged or lean.deviation is None or lean.excess() <= 0:
        return 0.0
    return lean.deviation


def less_lean(measure: str, deviation: float, lean: float) -> float:
    """Return a deviation without what a leaning trunk brings with it; never past zero.

    Arms over the head come out the other way round, so theirs counts on either side.
    """
    share = _CARRIED[measure] * lean
    if measure == "arm_height_difference":
        share = abs(share) if deviation > 0 else -abs(share)
    if deviation * share <= 0:
        return deviation
    rest = abs(deviation) - abs(share)
    return max(rest, 0.0) * (1.0 if deviation > 0 else -1.0)


def find_faults(repetition: Repetition) -> dict[str, float]:
    """Return the measures of a repetition that deserve a cue, with their deviation.

    What shows over the whole repetition is judged by its median, what shows in one place by the
    largest deviation held; one fault is not counted twice: a shoulder line that tilts because
    one arm is lower, or a joint that bends because the arm is low, is the arm's; what a lean
    carries with it is the lean's.
    """
    found: dict[str, float] = {}
    lean = _lean_beyond(repetition.measures)
    for measure, j in repetition.measures.items():
        if not j.judged or j.deviation is None:
            continue
        if lean and measure in _CARRIED:
            j = replace(
                j,
                deviation=less_lean(measure, j.deviation, lean),
                worst=None if j.worst is None else less_lean(measure, j.worst, lean),
            )
        deviation = j.deviation or 0.0
        kind = measure.split(".")[0]
        by_median = j.excess(errors=WHOLE_ERRORS) > 0
        by_worst = (
            kind in ("lateral_lean", "shoulder_tilt", "pelvis_tilt", "arm_height_difference")
            and j.excess_of_worst(WHOLE_ERRORS) > 0
        )
        if kind == "tempo_ratio":
            by_worst = j.worst is not None and abs(j.worst) > 2 * (j.worst_tolerance or j.tolerance)
        if kind == "evenness":
            by_median = deviation < -(j.tolerance + 2 * (j.uncertainty or 0.0))
        if by_median:
            found[measure] = deviation
        elif by_worst and j.worst is not None:
            found[measure] = j.worst
    if "arm_height_difference" in found or "left_right_delay" in found:
        for measure in [m for m in found if m.startswith("joint_angle") or m == "shoulder_tilt"]:
            del found[measure]
    if "tempo_ratio" in found:
        found.pop("evenness", None)
    return found
