"""Make ``reference_sequences/`` again: render each form's teacher, record it, round it.

    python samples/make_forms.py [FORM ...] [--videos FOLDER] [--out FOLDER]

Three forms are recorded from videos among the samples; the videos of the others are rendered from
``forms.toml`` (some minutes each) and thrown away unless ``--videos`` names a folder to keep them
in, from where they are taken the next time. What people wrote in a form's ``sequence.toml`` stays.

Needs the dependency group ``samples`` (PyAV, for H.264) and the pose model.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
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


def record(form: str, video: Path, out: Path) -> str:
    """Record a form as ``posecoach record --replace`` does, and round it; return a line."""
    motion = watch_recording(VideoFile(video), MediaPipeEstimator(ensure_model("full")))
    folder = out / form
    save_form(form, [motion], folder)
    sequence = load_sequence(folder)
    takes = tuple(replace(t, motion=round_motion(t.motion)) for t in sequence.takes)
    save_sequence(replace(sequence, takes=takes), folder)
    size = (folder / "motion.npz").stat().st_size // 1000
    lengths = ", ".join(
        f"{c.end_s - c.start_s:.2f} s from {c.start_s:.2f}" for c in find_cuts(motion)
    )
    return f"{form}: {lengths}, {size} kB"


def read_clips(name: str) -> dict[str, dict[str, Any]]:
    """Return the clips of a file that are a teacher's, by form; each with its name."""
    spec = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    clips = spec["clips"].items()
    return {c["form"]: {**c, "name": k} for k, c in clips if k.endswith("-teacher")}


def main() -> None:
    """Make the named forms, or all."""
    parser = argparse.ArgumentParser(description="Make the library of forms again.")
    parser.add_argument("forms", nargs="*", metavar="FORM")
    parser.add_argument("--videos", type=Path, metavar="FOLDER", help="keep the videos there")
    parser.add_argument("--out", type=Path, default=SEQUENCES, metavar="FOLDER")
    given = parser.parse_args()
    there, rendered = read_clips("samples.toml"), read_clips("forms.toml")
    looks = tomllib.loads((HERE / "samples.toml").read_text(encoding="utf-8"))["looks"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.videos or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for form in given.forms or [*there, *rendered]:
            if form in there:
                video = HERE / f"{there[form]['name']}.mp4"
            else:
                video = folder / f"{rendered[form]['name']}.mp4"
                if not video.exists():
                    print(make_clip(rendered[form]["name"], rendered[form], looks, folder))
            print(record(form, video, given.out), flush=True)


if __name__ == "__main__":
    main()
