"""Exported takes as movement and OpenSim see them.

They live in an environment of their own (``make formats``): together they weigh 2 GB, and movement
brings another OpenCV. Where that environment is not there, these tests are skipped.
"""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from figures import heavens, make_motion
from posecoach.body import BLAZEPOSE_33, INDEX
from posecoach.reference.sequence import take_of
from posecoach.writers import write_mot, write_netcdf, write_trc
from posecoach.writers.mot import MOT_COLUMNS, compute_angles
from posecoach.writers.trc import to_opensim

ROOT = Path(__file__).parents[2]
PYTHON = Path(
    os.environ.get("POSECOACH_FORMATS_PYTHON", ROOT / ".venv" / "formats" / "bin" / "python")
)
pytestmark = pytest.mark.skipif(
    not PYTHON.is_file(), reason="other programs are not installed: make formats"
)
CALIBRATION = take_of(
    make_motion(np.arange(60) / 20, heavens(np.arange(60) / 20, np.arange(60) / 20))
).calibration


@pytest.fixture(scope="module")
def seen(motion, even, tmp_path_factory):
    """Return what the other programs say."""
    folder = tmp_path_factory.mktemp("outside")
    write_netcdf(motion, folder / "take.nc")
    write_netcdf(even, folder / "even.nc")
    write_trc(motion, folder / "take.trc")
    write_mot(motion, CALIBRATION, folder / "take.mot")
    script = Path(__file__).with_name("outside.py")
    done = subprocess.run(
        [PYTHON, script, folder, folder / "out.json"],
        cwd=folder,  # OpenSim leaves a log where it runs
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads((folder / "out.json").read_text())


def test_movement(motion, even, seen):
    got = seen["movement"]
    assert tuple(got["keypoints"]) == BLAZEPOSE_33
    assert got["space"] == ["x", "y"]
    assert (got["fps"], got["time_unit"]) == (None, "seconds")
    np.testing.assert_array_equal(got["time"], motion.time_s)
    expected = motion.image[:, INDEX["left_wrist"], :2] * [1280, 720]
    np.testing.assert_allclose(np.array(got["left_wrist"], float), expected)
    np.testing.assert_array_equal(got["confidence"], motion.visibility)
    found = np.isfinite(motion.image[..., :2]) & (motion.visibility >= 0.5)[..., None]
    assert got["sure"] == found.sum()
    assert seen["movement_even"]["fps"] == 25.0
    assert len(seen["movement_even"]["time"]) == len(even)


def test_movement_s_speed_goes_by_the_real_times(motion, seen):
    x = motion.image[:, INDEX["left_wrist"], :2] * [1280, 720]
    speed = np.linalg.norm(np.gradient(x, motion.time_s, axis=0), axis=1)
    np.testing.assert_allclose(np.array(seen["movement"]["speed"], float)[40:70], speed[40:70])


def test_opensim(motion, seen):
    got = seen["opensim"]
    assert tuple(got["labels"]) == BLAZEPOSE_33
    assert got["units"] == "m"
    np.testing.assert_allclose(got["time"], motion.time_s, atol=1e-6)
    expected = to_opensim(motion.world)[:, INDEX["right_knee"]]
    np.testing.assert_allclose(np.array(got["right_knee"], float), expected, atol=1e-6)
    assert got["degrees"]
    assert tuple(got["angles"]) == MOT_COLUMNS
    lean = compute_angles(motion, CALIBRATION)[:, MOT_COLUMNS.index("lateral_lean")]
    np.testing.assert_allclose(np.array(got["lateral_lean"], float), lean, atol=1e-6)
