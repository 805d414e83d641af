"""Correct against incorrect movement in another tracker's recordings, from one reference.

    python benchmarks/other_trackers.py FOLDER [--references N]
    python benchmarks/other_trackers.py FOLDER --engine [--pairs N]

FOLDER holds UI-PRMD movements (``*.npz``: ``positions_m``, ``index``, ``joints``, ``rate_hz``,
``side``). For each movement one correct repetition of one person is the only reference, and every
repetition of the nine others is scored; nothing is trained. Printed is the area under the ROC
curve of incorrect against correct, the mean over all ten reference persons and N repetitions of
each as the reference.

carriage   the score: how the body is carried, amplitude taken out (`posecoach.measure.carriage`)
picture    the same from the picture plane alone, as a single camera without depth would have it
trunk      the largest of lean, shoulder tilt and pelvis tilt by its tolerance, amplitude left in
range      how much less the joint moves that moves most in the reference: separates too, and is
           no fault
angles     plain distance of joint angles and leans after time warping, range left in
shrunk     correct repetitions against themselves made a quarter smaller, scored by carriage: 0.5
           means that a smaller range counts for nothing

With ``--engine`` nothing but the public way is used: `Motion.from_points`, `Sequence.from_takes`,
`posecoach.analyze`, and of its document

strain     ``repetitions[0].carriage.strain``
cueable    the largest deviation of its measures ``carriage.*`` (each may be cued)
cued       whether anything was cued at all

What it finds no repetition in is counted as not judged and left out. It is slow: some of the
people as references, or N pairs of reference and repetition drawn at random, may do.

Squat, side lunge and shoulder abduction were looked at while the score was made; figures of
other movements are the ones to go by.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import rankdata

from posecoach import Motion, Sequence, analyze
from posecoach.body import JOINT_ANGLES
from posecoach.measure.carriage import (
    Carriage,
    compare_carriage,
    compute_strain,
    compute_turns,
    trace_directions,
    turn_by,
)
from posecoach.measure.judgement import FLOORS

# This skeleton names segments: the joint meant is where the segment begins.
NAMES = {
    "UpperArm": "shoulder",
    "Forearm": "elbow",
    "Hand": "wrist",
    "UpperLeg": "hip",
    "LowerLeg": "knee",
    "Foot": "ankle",
    "Toes": "foot_index",
}
SCORES = ("carriage", "picture", "trunk", "range", "angles", "shrunk")
SMALLER = 0.75


def name_joint(segment: str) -> str:
    """Return the joint where a segment begins."""
    side = {"L": "left", "R": "right"}.get(segment[0])
    if side and segment[1:] in NAMES:
        return f"{side}_{NAMES[segment[1:]]}"
    return "nose" if segment == "HeadTip" else segment


def load(path: Path) -> tuple[list[Motion], np.ndarray, np.ndarray]:
    """Return repetitions, subjects and whether they are correct; left limbs mirrored to right."""
    with np.load(path) as z:
        joints = [name_joint(str(j)) for j in z["joints"]]
        rate, positions = float(z["rate_hz"]), z["positions_m"].astype(float)
        index, sides = z["index"], z["side"]
    motions = []
    for (_, _, _, _, start, length), side in zip(index, sides, strict=True):
        points = positions[start : start + length]
        motion = Motion.from_points(points, np.arange(length) / rate, joints)
        motions.append(motion.mirrored() if str(side) == "left" else motion)
    return motions, index[:, 1], index[:, 3] == 1


def trace_angles(directions: np.ndarray) -> np.ndarray:
    """Return angles at shoulders, elbows, hips, knees in space and two leans, (n, 10) degrees."""
    trunk, la, lf, ra, rf, lt, ls, rt, rs = (
        directions[:, i] for i in (0, 4, 5, 6, 7, 8, 9, 10, 11)
    )
    pairs = [(trunk, la), (la, lf), (trunk, ra), (ra, rf)]
    pairs += [(trunk, lt), (lt, ls), (trunk, rt), (rt, rs)]
    assert len(pairs) == len(JOINT_ANGLES)
    cosines = [np.clip((a * b).sum(axis=1), -1, 1) for a, b in pairs]
    leans = [np.arctan2(trunk[:, k], -trunk[:, 1]) for k in (0, 2)]
    return np.degrees(np.stack([np.arccos(c) for c in cosines] + leans, axis=1))


def warp(own: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the reference warped onto a repetition, both (n, k): plain dynamic time warping."""
    cost = ((own[:, None] - reference[None]) ** 2).sum(axis=2)
    n, m = cost.shape
    best = np.full(m, np.inf)
    best[0] = cost[0, 0]
    came = np.zeros((n, m), dtype=int)
    for i in range(1, n):
        options = np.full((4, m), np.inf)
        for step in range(4):
            options[step, step:] = best[: m - step]
        came[i] = options.argmin(axis=0)
        best = options[came[i], np.arange(m)] + cost[i]
    path = [m - 1]
    for i in range(n - 1, 0, -1):
        path.append(path[-1] - came[i, path[-1]])
    return reference[path[::-1]]


