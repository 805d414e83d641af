"""Which cue, and when: bandwidth, hysteresis, one at a time, with time between.

The policy and its sources stand in ``docs/feedback-policy.md``. In short:

- A cue is deserved only beyond the teacher's tolerance, held for a moment, and on average over
  that moment beyond the measure's own uncertainty too; it is left again only well inside.
- One cue at a time, `GAP_S` or a breath apart, the trunk first, then symmetry (of an arm both late
  and low, that it is late: a body may come no higher), then tempo, then detail. The same thing is
  not said again before `REPEAT_S`, and then in other words.
- Trunk cues come while it happens, and only while it is seen; timing and arms when the repetition
  is over, because only the whole of it tells late from low and slow from small.
- Coming back into the band is acknowledged, once.
- The stage of guidance holds back some of what is deserved; what is held back is kept for the
  summary and for the plan, see `posecoach.coach.plan`.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from posecoach.coach.faults import find_faults, less_lean
from posecoach.coach.guidance import Guidance, Stage
from posecoach.coach.state import Cue
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition
from posecoach.reference.sequence import Phase

GAP_S = 6.0
LONGEST_BREATH_S = 15.0  # phases that take longer are not one breath
REPEAT_S = 15.0
SHOW_S = 4.5
HOLD_S = 0.8
LOST_S = 0.5  # readings missing for longer begin the hold anew
KEEP_S = 10.0
RELEASE = 0.7  # share of the tolerance within which a deviation counts as gone
PRAISE_S = 2.0
LIVE_ERRORS = 1.6  # one in twenty, on one side
_WORDINGS = 6  # tried for one that was not said just before

PRIORITY: tuple[str, ...] = (
    "lateral_lean",
    "forward_lean",
    "shoulder_tilt",
    "pelvis_tilt",
    "left_right_delay",
    "arm_height_difference",
    "tempo_ratio",
    "evenness",
    "joint_angle",
    "carriage",
)

_DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "tempo_ratio": ("fast", "slow"),
    "evenness": ("even", "uneven"),
    "forward_lean": ("forward", "back"),
    "joint_angle": ("more", "less"),
    "carriage": ("away", "away"),  # it has a size, and no sides
}


def name_direction(measure: str, deviation: float) -> str:
    """Return the side or way of a deviation."""
    positive, negative = _DIRECTIONS.get(measure.split(".")[0], ("left", "right"))
    return positive if deviation > 0 else negative


def compute_gap(phases: tuple[Phase, ...]) -> float:
    """Return the seconds between two cues: `GAP_S`, or one breath of the form if that is longer."""
    starts = [p.start_s for p in phases if p.breath == "in"]
    breaths = sorted(b - a for a, b in itertools.pairwise(starts))
    if not breaths and starts:
        ends = [p.end_s for p in phases if p.breath == "out" and p.end_s > starts[0]]
        breaths = [ends[0] - starts[0]] if ends else []
    breaths = [b for b in breaths if b <= LONGEST_BREATH_S]
    return max(GAP_S, breaths[len(breaths) // 2] if breaths else 0.0)


@dataclass(frozen=True)
class _Wish:
    """A cue that waits for its turn; `live` ones only as long as they are seen."""

    since_s: float
    measure: str
    direction: str
    deviation: float
    judgement: Judgement
    phase: str | None
    live: bool
    released: bool


class _Held:
    """The readings of one measure since it went beyond the tolerance, `HOLD_S` of them at most."""

    def __init__(self) -> None:
        self._readings: deque[tuple[float, Judgement]] = deque()

    def step(self, time_s: float, j: Judgement) -> Judgement | None:
        """Take in one and return their mean, or None while they do not reach back so far."""
        held = self._readings
        if held and time_s - held[-1][0] > LOST_S:
            held.clear()
        held.append((time_s, j))
        while len(held) > 1 and time_s - held[1][0] >= HOLD_S:
            held.popleft()
        if time_s - held[0][0] < HOLD_S:
            return None
        n = len(held)
        return replace(
            j,
            deviation=sum(h.deviation or 0.0 for _, h in held) / n,
            uncertainty=sum(h.uncertainty or 0.0 for _, h in held) / n,
            tolerance=sum(h.tolerance for _, h in held) / n,
        )


Words = Callable[[str, str, int, str | None], str]


def _rank(wish: _Wish) -> tuple[int, float]:
    """Return what goes first, least first."""
    j = wish.judgement
    beyond = abs(wish.deviation) / (j.worst_tolerance or j.tolerance)
    return PRIORITY.index(wish.measure.split(".")[0]), -beyond


class CueChooser:
    """Chooses cues; feed it live readings every frame and each repetition when it is over.

    Parameters
    ----------
    words : callable
        ``words(measure, direction, variant)`` gives the text.
    guidance : Guidance, optional
    gap_s : float
        Seconds between two cues.

    Attributes
    ----------
    current : Cue or None
        On show.
    held_back : list of Cue
        Deserved but not said, because of the stage.
    """

    def __init__(
        self, words: Words, guidance: Guidance | None = None, gap_s: float = GAP_S
    ) -> None:
        self._words = words
        self.guidance = guidance or Guidance()
        self.gap_s = gap_s
        self._keep_s = max(KEEP_S, gap_s + 1.0)
        self._held: dict[tuple[str, str], _Held] = {}
        self._judged: dict[str, tuple[float, bool]] = {}  # when last, and whether beyond
        self._active: dict[str, str] = {}
        self._wishes: list[_Wish] = []
        self._deserved: dict[tuple[str, str], tuple[float, int]] = {}
        self._said: dict[tuple[str, str], tuple[float, int]] = {}
        self._last_s = float("-inf")
        self._last_text = ""
        self._praise_until = float("-inf")
        self._phase: str | None = None
        self.current: Cue | None = None
        self.held_back: list[Cue] = []

    @property
    def praise_until_s(self) -> float:
        """Until when a return into the band is being acknowledged."""
        return self._praise_until

    def watch(self, time_s: float, judgements: Mapping[str, Judgement], phase: str | None) -> None:
        """Take in live readings of one frame, with the tolerances that hold for this person."""
        for measure, j in judgements.items():
            if not j.judged or j.deviation is None:
                self._forget(measure)
                continue
            j = less_lean(measure, j, judgements)
            assert j.deviation is not None
            direction = name_direction(measure, j.deviation)
            key = (measure, direction)
            sure = False
            if j.excess(errors=0.0) > 0:
                told = self._held.setdefault(key, _Held()).step(time_s, j)
                sure = told is not None and told.excess(errors=LIVE_ERRORS) > 0
                if told is not None and sure and measure not in self._active:
                    self._active[measure] = direction
                    deviation = told.deviation or 0.0
                    self._wish(time_s, measure, direction, deviation, told, phase, live=True)
            else:
                self._forget(measure)
            self._judged[measure] = (time_s, sure)
            if not sure:
                inside = abs(j.deviation) < RELEASE * j.tolerance
                if inside:
                    # What the last repetition showed is not said to one who does it well by now.
                    active = measure in self._active
                    self._wishes = [
                        w
                        for w in self._wishes
                        if w.measure != measure or not (active or w.released)
                    ]
                if measure in self._active and inside:
                    del self._active[measure]
                    if self._was_said(measure, time_s):
                        self._praise_until = time_s + PRAISE_S
        if self.current and time_s - self.current.time_s > SHOW_S:
            self.current = None
        if phase is not None and phase != self._phase:
            if self._phase is not None:
                self._release(time_s)
            self._phase = phase

    def _forget(self, measure: str) -> None:
        for key in [k for k in self._held if k[0] == measure]:
            del self._held[key]

    def _was_said(self, measure: str, time_s: float) -> bool:
        return any(k[0] == measure and time_s - at < 30.0 for k, (at, _) in self._said.items())

    def review(
        self, time_s: float, repetition: Repetition, phase_at: Callable[[float], str | None]
    ) -> None:
        """Take in a repetition that is over."""
        fitted = self.guidance.fit(repetition.measures)
        for measure, deviation in find_faults(fitted, self.guidance.own_comfort).items():
            place = repetition.worst_place_s.get(measure)
            phase = phase_at(place) if place is not None else None
            direction = name_direction(measure, deviation)
            self._wish(time_s, measure, direction, deviation, fitted[measure], phase, live=False)
        self._release(time_s)
        self._phase = None

    def _wish(
        self,
        time_s: float,
        measure: str,
        direction: str,
        deviation: float,
        j: Judgement,
        phase: str | None,
        *,
        live: bool,
    ) -> None:
        at_once = self.guidance.stage != Stage.END_OF_PHASE
        self._wishes = [w for w in self._wishes if w.measure != measure]
        self._wishes.append(
            _Wish(time_s, measure, direction, deviation, j, phase, live, at_once or not live)
        )

    def _release(self, time_s: float) -> None:
        """Let what was collected be said: the phase is over."""
        self._wishes = [
            w if w.released else replace(w, since_s=time_s, released=True) for w in self._wishes
        ]

    def speak(self, time_s: float) -> Cue | None:
        """Return the cue to give now, if there is one, it is time, and the stage lets it be said.

        What the stage holds back is in `held_back`.
        """
        self._wishes = [
            w for w in self._wishes if not w.released or time_s - w.since_s <= self._keep_s
        ]
        if time_s - self._last_s < self.gap_s:
            return None
        ready = [w for w in self._wishes if w.released and self._is_due(w, time_s)]
        for wish in sorted(ready, key=_rank):
            key = (wish.measure, wish.direction)
            variant, text = self._find_words(key, wish.phase)
            if text is None:  # it has no other words
                continue
            self._wishes.remove(wish)
            count = self._deserved.get(key, (0.0, 0))[1] + 1
            self._deserved[key] = (time_s, count)
            self._last_s = time_s
            j = wish.judgement
            cue = Cue(
                time_s,
                wish.measure,
                wish.phase,
                wish.direction,
                wish.deviation,
                j.tolerance,
                j.uncertainty or 0.0,
                text,
            )
            if not self.guidance.speaks or (self.guidance.stage == Stage.HALF and count % 2 == 0):
                self.held_back.append(cue)
                return None
            self._said[key] = (time_s, variant)
            self._last_text = text
            self.current = cue
            return cue
        return None

    def reword(self) -> None:
        """Say the cue on show again in the present words: the language has changed."""
        cue = self.current
        if cue is not None:
            key = (cue.measure, cue.direction)
            text = self._words(*key, self._said[key][1], cue.phase)
            self.current, self._last_text = replace(cue, text=text), text

    def _find_words(self, key: tuple[str, str], phase: str | None) -> tuple[int, str | None]:
        """Return the next wording that is not the one said last, and its number."""
        first = self._said[key][1] + 1 if key in self._said else 0
        for variant in range(first, first + _WORDINGS):
            text = self._words(*key, variant, phase)
            if text != self._last_text:
                return variant, text
        return first, None

    def _is_due(self, wish: _Wish, time_s: float) -> bool:
        if wish.live:
            at, beyond = self._judged.get(wish.measure, (float("-inf"), False))
            if time_s - at > LOST_S:
                return False
            # At the end of a phase it is told how the phase was.
            if not beyond and self.guidance.stage != Stage.END_OF_PHASE:
                return False
        before = self._deserved.get((wish.measure, wish.direction))
        return before is None or time_s - before[0] >= REPEAT_S
