"""The library of forms: the teacher's own takes, other people's clean ones, and planted faults.

    python benchmarks/library.py [FORM ...] [--own] [--seed S] [--jobs N]

For each form in `reference_sequences`: (a) each of the teacher's takes played back, which needs no
model; (b) a clean performance by another body before another camera, at another tempo, through the
real model; (c) for some of the forms one planted fault. What the model saw is kept in the user's
cache, so that only the first run is slow (`--own` does (a) alone).
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "samples"), str(ROOT / "benchmarks")]

from drawn_people import watch  # noqa: E402
from following_clips import SAMPLE_CLIPS, find_place, load_clip  # noqa: E402

from people.truth import list_faults  # noqa: E402
from posecoach.analysis import analyze  # noqa: E402
from posecoach.capture.replay import load_motion, save_motion  # noqa: E402
from posecoach.motion import Motion  # noqa: E402
from posecoach.reference.files import load_sequence  # noqa: E402
from posecoach.reference.library import find_forms, get_shipped_folder  # noqa: E402
from posecoach.result import Analysis  # noqa: E402

Array = NDArray[np.float64]

# Forms of which a clean clip by somebody else lies among the samples.
CLEAN_SAMPLES = {
    "two-hands-hold-up-the-heavens": "heavens-clean-finn",
    "drawing-the-bow": "bow-clean-emma",
    "separating-heaven-and-earth": "separating-clean-cleo",
}
TWICE = ("opening", "raising-the-heels", "seated-two-hands-hold-up-the-heavens")  # the shorter ones
FAULTS: dict[str, dict[str, Any]] = {
    "opening": {"faults": {"left_late": 450.0}},
    "looking-back": {"faults": {"lean": 9.0}},
    "punching-with-angry-gaze": {"faults": {"lean": -9.0}},
    "raising-the-heels": {"faults": {"lean": -9.0}},
    "closing": {"faults": {"right_late": 450.0}},
    "standing": {"faults": {"lean": 9.0}},
    "seated-two-hands-hold-up-the-heavens": {"faults": {"right_low": 32.0}},
    "seated-drawing-the-bow": {"faults": {"lean": -9.0}},
    "seated-separating-heaven-and-earth": {"tempo": 1.75},
}
NUMBERS = (
    "opening",
    "two-hands-hold-up-the-heavens",
    "drawing-the-bow",
    "separating-heaven-and-earth",
    "looking-back",
    "swaying-head-and-tail",
    "two-hands-hold-the-feet",
    "punching-with-angry-gaze",
    "raising-the-heels",
    "closing",
    "standing",
    "seated-two-hands-hold-up-the-heavens",
    "seated-drawing-the-bow",
    "seated-separating-heaven-and-earth",
    "seated-looking-back",
)  # people are drawn by a form's place in this list
BODIES = ("cleo", "dirk", "emma", "finn")  # the teachers are ada and ben
FPS = 15


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the coach made of one clip.

    Attributes
    ----------
    form, what : str
    planted, cues : list of (measure, direction)
    repetitions : (found, true)
    minutes, seen : float
    off_s : array
        How far the place was off, seconds, but for a constant.
    """

    form: str
    what: str
    planted: list[tuple[str, str]]
    cues: list[tuple[str, str]]
    repetitions: tuple[int, int]
    minutes: float
    seen: float
    off_s: Array = field(default_factory=lambda: np.zeros(0))


def draw_person(form: str, number: int, fault: bool, draw: int = 0) -> dict[str, Any]:
    """Return who goes through a form, and before which camera; drawn from the numbers."""
    rng = np.random.default_rng(500 + 1000 * draw + 2 * number + fault)
    seated = form.startswith("seated-")
    spec = {
        "seed": 5000 + 1000 * draw + 2 * number + fault,
        "form": form,
        "body": BODIES[(number + 2 * fault + draw) % len(BODIES)],
        "size": (640, 480) if number % 2 else (960, 540),
        "fps": FPS,
        "repetitions": 2 if form in TWICE and not fault else 1,
        "tempo": float(rng.choice([0.92, 1.12])),
        "amplitude": 1.0 if fault else float(rng.choice([1.0, 0.9])),
        "faults": {},
        "light": float(rng.uniform(0.5, 1.0)),
        "room": 700 + number,
        "camera": {
            "hfov_deg": float(rng.uniform(56, 70)),
            "height_m": float(rng.uniform(0.7, 1.3)),
            "fill": float(rng.uniform(0.68, 0.78) if seated else rng.uniform(0.7, 0.88)),
            "side_m": float(rng.uniform(-0.3, 0.3)),
            "roll_deg": float(rng.uniform(-3, 3)),
        },
        "look": {
            "top": [int(v) for v in rng.integers(30, 220, 3)],
            "trousers": [int(v) for v in rng.integers(20, 150, 3)],
            "sleeve": float(rng.uniform(0.7, 1.95)),
        },
    }
    return spec | (FAULTS[form] if fault else {})


