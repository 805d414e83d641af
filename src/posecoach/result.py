"""The document that comes of judging: what ``posecoach analyze --json`` writes.

Its schema is published with the package (``posecoach.result.json_schema()``). What is unknown is
null.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from posecoach.coach.state import Cue
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition
from posecoach.measure.strain import measure_strain
from posecoach.measure.tempo import Stretch
from posecoach.measure.tempo_curve import compute_tempo_curve, compute_unevenness

SCHEMA = "posecoach.analysis/1"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid")


class VideoInfo(_Model):
    """What was analysed."""

    path: str | None
    width: int
    height: int
    fps: float
    frames: int
    duration_s: float


class ReferenceInfo(_Model):
    """What it was compared with."""

    id: str
    duration_s: float


class Measure(_Model):
    """One measure of one repetition, in `unit`; see `posecoach.measure.judgement.Judgement`.

    `value`, `reference` and `deviation` are medians over the repetition, `deviation` the
    practitioner less what the reference leads one to expect at the same place; `worst` is the
    largest deviation held for half a second, `uncertainty` one standard error, `tolerance` the band
    in which a deviation is left alone. Where `judged` is false, `reason` is the key of why.

    Signs: leans + = to the practitioner's left, or forward; tilts + = left side lower; arm heights
    + = left higher; delays + = left, or the trunk, later; tempo 1.25 = a quarter faster; evenness
    nearer zero = smoother; joints 180 = straight.
    """

    value: float | None
    reference: float | None
    deviation: float | None
    worst: float | None
    uncertainty: float | None
    tolerance: float
    unit: str
    judged: bool
    reason: str | None


class StretchResult(_Model):
    """A part of a repetition that was hurried or stood still.

    Times in seconds of the recording, `place_s` in seconds of the reference.
    """

    start_s: float
    end_s: float
    place_s: float
    ratio: float


class TempoResult(_Model):
    """The tempo as a curve: ratio to the reference by place, and what stands out in it.

    `ratio` and `uncertainty` (one standard error) belong to the places of `place_s`, the middles
    of equal steps of the reference, in its seconds. 1.25 = a quarter faster. `unevenness` is the
    usual difference of a step's tempo from the whole's, as a share of it.
    """

    place_s: list[float]
    ratio: list[float]
    uncertainty: list[float]
    hurried: list[StretchResult]
    pauses: list[StretchResult]
    unevenness: float | None = None
    unevenness_uncertainty: float | None = None


class CarriageResult(_Model):
    """How the parts of the body were held along the form, amplitude taken out; never cued.

    `strain` is one number for ordering repetitions of a form, in degrees at the reference's
    amplitude, `uncertainty` its standard error. It has no tolerance and is no grade. `parts` are
    root mean squares in degrees by part of the body, null where it was not seen; `amplitude` is
    the size of the movement / the reference's, `space` whether depth was measured.
    """

    strain: float
    uncertainty: float
    unit: str = "deg"
    amplitude: float
    parts: dict[str, float | None]
    space: bool


class LeapResult(_Model):
    """A part of the form left out, or done once more where `to_s` is before `from_s`.

    `time_s` in seconds of the recording, the places in seconds of the reference.
    """

    time_s: float
    from_s: float
    to_s: float


class RepetitionResult(_Model):
    """One time through the form.

    `tempo` and `carriage` are null where too little of it was seen, or from a side it cannot be
    told from.
    """

    start_s: float
    end_s: float
    measures: dict[str, Measure]
    tempo: TempoResult | None = None
    carriage: CarriageResult | None = None
    leaps: list[LeapResult] = []


class CueResult(_Model):
    """A cue, with everything it rests on."""

    time_s: float
    measure: str
    phase: str | None
    direction: str
    deviation: float
    tolerance: float
    uncertainty: float
    text: str


class PlaceResult(_Model):
    """Where in the reference, frame by frame; null where it is not known."""

    time_s: list[float]
    reference_s: list[float | None]


class Analysis(_Model):
    """The result of judging a recording against a sequence.

    `held_back` are cues that were deserved and not given, because of the stage of guidance.
    """

    schema_: str = Field(default=SCHEMA, alias="schema")
    video: VideoInfo
    reference: ReferenceInfo
    view: str
    seen: float
    repetitions: list[RepetitionResult]
    cues: list[CueResult]
    held_back: list[CueResult] = []
    place: PlaceResult
    message: str | None = None

    def model_dump_json(self, **options: Any) -> str:
        """Return the document as JSON; two spaces of indentation unless told otherwise."""
        options.setdefault("by_alias", True)
        options.setdefault("indent", 2)
        return super().model_dump_json(**options)

    @property
    def judged(self) -> bool:
        """Whether there was anything to judge: at least one whole repetition."""
        return bool(self.repetitions)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Analysis`."""
    return Analysis.model_json_schema(by_alias=True)


def tell_repetition(r: Repetition) -> RepetitionResult:
    """Return a repetition as the document has it."""
    return RepetitionResult(
        start_s=round(r.start_s, 3),
        end_s=round(r.end_s, 3),
        measures={m: _measure(j) for m, j in r.measures.items()},
        tempo=_tempo(r),
        carriage=_carriage(r),
        leaps=[
            LeapResult(
                time_s=round(x.time_s, 3),
                from_s=round(x.from_s, 3),
                to_s=round(x.to_s, 3),
            )
            for x in r.leaps
        ],
    )


def _short(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, 4) + 0.0  # no -0.0


def _measure(j: Judgement) -> Measure:
    return Measure(
        value=_short(j.value),
        reference=_short(j.reference),
        deviation=_short(j.deviation),
        worst=_short(j.worst),
        uncertainty=_short(j.uncertainty),
        tolerance=round(j.tolerance, 4),
        unit=j.unit,
        judged=j.judged,
        reason=j.reason,
    )


def _tempo(r: Repetition) -> TempoResult | None:
    if r.tempo is None:
        return None
    curve = compute_tempo_curve(*r.path)
    unevenness, unsure = compute_unevenness(*r.path)

    def tell(stretches: Iterable[Stretch]) -> list[StretchResult]:
        return [
            StretchResult(
                start_s=round(s.start_s, 3),
                end_s=round(s.end_s, 3),
                place_s=round(s.place_s, 3),
                ratio=round(s.ratio, 4),
            )
            for s in stretches
        ]

    return TempoResult(
        place_s=[round(float(v), 3) for v in curve.place_s],
        ratio=[round(float(v), 4) for v in curve.ratio],
        uncertainty=[round(float(v), 4) for v in curve.error],
        hurried=tell(r.tempo.hurried),
        pauses=tell(r.tempo.pauses),
        unevenness=_short(unevenness),
        unevenness_uncertainty=_short(unsure),
    )


def _carriage(r: Repetition) -> CarriageResult | None:
    found = None if r.courses is None else measure_strain(r.courses)
    if r.courses is None or found is None:
        return None
    return CarriageResult(
        strain=round(found.value_deg, 4),
        uncertainty=round(found.error_deg, 4),
        amplitude=round(found.carriage.amplitude, 4),
        parts={
            name: round(value, 4) if np.isfinite(value) else None
            for name, value in found.carriage.by_part().items()
        },
        space=r.courses.deep,
    )


def tell_cue(c: Cue) -> CueResult:
    """Return a cue as the document has it."""
    return CueResult(
        time_s=round(c.time_s, 3),
        measure=c.measure,
        phase=c.phase,
        direction=c.direction,
        deviation=round(c.deviation, 4),
        tolerance=round(c.tolerance, 4),
        uncertainty=round(c.uncertainty, 4),
        text=c.text,
    )
