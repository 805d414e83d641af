from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trc import TRCData

from figures import heavens, make_motion
from posecoach.body import BLAZEPOSE_33, INDEX
from posecoach.errors import InputError, UsageError
from posecoach.posture.signals import compute_signals
from posecoach.readers import read_recording
from posecoach.readers.trc import read_trc
from posecoach.reference.sequence import take_of
from posecoach.writers import write_trc
from posecoach.writers.trc import from_opensim, to_opensim
from some_takes import is_one_line_about, takes, told

FUZZ = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(take=takes(), units=st.sampled_from(["m", "mm"]))
@FUZZ
def test_there_and_back(take, units, tmp_path):
    if not np.isfinite(take.world).any():
        return
    got = read_trc(write_trc(take, tmp_path / "t.trc", units=units))
    assert got.names == BLAZEPOSE_33
    np.testing.assert_allclose(got.time_s, take.time_s - take.time_s[0], atol=1e-6)
    np.testing.assert_allclose(from_opensim(got.points), take.world, atol=1e-6)


def parse_trc(path: Path):
    """Read a TRC by the letter of its description, with nothing of posecoach."""
    lines = path.read_bytes().decode("ascii").split("\n")
    kind, number, axes, name = lines[0].split("\t")
    assert (kind, number, axes, name) == ("PathFileType", "4", "(X/Y/Z)", path.name)
    head = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    fields = lines[3].split("\t")
    assert fields[:2] == ["Frame#", "Time"]
    names = fields[2::3]
    assert all(f == "" for k, f in enumerate(fields[2:]) if k % 3)
    marks = lines[4].split("\t")
    assert marks[:2] == ["", ""]
    assert marks[2:] == [f"{a}{k + 1}" for k in range(len(names)) for a in "XYZ"]
    assert lines[5] == ""
    assert lines[-1] == ""
    assert all(row.endswith("\t") for row in lines[6:-1])
    table = np.genfromtxt([row[:-1] for row in lines[6:-1]], delimiter="\t")
    assert table.shape == (int(head["NumFrames"]), 2 + 3 * int(head["NumMarkers"]))
    np.testing.assert_array_equal(table[:, 0], np.arange(1, len(table) + 1))
    points = table[:, 2:].reshape(len(table), -1, 3)
    return head, names, table[:, 1], points


@pytest.mark.parametrize("units", ["m", "mm"])
def test_trc_by_an_independent_parse(motion, tmp_path, units):
    head, names, time_s, points = parse_trc(write_trc(motion, tmp_path / "t.trc", units=units))
    assert tuple(names) == BLAZEPOSE_33
    assert head["Units"] == units
    assert float(head["DataRate"]) == pytest.approx(motion.fps, rel=1e-5)
    np.testing.assert_allclose(time_s, motion.time_s, atol=1e-6)
    metres = points * {"m": 1.0, "mm": 0.001}[units]
    np.testing.assert_allclose(from_opensim(metres), motion.world, atol=1e-6)
    assert np.isnan(points[30, INDEX["left_wrist"]]).all()


@pytest.mark.parametrize("units", ["m", "mm"])
def test_trc_by_a_reader_of_others(motion, tmp_path, units):
    """Names, units, times and points, as a published reader of OpenSim's TRC sees them."""
    data = TRCData()
    data.load(str(write_trc(motion, tmp_path / "t.trc", units=units)))
    assert tuple(data["Markers"]) == BLAZEPOSE_33
    assert (data["NumFrames"], data["NumMarkers"]) == (len(motion), 33)
    assert (data["Units"], data["DataRate"]) == (units, pytest.approx(motion.fps, rel=1e-5))
    np.testing.assert_allclose(data["Time"], motion.time_s, atol=1e-6)
    points = np.array([data[k + 1][1] for k in range(len(motion))], float)
    metres = points * {"m": 1.0, "mm": 0.001}[units]
    # Where one marker of a frame is missing this reader moves up the others; OpenSim does not.
    whole = np.isfinite(motion.world).all(axis=(1, 2)) | np.isnan(motion.world).all(axis=(1, 2))
    assert whole.sum() == len(motion) - 1
    np.testing.assert_allclose(from_opensim(metres)[whole], motion.world[whole], atol=1e-6)


def test_trc_axes_are_opensim_s():
    """X forward, Y up, Z to the right; a right-handed turn of what the tracker gives."""
    time_s = np.arange(10) / 10
    world = make_motion(time_s, heavens(time_s, time_s)).world
    p = to_opensim(world)[0]
    assert p[INDEX["nose"], 1] > p[INDEX["left_hip"], 1] > p[INDEX["left_ankle"], 1]
    assert p[INDEX["right_shoulder"], 2] > p[INDEX["left_shoulder"], 2]
    assert p[INDEX["left_foot_index"], 0] > p[INDEX["left_heel"], 0]
    assert np.linalg.det(to_opensim(np.eye(3))) == pytest.approx(1.0)
    np.testing.assert_array_equal(from_opensim(to_opensim(world)), world)


