"""A take as cameras give them: uneven times, gaps, one point missing."""

from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, bow, make_motion

ARRAYS = ("time_s", "image", "world", "visibility", "presence")


@pytest.fixture(scope="session")
def motion():
    """Return an uneven take with gaps, as it would be after storing."""
    rng = np.random.default_rng(3)
    times = np.sort(rng.uniform(0, 10, 80))
    times[0] = 0.0
    made = make_motion(times, bow(times, times), Figure(noise=0.004))
    arrays = {k: getattr(made, k).astype(np.float32).astype(float) for k in ARRAYS[1:]}
    arrays["image"][20:24] = np.nan
    arrays["world"][20:24] = np.nan
    arrays["world"][30, 15] = np.nan
    seen = rng.uniform(0.2, 1.0, arrays["visibility"].shape).astype(np.float32).astype(float)
    arrays["visibility"], arrays["presence"] = seen, seen[:, ::-1].copy()
    arrays["visibility"][20:24] = 0.0
    return replace(made, **arrays, width=1280.0, height=720.0, source="raise.mp4")


@pytest.fixture(scope="session")
def even(motion):
    """Return the same points at 25 frames a second."""
    return replace(motion, time_s=np.arange(len(motion)) / 25)
