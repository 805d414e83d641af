"""Judging a whole recording: every observation through the engine, the answer as one document.

The JSON written by ``posecoach analyze --json`` is `Analysis` itself; its schema is published
with the package (``posecoach.analysis.json_schema()``). What is unknown is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from posecoach.coach.guidance import Guidance
from posecoach.coach.session import Session
from posecoach.coach.state import Cue, State
from posecoach.measure.judgement import Judgement
from posecoach.measure.repetition import Repetition
from posecoach.measure.strain import measure_strain
from posecoach.measure.tempo import Stretch
from posecoach.measure.tempo_curve import compute_tempo_curve
from posecoach.motion import Motion, Observation
from posecoach.reference.sequence import Sequence

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
    """One measure of one repetition; see `posecoach.measure.judgement.Judgement`."""

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
    of equal steps of the reference, in its seconds. 1.25 = a quarter faster.
    """

    place_s: list[float]
    ratio: list[float]
    uncertainty: list[float]
    hurried: list[StretchResult]
    pauses: list[StretchResult]


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


class Analyzer:
    """Runs a session over observations as they come and keeps what the document needs.

    Parameters
    ----------
    sequence : Sequence
    language : str
        Of the cues' words.
    guidance : Guidance, optional
    deep : bool
        Whether depth was measured, see `posecoach.motion.Motion`.
    """

    def __init__(
        self,
        sequence: Sequence,
        language: str = "en",
        guidance: Guidance | None = None,
        *,
        deep: bool = False,
    ) -> None:
        self.session = Session(sequence, language, guidance=guidance, deep=deep)
        self._times: list[float] = []
        self._places: list[float | None] = []
        self._repetitions: list[Repetition] = []
        self._size = (0.0, 0.0)

    def step(self, observation: Observation) -> State:
        """Take in one observation and return the engine's state after it."""
        state = self.session.step(observation)
        self._times.append(observation.time_s)
        self._places.append(state.place_s)
        self._size = (observation.width, observation.height)
        return state

    def finish(self, path: str | None = None) -> Analysis:
        """Close the session and return the document.

        Parameters
        ----------
        path : str, optional
            Name of the video or recording.
        """
        self.session.finish()
        self._repetitions = list(self.session.repetitions)
        times = np.array(self._times)
        places = self._refine(times)
        fps = float(1 / np.median(np.diff(times))) if len(times) > 1 else 0.0
        duration = float(times[-1] - times[0]) + (1 / fps if fps else 0.0) if len(times) else 0.0
        return Analysis(
            video=VideoInfo(
                path=path,
                width=int(self._size[0]),
                height=int(self._size[1]),
                fps=round(fps, 3),
                frames=len(times),
                duration_s=round(duration, 3),
            ),
            reference=ReferenceInfo(
                id=self.session.sequence.id,
                duration_s=round(self.session.sequence.duration_s, 3),
            ),
            view=self.session.view,
            seen=round(self.session.seen, 4),
            repetitions=[
                RepetitionResult(
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
                for r in self._repetitions
            ],
            cues=[_cue(c) for c in self.session.cues],
            held_back=[_cue(c) for c in self.session.held_back],
            place=PlaceResult(
                time_s=[round(float(t), 3) for t in times],
                reference_s=[None if p is None else round(p, 3) for p in places],
            ),
            message=self._message(len(times)),
        )

    def _refine(self, times: np.ndarray) -> list[float | None]:
        """Return the places, retraced where a repetition was completed."""
        places = list(self._places)
        for r in self._repetitions:
            inside = np.flatnonzero((times >= r.start_s) & (times <= r.end_s))
            for i, p in zip(inside, np.interp(times[inside], *r.path), strict=True):
                if self._places[i] is not None or 0 < p < self.session.track.duration_s:
                    places[i] = float(p)
        return places

    def _message(self, frames: int) -> str | None:
        if self._repetitions:
            return None
        if frames == 0:
            return "Expected a recording but it holds no frames; record again."
        if self.session.seen < 0.2:
            return (
                "Expected a person with shoulders and hips in the picture but saw one in "
                f"{100 * self.session.seen:.0f} % of the frames; step back, or add light."
            )
        return (
            "Expected at least one whole repetition of "
            f"{self.session.sequence.id!r} but found none; was it this form, from start to end?"
        )


def _measure(j: Judgement) -> Measure:
    def short(value: float | None) -> float | None:
        return None if value is None or not np.isfinite(value) else round(value, 4)

    return Measure(
        value=short(j.value),
        reference=short(j.reference),
        deviation=short(j.deviation),
        worst=short(j.worst),
        uncertainty=short(j.uncertainty),
        tolerance=round(j.tolerance, 4),
        unit=j.unit,
        judged=j.judged,
        reason=j.reason,
    )


def _tempo(r: Repetition) -> TempoResult | None:
    if r.tempo is None:
        return None
    curve = compute_tempo_curve(*r.path)

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


def _cue(c: Cue) -> CueResult:
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


def analyze(
    motion: Motion | Iterable[Observation],
    sequence: Sequence,
    language: str = "en",
    *,
    guidance: Guidance | None = None,
    path: str | None = None,
    watch: Callable[[State], None] | None = None,
) -> Analysis:
    """Judge a recording against a sequence.

    Parameters
    ----------
    motion : Motion or iterable of Observation
        Any length and frame rate; times must grow.
    sequence : Sequence
    language : str
        ``"en"`` or ``"de"``.
    guidance : Guidance, optional
        How much is said; by default each cue that is deserved.
    path : str, optional
        Named in the document.
    watch : callable, optional
        Gets every state, for drawing.

    Returns
    -------
    Analysis
        With ``.repetitions``, ``.cues``, ``.place`` and ``.model_dump_json()``.
    """
    deep = isinstance(motion, Motion) and motion.deep
    analyzer = Analyzer(sequence, language, guidance, deep=deep)
    for observation in motion:
        state = analyzer.step(observation)
        if watch is not None:
            watch(state)
    return analyzer.finish(path)
