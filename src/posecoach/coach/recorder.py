"""Collecting the frames of a repetition and measuring it when it is over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.follow.delay import find_delay, undo_delay
from posecoach.follow.follower import Place
from posecoach.follow.retrace import compare_ranges, fit_amplitude, retrace
from posecoach.follow.track import Track
from posecoach.measure.carriage import compare_carriage, is_same_form, sample_directions
from posecoach.measure.repetition import Performance, Repetition, measure_repetition
from posecoach.measure.spread import get_tolerances
from posecoach.motion import Observation
from posecoach.posture.calibration import Calibration
from posecoach.posture.resample import median_found
from posecoach.posture.signals import Signals, compute_signals
from posecoach.posture.view import are_arms_seen
from posecoach.reference.marks import get_marks
from posecoach.reference.sequence import Sequence

Array = NDArray[np.float64]

_BEFORE_S = 1.5  # frames kept from before the form is seen to begin
_AFTER_S = 0.4  # standing at the end for so long closes the repetition
_COVERED = 0.6  # share of the form that makes a repetition
_LONGEST = 8.0  # times the reference's length after which a repetition is given up


@dataclass(frozen=True, eq=False)
class _Frame:
    time_s: float
    plane: Array
    world: Array
    good: bool
    place_s: float
    known: bool


class RepetitionRecorder:
    """Feed it every judged frame; it returns each repetition as it is completed.

    Parameters
    ----------
    track : Track
    sequence : Sequence
    """

    def __init__(self, track: Track, sequence: Sequence) -> None:
        self._track = track
        self._sequence = sequence
        self._frames: list[_Frame] = []
        self._begun = False
        self._begun_s = 0.0
        self._end_since: float | None = None
        self._reached = 0.0
        self._covered: set[int] = set()
        self._calibration: Calibration | None = None
        self._height = 480.0
        self._views: list[str] = []
        self.amplitude = 1.0

    def step(
        self,
        observation: Observation,
        own: Signals,
        place: Place | None,
        good: bool,
        calibration: Calibration,
        view: str,
    ) -> Repetition | None:
        """Take in one frame.

        Parameters
        ----------
        observation : Observation
        own : Signals
        place : Place or None
            None while the place is not known.
        good : bool
            Whether trunk and sides can be believed in this frame.
        calibration : Calibration
        view : str
        """
        del own
        t = observation.time_s
        self._calibration = calibration
        self._height = observation.height
        end = self._track.duration_s
        last = self._frames[-1].place_s if self._frames else 0.0
        at = place.place_s if place is not None else last
        good = good and are_arms_seen(observation)
        frame = _Frame(t, observation.plane(), observation.world, good, at, place is not None)
        finished = None
        if self._begun and place is not None:
            wrapped = at < 0.25 * end and self._reached > 0.8 * end
            jumped = at < 0.15 * end and self._reached < 0.8 * end and last > at + 0.2 * end
            if wrapped or (jumped and self._coverage() < _COVERED):
                finished = self._close() if wrapped else None
                if not wrapped:
                    self._drop()
        self._frames.append(frame)
        if not self._begun:
            while self._frames[0].time_s < t - _BEFORE_S:
                self._frames.pop(0)
            if place is not None and 0.04 * end < at < 0.9 * end and place.tempo > 0.15:
                self._begun = True
                self._begun_s = t
                self._reached = 0.0
                self._covered = set()
                self._views = []
            return finished
        self._views.append(view)
        if place is not None:
            self._reached = max(self._reached, at)
            self._covered.add(int(20 * at / end))
            if at > end - 0.3:
                self._end_since = self._end_since if self._end_since is not None else t
                if t - self._end_since >= _AFTER_S:
                    finished = self._close() or finished
            else:
                self._end_since = None
        if self._begun and t - self._frames[0].time_s > _LONGEST * end:
            self._drop()
        return finished

    def close(self) -> Repetition | None:
        """Return the repetition under way if all but its very end was seen."""
        if self._begun and self._reached > 0.9 * self._track.duration_s:
            return self._close()
        return None

    def _coverage(self) -> float:
        return len(self._covered) / 20

    def _drop(self) -> None:
        self._begun = False
        self._end_since = None
        self._frames = self._frames[-15:]

    def _close(self) -> Repetition | None:
        frames, covered = self._frames, self._coverage()
        calibration = self._calibration
        self._drop()
        if covered < _COVERED or calibration is None or len(frames) < 30:
            return None
        time_s = np.array([f.time_s for f in frames])
        plane = np.stack([f.plane for f in frames])
        world = np.stack([f.world for f in frames])
        online = np.array([f.place_s for f in frames])
        # The lead-in, still at the end of the last repetition or unknown, belongs to the start.
        lead = sum(1 for f in frames if f.time_s < self._begun_s)
        online[:lead] = np.minimum(online[:lead], online[lead])
        signals = compute_signals(plane, world, calibration)
        rest = np.where(
            np.isfinite(calibration.rest) & calibration.done,
            calibration.rest,
            median_found(self._track.signals.features[:3]),
        )
        amplitude = compare_ranges(signals.features, self._track)
        path = retrace(time_s, signals.features, rest, self._track, online, amplitude)
        amplitude = fit_amplitude(signals.features, rest, self._track, path)
        self.amplitude = amplitude
        believed = np.array([f.good for f in frames])
        features = np.where(believed[:, None], signals.features, np.nan)
        delay = find_delay(time_s, features, rest, self._track, path, amplitude)
        if delay is not None and abs(delay.delay_s) > 2 * delay.error_s:
            # A late side would pull the path to and fro: the place is that of both in step.
            together = undo_delay(time_s, signals.features, delay.delay_s)
            path = retrace(time_s, together, rest, self._track, path, amplitude)
        inside = (path > 0.01 * path.max()) & (path < path.max() - 0.01 * self._track.duration_s)
        if inside.sum() < 30:
            return None
        span = slice(int(inside.argmax()), len(inside) - int(inside[::-1].argmax()))
        performance = Performance(
            time_s[span],
            path[span],
            plane[span],
            compute_signals(plane[span], world[span], calibration),
            believed[span],
            amplitude,
            self._height,
            delay,
        )
        if not _is_the_form(performance, self._track):
            return None
        view = max(set(self._views), key=self._views.count) if self._views else "front"
        return measure_repetition(
            performance,
            self._track,
            self._sequence.all_joints,
            get_tolerances(self._sequence),
            view,
            get_marks(self._sequence),
        )


def _is_the_form(p: Performance, track: Track) -> bool:
    """Return whether what was followed can be the form at all, in time and along the path.

    A path can be laid through any movement; another form's postures then stay far apart, or its
    postures only fit where time is bent. Unknown counts as yes.
    """
    along = np.maximum.accumulate(p.places_s) + 1e-9 * np.arange(len(p.places_s))
    span = (track.time_s >= along[0]) & (track.time_s <= along[-1])
    if span.sum() < 30:
        return True
    theirs = sample_directions(track.time_s[span], track.plane[span])
    for clock in (p.time_s, along):
        carriage = compare_carriage(sample_directions(clock, p.plane), theirs)
        if carriage is not None and not is_same_form(carriage):
            return False
    return True
