"""Skeletons: which points a tracker gives, what they are called, which are left and right.

Everything inside posecoach uses BlazePose's 33 points. Other trackers are mapped onto them by
name; points a tracker does not have stay NaN and are never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import UsageError, make_one_line

BLAZEPOSE_33: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
"""Names of the 33 points in the model's order; left and right are the person's own."""

INDEX: Mapping[str, int] = {name: i for i, name in enumerate(BLAZEPOSE_33)}

N_POINTS = len(BLAZEPOSE_33)

NOSE = INDEX["nose"]
SHOULDERS = (INDEX["left_shoulder"], INDEX["right_shoulder"])
ELBOWS = (INDEX["left_elbow"], INDEX["right_elbow"])
WRISTS = (INDEX["left_wrist"], INDEX["right_wrist"])
HIPS = (INDEX["left_hip"], INDEX["right_hip"])
KNEES = (INDEX["left_knee"], INDEX["right_knee"])
ANKLES = (INDEX["left_ankle"], INDEX["right_ankle"])
TRUNK: list[int] = [*SHOULDERS, *HIPS]
"""Both shoulders and both hips: a body without them is none."""

SIDES = ("left", "right")

PAIRS: tuple[tuple[int, int], ...] = tuple(
    (i, INDEX[name.replace("left", "right")])
    for i, name in enumerate(BLAZEPOSE_33)
    if "left" in name
)
"""(left, right) index pairs."""

BONES: tuple[tuple[int, int], ...] = tuple(
    (INDEX[a], INDEX[b])
    for a, b in (
        ("left_shoulder", "right_shoulder"),
        ("left_hip", "right_hip"),
        ("left_shoulder", "left_hip"),
        ("right_shoulder", "right_hip"),
        ("left_shoulder", "left_elbow"),
        ("left_elbow", "left_wrist"),
        ("right_shoulder", "right_elbow"),
        ("right_elbow", "right_wrist"),
        ("left_hip", "left_knee"),
        ("left_knee", "left_ankle"),
        ("right_hip", "right_knee"),
        ("right_knee", "right_ankle"),
        ("left_ankle", "left_foot_index"),
        ("right_ankle", "right_foot_index"),
    )
)
"""Index pairs of the lines that are drawn, each from the trunk outwards."""

JOINT_ANGLES: Mapping[str, tuple[int, int, int]] = {
    f"{side}_{joint}": (INDEX[f"{side}_{a}"], INDEX[f"{side}_{joint}"], INDEX[f"{side}_{b}"])
    for side in SIDES
    for joint, a, b in (
        ("shoulder", "hip", "elbow"),
        ("elbow", "shoulder", "wrist"),
        ("hip", "shoulder", "knee"),
        ("knee", "hip", "ankle"),
    )
}
"""Joints whose angle can be judged: name to (outer, joint, outer) indices."""

_mirror = np.arange(N_POINTS)
for _left, _right in PAIRS:
    _mirror[_left], _mirror[_right] = _right, _left
MIRROR: NDArray[np.intp] = _mirror
"""Index that exchanges left and right: ``points[MIRROR]``."""


@dataclass(frozen=True)
class Skeleton:
    """A tracker's points and how they map onto BlazePose's.

    Attributes
    ----------
    name : str
        Name users give, such as ``"coco-17"``.
    joints : tuple of str
        The tracker's own point names in its order.
    mapping : mapping of str to str
        BlazePose name to the tracker's name, for the points it has.
    """

    name: str
    joints: tuple[str, ...]
    mapping: Mapping[str, str]

    def to_blazepose(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return points in BlazePose order.

        Parameters
        ----------
        points : (..., joints, k) array

        Returns
        -------
        (..., 33, k) array
            NaN where the tracker has no such point.

        Raises
        ------
        UsageError
            The array has another number of joints than the skeleton.
        """
        if points.ndim < 2 or points.shape[-2] != len(self.joints):
            came = points.shape[-2] if points.ndim >= 2 else points.shape
            raise UsageError(
                f"Expected {len(self.joints)} joints for skeleton {self.name!r} but got {came}; "
                "pass the points as (frames, joints, 2 or 3) or name another skeleton."
            )
        out = np.full((*points.shape[:-2], N_POINTS, points.shape[-1]), np.nan)
        index = {name: i for i, name in enumerate(self.joints)}
        for target, source in self.mapping.items():
            out[..., INDEX[target], :] = points[..., index[source], :]
        return out


_COCO = [
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
]

_KINECT = [
    "SpineBase",
    "SpineMid",
    "Neck",
    "Head",
    "ShoulderLeft",
    "ElbowLeft",
    "WristLeft",
    "HandLeft",
    "ShoulderRight",
    "ElbowRight",
    "WristRight",
    "HandRight",
    "HipLeft",
    "KneeLeft",
    "AnkleLeft",
    "FootLeft",
    "HipRight",
    "KneeRight",
    "AnkleRight",
    "FootRight",
    "SpineShoulder",
    "HandTipLeft",
    "ThumbLeft",
    "HandTipRight",
    "ThumbRight",
]

