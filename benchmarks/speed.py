"""The whole of ``posecoach analyze`` against the bare pose model, and the engine by itself.

    python benchmarks/speed.py [VIDEO]

The machines this runs on are noisy: both are timed in turn, three times, and the ratio of the
fastest runs is what counts.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from posecoach.analysis import Analyzer
from posecoach.capture.video import VideoFile
from posecoach.coach.session import Session
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.pose.run import observe
from posecoach.reference.library import open_form

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "heavens-left-late-ben.mp4"
FORM = "two-hands-hold-up-the-heavens"


def main() -> None:
    """Time and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    model = ensure_model(progress=print)
    with VideoFile(path) as video:
        frames = list(video)
    bare, whole, seen = [], [], []
    for _ in range(3):
        with MediaPipeEstimator(model) as estimator:
            start = time.perf_counter()
            seen = [estimator.estimate(f) for f in frames]
            bare.append(time.perf_counter() - start)
        with VideoFile(path) as video, MediaPipeEstimator(model) as estimator:
            start = time.perf_counter()
            analyzer = Analyzer(open_form(FORM))
            for _, observation in observe(video, estimator):
                analyzer.step(observation)
            analyzer.finish()
            whole.append(time.perf_counter() - start)
    n = len(frames)
    print(f"{path.name}: {n} frames, {frames[0].image.shape[1]}x{frames[0].image.shape[0]}")
    print(f"bare model, frames in memory: {1000 * min(bare) / n:.1f} ms a frame")
    print(f"analyze, decoding and all:    {1000 * min(whole) / n:.1f} ms a frame")
    print(f"ratio: {min(whole) / min(bare):.2f}")
    session = Session(open_form(FORM))
    steps = []
    for observation in seen:
        start = time.perf_counter()
        session.step(observation)
        steps.append(1000 * (time.perf_counter() - start))
    a = np.array(steps)
    print(
        f"engine: median {np.median(a):.2f}, mean {a.mean():.2f}, 95 % {np.quantile(a, 0.95):.2f}, "
        f"longest (end of a repetition) {a.max():.0f} ms a frame"
    )


if __name__ == "__main__":
    main()
