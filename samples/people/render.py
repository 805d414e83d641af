"""Draw a posed body into a room: shaded triangles, farthest first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from people.body import Body, Pose, skin
from people.camera import Camera
from people.coarse import coarsen

Array = NDArray[np.float64]
Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

SCALE = 2  # the picture is drawn so many times larger and then reduced


@dataclass(frozen=True)
class Look:
    """Colours (blue, green, red) and cut of clothes and hair.

    Attributes
    ----------
    sleeve : float
        Where sleeves end along the arm: 0 = shoulder, 1 = elbow, 2 = wrist.
    hair_length : float
        How far below the eyes the hair reaches at the back and sides, metres.
    loose_m : float
        How far the clothes stand off.
    """

    top: Colour
    trousers: Colour
    shoes: Colour = (60, 60, 65)
    skin: Colour = (150, 175, 215)
    hair: Colour = (40, 50, 65)
    sleeve: float = 1.9
    hair_length: float = 0.05
    loose_m: float = 0.018


class Actor:
    """A body with clothes on, ready to be drawn.

    Parameters
    ----------
    body : Body
    look : Look
    scale : int
        The canvas is so many times larger than the camera's picture.
    coarse : bool
        Draw fewer triangles: several times as fast.
    """

    def __init__(self, body: Body, look: Look, scale: int = SCALE, *, coarse: bool = False) -> None:
        self.look = look
        self._scale = scale
        part, along = _find_parts(body)
        self._colour = _paint(body, look, part, along)
        self.body = _dress(body, look, part, along)
        if coarse:
            self.body, self._colour = coarsen(self.body, self._colour)
        self._decals = _make_face(body, look)

    def draw(
        self, canvas: Image, pose: Pose, camera: Camera, light: Array, brightness: float
    ) -> None:
        """Draw into a canvas."""
        vertices = skin(self.body, pose)
        pixels, depth = camera.project(vertices)
        faces = self.body.faces
        corners = pixels[faces]
        a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        front = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) < 0
        shown = faces[front]
        normal = np.cross(
            vertices[shown[:, 1]] - vertices[shown[:, 0]],
            vertices[shown[:, 2]] - vertices[shown[:, 0]],
        )
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
        shade = brightness * (0.55 + 0.5 * np.clip(normal @ light, -0.4, 1.0))
        colour = np.clip(self._colour[front] * shade[:, None], 0, 255)
        far = depth[shown].mean(axis=1)
        polygons = [p for p in np.round(corners[front] * self._scale * 16).astype(np.int32)]
        colours = [tuple(c) for c in colour.tolist()]
        depths = [far]
        turn, at = pose.rotation["head"], pose.position["head"]
        if (turn @ np.array([0.0, 0.0, 1.0])) @ (camera.position - at) > 0.35:
            for outline, tint in self._decals:
                px, d = camera.project(at + outline @ turn.T)
                polygons.append(np.round(px * self._scale * 16).astype(np.int32))
                colours.append(tuple(brightness * c for c in tint))
                depths.append(np.array([d.mean() - 0.02]))
        for k in np.argsort(-np.concatenate(depths), kind="stable"):
            cv2.fillConvexPoly(canvas, polygons[k], colours[k], cv2.LINE_8, 4)


def draw_shadow(canvas: Image, pose: Pose, camera: Camera, scale: int = SCALE) -> None:
    """Darken the floor under the feet; the canvas is `scale` times the camera's picture."""
    mask = np.zeros(canvas.shape[:2], np.uint8)
    for side in "LR":
        foot = pose.position[f"foot{side}"]
        angle = np.linspace(0, 2 * np.pi, 24)
        ring = np.stack(
            [foot[0] + 0.17 * np.cos(angle), 0 * angle, foot[2] + 0.06 + 0.16 * np.sin(angle)], 1
        )
        px, _ = camera.project(ring)
        cv2.fillPoly(mask, [np.round(px * scale).astype(np.int32)], 255)
    rows = np.flatnonzero(mask.any(axis=1))
    if len(rows) == 0:
        return
    top, bottom = max(rows[0] - 40, 0), rows[-1] + 40
    soft = cv2.GaussianBlur(mask[top:bottom], (0, 0), 9).astype(np.float32) / 255
    part = canvas[top:bottom]
    part[:] = (part * (1 - 0.4 * soft[..., None])).astype(np.uint8)


def draw_stool(canvas: Image, camera: Camera, height_m: float, light: float) -> None:
    """Draw a plain stool below a seated person; draw the person over it."""
    half, near, far, thick = 0.20, 0.16, -0.20, 0.04
    top = height_m

    def quad(corners: list[tuple[float, float, float]], colour: Colour) -> None:
        px, _ = camera.project(np.array(corners))
        points = np.round(px * SCALE * 16).astype(np.int32)
        shade = tuple(float(np.clip(c * light, 0, 255)) for c in colour)
        cv2.fillPoly(canvas, [points], shade, cv2.LINE_AA, 4)

    for z in (far, near - 0.03):
        for x in (-half, half - 0.035):
            quad(
                [(x, 0, z), (x + 0.035, 0, z), (x + 0.035, top, z), (x, top, z)],
                (62, 92, 128) if z > 0 else (48, 72, 104),
            )
    quad(
        [(-half, top, far), (half, top, far), (half, top, near), (-half, top, near)], (96, 138, 182)
    )
    low = top - thick
    quad(
        [(-half, low, near), (half, low, near), (half, top, near), (-half, top, near)],
        (74, 108, 148),
    )