_KINECT_MAP = {"nose": "Head"} | {
    f"{side.lower()}_{ours}": f"{theirs}{side}"
    for side in ("Left", "Right")
    for ours, theirs in (
        ("shoulder", "Shoulder"),
        ("elbow", "Elbow"),
        ("wrist", "Wrist"),
        ("index", "HandTip"),
        ("thumb", "Thumb"),
        ("hip", "Hip"),
        ("knee", "Knee"),
        ("ankle", "Ankle"),
        ("foot_index", "Foot"),
    )
}

_OPENPOSE = [
    "nose",
    "neck",
    "right_shoulder",
    "right_elbow",
    "right_wrist",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "right_hip",
    "right_knee",
    "right_ankle",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_eye",
    "left_eye",
    "right_ear",
    "left_ear",
]

SKELETONS: Mapping[str, Skeleton] = {
    "blazepose-33": Skeleton("blazepose-33", BLAZEPOSE_33, {n: n for n in BLAZEPOSE_33}),
    "coco-17": Skeleton("coco-17", tuple(_COCO), {n: n for n in _COCO}),
    "kinect-v2": Skeleton("kinect-v2", tuple(_KINECT), _KINECT_MAP),
    "openpose-18": Skeleton(
        "openpose-18", tuple(_OPENPOSE), {n: n for n in _OPENPOSE if n != "neck"}
    ),
}
"""Known skeletons by name."""


_SIDE_WORDS = {"left": "left", "l": "left", "right": "right", "r": "right"}
_PARTS = {
    "handtip": "index",
    "indexfinger": "index",
    "littlefinger": "pinky",
    "toe": "foot_index",
    "toes": "foot_index",
    "bigtoe": "foot_index",
    "footindex": "foot_index",
    "eyeinner": "eye_inner",
    "eyeouter": "eye_outer",
} | {
    part: part
    for part in [
        "shoulder",
        "elbow",
        "wrist",
        "hip",
        "knee",
        "ankle",
        "heel",
        "ear",
        "eye",
        "index",
        "pinky",
        "thumb",
    ]
}
"""Names of one-sided points, without side and separators, to BlazePose's."""


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _find_meaning(name: str) -> str | None:
    """Return the BlazePose point a tracker's name means, or None; sides are never guessed."""
    plain = _plain(name)
    for known in BLAZEPOSE_33:
        if _plain(known) == plain:
            return known
    if plain in ("head", "nosetip"):
        return "nose"
    words = [w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name.replace("_", " "))]
    sides = [_SIDE_WORDS[w] for w in words if w in _SIDE_WORDS]
    part = _PARTS.get("".join(w for w in words if w not in _SIDE_WORDS))
    if len(sides) != 1 or part is None:
        return None
    return f"{sides[0]}_{part}"


def get_skeleton(skeleton: str | Sequence[str]) -> Skeleton:
    """Return a known skeleton, or one made of named joints.

    Parameters
    ----------
    skeleton : str or sequence of str
        A name from `SKELETONS`, or the joint names themselves in the order of the points.
        Names are matched to BlazePose's without regard to case, blanks, ``-`` and ``_``;
        a side may stand before or after, in full or as one letter (``ShoulderLeft``,
        ``l_shoulder``, ``RShoulder``). Names that mean nothing here are left out.

    Raises
    ------
    UsageError
        Unknown name, the same point twice, or shoulders and hips are not among the names.
    """
    if isinstance(skeleton, str):
        found = SKELETONS.get(skeleton.lower())
        if found is None:
            raise UsageError(
                f"Expected a skeleton of {', '.join(SKELETONS)} or a list of joint names "
                f"but got {skeleton!r}."
            )
        return found
    names = tuple(skeleton)
    for kind in SKELETONS.values():
        own = {target: joint for target, joint in kind.mapping.items() if joint in names}
        if set(names) <= set(kind.joints) and set(own) >= _CORE and len(set(names)) == len(names):
            return Skeleton("named", names, own)
    mapping: dict[str, str] = {}
    # A name that is BlazePose's own comes before one that only means the same.
    for name in sorted(names, key=lambda n: _plain(n) not in _OWN_NAMES):
        meaning = _find_meaning(name)
        if meaning is None:
            continue
        if meaning in mapping and (_plain(name) in _OWN_NAMES or mapping[meaning] == name):
            raise UsageError(
                f"Expected each joint once but got {mapping[meaning]!r} and {name!r}; keep one."
            )
        mapping.setdefault(meaning, name)
    if not set(mapping) >= _CORE:
        raise UsageError(
            "Expected joint names with at least left and right shoulder and hip "
            f"(such as left_shoulder) but got {make_one_line(', '.join(names[:8]), 200)}."
        )
    return Skeleton("named", names, {n: mapping[n] for n in BLAZEPOSE_33 if n in mapping})


_CORE = {"left_shoulder", "right_shoulder", "left_hip", "right_hip"}
_OWN_NAMES = frozenset(_plain(n) for n in BLAZEPOSE_33)