def test_trc_at_an_even_rate(motion, tmp_path):
    _, _, time_s, points = parse_trc(write_trc(motion, tmp_path / "t.trc", rate_hz=50))
    np.testing.assert_allclose(np.diff(time_s), 0.02, atol=2e-6)
    assert time_s[-1] == pytest.approx(motion.time_s[-1], abs=0.02)
    hips = to_opensim(motion.world)[:, INDEX["left_knee"]]
    k = int(np.argmin(np.abs(time_s - motion.time_s[60])))
    np.testing.assert_allclose(points[k, INDEX["left_knee"]], hips[60], atol=0.02)
    gap = (time_s > motion.time_s[20]) & (time_s < motion.time_s[23])
    assert np.isnan(points[gap]).all()


def test_a_take_from_trc_moves_like_the_one_it_was_made_of(tmp_path):
    time_s = np.arange(300) / 30
    made = make_motion(time_s, heavens(time_s, time_s, tilt=3.0))
    got = read_recording(write_trc(made, tmp_path / "t.trc"))
    own, ref = (compute_signals(m.plane(), m.world, take_of(m).calibration) for m in (got, made))
    np.testing.assert_allclose(own.elevation, ref.elevation, atol=3.0)
    np.testing.assert_allclose(own.shoulder_tilt, ref.shoulder_tilt, atol=0.5)
    assert not got.deep  # a pose model guessed its depth


OTHERS = """\
PathFileType\t4\t(X/Y/Z)\twalk.trc
DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames
100.00\t100.00\t3\t2\tmm\t100.00\t1\t3
Frame#\tTime\tRASI\t\t\tLASI\t\t\t
\t\tX1\tY1\tZ1\tX2\tY2\tZ2\t
1\t0.00000\t1000.0\t2000.0\t3000.0\t4000.0\t5000.0\t6000.0\t
2\t0.01000\t\t\t\t4000.0\t5000.0\t6000.0\t
3\t0.02000\t1000.0\t2000.0\t3000.0
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_trc_of_other_programs(tmp_path, ends):
    """Millimetres, no empty line, tabs at the ends, missing markers at the end of a row."""
    path = tmp_path / "walk.trc"
    path.write_bytes(OTHERS.replace("\n", ends).encode())
    got = read_trc(path)
    assert got.names == ("RASI", "LASI")
    assert got.rate_hz == 100.0
    np.testing.assert_allclose(got.points[0], [[1, 2, 3], [4, 5, 6]])
    assert np.isnan(got.points[1, 0]).all()
    assert np.isnan(got.points[2, 1]).all()
    with pytest.raises(InputError, match=r"walk\.trc"):
        read_recording(path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("PathFileType", "Path", "does not begin"),
        ("\tmm\t", "\tyards\t", "in m, cm or mm"),
        ("\t2\tmm", "\t3\tmm", "2 names, 3 markers"),
        ("\t2\tmm", "\tmany\tmm", "NumMarkers"),
        ("100.00\t100.00\t3", "fast\t100.00\t3", "DataRate"),
        ("0.01000", "0.00000", "grow"),
        ("0.01000", "nan", "grow"),
        ("0.01000", "", "line 7"),
        ("\t6000.0\t\n2", "\tfar\t\n2", "line 6"),
    ],
)
def test_a_wrong_trc_is_told(tmp_path, old, new, words):
    assert old in OTHERS
    (tmp_path / "x.trc").write_text(OTHERS.replace(old, new, 1))
    with pytest.raises(InputError, match=words) as error:
        read_trc(tmp_path / "x.trc")
    assert str(error.value).isprintable()


@given(data=st.binary(max_size=300), at=st.floats(0, 1))
@FUZZ
def test_any_damage_is_told_in_one_line(motion, tmp_path, data, at):
    path = write_trc(motion.cut(0, 1), tmp_path / "x.trc")
    sound = path.read_bytes()
    spot = int(at * len(sound))
    path.write_bytes(sound[:spot] + data + sound[spot:])
    for read in (read_trc, read_recording):
        assert is_one_line_about(told(read, path), path)


def test_what_cannot_be_written(motion, tmp_path):
    flat = replace(motion, world=np.full_like(motion.world, np.nan))
    with pytest.raises(InputError, match="in the picture alone"):
        write_trc(flat, tmp_path / "x.trc")
    for wrong in ({"units": "ft"}, {"rate_hz": 0.0}, {"rate_hz": float("nan")}):
        with pytest.raises(UsageError):
            write_trc(motion, tmp_path / "x.trc", **wrong)
