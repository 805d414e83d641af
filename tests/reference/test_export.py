import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import Figure, bow, heavens, make_motion
from posecoach.body import BLAZEPOSE_33, INDEX
from posecoach.errors import InputError, PosecoachError, UsageError
from posecoach.posture.signals import compute_signals
from posecoach.reference.export import (
    CSV_COLUMNS,
    export_takes,
    from_opensim,
    load_trc,
    read_csv,
    read_trc,
    to_opensim,
    write_csv,
    write_trc,
)
from posecoach.reference.files import load_sequence
from posecoach.reference.library import get_shipped_folder
from posecoach.reference.sequence import take_of

ARRAYS = ("time_s", "image", "world", "visibility", "presence")
FUZZ = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def motion():
    """Return an uneven take with gaps, as it would be after storing."""
    times = np.sort(np.random.default_rng(3).uniform(0, 10, 80))
    times[0] = 0.0
    made = make_motion(times, bow(times, times), Figure(noise=0.004))
    arrays = {k: getattr(made, k).astype(np.float32).astype(float) for k in ARRAYS[1:]}
    arrays["image"][20:24] = np.nan
    arrays["world"][20:24] = np.nan
    arrays["world"][30, 15] = np.nan
    arrays["visibility"][20:24] = 0.0
    return replace(made, **arrays, width=1280.0, height=720.0, source="raise.mp4")


def test_csv_gives_the_very_same_take(motion, tmp_path):
    got = read_csv(write_csv(motion, tmp_path / "take.csv"))
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(got, name), getattr(motion, name))
    assert (got.width, got.height) == (1280.0, 720.0)


def test_csv_for_other_programs(motion, tmp_path):
    """Read by the standard library alone, by the names of the columns."""
    with write_csv(motion, tmp_path / "take.csv").open(newline="") as f:
        rows = list(csv.DictReader(f))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == len(motion)
    at = INDEX["left_wrist"]
    for k in (0, 40, 79):
        assert float(rows[k]["time_s"]) == motion.time_s[k]
        assert float(rows[k]["left_wrist_image_y"]) == pytest.approx(motion.image[k, at, 1])
        assert float(rows[k]["left_wrist_world_z"]) == pytest.approx(motion.world[k, at, 2])
    assert rows[21]["nose_image_x"] == ""
    assert rows[30]["left_wrist_world_x"] == ""
    assert "raise.mp4" not in (tmp_path / "take.csv").read_text()


def test_csv_with_columns_moved_and_added(motion, tmp_path):
    with write_csv(motion, tmp_path / "take.csv").open(newline="") as f:
        rows = list(csv.reader(f))
    with (tmp_path / "moved.csv").open("w", newline="", encoding="utf-8-sig") as f:
        csv.writer(f, lineterminator="\r\n").writerows([*row[::-1], "x"] for row in rows)
    got = read_csv(tmp_path / "moved.csv")
    np.testing.assert_array_equal(got.image, motion.image)


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
    table = np.genfromtxt(lines[6:-1], delimiter="\t")
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


def test_trc_read_back(motion, tmp_path):
    got = read_trc(write_trc(motion, tmp_path / "t.trc"))
    assert got.names == BLAZEPOSE_33
    np.testing.assert_allclose(got.time_s, motion.time_s, atol=1e-6)
    np.testing.assert_allclose(got.points, to_opensim(motion.world), atol=1e-6)


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
    got = load_trc(write_trc(made, tmp_path / "t.trc"))
    own, ref = (compute_signals(m.plane(), m.world, take_of(m).calibration) for m in (got, made))
    np.testing.assert_allclose(own.elevation, ref.elevation, atol=3.0)
    np.testing.assert_allclose(own.shoulder_tilt, ref.shoulder_tilt, atol=0.5)


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
        load_trc(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
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
def test_a_wrong_trc_is_told(tmp_path, old, new, told):
    assert old in OTHERS
    (tmp_path / "x.trc").write_text(OTHERS.replace(old, new, 1))
    with pytest.raises(InputError, match=told) as error:
        read_trc(tmp_path / "x.trc")
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.replace("nose_image_x", "nose", 1), "'nose_image_x' and 0 more"),
        (lambda t: t.split("\n")[0], "1 to .* frames"),
        (lambda t: "", "columns"),
        (lambda t: t.replace("1280.0", "640.0", 1), "width and height"),
        (lambda t: t.replace("1280.0", "wide", 1), "line 2"),
        (lambda t: "\n".join(t.split("\n")[:5]) + "\n1,2,3\n", "line 6"),
        (lambda t: t + t.split("\n")[1] + "\n", "grow"),
        (lambda t: t + "x" * 200_000, "line"),
    ],
)
def test_a_wrong_csv_is_told(motion, tmp_path, change, told):
    path = write_csv(motion, tmp_path / "x.csv")
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=told) as error:
        read_csv(path)
    assert str(error.value).isprintable()


@given(data=st.binary(max_size=300), at=st.floats(0, 1), kind=st.sampled_from(["csv", "trc"]))
@FUZZ
def test_any_damage_is_told_in_one_line(motion, tmp_path, data, at, kind):
    path = tmp_path / f"x.{kind}"
    export_takes([motion.cut(0, 1)], tmp_path, "x", [kind])
    sound = (tmp_path / f"x-1.{kind}").read_bytes()
    spot = int(at * len(sound))
    path.write_bytes(sound[:spot] + data + sound[spot:])
    for read in (read_csv, read_trc, load_trc):
        assert "\n" not in tell(read, path)


def tell(read, path) -> str:
    try:
        read(path)
    except PosecoachError as error:
        return str(error)
    return ""


def test_what_cannot_be_written(motion, tmp_path):
    flat = replace(motion, world=np.full_like(motion.world, np.nan))
    with pytest.raises(InputError, match="in the picture alone"):
        write_trc(flat, tmp_path / "x.trc")
    for wrong in ({"units": "ft"}, {"rate_hz": 0.0}, {"rate_hz": float("nan")}):
        with pytest.raises(UsageError):
            write_trc(motion, tmp_path / "x.trc", **wrong)
    with pytest.raises(InputError, match="Expected to write"):
        write_csv(motion, tmp_path / "no" / "x.csv")
    with pytest.raises(UsageError, match="csv, trc"):
        export_takes([motion], tmp_path, "x", ["pdf"])
    with pytest.raises(InputError, match="Expected to read"):
        read_csv(tmp_path / "none.csv")


def test_shipped_forms_are_exported_and_read_back(tmp_path):
    for folder in get_shipped_folder().glob("*/"):
        form = load_sequence(folder)
        made = export_takes([t.motion for t in form.takes], tmp_path / "out", form.id)
        assert len(made) == 2 * len(form.takes)
        first = form.takes[0].motion
        got = read_csv(tmp_path / "out" / f"{form.id}-1.csv")
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(got, name), getattr(first, name))
        points = read_trc(tmp_path / "out" / f"{form.id}-1.trc").points
        np.testing.assert_allclose(from_opensim(points), first.world, atol=1e-6)
