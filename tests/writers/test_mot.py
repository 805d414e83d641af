import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import heavens, make_motion
from posecoach.errors import InputError, UsageError
from posecoach.readers import read_recording
from posecoach.readers.mot import read_mot
from posecoach.reference.sequence import take_of
from posecoach.writers import write_mot
from posecoach.writers.mot import MOT_COLUMNS, compute_angles
from some_takes import is_one_line_about, takes, told

FUZZ = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CALIBRATION = take_of(
    make_motion(np.arange(60) / 20, heavens(np.arange(60) / 20, np.arange(60) / 20))
).calibration


@given(take=takes())
@FUZZ
def test_there_and_back(take, tmp_path):
    got = read_mot(write_mot(take, CALIBRATION, tmp_path / "t.mot"))
    assert got.names == MOT_COLUMNS
    assert got.degrees
    np.testing.assert_allclose(got.time_s, take.time_s - take.time_s[0], atol=1e-6)
    np.testing.assert_allclose(got.values, compute_angles(take, CALIBRATION), atol=1e-6)


def test_the_angles_are_those_of_the_figure(tmp_path):
    """Lean to the left is plus, the left shoulder lower is plus, arms over the head are up."""
    time_s = np.arange(300) / 30
    lean = np.where((time_s > 3) & (time_s < 7), 8.0, 0.0)
    take = take_of(make_motion(time_s, heavens(time_s, time_s, lean=lean, tilt=lean / 2)))
    got = read_mot(write_mot(take.motion, take.calibration, tmp_path / "t.mot"))
    table = dict(zip(got.names, got.values.T, strict=True))
    at = int(np.argmin(np.abs(got.time_s - 5)))
    assert table["lateral_lean"][at] == pytest.approx(8.0, abs=0.2)
    assert table["shoulder_tilt"][at] == pytest.approx(4.0, abs=0.2)
    assert table["left_arm_elevation"][at] > 160
    assert table["right_elbow_angle"][at] > 160


def test_by_the_letter(motion, tmp_path):
    """Read with nothing of posecoach: what OpenSim's readers ask for."""
    lines = write_mot(motion, CALIBRATION, tmp_path / "my take.mot").read_text().split("\n")
    end = lines.index("endheader")
    head = dict(line.split("=") for line in lines[:end] if "=" in line)
    assert lines[0] == "my take"
    assert head == {"version": "1", "nRows": "80", "nColumns": "14", "inDegrees": "yes"}
    table = np.genfromtxt(lines[end + 2 : -1], delimiter="\t")
    assert lines[end + 1].split("\t") == ["time", *MOT_COLUMNS]
    assert table.shape == (80, 14)
    assert (np.diff(table[:, 0]) > 0).all()
    assert np.isnan(table[21, 1:]).all()


OTHERS = """\
subject01_walk1_ik.mot
version=1
nRows=2
nColumns=3
inDegrees=no

endheader
time\tpelvis_tilt\thip_flexion_r
0.50000000\t 0.0100\t-0.5
0.51666667\t 0.0110\t-0.6
"""


def test_of_other_programs(tmp_path):
    (tmp_path / "x.mot").write_text(OTHERS)
    got = read_mot(tmp_path / "x.mot")
    assert got.names == ("pelvis_tilt", "hip_flexion_r")
    assert not got.degrees
    np.testing.assert_allclose(got.values, [[0.01, -0.5], [0.011, -0.6]])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("endheader", "", "endheader"),
        ("time\t", "x\t", "'time'"),
        ("-0.5", "wide", "line 9"),
        ("-0.5", "1\t2", "line 9"),
        ("0.51666667", "0.5", "grow"),
        ("0.51666667", "nan", "grow"),
    ],
)
def test_a_wrong_one_is_told(tmp_path, old, new, words):
    (tmp_path / "x.mot").write_text(OTHERS.replace(old, new, 1))
    with pytest.raises(InputError, match=words):
        read_mot(tmp_path / "x.mot")


@given(data=st.binary(max_size=300), at=st.floats(0, 1))
@FUZZ
def test_any_damage_is_told_in_one_line(motion, tmp_path, data, at):
    path = write_mot(motion.cut(0, 1), CALIBRATION, tmp_path / "x.mot")
    sound = path.read_bytes()
    spot = int(at * len(sound))
    path.write_bytes(sound[:spot] + data + sound[spot:])
    assert is_one_line_about(told(read_mot, path), path)


def test_angles_are_no_recording(motion, tmp_path):
    path = write_mot(motion, CALIBRATION, tmp_path / "x.mot")
    with pytest.raises(InputError, match=r"angles and no points"):
        read_recording(path)
    with pytest.raises(UsageError):
        write_mot(motion, CALIBRATION, path, rate_hz=0.1)
