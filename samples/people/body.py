"""A baked body: posing by directions of its limbs, skinning, joint positions.

Axes everywhere: x to the person's left, y up, z to the front; metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FOLDER = Path(__file__).with_name("bodies")


@dataclass(frozen=True, eq=False)
class Body:
    """A body at rest.

    Attributes
    ----------
    name : str
    vertices : (v, 3) array
    faces : (f, 3) array of int
    weight_joint, weight : (v, 4) array
        Skin weights and the joints they belong to.
    joints : dict of str to (3,) array
    coco : dict of str to (3,) array
        Key points as annotators place them.
    """

    name: str
    vertices: Array
    faces: NDArray[np.intp]
    weight_joint: NDArray[np.intp]
    weight: Array
    names: tuple[str, ...]
    joints: dict[str, Array]
    coco: dict[str, Array]
    phenotype: tuple[str, ...]

    @property
    def height(self) -> float:
        """Metres."""
        return float(np.ptp(self.vertices[:, 1]))

    def length(self, a: str, b: str) -> float:
        """Return the distance of two joints at rest."""
        return float(np.linalg.norm(self.joints[a] - self.joints[b]))


def load_body(name: str) -> Body:
    """Load a baked body by name."""
    z = np.load(FOLDER / f"{name}.npz", allow_pickle=False)
    names = tuple(str(n) for n in z["joint_names"])
    weight = z["weight"].astype(float)
    joints = dict(zip(names, z["joints"].astype(float), strict=True))
    coco = dict(zip((str(n) for n in z["coco_names"]), z["coco"].astype(float), strict=True))
    # The regressor's points have an origin of their own: limbs' joints tell where it is.
    pairs = (("wrist", "hand"), ("elbow", "forearm"), ("ankle", "foot"), ("knee", "shin"))
    origin = np.mean([coco[f"left_{c}"] - joints[f"{j}L"] for c, j in pairs], axis=0)
    origin[0] = 0.0
    return Body(
        name,
        z["vertices"].astype(float),
        z["faces"].astype(int),
        z["weight_joint"].astype(int),
        weight / weight.sum(axis=1, keepdims=True),
        names,
        joints,
        {name: point - origin for name, point in coco.items()},
        tuple(str(p) for p in z["phenotype"]),
    )


@dataclass(frozen=True, eq=False)
class Pose:
    """One moment: a rotation and a position for each joint of the small rig.

    Attributes
    ----------
    rotation : dict of str to (3, 3) array
        From rest to now, in space.
    position : dict of str to (3,) array
    """

    rotation: dict[str, Array]
    position: dict[str, Array]


def rotation_about(axis: Array, degrees: float) -> Array:
    """Return the rotation matrix about a unit axis (Rodrigues)."""
    a = np.radians(degrees)
    x, y, z = axis
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * (k @ k))


def rotation_between(a: Array, b: Array) -> Array:
    """Return the smallest rotation that takes direction a to direction b."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    axis = np.cross(a, b)
    s, c = float(np.linalg.norm(axis)), float(a @ b)
    if s < 1e-9:
        return np.eye(3) if c > 0 else rotation_about(np.array([0.0, 0.0, 1.0]), 180.0)
    return rotation_about(axis / s, float(np.degrees(np.arctan2(s, c))))


LEAN_AXIS = np.array([0.0, 0.0, -1.0])  # turns up towards +x, the left
SIDE = {"L": 1.0, "R": -1.0}


@dataclass(frozen=True)
class Stance:
    """What the trunk and legs do at one moment.

    Attributes
    ----------
    lean_deg : float
        Rotation of the chest sideways, + = left; see `solve_lean` for the hip-shoulder line's.
    tilt_deg : float
        Raises the right shoulder and lowers the left, degrees of the shoulder line.
    sink_m : float
        How far the pelvis sinks by bending the knees.
    sway_m : tuple of float
        Pelvis shift to the left and to the front.
    turn_deg : float
        Head turn, + = left.
    feet_m : float
        Half the distance of the ankles, 0 = as at rest.
    bend_deg : float
        Bend of the spine to the front.
    heels_m : float
        How high the heels are off the floor.
    hinge_deg : float
        Bend at the hips to the front.
    twist_deg : float
        Turn of the chest about the spine, + = left.
    nod_deg : float
        Head, + = down.
    elbows_back, elbows_out : float
        How far the elbows point to the back and to the sides; 1 = as far as down.
    front_m : float
        How far the ankles are to the front of the hips; 0 = below them as at rest.
    """

    lean_deg: float = 0.0
    tilt_deg: float = 0.0
    sink_m: float = 0.0
    sway_m: tuple[float, float] = (0.0, 0.0)
    turn_deg: float = 0.0
    feet_m: float = 0.0
    bend_deg: float = 0.0
    heels_m: float = 0.0
    hinge_deg: float = 0.0
    twist_deg: float = 0.0
    nod_deg: float = 0.0
    elbows_back: float = 0.25
    elbows_out: float = 0.75
    front_m: float = 0.0


