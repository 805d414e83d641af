import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pose_format import Pose
from pose_format.numpy import NumPyPoseBody
from pose_format.pose_header import PoseHeader, PoseHeaderComponent, PoseHeaderDimensions

from posecoach.body import BLAZEPOSE_33, BONES, INDEX
from posecoach.errors import InputError, UsageError
from posecoach.readers import read_recording
from posecoach.readers.pose import parse_pose
from posecoach.writers import write_pose
from some_takes import is_one_line_about, takes, told

FUZZ = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_with_the_library(path):
    return Pose.read(path.read_bytes())


def test_read_by_the_library(even, tmp_path):
    """Names, sides, sizes, numbers and confidence, as pose-format sees them."""
    pose = read_with_the_library(write_pose(even, tmp_path / "take.pose"))
    assert round(pose.header.version, 3) == 0.2
    assert (pose.header.dimensions.width, pose.header.dimensions.height) == (1280, 720)
    assert pose.body.fps == 25.0
    assert pose.body.data.shape == (80, 1, 66, 3)
    assert [c.name for c in pose.header.components] == ["POSE_LANDMARKS", "POSE_WORLD_LANDMARKS"]
    for component in pose.header.components:
        assert component.points == [name.upper() for name in BLAZEPOSE_33]
        assert component.limbs == list(BONES)
        assert component.format == "XYZC"
    at = pose.header.get_point_index("POSE_LANDMARKS", "LEFT_WRIST")
    left = pose.body.data[:, 0, at]
    expected = even.image[:, INDEX["left_wrist"]] * [1280, 720, 1]
    there = np.isfinite(expected).all(axis=1)
    np.testing.assert_allclose(left[there], expected[there], rtol=1e-6)
    assert left.mask[~there].all()
    assert not left.mask[there].any()
    seen = pose.body.confidence[there, 0, at]
    np.testing.assert_allclose(seen, even.visibility[there, INDEX["left_wrist"]], rtol=1e-6)
    at = pose.header.get_point_index("POSE_WORLD_LANDMARKS", "RIGHT_KNEE")
    metres = pose.body.data[:, 0, at] / [1280, 720, 1]
    np.testing.assert_allclose(metres[40], even.world[40, INDEX["right_knee"]], rtol=1e-5)


def test_the_library_works_with_it(even, tmp_path):
    """Its own functions for MediaPipe's points find left and right shoulder."""
    pose = read_with_the_library(write_pose(even, tmp_path / "take.pose"))
    body = pose.get_components(["POSE_LANDMARKS"])
    info = body.header.normalization_info(
        p1=("POSE_LANDMARKS", "RIGHT_SHOULDER"), p2=("POSE_LANDMARKS", "LEFT_SHOULDER")
    )
    scaled = body.normalize(info)
    across = (
        scaled.body.data[40, 0, INDEX["left_shoulder"]]
        - (scaled.body.data[40, 0, INDEX["right_shoulder"]])
    )
    assert np.hypot(*across[:2]) == pytest.approx(1.0, abs=0.1)
    assert across[0] > 0  # the person's left at greater x, facing the camera


@given(take=takes(even=True))
@FUZZ
def test_there_and_back(take, tmp_path):
    got = read_recording(write_pose(take, tmp_path / "take.pose"))
    assert (got.width, got.height) == (take.width, take.height)
    np.testing.assert_allclose(got.time_s, take.time_s - take.time_s[0], atol=2e-3)
    for name in ("image", "world"):
        np.testing.assert_allclose(getattr(got, name), getattr(take, name), atol=2e-6)
    np.testing.assert_allclose(got.visibility, take.visibility, atol=2e-6)


def test_uneven_times_are_sampled_anew(motion, tmp_path):
    """The format knows a rate alone: places are those of the moment, nothing is made up in gaps."""
    got = read_recording(write_pose(motion, tmp_path / "take.pose", rate_hz=40))
    assert got.fps == pytest.approx(40)
    assert got.duration_s == pytest.approx(motion.duration_s, abs=1 / 40)
    x = motion.image[:, INDEX["left_elbow"], 0]
    own = got.image[:, INDEX["left_elbow"], 0]
    known = np.isfinite(own)
    there = np.isfinite(x)
    expected = np.interp(got.time_s, motion.time_s[there], x[there])
    np.testing.assert_allclose(own[known], expected[known], atol=1e-5)
    for start, end in zip(motion.time_s[:-1], motion.time_s[1:], strict=True):
        if end - start > 0.25:
            inside = (got.time_s > start + 1e-6) & (got.time_s < end - 1e-6)
            assert not known[inside].any()
    gap = (got.time_s > motion.time_s[19] + 1e-6) & (got.time_s < motion.time_s[24] - 1e-6)
    assert gap.any()
    assert not known[gap].any()
    assert (got.visibility[gap] == 0).all()


