"""What is told of repetitions besides cues: what could not be judged and why, what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from posecoach.coach.words import measure_title, reason_text
from posecoach.text import N_, translate


class Reading(Protocol):
    """A measure's reading, as an engine or a document has it."""

    @property
    def reason(self) -> str | None:
        """Key of why it is not judged; None if it is."""


class Jump(Protocol):
    """From one place in the form to another, seconds of the reference."""

    @property
    def from_s(self) -> float:
        """Where it was left."""

    @property
    def to_s(self) -> float:
        """Where it was taken up."""


def tell_unjudged(
    repetitions: Sequence[Mapping[str, Reading]], language: str, without: Collection[str] = ()
) -> list[str]:
    """Return which measures were not judged in most of the repetitions, a line a reason.

    Parameters
    ----------
    repetitions : sequence of mapping of str to reading
        Measures by name.
    language : str
    without : collection of str
        Measures told elsewhere.
    """
    by_reason: dict[str, list[str]] = {}
    for measure in repetitions[0] if repetitions else ():
        if measure in without:
            continue
        reasons = [r[measure].reason for r in repetitions if measure in r]
        missing = [x for x in reasons if x is not None]
        if 2 * len(missing) > len(reasons):
            reason = Counter(missing).most_common(1)[0][0]
            by_reason.setdefault(reason, []).append(measure)
    return [
        f"{_name_all(measures, language)}: {reason_text(reason, language)}"
        for reason, measures in by_reason.items()
    ]


def _name_all(measures: list[str], language: str) -> str:
    joints = [m for m in measures if m.startswith("joint_angle.")]
    names = [measure_title(m, language) for m in measures if m not in joints]
    if len(joints) > 1:
        names.append(translate(N_("Joint angles"), language))
    else:
        names += [measure_title(m, language) for m in joints]
    return ", ".join(names)


def tell_leaps(leaps: Iterable[Jump], language: str) -> list[str]:
    """Return what was left out or done twice: no fault, but why those parts are not judged."""
    leaps = list(leaps)
    lines = []
    if any(leap.to_s > leap.from_s for leap in leaps):
        lines.append(translate(N_("A part of the form was left out"), language))
    if any(leap.to_s < leap.from_s for leap in leaps):
        lines.append(translate(N_("A part was done twice; the second time counts"), language))
    return lines
