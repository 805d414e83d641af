"""Collecting the frames of a repetition and measuring it when it is over."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posecoach._pieces import Pieces, finish
from posecoach.coach.laying import Seen, find_view, lay, lay_whole
from posecoach.follow.follower import Place
from posecoach.follow.track import Track
from posecoach.measure.repetition import Performance, Repetition, measure_in_pieces
from posecoach.measure.spread import get_tolerances
from posecoach.motion import Observation
from posecoach.posture.calibration import Calibration
from posecoach.posture.resample import median_found
from posecoach.posture.view import are_arms_seen
from posecoach.reference.marks import get_marks
from posecoach.reference.sequence import Sequence

_BEFORE_S = 1.5  # seconds kept from before the form is seen to begin
_KEEP_S = 0.5  # of them that go over to the next repetition
_AFTER_S = 0.4  # standing at the end for so long closes the repetition
_BEGINNING = 0.3  # share of the form in which a repetition must begin to be one
_COVERED = 0.6  # share of the form that makes a repetition
_KNOWN = 0.4  # share in which the place must have been known, not only before and after it
_PASSED = 2.2  # times the reference's pace at which a part may be passed while it is not known
_MEASURED_S = 0.25  # after which it is measured whatever is left to do
_PACE = 80.0  # pieces of that a second: some fifteen or twenty in all
_LONGEST = 8.0  # times the reference's length after which a repetition is given up
_FASTEST = 1.5  # times the reference's pace at which places may go by unknown
_WHOLE = 3.0  # times its length up to which a recording may be one repetition as it is


class RepetitionRecorder:
    """Feed it every judged frame; it returns each repetition soon after it is completed.

    Measuring one takes as long as some frames: it is spread over those of the next quarter second.

    Parameters
    ----------
    track : Track
    sequence : Sequence
    deep : bool
        Whether the practitioner's depth is measured, see `posecoach.motion.Motion`.
    """

    def __init__(self, track: Track, sequence: Sequence, *, deep: bool = False) -> None:
        self._deep = deep
        self._track = track
        self._sequence = sequence
        self._frames: list[Seen] = []
        self._whole: list[Seen] | None = []
        self._begun = False
        self._begun_s = 0.0
        self._first = 0.0
        self._end_since: float | None = None
        self._reached = 0.0
        self._covered: set[int] = set()
        self._calibration: Calibration | None = None
        self._height = 480.0
        self._work: Pieces[Repetition | None] | None = None  # measuring what was closed last
        self._closed_s = 0.0
        self._pieces = 0  # of it that are done
        self.amplitude = 1.0

    def step(
        self,
        observation: Observation,
        place: Place | None,
        doubt: str | None,
        calibration: Calibration,
        view: str,
        legs: str | None = None,
    ) -> Repetition | None:
        """Take in one frame.

        Parameters
        ----------
        observation : Observation
        place : Place or None
            None while the place is not known.
        doubt : str or None
            Why trunk or sides cannot be believed in this frame; None if they can.
        calibration : Calibration
        view : str
        legs : str or None
            Why the legs cannot be believed; None if they can.
        """
        t = observation.time_s
        self._calibration = calibration
        self._height = observation.height
        end = self._track.duration_s
        last = self._frames[-1].place_s if self._frames else 0.0
        at = place.place_s if place is not None else last
        arms = are_arms_seen(observation, edge_on=view == "side")
        seen = place is not None
        plane, world = observation.plane(), observation.world
        frame = Seen(t, plane, world, doubt, arms, view, at, seen, legs, observation.visibility)
        self._keep_whole(frame)
        finished = self._go_on(t)
        if self._begun and place is not None:
            wrapped = at < 0.25 * end and self._reached > 0.8 * end
            jumped = at < 0.15 * end and self._reached < 0.8 * end and last > at + 0.2 * end
            if wrapped or (jumped and self._coverage() < _COVERED):
                if wrapped:
                    finished = self._close(t) or finished
                else:
                    self._drop()
        self._frames.append(frame)
        if not self._begun:
            while self._frames[0].time_s < t - _BEFORE_S:
                self._frames.pop(0)
            if place is not None and 0.04 * end < at < 0.9 * end and place.tempo > 0.15:
                self._begun = True
                self._begun_s = t
                self._first = at
                self._reached = 0.0
                self._covered = set()
            return finished
        if place is not None:
            self._reached = max(self._reached, at)
            self._covered.add(int(20 * at / end))
            if at > end - 0.3:
                self._end_since = self._end_since if self._end_since is not None else t
                if t - self._end_since >= _AFTER_S:
                    finished = self._close(t) or finished
            else:
                self._end_since = None
        if self._begun and t - self._frames[0].time_s > _LONGEST * end:
            self._drop()
        return finished

    def close(self) -> Repetition | None:
        """Return the repetition under way if all but its very end was seen.

        A recording in which none was found is tried as one from its first frame to its last.
        """
        finished = self._finish_work()
        if self._begun and self._reached > 0.9 * self._track.duration_s:
            self._close(self._frames[-1].time_s)
            finished = self._finish_work() or finished
        return finished or self._close_whole()

    def _keep_whole(self, frame: Seen) -> None:
        if self._whole is None:
            return
        self._whole.append(frame)
        if frame.time_s - self._whole[0].time_s > _WHOLE * self._track.duration_s:
            self._whole = None

    def _coverage(self) -> float:
        return len(self._covered) / 20

    def _drop(self) -> None:
        self._begun = False
        self._end_since = None
        last = self._frames[-1].time_s if self._frames else 0.0
        self._frames = [f for f in self._frames if f.time_s > last - _KEEP_S]

    def _go_on(self, time_s: float) -> Repetition | None:
        """Go on measuring what was closed, as much as is due; return it when all is done."""
        if self._work is None:
            return None
        since = time_s - self._closed_s
        if since >= _MEASURED_S:
            return self._finish_work()
        while self._pieces < _PACE * since:
            try:
                next(self._work)
            except StopIteration as done:
                self._work = None
                measured: Repetition | None = done.value
                return measured
            self._pieces += 1
        return None

    def _finish_work(self) -> Repetition | None:
        work, self._work = self._work, None
        return None if work is None else finish(work)

    def _close(self, time_s: float) -> Repetition | None:
        """Begin to measure what was recorded; return the one before if it was not done yet."""
        before = self._finish_work()
        frames, known = self._frames, self._coverage()
        begun = [f for f in frames if f.time_s >= self._begun_s]
        calibration = self._calibration
        self._drop()
        if known < _KNOWN or self._first > _BEGINNING * self._track.duration_s:
            return before
        if calibration is None:
            return before
        passed = _bridge_unknown(begun, _PASSED) / self._track.duration_s
        if len(set((20 * passed).astype(int))) / 20 < _COVERED:
            return before
        online = _bridge_unknown(frames)
        # The lead-in, still at the end of the last repetition or unknown, belongs to the start.
        lead = sum(1 for f in frames if f.time_s < self._begun_s)
        online[:lead] = np.minimum(online[:lead], online[lead])
        rest = np.where(
            np.isfinite(calibration.rest) & calibration.done,
            calibration.rest,
            median_found(self._track.signals.features[:3]),
        )
        laid = lay(frames, online, rest, calibration, self._track, self._height, deep=self._deep)
        self._work = self._measure_laid(laid, find_view(frames))
        self._closed_s, self._pieces = time_s, 0
        return before

    def _measure_laid(
        self, laying: Pieces[Performance | None], view: str
    ) -> Pieces[Repetition | None]:
        laid = yield from laying
        yield
        return (yield from self._measure(laid, view))

    def _close_whole(self) -> Repetition | None:
        frames, self._whole = self._whole, None
        if not frames or self._calibration is None:
            return None
        laid = lay_whole(frames, self._calibration, self._track, self._height, deep=self._deep)
        return finish(self._measure(laid, find_view(frames)))

    def _measure(self, laid: Performance | None, view: str) -> Pieces[Repetition | None]:
        if laid is None:
            return None
        measured = yield from measure_in_pieces(
            laid,
            self._track,
            self._sequence.all_joints,
            get_tolerances(self._sequence),
            view,
            get_marks(self._sequence),
        )
        self._whole = None
        self.amplitude = laid.amplitude
        return measured


def _bridge_unknown(frames: list[Seen], fastest: float = _FASTEST) -> NDArray[np.float64]:
    """Return the places, evenly on from one to the next where none was known in between."""
    time_s = np.array([f.time_s for f in frames])
    online = np.array([f.place_s for f in frames])
    known = np.flatnonzero([f.known for f in frames])
    for a, b in pairwise(known):
        if b > a + 1 and 0 <= online[b] - online[a] < fastest * (time_s[b] - time_s[a]):
            online[a:b] = np.interp(time_s[a:b], time_s[[a, b]], online[[a, b]])
    return online
