"""What drawing costs: one frame with everything on it, at three sizes.

    python benchmarks/draw.py [FRAMES]

The machines this runs on are noisy: the same frame is flipped by OpenCV in turn, and the ratio of
the medians is what counts.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import cv2
import numpy as np

from posecoach.coach.session import Session
from posecoach.coach.state import Cue, State, Status
from posecoach.coach.words import cue_text
from posecoach.overlay import Renderer
from posecoach.reference.library import open_form
from posecoach.reference.sequence import Sequence

FORM = "two-hands-hold-up-the-heavens"
SIZES = ((640, 480), (1280, 720), (1920, 1080))


def make_states(sequence: Sequence) -> list[State]:
    """Return the form as its teacher does it, held against a ghost, with a cue on show."""
    session = Session(sequence, "de", coaching=False)
    text = cue_text("arm_height_difference", "left", "de", variant=1)
    cue = Cue(0.0, "arm_height_difference", None, "left", 15.0, 10.0, 2.0, text)
    states = [session.step(o) for o in sequence.takes[0].motion]
    moving = [s for s in states if s.status == Status.MOVING and s.ghost is not None]
    assert moving, "the form was not followed"
    return [replace(s, cue=cue, match=0.2, repetition=5) for s in moving]


def main() -> None:
    """Time and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    sequence = open_form(FORM)
    states = make_states(sequence)
    random = np.random.default_rng(0)
    print("size        median ms   95 % ms   of cv2.flip   first ms")
    for width, height in SIZES:
        picture = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        renderer = Renderer(sequence, "de")
        drawn, flipped = [], []
        for k in range(count):
            a = time.perf_counter()
            renderer.draw(picture, states[k % len(states)])
            b = time.perf_counter()
            cv2.flip(picture, 1)
            c = time.perf_counter()
            drawn.append(1e3 * (b - a))
            flipped.append(1e3 * (c - b))
        median, late = np.median(drawn[1:]), np.percentile(drawn[1:], 95)
        ratio = median / np.median(flipped[1:])
        print(f"{width:4} x {height:4} {median:10.2f} {late:9.2f} {ratio:13.1f} {drawn[0]:10.1f}")


if __name__ == "__main__":
    main()
