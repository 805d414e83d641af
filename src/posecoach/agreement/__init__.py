"""Whether the coach says what a teacher would say, and whether two teachers say the same.

A teacher labels clips (`posecoach.agreement.labels`), the coach watches them, and what both said
is compared repetition by repetition (`posecoach.agreement.compare`). See ``docs/agreement.md``.
"""

from posecoach.agreement.compare import compare
from posecoach.agreement.kappa import Kappa, compute_kappa
from posecoach.agreement.labels import Labels, read_labels
from posecoach.agreement.report import Agreement, json_schema

__all__ = [
    "Agreement",
    "Kappa",
    "Labels",
    "compare",
    "compute_kappa",
    "json_schema",
    "read_labels",
]
