"""Make ``reference_sequences/`` again: render each form's teacher, record it, round it.

    python samples/make_forms.py [FORM ...] [--videos FOLDER] [--out FOLDER]

Each form is recorded from two videos: one in which the figure does exactly the form, and one in
which it does it again and varies, so that there are three takes. The first lies among the samples
for three forms; all others are rendered from ``forms.toml`` (some minutes each) and thrown away
unless ``--videos`` names a folder to keep them in, from where they are taken the next time. What
people wrote in a form's ``sequence.toml`` stays.

Needs the dependency group ``samples`` (PyAV, for H.264) and the pose model.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from make_samples import HERE, make_clip
from posecoach.capture.video import VideoFile
from posecoach.commands.record import save_form, watch_recording
from posecoach.motion import Motion
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.record import find_cuts

SEQUENCES = HERE.parent / "reference_sequences"
TAKES = 3

# Steps to which points are rounded, far below what the model's own jitter is (half a pixel, a
# few millimetres): numbers that end in zeros take a third of the room.
IMAGE_STEP = 2.0**-13  # shares of the picture's width: a twelfth of a pixel of 640
WORLD_STEP = 2.0**-11  # metres
LIKELIHOOD_STEP = 2.0**-8


def round_motion(motion: Motion) -> Motion:
    """Return a motion with its points on a fine grid; times stay."""

    def to(array: NDArray[np.float64], step: float) -> NDArray[np.float64]:
        return np.asarray(np.round(array / step) * step)

    return replace(
        motion,
        image=to(motion.image, IMAGE_STEP),
        world=to(motion.world, WORLD_STEP),
        visibility=to(motion.visibility, LIKELIHOOD_STEP),
        presence=to(motion.presence, LIKELIHOOD_STEP),
    )


def record(form: str, videos: Sequence[Path], out: Path) -> str:
    """Record a form as ``posecoach record --replace`` does, and round it; return a line."""
    model = ensure_model("full")
    motions = [watch_recording(VideoFile(v), MediaPipeEstimator(model)) for v in videos]
    folder = out / form
    save_form(form, motions, folder)
    sequence = load_sequence(folder)
    takes = tuple(replace(t, motion=round_motion(t.motion)) for t in sequence.takes)
    save_sequence(replace(sequence, takes=takes), folder)
    size = (folder / "motion.npz").stat().st_size // 1000
    lengths = ", ".join(
        f"{c.end_s - c.start_s:.2f} s from {c.start_s:.2f}" for m in motions for c in find_cuts(m)
    )
    return f"{form}: {lengths}, {size} kB"


def read_clips(name: str) -> dict[str, dict[str, Any]]:
    """Return the clips of a file that are a teacher's, by form; each with its name."""
    spec = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    clips = spec["clips"].items()
    return {c["form"]: {**c, "name": k} for k, c in clips if k.endswith("-teacher")}


def vary_clip(first: dict[str, Any], again: dict[str, Any]) -> dict[str, Any]:
    """Return the second video of a form: what is missing to three takes, varied."""
    repetitions = TAKES - first.get("repetitions", 2)
    # One take that varies among two that do not must show by itself what two would.
    variation = again["variation"] * (1.5 if repetitions == 1 else 1.0) * first.get("varies", 1.0)
    more = {"repetitions": repetitions, "variation": variation}
    return first | again | more | {"name": f"{first['name']}-again"}


def find_videos(form: str, folder: Path) -> list[Path]:
    """Return the two videos of a form; those that are not there are rendered into a folder."""
    there, rendered = read_clips("samples.toml"), read_clips("forms.toml")
    again = tomllib.loads((HERE / "forms.toml").read_text(encoding="utf-8"))["again"]
    looks = tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))["looks"]
    first = there.get(form) or rendered[form]
    videos = []
    for clip in (first, vary_clip(first, again)):
        shipped = HERE / f"{clip['name']}.mp4"
        videos.append(shipped if shipped.exists() else folder / shipped.name)
        if not videos[-1].exists():
            print(make_clip(clip["name"], clip, looks, folder, with_truth=False), flush=True)
    return videos


def main() -> None:
    """Make the named forms, or all."""
    parser = argparse.ArgumentParser(description="Make the library of forms again.")
    parser.add_argument("forms", nargs="*", metavar="FORM")
    parser.add_argument("--videos", type=Path, metavar="FOLDER", help="keep the videos there")
    parser.add_argument("--out", type=Path, default=SEQUENCES, metavar="FOLDER")
    given = parser.parse_args()
    known = [*read_clips("samples.toml"), *read_clips("forms.toml")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.videos or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for form in given.forms or known:
            print(record(form, find_videos(form, folder), given.out), flush=True)


if __name__ == "__main__":
    main()