def shrink(directions: np.ndarray, by: float) -> np.ndarray:
    """Return a repetition with every part's turn from its start made smaller."""
    rest = directions[:5].mean(axis=0)
    rest /= np.linalg.norm(rest, axis=1, keepdims=True)
    return turn_by(rest, by * compute_turns(rest, directions))


def find_trunk_excess(own: np.ndarray, reference: np.ndarray, carriage: Carriage) -> float:
    """Return the largest deviation held of lean and tilts by tolerance, start postures apart."""
    at = np.round(carriage.path * (len(reference) - 1)).astype(int)
    worst = 0.0
    for part, across, measure in (
        (0, False, "lateral_lean"),
        (2, True, "shoulder_tilt"),
        (3, True, "pelvis_tilt"),
    ):
        lines = [own[:, part], reference[at][:, part]]
        slopes = [
            np.degrees(np.arctan2(v[:, 1], v[:, 0]) if across else np.arctan2(v[:, 0], -v[:, 1]))
            for v in lines
        ]
        off = (slopes[0] - slopes[0][:5].mean()) - (slopes[1] - slopes[1][:5].mean())
        worst = max(worst, float(np.quantile(np.abs(off), 0.9)) / FLOORS[measure])
    return worst


def compute_auroc(incorrect: np.ndarray, correct: np.ndarray) -> float:
    """Return the area under the ROC curve; ties count half."""
    ranks = rankdata(np.concatenate([incorrect, correct]))
    n = len(incorrect)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * len(correct)))


def score(path: Path, references: int) -> dict[str, Any]:
    """Return each score's AUROC with every reference."""
    motions, subjects, correct = load(path)
    space = [trace_directions(m) for m in motions]
    flat = [trace_directions(m, flat=True) for m in motions]
    small = [shrink(d, SMALLER) if c else None for d, c in zip(space, correct, strict=True)]
    angles = [trace_angles(d) for d in space]
    out: dict[str, Any] = {name: [] for name in SCORES} | {"path": path, "unjudged": 0}
    rng = np.random.default_rng(0)
    for person in np.unique(subjects):
        own = np.flatnonzero((subjects == person) & correct)
        for ref in rng.permutation(own)[:references]:
            table = []
            for i in np.flatnonzero(subjects != person):
                c = compare_carriage(space[i], space[ref])
                picture = compare_carriage(flat[i], flat[ref])
                if c is None or picture is None:
                    out["unjudged"] += 1
                    continue
                apart = angles[i] - warp(angles[i], angles[ref])
                widest = int(np.ptp(angles[ref], axis=0).argmax())
                s = small[i]
                shrunk = None if s is None else compare_carriage(s, space[ref])
                table.append(
                    (
                        correct[i],
                        compute_strain(c.relative),
                        compute_strain(picture.relative),
                        find_trunk_excess(space[i], space[ref], c),
                        -np.ptp(angles[i][:, widest]),
                        np.sqrt((apart**2).mean()),
                        np.nan if shrunk is None else compute_strain(shrunk.relative),
                    )
                )
            values = np.array(table)
            good = values[:, 0] == 1
            for k, name in enumerate(SCORES[:-1], 1):
                out[name].append(compute_auroc(values[~good, k], values[good, k]))
            out["shrunk"].append(compute_auroc(values[good, 6], values[good, 1]))
    return out


