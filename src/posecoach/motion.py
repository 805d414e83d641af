"""Motion: what a tracker saw over time, and one moment of it.

Conventions (MediaPipe's own, kept everywhere):

- ``image[..., 0]`` is x as a share of the picture's width, ``[..., 1]`` y as a share of its
  height (y grows downwards), ``[..., 2]`` depth in the scale of x (smaller is nearer).
- ``world`` is in metres about the middle of the hips, x to the picture's right, y down, z away.
- Pictures are never mirrored inside: someone who faces the camera has their left at greater x.
- A point or a moment that was not found is NaN.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posecoach.body import MIRROR, N_POINTS, TRUNK, get_skeleton
from posecoach.errors import InputError, UsageError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One moment as the tracker saw it.

    Attributes
    ----------
    time_s : float
        Capture time in seconds, growing.
    image, world : (33, 3) array
        Points in the picture and in metres (see the module's conventions); NaN if not found.
    visibility, presence : (33,) array
        The model's own likelihoods, 0 to 1; 0 where nobody was found.
    width, height : float
        Picture size in pixels.
    """

    time_s: float
    image: Array
    world: Array
    visibility: Array
    presence: Array
    width: float
    height: float

    @property
    def found(self) -> bool:
        """Whether a body was found at all."""
        return bool(np.isfinite(self.image[TRUNK, :2]).all())

    @classmethod
    def nobody(cls, time_s: float, width: float, height: float) -> Observation:
        """Return a moment in which no one was found."""
        nan = np.full((N_POINTS, 3), np.nan)
        zero = np.zeros(N_POINTS)
        return cls(time_s, nan, nan.copy(), zero, zero.copy(), width, height)

    def plane(self) -> Array:
        """Return (33, 2) points in the picture plane in units of the picture's height, y down."""
        return np.asarray(self.image[:, :2] * np.array([self.width / self.height, 1.0]))

    def points(self) -> list[list[float]]:
        """Return the same as plain numbers, [x, y] each: taken singly they are faster."""
        points: list[list[float]] = self.plane().tolist()
        return points


