"""The result of an agreement check as one document; its schema comes with the package."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

SCHEMA = "posecoach.agreement/1"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid")


class Rated(_Model):
    """How two raters agree over some units.

    `both`, `first_only`, `second_only`, `neither`: units in which it was said by both, by one
    alone, by nobody; they add up to `units`. `other_side`: repetitions in which both spoke of the
    measure and named other directions (each of them counts in `first_only` and in `second_only`).
    `positive_agreement`: of what was said, the share that both said. `kappa` is null where it is
    not defined; `reason` says why.
    """

    units: int
    agreement: float | None
    kappa: float | None
    standard_error: float | None
    reason: str | None
    both: int
    first_only: int
    second_only: int
    neither: int
    other_side: int
    positive_agreement: float | None


class Disagreement(_Model):
    """A repetition and measure on which two raters differ: the directions named, and when."""

    clip: str
    repetition: int | None
    measure: str
    first: list[str]
    second: list[str]
    first_s: list[float]
    second_s: list[float]


class Pair(_Model):
    """Two raters compared."""

    first: str
    second: str
    clips: int
    repetitions: int
    overall: Rated
    measures: dict[str, Rated]
    lag_s: float | None = Field(
        description="Median of second minus first where both said the same, in seconds."
    )
    disagreements: list[Disagreement]


class ClipResult(_Model):
    """A clip and what was said of it: coach, teachers, by rater."""

    clip: str
    repetitions: list[tuple[float, float]]
    remarks: dict[str, list[tuple[float, str, str]]]
    message: str | None


class Agreement(_Model):
    """The result of comparing the coach with teachers."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    reference: str
    window_s: float
    clips: list[ClipResult]
    left_out: list[str]
    pairs: list[Pair]

    def model_dump_json(self, **options: Any) -> str:
        """Return the document as JSON; two spaces of indentation unless told otherwise."""
        options.setdefault("by_alias", True)
        options.setdefault("indent", 2)
        return super().model_dump_json(**options)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Agreement`."""
    return Agreement.model_json_schema(by_alias=True)
