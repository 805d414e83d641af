"""One motion seen by four trackers at once: each judged against each other, nothing to be found.

    python benchmarks/same_motion.py FOLDER

FOLDER holds KERAAL's recordings (``*.npz``): one person's three exercises, each recorded by
BlazePose, OpenPose, Kinect v2 and markers on the body at the same moment. Every system's recording
is the reference of every other system's, through `posecoach.analyze` alone. It is the same motion:
each deviation is the trackers' difference, and should lie within what is claimed.

Printed is, over all pairs and exercises, how often a measure was judged, the median and the
largest deviation, the root mean squares claimed and found, and the share within one and two
claimed standard errors (68 and 95 % if they were exact), and what would have been cued. Markers sit
on the skin of arms and thighs, not in the joints, and in one exercise a wrist of the Kinect is
wrong for a second and a half: both count like everything else.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from posecoach import Motion, Sequence, analyze
from posecoach.result import RepetitionResult

# Markers are named by the segment that begins where they sit.
MARKERS = {
    "Shoulder": "collar",
    "Arm": "shoulder",
    "Forearm": "elbow",
    "Hand": "wrist",
    "Thigh": "hip",
    "Tibia": "knee",
    "Foot": "ankle",
}
SYSTEMS = ("blazepose", "openpose", "kinect", "markers")


def load(path: Path) -> dict[str, Motion]:
    """Return one motion as each system saw it."""
    with np.load(path) as z:
        size, rate = z["picture_size"].astype(float), float(z["rate_hz"])
        blaze, open_pose = z["blazepose"][..., :2] * size, z["openpose"] * size
        kinect, marks = z["kinect_m"].astype(float), z["vicon_m"].astype(float)
        names = [name_joint(str(n)) for n in z["vicon_names"]]
        fast = float(z["vicon_rate_hz"])
    # z up: (x, y, z) to (y, z, x) keeps space right-handed and brings y up.
    marks = marks[..., [1, 2, 0]]
    return {
        "blazepose": Motion.from_points(
            blaze, np.arange(len(blaze)) / rate, "blazepose-33", mirrored=True
        ),
        "openpose": Motion.from_points(open_pose, np.arange(len(open_pose)) / rate, "openpose-18"),
        "kinect": Motion.from_points(kinect, np.arange(len(kinect)) / rate, "kinect-v2"),
        "markers": Motion.from_points(marks, np.arange(len(marks)) / fast, names),
    }


def name_joint(marker: str) -> str:
    """Return the joint nearest a marker."""
    for side in ("Left", "Right"):
        if marker.startswith(side) and marker[len(side) :] in MARKERS:
            return f"{side.lower()}_{MARKERS[marker[len(side) :]]}"
    return "nose" if marker == "Head" else marker


def show(rows: list[RepetitionResult], title: str) -> None:
    """Print the table of all measures."""
    print(f"\n{title}")
    print(
        f"{'':24} judged  median  largest  claimed   found   within 1 / 2 errors",
    )
    for measure in rows[0].measures:
        told = [r.measures[measure] for r in rows if measure in r.measures]
        read = [m for m in told if m.judged]
        if not read:
            print(f"{measure:24} {0:3}/{len(told)}   {told[0].reason}")
            continue
        off = np.abs([m.deviation for m in read])
        error = np.array([m.uncertainty for m in read])
        print(
            f"{measure:24} {len(read):3}/{len(told)} {np.median(off):8.2f} {off.max():8.2f} "
            f"{np.sqrt((error**2).mean()):8.2f} {np.sqrt((off**2).mean()):8.2f}   "
            f"{(off <= error).mean():5.0%} {(off <= 2 * error).mean():5.0%}"
        )


def main() -> int:
    """Judge every system's recording against every other's."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    paths = sorted(args.folder.glob("*.npz"))
    if not paths:
        print(f"Expected recordings (*.npz) in {args.folder} but found none.", file=sys.stderr)
        return 1
    pictures: list[RepetitionResult] = []
    others: list[RepetitionResult] = []
    cues: Counter[str] = Counter()
    tried = 0
    for path in paths:
        motions = load(path)
        for teacher in SYSTEMS:
            sequence = Sequence.from_takes([motions[teacher]])
            for student in SYSTEMS:
                if student == teacher:
                    continue
                tried += 1
                got = analyze(motions[student], sequence)
                if not got.repetitions:
                    print(f"{path.stem}: {student} against {teacher}: {got.message}")
                    continue
                same = {"blazepose", "openpose"} == {teacher, student}
                (pictures if same else others).append(got.repetitions[0])
                for c in got.cues:
                    cues[f"{c.measure} {c.direction} ({student} against {teacher})"] += 1
    print(f"{len(pictures) + len(others)} of {tried} pairs judged")
    show(pictures, "BlazePose and OpenPose: one and the same picture")
    show(others, "All other pairs: picture, Kinect, markers")
    print("\ncued, though it is the same motion:")
    for cue, times in cues.most_common():
        print(f"  {times}  {cue}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
