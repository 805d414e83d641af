"""Choosing the practitioner among several people, and keeping to them.

The model in video mode follows one person, whom by luck, and keeps to whoever it got when people
cross. Here several people are looked for when somebody appears, when the track looks strange and
every few seconds besides; if the model follows the wrong one it is shown the picture once more
with everything but the right one blurred. While the right one cannot be found, nobody is reported.
Alone before the camera, the pictures and the points are the model's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach._closing import Closing
from posecoach.body import TRUNK, WRISTS
from posecoach.capture.base import Frame
from posecoach.motion import Observation
from posecoach.person import Spot, locate
from posecoach.pose.landmarker import MediaPipeEstimator, PeopleFinder

Image = NDArray[np.uint8]

_ALONE_S, _COMPANY_S = 4.0, 1.0  # between looks, alone and with others in the picture
_SOON_S = 0.25  # between looks while something is strange
_STEP, _GROWTH = (
    0.35,
    0.18,
)  # sizes and logarithm of size that a body changes by from frame to frame
_SAME = 0.45  # sizes within which the track and a body found are one
_ROAM = 0.7  # sizes from the last look after which another is due
_COLOUR = 30.0  # difference of clothes (CIE Lab) from which they are another's
_REACH, _KIN = 2.2, 0.4  # sizes and logarithm of size within which somebody may be the one sought
_NEWCOMER_S = 2.5  # a stranger alone in the picture for so long is the one who practises now
_COVER_S = 8.0  # unless they stand so that the one sought may be behind them
_LOST_S = 1.5  # and after so long without anybody, at once
_PAUSE_S = 1.2  # nobody is reported before somebody new, so that the engine starts anew too
_IDLE_S, _STIR = 15.0, 0.5  # whoever has not moved a wrist by so many sizes for so long, ...
_BETTER, _BETTER_S = 1.5, 2.0  # ... beside one so much larger or more central, only looks on
# Places on the trunk at which clothes are looked at: shares of its corners, left first.
_U, _V = (x.ravel() for x in np.meshgrid(np.linspace(0.2, 0.8, 7), np.linspace(0.15, 0.85, 7)))
_SWATCH = np.stack([(1 - _U) * (1 - _V), _U * (1 - _V), (1 - _U) * _V, _U * _V], axis=1)
_MARGIN = 0.35  # sizes around a body that stay sharp


@dataclass(frozen=True)
class Person:
    """What is remembered of somebody.

    Attributes
    ----------
    spot : Spot
    colour : tuple of float or None
        Of the clothes on the trunk, CIE Lab, lightness halved; None if it cannot be seen.
    off_centre : float
        0 in the picture's middle, 1 at its edge.
    """

    spot: Spot
    colour: tuple[float, ...] | None
    off_centre: float

    @property
    def weight(self) -> float:
        """How large and central somebody is."""
        return self.spot.size * (1.0 - 0.8 * min(self.off_centre, 1.0))

    def is_dressed_like(self, other: Person) -> bool:
        """Return whether the clothes may be the same."""
        return self.measure_difference(other) <= _COLOUR

    def measure_difference(self, other: Person) -> float:
        """Return how different the clothes are; 0 where they cannot be seen."""
        if self.colour is None or other.colour is None:
            return 0.0
        return math.dist(self.colour, other.colour)


class PersonEstimator(Closing):
    """A pose estimator that keeps to one person.

    The practitioner is the largest and most central body at first, and then whoever is where
    they were, as large and in the same clothes.

    Parameters
    ----------
    model : path
        As for `posecoach.pose.landmarker.MediaPipeEstimator`, with the same errors.
    """

    def __init__(self, model: str | Path) -> None:
        self._tracker = MediaPipeEstimator(model)
        self._model = model
        self._finder: PeopleFinder | None = None  # opened when the first body appears
        self._mine: Person | None = None
        self._trusted = False
        self._last: Spot | None = None
        self._looked_s = float("-inf")
        self._looked_at: Spot | None = None
        self._others = False
        self._found_s = float("-inf")  # when anybody was in the picture
        self._stranger: tuple[float, Spot] | None = None
        self._better: tuple[float, Spot] | None = None
        self._quiet_until_s = float("-inf")
        self._stirred_s = float("-inf")  # when the one kept last moved the arms
        self._arms: list[tuple[float, float]] | None = None
        self.looks = 0
        self.redirected = 0

    def close(self) -> None:
        """Free the models; may be called twice."""
        self._tracker.close()
        if self._finder is not None:
            self._finder.close()

    def estimate(self, frame: Frame) -> Observation:
        """Return the practitioner; nobody while it is somebody else that is seen.

        Parameters
        ----------
        frame : Frame
            Its time must lie after the last one's.
        """
        seen = self._follow(frame)
        return _nobody(seen) if frame.time_s < self._quiet_until_s else seen

    def _follow(self, frame: Frame) -> Observation:
        seen = self._tracker.estimate(frame)
        person = _describe(frame.image, seen)
        if person is None:
            # Whoever was kept may still be there while the track is lost behind somebody.
            self._trusted, self._last = False, None
            if self._mine is None or not self._others or not self._is_due(frame, _SOON_S):
                return seen
        elif not self._must_look(frame, person):
            self._last = person.spot
            self._found_s = frame.time_s
            if self._trusted:
                self._keep(person)
                self._note_arms(seen, person)
                return seen
            return _nobody(seen)
        return self._look(frame, seen, person)

    def _is_due(self, frame: Frame, wait_s: float) -> bool:
        return frame.time_s - self._looked_s >= wait_s

    def _must_look(self, frame: Frame, person: Person) -> bool:
        if self._mine is None:
            return True
        if not self._trusted:
            return self._last is None or self._is_due(frame, _SOON_S)
        if self._is_due(frame, _COMPANY_S if self._others else _ALONE_S):
            return True
        spot, last, base = person.spot, self._last, self._looked_at
        strange = (
            last is None
            or base is None
            or not spot.is_near(last, _STEP, _GROWTH)
            or spot.measure_distance(base) > _ROAM
            or not person.is_dressed_like(self._mine)
        )
        return strange and self._is_due(frame, _SOON_S)

    def _look(self, frame: Frame, seen: Observation, person: Person | None) -> Observation:
        """Look at everybody, choose, and steer the model if it follows another."""
        if self._finder is None:
            self._finder = PeopleFinder(self._model)
        people = self._find(frame, seen)
        self.looks += 1
        self._looked_s = frame.time_s
        self._others = len(people) > 1
        right = self._choose(frame.time_s, [p for _, p in people])
        if people:
            self._found_s = frame.time_s
        if right is None:
            self._trusted = False
            self._last = person.spot if person is not None else None
            return _nobody(seen)
        body, chosen = people[right]
        if self._mine is not None and _cost(chosen, self._mine) >= 1.0:
            self._quiet_until_s = frame.time_s + _PAUSE_S
        if person is None or not person.spot.is_near(chosen.spot, _SAME, 2 * _GROWTH):
            seen = self._redirect(frame, body, chosen.spot)
            person = _describe(frame.image, seen)
            if person is None or not person.spot.is_near(chosen.spot, _SAME, 2 * _GROWTH):
                self._trusted, self._last = False, None
                return _nobody(seen)
        self._trusted, self._stranger = True, None
        self._last = self._looked_at = person.spot
        if self._mine is None or not chosen.is_dressed_like(self._mine):
            self._mine, self._arms = person, None
        self._keep(person, 0.3)
        return seen

    def _find(self, frame: Frame, seen: Observation) -> list[tuple[Observation, Person]]:
        """Return everybody in the picture, the tracked one too; at first also by a closer look."""
        assert self._finder is not None
        bodies = self._finder.find(frame)
        if self._mine is None:
            bodies += self._look_closer(frame)
        out: list[tuple[Observation, Person]] = []
        if seen.found:  # the finder misses some whom the track still has
            bodies.append(seen)
        for body in bodies:
            p = _describe(frame.image, body)
            if p is not None and not any(p.spot.is_near(q.spot, _SAME, 1.0) for _, q in out):
                out.append((body, p))
        return out

    def _look_closer(self, frame: Frame) -> list[Observation]:
        """Look at the middle of the picture by itself: in a group the detector finds only some."""
        assert self._finder is not None
        height, width = frame.image.shape[:2]
        left, right = width // 4, width - width // 4
        if right - left < 64:
            return []
        part = np.ascontiguousarray(frame.image[:, left:right])
        share = (right - left) / width
        out = []
        for body in self._finder.find(replace(frame, image=part)):
            image = body.image * np.array([share, 1.0, share])
            image[:, 0] += left / width
            out.append(replace(body, image=image, width=width, height=height))
        return out

    def _choose(self, time_s: float, people: list[Person]) -> int | None:
        """Return which of the people is the practitioner, or None."""
        if not people:
            self._stranger = None
            return None
        mine = self._mine
        if mine is None or time_s - self._found_s > _LOST_S:
            return _find_central(people)
        costs = [_cost(p, mine) for p in people]
        best = int(np.argmin(costs))
        if costs[best] < 1.0:
            return self._look_for_better(time_s, people, best)
        if len(people) > 1:
            self._stranger = None
            return None
        only = people[0]
        since = self._stranger
        if since is None or not only.spot.is_near(since[1], _ROAM):
            self._stranger = (time_s, only.spot)
            return None
        near = only.spot.measure_distance(mine.spot) < 1.0
        covers = near and only.spot.measure_growth(mine.spot) > _GROWTH
        return 0 if time_s - since[0] >= (_COVER_S if covers else _NEWCOMER_S) else None

    def _look_for_better(self, time_s: float, people: list[Person], kept: int) -> int:
        """Return who practises if the one kept only looks on, else the one kept."""
        front = _find_central(people)
        spot = people[front].spot
        if (
            time_s - self._stirred_s < _IDLE_S
            or people[front].weight < _BETTER * people[kept].weight
        ):
            self._better = None
            return kept
        if self._better is None or not spot.is_near(self._better[1], _ROAM):
            self._better = (time_s, spot)
        if time_s - self._better[0] < _BETTER_S:
            return kept
        self._better = None
        return front

    def _note_arms(self, seen: Observation, person: Person) -> None:
        """Notice when the arms of the one kept have moved."""
        points, (x, y), size = seen.points(), person.spot.centre, person.spot.size
        arms = [((points[i][0] - x) / size, (points[i][1] - y) / size) for i in WRISTS]
        if self._arms is None:
            self._arms = arms
        elif any(math.dist(a, b) > _STIR for a, b in zip(arms, self._arms, strict=True)):
            self._arms, self._stirred_s = arms, seen.time_s

    def _redirect(self, frame: Frame, body: Observation, spot: Spot) -> Observation:
        """Have the tracker drop whom it follows and find the body instead."""
        self.redirected += 1
        nothing = np.zeros_like(frame.image)
        self._tracker.estimate(replace(frame, image=nothing))
        alone = blur_others(frame.image, body, spot)
        return self._tracker.estimate(replace(frame, image=alone))

    def _keep(self, person: Person, share: float = 0.02) -> None:
        old = self._mine
        if old is None:
            self._mine = person
            return
        colour = person.colour
        if old.colour is not None and colour is not None:
            colour = tuple(a + share * (b - a) for a, b in zip(old.colour, colour, strict=True))
        self._mine = Person(person.spot, colour, person.off_centre)


def _find_central(people: list[Person]) -> int:
    """Return the largest and most central."""
    return int(np.argmax([p.weight for p in people]))


def _cost(person: Person, mine: Person) -> float:
    """Return how unlike somebody is to the one kept, in place, size and clothes; 1 = too much."""
    return math.hypot(
        person.spot.measure_distance(mine.spot) / _REACH,
        person.spot.measure_growth(mine.spot) / _KIN,
        person.measure_difference(mine) / (2 * _COLOUR),
    )


def _nobody(seen: Observation) -> Observation:
    return Observation.nobody(seen.time_s, seen.width, seen.height)


def _describe(image: Image, body: Observation) -> Person | None:
    """Return what is remembered of a body; None if there is none."""
    spot = locate(body)
    if spot is None:
        return None
    height, width = image.shape[:2]
    corners = body.image[TRUNK, :2]
    x, y = np.floor((_SWATCH @ corners) * (width, height)).astype(int).T
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    off = 2.0 * abs(0.5 * float(corners[2, 0] + corners[3, 0]) - 0.5)
    if np.count_nonzero(inside) < 10:
        return Person(spot, None, off)
    colours = np.sort(image[y[inside], x[inside]], axis=0).astype(np.float32) / 255.0
    median = 0.5 * (colours[(len(colours) - 1) // 2] + colours[len(colours) // 2])
    light, a, b = cv2.cvtColor(median.reshape(1, 1, 3), cv2.COLOR_BGR2LAB).ravel().tolist()
    return Person(spot, (0.5 * light, a, b), off)  # light changes more than clothes do


def blur_others(image: Image, body: Observation, spot: Spot) -> Image:
    """Return the picture with all but a body so blurred that nobody else is found in it.

    Parameters
    ----------
    image : (height, width, 3) array of uint8
    body : Observation
        The one that stays sharp.
    spot : Spot
        Where it is.
    """
    height, width = image.shape[:2]
    margin = max(1, round(_MARGIN * spot.size * height))
    pixels = body.image[:, :2] * np.array([width, height])
    pixels = np.clip(pixels[np.isfinite(pixels).all(axis=1)], -2 * width, 3 * width)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(pixels).astype(np.int32)), 255)
    mask = cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=margin)
    coarse = max(1, round(0.6 * spot.size * height))
    small = (max(1, width // coarse), max(1, height // coarse))
    dim = cv2.resize(cv2.resize(image, small, interpolation=cv2.INTER_AREA), (width, height))
    return np.where(mask[..., None] > 0, image, dim)
