"""How far measures, cues and following are from the truth, through the real pose model.

    python benchmarks/accuracy.py [--clips N] [--seed S] [--model full ...] [--fps F] [--json OUT]
    python benchmarks/accuracy.py --samples [NAME ...]

The first draws people at random (see `drawn_people.py`); seeds 1 and 2 were looked at while the
measures were made (1 to set them, 2 to report), any other is new. What the model saw is kept in
the user's cache, so that it can be run in parts. `--plain` draws from ordinary rooms only. The
second runs the clips of ``samples/``.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Sequence as Many
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from accuracy_table import make_report
from accuracy_truth import compare
from drawn_people import (
    ROOT,
    Clip,
    draw_spec,
    draw_wide_spec,
    load_clips,
    stack_observations,
)

from people.performance import MEASURES as MEASURED
from posecoach.capture.video import VideoFile
from posecoach.motion import Motion
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.pose.run import observe

SAMPLES = ROOT / "samples"


def run_drawn(spec: dict[str, Any], models: Many[str]) -> list[dict[str, Any]]:
    """Draw one clip, or take it from the cache, and compare what each model saw with the truth."""
    return [compare(clip, model) for model, clip in load_clips(spec, models).items()]


def make_sample(name: str, motion: Motion) -> Clip:
    """Return what was seen in a sample together with the truth beside it."""
    about = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    told = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))["clips"][name]
    faults = told.get("faults", {})
    names = {"left_late": "late", "right_late": "late", "left_low": "low", "right_low": "low"}
    kind = next((names.get(f, f) for f in faults), "none")
    tempo = told.get("tempo", 1.0)
    if abs(tempo - 1.0) >= 0.4:
        kind = "fast" if tempo > 1 else "slow"
    spec = {
        "name": name,
        "seed": told.get("seed", 0) - 1,  # `perform` adds one
        "kind": kind,
        "form": told["form"],
        "body": told["body"],
        "repetitions": len(about["repetitions"]),
        "tempo": tempo,
        "amplitude": told.get("amplitude", 1.0),
        "faults": faults,
    }
    columns = {k: about[k] for k in MEASURED} | {"t": about["time_s"], "place": about["place_s"]}
    truth = {k: np.array([np.nan if v is None else v for v in c]) for k, c in columns.items()}
    return Clip(spec, motion, truth)


def run_sample(name: str, models: Many[str]) -> list[dict[str, Any]]:
    """Compare what each model sees in a sample with the truth beside it."""
    out = []
    for model in models:
        with (
            VideoFile(SAMPLES / f"{name}.mp4") as video,
            MediaPipeEstimator(ensure_model(model)) as estimator,
        ):
            seen = [o for _, o in observe(video, estimator)]
        out.append(compare(make_sample(name, stack_observations(seen)), model))
    return out


def describe(result: dict[str, Any]) -> str:
    """Return one line about a clip."""
    s = result["spec"]
    return (
        f"{s.get('name', s['seed'])} {result['model']} {s['kind']} {s['form'][:10]} {s['body']} "
        f"tempo {s['tempo']:.2f} amplitude {s['amplitude']:.2f} {s.get('sides', '')} "
        f"repetitions {result['repetitions']} planted {result['planted']} cues {result['cues']}"
    )


def main(arguments: Many[str] | None = None) -> list[dict[str, Any]]:
    """Draw, watch, compare, print; return the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--model", nargs="+", default=["full"], choices=["lite", "full", "heavy"])
    parser.add_argument("--fps", type=int, help="frames a second of all clips")
    parser.add_argument("--plain", action="store_true", help="ordinary rooms, plain faults")
    parser.add_argument("--samples", nargs="*", metavar="NAME", help="the samples, or some of them")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write all results")
    options = parser.parse_args(arguments)
    for model in options.model:
        ensure_model(model, print)
    if options.samples is not None:
        known = sorted(p.stem for p in SAMPLES.glob("*.json") if "teacher" not in p.stem)
        tasks: list[Any] = options.samples or known
        run: Any = run_sample
    else:
        draw = draw_spec if options.plain else draw_wide_spec
        tasks = [draw(1000 * options.seed + k) for k in range(options.clips)]
        if options.fps:
            tasks = [spec | {"fps": options.fps} for spec in tasks]
        run = run_drawn
    results: list[dict[str, Any]] = []
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        for found in pool.map(run, tasks, [options.model] * len(tasks)):
            results += found
            print("\n".join(describe(r) for r in found), flush=True)
    for model in options.model:
        print(f"\n{model}")
        print(make_report([r for r in results if r["model"] == model]))
    if options.json:
        options.json.write_text(json.dumps(results), encoding="utf-8")
    return results


if __name__ == "__main__":
    main()
