import numpy as np
import pytest

from posecoach import body
from posecoach.errors import UsageError


def test_pairs_name_each_left_point_and_its_right_one():
    assert len(body.PAIRS) == 16
    for left, right in body.PAIRS:
        assert body.BLAZEPOSE_33[left].replace("left", "right") == body.BLAZEPOSE_33[right]


def test_mirror_is_its_own_inverse_and_keeps_only_the_nose():
    m = body.MIRROR
    assert (m[m] == np.arange(33)).all()
    assert np.flatnonzero(m == np.arange(33)).tolist() == [body.NOSE]
    assert m[body.INDEX["left_wrist"]] == body.INDEX["right_wrist"]


def test_joint_angles_stay_on_one_side():
    assert len(body.JOINT_ANGLES) == 8
    for name, points in body.JOINT_ANGLES.items():
        side = name.split("_")[0]
        assert all(body.BLAZEPOSE_33[i].startswith(side) for i in points)
        assert body.BLAZEPOSE_33[points[1]] == name


@pytest.mark.parametrize("name", body.SKELETONS)
def test_skeletons_map_left_to_left(name):
    skeleton = body.get_skeleton(name)
    assert len(set(skeleton.joints)) == len(skeleton.joints)
    for ours, theirs in skeleton.mapping.items():
        assert theirs in skeleton.joints
        for side in ("left", "right"):
            assert (side in ours) == (side in theirs.lower())


def test_known_names_whatever_their_case():
    assert body.get_skeleton("COCO-17").name == "coco-17"


@pytest.mark.parametrize(("name", "joints"), [("coco-17", 17), ("kinect-v2", 25)])
def test_points_go_to_their_name_and_the_rest_stays_unknown(name, joints):
    skeleton = body.get_skeleton(name)
    points = np.arange(joints * 2, dtype=float).reshape(joints, 2)
    out = skeleton.to_blazepose(points)
    for ours in body.BLAZEPOSE_33:
        if ours in skeleton.mapping:
            row = skeleton.joints.index(skeleton.mapping[ours])
            np.testing.assert_array_equal(out[body.INDEX[ours]], points[row])
        else:
            assert np.isnan(out[body.INDEX[ours]]).all()


def test_a_wrong_number_of_joints_is_named():
    with pytest.raises(UsageError, match=r"Expected 17 joints .* got 18"):
        body.get_skeleton("coco-17").to_blazepose(np.zeros((5, 18, 2)))
    with pytest.raises(UsageError, match="Expected 17 joints"):
        body.get_skeleton("coco-17").to_blazepose(np.zeros(17))


def test_named_joints_are_matched_without_case_and_separators():
    names = ["RightHip", "left-hip", "Left Shoulder", "right_shoulder", "tail"]
    skeleton = body.get_skeleton(names)
    assert skeleton.mapping == {
        "right_hip": "RightHip",
        "left_hip": "left-hip",
        "left_shoulder": "Left Shoulder",
        "right_shoulder": "right_shoulder",
    }


@pytest.mark.parametrize("wrong", ["openpose", "", ["a", "b"], ["left_shoulder", "left_hip"]])
def test_unknown_skeletons_are_refused(wrong):
    with pytest.raises(UsageError, match=r"^Expected"):
        body.get_skeleton(wrong)
