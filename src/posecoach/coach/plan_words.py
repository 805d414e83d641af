"""How stages of guidance, and what a pass without feedback shows, are told to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posecoach.coach.guidance import Stage
from posecoach.coach.plan import Retention
from posecoach.coach.words import measure_title
from posecoach.text import N_, translate

_STAGES: Mapping[Stage, tuple[str, str]] = {
    Stage.FULL: (N_("All hints"), N_("A hint whenever it helps")),
    Stage.HALF: (N_("Half of the hints"), N_("Only every second time the same hint is due")),
    Stage.END_OF_PHASE: (N_("Hints after a phase"), N_("First finish the phase, then a hint")),
    Stage.END_OF_SESSION: (N_("Hints at the end"), N_("Practise quietly; hints come at the end")),
    Stage.NONE: (N_("Without hints"), N_("Practise by feel; at the end see what has stayed")),
}


def stage_title(stage: Stage, language: str) -> str:
    """Return a stage's name."""
    return translate(_STAGES[stage][0], language)


def stage_text(stage: Stage, language: str) -> str:
    """Return in a sentence what a stage is like."""
    return translate(_STAGES[stage][1], language)


def tell_retention(retention: Retention, language: str) -> tuple[str, ...]:
    """Return lines on what stayed, what came back, and what could not be seen."""
    parts = (
        (N_("Stayed well without hints"), retention.stayed),
        (N_("Worth another look"), retention.returned),
        (N_("Not judged this time"), retention.unseen),
    )
    return tuple(
        f"{translate(what, language)}: {_name(keys, language)}" for what, keys in parts if keys
    )


def _name(keys: Iterable[str], language: str) -> str:
    names = (measure_title(key.rpartition(".")[0], language) for key in keys)
    return ", ".join(dict.fromkeys(names))
