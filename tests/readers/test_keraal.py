"""Three trackers, one real motion: the sides and the values must agree (see keraal/README.md)."""

from pathlib import Path

import numpy as np
import pytest

from posecoach.body import SHOULDERS
from posecoach.posture.angles import (
    compute_arm_elevation,
    compute_lateral_lean,
    compute_line_tilt,
)
from posecoach.readers import compare_sides, read_recording

HERE = Path(__file__).parent / "keraal"
MOTIONS = {
    "blazepose": read_recording(HERE / "blazepose.npz", mirrored=True),
    "openpose": read_recording(HERE / "openpose.npz"),
    "kinect": read_recording(HERE / "kinect.npz"),
}


@pytest.mark.parametrize("name", MOTIONS)
def test_the_right_arm_goes_first_and_the_trunk_to_the_left(name):
    m = MOTIONS[name]
    arms = compute_arm_elevation(m.plane(), m.world)
    lean = compute_lateral_lean(m.plane())
    first = m.time_s < 3.4
    assert np.nanmax(arms[first, 1]) > np.nanmax(arms[first, 0]) + 30
    assert np.nanmax(lean[first]) > 15
    assert np.nanmin(lean[~first]) < -15
    assert np.nanargmax(lean) < np.nanargmin(lean)


@pytest.mark.parametrize("other", ["openpose", "kinect"])
def test_the_mirrored_recording_is_noticed(other):
    as_it_is = read_recording(HERE / "blazepose.npz")
    assert compare_sides(as_it_is, MOTIONS[other]).agree is False
    assert compare_sides(MOTIONS["blazepose"], MOTIONS[other]).agree is True


def test_the_two_that_see_the_same_picture_agree_in_degrees():
    """OpenPose and BlazePose after the mend, to within what two models differ by."""
    a, b = MOTIONS["blazepose"].plane(), MOTIONS["openpose"].plane()
    lean = np.abs(compute_lateral_lean(a) - compute_lateral_lean(b))
    tilt = np.abs(compute_line_tilt(a, SHOULDERS) - compute_line_tilt(b, SHOULDERS))
    assert np.nanmedian(lean) < 1.5
    assert np.nanmedian(tilt) < 3.0


def test_kinect_sees_the_same_lean():
    a = compute_lateral_lean(MOTIONS["kinect"].plane())
    b = compute_lateral_lean(MOTIONS["openpose"].plane())
    ok = np.isfinite(a) & np.isfinite(b)
    assert np.corrcoef(a[ok], b[ok])[0, 1] > 0.97
