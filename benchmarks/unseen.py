"""People nobody tuned on: drawn at random, filmed at random, through the real model.

    python benchmarks/unseen.py [--clips N] [--seed S] [--model full] [--jobs 2] [--json OUT]

Body, performer, clothes, room, light, camera (distance, height, side, roll, field of view), size,
frame rate, tempo, amplitude and one planted fault (or none) are drawn from a seeded generator, so
that anyone can draw others. Frames go to the model as they are drawn, with sensor noise and a JPEG
round trip in place of a video file. Needs nothing but the project itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "samples"))

from people.body import load_body  # noqa: E402
from people.camera import fit_camera  # noqa: E402
from people.forms import FORMS as PERFORMED  # noqa: E402
from people.performance import Performance, Plan, measure_pose  # noqa: E402
from people.render import SCALE, Actor, Look, draw_shadow, draw_stool  # noqa: E402
from people.room import draw_room  # noqa: E402
from people.truth import list_faults  # noqa: E402
from posecoach.analysis import analyze  # noqa: E402
from posecoach.capture.base import Frame  # noqa: E402
from posecoach.motion import Observation  # noqa: E402
from posecoach.pose.bundle import ensure_model  # noqa: E402
from posecoach.pose.landmarker import MediaPipeEstimator  # noqa: E402
from posecoach.reference.library import open_form  # noqa: E402

FORMS = (
    "two-hands-hold-up-the-heavens",
    "drawing-the-bow",
    "separating-heaven-and-earth",
)
BODIES = ("ada", "ben", "cleo", "dirk", "emma", "finn")
KINDS = ("none", "none", "lean", "tilt", "late", "low", "fast", "slow", "hurried")
SIZES = ((640, 480), (960, 540), (1280, 720))


def draw_spec(seed: int) -> dict[str, Any]:
    """Return one clip's description, drawn from its seed."""
    rng = np.random.default_rng(seed)
    side = str(rng.choice(["left", "right"]))
    sign = 1.0 if side == "left" else -1.0
    faults: dict[str, Any] = {}
    tempo = float(rng.uniform(0.88, 1.12))
    amplitude = float(rng.choice([1.0, 1.0, 0.9, 0.75]))
    kind = str(rng.choice(KINDS))
    if kind == "lean":
        faults["lean"] = sign * float(rng.uniform(8, 13))
    elif kind == "tilt":
        faults["shoulder_tilt"] = sign * float(rng.uniform(10, 13))
    elif kind == "late":
        faults[f"{side}_late"] = float(rng.uniform(300, 500))
    elif kind == "low":
        faults[f"{side}_low"] = float(rng.uniform(22, 35))
    elif kind == "fast":
        tempo = float(rng.uniform(1.5, 1.9))
    elif kind == "slow":
        tempo = float(rng.uniform(0.45, 0.55))
    elif kind == "hurried":
        faults["hurried"] = [0.12, 0.42, 2.4]
    return {
        "seed": seed,
        "kind": kind,
        "form": str(rng.choice(FORMS)),
        "body": str(rng.choice(BODIES)),
        "size": SIZES[int(rng.integers(len(SIZES)))],
        "fps": int(rng.choice([15, 20, 25, 30])),
        "tempo": tempo,
        "amplitude": amplitude,
        "faults": faults,
        "light": float(rng.uniform(0.35, 1.0)),
        "room": int(rng.integers(1000, 9999)),
        "camera": {
            "hfov_deg": float(rng.uniform(55, 75)),
            "height_m": float(rng.uniform(0.6, 1.5)),
            "fill": float(rng.uniform(0.6, 0.92)),
            "side_m": float(rng.uniform(-0.5, 0.5)),
            "roll_deg": float(rng.uniform(-4, 4)),
        },
        "look": {
            "top": [int(v) for v in rng.integers(20, 230, 3)],
            "trousers": [int(v) for v in rng.integers(20, 160, 3)],
            "skin": [[150, 175, 215], [92, 118, 158], [60, 84, 120]][int(rng.integers(3))],
            "sleeve": float(rng.uniform(0.6, 1.95)),
            "loose_m": float(rng.uniform(0.01, 0.035)),
        },
    }


def watch(
    spec: dict[str, Any], model: str
) -> tuple[Performance, list[Observation], list[dict[str, Any]]]:
    """Draw one clip and return what the model saw and what is true, frame by frame."""
    body = load_body(spec["body"])
    plan = Plan(
        spec["form"],
        spec["seed"] + 1,
        spec.get("repetitions", 2),
        (2.0, 0.7, 1.2),
        spec["tempo"],
        spec["amplitude"],
        spec["faults"],
    )
    performance = Performance(body, plan)
    camera = fit_camera(tuple(spec["size"]), body.height, **spec["camera"])
    look = {k: tuple(v) if isinstance(v, list) else v for k, v in spec["look"].items()}
    actor = Actor(body, Look(**look))
    background = draw_room(camera, spec["room"], spec["light"], SCALE)
    if PERFORMED[plan.form].seated:
        draw_stool(background, camera, performance.stool_m, spec["light"])
    rng = np.random.default_rng(spec["seed"])
    lamp = np.array([rng.uniform(-0.6, 0.6), 0.6, 0.7])
    lamp /= np.linalg.norm(lamp)
    fps, size = spec["fps"], tuple(spec["size"])
    seen, truth = [], []
    with MediaPipeEstimator(ensure_model(model)) as estimator:
        for index in range(int(performance.duration_s * fps)):
            t = index / fps
            pose = performance.pose_at(t)
            canvas = background.copy()
            draw_shadow(canvas, pose, camera)
            actor.draw(canvas, pose, camera, lamp, spec["light"])
            picture = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
            noise = rng.normal(0, 2.0, (*picture.shape[:2], 1))
            picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
            picture = cv2.imdecode(
                cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], cv2.IMREAD_COLOR
            )
            seen.append(estimator.estimate(Frame(picture, t, index)))
            repetition, share = performance.share(t)
            place = None if repetition is None else share * performance.seconds
            truth.append({"t": t, "place": place, **measure_pose(pose)})
    return performance, seen, truth


