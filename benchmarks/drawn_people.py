"""People nobody tuned on: drawn at random, filmed at random, seen by the real model.

Body, performer, clothes, room, light, camera (distance, height, side, roll, field of view), size,
frame rate, tempo, amplitude (of both arms and of each) and one planted fault, or none, come from a
seeded generator, so that anyone can draw others. Frames go to the model as they are drawn, with
sensor noise and a JPEG round trip in place of a video file. What the model saw is kept in the
user's cache: drawing is slow.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence as Many
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "samples"))

from people.body import load_body  # noqa: E402
from people.camera import fit_camera  # noqa: E402
from people.performance import Performance, Plan, measure_pose  # noqa: E402
from people.render import SCALE, Actor, Look, draw_shadow  # noqa: E402
from people.room import draw_room  # noqa: E402
from people.scene import Placed  # noqa: E402
from posecoach.capture.base import Frame  # noqa: E402
from posecoach.capture.replay import load_motion, save_motion  # noqa: E402
from posecoach.motion import Motion, Observation  # noqa: E402
from posecoach.pose.bundle import ensure_model  # noqa: E402
from posecoach.pose.landmarker import MediaPipeEstimator  # noqa: E402

Array = NDArray[np.float64]

FORMS = (
    "two-hands-hold-up-the-heavens",
    "drawing-the-bow",
    "separating-heaven-and-earth",
)
BODIES = ("ada", "ben", "cleo", "dirk", "emma", "finn")
KINDS = ("none", "none", "lean", "tilt", "late", "low", "fast", "slow", "hurried")
SIZES = ((640, 480), (960, 540), (1280, 720))
_SHIFT = 64
WIDE_SIZES = ((640, 480), (854, 480), (1280, 720))
WIDE_KINDS = (
    ("none",) * 4 + ("lean", "tilt", "late", "late", "low", "low") + KINDS[-3:] + ("pause",)
)


def draw_spec(seed: int) -> dict[str, Any]:
    """Return one clip's description, drawn from its seed: ordinary rooms, faults one must see."""
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
        "repetitions": 2,
        "tempo": tempo,
        "amplitude": amplitude,
        "sides": [1.0, 1.0],
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


def draw_wide_spec(seed: int) -> dict[str, Any]:
    """Return one clip's description from a wider range: cameras, amplitudes, small faults too.

    Once through the form; 15 to 60 frames a second; the camera up to a metre to the side, at knee
    or head height, turned by up to 6 degrees; arms raised to 0.5 to 1.1 of the form, in a third of
    the clips one of them less than the other; a planted fault of 0.5 to 3 times the tolerance.
    """
    spec = draw_spec(seed)
    rng = np.random.default_rng([seed, 1])
    side = str(rng.choice(["left", "right"]))
    sign = 1.0 if side == "left" else -1.0
    kind = str(rng.choice(WIDE_KINDS))
    size = float(rng.uniform(0.5, 3.0))  # of the fault, in tolerances
    tempo = float(rng.uniform(0.8, 1.2))
    faults: dict[str, Any] = {}
    if kind == "lean":
        faults["lean"] = sign * 4.0 * size
    elif kind == "tilt":
        faults["shoulder_tilt"] = sign * 5.0 * size
    elif kind == "late":
        faults[f"{side}_late"] = 150.0 * size
    elif kind == "low":
        faults[f"{side}_low"] = 10.0 * size
    elif kind == "fast":
        tempo = 1.0 + 0.3 * size
    elif kind == "slow":
        tempo = 1.0 / (1.0 + 0.33 * size)
    elif kind == "hurried":
        faults["hurried"] = [0.12, 0.42, 1.0 + 0.6 * size]
    elif kind == "pause":
        faults["pause"] = [float(rng.uniform(0.2, 0.8)), 1.5 * size]
    sides = [1.0, 1.0]
    if kind in ("none", "late") and rng.random() < 0.5:
        sides[int(rng.integers(2))] = float(rng.uniform(0.75, 0.95))
    spec |= {
        "kind": kind,
        "fault_size": size if kind != "none" else 0.0,
        "size": WIDE_SIZES[int(rng.integers(len(WIDE_SIZES)))],
        "fps": int(rng.choice([15, 20, 25, 30, 60], p=[0.25, 0.25, 0.15, 0.3, 0.05])),
        "repetitions": 1,
        "tempo": tempo,
        "amplitude": float(rng.choice([1.0, rng.uniform(0.5, 1.1)])),
        "sides": sides,
        "faults": faults,
        "light": float(rng.uniform(0.2, 1.0)),
        "camera": {
            "hfov_deg": float(rng.uniform(50, 78)),
            "height_m": float(rng.uniform(0.5, 1.8)),
            "fill": float(rng.uniform(0.55, 0.92)),
            "side_m": float(rng.uniform(-1.0, 1.0)),
            "roll_deg": float(rng.uniform(-6, 6)),
        },
    }
    return spec


