"""Each sample practised through the real window: what the coach said, against what was planted.

    python benchmarks/in_the_window.py [CLIP ...]

The video stands in for the camera, every picture of it goes to the real model and is drawn by the
real window (in memory where there is no screen). A clean sample must end without a cue; a faulty
one with a cue for what was planted, its side, and words for that side, and the summary must say
the same. Status 1 if one does not.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer

from posecoach.app.kit.qt import discard, make_application
from posecoach.app.practice.window import PracticeWindow
from posecoach.capture.video import VideoFile
from posecoach.coach.words import cue_text
from posecoach.pose.bundle import ensure_model
from posecoach.pose.person import PersonEstimator
from posecoach.reference.library import open_form

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FORMS = {
    "heavens": "two-hands-hold-up-the-heavens",
    "bow": "drawing-the-bow",
    "separating": "separating-heaven-and-earth",
}
LIMIT_S = 900.0


def practise(clip: str, language: str) -> PracticeWindow:
    """Return the window after a sample was played to its end."""
    sequence = open_form(FORMS[clip.split("-")[0]])
    with PersonEstimator(ensure_model()) as estimator:
        window = PracticeWindow(sequence, VideoFile(SAMPLES / f"{clip}.mp4"), estimator, language)
        window.resize(640, 480)
        window.show()
        end = time.monotonic() + LIMIT_S
        while window.pages.currentWidget() is not window.summary:
            if window.trouble is not None:
                raise window.trouble
            if time.monotonic() > end:
                raise TimeoutError(f"{clip} did not end")
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()
    return window


def judge(clip: str, window: PracticeWindow, language: str) -> list[str]:
    """Return what is wrong with what was said, in lines."""
    truth: dict[str, Any] = json.loads((SAMPLES / f"{clip}.json").read_text(encoding="utf-8"))
    planted = {(f["measure"], f["direction"]) for f in truth["faults"]}
    analysis = window.analysis
    if analysis is None:
        return ["nothing was watched"]
    said = {(c.measure, c.direction) for c in analysis.cues}
    wrong = [f"not said: {' '.join(p)}" for p in sorted(planted - said)]
    wrong += [f"said without reason: {' '.join(p)}" for p in sorted(said - planted)]
    told = window.summary.accessibleDescription()
    for c in analysis.cues:
        known = set()
        for variant in range(8):
            known.add(
                cue_text(
                    c.measure,
                    c.direction,
                    language,
                    own=window.sequence.cues_in(c.phase),
                    variant=variant,
                )
            )
        if c.text not in known:
            wrong.append(f"words of something else: {c.text!r}")
    for measure, direction in sorted(said):
        own = window.sequence.cues
        if cue_text(measure, direction, language, own=own) not in told:
            wrong.append(f"not in the summary: {measure} {direction}")
    if len(analysis.repetitions) != len(truth["repetitions"]):
        wrong.append(f"{len(analysis.repetitions)} of {len(truth['repetitions'])} repetitions")
    return wrong


def main() -> int:
    """Practise the named samples, or all that are no teacher's."""
    parser = argparse.ArgumentParser(description="Practise the samples through the real window.")
    parser.add_argument("clips", nargs="*", metavar="CLIP")
    parser.add_argument("--language", default="en", choices=("en", "de"))
    given = parser.parse_args()
    every = sorted(p.stem for p in SAMPLES.glob("*.mp4") if not p.stem.endswith("-teacher"))
    make_application()
    failed = 0
    for clip in given.clips or every:
        window = practise(clip, given.language)
        wrong = judge(clip, window, given.language)
        failed += bool(wrong)
        cues = window.analysis.cues if window.analysis else []
        said = "; ".join(f"{c.time_s:.1f} s {c.text!r}" for c in cues) or "no cue"
        print(f"{'wrong' if wrong else 'well':5s}  {clip:28s} {said}", flush=True)
        for line in wrong:
            print(f"       {line}")
        discard(window)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