@dataclass(frozen=True, eq=False)
class Motion:
    """A recording of one person.

    Attributes
    ----------
    time_s : (n,) array
        Capture times in seconds, strictly growing, not necessarily evenly spaced.
    image, world : (n, 33, 3) array
    visibility, presence : (n, 33) array
    width, height : float
        Picture size in pixels.
    deep : bool
        Whether the depth was measured, as by a depth camera or markers, not guessed.
    """

    time_s: Array
    image: Array
    world: Array
    visibility: Array
    presence: Array
    width: float = 640.0
    height: float = 480.0
    source: str = field(default="", compare=False)
    deep: bool = False

    def __post_init__(self) -> None:
        """Check shapes and times; raise `InputError` naming everything that is wrong."""
        n = len(self.time_s)
        shapes = {
            "time_s": (n,),
            "image": (n, N_POINTS, 3),
            "world": (n, N_POINTS, 3),
            "visibility": (n, N_POINTS),
            "presence": (n, N_POINTS),
        }
        problems = [
            f"{name} of shape {shape} but got {np.shape(getattr(self, name))}"
            for name, shape in shapes.items()
            if np.shape(getattr(self, name)) != shape
        ]
        if not problems:
            if not np.isfinite(self.time_s).all():
                problems.append("finite times but some are not")
            elif n > 1 and not (np.diff(self.time_s) > 0).all():
                problems.append("times that grow but some do not")
            if not (self.width > 0 and self.height > 0):
                problems.append(f"a picture size above 0 but got {self.width}x{self.height}")
        if problems:
            raise InputError("A recording needs: expected " + "; expected ".join(problems) + ".")

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.time_s)

    def __iter__(self) -> Iterator[Observation]:
        """Yield the moments in order."""
        for i in range(len(self)):
            yield self.at(i)

    def at(self, i: int) -> Observation:
        """Return frame ``i`` as an observation."""
        return Observation(
            float(self.time_s[i]),
            self.image[i],
            self.world[i],
            self.visibility[i],
            self.presence[i],
            self.width,
            self.height,
        )

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last frame."""
        return float(self.time_s[-1] - self.time_s[0]) if len(self) else 0.0

    @property
    def fps(self) -> float:
        """Median frame rate in frames per second; 0 with fewer than two frames."""
        return float(1.0 / np.median(np.diff(self.time_s))) if len(self) > 1 else 0.0

    @property
    def found(self) -> NDArray[np.bool_]:
        """(n,) whether a body was found in each frame."""
        core = self.image[:, TRUNK, :2]
        return np.asarray(np.isfinite(core).all(axis=(1, 2)))

    def plane(self) -> Array:
        """Return (n, 33, 2) points in the picture plane in units of its height, y down."""
        return np.asarray(self.image[..., :2] * np.array([self.width / self.height, 1.0]))

    def cut(self, start_s: float, end_s: float) -> Motion:
        """Return the frames with ``start_s <= time <= end_s``, times kept."""
        keep = (self.time_s >= start_s - 1e-9) & (self.time_s <= end_s + 1e-9)
        return self._take(keep)

    def shifted(self, by_s: float) -> Motion:
        """Return the same motion with ``by_s`` seconds added to every time."""
        return replace(self, time_s=self.time_s + by_s)

    def _take(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> Motion:
        return replace(
            self,
            time_s=self.time_s[keep],
            image=self.image[keep],
            world=self.world[keep],
            visibility=self.visibility[keep],
            presence=self.presence[keep],
        )

    def mirrored(self) -> Motion:
        """Return the motion as its mirror image: x flipped and left and right exchanged."""
        image = self.image[:, MIRROR].copy()
        image[..., 0] = 1.0 - image[..., 0]
        world = self.world[:, MIRROR].copy()
        world[..., 0] = -world[..., 0]
        return replace(
            self,
            image=image,
            world=world,
            visibility=self.visibility[:, MIRROR],
            presence=self.presence[:, MIRROR],
        )

    @classmethod
    def from_observations(cls, observations: Sequence[Observation], source: str = "") -> Motion:
        """Return the observations as one recording.

        Raises
        ------
        InputError
            There are none.
        """
        if not observations:
            raise InputError("Expected at least one frame but got none; record or choose another.")
        first = observations[0]
        return cls(
            np.array([o.time_s for o in observations]),
            np.stack([o.image for o in observations]),
            np.stack([o.world for o in observations]),
            np.stack([o.visibility for o in observations]),
            np.stack([o.presence for o in observations]),
            first.width,
            first.height,
            source,
        )

    @classmethod
    def from_points(
        cls,
        points: ArrayLike,
        time_s: ArrayLike,
        skeleton: str | Sequence[str] = "blazepose-33",
        visibility: ArrayLike | None = None,
        *,
        y_up: bool | None = None,
        mirrored: bool = False,
        turn: bool = True,
    ) -> Motion:
        """Make a recording from any tracker's points.

        Parameters
        ----------
        points : (n, joints, 2 or 3) array
            Any length unit. Two columns are picture coordinates; three are space coordinates,
            which are turned so that the person faces the camera on average.
        time_s : (n,) array
            Seconds.
        skeleton : str or sequence of str
            ``"blazepose-33"``, ``"coco-17"``, ``"kinect-v2"`` or the joints' names.
        visibility : (n, joints) array, optional
            0 to 1; without it every finite point counts as seen.
        y_up : bool, optional
            Whether y grows upwards; by default it is read from head and hips, and in space also
            which axis is upright.
        mirrored : bool
            Say True if the tracker worked on a mirrored picture, so that its left is the
            person's right. It cannot be seen from the points and is never guessed.
        turn : bool
            Whether space coordinates are turned to face the camera. Say False where the depth
            is a model's guess from one picture: turning would mix its error into the lean.
            True also means that the depth was measured and may be judged.

        Raises
        ------
        UsageError
            Shapes do not fit the skeleton.
        InputError
            Times do not grow, or no frame has shoulders and hips.
        """
        from posecoach._points import normalise_points

        try:
            pts = np.array(points, dtype=float)
            times = np.asarray(time_s, dtype=float)
        except (TypeError, ValueError) as error:
            raise UsageError(f"Expected points and times as numbers but got: {error}.") from error
        pts[~np.isfinite(pts)] = np.nan
        if pts.ndim != 3 or pts.shape[2] not in (2, 3):
            raise UsageError(
                f"Expected points of shape (frames, joints, 2 or 3) but got {pts.shape}."
            )
        if times.shape != (len(pts),):
            raise UsageError(f"Expected {len(pts)} times but got an array of {times.shape}.")
        kind = get_skeleton(skeleton)
        body = kind.to_blazepose(pts)
        if visibility is None:
            seen = np.isfinite(body).all(axis=2).astype(float)
        else:
            vis = np.asarray(visibility, dtype=float)
            if vis.shape != pts.shape[:2]:
                raise UsageError(f"Expected visibility of {pts.shape[:2]} but got {vis.shape}.")
            seen = np.nan_to_num(kind.to_blazepose(vis[..., None])[..., 0])
        image, world = normalise_points(body, y_up=y_up, turn=turn)
        # A tracker that gives a point says that it is there; how well it is seen is another matter.
        there = np.isfinite(body[..., :2]).all(axis=2).astype(float)
        deep = turn and pts.shape[2] == 3
        motion = cls(times, image, world, seen, there, 1000.0, 1000.0, deep=deep)
        return motion.mirrored() if mirrored else motion