def see(spec: dict[str, Any]) -> tuple[Motion, Array, list[tuple[str, str]]]:
    """Return what the model saw of a person, the true place, and what is planted; cached."""
    folder = Path(platformdirs.user_cache_dir("posecoach")) / "benchmarks" / "library"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{spec['form']}-{spec['seed']}"
    seen, about = folder / f"{name}.npz", folder / f"{name}.json"
    wanted = json.loads(json.dumps(spec))
    if not (about.is_file() and json.loads(about.read_text(encoding="utf-8"))["spec"] == wanted):
        performance, observations, truth = watch(spec, "full")
        save_motion(Motion.from_observations(observations, name), seen)
        told = {
            "spec": wanted,
            "place_s": [find_place(performance, x["t"]) for x in truth],
            "planted": [(f["measure"], f["direction"]) for f in list_faults(performance)],
        }
        about.write_text(json.dumps(told), encoding="utf-8")
    told = json.loads(about.read_text(encoding="utf-8"))
    planted = [(m, d) for m, d in told["planted"]]
    return load_motion(seen), np.array(told["place_s"], float), planted


def judge(
    what: str,
    form: str,
    motion: Motion,
    place_s: Array,
    planted: list[tuple[str, str]],
    repetitions: int,
) -> Outcome:
    """Analyse what was seen against the form."""
    result: Analysis = analyze(motion, load_sequence(get_shipped_folder() / form))
    got = np.array([np.nan if p is None else p for p in result.place.reference_s], float)
    off = got - place_s
    off = off[np.isfinite(off)]
    return Outcome(
        form,
        what,
        planted,
        [(c.measure, c.direction) for c in result.cues],
        (len(result.repetitions), repetitions),
        motion.duration_s / 60,
        result.seen,
        np.abs(off - np.median(off)) if len(off) else off,
    )


def play_back(form: str) -> list[Outcome]:
    """Return what the coach makes of the teacher's own takes."""
    takes = load_sequence(get_shipped_folder() / form).takes
    return [
        judge(f"own take {k + 1}", form, t.motion, t.motion.time_s, [], 1)
        for k, t in enumerate(takes)
    ]


def run(form: str, number: int, fault: bool, draw: int = 0) -> Outcome:
    """Return what the coach makes of somebody else, clean or with a planted fault."""
    if not fault and draw == 0 and form in CLEAN_SAMPLES:
        assert CLEAN_SAMPLES[form] in SAMPLE_CLIPS
        clip = load_clip(CLEAN_SAMPLES[form])
        return judge("clean", form, clip.motion, clip.place_s, [], 2)
    spec = draw_person(form, number, fault, draw)
    motion, place_s, planted = see(spec)
    what = "fault" if fault else "clean"
    return judge(what, form, motion, place_s, planted, spec["repetitions"])


def report(outcomes: list[Outcome]) -> None:
    """Print what came out in sum."""
    for what in ("own", "clean", "fault"):
        mine = [o for o in outcomes if o.what.startswith(what)]
        if not mine:
            continue
        minutes = sum(o.minutes for o in mine)
        right = sum(o.repetitions[0] == o.repetitions[1] for o in mine)
        off = np.concatenate([o.off_s for o in mine])
        print(f"\n{what}: {len(mine)} clips, {minutes:.1f} minutes")
        print(f"  repetitions counted right in {right}")
        medians = [float(np.median(o.off_s)) for o in mine if len(o.off_s)]
        print(
            f"  place: median {np.median(off):.2f} s, 95 % {np.quantile(off, 0.95):.2f} s; "
            f"median of the worst form {max(medians):.2f} s"
        )
        if what == "fault":
            named = sum(all(p in o.cues for p in o.planted) for o in mine)
            print(f"  named with the side: {named}")
        print(f"  other cues: {sum(c not in o.planted for o in mine for c in o.cues)}")


def main() -> None:
    """Play back, draw, watch, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("forms", nargs="*", metavar="FORM")
    parser.add_argument("--own", action="store_true", help="only the teacher's own takes")
    parser.add_argument("--seed", type=int, default=0, help="others are drawn for each")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    known = [f for f, folder in find_forms().items() if folder.parent == get_shipped_folder()]
    forms = options.forms or known
    outcomes = [o for form in forms for o in play_back(form)]
    for o in outcomes:
        tell(o)
    if not options.own:
        jobs = [(f, NUMBERS.index(f), False, options.seed) for f in forms]
        jobs += [(f, NUMBERS.index(f), True, options.seed) for f in forms if f in FAULTS]
        with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
            for o in pool.map(run, *zip(*jobs, strict=True)):
                outcomes.append(o)
                tell(o)
    report(outcomes)


def tell(o: Outcome) -> None:
    """Print a line about one clip."""
    place = f"{np.median(o.off_s):.2f}/{np.quantile(o.off_s, 0.95):.2f}" if len(o.off_s) else "-"
    print(
        f"{o.form:37} {o.what:10} repetitions {o.repetitions[0]}/{o.repetitions[1]} "
        f"seen {o.seen:.2f} place {place} s planted {o.planted} cues {o.cues}",
        flush=True,
    )


if __name__ == "__main__":
    main()