def test_what_another_tracker_s_file_holds(tmp_path):
    """OpenPose's names, two people, written by the library: the one seen most is read."""
    names = ["Nose", "Neck", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist",
             "MidHip", "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle"]  # fmt: skip
    rng = np.random.default_rng(1)
    spots = rng.uniform(100, 400, (15, 2))
    spots[names.index("RShoulder")], spots[names.index("LShoulder")] = (150, 100), (250, 100)
    spots[names.index("RHip")], spots[names.index("LHip")] = (170, 300), (230, 300)
    data = np.broadcast_to(spots, (20, 2, 15, 2)).astype(np.float32).copy()
    data[:, 0] += 50
    seen = np.full((20, 2, 15), 0.8, np.float32)
    seen[5:, 0] = 0.0
    component = PoseHeaderComponent("pose_keypoints_2d", names, [(0, 1)], [(1, 2, 3)], "XYC")
    header = PoseHeader(0.2, PoseHeaderDimensions(640, 480, 0), [component])
    with (tmp_path / "x.pose").open("wb") as file:
        Pose(header, NumPyPoseBody(12.5, data, seen)).write(file)
    got = read_recording(tmp_path / "x.pose")
    assert len(got) == 20
    assert got.fps == pytest.approx(12.5)
    left, right = (got.image[3, INDEX[f"{s}_shoulder"], 0] for s in ("left", "right"))
    assert left > right
    assert got.visibility[3, INDEX["left_wrist"]] == pytest.approx(0.8)
    assert got.image[3, INDEX["left_hip"], 1] > got.image[3, INDEX["left_shoulder"], 1]
    assert got.visibility[3, INDEX["left_heel"]] == 0


def test_version_0_1(even, tmp_path):
    sound = write_pose(even, tmp_path / "x.pose").read_bytes()
    body = 4 * len(even) * 66 * 4
    head = struct.pack("<f", 0.1) + sound[4 : -body - 10]
    (tmp_path / "x.pose").write_bytes(head + struct.pack("<HHH", 25, 80, 1) + sound[-body:])
    got = read_recording(tmp_path / "x.pose")
    np.testing.assert_allclose(got.image, even.image, atol=1e-6)
    assert Pose.read((tmp_path / "x.pose").read_bytes()).body.data.shape[0] == len(got)


@pytest.fixture(scope="module")
def sound(tmp_path_factory, even):
    small = even.cut(0, 0.3)
    return write_pose(small, tmp_path_factory.mktemp("pose") / "x.pose").read_bytes()


def body_at(sound: bytes) -> int:
    """Return where rate, frames and people stand."""
    pose = parse_pose(sound)
    return len(sound) - 4 * pose.data.shape[0] * 66 * 4 - 10


@pytest.mark.parametrize(
    ("at", "kind", "value", "words"),
    [
        (0, "f", 0.3, "version 0.3"),
        (0, "f", float("nan"), "version"),
        (4, "H", 0, "picture's size"),
        (10, "H", 0, "groups of points"),
        (10, "H", 65535, "groups of points"),
        (None, "f", 0.0, "frames a second"),
        (None, "f", float("inf"), "frames a second"),
        (None, "f", -25.0, "frames a second"),
        (4 + 0j, "I", 2**32 - 1, "4294967295 frames"),
        (4 + 0j, "I", 0, "frames"),
        (8 + 0j, "H", 65535, "people"),
        (8 + 0j, "H", 0, "people"),
    ],
)
def test_a_header_that_promises_what_is_not_there(sound, tmp_path, at, kind, value, words):
    spot = body_at(sound) if at is None else at
    if isinstance(spot, complex):
        spot = body_at(sound) + int(spot.real)
    data = bytearray(sound)
    struct.pack_into(f"<{kind}", data, spot, value)
    (tmp_path / "x.pose").write_bytes(data)
    with pytest.raises(InputError, match=words) as error:
        read_recording(tmp_path / "x.pose")
    assert str(error.value).isprintable()


def test_numbers_that_are_no_points(sound, tmp_path):
    data = bytearray(sound)
    start = body_at(sound) + 10
    for k, value in enumerate((float("nan"), float("inf"), 1e30)):
        struct.pack_into("<f", data, start + 12 * k, value)
    (tmp_path / "x.pose").write_bytes(data)
    got = read_recording(tmp_path / "x.pose")
    assert np.isnan(got.image[0, :3]).all()
    assert (got.visibility[0, :3] == 0).all()
    assert np.isfinite(got.image[0, 3:]).all()


@given(
    at=st.floats(0, 1),
    cut=st.booleans(),
    data=st.one_of(st.binary(max_size=12), st.sampled_from([b"\xff" * 8, b"\0" * 8])),
)
@FUZZ
def test_any_damage_is_told_in_one_line(sound, tmp_path, at, cut, data):
    """Cut off, written over, or longer: a motion, or one line."""
    spot = int(at * 1400) if len(data) % 2 else int(at * len(sound))
    made = sound[:spot] + data + (b"" if cut else sound[spot + len(data) :])
    (tmp_path / "x.pose").write_bytes(made)
    assert is_one_line_about(told(read_recording, tmp_path / "x.pose"), tmp_path / "x.pose")


def test_what_cannot_be_written(even, tmp_path):
    with pytest.raises(UsageError, match="rate"):
        write_pose(even, tmp_path / "x.pose", rate_hz=0)
    with pytest.raises(InputError, match="65535"):
        write_pose(replace(even, width=1e5), tmp_path / "x.pose")
    long = replace(even.cut(0, 0.1), time_s=np.array([0.0, 1.0, 9e5])[: len(even.cut(0, 0.1))])
    with pytest.raises(InputError, match="lower rate"):
        write_pose(long, tmp_path / "x.pose", rate_hz=60)
    assert not list(tmp_path.iterdir())