def run(spec: dict[str, Any], model: str) -> dict[str, Any]:
    """Draw one clip, watch it, compare with the truth."""
    performance, seen, truth = watch(spec, model)
    result = analyze(iter(seen), open_form(spec["form"]))
    return compare(spec, performance, truth, result)


def compare(
    spec: dict[str, Any], performance: Performance, truth: list[dict[str, Any]], result: Any
) -> dict[str, Any]:
    """Return errors, claimed errors, cues and planted faults."""
    t = np.array([x["t"] for x in truth])
    place = np.array([np.nan if x["place"] is None else x["place"] for x in truth])
    found = np.array([np.nan if p is None else p for p in result.place.reference_s])
    off = found - place
    off = off[np.isfinite(off)]
    delay = spec["faults"].get("left_late", 0.0) - spec["faults"].get("right_late", 0.0)
    rows = []
    for r in result.repetitions:
        inside = (t >= r.start_s) & (t <= r.end_s)
        for name, m in r.measures.items():
            if name in ("lateral_lean", "shoulder_tilt", "pelvis_tilt"):
                true = float(np.median([x[name] for x, k in zip(truth, inside, strict=True) if k]))
            elif name == "left_right_delay":
                true = delay
            elif name == "tempo_ratio" and spec["kind"] != "hurried":
                true = spec["tempo"]
            else:
                continue
            error = None if m.value is None else m.value - true
            rows.append((name, error, m.uncertainty, true))
    planted = [(f["measure"], f["direction"]) for f in list_faults(performance)]
    return {
        "spec": spec,
        "planted": planted,
        "cues": [(round(c.time_s, 1), c.measure, c.direction) for c in result.cues],
        "minutes": result.video.duration_s / 60,
        "repetitions": len(result.repetitions),
        "rows": rows,
        "place": [] if len(off) == 0 else np.abs(off - np.median(off)).tolist(),
        "seen": result.seen,
    }


def report(results: list[dict[str, Any]]) -> None:
    """Print the table."""
    print(
        f"{'measure':18} {'n':>4} {'judged':>6} {'bias':>7} {'median':>7} {'95 %':>7} "
        f"{'worst':>7} {'claimed':>8} {'within 1 se':>11}"
    )
    for name, unit in (
        ("lateral_lean", "deg"),
        ("shoulder_tilt", "deg"),
        ("pelvis_tilt", "deg"),
        ("left_right_delay", "ms"),
        ("tempo_ratio", ""),
    ):
        rows = [row for r in results for row in r["rows"] if row[0] == name]
        if name == "shoulder_tilt":  # the model itself reads large ones too small
            rows = [row for row in rows if abs(row[3]) < 8]
        e = np.array([row[1] for row in rows if row[1] is not None], float)
        se = np.array([row[2] for row in rows if row[1] is not None], float)
        if len(e) == 0:
            continue
        a = np.abs(e)
        print(
            f"{name:18} {len(rows):4} {len(e) / len(rows):6.0%} {e.mean():7.2f} "
            f"{np.median(a):7.2f} {np.quantile(a, 0.95):7.2f} {a.max():7.2f} {np.median(se):8.2f} "
            f"{(a <= se).mean():11.0%} {unit}"
        )
    place = np.concatenate([r["place"] for r in results])
    print(f"place: median {np.median(place):.2f} s, 95 % {np.quantile(place, 0.95):.2f} s")
    print(f"repetitions found: {sum(r['repetitions'] for r in results)} of {2 * len(results)}")
    print("\nplanted faults")
    for kind in sorted({r["spec"]["kind"] for r in results} - {"none"}):
        mine = [r for r in results if r["spec"]["kind"] == kind]
        said = [[(m, d) for _, m, d in r["cues"]] for r in mine]
        hit = sum(all(p in s for p in r["planted"]) for r, s in zip(mine, said, strict=True))
        other = sum(c not in r["planted"] for r, s in zip(mine, said, strict=True) for c in s)
        print(f"  {kind:8} {hit} of {len(mine)} named with the side; other cues {other}")
    clean = [r for r in results if r["spec"]["kind"] == "none"]
    minutes = sum(r["minutes"] for r in clean)
    cues = sum(len(r["cues"]) for r in clean)
    print(f"  clean    {cues} cues in {minutes:.1f} minutes of {len(clean)} clips")


def main() -> None:
    """Draw, watch, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", default="full")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    ensure_model(options.model, print)
    specs = [draw_spec(1000 * options.seed + k) for k in range(options.clips)]
    results = []
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        for r in pool.map(run, specs, [options.model] * len(specs)):
            results.append(r)
            s = r["spec"]
            print(
                f"{s['seed']} {s['kind']:8} {s['form'][:10]} {s['body']:5} {s['size'][0]} "
                f"{s['fps']:2} tempo {s['tempo']:.2f} amplitude {s['amplitude']:.2f} "
                f"repetitions {r['repetitions']} seen {r['seen']:.2f} planted {r['planted']} "
                f"cues {r['cues']}",
                flush=True,
            )
    print()
    report(results)
    if options.json:
        options.json.write_text(json.dumps(results), encoding="utf-8")


if __name__ == "__main__":
    main()
