"""What the engine says of a drawn person against what is true of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from accuracy_points import find_trunk_delay, find_whole
from drawn_people import Clip, perform
from following_clips import find_place
from numpy.typing import NDArray

from people.body import load_body
from people.performance import Performance, Plan, Span, measure_pose
from people.truth import list_faults
from posecoach.analysis import analyze
from posecoach.measure.judgement import FLOORS, Judgement
from posecoach.measure.tempo import HURRIED, PAUSE_S
from posecoach.reference.library import open_form
from posecoach.result import Analysis, Measure, RepetitionResult

Array = NDArray[np.float64]

_TICK_S = 0.01
_LARGE = 2.0  # tolerances from which a lean or tilt must be told within two seconds


@cache
def find_form_elevations(form: str) -> tuple[Array, Array]:
    """Return (time_s (m,), elevations (m, 2)) of the form itself, as a teacher goes through it."""
    performance = Performance(load_body("ada"), Plan(form, 0, 1, (0.0, 0.0, 0.0)))
    times = np.arange(0.0, performance.seconds, 0.1)
    poses = [measure_pose(performance.pose_at(t)) for t in times]
    return times, np.array([[p["left_elevation"], p["right_elevation"]] for p in poses])


def find_height_difference(clip: Clip) -> Array:
    """Return the true arm height difference, frame by frame; degrees, NaN while standing.

    As in the design: left minus right elevation against the form's own at the same place, each
    side at its own time (a late arm is late, not low), the common amplitude taken out.
    """
    performance, t = perform(clip.spec), clip.truth["t"]
    place = np.array([find_place(performance, time_s) for time_s in t])
    own = np.stack(
        [
            np.interp(
                t + float(clip.spec["faults"].get(f"{side}_late", 0.0)) / 1000,
                t,
                clip.truth[f"{side}_elevation"],
            )
            for side in ("left", "right")
        ],
        axis=1,
    )
    times, form = find_form_elevations(clip.spec["form"])
    ref = np.stack([np.interp(np.nan_to_num(place), times, form[:, k]) for k in (0, 1)], axis=1)
    rest = form[0]
    inside = np.isfinite(place)
    a, b = (own - rest)[inside], (ref - rest)[inside]
    amplitude = float((a * b).sum() / (b**2).sum())
    off = (
        (own[:, 0] - own[:, 1])
        - (rest[0] - rest[1])
        - amplitude * ((ref - rest)[:, 0] - (ref - rest)[:, 1])
    )
    return np.where(inside, off, np.nan)


def find_tempo(spec: dict[str, Any]) -> float:
    """Return the true tempo ratio: of what is neither paused nor hurried, pause by pause left out.

    Places are those of the posture, times the plan's own. A stop shorter than a pause, and haste
    less than what is called so, belong to the pace.
    """
    performance, faults = perform(spec), spec["faults"]
    pause_at, pause_s = faults.get("pause", (2.0, 0.0))
    start, end, factor = faults.get("hurried", (0.0, 0.0, 1.0))
    took = done = 0.0
    for span in performance.repetitions:
        times = np.arange(span.start_s, span.end_s, _TICK_S)
        shares = np.array([performance.share(t)[1] for t in times])
        places = np.array([find_place(performance, t) for t in times])
        apart = np.zeros(len(times) - 1, dtype=bool)
        if pause_s >= PAUSE_S:
            apart |= np.abs(shares[1:] - pause_at) < 0.5 * _TICK_S / performance.seconds
        if factor >= HURRIED:
            apart |= (shares[1:] >= start) & (shares[1:] < end)
        done += float(np.diff(places)[~apart].sum())
        took += _TICK_S * float((~apart).sum())
    return done / took


def is_clean(spec: dict[str, Any]) -> bool:
    """Return whether nothing is planted; one arm raised less than the other is a difference."""
    return spec["kind"] == "none" and list(spec.get("sides", (1.0, 1.0))) == [1.0, 1.0]


def find_truth(clip: Clip) -> dict[str, Any]:
    """Return what is true of a clip: arrays by frame, numbers of the whole, lists by repetition."""
    faults, person = clip.spec["faults"], perform(clip.spec)
    whole = find_whole(person)
    return {
        **clip.truth,
        "arm_height_difference": find_height_difference(clip),
        "left_right_delay": faults.get("left_late", 0.0) - faults.get("right_late", 0.0),
        "tempo_ratio": find_tempo(clip.spec),
        "trunk_limb_delay": find_trunk_delay(person),
        **{name: [_choose(name, w[name]) for w in whole] for name in whole[0]},
    }


def _choose(name: str, m: Measure | Judgement) -> float | None:
    """Return what of a reading is held against the truth."""
    # What is told of these is how they deviate; and an arm's height only counts as that.
    apart = name in ("arm_height_difference", "evenness") or name.startswith("joint_angle")
    return m.deviation if apart else m.value


def _choose_repetition(r: RepetitionResult, spans: list[Span]) -> int:
    """Return which of the performed repetitions was found."""
    return int(np.argmin([abs(r.start_s + r.end_s - s.start_s - s.end_s) for s in spans]))


def compare(clip: Clip, model: str, truth: dict[str, Any] | None = None) -> dict[str, Any]:
    """Analyse a clip and return errors, claimed errors, cues and planted faults, for JSON."""
    result = analyze(clip.motion, open_form(clip.spec["form"]))
    truth = truth or find_truth(clip)
    spec = clip.spec
    rows = []
    spans = perform(spec).repetitions
    for r in result.repetitions:
        inside = (truth["t"] >= r.start_s) & (truth["t"] <= r.end_s)
        for name, m in r.measures.items():
            true = truth.get(name)
            if true is None:
                continue
            if isinstance(true, list):
                true = true[_choose_repetition(r, spans)]
            elif np.ndim(true):
                true = float(np.nanmedian(np.asarray(true)[inside]))
            if true is None or not np.isfinite(true):
                continue
            got = _choose(name, m)
            rows.append(
                {
                    "measure": name,
                    "true": true,
                    "error": None if got is None else got - true,
                    "claimed": m.uncertainty,
                    "reason": m.reason,
                }
            )
    planted = [(f["measure"], f["direction"]) for f in list_faults(perform(spec))]
    if spec["kind"] in ("fast", "slow"):
        planted = [("tempo_ratio", spec["kind"])]
    return {
        "spec": spec,
        "model": model,
        "planted": planted,
        "cues": [(round(c.time_s, 1), c.measure, c.direction) for c in result.cues],
        "told_after_s": _find_wait(spec, planted, result, truth),
        "minutes": result.video.duration_s / 60,
        "repetitions": len(result.repetitions),
        "rows": rows,
        "place": _compare_place(result, truth).tolist(),
        "seen": result.seen,
        "view": result.view,
    }


def _find_wait(
    spec: dict[str, Any], planted: list[tuple[str, str]], result: Analysis, truth: dict[str, Any]
) -> float | None:
    """Return how long after a lean or tilt came to `_LARGE` times its tolerance it was told.

    What the body shows without the fault is none of it: raised arms take the shoulders along.
    Infinity where it was not told; None where none was planted, or no such large one.
    """
    for measure, direction in planted:
        if measure not in ("lateral_lean", "shoulder_tilt"):
            continue
        person = perform(spec | {"faults": {}})
        without = np.array([measure_pose(person.pose_at(t))[measure] for t in truth["t"]])
        large = np.abs(truth[measure] - without) >= _LARGE * FLOORS[measure]
        if not large.any():
            continue
        said = [c.time_s for c in result.cues if (c.measure, c.direction) == (measure, direction)]
        return min(said, default=float("inf")) - float(truth["t"][large.argmax()])
    return None


def _compare_place(result: Analysis, truth: dict[str, Any]) -> Array:
    found = np.array([np.nan if p is None else p for p in result.place.reference_s])
    nearest = np.searchsorted(truth["t"], np.array(result.place.time_s) - 1e-3)
    off = found - truth["place"][np.minimum(nearest, len(truth["t"]) - 1)]
    off = off[np.isfinite(off)]
    # The reference starts a moment before its movement: a constant that is taken out.
    return np.abs(off - np.median(off)) if len(off) else off
