"""Several people in the picture: frames in which somebody else is taken for the practitioner.

    python benchmarks/crowds.py [SCENE ...]

Scenes of ``samples/people/crowds.py`` are drawn at 15 frames a second and shown to the bare model
and to `posecoach.pose.person.PersonEstimator`; what is left is then seen by the session's own
`posecoach.person.PersonKeeper`. The cost of both estimators is processor time on the same frames:
these machines are noisy.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "samples"))

from people.crowds import SCENES, make_scene
from posecoach.body import HIPS, SHOULDERS
from posecoach.capture.base import Frame
from posecoach.motion import Observation
from posecoach.person import PersonKeeper
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator, PoseEstimator
from posecoach.pose.person import PersonEstimator

Array = NDArray[np.float64]

FPS = 15
CHOSEN = ("alone", "beside", "through-front", "stops-in-front", "same-clothes")
_NEAR = 0.6  # trunk lengths within which a skeleton is somebody's


def find_whose(seen: Observation, people: list[Array | None]) -> int | None:
    """Return whose trunk it is, 0 = the practitioner; -1 nobody's; None if none was reported."""
    if not seen.found:
        return None
    points = seen.image[[*SHOULDERS, *HIPS], :2] * [seen.width, seen.height]
    off = []
    for p in people:
        if p is None:
            off.append(np.inf)
            continue
        size = np.linalg.norm(p[:2].mean(axis=0) - p[2:].mean(axis=0))
        off.append(float(np.linalg.norm(points - p, axis=1).mean() / size))
    best = int(np.argmin(off))
    return best if off[best] < _NEAR else -1


@dataclass
class Tally:
    """What one way of looking made of a scene."""

    estimator: PoseEstimator
    keeper: PersonKeeper = field(default_factory=PersonKeeper)
    wrong: int = 0
    judged_wrong: int = 0
    missing: int = 0
    cpu_s: float = 0.0

    def step(self, frame: Frame, people: list[Array | None]) -> None:
        """Look at one frame and count."""
        start = time.process_time()
        seen = self.estimator.estimate(frame)
        self.cpu_s += time.process_time() - start
        whose = find_whose(seen, people)
        kept = self.keeper.step(seen) is None
        there = people[0] is not None
        self.wrong += whose is not None and whose > 0
        self.judged_wrong += whose is not None and whose > 0 and kept
        self.missing += there and whose is None


def main() -> None:
    """Draw, look, count and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenes", nargs="*", default=CHOSEN, metavar="SCENE")
    parser.add_argument("--model", default="full", choices=["lite", "full", "heavy"])
    options = parser.parse_args()
    model = ensure_model(options.model, print)
    for name in options.scenes:
        if name not in SCENES:
            parser.error(f"expected one of {', '.join(SCENES)}, got {name}")
        scene, seconds = make_scene(name)
        bare, kept = Tally(MediaPipeEstimator(model)), Tally(PersonEstimator(model))
        frames = int(seconds * FPS)
        for k in range(frames):
            frame = Frame(scene.draw(k / FPS), k / FPS, k)
            for tally in (bare, kept):
                tally.step(frame, scene.trunks(k / FPS))
        for tally in (bare, kept):
            tally.estimator.close()
        print(
            f"{name}: {frames} frames; wrong person {bare.wrong} -> {kept.wrong}, judged "
            f"{bare.judged_wrong} -> {kept.judged_wrong}, nobody {bare.missing} -> {kept.missing}; "
            f"time {1000 * bare.cpu_s / frames:.1f} -> {1000 * kept.cpu_s / frames:.1f} ms "
            f"({kept.cpu_s / bare.cpu_s:.2f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
