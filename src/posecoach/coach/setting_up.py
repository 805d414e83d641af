"""Setting up: can it see me? What to do next is said at once, one thing at a time.

A state machine on observations, as the session is one: no picture, no clock of its own. What it
says changes only when something else has been true for a moment, so that nobody is sent to and
fro. It lets the practice begin when all is well and the start pose is held.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from posecoach.body import HIPS, NOSE, SHOULDERS, WRISTS
from posecoach.coach.prospects import tell_prospects
from posecoach.coach.room import Room, fit_stance, measure_room
from posecoach.coach.stance import StanceWatcher
from posecoach.coach.ways import Way, leave_legs_out, needs_legs
from posecoach.follow.track import make_track
from posecoach.motion import Observation
from posecoach.posture.angles import compute_arm_elevation, compute_trunk_length, middle
from posecoach.posture.calibration import Calibration
from posecoach.posture.parts import Parts, PartsKeeper
from posecoach.posture.sides import SideKeeper
from posecoach.posture.view import ViewKeeper, are_arms_seen
from posecoach.reference.sequence import Sequence

Array = NDArray[np.float64]

BLACK, DARK, BRIGHT = 8.0, 50.0, 225.0  # mean brightness of the picture, 0 to 255
HOLD_S = 2.0  # holding the start pose for so long begins the practice
CHECKS = ("seen", "room", "hands", "light", "still")

_SLOW_FPS, _DIM = 12.0, 80.0  # cameras slow down in the dark
_RECENT_S = 0.5  # size and place are medians over so long
_PATIENT_S = 6.0  # nobody was found for so long though somebody may be there
_SETTLE_S = 0.6  # another advice must have been true for so long
_SLACK = 0.035  # of the picture, by which what was well may change before it is not
_SMALL_PX = 45.0  # trunk below which one should come closer
_LITTLE = 0.42  # share of the picture's height that the form should take at least
_FULL = 0.95  # of it at most: with less room the lid can only be too far back or too far forward
_ROLL_DEG = 12.0
_STILL = 0.03  # standard deviation of a still point, in trunk lengths
_START_DEG = 28.0  # how far the arms may be from the start pose


@dataclass(frozen=True, eq=False)
class SetUp:
    """What the set-up says after an observation.

    Attributes
    ----------
    advice : str
        What to do now, as a key of `posecoach.coach.setup_words`.
    checks : mapping of str to bool or None
        By the names in `CHECKS`: well, not well, or not known yet.
    hands_shown : bool
        Whether raised hands were really seen, not only found to have room.
    silhouette : (33, 2) array
        Where to stand, in the picture plane.
    fits : bool
        Whether the person stands where the whole form is in the picture.
    view : str
    prospects : mapping of str to str or None
        Why a measure will not be judged from here; None if it will. Empty while nobody is seen.
    calibration : Calibration or None
    held : float
        Share of the time that the start pose has been held, 0 to 1.
    begins : bool
        True from when it has been held.
    """

    advice: str
    checks: Mapping[str, bool | None]
    hands_shown: bool
    silhouette: Array
    fits: bool
    view: str
    prospects: Mapping[str, str | None]
    calibration: Calibration | None
    held: float
    begins: bool


@dataclass
class _Moment:
    """What is known of the body over the last moment."""

    hips: Array
    trunk: float
    still: bool = False
    legs_lost: str | None = None
    hips_lost: str | None = None
    times: list[float] = field(default_factory=list)


class SettingUp:
    """Tells what to do until the camera sees what it needs.

    Parameters
    ----------
    sequence : Sequence
    way : Way
    """

    def __init__(self, sequence: Sequence, way: Way = Way.WHOLE) -> None:
        self._sequence = sequence
        self._track = make_track(sequence.takes[0])
        self._start = np.nanmedian(self._track.signals.elevation[:5], axis=0)
        self._rooms: dict[bool, Room] = {}
        self._prospects: dict[tuple[str, str | None], dict[str, str | None]] = {}
        self.set_way(way)

    def set_way(self, way: Way) -> None:
        """Practise in another way from now on."""
        self.way = way
        self._legs = needs_legs(self._sequence, way)
        if self._legs not in self._rooms:
            self._rooms[self._legs] = measure_room(self._track, legs=self._legs)
        self.room = self._rooms[self._legs]
        self.restart()

    def restart(self) -> None:
        """Begin anew, as before another camera."""
        self._stance = StanceWatcher()
        self._parts, self._sides, self._view = PartsKeeper(), SideKeeper(), ViewKeeper()
        self._recent: deque[tuple[float, Array]] = deque()
        self._fits = False
        self._shown_at: float | None = None  # trunk when raised hands were seen
        self._advice: str | None = None
        self._next: tuple[str, float] | None = None
        self._held_since: float | None = None
        self._absent_since: float | None = None
        self._absent = "step_in"
        self._begins = False

    def step(self, observation: Observation, brightness: float | None = None) -> SetUp:
        """Take in one observation and return what is to be said.

        Parameters
        ----------
        observation : Observation
            Times must grow from call to call.
        brightness : float, optional
            Mean brightness of its picture, 0 to 255; without it light is not judged.
        """
        aspect = observation.width / observation.height
        checks: dict[str, bool | None] = dict.fromkeys(CHECKS)
        checks["seen"] = observation.found
        view = "front"
        moment = None
        if observation.found:
            parts = self._parts.step(observation)
            observation = self._sides.step(observation)
            plane = observation.plane()
            view = self._view.step(observation.time_s, plane)
            moment = self._look(observation, plane, parts)
        else:
            self._recent.clear()
        self._note_absence(observation)
        light = self._judge_light(brightness, moment)
        checks["light"] = None if brightness is None else light is None
        place = self._judge_place(moment, observation, aspect)
        if moment is not None:
            checks["room"] = place is None
            checks["hands"] = self._judge_hands(observation, moment)
            checks["still"] = self._stance.calibration_done or None
        found = self._find_advice(light, place, view, moment)
        held = self._hold(observation, moment, found)
        advice = self._settle(observation.time_s, found)
        return SetUp(
            advice,
            checks,
            self._shown_at is not None,
            fit_stance(self.room, aspect),
            place is None and moment is not None,
            view,
            self._tell_prospects(view, moment.legs_lost) if moment is not None else {},
            self._stance.calibration,
            held,
            self._begins,
        )

    # What is seen.

    def _note_absence(self, observation: Observation) -> None:
        """Ask who is still not found to come near: the model does not find a small figure."""
        if observation.found:
            self._absent_since, self._absent = None, "step_in"
        elif self._absent_since is None:
            self._absent_since = observation.time_s
        elif observation.time_s - self._absent_since > _PATIENT_S:
            self._absent = "come_near"

    def _look(self, observation: Observation, plane: Array, parts: Parts) -> _Moment:
        time_s = observation.time_s
        self._recent.append((time_s, plane))
        while time_s - self._recent[0][0] > 1.0:
            self._recent.popleft()
        looked = parts.leave_out(observation) if self._legs else leave_legs_out(observation)
        self._stance.step(time_s, looked.plane(), looked.world)
        late = [r for r in self._recent if time_s - r[0] <= _RECENT_S]
        planes = np.stack([r[1] for r in late])
        hips = np.median(middle(planes, HIPS), axis=0)
        trunk = float(np.median(compute_trunk_length(planes)))
        return _Moment(
            hips,
            trunk,
            self._is_still(trunk),
            parts.legs if self._legs else "no_legs",
            parts.hips,
            [r[0] for r in self._recent],
        )

    def _is_still(self, trunk: float) -> bool:
        times = [r[0] for r in self._recent]
        if times[-1] - times[0] < 0.8 or not trunk > 0:
            return False
        core = np.stack([r[1] for r in self._recent])[:, [*SHOULDERS, *HIPS, *WRISTS]]
        return bool(np.isfinite(core).all() and (core.std(axis=0) / trunk).max() <= _STILL)

    def _judge_light(self, brightness: float | None, moment: _Moment | None) -> str | None:
        if brightness is None:
            return None
        if brightness < BLACK:
            return "open_shutter"
        if brightness > BRIGHT:
            return "less_light"
        times = moment.times if moment is not None else []
        slow = len(times) > 3 and (len(times) - 1) / (times[-1] - times[0]) < _SLOW_FPS
        return "more_light" if brightness < DARK or (slow and brightness < _DIM) else None

    def _judge_place(
        self, moment: _Moment | None, observation: Observation, aspect: float
    ) -> str | None:
        """Return what to do so that the whole form is in the picture, None if it is."""
        if moment is None:
            self._fits = False
            return None
        found = self._find_way(moment, observation, aspect)
        self._fits = found is None
        return found

    def _find_way(self, m: _Moment, observation: Observation, aspect: float) -> str | None:
        room, slack = self.room, _SLACK if self._fits else 0.0
        high, wide = room.height * m.trunk, room.width * m.trunk
        if high > _FULL + slack or wide > (_FULL + slack) * aspect:
            return "step_back"
        x, y = m.hips
        if x + room.left * m.trunk < -slack:
            return "step_left"  # the left of somebody who faces the camera is at greater x
        if x + room.right * m.trunk > aspect + slack:
            return "step_right"
        if y + room.top * m.trunk < -slack:
            return "lid_back"
        if y + room.bottom * m.trunk > 1.0 + slack:
            return "lid_forward"
        small = m.trunk * observation.height < _SMALL_PX
        return "step_forward" if small or high < _LITTLE - slack else None

    def _judge_hands(self, observation: Observation, m: _Moment) -> bool:
        """Return whether raised hands are in the picture: seen there, or with room for them."""
        plane = observation.plane()
        above = (plane[list(WRISTS), 1] < plane[NOSE, 1]).all()
        if bool(above):
            self._shown_at = m.trunk if are_arms_seen(observation) else None
            return self._shown_at is not None
        if self._shown_at is not None and abs(m.trunk / self._shown_at - 1.0) > 0.12:
            self._shown_at = None  # somebody who has moved since
        top = float(m.hips[1]) + self.room.top * m.trunk
        return self._shown_at is not None or top > -_SLACK

    # What is said.

    def _find_advice(
        self, light: str | None, place: str | None, view: str, moment: _Moment | None
    ) -> str:
        if light == "open_shutter":
            return light
        if moment is None:
            return light or self._absent
        if place is not None:
            return place
        if moment.hips_lost is not None:
            return "step_back" if moment.hips_lost == "cut_off" else "clear_view"
        if self._legs and moment.legs_lost is not None:
            return "show_feet"
        if light is not None:
            return light
        wanted_side = self._sequence.view == "side"
        if (view == "side") != wanted_side:
            return "turn_side" if wanted_side else "turn_front"
        c = self._stance.calibration
        if c is not None and c.done and abs(c.roll_deg) > _ROLL_DEG:
            return "level"
        return "hold" if moment.still and self._stance.calibration_done else "stand"

    def _hold(self, observation: Observation, moment: _Moment | None, advice: str) -> float:
        """Return for how long, as a share, the start pose has been held with all well."""
        well = advice in ("hold", "stand", "level") and moment is not None and moment.still
        if well:
            plane, world = observation.plane(), observation.world
            arms = compute_arm_elevation(plane, world)
            well = bool((np.abs(arms - self._start) < _START_DEG).all())
        if not well:
            self._held_since = None
            return 1.0 if self._begins else 0.0
        if self._held_since is None:
            self._held_since = observation.time_s
        share = (observation.time_s - self._held_since) / HOLD_S
        self._begins = self._begins or share >= 1.0
        return float(min(share, 1.0))

    def _settle(self, time_s: float, found: str) -> str:
        """Return the advice on show: another one must have been true for a moment."""
        if self._advice is None or found == self._advice:
            self._advice, self._next = found, None
        elif self._next is None or self._next[0] != found:
            self._next = (found, time_s)
        elif time_s - self._next[1] >= _SETTLE_S:
            self._advice, self._next = found, None
        assert self._advice is not None
        return self._advice

    def _tell_prospects(self, view: str, no_legs: str | None) -> dict[str, str | None]:
        key = (view, no_legs)
        if key not in self._prospects:
            self._prospects[key] = tell_prospects(self._sequence, self._track, view, no_legs)
        return self._prospects[key]
