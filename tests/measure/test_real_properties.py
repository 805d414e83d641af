"""What must not matter, on a real person's movement as real trackers recorded it.

A flank stretch (see ``tests/readers/keraal``): two models of one picture against each other, and a
depth camera against itself with one arm lower.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from posecoach.analysis import analyze
from posecoach.motion import Motion
from posecoach.reference.sequence import Sequence
from sameness import check_mirrored, check_same

HERE = Path(__file__).parents[1] / "readers" / "keraal"
TRACKERS = {"picture": ("openpose", "blazepose"), "space": ("kinect", "kinect")}
STOOD_S, RATE = 1.5, 10.0


def read(name):
    """Return points in the tracker's units, and the joints' names."""
    with np.load(HERE / f"{name}.npz") as z:
        points, joints = z["points"].astype(float), [str(j) for j in z["joints"]]
        if "picture_size" in z.files:
            points = points[..., :2] * z["picture_size"]
    return points, joints


def make(name, points, times, joints):
    # BlazePose saw a mirrored picture.
    return Motion.from_points(points, times, joints, mirrored=name == "blazepose")


def turn(points, axes, degrees):
    """Return points turned in the plane of two axes."""
    a, out = np.radians(degrees), points.copy()
    u, v = (points[..., k] for k in axes)
    out[..., axes[0]] = np.cos(a) * u - np.sin(a) * v
    out[..., axes[1]] = np.sin(a) * u + np.cos(a) * v
    return out


@cache
def student(kind):
    """Return points, names and times of whoever is judged, quiet standing before."""
    points, joints = read(TRACKERS[kind][1])
    if kind == "space":  # the left arm is lower
        shoulder = points[:, [joints.index("ShoulderLeft")]]
        arm = [joints.index(j) for j in ("ElbowLeft", "WristLeft")]
        points[:, arm] = turn(points[:, arm] - shoulder, (0, 1), 6.0) + shoulder
    stood = np.repeat(points[:1], round(STOOD_S * RATE), axis=0)
    points = np.concatenate([stood, points])
    return points, joints, np.arange(len(points)) / RATE


@cache
def teacher(kind, mirrored=False):
    points, joints = read(TRACKERS[kind][0])
    motion = make(TRACKERS[kind][0], points, np.arange(len(points)) / RATE, joints)
    return Sequence.from_takes([motion.mirrored() if mirrored else motion])


def judge(kind, points, times, mirrored=False):
    motion = make(TRACKERS[kind][1], points, times, student(kind)[1])
    return analyze(motion.mirrored() if mirrored else motion, teacher(kind, mirrored))


@cache
def plain(kind):
    points, _, times = student(kind)
    return judge(kind, points, times)


def test_the_plain_ones_say_something():
    judged = {
        kind: {n for n, m in plain(kind).repetitions[0].measures.items() if m.judged}
        for kind in TRACKERS
    }
    assert {"tempo_ratio", "lateral_lean", "sway"} <= judged["picture"] & judged["space"]
    assert {"carriage.trunk", "carriage.arms"} <= judged["space"]


@pytest.mark.parametrize("kind", TRACKERS)
def test_in_the_mirror(kind):
    points, _, times = student(kind)
    check_mirrored(judge(kind, points, times, mirrored=True), plain(kind))


@given(
    kind=st.sampled_from(sorted(TRACKERS)),
    unit=st.sampled_from([0.001, 1.0, 250.0]),
    move=st.floats(-3, 3),
    fps=st.floats(10, 60),
    roll=st.floats(-8, 8),
    heading=st.floats(-180, 180),
)
@settings(deadline=None, max_examples=5)
def test_other_units_places_rates_and_cameras(kind, unit, move, fps, roll, heading):
    points, _, times = student(kind)
    # The depth camera's wrist jumps for a second and a half: between its frames nothing is known.
    at = np.arange(0.0, times[-1], 1 / fps) if kind == "picture" else times
    points = CubicSpline(times, points)(at)  # ten frames a second are too few for straight lines
    # A picture's camera is rolled; in space it stands elsewhere.
    points = turn(points, (0, 1), roll) if kind == "picture" else turn(points, (0, 2), heading)
    check_same(judge(kind, unit * (points + move), at), plain(kind))
