"""Following what people do: late, paused, repeated, skipped, slow, fast, small, gone, another form.

    python benchmarks/following.py [--people N] [--seed S] [--clips NAME ...] [--only SCENARIO ...]

Scenes are cut together from what the real model saw of animated people (see
`following_scripts.py`), go through `Session.step`, and are held against the true place. What is
printed for each scenario:

    median, 95 %   error of the place where one is given, in seconds of the reference
    known          share of the frames within the form that have a place
    lock           median and longest time until the place is right again after a jump, seconds
    wrong          share of all frames in which a place is claimed that is over a second off
    cues           false cues (in "half" and "double" those on tempo are right) / minutes
    uneven         repetitions that deserve a cue on evenness (in "stop and go" all should)

and, over all of them, how often a place claimed with a certainty is right within half a second.
The first run renders and watches; later ones take what was seen from the user's cache.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from following_clips import SAMPLE_CLIPS, SMALL_PEOPLE, Clip, find_start, load_clip, name_people
from following_scripts import Scene, Script
from numpy.typing import NDArray

from people.forms import FORMS
from posecoach.coach.faults import find_faults
from posecoach.coach.session import Session
from posecoach.reference.library import open_form

Array = NDArray[np.float64]
Write = Callable[[Script], Scene]

EDGE_S = 0.5  # so near to start and end nothing tells whether one has begun
TRANSIT_S = 1.0  # after a jump, until the place must be right
OTHER = {
    "two-hands-hold-up-the-heavens": "bow-clean-emma",
    "drawing-the-bow": "separating-clean-cleo",
    "separating-heaven-and-earth": "heavens-clean-finn",
}


def _drift(share: float) -> float:
    return float(1.1 + 0.55 * np.sin(2 * np.pi * share * 1.5))


def _many(s: Script) -> Scene:
    s.stand(2.0)
    for _ in range(7):
        s.go(0, 1).stand(0.7)
    return s.end()


def _twice(s: Script, tempo: float = 1.0) -> Script:
    return s.stand(2).go(0, 1, tempo).stand(0.8).go(0, 1, tempo).stand(1.5)


SCENARIOS: dict[str, Write] = {
    "plain": lambda s: _twice(s).end(),
    "half": lambda s: _twice(s, 0.5).end(),
    "double": lambda s: _twice(s, 2.0).end(),
    "drift": lambda s: s.stand(2).go(0, 1, _drift).stand(1).go(0, 1, _drift).stand(1).end(),
    "pauses": lambda s: (
        (s.stand(2).go(0, 0.25).hold(3).go(0.25, 0.5).hold(4).go(0.5, 0.75).hold(3).go(0.75, 1))
        .stand(1)
        .end()
    ),
    "long pause": lambda s: s.stand(2).go(0, 0.3).hold(40).go(0.3, 1).stand(1).end(),
    "skip": lambda s: s.stand(2).go(0, 0.3).shift(0.62).go(0.62, 1).stand(1).go(0, 1).end(),
    "repeat": lambda s: s.stand(2).go(0, 0.55).shift(0.2).go(0.2, 1).stand(1).end(),
    "middle": lambda s: s.go(0.4, 1).stand(1).go(0, 1).stand(1).end(),
    "return": lambda s: s.stand(2).go(0, 0.35).leave(4, 0.55).go(0.55, 1).stand(1).end(),
    "restart": lambda s: s.stand(2).go(0, 0.5).leave(5).stand(1.5).go(0, 1).stand(1).end(),
    "stop": lambda s: s.stand(2).go(0, 0.4).shift(0, 1.5).stand(6).go(0, 1).stand(1).end(),
    "stop and go": lambda s: s.stand(2).jerk(0, 1, 1.0).stand(1).jerk(0, 1, 1.5).stand(1).end(),
    "a bit uneven": lambda s: s.stand(2).jerk(0, 1, 1.0, 0.3).stand(1).end(),
    "long stand": lambda s: s.stand(120).go(0, 1).stand(20).go(0, 1).stand(1).end(),
    "seven": _many,
    "dropped": lambda s: _twice(s).end(drop=0.5),
    "15 fps": lambda s: _twice(s).end(),
    "60 fps": lambda s: _twice(s).end(),
    "other form": lambda s: s.stand(2).end(),
    "then other": lambda s: s.stand(2).go(0, 1).stand(2).end(),
}
FPS = {"15 fps": 15.0, "60 fps": 60.0}
SMALL_ONES = ("plain", "half", "pauses", "skip", "seven")


@dataclass(frozen=True, eq=False)
class Outcome:
    """One scenario by one person."""

    scenario: str
    clip: str
    error: Array  # where a place is given and there is a true one
    known: Array
    locks: list[float]
    wrong: Array
    claims: Array  # (k, 2): certainty, right within half a second
    false_cues: list[str]
    minutes: float
    repetitions: int
    uneven: int  # of them, told to be so


def run(scenario: str, name: str) -> Outcome:
    """Carry a scenario out and compare."""
    clip = load_clip(name)
    sequence = open_form(clip.form)
    scene = make_scene(scenario, clip)
    session = Session(sequence)
    states = [session.step(o) for o in scene.seen]
    session.finish()
    return compare(scenario, name, scene, session, states)


def make_scene(scenario: str, clip: Clip) -> Scene:
    """Return a scenario done by a clip's person."""
    script = Script(clip, FORMS[clip.form].seconds, FPS.get(scenario, 30.0), seed=len(clip.name))
    if scenario in ("other form", "then other"):
        other = load_clip(OTHER[clip.form])
        script.stand(2)
        if scenario == "then other":
            script.go(0, 1).stand(2)
        return script.other(other, FORMS[other.form].seconds).end()
    return SCENARIOS[scenario](script)