PUBLIC = ("strain", "cueable", "cued")


def score_by_engine(path: Path, pairs: int) -> dict[str, Any]:
    """Return what the engine's own document separates, a list over the reference persons."""
    motions, subjects, correct = load(path)
    rng = np.random.default_rng(0)
    people = np.unique(subjects)
    references = {p: rng.choice(np.flatnonzero((subjects == p) & correct)) for p in people}
    drawn = [(p, i) for p in people for i in np.flatnonzero(subjects != p)]
    drawn = [drawn[k] for k in rng.permutation(len(drawn))[: pairs or None]]
    sequences = {p: Sequence.from_takes([motions[r]]) for p, r in references.items()}
    found: dict[int, list[tuple[float, ...]]] = {p: [] for p in people}
    unjudged = 0
    for person, i in drawn:
        got = analyze(motions[i], sequences[person])
        told = got.repetitions[0].carriage if got.repetitions else None
        if told is None:
            unjudged += 1
            continue
        parts = [m for k, m in got.repetitions[0].measures.items() if k.startswith("carriage")]
        worst = max(m.deviation for m in parts if m.deviation is not None)
        found[person].append((correct[i], told.strain, worst, bool(got.cues)))
    out: dict[str, Any] = {name: [] for name in PUBLIC}
    for rows in found.values():
        values = np.array(rows)
        good = values[:, 0] == 1
        for k, name in enumerate(PUBLIC, 1):
            out[name].append(compute_auroc(values[~good, k], values[good, k]))
    everything = np.concatenate([np.array(rows) for rows in found.values()])
    rates = [float(everything[everything[:, 0] == c, 3].mean()) for c in (1, 0)]
    return out | {"path": path, "unjudged": unjudged, "tried": len(drawn), "rates": rates}


def show_engine(paths: list[Path], pairs: int) -> None:
    """Print what the engine's own document separates."""
    wide = max(len(p.stem) for p in paths)
    print(" " * wide, *(f"{name:>9}" for name in PUBLIC), "   cued of correct / incorrect")
    rows = []
    with ProcessPoolExecutor() as pool:
        for r in pool.map(score_by_engine, paths, [pairs] * len(paths)):
            rows.append([float(np.mean(r[name])) for name in PUBLIC])
            print(
                f"{r['path'].stem:<{wide}}",
                *(f"{m:9.3f}" for m in rows[-1]),
                f"   {r['rates'][0]:.0%} / {r['rates'][1]:.0%}, "
                f"not judged {r['unjudged']} of {r['tried']}",
                flush=True,
            )
    print(f"{'mean':<{wide}}", *(f"{m:9.3f}" for m in np.mean(rows, axis=0)))


def main() -> int:
    """Score every movement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--references", type=int, default=2, help="repetitions a person")
    parser.add_argument("--engine", action="store_true", help="through posecoach.analyze alone")
    parser.add_argument(
        "--pairs", type=int, default=0, help="of --engine, drawn at random; 0 judges all 1800"
    )
    args = parser.parse_args()
    paths = sorted(args.folder.glob("*.npz"))
    if not paths:
        print(f"Expected movements (*.npz) in {args.folder} but found none.", file=sys.stderr)
        return 1
    if args.engine:
        show_engine(paths, args.pairs)
        return 0
    wide = max(len(p.stem) for p in paths)
    print(" " * wide, *(f"{name:>9}" for name in SCORES), "    worst reference")
    rows = []
    with ProcessPoolExecutor() as pool:
        for r in pool.map(score, paths, [args.references] * len(paths)):
            means = [float(np.mean(r[name])) for name in SCORES]
            rows.append(means)
            note = f"   {r['unjudged']} not judged" if r["unjudged"] else ""
            print(
                f"{r['path'].stem:<{wide}}",
                *(f"{m:9.3f}" for m in means),
                f"{min(r['carriage']):12.3f}{note}",
                flush=True,
            )
    print(f"{'mean':<{wide}}", *(f"{m:9.3f}" for m in np.mean(rows, axis=0)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
