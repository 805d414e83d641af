import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure, heavens, make_motion
from posecoach.body import INDEX
from posecoach.posture.calibration import calibrate
from posecoach.posture.shoulders import READ, estimate_shoulder_tilt, find_read_share
from posecoach.posture.signals import compute_signals

angle = st.floats(-15, 15)


def read(lean, tilt, share, mouth=True):
    """Return the tilt told of a figure whose shoulders a tracker reads at a share."""
    at = np.zeros(5)
    stand = make_motion(np.arange(5), heavens(at, at))
    m = make_motion(np.arange(5), heavens(at, at, lean=lean, tilt=tilt), Figure(read=share))
    plane = m.plane()
    if not mouth:
        plane[:, [INDEX["mouth_left"], INDEX["mouth_right"]]] = np.nan
    calibration = calibrate(stand.plane(), stand.world, 1.0)
    return float(compute_signals(plane, m.world, calibration).shoulder_tilt[0])


@given(lean=angle, tilt=angle)
@settings(deadline=None, max_examples=25)
def test_what_one_model_reads_too_small_is_made_good_and_others_are_believed(lean, tilt):
    assert read(lean, tilt, READ) == pytest.approx(tilt, abs=1e-6)
    assert read(lean, tilt, 1.0, mouth=False) == pytest.approx(tilt, abs=1e-6)


@given(lean=angle, line=angle)
@settings(deadline=None)
def test_a_mirror_turns_the_sign_and_what_goes_with_the_trunk_stays(lean, line):
    here = estimate_shoulder_tilt(np.array(line), np.array(lean), READ)
    there = estimate_shoulder_tilt(np.array(-line), np.array(-lean), READ)
    assert here == pytest.approx(-there)
    assert estimate_shoulder_tilt(np.array(lean), np.array(lean), READ) == pytest.approx(lean)
    assert abs(here - lean) >= abs(line - lean)


def test_the_kind_of_tracker_is_told_by_the_mouth():
    plane = np.zeros((3, 33, 2))
    assert find_read_share(plane) == READ
    plane[:, [INDEX["mouth_left"], INDEX["mouth_right"]]] = np.nan
    assert find_read_share(plane) == 1.0
