"""People going through the forms, seen by the real model, with their true place: raw material.

The samples' clips and people drawn at random as in `drawn_people.py`, without faults. What the
model saw is kept in the user's cache, so that only the first run is slow.
"""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
sys.path[:0] = [str(SAMPLES), str(ROOT / "benchmarks")]

from people.body import load_body  # noqa: E402
from people.forms import FORMS  # noqa: E402
from people.performance import Performance, Plan  # noqa: E402
from posecoach.capture.replay import load_motion, save_motion  # noqa: E402
from posecoach.capture.video import VideoFile  # noqa: E402
from posecoach.follow.track import Track, make_track  # noqa: E402
from posecoach.motion import Motion, Observation  # noqa: E402
from posecoach.pose.bundle import ensure_model  # noqa: E402
from posecoach.pose.landmarker import MediaPipeEstimator  # noqa: E402
from posecoach.pose.run import observe  # noqa: E402
from posecoach.reference.library import open_form  # noqa: E402

Array = NDArray[np.float64]

SAMPLE_CLIPS = (
    "heavens-clean-finn",
    "heavens-clean-dirk-small",
    "bow-clean-emma",
    "separating-clean-cleo",
    "separating-hurried-ben",
    "bow-fast-ada",
)
TEACHERS = {
    "two-hands-hold-up-the-heavens": "heavens-teacher",
    "drawing-the-bow": "bow-teacher",
    "separating-heaven-and-earth": "separating-teacher",
}
SMALL_PEOPLE = (
    "7000-two-hands-hold-up-the-heavens-0.5",
    "7001-drawing-the-bow-0.6",
    "7002-separating-heaven-and-earth-0.5",
    "7003-two-hands-hold-up-the-heavens-0.6",
    "7004-drawing-the-bow-0.5",
    "7005-separating-heaven-and-earth-0.6",
)


@dataclass(frozen=True, eq=False)
class Clip:
    """One person going through a form a few times.

    Attributes
    ----------
    name, form : str
    amplitude : float
    motion : Motion
        What the model saw.
    place_s : (n,) array
        True place in the form in seconds of the form; NaN outside it.
    """

    name: str
    form: str
    amplitude: float
    motion: Motion
    place_s: Array


def load_clip(name: str) -> Clip:
    """Return a clip: a sample's name, or ``SEED-FORM-AMPLITUDE`` for a person drawn at random."""
    folder = Path(platformdirs.user_cache_dir("posecoach")) / "benchmarks" / "following"
    folder.mkdir(parents=True, exist_ok=True)
    seen, about = folder / f"{name}.npz", folder / f"{name}.json"
    if not (seen.is_file() and about.is_file()):
        clip = _watch_sample(name) if (SAMPLES / f"{name}.mp4").is_file() else _watch_person(name)
        save_motion(clip.motion, seen)
        fields = {"form": clip.form, "amplitude": clip.amplitude, "place_s": clip.place_s.tolist()}
        about.write_text(json.dumps(fields), encoding="utf-8")
    fields = json.loads(about.read_text(encoding="utf-8"))
    place = np.array(fields["place_s"], float)
    return Clip(name, fields["form"], fields["amplitude"], load_motion(seen), place)


def name_people(count: int, seed: int) -> list[str]:
    """Return the names of people to draw, in each form in turn, every other one a bit smaller."""
    forms = list(TEACHERS)
    return [
        f"{seed + k}-{forms[k % len(forms)]}-{(1.0, 0.75)[k // len(forms) % 2]}"
        for k in range(count)
    ]


def find_place(performance: Performance, time_s: float) -> float:
    """Return the place by posture, in seconds of the form; NaN while standing.

    A performer is a little sooner or later than the form itself in everything; that is taken
    out, since the posture alone tells a follower where one is.
    """
    repetition, share = performance.share(time_s)
    if repetition is None:
        return float("nan")
    form = FORMS[performance.plan.form]
    keys = sorted({k[0] for k in form.left} | {k[0] for k in form.right})
    knots = sorted(set(performance.course.left.x) | set(performance.course.right.x))
    return float(np.interp(share, knots, keys)) * form.seconds


def _watch_sample(name: str) -> Clip:
    spec = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))["clips"][name]
    plan = Plan(
        spec["form"],
        spec.get("seed", 0),
        spec.get("repetitions", 2),
        tuple(spec.get("stand_s", (2.0, 0.7, 1.5))),
        spec.get("tempo", 1.0),
        spec.get("amplitude", 1.0),
        spec.get("faults"),
    )
    performance = Performance(load_body(spec["body"]), plan)
    with (
        VideoFile(SAMPLES / f"{name}.mp4") as video,
        MediaPipeEstimator(ensure_model("full")) as estimator,
    ):
        seen = [o for _, o in observe(video, estimator)]
    return _make(name, performance, seen)


def _watch_person(name: str) -> Clip:
    from drawn_people import draw_spec, watch

    seed, _, rest = name.partition("-")
    form, _, amplitude = rest.rpartition("-")
    spec: dict[str, Any] = draw_spec(int(seed))
    spec |= {"form": form, "amplitude": float(amplitude), "tempo": 1.0, "faults": {}, "fps": 20}
    performance, seen, _ = watch(spec, "full")
    return _make(name, performance, seen)


def _make(name: str, performance: Performance, seen: list[Observation]) -> Clip:
    motion = Motion(
        np.array([o.time_s for o in seen]),
        np.stack([o.image for o in seen]),
        np.stack([o.world for o in seen]),
        np.stack([o.visibility for o in seen]),
        np.stack([o.presence for o in seen]),
        seen[0].width,
        seen[0].height,
    )
    place = np.array([find_place(performance, o.time_s) for o in seen])
    return Clip(name, performance.plan.form, performance.plan.amplitude, motion, place)


@cache
def find_start(form: str) -> float:
    """Return where in a reference its form's own first moment is, in seconds.

    The reference was cut from the teacher's clip a moment before the movement begins.
    """
    track: Track = make_track(open_form(form).takes[0])
    clip = load_clip(TEACHERS[form])
    first = np.flatnonzero(np.isfinite(clip.place_s))[0]
    mine = track.plane[:, [15, 16]]
    best, at = np.inf, 0.0
    for start in np.arange(-0.5, 1.5, 1 / 60):
        times = clip.motion.time_s[first] - start + track.time_s
        ok = (times >= 0) & (times <= clip.motion.time_s[-1])
        columns = clip.motion.image[:, [15, 16], :2].reshape(len(clip.motion), -1)
        columns = columns * np.tile([clip.motion.width / clip.motion.height, 1.0], 2)
        theirs = np.stack(
            [np.interp(times[ok], clip.motion.time_s, c) for c in columns.T], axis=1
        ).reshape(-1, 2, 2)
        off = float(((mine[ok] - theirs) ** 2).mean())
        if off < best:
            best, at = off, float(start)
    return at