def compare(scenario: str, name: str, scene: Scene, session: Session, states: list) -> Outcome:
    """Hold what was said of each frame against the truth."""
    start, end = find_start(load_clip(name).form), session.track.duration_s
    time = np.array([s.time_s for s in states])
    given = np.array([np.nan if s.place_s is None else s.place_s for s in states])
    true = scene.place_s + start
    off = np.abs(given - true)
    # Standing before and after is one and the same.
    still = np.isfinite(true) & ~scene.moving
    off[still] = np.minimum(np.abs(given), np.abs(given - end))[still]
    transit = np.zeros(len(time), bool)
    for jump in scene.jumps_s:
        transit |= (time > jump - 1.6) & (time < jump + TRANSIT_S)
    inner = scene.moving & (true > EDGE_S) & (true < end - EDGE_S)
    certainty = np.array([s.certainty for s in states])
    said = np.isfinite(given)
    wrong = said & ~transit & ((off > 1.0) | ~np.isfinite(true))
    claimed = said & inner & ~transit
    locks = []
    for jump in scene.jumps_s:
        after = (time >= jump) & inner
        right = after & (off < 0.5)
        if after.sum() > 10 and time[after][0] < jump + 2:
            locks.append(float(time[right][0] - jump) if right.any() else float("inf"))
    tempo_true = scenario in ("half", "double", "drift", "pauses", "long pause", "stop and go")
    cues = [
        f"{c.measure} {c.direction} {c.time_s:.1f}"
        for c in session.cues
        if not (tempo_true and c.measure in ("tempo_ratio", "evenness"))
    ]
    return Outcome(
        scenario,
        name,
        off[said & inner & ~transit],
        said[inner & ~transit],
        locks,
        wrong,
        np.stack([certainty[claimed], off[claimed] <= 0.5], axis=1),
        cues,
        float(time[-1] - time[0]) / 60,
        len(session.repetitions),
        sum("evenness" in find_faults(r) for r in session.repetitions),
    )


def report(outcomes: list[Outcome]) -> None:
    """Print the table."""
    print(
        f"{'scenario':16} {'n':>3} {'median':>7} {'95 %':>6} {'known':>6} {'lock':>12} "
        f"{'wrong':>7} {'cues':>10} {'reps':>5} {'uneven':>7}"
    )
    rows: dict[str, list[Outcome]] = {}
    for o in outcomes:
        rows.setdefault(o.scenario, []).append(o)
    for scenario, mine in rows.items():
        error = np.concatenate([o.error for o in mine])
        known = np.concatenate([o.known for o in mine])
        locks = [x for o in mine for x in o.locks]
        wrong = np.concatenate([o.wrong for o in mine])
        lock = f"{np.median(locks):.1f} / {max(locks):.1f}" if locks else ""
        place = (
            f"{np.median(error):7.2f} {np.quantile(error, 0.95):6.2f}" if len(error) else " " * 14
        )
        share = f"{known.mean():6.0%}" if len(known) else " " * 6
        cues = f"{sum(len(o.false_cues) for o in mine)} / {sum(o.minutes for o in mine):.1f}"
        print(
            f"{scenario:16} {len(mine):3} {place} {share} {lock:>12} {wrong.mean():7.2%} "
            f"{cues:>10} {sum(o.repetitions for o in mine):5} {sum(o.uneven for o in mine):7}"
        )
    claims = np.concatenate([o.claims for o in outcomes])
    print("\ncertainty claimed, and share found within half a second")
    for low, high in ((0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.01)):
        part = claims[(claims[:, 0] >= low) & (claims[:, 0] < high)]
        if len(part):
            claimed, found = part.mean(axis=0)
            print(f"  {claimed:.2f} claimed, {found:.2f} found ({len(part)} frames)")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=0, help="more people, drawn at random")
    parser.add_argument("--seed", type=int, default=7100)
    parser.add_argument("--clips", nargs="*", default=None, help="names instead of the default")
    parser.add_argument("--only", nargs="*", choices=tuple(SCENARIOS), default=tuple(SCENARIOS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", action="store_true", help="a line for each scene")
    options = parser.parse_args()
    names = options.clips or [
        *SAMPLE_CLIPS,
        *SMALL_PEOPLE,
        *name_people(options.people, options.seed),
    ]
    clips = {name: load_clip(name) for name in names}
    tasks = []
    for scenario in options.only:
        for name, clip in clips.items():
            if clip.amplitude > 0.7 or scenario in SMALL_ONES:
                tasks.append((scenario, name))
    outcomes = []
    with ProcessPoolExecutor(options.jobs, get_context("spawn")) as pool:
        for (scenario, name), o in zip(
            tasks, pool.map(run, *zip(*tasks, strict=True)), strict=True
        ):
            small = clips[name].amplitude <= 0.7
            o = Outcome(**{**o.__dict__, "scenario": f"{scenario}, small" if small else scenario})
            outcomes.append(o)
            if options.verbose:
                spot = np.quantile(o.error, [0.5, 0.95]) if len(o.error) else (np.nan, np.nan)
                print(
                    f"{o.scenario:16} {name:36} {spot[0]:.2f} {spot[1]:.2f} known "
                    f"{o.known.mean() if len(o.known) else np.nan:.2f} lock {o.locks} "
                    f"wrong {o.wrong.mean():.3f} repetitions {o.repetitions} ({o.uneven} uneven) "
                    f"{o.false_cues}",
                    flush=True,
                )
    print()
    report(outcomes)


if __name__ == "__main__":
    main()
