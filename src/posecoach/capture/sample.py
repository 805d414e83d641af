"""The sample video of a clone: somebody practises, with a lean to the left."""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import InputError

SAMPLE = "heavens-lean-left-emma.mp4"


def find_sample() -> Path:
    """Return the sample video of a clone.

    Raises
    ------
    InputError
        It is not there: what is installed from a wheel has none.
    """
    for base in (Path.cwd(), Path(__file__).resolve().parents[3]):
        path = base / "samples" / SAMPLE
        if path.is_file():
            return path
    raise InputError(
        f"Expected samples/{SAMPLE} but it is not here; run this in a clone of the project."
    )