def pose_body(body: Body, stance: Stance, hands: tuple[Array, Array]) -> Pose:
    """Pose a body.

    Parameters
    ----------
    body : Body
    stance : Stance
    hands : ((3,), (3,)) arrays
        Where each wrist is from its own shoulder, in arm lengths: x outwards (away from the
        body's middle), y up, z to the front, in the chest's axes.
    """
    j = body.joints
    rotation: dict[str, Array] = {}
    position: dict[str, Array] = {}
    floor = float(body.vertices[:, 1].min())
    shift = np.array([stance.sway_m[0], -floor - stance.sink_m + stance.heels_m, stance.sway_m[1]])
    across, upright = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    rotation["pelvis"] = rotation_about(across, stance.hinge_deg)
    # The pelvis turns about the hip joints, which stay.
    hips = 0.5 * (j["thighL"] + j["thighR"])
    position["pelvis"] = hips + shift + rotation["pelvis"] @ (j["pelvis"] - hips)

    def turn(lean: float, yaw: float, pitch: float) -> Array:
        return (
            rotation_about(LEAN_AXIS, lean)
            @ rotation_about(upright, yaw)
            @ rotation_about(across, pitch)
        )

    for name, parent, share in (("spine", "pelvis", 0.5), ("chest", "spine", 1.0)):
        pitch = stance.hinge_deg + share * stance.bend_deg
        rotation[name] = turn(share * stance.lean_deg, share * stance.twist_deg, pitch)
        position[name] = position[parent] + rotation[parent] @ (j[name] - j[parent])
    chest = rotation["chest"]
    pitch, yaw = stance.hinge_deg + stance.bend_deg, stance.twist_deg
    rotation["neck"] = turn(0.7 * stance.lean_deg, yaw, 0.9 * pitch + 0.5 * stance.nod_deg)
    rotation["head"] = turn(
        0.3 * stance.lean_deg, yaw + stance.turn_deg, 0.8 * pitch + stance.nod_deg
    )
    for name, parent in (("neck", "chest"), ("head", "neck")):
        position[name] = position[parent] + rotation[parent] @ (j[name] - j[parent])
    for side, hand in zip("LR", hands, strict=True):
        _pose_arm(body, side, hand, chest, stance, rotation, position)
        _pose_leg(body, side, stance, rotation, position)
    return Pose(rotation, position)


def _pose_arm(
    body: Body,
    side: str,
    hand: Array,
    chest: Array,
    stance: Stance,
    rotation: dict[str, Array],
    position: dict[str, Array],
) -> None:
    j, sign = body.joints, SIDE[side]
    clavicle, arm, forearm, wrist = (f"{n}{side}" for n in ("clavicle", "arm", "forearm", "hand"))
    # The shoulder girdle rises with a raised arm (about a degree in four beyond 60).
    reach = float(np.linalg.norm(hand))
    elevation = float(np.degrees(np.arccos(np.clip(-hand[1] / max(reach, 1e-6), -1, 1))))
    lift = 0.22 * max(0.0, elevation - 60.0)
    # A lowered left shoulder turns the clavicle down on the left and up on the right.
    tilt = stance.tilt_deg * 2 * abs(float(j[arm][0])) / (2 * body.length(clavicle, arm))
    rotation[clavicle] = chest @ rotation_about(LEAN_AXIS, -sign * lift + tilt)
    position[clavicle] = position["chest"] + chest @ (j[clavicle] - j["chest"])
    position[arm] = position[clavicle] + rotation[clavicle] @ (j[arm] - j[clavicle])
    upper, fore = body.length(arm, forearm), body.length(forearm, wrist)
    whole = upper + fore
    target = np.array([sign * hand[0], hand[1], hand[2]]) * whole
    distance = float(np.linalg.norm(target))
    limit = 0.985 * whole
    if distance > limit:
        target *= limit / distance
        distance = limit
    distance = max(distance, 1.05 * abs(upper - fore) + 0.02)
    along = target / np.linalg.norm(target)
    # Elbows point down and outwards, and outwards when the hands are high.
    high = np.clip((elevation - 100.0) / 60.0, 0.0, 1.0)
    out = stance.elbows_out + 0.6 * high
    pole = np.array([sign * out, -1.0 + 0.9 * high, -stance.elbows_back])
    pole -= (pole @ along) * along
    pole /= np.linalg.norm(pole)
    cosine = (upper**2 + distance**2 - fore**2) / (2 * upper * distance)
    angle = float(np.arccos(np.clip(cosine, -1, 1)))
    elbow = upper * (np.cos(angle) * along + np.sin(angle) * pole)
    end = along * distance
    d_upper, d_fore = chest @ elbow, chest @ (end - elbow)
    rotation[arm] = rotation_between(j[forearm] - j[arm], d_upper)
    rotation[forearm] = rotation_between(j[wrist] - j[forearm], d_fore)
    rotation[wrist] = rotation[forearm]
    position[forearm] = position[arm] + d_upper
    position[wrist] = position[forearm] + d_fore


