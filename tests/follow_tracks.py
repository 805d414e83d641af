"""A teacher's track and a practitioner's signals, straight from the formula figure."""

from collections.abc import Callable

import numpy as np

from figures import Figure, Moves, heavens, make_motion, perform, smooth
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


def perform_leaping(
    form: Callable[..., Moves], parts: list[tuple[float, float]], *, fps: float = 15.0
) -> tuple[Motion, np.ndarray]:
    """Return a session in which parts of the form follow each other, and its true place.

    Between them the figure moves straight on to the next part's posture for a second. NaN while
    standing before and after, and on the way from part to part.
    """
    way = round(fps)
    places, known = [np.zeros(2 * way)], [np.zeros(2 * way, bool)]
    ways = []
    for k, (start, end) in enumerate(parts):
        if k:
            ways.append(sum(map(len, places)))
            places.append(np.full(way, start))
            known.append(np.zeros(way, bool))
        part = np.arange(start, end, 1 / fps)
        places.append(part)
        known.append(np.ones(len(part), bool))
    places.append(np.full(2 * way, parts[-1][1]))
    known.append(np.zeros(2 * way, bool))
    place, inside = np.concatenate(places), np.concatenate(known)
    moves = form(place, place)
    for first in ways:
        u = smooth(np.arange(1, way + 1) / (way + 1))
        for values in vars(moves).values():
            if len(values):
                a, b = values[first - 1], values[first + way]
                values[first : first + way] = a + (b - a) * u.reshape(-1, *[1] * (values.ndim - 1))
    clock = np.arange(len(place)) / fps
    figure = Figure(trunk=0.55, scale=0.33, noise=0.002)
    return make_motion(clock, moves, figure), np.where(inside, place, np.nan)
