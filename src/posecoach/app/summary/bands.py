"""What a practice showed, measure by measure, in the measure of its own tolerance: no grades.

Pure functions of an analysis; the drawing is in `posecoach.app.summary.charts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from posecoach.coach.cues import name_direction
from posecoach.coach.faults import less_lean
from posecoach.coach.guidance import Guidance
from posecoach.coach.words import direction_text, measure_title, reason_text
from posecoach.journal.records import compute_tempo_by_place
from posecoach.measure.judgement import Judgement
from posecoach.result import Analysis, RepetitionResult
from posecoach.text import N_, translate

TRUNK = ("lateral_lean", "shoulder_tilt", "pelvis_tilt")
SYMMETRY = ("arm_height_difference", "left_right_delay")
ORDER = (*TRUNK, *SYMMETRY, "tempo_ratio", "evenness")
FAR = 2.6  # tolerances; what is farther is drawn there
_CLEAR, _FAIR = 0.35, 0.8  # standard errors in tolerances
_SURE = 1.3  # standard errors beyond the tolerance from which a side is named without a perhaps

_SHORT: Mapping[str, str] = {
    "lateral_lean": N_("Lean"),
    "shoulder_tilt": N_("Shoulders"),
    "pelvis_tilt": N_("Hips"),
    "arm_height_difference": N_("Height"),
    "left_right_delay": N_("Timing"),
}
_WELL: Mapping[str, str] = {
    "lateral_lean": N_("upright"),
    "shoulder_tilt": N_("level"),
    "pelvis_tilt": N_("level"),
    "arm_height_difference": N_("equally high"),
    "left_right_delay": N_("together"),
}
_KEPT: Mapping[str, str] = {
    "lateral_lean": N_("An upright trunk"),
    "shoulder_tilt": N_("Level shoulders"),
    "pelvis_tilt": N_("Level hips"),
    "arm_height_difference": N_("Both hands equally high"),
    "left_right_delay": N_("Left and right together"),
    "tempo_ratio": N_("A calm tempo"),
    "evenness": N_("An even flow"),
}


@dataclass(frozen=True)
class Band:
    """One measure over a practice.

    Attributes
    ----------
    measure, title : str
    words : str
        How it was, or why that cannot be told.
    sure : str
        How sure the camera is of it; empty if it was not seen.
    middle : float or None
        Median deviation of the repetitions in tolerances, + as in the measure's sign; None if it
        was not seen.
    half : float
        Two standard errors, in tolerances.
    worst : float or None
        Largest deviation held for a while, in tolerances.
    """

    measure: str
    title: str
    words: str
    sure: str
    middle: float | None
    half: float = 0.0
    worst: float | None = None

    @property
    def well(self) -> bool:
        """Whether it was surely within the tolerance."""
        return self.middle is not None and abs(self.middle) + self.half / 2 <= 1.0


@dataclass(frozen=True, eq=False)
class TempoCurve:
    """The tempo over the form.

    Attributes
    ----------
    duration_s : float
        Of the reference.
    curves : tuple of tuple of (float, float)
        Per repetition, the place in seconds of the reference and the tempo ratio there.
    tolerance : float
        Share by which the tempo may differ.
    words : str
    """

    duration_s: float
    curves: tuple[tuple[tuple[float, float], ...], ...]
    tolerance: float
    words: str


def make_bands(
    repetitions: Sequence[RepetitionResult],
    measures: Sequence[str],
    language: str,
    guidance: Guidance | None = None,
) -> tuple[Band, ...]:
    """Return how each of some measures was; those the form does not have are left out."""
    guidance = guidance or Guidance()
    read = [_read(r, guidance) for r in repetitions]
    return tuple(
        _make_band([r[measure] for r in read if measure in r], measure, language)
        for measure in measures
        if any(measure in r for r in read)
    )


def _read(repetition: RepetitionResult, guidance: Guidance) -> dict[str, Judgement]:
    """Return a repetition's readings as the coach takes them, without what a lean brings along."""
    found = guidance.fit({m: Judgement(**j.model_dump()) for m, j in repetition.measures.items()})
    return {m: less_lean(m, j, found) for m, j in found.items()}


def _make_band(found: Sequence[Judgement], measure: str, language: str) -> Band:
    title = translate(_SHORT[measure], language) if measure in _SHORT else ""
    title = title or measure_title(measure, language)
    seen = [j for j in found if j.judged and j.deviation is not None]
    if 2 * len(seen) <= len(found):
        reason = Counter(j.reason for j in found if j.reason).most_common(1)
        why = reason_text(reason[0][0] if reason else None, language)
        return Band(measure, title, why, "", None)
    tolerance = float(np.median([j.tolerance for j in seen]))
    middle = float(np.median([j.deviation for j in seen if j.deviation is not None])) / tolerance
    error = float(np.median([j.uncertainty or 0.0 for j in seen])) / tolerance
    held = [j.worst / (j.worst_tolerance or j.tolerance) for j in seen if j.worst is not None]
    worst = max(held, key=abs) if held else None
    words = _tell(measure, middle, error, worst, language)
    return Band(measure, title, words, _tell_sure(error, language), middle, 2 * error, worst)


