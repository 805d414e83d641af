import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.io import netcdf_file

from posecoach.body import BLAZEPOSE_33, INDEX
from posecoach.errors import InputError
from posecoach.readers import read_recording
from posecoach.writers import write_netcdf
from some_takes import is_one_line_about, takes, told

MOVEMENT = Path(__file__).parents[1] / "readers" / "movement" / "movement.nc"
FUZZ = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ARRAYS = ("time_s", "image", "world", "visibility", "presence")


@given(take=takes())
@FUZZ
def test_the_very_same_take_comes_back(take, tmp_path):
    got = read_recording(write_netcdf(take, tmp_path / "take.nc"))
    for name in ARRAYS:
        expected = getattr(take, name)
        np.testing.assert_array_equal(getattr(got, name), expected, err_msg=name)
    assert (got.width, got.height) == (take.width, take.height)


def test_laid_out_as_movement_does(motion, tmp_path):
    """Read by scipy alone; what movement itself says is in test_outside.py."""
    with netcdf_file(write_netcdf(motion, tmp_path / "take.nc"), mmap=False) as file:
        assert file.variables["position"].dimensions == (
            "time", "space", "keypoints", "individuals",
        )  # fmt: skip
        assert file.variables["confidence"].dimensions == ("time", "keypoints", "individuals")
        names = [b"".join(row).decode().rstrip("\0") for row in file.variables["keypoints"].data]
        assert tuple(names) == BLAZEPOSE_33
        position = file.variables["position"].data
        at = INDEX["left_wrist"]
        np.testing.assert_allclose(position[40, :, at, 0], motion.image[40, at, :2] * [1280, 720])
        assert np.isnan(position[21]).all()
        np.testing.assert_array_equal(file.variables["time"].data, motion.time_s)
        assert file.ds_type == b"poses"
        assert file.time_unit == b"seconds"
        assert not hasattr(file, "fps")  # its times are not even
        assert b"raise.mp4" not in Path(tmp_path / "take.nc").read_bytes()


def test_the_rate_is_said_where_there_is_one(even, tmp_path):
    with netcdf_file(write_netcdf(even, tmp_path / "take.nc"), mmap=False) as file:
        assert file.fps == 25.0


def test_a_file_of_movement(tmp_path):
    """NetCDF-4, compressed, two individuals: the one seen most, in its own sides."""
    got = read_recording(MOVEMENT)
    assert len(got) == 280
    assert got.fps == pytest.approx(20)
    assert got.found.all()
    assert got.image[5, INDEX["left_shoulder"], 0] > got.image[5, INDEX["right_shoulder"], 0]
    assert got.visibility[20, INDEX["left_wrist"]] == pytest.approx(0.9)
    assert got.visibility[20, INDEX["left_heel"]] == 0
    up = got.image[:, INDEX["left_wrist"], 1] < got.image[:, INDEX["nose"], 1]
    assert up.any()
    assert not up.all()


def test_without_pyfive_it_is_said_what_to_do(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyfive", None)
    with pytest.raises(InputError, match=r"posecoach\[netcdf\]"):
        read_recording(MOVEMENT)


def write_classic(path, position, **more):
    """Write what another program could: plain names, any order of dimensions."""
    names = more.pop("names", ("left_shoulder", "right_shoulder", "left_hip", "right_hip"))
    dimensions = more.pop("dimensions", ("time", "space", "keypoints", "individuals"))
    with netcdf_file(path, "w") as file:
        for name, size in zip(dimensions, position.shape, strict=True):
            file.createDimension(name, size)
        file.createDimension("letters", 20)
        sizes = dict(zip(dimensions, position.shape, strict=True))
        for name, labels in (
            ("space", more.pop("space", "xyz"[: sizes["space"]])),
            ("keypoints", names),
            ("individuals", [f"id_{k}" for k in range(sizes["individuals"])]),
        ):
            rows = np.array([list(label.ljust(20, "\0")) for label in labels], dtype="S1")
            file.createVariable(name, "c", (name, "letters"))[:] = rows
        times = more.pop("time", np.arange(sizes["time"]) / 10)
        file.createVariable("time", "f8", ("time",))[:] = times
        file.createVariable("position", "f8", dimensions)[:] = position
        for key, value in more.items():
            setattr(file, key, value)
    return path


@pytest.fixture
def position():
    spots = np.array([[250.0, 100.0], [150.0, 100.0], [230.0, 300.0], [170.0, 300.0]])
    return np.broadcast_to(spots.T[None, ..., None], (12, 2, 4, 1)).copy()


def test_frames_instead_of_seconds(position, tmp_path):
    times = np.arange(12.0) + 100
    path = write_classic(tmp_path / "x.nc", position, time=times, time_unit=b"frames", fps=24.0)
    assert read_recording(path).fps == pytest.approx(24.0)
    path = write_classic(tmp_path / "x.nc", position, time=times, time_unit=b"frames")
    with pytest.raises(InputError, match="has none"):
        read_recording(path)
    assert read_recording(path, rate_hz=12).fps == pytest.approx(12.0)


def test_dimensions_in_another_order(position, tmp_path):
    path = write_classic(
        tmp_path / "x.nc",
        position.transpose(3, 2, 1, 0),
        dimensions=("individuals", "keypoints", "space", "time"),
    )
    straight = write_classic(tmp_path / "y.nc", position)
    np.testing.assert_array_equal(read_recording(path).image, read_recording(straight).image)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"space": "xq"}, "space"),
        ({"names": ("a", "b", "c", "d")}, "left and right shoulder"),
        ({"time": np.full(12, 3.0)}, "times that grow"),
        ({"time": np.full(12, np.nan)}, "finite times"),
        ({"time": -np.arange(12.0)}, "times that grow"),
        ({"schema": b"posecoach.take/2"}, "update posecoach"),
        ({"schema": b"posecoach.take/1"}, "33 points"),
    ],
)
def test_what_is_wrong_is_told(position, tmp_path, more, words):
    path = write_classic(tmp_path / "x.nc", position, **more)
    with pytest.raises(InputError, match=words) as error:
        read_recording(path)
    assert str(error.value).isprintable()


class Files(dict):
    """Whole files by version; hypothesis would print all of their bytes."""

    def __repr__(self):
        return "whole files"


@pytest.fixture(scope="module")
def sound(tmp_path_factory, even):
    small = write_netcdf(even.cut(0, 0.2), tmp_path_factory.mktemp("nc") / "x.nc").read_bytes()
    return Files({"3": small, "4": MOVEMENT.read_bytes()})


@given(
    version=st.sampled_from(["3", "4"]),
    at=st.floats(0, 1),
    cut=st.booleans(),
    data=st.one_of(
        st.binary(max_size=12),
        st.sampled_from([b"\xff" * 8, b"\0" * 8, b"\x7f\xff\xff\xff", struct.pack("<q", 2**40)]),
    ),
)
@settings(FUZZ, max_examples=150)
def test_any_damage_is_told_in_one_line(sound, tmp_path, version, at, cut, data):
    """Cut off, written over, or longer: a motion, or one line."""
    whole = sound[version]
    # Most of what can be wrong is in the first bytes: counts, sizes, offsets.
    spot = int(at * (6000 if len(data) != 12 else len(whole)))
    (tmp_path / "x.nc").write_bytes(
        whole[:spot] + data + (b"" if cut else whole[spot + len(data) :])
    )
    assert is_one_line_about(told(read_recording, tmp_path / "x.nc"), tmp_path / "x.nc")
