"""The truth beside a clip: what is planted, where everything is, as one JSON document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from people.body import find_keypoints
from people.camera import Camera
from people.performance import MEASURES, Performance, measure_pose

Array = NDArray[np.float64]

SCHEMA = "posecoach.truth/1"
POINTS = (
    "nose",
    *(
        f"{side}_{joint}"
        for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
        for side in ("left", "right")
    ),
)

# What each planted fault should be called, and the amount from which it must be.
_MEASURE = {
    "lean": "lateral_lean",
    "shoulder_tilt": "shoulder_tilt",
    "late": "left_right_delay",
    "low": "arm_height_difference",
    "hurried": "tempo_ratio",
    "pause": "tempo_ratio",
}


def list_faults(performance: Performance) -> list[dict[str, Any]]:
    """Return the planted faults as measure, direction and amount."""
    plan, out = performance.plan, []
    for name, amount in (plan.faults or {}).items():
        side, _, kind = name.partition("_")
        if kind in ("late", "low"):
            other = "right" if side == "left" else "left"
            direction = side if kind == "late" else other
            sign = 1.0 if direction == "left" else -1.0
            deviation: float | None = sign * float(amount)  # type: ignore[arg-type]
        else:
            kind = name
            deviation = None
            if kind in ("lean", "shoulder_tilt"):
                deviation = float(amount)  # type: ignore[arg-type]
                direction = "left" if deviation > 0 else "right"
            else:
                direction = "fast" if kind == "hurried" else "slow"
        out.append(
            {
                "fault": name,
                "planted": amount,
                "measure": _MEASURE[kind],
                "direction": direction,
                "deviation": deviation,
            }
        )
    if abs(plan.tempo - 1.0) >= 0.4:
        direction = "fast" if plan.tempo > 1 else "slow"
        out.append(
            {
                "fault": "tempo",
                "planted": plan.tempo,
                "measure": "tempo_ratio",
                "direction": direction,
                "deviation": round(plan.tempo - 1.0, 3),
            }
        )
    return out


class TruthWriter:
    """Collects the truth of a clip frame by frame.

    Parameters
    ----------
    name : str
    performance : Performance
    camera : Camera
    about : dict
        Further facts for the document (clothes, light, frame rate).
    """

    def __init__(
        self, name: str, performance: Performance, camera: Camera, about: dict[str, Any]
    ) -> None:
        self._performance = performance
        self._camera = camera
        body, plan = performance.body, performance.plan
        self.document: dict[str, Any] = {
            "schema": SCHEMA,
            "clip": name,
            "form": plan.form,
            "form_s": performance.seconds,
            "body": {"name": body.name, "height_m": round(body.height, 3)},
            "performer": plan.seed,
            "tempo_ratio": plan.tempo,
            "amplitude": plan.amplitude,
            "camera": {
                "width": camera.width,
                "height": camera.height,
                "focal_px": round(camera.focal_px, 3),
                "position_m": [round(float(v), 4) for v in camera.position],
                "pitch_deg": round(camera.pitch_deg, 3),
                "roll_deg": camera.roll_deg,
            },
            **about,
            "faults": list_faults(performance),
            "repetitions": [
                {"start_s": round(s.start_s, 4), "end_s": round(s.end_s, 4)}
                for s in performance.repetitions
            ],
            "units": (
                "time_s: seconds; place_s: seconds of the form at tempo 1, null while standing; "
                "angles: degrees in the person's frontal plane; points_mm: x to the person's "
                "left, y up, z forward from the floor between the feet; pixels: x, y (down)"
            ),
            "time_s": [],
            "place_s": [],
            **{m: [] for m in MEASURES},
            "points": list(POINTS),
            "points_mm": [],
            "pixels": [],
        }

    def add(self, time_s: float) -> None:
        """Add the truth of one frame."""
        d, performance = self.document, self._performance
        pose = performance.pose_at(time_s)
        repetition, share = performance.share(time_s)
        d["time_s"].append(round(time_s, 4))
        place = None if repetition is None else round(share * performance.seconds, 3)
        d["place_s"].append(place)
        measured = measure_pose(pose)
        for name in MEASURES:
            d[name].append(round(measured[name], 2))
        found = find_keypoints(performance.body, pose)
        points = np.stack([found[n] for n in POINTS])
        pixels, _ = self._camera.project(points)
        d["points_mm"].append([round(v) for v in (1000 * points).ravel().tolist()])
        d["pixels"].append([round(v, 1) for v in pixels.ravel().tolist()])

    def write(self, path: Path) -> None:
        """Write the document, one line per key."""
        lines = ",\n".join(
            f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}"
            for k, v in self.document.items()
        )
        path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
