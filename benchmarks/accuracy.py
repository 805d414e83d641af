"""Every sample clip through the real pose model and the engine, held against its truth.

    python benchmarks/accuracy.py [NAME ...]

Prints for each clip the planted faults and the cues given, and over all clips the errors of lean,
shoulder tilt, delay, tempo ratio and place.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.analysis import analyze
from posecoach.capture.video import VideoFile
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.pose.run import observe
from posecoach.reference.library import open_form

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def run(name: str) -> dict[str, Any]:
    """Analyse one clip and compare."""
    truth = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    with (
        VideoFile(SAMPLES / f"{name}.mp4") as video,
        MediaPipeEstimator(ensure_model()) as estimator,
    ):
        seen = [o for _, o in observe(video, estimator)]
    result = analyze(iter(seen), open_form(truth["form"]))
    time_s = np.array(truth["time_s"])
    true_place = np.array([np.nan if p is None else p for p in truth["place_s"]], float)
    place = np.array([np.nan if p is None else p for p in result.place.reference_s], float)
    n = min(len(place), len(true_place))
    off = place[:n] - true_place[:n]
    off = off[np.isfinite(off)]
    out: dict[str, Any] = {
        "name": name,
        "planted": [(f["measure"], f["direction"]) for f in truth["faults"]],
        "cues": [(c.time_s, c.measure, c.direction) for c in result.cues],
        "minutes": result.video.duration_s / 60,
        "repetitions": (len(result.repetitions), len(truth["repetitions"])),
        # The reference starts a moment before its movement: a constant that is taken out.
        "place": np.abs(off - np.median(off)).tolist(),
        "errors": {"lateral_lean": [], "shoulder_tilt": [], "left_right_delay": [], "tempo": []},
    }
    planted = {f["fault"]: f["planted"] for f in truth["faults"]}
    delay = float(planted.get("left_late", 0)) - float(planted.get("right_late", 0))
    for r in result.repetitions:
        inside = (time_s >= r.start_s) & (time_s <= r.end_s)
        for measure in ("lateral_lean", "shoulder_tilt"):
            m = r.measures[measure]
            if m.judged and m.value is not None:
                true = float(np.median(np.array(truth[measure])[inside]))
                out["errors"][measure].append(m.value - true)
        m = r.measures["left_right_delay"]
        if m.judged and m.value is not None:
            out["errors"]["left_right_delay"].append(m.value - delay)
        m = r.measures["tempo_ratio"]
        if m.judged and m.value is not None and not {"hurried", "pause"} & set(planted):
            out["errors"]["tempo"].append(m.value / truth["tempo_ratio"] - 1.0)
    return out


def main() -> None:
    """Run all clips, or the named ones."""
    names = sys.argv[1:] or sorted(p.stem for p in SAMPLES.glob("*.json"))
    ensure_model(progress=print)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        results = list(pool.map(run, names))
    right = missed = false = 0
    minutes = 0.0
    for r in results:
        said = [(m, d) for _, m, d in r["cues"]]
        wrong = [c for c in said if c not in r["planted"]]
        found = [p for p in r["planted"] if p in said]
        right, missed = right + len(found), missed + len(r["planted"]) - len(found)
        false += len(wrong)
        minutes += r["minutes"]
        print(f"{r['name']}: repetitions {r['repetitions'][0]} of {r['repetitions'][1]}")
        print(f"    planted {r['planted'] or 'nothing'}")
        for time_s, measure, direction in r["cues"]:
            print(f"    cue at {time_s:.1f} s: {measure} {direction}")
    print(f"\nplanted faults cued with the right side: {right}, missed: {missed}")
    print(f"other cues: {false} in {minutes:.1f} minutes")
    for name, unit, scale in (
        ("lateral_lean", "deg", 1.0),
        ("shoulder_tilt", "deg", 1.0),
        ("left_right_delay", "ms", 1.0),
        ("tempo", "%", 100.0),
    ):
        e = scale * np.abs(np.concatenate([r["errors"][name] for r in results]))
        print(
            f"{name} error over {len(e)} repetitions: median {np.median(e):.2f}, "
            f"95 % {np.quantile(e, 0.95):.2f}, worst {e.max():.2f} {unit}"
        )
    p = np.concatenate([r["place"] for r in results])
    print(f"place error: median {np.median(p):.2f}, 95 % {np.quantile(p, 0.95):.2f} s")


if __name__ == "__main__":
    main()
