"""Render the sample videos and their truth from ``samples.toml``.

    python samples/make_samples.py [NAME ...]

The teachers' videos of the forms that have none here: ``make_forms.py``.

Needs the dependency group ``samples`` (PyAV, for H.264). The result does not depend on the machine
but for the encoder's version.
"""

from __future__ import annotations

import argparse
import tomllib
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from people.body import load_body
from people.camera import fit_camera
from people.forms import FORMS
from people.performance import Performance, Plan
from people.render import SCALE, Actor, Look, draw_shadow, draw_stool
from people.room import draw_room
from people.truth import TruthWriter

HERE = Path(__file__).resolve().parent


def make_clip(
    name: str,
    spec: dict[str, Any],
    looks: dict[str, dict[str, Any]],
    folder: Path,
    *,
    with_truth: bool = True,
) -> str:
    """Render one clip and write its truth into a folder; return a line about it."""
    body = load_body(spec["body"])
    plan = Plan(
        form=spec["form"],
        seed=spec.get("seed", 0),
        repetitions=spec.get("repetitions", 2),
        stand_s=tuple(spec.get("stand_s", (2.0, 0.7, 1.5))),
        tempo=spec.get("tempo", 1.0),
        amplitude=spec.get("amplitude", 1.0),
        faults=spec.get("faults"),
        variation=spec.get("variation", 0.0),
    )
    performance = Performance(body, plan)
    view = dict(spec.get("camera", {}))
    size = tuple(view.pop("size", (640, 480)))
    camera = fit_camera(size, body.height, **view)
    fps, light, room = spec.get("fps", 30), spec.get("light", 1.0), spec.get("room", 1)
    look = looks[spec.get("look", spec["body"])]
    actor = Actor(
        body,
        Look(**{k: tuple(v) if isinstance(v, list) else v for k, v in look.items()}),
        coarse=spec.get("coarse", False),
    )
    about = {"fps": fps, "light": light, "look": spec.get("look", spec["body"]), "room": room}
    truth = TruthWriter(name, performance, camera, about)
    background = draw_room(camera, room, light, SCALE)
    if FORMS[plan.form].seated:
        draw_stool(background, camera, performance.stool_m, light)
    rng = np.random.default_rng(room * 7919 + plan.seed)
    lamp = np.array([rng.uniform(-0.5, 0.5), 0.6, 0.7])
    lamp /= np.linalg.norm(lamp)
    path = folder / f"{name}.mp4"
    count = int(performance.duration_s * fps)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"crf": str(spec.get("crf", 25)), "preset": spec.get("preset", "slower")}
        stream.codec_context.time_base = Fraction(1, fps)
        stream.codec_context.thread_count = 1
        for index in range(count):
            time_s = index / fps
            pose = performance.pose_at(time_s)
            canvas = background.copy()
            draw_shadow(canvas, pose, camera)
            actor.draw(canvas, pose, camera, lamp, light)
            picture = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
            grain = rng.normal(0, 1.6, (size[1] // 2, size[0] // 2, 1)).astype(np.float32)
            grain = cv2.resize(grain, size, interpolation=cv2.INTER_LINEAR)[..., None]
            picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")):
                container.mux(packet)
            if with_truth:
                truth.add(time_s)
        for packet in stream.encode():
            container.mux(packet)
    told = f"{name}: {count} frames, {path.stat().st_size // 1000} kB"
    if with_truth:
        truth.write(path.with_suffix(".json"))
        told += f", truth {path.with_suffix('.json').stat().st_size // 1000} kB"
    return told


def main() -> None:
    """Render the named clips, or all."""
    parser = argparse.ArgumentParser(description="Render the sample videos.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args()
    spec = tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))
    looks = spec["looks"]
    clips = {k: v for k, v in spec["clips"].items() if not given.names or k in given.names}
    n = len(clips)
    with ProcessPoolExecutor(2) as pool:
        lines = pool.map(make_clip, clips.keys(), clips.values(), [looks] * n, [HERE] * n)
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()