def _find_parts(body: Body) -> tuple[NDArray[np.str_], Array]:
    """Return each vertex's main joint and how far along its limb it is (0 to 1)."""
    names = np.array(body.names)
    part = names[body.weight_joint[np.arange(len(body.vertices)), body.weight.argmax(axis=1)]]
    along = np.zeros(len(part))
    for side in "LR":
        for joint, end in (("arm", "forearm"), ("forearm", "hand"), ("shin", "foot")):
            a, b = body.joints[f"{joint}{side}"], body.joints[f"{end}{side}"]
            mine = part == f"{joint}{side}"
            along[mine] = (body.vertices[mine] - a) @ (b - a) / ((b - a) @ (b - a))
    return part, along


def _is_dressed(part: NDArray[np.str_], along: Array, look: Look) -> NDArray[np.bool_]:
    base = np.char.rstrip(part, "LR")
    arm = (base == "arm") & (along < look.sleeve)
    fore = (base == "forearm") & (along < look.sleeve - 1)
    trunk = np.isin(base, ("pelvis", "spine", "chest", "clavicle", "thigh"))
    return trunk | arm | fore | ((base == "shin") & (along < 0.93))


def _paint(body: Body, look: Look, part: NDArray[np.str_], along: Array) -> Array:
    base = np.char.rstrip(part, "LR")
    v = body.vertices
    colour = np.tile(np.array(look.skin, float), (len(v), 1))
    dressed = _is_dressed(part, along, look)
    hip = body.joints["thighL"][1]
    upper = v[:, 1] > hip - 0.12
    colour[dressed & upper] = look.top
    colour[dressed & ~upper] = look.trousers
    neckline = body.joints["neck"][1] - 0.015
    colour[np.isin(base, ("chest", "clavicle")) & (v[:, 1] > neckline)] = look.skin
    colour[base == "foot"] = look.shoes
    colour[(base == "shin") & ~dressed] = look.shoes
    eye = body.coco["left_eye"]
    head = base == "head"
    back = v[:, 2] < eye[2] - 0.075
    crown = v[:, 1] > eye[1] + 0.055
    colour[head & (crown | (back & (v[:, 1] > eye[1] - look.hair_length)))] = look.hair
    return np.asarray(colour[body.faces].mean(axis=1))


def _dress(body: Body, look: Look, part: NDArray[np.str_], along: Array) -> Body:
    """Return the body with its clothed skin moved outwards and smoothed."""
    v, f = body.vertices, body.faces
    n = np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]])
    normal = np.zeros_like(v)
    for k in range(3):
        np.add.at(normal, f[:, k], n)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    off = np.where(_is_dressed(part, along, look), look.loose_m, 0.0)
    out = v + normal * off[:, None]
    # Cloth bridges hollows: a few rounds of averaging with the neighbours.
    edges = np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]])
    count = np.bincount(edges[:, 0], minlength=len(v))[:, None]
    for _ in range(6):
        total = np.zeros_like(v)
        np.add.at(total, edges[:, 0], out[edges[:, 1]])
        mean = 0.5 * out + 0.5 * total / np.maximum(count, 1)
        out = np.where((off > 0)[:, None] & (count > 0), mean, out)
    return replace(body, vertices=out)


def _make_face(body: Body, look: Look) -> list[tuple[Array, Colour]]:
    """Eyes, brows and mouth as small outlines in the head's axes."""
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    head = body.joints["head"]
    left, right, nose = (body.coco[n] - head for n in ("left_eye", "right_eye", "nose"))
    surface = max(left[2], right[2]) + 0.002

    def oval(x: float, y: float, w: float, h: float, z: float) -> Array:
        return np.stack([x + w * np.cos(turn), y + h * np.sin(turn), np.full(12, z)], axis=1)

    middle = 0.5 * (left + right)
    drop = float(middle[1] - nose[1])
    out = []
    for eye in (left, right):
        out.append((oval(eye[0], eye[1], 0.015, 0.008, surface), (235, 235, 235)))
        out.append((oval(eye[0], eye[1], 0.008, 0.0085, surface + 0.004), (45, 50, 60)))
        out.append((oval(eye[0], eye[1] + 0.02, 0.019, 0.004, surface + 0.002), look.hair))
    lips = (110, 115, 185)
    out.append((oval(middle[0], nose[1] - 0.8 * drop, 0.024, 0.007, surface + 0.006), lips))
    nostril = tuple(int(0.75 * c) for c in look.skin)
    out.append((oval(nose[0], nose[1] - 0.008, 0.012, 0.005, surface + 0.02), nostril))
    return out  # type: ignore[return-value]
