"""Which stage of guidance comes next, from the sessions so far: guidance that fades, and returns.

Pure functions of what was kept. The rules stand in ``docs/feedback-policy.md``: after two good
sessions less is said, after a poor one more; every fifth session is a pass without feedback that
shows what stayed of what was cued before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from posecoach.coach.guidance import STAGES, Comfort, Stage

GOOD, POOR = 1 / 3, 1.0  # faults a repetition
STEP_AFTER = 2  # good sessions
PASS_AFTER = 4  # guided sessions since the last pass without feedback
RETURNED = 1 / 3  # share of the repetitions from which on a fault counts as back
_LOOK_BACK = 5  # sessions
_TEMPO_FROM = 4  # repetitions from which on the own tempo is known
SLOWEST, FASTEST = 0.5, 1.15  # comfort is never haste
_GUIDED = STAGES[:-1]


@dataclass(frozen=True)
class Past:
    """A session of the form, as far as the plan needs it.

    Attributes
    ----------
    stage : Stage
    faults : tuple of frozenset of str
        Per repetition what deserved a cue, said or not, as ``measure.direction``.
    judged : frozenset of str
        Measures that were judged in at least half of the repetitions.
    cued : frozenset of str
        What was said, as ``measure.direction``.
    tempo : tuple of float
        Tempo ratio of each repetition in which it was judged.
    """

    stage: Stage
    faults: tuple[frozenset[str], ...]
    judged: frozenset[str] = frozenset()
    cued: frozenset[str] = frozenset()
    tempo: tuple[float, ...] = ()

    @property
    def rate(self) -> float:
        """Faults a repetition."""
        return sum(map(len, self.faults)) / max(len(self.faults), 1)


@dataclass(frozen=True)
class Retention:
    """What a pass without feedback shows of what was cued before.

    Attributes
    ----------
    stayed, returned, unseen : tuple of str
        ``measure.direction``: well without a word, back again, and not to be judged this time.
    """

    stayed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """How to guide the next session.

    Attributes
    ----------
    stage : Stage
    reason : {"first", "stay", "less", "more", "pass"}
    comfort : Comfort
        The tempo this person has made their own.
    """

    stage: Stage
    reason: str
    comfort: Comfort = field(default_factory=Comfort)


def plan_next(past: Sequence[Past]) -> Plan:
    """Return how to guide the next session.

    Parameters
    ----------
    past : sequence of Past
        Of the same form, the oldest first. Sessions without a repetition tell nothing.
    """
    sessions = [p for p in past if p.faults]
    comfort = learn_comfort(sessions)
    if not sessions:
        return Plan(Stage.FULL, "first", comfort)
    rung, good, since = 0, 0, 0
    reason = "stay"
    for k, session in enumerate(sessions):
        before = rung
        if session.stage == Stage.NONE:
            kept = evaluate_retention(sessions[:k], session)
            poor = bool(kept.returned) or session.rate >= POOR
            rung, good, since = rung - poor, int(not poor), 0
        else:
            # The person may have chosen another stage than was planned.
            before = rung = _GUIDED.index(session.stage)
            since += 1
            good = good + 1 if session.rate <= GOOD else 0
            if session.rate >= POOR:
                rung -= 1
            elif good >= STEP_AFTER:
                rung, good = rung + 1, 0
        rung = min(max(rung, 0), len(_GUIDED) - 1)
        reason = "stay" if rung == before else "less" if rung > before else "more"
    if since >= PASS_AFTER and any(s.cued for s in sessions):
        return Plan(Stage.NONE, "pass", comfort)
    return Plan(_GUIDED[rung], reason, comfort)


def evaluate_retention(before: Sequence[Past], session: Past) -> Retention:
    """Return what stayed of what was cued in the last sessions before a pass without feedback.

    Parameters
    ----------
    before : sequence of Past
        The oldest first.
    session : Past
        The pass.
    """
    cued = sorted({key for p in before[-_LOOK_BACK:] for key in p.cued})
    stayed, returned, unseen = [], [], []
    for key in cued:
        share = sum(key in faults for faults in session.faults) / max(len(session.faults), 1)
        if share >= RETURNED:
            returned.append(key)
        elif key.rpartition(".")[0] not in session.judged:
            unseen.append(key)
        else:
            stayed.append(key)
    return Retention(tuple(stayed), tuple(returned), tuple(unseen))


def learn_comfort(past: Sequence[Past]) -> Comfort:
    """Return the range of tempo a person has made their own, within what is no haste.

    Parameters
    ----------
    past : sequence of Past
        The oldest first; the last few count.
    """
    tempo = [t for p in past[-_LOOK_BACK:] for t in p.tempo]
    if len(tempo) < _TEMPO_FROM:
        return Comfort()
    low, high = np.percentile(tempo, [20, 80])
    return Comfort((float(np.clip(low, SLOWEST, 1.0)), float(np.clip(high, 1.0, FASTEST))))