def _tell(measure: str, middle: float, error: float, worst: float | None, language: str) -> str:
    well = translate(_WELL.get(measure, N_("as the teacher")), language)
    if abs(middle) > 1.0:
        side = direction_text(measure, name_direction(measure, middle), language)
        if abs(middle) > 1.0 + _SURE * error:
            return side
        little = N_("a little {side}") if error <= _CLEAR else N_("perhaps {side}")
        return translate(little, language).format(side=side)
    if measure in TRUNK and worst is not None and abs(worst) > 1.0 + _SURE * error:
        side = direction_text(measure, name_direction(measure, worst), language)
        return translate(N_("{well}, for a while {side}"), language).format(well=well, side=side)
    return well


def _tell_sure(error: float, language: str) -> str:
    if error <= _CLEAR:
        return translate(N_("sure"), language)
    return translate(N_("fairly sure") if error <= _FAIR else N_("not very sure"), language)


def make_tempo_curve(
    analysis: Analysis, language: str, guidance: Guidance | None = None
) -> TempoCurve | None:
    """Return the tempo over the form, None if no repetition was seen well enough for it."""
    guidance = guidance or Guidance()
    times = np.array(analysis.place.time_s, float)
    places = np.array([np.nan if p is None else p for p in analysis.place.reference_s], float)
    curves = []
    for r in analysis.repetitions:
        inside = (times >= r.start_s) & (times <= r.end_s)
        curve = compute_tempo_by_place(np.stack([times[inside], places[inside]]))
        if len(curve) > 3:
            curves.append(_smooth(curve))
    found = [r.measures["tempo_ratio"] for r in analysis.repetitions if "tempo_ratio" in r.measures]
    seen = [m for m in found if m.judged and m.value is not None]
    if not curves or not seen:
        return None
    tolerance = guidance.scale_tolerance(
        "tempo_ratio", float(np.median([m.tolerance for m in seen]))
    )
    ratio = float(np.median([m.value for m in seen if m.value is not None]))
    low, high = guidance.own_comfort.tempo
    even = [r.measures["evenness"] for r in analysis.repetitions if "evenness" in r.measures]
    uneven = [m for m in even if m.judged and (m.deviation or 0.0) < -m.tolerance]
    rushed = [r for r in analysis.repetitions if is_hurried(r, guidance)]
    if ratio > max(1.0 + tolerance, high):
        words = N_("faster than the teacher")
    elif rushed and 2 * len(rushed) >= len(analysis.repetitions):
        words = N_("calm, hurried in one place")
    elif 2 * len(uneven) > len(even):
        words = N_("unhurried, not quite even")
    elif ratio < 1.0 - tolerance:
        words = N_("slower than the teacher") if ratio < low else N_("slow and calm")
    else:
        words = N_("calm and even")
    return TempoCurve(
        analysis.reference.duration_s, tuple(curves), tolerance, translate(words, language)
    )


def is_hurried(repetition: RepetitionResult, guidance: Guidance) -> bool:
    """Return whether one was surely hurried for a while, which the tempo as a whole does not say.

    Parameters
    ----------
    repetition : RepetitionResult
    guidance : Guidance
        Its tolerance and comfort hold here, too.
    """
    m = repetition.measures.get("tempo_ratio")
    if m is None or not m.judged or m.worst is None or repetition.tempo is None:
        return False
    limit = guidance.scale_tolerance("tempo_ratio", m.tolerance)
    most = max(limit + (m.uncertainty or 0.0), guidance.own_comfort.tempo[1] - 1.0)
    return bool(repetition.tempo.hurried) and m.worst > most


def _smooth(curve: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return a curve with each ratio the middle one of three, then averaged with its neighbours."""
    places = np.array([p for p, _ in curve])
    ratios = np.log(np.clip([r for _, r in curve], 0.1, 10.0))
    padded = np.pad(ratios, 1, mode="edge")
    ratios = np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0)
    padded = np.pad(ratios, 1, mode="edge")
    ratios = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return tuple((float(p), float(r)) for p, r in zip(places, np.exp(ratios), strict=True))


def find_kept(
    analysis: Analysis, language: str, guidance: Guidance | None = None
) -> tuple[str, bool] | None:
    """Return the one thing that was kept well, and whether it came right again after a cue.

    What was cued and stayed away in every later repetition goes first; else what was within its
    band most surely, in all repetitions. None if nothing can be told.
    """
    guidance = guidance or Guidance()
    repetitions = analysis.repetitions
    told = [*analysis.cues, *analysis.held_back]
    bad = {c.measure for c in told}
    for measure in ORDER:
        times = [c.time_s for c in told if c.measure == measure]
        later = [r for r in repetitions if times and r.start_s >= times[-1]]
        if measure == "tempo_ratio" and any(is_hurried(r, guidance) for r in later):
            continue
        bands = make_bands(later, [measure], language, guidance)
        if later and bands and bands[0].well:
            return translate(_KEPT[measure], language), True
    if any(is_hurried(r, guidance) for r in repetitions):
        bad.add("tempo_ratio")
    rest = [m for m in ORDER if m not in bad]
    well = [b for b in make_bands(repetitions, rest, language, guidance) if b.well]
    if not well:
        return None
    best = min(well, key=lambda b: abs(b.middle or 0.0) + b.half)
    return translate(_KEPT[best.measure], language), False
