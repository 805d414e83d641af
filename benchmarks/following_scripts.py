"""What people do, made from what the model saw of them: time is cut, stretched and frozen.

A `Script` is written move by move (`stand`, `go`, `hold`, `shift`, `leave`); every frame of it is
a frame the model saw, or lies between two of them. A frozen moment keeps the sway and the
model's jitter of the same person's quiet standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from following_clips import Clip
from numpy.typing import NDArray

from posecoach.body import HIPS, SHOULDERS
from posecoach.motion import Motion, Observation

Array = NDArray[np.float64]
Speed = float | Callable[[float], float]
_ARRAYS = ("image", "world", "visibility", "presence")


@dataclass(frozen=True, eq=False)
class Scene:
    """A script carried out.

    Attributes
    ----------
    seen : list of Observation
    place_s : (n,) array
        True place in seconds of the form; the form's length after it and 0 before it while
        standing; NaN while doing something that is not in the form, or nothing that tells.
    moving : (n,) array of bool
        Whether one is in the form (a pause within it counts).
    jumps_s : tuple of float
        Times after which the place must be found again.
    """

    seen: list[Observation]
    place_s: Array
    moving: NDArray[np.bool_]
    jumps_s: tuple[float, ...]


class Script:
    """Writes what one person does; see the module.

    Parameters
    ----------
    clip : Clip
    fps : float
        Of the frames to come out.
    seconds : float
        The form's length.
    seed : int
        Of frames dropped.
    """

    def __init__(self, clip: Clip, seconds: float, fps: float = 30.0, seed: int = 0) -> None:
        self._clip, self._fps, self._seconds = clip, fps, seconds
        self._rng = np.random.default_rng(seed)
        place, time = clip.place_s, clip.motion.time_s
        going = np.flatnonzero(np.isfinite(place))
        breaks = np.flatnonzero(np.diff(place[going]) < -0.5 * seconds) + 1
        self._courses = [
            (np.maximum.accumulate(place[part]) + 1e-9 * np.arange(len(part)), time[part])
            for part in np.split(going, breaks)
        ]
        first = going[0]
        self._quiet = (0.3, max(0.8, float(time[first]) - 0.15))
        self._residual = self._find_residual()
        self._repetition, self._at = 0, 0.0
        self._stack: dict[str, list[Array]] = {name: [] for name in _ARRAYS}
        self._place: list[float] = []
        self._moving: list[bool] = []
        self._jumps: list[float] = []
        self._clock = 0

    def stand(self, seconds: float) -> Script:
        """Stand quietly before or after the form."""
        low, high = self._quiet
        for k in range(round(seconds * self._fps)):
            turn = (k / self._fps) % (2 * (high - low))
            at = low + (turn if turn < high - low else 2 * (high - low) - turn)
            self._put(self._look(at), self._at, moving=False)
        return self

    def go(self, start: float, end: float, tempo: Speed = 1.0) -> Script:
        """Go from one share of the form to another at a tempo, which may depend on the share."""
        share = start
        while share < end:
            self._put(self._pose(share), share * self._seconds)
            speed = tempo(share) if callable(tempo) else tempo
            share += speed / self._seconds / self._fps
        self._at = end * self._seconds
        if end >= 1.0:
            self._repetition += 1
        return self

    def jerk(self, start: float, end: float, hz: float, depth: float = 1.0) -> Script:
        """Go on in jerks: so many times a second slower by a share of the pace, and faster."""
        since = self._clock
        share = start
        while share < end:
            self._put(self._pose(share), share * self._seconds)
            turn = 2 * np.pi * hz * (self._clock - since) / self._fps
            pace = max(1.0 - depth * float(np.cos(turn)), 0.02)
            share += pace / self._seconds / self._fps
        return self.go(end, end)

    def hold(self, seconds: float) -> Script:
        """Stay as one is, with the sway and jitter of one's standing."""
        base = self._pose(self._at / self._seconds)
        n = len(self._residual["image"])
        for k in range(round(seconds * self._fps)):
            index = int(k / self._fps * self._clip.motion.fps) % (2 * n - 1)
            index = min(index, 2 * n - 2 - index)
            frame = dict(base)
            for name in ("image", "world"):
                frame[name] = base[name] + self._residual[name][index]
            self._put(frame, self._at)
        return self

    def shift(self, to: float, seconds: float = 1.0) -> Script:
        """Move straight to the posture of another share; 0 is the start posture."""
        a, b = self._pose(self._at / self._seconds), self._pose(to)
        steps = round(seconds * self._fps)
        for k in range(steps):
            u = (k + 1) / steps
            u = u * u * (3 - 2 * u)
            self._put({name: (1 - u) * a[name] + u * b[name] for name in _ARRAYS}, np.nan)
        self._at = to * self._seconds
        self._jumps.append(self._clock / self._fps)
        return self

    def leave(self, seconds: float, back_at: float | None = None) -> Script:
        """Be out of the picture; back at a share, or standing."""
        nan = np.full((33, 3), np.nan)
        gone = {"image": nan, "world": nan, "visibility": np.zeros(33), "presence": np.zeros(33)}
        for _ in range(round(seconds * self._fps)):
            self._put(gone, np.nan)
        self._at = (back_at or 0.0) * self._seconds
        self._jumps.append(self._clock / self._fps)
        return self

    def other(self, clip: Clip, seconds: float) -> Script:
        """Do what is seen in another clip, in the place and size of this body."""
        mine = self._pose(0.0)
        first = float(clip.motion.time_s[np.isfinite(clip.place_s)][0])
        stranger = Script(clip, seconds, self._fps)
        theirs = stranger._look(first)
        size, ratio = self._clip.motion, clip.motion
        stretch = np.array([ratio.width / ratio.height, 1.0, ratio.width / ratio.height])
        back = np.array([size.width / size.height, 1.0, size.width / size.height])
        scale = _trunk(mine["image"] * back) / _trunk(theirs["image"] * stretch)
        middle, from_ = _middle(mine["image"] * back), _middle(theirs["image"] * stretch)
        for k in range(round((float(clip.motion.time_s[-1]) - first) * self._fps)):
            frame = dict(stranger._look(first + k / self._fps))
            frame["image"] = ((frame["image"] * stretch - from_) * scale + middle) / back
            self._put(frame, np.nan)
        return self

    def end(self, *, drop: float = 0.0) -> Scene:
        """Return the scene, with a share of the frames lost in bursts."""
        n = len(self._place)
        keep = np.ones(n, bool)
        while drop > 0 and (~keep).mean() < drop:
            at = int(self._rng.integers(0, n))
            keep[at : at + int(self._rng.integers(1, max(2, round(0.3 * self._fps))))] = False
        m = self._clip.motion
        seen = [
            Observation(
                k / self._fps, *(self._stack[name][k] for name in _ARRAYS), m.width, m.height
            )
            for k in np.flatnonzero(keep)
        ]
        return Scene(
            seen, np.array(self._place)[keep], np.array(self._moving)[keep], tuple(self._jumps)
        )

    def _put(self, frame: dict[str, Array], place: float, *, moving: bool = True) -> None:
        for name in _ARRAYS:
            self._stack[name].append(frame[name])
        self._place.append(place)
        self._moving.append(moving and bool(np.isfinite(place)))
        self._clock += 1

    def _pose(self, share: float) -> dict[str, Array]:
        places, times = self._courses[self._repetition % len(self._courses)]
        return self._look(float(np.interp(share * self._seconds, places, times)))

    def _look(self, time_s: float) -> dict[str, Array]:
        m = self._clip.motion
        high = int(np.clip(np.searchsorted(m.time_s, time_s), 1, len(m) - 1))
        low = high - 1
        u = float(np.clip((time_s - m.time_s[low]) / (m.time_s[high] - m.time_s[low]), 0, 1))
        out = {}
        for name in _ARRAYS:
            values = getattr(m, name)
            out[name] = (1 - u) * values[low] + u * values[high]
        return out

    def _find_residual(self) -> dict[str, Array]:
        m = self._clip.motion
        quiet = (m.time_s >= self._quiet[0]) & (m.time_s <= self._quiet[1])
        # Begins near zero, so that a frozen moment does not start with a jerk.
        return {name: getattr(m, name)[quiet] - getattr(m, name)[quiet][:1] for name in _ARRAYS[:2]}


def _middle(points: Array) -> Array:
    return np.asarray(points[list(HIPS)].mean(axis=0))


def _trunk(points: Array) -> float:
    up = points[list(SHOULDERS)].mean(axis=0) - _middle(points)
    return float(np.linalg.norm(up[:2]))


def as_motion(scene: Scene) -> Motion:
    """Return a scene as a recording."""
    o = scene.seen
    return Motion(
        np.array([x.time_s for x in o]),
        *(np.stack([getattr(x, name) for x in o]) for name in _ARRAYS),
        o[0].width,
        o[0].height,
    )
