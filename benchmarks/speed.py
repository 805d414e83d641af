"""The whole of ``posecoach analyze`` against the bare pose model, and the engine by itself.

    python benchmarks/speed.py [VIDEO]

The machines this runs on are noisy: both are timed in turn, three times, and the ratio of the
fastest runs is what counts. ``analyze`` looks for other people as well, as it does for users.
With other programs running only the processors' time means something.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from posecoach.analysis import Analyzer
from posecoach.capture.video import VideoFile
from posecoach.coach.session import Session
from posecoach.motion import Observation
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.pose.person import PersonEstimator
from posecoach.pose.run import observe
from posecoach.reference.library import open_form

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "heavens-left-late-ben.mp4"
FORM = "two-hands-hold-up-the-heavens"
NAMES = ("by the clock", "of the processors")


def read_clocks() -> tuple[float, float]:
    """Return seconds by the clock, and of both processors together."""
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> tuple[float, float]:
    """Return both since they were read."""
    return time.perf_counter() - start[0], time.process_time() - start[1]


def main() -> None:
    """Time and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    model = ensure_model(progress=print)
    with VideoFile(path) as video:
        frames = list(video)
    bare: list[tuple[float, float]] = []
    whole: list[tuple[float, float]] = []
    seen: list[Observation] = []
    for _ in range(3):
        with MediaPipeEstimator(model) as estimator:
            start = read_clocks()
            seen = [estimator.estimate(f) for f in frames]
            bare.append(since(start))
        with VideoFile(path) as video, PersonEstimator(model) as estimator:
            start = read_clocks()
            analyzer = Analyzer(open_form(FORM))
            for _, observation in observe(video, estimator):
                analyzer.step(observation)
            analyzer.finish()
            whole.append(since(start))
    n = len(frames)
    print(f"{path.name}: {n} frames, {frames[0].image.shape[1]}x{frames[0].image.shape[0]}")
    for k, name in enumerate(NAMES):
        least, most = min(b[k] for b in bare), min(w[k] for w in whole)
        print(
            f"{name}: bare model, frames in memory {1000 * least / n:.1f} ms a frame, analyze, "
            f"decoding and all {1000 * most / n:.1f}; ratio {most / least:.2f}"
        )
    session = Session(open_form(FORM))
    steps = []
    for observation in seen:
        start = read_clocks()
        session.step(observation)
        steps.append(since(start))
    for a, name in zip(1000 * np.array(steps).T, NAMES, strict=True):
        print(
            f"engine, {name}: median {np.median(a):.2f}, mean {a.mean():.2f}, 95 % "
            f"{np.quantile(a, 0.95):.2f}, longest (after a repetition) {a.max():.0f} ms a frame"
        )


if __name__ == "__main__":
    main()
