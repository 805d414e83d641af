"""The table of the accuracy benchmark: errors, claims, faults by size, false cues, following."""

from __future__ import annotations

from collections.abc import Sequence as Many
from typing import Any

import numpy as np
from accuracy_truth import is_clean

MEASURES = (
    ("lateral_lean", "deg", 1.5),
    ("shoulder_tilt", "deg", 2.5),
    ("pelvis_tilt", "deg", None),
    ("left_right_delay", "ms", 40.0),
    ("arm_height_difference", "deg", 4.0),
    ("tempo_ratio", "", 0.02),
    ("evenness", "", None),
    ("joint_angle", "deg", None),
    ("symmetry_index", "", None),
    ("sway", "deg", None),
    ("trunk_limb_delay", "ms", None),
)
_LARGE_TILT_DEG = 8.0  # the model itself reads larger ones too small
_SOON_S = 2.0
_SIZES = ((0.0, 1.0), (1.0, 1.5), (1.5, 2.0), (2.0, 3.01))


def make_report(results: Many[dict[str, Any]]) -> str:
    """Return the table of results of `accuracy_truth.compare` as text."""
    lines = [
        f"{'measure':22} {'n':>4} {'judged':>6} {'bias':>7} {'median':>7} {'95 %':>7} "
        f"{'worst':>7} {'reach':>6} {'claimed':>8} {'found':>7} {'within':>7}"
    ]
    for name, unit, reach in MEASURES:
        rows = [x for r in results for x in r["rows"] if x["measure"].split(".")[0] == name]
        if name == "shoulder_tilt":
            rows = [x for x in rows if abs(x["true"]) < _LARGE_TILT_DEG]
        known = [x for x in rows if x["error"] is not None]
        if not known:
            lines.append(f"{name:22} {len(rows):4}     0%")
            continue
        e = np.array([x["error"] for x in known])
        claimed = np.array([x["claimed"] for x in known])
        a = np.abs(e)
        lines.append(
            f"{name:22} {len(rows):4} {len(e) / len(rows):6.0%} {e.mean():7.2f} "
            f"{np.median(a):7.2f} {np.quantile(a, 0.95):7.2f} {a.max():7.2f} "
            f"{'' if reach is None else reach:>6} {np.sqrt((claimed**2).mean()):8.2f} "
            f"{np.sqrt((e**2).mean()):7.2f} {(a <= claimed).mean():7.0%} {unit}"
        )
    lines += ["", *_report_place(results), "", *_report_faults(results)]
    return "\n".join(lines)


def _report_place(results: Many[dict[str, Any]]) -> list[str]:
    place = np.concatenate([np.asarray(r["place"], float) for r in results])
    due = sum(r["spec"].get("repetitions", 2) for r in results)
    found = sum(r["repetitions"] for r in results)
    out = [f"repetitions found: {found} of {due}"]
    if len(place):
        out.append(f"place: median {np.median(place):.2f} s, 95 % {np.quantile(place, 0.95):.2f} s")
    return out


def _report_faults(results: Many[dict[str, Any]]) -> list[str]:
    out = ["planted faults named with their side, by size in tolerances"]
    kinds = sorted({r["spec"]["kind"] for r in results} - {"none"})
    for kind in kinds:
        cells = []
        for low, high in _SIZES:
            mine = [
                r
                for r in results
                if r["spec"]["kind"] == kind
                and r["planted"]
                and low <= r["spec"].get("fault_size", 2.0) < high
            ]
            hit = sum(all(_said(r, p) for p in r["planted"]) for r in mine)
            cells.append(f"{low:.1f}-{high:.1f}: {hit}/{len(mine)}" if mine else f"{low:.1f}-: -")
        other = sum(
            not _is_true(r, c) for r in results if r["spec"]["kind"] == kind for c in r["cues"]
        )
        out.append(f"  {kind:8} {'   '.join(cells)}   other cues {other}")
    waits = [r["told_after_s"] for r in results if r.get("told_after_s") is not None]
    if waits:
        within = sum(w <= _SOON_S for w in waits)
        out.append(
            f"  leans and tilts, from where they are twice the tolerance: {within} of {len(waits)} "
            f"told within {_SOON_S:.0f} s, {sum(np.isfinite(waits))} at all; median "
            f"{np.median(waits):.1f} s"
        )
    clean = [r for r in results if is_clean(r["spec"])]
    minutes = sum(r["minutes"] for r in clean)
    cues = sum(len(r["cues"]) for r in clean)
    out.append(f"  clean    {cues} cues in {minutes:.1f} minutes of {len(clean)} clips")
    return out


def _said(result: dict[str, Any], planted: Any) -> bool:
    return any(tuple(c[1:]) == tuple(planted) for c in result["cues"])


def _is_true(result: dict[str, Any], cue: Any) -> bool:
    """Return whether a cue names what was planted, or an arm that really is raised less."""
    if any(tuple(cue[1:]) == tuple(p) for p in result["planted"]):
        return True
    left, right = result["spec"].get("sides", (1.0, 1.0))
    higher = "left" if left > right else "right"
    return left != right and tuple(cue[1:]) == ("arm_height_difference", higher)