def perform(spec: dict[str, Any]) -> Performance:
    """Return the performance that a description is of."""
    plan = Plan(
        spec["form"],
        spec["seed"] + 1,
        spec.get("repetitions", 2),
        (2.0, 0.7, 1.2),
        spec["tempo"],
        spec["amplitude"],
        spec["faults"],
        tuple(spec.get("sides", (1.0, 1.0))),
    )
    return Performance(load_body(spec["body"]), plan)


def watch(
    spec: dict[str, Any], model: str
) -> tuple[Performance, list[Observation], list[dict[str, Any]]]:
    """Draw one clip and return what the model saw and what is true, frame by frame."""
    performance, seen, truth = _watch(spec, (model,))
    return performance, seen[model], truth


def _watch(
    spec: dict[str, Any], models: Many[str]
) -> tuple[Performance, dict[str, list[Observation]], list[dict[str, Any]]]:
    performance = perform(spec)
    body = performance.body
    camera = fit_camera(tuple(spec["size"]), body.height, **spec["camera"])
    look = {k: tuple(v) if isinstance(v, list) else v for k, v in spec["look"].items()}
    # Pixels finer than these the model, which looks at 256, does not see.
    scale = SCALE if spec["size"][1] <= 480 else 1
    actor = Actor(body, Look(**look), scale, coarse=True)
    background = draw_room(camera, spec["room"], spec["light"], scale)
    rng = np.random.default_rng(spec["seed"])
    lamp = np.array([rng.uniform(-0.6, 0.6), 0.6, 0.7])
    lamp /= np.linalg.norm(lamp)
    fps, size = spec["fps"], tuple(spec["size"])
    grain = rng.normal(0, 2.0, (size[1] + _SHIFT, size[0] + _SHIFT, 1)).astype(np.float32)
    seen: dict[str, list[Observation]] = {m: [] for m in models}
    truth = []
    with ExitStack() as stack:
        estimators = {m: stack.enter_context(MediaPipeEstimator(ensure_model(m))) for m in models}
        for index in range(int(performance.duration_s * fps)):
            t = index / fps
            pose = performance.pose_at(t)
            canvas = background.copy()
            # How far they are turned to their left, by seconds.
            turn = float(np.interp(t, *zip(*spec["turn"], strict=True))) if "turn" in spec else 0.0
            placed: Any = Placed(camera, (0.0, 0.0, turn)) if turn else camera
            draw_shadow(canvas, pose, placed, scale)
            actor.draw(
                canvas, pose, placed, placed.to_person(lamp) if turn else lamp, spec["light"]
            )
            picture = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
            # One grain, shifted anew for each picture, does for noise and costs little.
            x, y = rng.integers(0, _SHIFT, 2)
            noise = grain[y : y + size[1], x : x + size[0]]
            picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
            picture = cv2.imdecode(
                cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], cv2.IMREAD_COLOR
            )
            for model, estimator in estimators.items():
                seen[model].append(estimator.estimate(Frame(picture, t, index)))
            repetition, share = performance.share(t)
            place = None if repetition is None else share * performance.seconds
            truth.append({"t": t, "place": place, "turn": turn, **measure_pose(pose)})
    return performance, seen, truth


@dataclass(frozen=True, eq=False)
class Clip:
    """A drawn person as the model saw them.

    Attributes
    ----------
    spec : dict
    motion : Motion
    truth : dict of str to (n,) array
        ``t`` in seconds, ``place`` in seconds of the form (NaN while standing) and the measures of
        `people.performance.measure_pose`, frame by frame.
    """

    spec: dict[str, Any]
    motion: Motion
    truth: dict[str, Array]


def load_clips(spec: dict[str, Any], models: Many[str] = ("full",)) -> dict[str, Clip]:
    """Return a clip as each model saw it; what the cache does not hold is drawn."""
    folder = Path(platformdirs.user_cache_dir("posecoach")) / "benchmarks" / "people"
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(spec, sort_keys=True)
    name = f"{spec['seed']}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
    about = folder / f"{name}.json"
    files = {m: folder / f"{name}-{m}.npz" for m in models}
    missing = [m for m, f in files.items() if not f.is_file() or not about.is_file()]
    if missing:
        _, seen, truth = _watch(spec, missing)
        for model in missing:
            save_motion(stack_observations(seen[model]), files[model])
        columns = {k: [row[k] for row in truth] for k in truth[0]}
        about.write_text(json.dumps({"spec": spec, "truth": columns}), encoding="utf-8")
    known = json.loads(about.read_text(encoding="utf-8"))["truth"]
    true = {k: np.array([np.nan if v is None else v for v in c]) for k, c in known.items()}
    return {m: Clip(spec, load_motion(f), true) for m, f in files.items()}


def stack_observations(seen: Many[Observation]) -> Motion:
    """Return observations as one recording."""
    return Motion(
        np.array([o.time_s for o in seen]),
        np.stack([o.image for o in seen]),
        np.stack([o.world for o in seen]),
        np.stack([o.visibility for o in seen]),
        np.stack([o.presence for o in seen]),
        seen[0].width,
        seen[0].height,
    )
