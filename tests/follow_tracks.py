"""A teacher's track and a practitioner's signals, straight from the formula figure."""

from collections.abc import Callable

import numpy as np

from figures import Moves, heavens, perform
from posecoach.follow.track import Track, make_track
from posecoach.motion import Motion
from posecoach.posture.calibration import Calibration
from posecoach.posture.signals import Signals, compute_signals
from posecoach.reference.sequence import Sequence, take_of


def teach_sequence(form: Callable[..., Moves] = heavens, **fields: object) -> Sequence:
    """Return a sequence of one clean take, cut to the form, place 0 to 10 s."""
    motion, place = perform(form, repetitions=1)
    inside = motion.time_s[np.isfinite(place)]
    cut = motion.cut(float(inside[0]), float(inside[-1]))
    take = take_of(cut, take_of(motion).calibration)
    return Sequence("test", (take,), **fields)  # type: ignore[arg-type]


def teach(form: Callable[..., Moves] = heavens) -> Track:
    """Return the same as a track."""
    return make_track(teach_sequence(form).takes[0])


def signals_of(motion: Motion) -> tuple[Signals, Calibration]:
    """Return a recording's signals, calibrated on its own still stance."""
    calibration = take_of(motion).calibration
    return compute_signals(motion.plane(), motion.world, calibration), calibration
