"""One person among several: where somebody is in a picture, how large, and whether it is the same.

Used where the pose model is steered (`posecoach.pose.person`) and again in the engine, so that a
recording in which the track jumps to somebody else is not judged there either.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median

from posecoach.body import ANKLES, HIPS, SHOULDERS
from posecoach.motion import Observation

_LEGS, _SHOULDERS = 1.65, 0.85  # hip to ankle, and shoulders' width, in trunk lengths
_START, _SPEED = 0.45, 5.0  # sizes a body may move at once, and in a second (about 2.5 m)
_GROWTH, _GROWTH_S = 0.3, 0.9  # the same for the logarithm of its size
_NEAR, _ALIKE = 0.7, 0.3  # so near, in sizes, and so alike in size is the same place
_ROOM = 1.6  # sizes from where one was practising that a movement does not reach
_SETTLE_S = 4.0  # a place as slowly taken becomes the new one
_GONE_S = 1.0  # after so long without anybody, whoever comes is welcome
_ADOPT_S = 6.0  # whoever the track jumped to and who stays in one place for so long is meant
_ARRIVED_S = 1.0  # whoever walked there is meant as soon as they stand


@dataclass(frozen=True)
class Spot:
    """Where somebody is in the picture.

    Attributes
    ----------
    centre : (float, float)
        Middle of the hips, x and y in picture heights, y down.
    size : float
        Trunk length of the upright body in picture heights.
    """

    centre: tuple[float, float]
    size: float

    def measure_distance(self, other: Spot) -> float:
        """Return how far two spots are apart, in sizes."""
        return math.dist(self.centre, other.centre) / max(self.size, other.size)

    def measure_growth(self, other: Spot) -> float:
        """Return the logarithm of how much larger this one is."""
        return math.log(self.size) - math.log(other.size)

    def is_near(self, other: Spot, near: float = _NEAR, alike: float = _ALIKE) -> bool:
        """Return whether two spots may be one person's within a moment."""
        return self.measure_distance(other) <= near and abs(self.measure_growth(other)) <= alike


def locate(observation: Observation) -> Spot | None:
    """Return where the body is; None if none was found.

    Whatever is least foreshortened tells the size: trunk, legs or the shoulders' width, so that
    neither a bend nor a squat nor a turn makes a body smaller.
    """
    if not observation.found:
        return None
    points = observation.points()
    left, right = (points[i] for i in SHOULDERS)
    hips = _find_middle(points, HIPS)
    trunk = math.dist(_find_middle(points, SHOULDERS), hips)
    legs = math.dist(_find_middle(points, ANKLES), hips)
    size = max(trunk, math.dist(left, right) / _SHOULDERS)
    if math.isfinite(legs):
        size = max(size, legs / _LEGS)
    return Spot(hips, size) if 0 < size < math.inf else None


def _find_middle(points: list[list[float]], pair: tuple[int, int]) -> tuple[float, float]:
    (x, y), (u, v) = points[pair[0]], points[pair[1]]
    return 0.5 * (x + u), 0.5 * (y + v)


class PersonKeeper:
    """Tells whether a track is still the same person; call `step` once a frame.

    A track that jumps, or grows or shrinks at once, is somebody else's until it comes back, or has
    stayed in one place for some seconds. One that walks away is believed again when it stands.
    """

    def __init__(self) -> None:
        self._last: tuple[float, Spot] | None = None  # of whatever was seen
        self._home: tuple[float, Spot] | None = None  # of the practitioner
        self._sizes: deque[tuple[float, float]] = deque()
        self._away: str | None = None
        self._stood: tuple[float, Spot] | None = None  # since when and where while away

    def step(self, observation: Observation) -> str | None:
        """Take in one frame.

        Returns
        -------
        str or None
            None if it shows the person kept so far, or nobody; else ``"other_person"`` or
            ``"walking"``.
        """
        spot, t = locate(observation), observation.time_s
        if spot is None:
            return None
        last, self._last = self._last, (t, spot)
        if self._home is None or last is None or t - last[0] > _GONE_S:
            self._welcome(t, spot)
            return None
        home = self._home[1]
        jumped = self._has_jumped(t, spot, *last)
        if self._away is not None and spot.is_near(home):
            self._away = None
            self._sizes.clear()
        elif self._away is not None:
            self._wait(t, spot, jumped)
        elif jumped or spot.measure_distance(home) >= _ROOM:
            self._away = "other_person" if jumped else "walking"
            self._stood = None
            self._wait(t, spot, jumped)
        if self._away is None:
            self._follow(t, spot)
        return self._away

    def _wait(self, t: float, spot: Spot, jumped: bool) -> None:
        """See how long whoever is in the picture has stood in one place."""
        if self._stood is None or jumped or spot.measure_distance(self._stood[1]) > _NEAR:
            self._stood = (t, spot)
            self._sizes.clear()
        self._sizes.append((t, spot.size))
        if t - self._stood[0] > (_ARRIVED_S if self._away == "walking" else _ADOPT_S):
            self._welcome(t, spot)

    def _has_jumped(self, t: float, spot: Spot, last_s: float, last: Spot) -> bool:
        dt = t - last_s
        if spot.measure_distance(last) > _START + _SPEED * dt:
            return True
        while self._sizes and t - self._sizes[0][0] > 0.4:
            self._sizes.popleft()
        known = median(s for _, s in self._sizes) if self._sizes else last.size
        growth = abs(math.log(spot.size) - math.log(known))
        return growth > _GROWTH + _GROWTH_S * dt

    def _welcome(self, t: float, spot: Spot) -> None:
        self._home, self._away = (t, spot), None
        self._sizes.clear()
        self._sizes.append((t, spot.size))

    def _follow(self, t: float, spot: Spot) -> None:
        assert self._home is not None
        home_s, home = self._home
        share = 1.0 - math.exp(-(t - home_s) / _SETTLE_S)
        (x, y), (u, v) = home.centre, spot.centre
        moved = x + share * (u - x), y + share * (v - y)
        self._home = t, Spot(moved, home.size + share * (spot.size - home.size))
        self._sizes.append((t, spot.size))
