"""pose-format's ``.pose``, versions 0.1 and 0.2.

Read here, like it is written in `posecoach.writers.pose`: a stranger's header promises counts,
and each is held against the bytes that are there before any memory is asked for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.body import BLAZEPOSE_33, N_POINTS, get_skeleton
from posecoach.errors import InputError, UsageError
from posecoach.motion import Motion
from posecoach.readers.raw import MAX_FRAMES, Raw, check_counts, read_bytes, tell
from posecoach.writers.pose import IMAGE, POINTS, WORLD

Array = NDArray[np.float64]

MAX_COMPONENTS = 50
MAX_POINTS = 3000  # MediaPipe's holistic files have 586
MAX_PEOPLE = 50
_MOST = 1e7  # pixels or units beyond which a number is no point of a body


@dataclass(frozen=True)
class Component:
    """A group of points in a file.

    Attributes
    ----------
    name : str
    points : tuple of str
    axes : str
        Such as ``"XYZ"``; the confidence is left out.
    start : int
        Number of its first point among those of the file.
    """

    name: str
    points: tuple[str, ...]
    axes: str
    start: int


@dataclass(frozen=True, eq=False)
class PoseFile:
    """What is in a ``.pose`` file.

    Attributes
    ----------
    width, height : int
    components : tuple of Component
    rate_hz : float
    data : (frames, people, points, axes) array
        As the file has it.
    confidence : (frames, people, points) array
        0 where not found.
    """

    width: int
    height: int
    components: tuple[Component, ...]
    rate_hz: float
    data: Array
    confidence: Array


class _Cursor:
    """Reads numbers and texts from bytes one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, size: int) -> bytes:
        if size > self.left:
            raise ValueError("it ends too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def numbers(self, kinds: str) -> tuple[float, ...]:
        layout = struct.Struct("<" + kinds)
        return layout.unpack(self.take(layout.size))

    def count(self) -> int:
        return int(self.numbers("H")[0])

    def text(self) -> str:
        return self.take(self.count()).decode("utf-8")


def parse_pose(data: bytes) -> PoseFile:
    """Return what is in the bytes of a ``.pose`` file.

    Raises
    ------
    ValueError
        They are no such file, or not all of it; the message says why.
    """
    c = _Cursor(data)
    version = round(c.numbers("f")[0], 3)
    if version not in (0.1, 0.2):
        raise ValueError(f"it says it is version {version:g}, not 0.1 or 0.2")
    width, height, _ = (int(x) for x in c.numbers("HHH"))
    components = _parse_components(c)
    points = sum(len(k.points) for k in components)
    axes = max(len(k.axes) for k in components)
    if version == 0.1:
        rate, frames, people = (float(x) for x in c.numbers("HHH"))
    else:
        rate, frames, people = c.numbers("fIH")
    count = int(people)
    if not 1 <= count <= MAX_PEOPLE:
        raise ValueError(f"it has {count} people, not 1 to {MAX_PEOPLE}")
    size = 4 * count * points * (axes + 1)
    if version == 0.1:  # its 16 bits are too few for long ones; the library goes by the size too
        frames = c.left // size
    if int(frames) * size != c.left:
        raise ValueError(f"it says {int(frames)} frames of {size} bytes but holds {c.left} bytes")
    if not 1 <= frames <= MAX_FRAMES:
        raise ValueError(f"it has {int(frames)} frames, not 1 to {MAX_FRAMES}")
    if not (np.isfinite(rate) and 0 < rate <= 10_000):
        raise ValueError(f"it says {rate:g} frames a second")
    shape = (int(frames), count, points)
    numbers = np.frombuffer(c.take(c.left), "<f4")
    split = shape[0] * count * points * axes
    with np.errstate(all="ignore"):
        values = numbers[:split].reshape(*shape, axes).astype(float)
        seen = np.nan_to_num(numbers[split:].reshape(shape).astype(float), posinf=0.0)
    return PoseFile(width, height, components, float(rate), values, np.clip(seen, 0.0, 1.0))


def _parse_components(c: _Cursor) -> tuple[Component, ...]:
    number, start = c.count(), 0
    if not 1 <= number <= MAX_COMPONENTS:
        raise ValueError(f"it has {number} groups of points, not 1 to {MAX_COMPONENTS}")
    out = []
    for _ in range(number):
        name, axes = c.text(), c.text()
        points, limbs, colours = (int(x) for x in c.numbers("HHH"))
        if not 1 <= points <= MAX_POINTS or start + points > MAX_POINTS:
            raise ValueError(f"it has more than {MAX_POINTS} points, or none")
        if not (axes.endswith("C") and axes[:-1] in ("XY", "XYZ")):
            raise ValueError(f"its points are {axes[:8]!r}, not XYC or XYZC")
        names = tuple(c.text()[:80] for _ in range(points))
        c.take(4 * limbs + 6 * colours)
        out.append(Component(name[:80], names, axes[:-1], start))
        start += points
    return tuple(out)


def read_pose(path: Path) -> Raw | Motion:
    """Read a ``.pose`` file; of several people the one seen most.

    Returns
    -------
    Raw or Motion
        A `Motion` where MediaPipe's landmarks are in it, as in posecoach's own files and in
        pose-format's holistic ones.

    Raises
    ------
    InputError
        It is damaged, too large, or no group of its points has shoulders and hips.
    """
    try:
        file = parse_pose(read_bytes(path))
    except (ValueError, struct.error) as error:
        raise InputError(
            f"Expected a .pose file but in {path} {tell(error)}; choose another file."
        ) from error
    who = int((file.confidence > 0).sum(axis=(0, 2)).argmax())
    data, seen = file.data[:, who], file.confidence[:, who]
    found = (seen > 0) & (np.abs(data) <= _MOST).all(axis=2)
    data = np.where(found[..., None], data, np.nan)
    seen = np.where(found, seen, 0.0)
    groups = {k.name: k for k in file.components}
    image = groups.get(IMAGE)
    if image is not None and image.points == POINTS and image.axes == "XYZ":
        return _make_motion(path, file, data, seen, image, groups.get(WORLD))
    body = _find_body(file.components)
    if body is None:
        told = ", ".join(k.name for k in file.components)[:100]
        raise InputError(
            f"Expected points with shoulders and hips but {path} has {told}; choose another file."
        )
    check_counts(path, len(data), len(body.points))
    own = slice(body.start, body.start + len(body.points))
    return Raw(
        # The depth of what was seen by one camera is not used: it is in no unit.
        data[:, own, :2],
        np.arange(len(data)) / file.rate_hz,
        seen[:, own],
        body.points,
        up="-y",
    )


def _find_body(components: tuple[Component, ...]) -> Component | None:
    for component in components:
        try:
            get_skeleton(component.points)
        except UsageError:
            continue
        return component
    return None


def _make_motion(
    path: Path, file: PoseFile, data: Array, seen: Array, image: Component, world: Component | None
) -> Motion:
    if not (file.width and file.height):
        raise InputError(
            f"Expected the picture's size in {path} but it says {file.width}x{file.height}; "
            "export it again."
        )
    scale = np.array([file.width, file.height, 1.0])
    shape = (len(data), N_POINTS, 3)
    own = slice(image.start, image.start + len(BLAZEPOSE_33))
    metres = np.full(shape, np.nan)
    if world is not None and world.points == POINTS and world.axes == "XYZ":
        metres = data[:, world.start : world.start + len(BLAZEPOSE_33)] / scale
    return Motion(
        np.arange(len(data)) / file.rate_hz,
        data[:, own] / scale,
        metres,
        seen[:, own],
        seen[:, own].copy(),
        float(file.width),
        float(file.height),
        path.name,
    )
