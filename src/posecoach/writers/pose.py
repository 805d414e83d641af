"""pose-format's ``.pose``, version 0.2: a header of named points, then float32 arrays.

Written here, because the library brings a whole FFmpeg (some builds of which are under the GPL);
the layout is its ``docs/specs/v0.2.md``, and the tests read the files with the library. The two
components have the names and points its MediaPipe holistic files have, so that programs made for
those find the body: ``POSE_LANDMARKS`` and ``POSE_WORLD_LANDMARKS``. In both, as in those files,
x stands times the picture's width, y times its height and z as the model gives it: pixels for the
first, and metres to be divided by width and height again for the second.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np

from posecoach._writing import write_file
from posecoach.body import BLAZEPOSE_33, BONES
from posecoach.errors import InputError
from posecoach.motion import Motion
from posecoach.writers.even import sample_evenly

VERSION = 0.2
IMAGE, WORLD = "POSE_LANDMARKS", "POSE_WORLD_LANDMARKS"
POINTS = tuple(name.upper() for name in BLAZEPOSE_33)
FAINT = 1e-6
"""Confidence of a point that was found and is as good as hidden: 0 would mean "not found"."""
MAX_SIDE = 65_535
_COLOUR = (255, 0, 0)


def write_pose(motion: Motion, path: str | Path, *, rate_hz: float | None = None) -> Path:
    """Write a take as ``.pose``.

    The format knows a rate and no times: a take with uneven times is sampled anew (see
    `posecoach.writers.even`). Confidence is the visibility; presence is left out.

    Parameters
    ----------
    motion : Motion
    path : str or path
    rate_hz : float, optional
        Frames a second; by default the take's own.

    Raises
    ------
    UsageError
        The rate is none that can be written.
    InputError
        The picture is too large, or the file cannot be written.
    """
    even, rate, _ = sample_evenly(motion, rate_hz)
    width, height = math.ceil(motion.width), math.ceil(motion.height)
    if max(width, height) > MAX_SIDE:
        raise InputError(
            f"Expected a picture of at most {MAX_SIDE} pixels a side but it has {width}x{height}."
        )
    points = np.concatenate([even.image, even.world], axis=1) * np.array([width, height, 1])
    seen = np.concatenate([even.visibility, even.visibility], axis=1)
    found = np.isfinite(points).all(axis=2)
    points = np.where(found[..., None], points, 0.0)
    seen = np.where(found, np.maximum(seen, FAINT), 0.0)
    body = struct.pack("<fIH", rate, len(even), 1)
    data = points.astype("<f4").tobytes() + seen.astype("<f4").tobytes()
    return write_file(path, _header(width, height) + body + data)


def _header(width: int, height: int) -> bytes:
    parts = [struct.pack("<fHHHH", VERSION, width, height, 0, 2)]
    for component in (IMAGE, WORLD):
        parts += [_text(component), _text("XYZC")]
        parts.append(struct.pack("<HHH", len(POINTS), len(BONES), 1))
        parts += [_text(name) for name in POINTS]
        parts += [struct.pack("<HH", a, b) for a, b in BONES]
        parts.append(struct.pack("<HHH", *_COLOUR))
    return b"".join(parts)


def _text(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<H", len(data)) + data
