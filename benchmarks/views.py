"""What is judged from where: people filmed from the side, obliquely, from behind, and turning.

    python benchmarks/views.py

Forward lean is judged against a teacher filmed from the side, the rest against the shipped forms.
Drawn as in `drawn_people.py`, whose cache holds what the model saw: only the first run is slow.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence as Many
from dataclasses import replace
from typing import Any

import numpy as np
from accuracy_truth import compare
from drawn_people import Clip, load_clips
from numpy.typing import NDArray

from posecoach.analysis import analyze
from posecoach.coach.session import Session
from posecoach.reference.library import open_form
from posecoach.reference.sequence import Sequence

Array = NDArray[np.float64]

FORM, BOW = "two-hands-hold-up-the-heavens", "drawing-the-bow"
# Turned by so many degrees, bent forward by so many, and who.
SIDE: tuple[tuple[int, int, float, str], ...] = (
    (9018, 90, 0, "ada"),
    (9019, -90, 12, "ada"),
    (9020, 90, 15, "dirk"),
    (9021, -90, -8, "cleo"),
    (9022, 75, 10, "finn"),
    (9023, -75, 20, "emma"),
    (9024, 90, 6, "ben"),
    (9025, 105, 10, "ben"),
    (9026, 90, 25, "cleo"),
)
# Drawn when all was set.
NEW = (
    (9101, 90, 14, "emma"),
    (9102, -90, 10, "finn"),
    (9103, 85, 0, "dirk"),
    (9104, -95, -9, "ben"),
)
PLAIN = (
    (9010, 30, "cleo"),
    (9011, -45, "finn"),
    (9012, 45, "emma"),
    (9013, 60, "dirk"),
    (9014, 90, "cleo"),
    (9015, -90, "finn"),
    (9016, 135, "emma"),
    (9017, 180, "dirk"),
)
ROUND = ((0, 0), (4, 0), (6, 45), (9, 45), (11, 90), (14, 90), (16, 135), (18, 135), (20, 180))
TO_AND_FRO = ((0, 0), (4, 0), (4.8, -180), (10, -180), (11, -360), (14, -360), (16, -450))
TURNING = (
    (9001, "emma", FORM, (*ROUND, (25, 180), (26.0, 360), (60, 360))),
    (9002, "finn", BOW, (*TO_AND_FRO, (22, -450), (23, -360), (60, -360))),
)


def describe(seed: int, body: str, turn: Any, form: str = FORM, **more: Any) -> dict[str, Any]:
    """Return a clip's description; ``turn`` in degrees, or by seconds."""
    camera = {"hfov_deg": 62.0, "height_m": 1.0, "fill": 0.8, "side_m": 0.0, "roll_deg": 0.0}
    return {
        "seed": seed,
        "kind": "none",
        "form": form,
        "body": body,
        "size": (640, 480),
        "fps": 15,
        "repetitions": 1,
        "tempo": 1.0,
        "amplitude": 1.0,
        "sides": [1.0, 1.0],
        "faults": {},
        "light": 0.9,
        "room": seed,
        "look": {
            "top": [40 + 17 * (seed % 9), 90, 150],
            "trousers": [60, 60, 70],
            "skin": [150, 175, 215],
            "sleeve": 1.2,
            "loose_m": 0.02,
        },
        "turn": turn if isinstance(turn, tuple) else [(0, turn), (1, turn)],
    } | more | {"camera": camera | more.get("camera", {})}  # fmt: skip


def describe_side(seed: int, turn: int, lean: float, body: str) -> dict[str, Any]:
    """Return the description of somebody filmed from the side."""
    k = seed - 9101
    if k >= 0:
        camera = {"hfov_deg": 60.0 + k, "height_m": 0.8 + 0.1 * k, "fill": 0.78,
                  "roll_deg": (1.0, -3.0, 2.0, 0.0)[k]}  # fmt: skip
        faults = {"forward_lean": float(lean)} if lean else {}
        tempo = (1.1, 0.92, 1.0, 0.9)[k]
    else:
        camera = {"height_m": 0.7 + 0.1 * (seed % 6), "roll_deg": (0.0, 3.0, -2.0)[seed % 3]}
        faults, tempo = {"forward_lean": float(lean)}, 1.0
    kind = "forward" if lean else "none"
    return describe(seed, body, turn, faults=faults, kind=kind, tempo=tempo, camera=camera)


