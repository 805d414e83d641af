"""Cues that nobody deserves: all that is clean in the other benchmarks, and how long it lasts.

    python benchmarks/false_cues.py [--seeds S ...] [--jobs N]

The teachers' own takes; other people's clean clips of all forms; clean scenes of `following.py`
(plain, at 15 frames a second, seven times through, and with pauses, at half and double tempo, in
which cues on tempo are right); and the clips of `accuracy.py` with nothing planted and both arms
alike. What the model saw is taken from the user's cache; what is not there is drawn, which is slow.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence as Many
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from accuracy_truth import is_clean
from drawn_people import draw_wide_spec, load_clips
from following import run as follow
from following_clips import name_people
from library import NUMBERS, play_back
from library import run as watch_other

from posecoach.analysis import analyze
from posecoach.reference.library import open_form

SCENES = ("plain", "15 fps", "seven", "half", "double", "pauses")
PEOPLE, PEOPLE_SEED = 9, 7100
_DRAWN = {"11": (8, 30), "12": (8, 30), "2": (30, 15), "3": (6, 20)}
"""Clips and frames a second of the seeds of `accuracy.py` that are looked at."""

Found = tuple[str, str, float, list[str]]
"""Where from, which clip, its minutes, and what was said."""


def play_own(form: str) -> list[Found]:
    """Return what is said of the teacher's own takes."""
    return [
        ("own takes", f"{form} {o.what}", o.minutes, [" ".join(c) for c in o.cues])
        for o in play_back(form)
    ]


def watch_library(form: str, draw: int) -> list[Found]:
    """Return what is said of somebody else who goes through a form cleanly."""
    o = watch_other(form, NUMBERS.index(form), False, draw)
    return [("other people, all forms", form, o.minutes, [" ".join(c) for c in o.cues])]


def watch_scene(scene: str, name: str) -> list[Found]:
    """Return what is said of a scene of the benchmark of following."""
    o = follow(scene, name)
    return [(f"scenes: {scene}", name, o.minutes, o.false_cues)]


def watch_drawn(spec: dict[str, Any]) -> list[Found]:
    """Return what is said of a drawn person with nothing planted."""
    clip = load_clips(spec)["full"]
    result = analyze(clip.motion, open_form(spec["form"]))
    said = [f"{c.measure} {c.direction} {c.time_s:.1f}" for c in result.cues]
    return [("drawn people", str(spec["seed"]), result.video.duration_s / 60, said)]


def report(found: Many[Found]) -> str:
    """Return cues and minutes by where they come from, and all together."""
    lines = []
    groups = list(dict.fromkeys(f[0] for f in found))
    for group in (*groups, None):
        mine = [f for f in found if group in (f[0], None)]
        minutes, cues = sum(f[2] for f in mine), sum(len(f[3]) for f in mine)
        lines.append(
            f"{group or 'all':26} {len(mine):4} clips {minutes:6.1f} minutes {cues:3} cues, "
            f"{cues / minutes:.3f} a minute"
        )
    lines += [f"  {group}, {name}: {', '.join(said)}" for group, name, _, said in found if said]
    return "\n".join(lines)


def main() -> None:
    """Look at everything and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", nargs="*", default=list(_DRAWN), choices=list(_DRAWN))
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    specs = [
        draw_wide_spec(1000 * int(s) + k) | {"fps": _DRAWN[s][1]}
        for s in options.seeds
        for k in range(_DRAWN[s][0])
    ]
    people = name_people(PEOPLE, PEOPLE_SEED)
    tasks: list[tuple[Any, tuple[Any, ...]]] = [
        *((play_own, (form,)) for form in NUMBERS),
        *((watch_library, (form, 0)) for form in NUMBERS),
        *((watch_drawn, (spec,)) for spec in specs if is_clean(spec)),
        *((watch_scene, (scene, name)) for scene in SCENES for name in people),
    ]
    found: list[Found] = []
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        for job in [pool.submit(run, *what) for run, what in tasks]:
            found += job.result()
            print(".", end="", flush=True)
    print("\n" + report(found))


if __name__ == "__main__":
    main()
