"""Swaps of left and right planted in what the model saw: how many frames keep wrong sides.

    python benchmarks/sides.py

Sudden ones, ones that come and go over 0.15 s, ones that are there from the first frame, and ones
in which the model takes the front for the back altogether: toes, heels and depth change, too. Wrong
frames that are told to be doubtful are not measured; the others are.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from posecoach.body import HIPS, MIRROR, SHOULDERS
from posecoach.capture.video import VideoFile
from posecoach.motion import Observation
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.posture.facing import HEELS, TOES
from posecoach.posture.sides import SideKeeper

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
CLIPS = ("bow-clean-emma", "heavens-clean-finn", "separating-clean-cleo")
LENGTHS_S = (0.03, 0.1, 0.2, 0.5, 1.0, 2.0)
RISE_S, RUNS = 0.15, 3
TRUNK = [*SHOULDERS, *HIPS]


def plant(o: Observation, share: float) -> Observation:
    """Return an observation whose sides are exchanged by a share, 0 to 1."""

    def mix(points: np.ndarray) -> np.ndarray:
        return (1 - share) * points + share * points[MIRROR]

    return replace(o, image=mix(o.image), world=mix(o.world))


def turn_round(o: Observation) -> Observation:
    """Return an observation as of a model that takes the front for the back."""
    image, world = o.image.copy(), o.world * np.array([1.0, 1.0, -1.0])
    image[[*HEELS, *TOES], 1] = image[[*TOES, *HEELS], 1]
    return plant(replace(o, image=image, world=world), 1.0)


def is_wrong(o: Observation, true: Observation) -> bool:
    """Return whether the trunk is nearer to the mirrored one than to the true one."""
    own, right = o.plane()[TRUNK], true.plane()
    apart = [np.linalg.norm(own - r[TRUNK], axis=1).mean() for r in (right, right[MIRROR])]
    return bool(apart[0] > apart[1])


def main() -> None:
    """Plant, repair, count and print."""
    seen: list[list[Observation]] = []
    for name in CLIPS:
        with (
            VideoFile(SAMPLES / f"{name}.mp4") as video,
            MediaPipeEstimator(ensure_model(progress=print)) as estimator,
        ):
            seen.append([estimator.estimate(frame) for frame in video])
    random = np.random.default_rng(0)
    for kind in ("none", "sudden", "blended", "first frame", "turned"):
        for length in LENGTHS_S if kind != "none" else (0.0,):
            before = after = unnoticed = doubtful = frames = 0
            for motion in seen:
                for _ in range(RUNS):
                    start = random.uniform(2, motion[-1].time_s - 4)
                    start, rise = (0.0 if kind == "first frame" else start), RISE_S
                    keeper = SideKeeper()
                    for o in motion:
                        inside = min(o.time_s - start, start + length - o.time_s)
                        share = float(inside >= 0)
                        if kind == "blended":
                            share = float(np.clip(1 + inside / rise, 0, 1))
                        share = share if kind != "none" else 0.0
                        bad = turn_round(o) if share and kind == "turned" else plant(o, share)
                        before += is_wrong(bad, o)
                        wrong = is_wrong(keeper.step(bad), o)
                        after += wrong
                        unnoticed += wrong and not keeper.doubtful
                        doubtful += keeper.doubtful
                        frames += 1
            print(
                f"{kind:12} {length:4.2f} s: planted {before:4}, left {after:4}, of them unnoticed "
                f"{unnoticed:4}; doubtful {doubtful:4} of {frames}",
                flush=True,
            )


if __name__ == "__main__":
    main()