def load(spec: dict[str, Any]) -> Clip:
    """Return what the full model saw, from the cache or drawn."""
    return load_clips(spec)["full"]


def film_teacher() -> tuple[Sequence, Array, Array]:
    """Return a form filmed from the side, and its true forward lean by place."""
    clip = load(describe(9050, "ada", 90, repetitions=2))
    t, place = clip.truth["t"], clip.truth["place"]
    inside = np.flatnonzero(np.isfinite(place))
    first = inside[: int(np.flatnonzero(np.diff(inside) > 1)[0]) + 1]
    take = clip.motion.cut(max(0.0, t[first[0]] - 1.5), t[first[-1]] + 0.3)
    sequence = replace(Sequence.from_takes([take], id="from-the-side"), view="side")
    return sequence, place[first], clip.truth["forward_lean"][first]


def report_side(name: str, people: Many[tuple[int, int, float, str]]) -> None:
    """Print how far the forward lean is off."""
    sequence, places, leans = film_teacher()
    errors, claimed, cued, clips = [], [], [], 0
    for person in people:
        clip = load(describe_side(*person))
        clips += 1
        place = clip.truth["place"]
        inside = np.isfinite(place)
        expected = np.interp(place[inside], places, leans)
        true = float(np.median(clip.truth["forward_lean"][inside] - expected))
        got = analyze(clip.motion, sequence)
        cued.append((round(true, 1), [(c.measure, c.direction) for c in got.cues]))
        for r in got.repetitions:
            m = r.measures["forward_lean"]
            if m.judged and m.deviation is not None and m.uncertainty is not None:
                errors.append(m.deviation - true)
                claimed.append(m.uncertainty)
    e, s = np.array(errors), np.array(claimed)
    rms = float(np.sqrt((e**2).mean()))
    print(
        f"forward lean, {name}: {len(e)} of {clips} judged, bias {e.mean():.2f}, found {rms:.2f}, "
        f"worst {np.abs(e).max():.1f}, claimed {s.mean():.2f} deg, "
        f"within {100 * (np.abs(e) <= s).mean():.0f} %"
    )
    for true, cues in cued:
        print(f"  true {true:5.1f}: {cues}")


def report_turned() -> None:
    """Print errors and what is not judged, by how far people are turned."""
    for seed, turn, body in PLAIN:
        r = compare(load(describe(seed, body, turn)), "full")
        rows = [
            f"{row['measure']} {row['error']:.2f} ({row['claimed']:.2f})"
            for row in r["rows"]
            if row["error"] is not None
        ]
        lost = [f"{row['measure']}: {row['reason']}" for row in r["rows"] if row["error"] is None]
        print(f"turned {turn}: {r['view']}, {r['repetitions']} repetitions, cues {r['cues']}")
        print(f"  error (claimed): {'; '.join(rows)}\n  not judged: {'; '.join(lost)}")


def report_turning() -> None:
    """Print which views somebody who turns is given, and every cue."""
    for seed, body, form, turn in TURNING:
        clip = load(describe(seed, body, turn, form, repetitions=3))
        session = Session(open_form(form))
        views = []
        for o in clip.motion:
            before = dict(session.views)
            session.step(o)
            views += [v for v, n in session.views.items() if n != before.get(v, 0)]
        session.finish()
        order = [v for v, _ in itertools.groupby(views)]
        print(f"turning {body}: {order}, cues {[(c.measure, c.direction) for c in session.cues]}")


def main() -> None:
    """Draw, watch, judge and print."""
    report_side("people its error was set on", SIDE)
    report_side("people drawn afterwards", NEW)
    report_turned()
    report_turning()


if __name__ == "__main__":
    main()
