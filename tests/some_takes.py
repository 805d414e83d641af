"""Takes of any kind, for round trips, and what is said of broken files."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posecoach.body import N_POINTS
from posecoach.errors import PosecoachError
from posecoach.motion import Motion


@st.composite
def takes(draw, even: bool = False):
    """Return takes of a few frames: any sizes, any rates, points missing anywhere."""
    n = draw(st.integers(2, 6))
    if even:
        time_s = np.arange(n) / draw(st.floats(1.0, 240.0))
    else:
        time_s = np.cumsum(draw(arrays(float, n, elements=st.floats(0.004, 2.0))))
    within = st.floats(-2.0, 3.0, width=32)
    seeds = draw(arrays(float, (n, 4), elements=within))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    image = seeds[:, :1, None] + rng.uniform(-1, 1, (n, N_POINTS, 3))
    world = seeds[:, 1:2, None] + rng.uniform(-1, 1, (n, N_POINTS, 3))
    missing = rng.random((n, N_POINTS)) < draw(st.sampled_from([0.0, 0.1, 0.9]))
    image[missing] = np.nan
    world[missing] = np.nan
    visibility, presence = rng.random((2, n, N_POINTS))
    visibility[missing] = 0.0
    as_stored = [a.astype(np.float32).astype(float) for a in (image, world, visibility, presence)]
    width, height = draw(st.integers(16, 7680)), draw(st.integers(16, 4320))
    return Motion(time_s, *as_stored, float(width), float(height), "any.mp4")


def told(read, path) -> str:
    """Return the one line with which a file was refused; empty if it was read."""
    try:
        read(path)
    except PosecoachError as error:
        return str(error)
    return ""


def is_one_line_about(line: str, path) -> bool:
    """Return whether nothing was refused, or in one printable line that names the file."""
    return not line or (line.isprintable() and path.name in line)