def _pose_leg(
    body: Body,
    side: str,
    stance: Stance,
    rotation: dict[str, Array],
    position: dict[str, Array],
) -> None:
    j, sign = body.joints, SIDE[side]
    thigh, shin, foot = (f"{n}{side}" for n in ("thigh", "shin", "foot"))
    position[thigh] = position["pelvis"] + rotation["pelvis"] @ (j[thigh] - j["pelvis"])
    ankle = j[foot].copy()
    ankle[1] -= float(body.vertices[:, 1].min()) - stance.heels_m
    if stance.feet_m > 0:
        ankle[0] = sign * stance.feet_m
    if stance.front_m > 0:
        ankle[2] = position[thigh][2] - stance.sway_m[1] + stance.front_m
    upper, lower = body.length(thigh, shin), body.length(shin, foot)
    v = ankle - position[thigh]
    distance = min(float(np.linalg.norm(v)), 0.9995 * (upper + lower))
    along = v / np.linalg.norm(v)
    pole = np.array([0.25 * sign, 0.0, 1.0])
    pole -= (pole @ along) * along
    pole /= np.linalg.norm(pole)
    cosine = (upper**2 + distance**2 - lower**2) / (2 * upper * distance)
    angle = float(np.arccos(np.clip(cosine, -1, 1)))
    knee = upper * (np.cos(angle) * along + np.sin(angle) * pole)
    rotation[thigh] = rotation_between(j[shin] - j[thigh], knee)
    rotation[shin] = rotation_between(j[foot] - j[shin], along * distance - knee)
    rotation[foot] = _raise_heel(body, side, stance.heels_m)
    position[shin] = position[thigh] + knee
    position[foot] = position[thigh] + along * distance


def _raise_heel(body: Body, side: str, up_m: float) -> Array:
    """Return the rotation of a foot whose toes stay on the floor."""
    if up_m <= 0:
        return np.eye(3)
    toe = body.coco["left_big_toe" if side == "L" else "right_big_toe"]
    away = toe - body.joints[f"foot{side}"]
    reach = float(np.hypot(away[1], away[2]))
    before = float(np.arctan2(-away[1], away[2]))
    now = float(np.arcsin(np.clip((up_m - away[1]) / reach, -1, 1)))
    return rotation_about(np.array([1.0, 0.0, 0.0]), float(np.degrees(now - before)))


def skin(body: Body, pose: Pose) -> Array:
    """Return the posed vertices, (v, 3), by linear blend skinning."""
    rotations = np.stack([pose.rotation[n] for n in body.names])
    moves = np.stack([pose.position[n] - pose.rotation[n] @ body.joints[n] for n in body.names])
    blend = np.einsum("vk,vkij->vij", body.weight, rotations[body.weight_joint])
    shift = np.einsum("vk,vki->vi", body.weight, moves[body.weight_joint])
    return np.asarray(np.einsum("vij,vj->vi", blend, body.vertices) + shift)


_ATTACHED = {
    "nose": "head",
    "eye": "head",
    "ear": "head",
    "big_toe": "foot",
    "heel": "foot",
}


def find_keypoints(body: Body, pose: Pose) -> dict[str, Array]:
    """Return named points as a pose model reports them; left and right are the person's own.

    Shoulders, elbows, wrists, hips, knees and ankles are the joints themselves.
    """
    out: dict[str, Array] = {}
    for side, letter in (("left", "L"), ("right", "R")):
        for ours, joint in (
            ("shoulder", "arm"),
            ("elbow", "forearm"),
            ("wrist", "hand"),
            ("hip", "thigh"),
            ("knee", "shin"),
            ("ankle", "foot"),
        ):
            out[f"{side}_{ours}"] = pose.position[f"{joint}{letter}"]
    for name, rest in body.coco.items():
        for key, joint in _ATTACHED.items():
            if name.endswith(key):
                side = "L" if name.startswith("left") else "R"
                at = joint if joint == "head" else f"{joint}{side}"
                new = name.replace("big_toe", "foot_index")
                out[new] = pose.position[at] + pose.rotation[at] @ (rest - body.joints[at])
    return out
