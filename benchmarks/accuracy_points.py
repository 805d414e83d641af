"""What is true of a repetition as a whole, from where the drawn body's joints really were.

Symmetry, sway, evenness and joint angles are defined over a repetition that is laid on the
reference. Here the same definitions are applied to the joints themselves and to the place one
really was at, against the form as its teacher's body goes through it: what is left between that
and the engine's reading is what model and following add. By how much the trunk comes after the
arms follows from the plan.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
from following_clips import find_place
from numpy.typing import NDArray

from people.body import find_keypoints, load_body
from people.performance import Performance as Person
from people.performance import Plan
from posecoach.body import INDEX, N_POINTS
from posecoach.follow.retrace import fit_amplitude
from posecoach.follow.track import Track, make_track
from posecoach.measure.judgement import Judgement
from posecoach.measure.performance import Performance
from posecoach.measure.repetition import measure_repetition
from posecoach.measure.spread import get_tolerances
from posecoach.motion import Motion
from posecoach.posture.calibration import Calibration, calibrate
from posecoach.posture.resample import median_found
from posecoach.posture.signals import compute_signals
from posecoach.reference.library import open_form
from posecoach.reference.sequence import Take

Array = NDArray[np.float64]

WHOLE = ("symmetry_index", "sway", "evenness")
"""Measures with such a truth; ``joint_angle.<joint>`` and ``trunk_limb_delay`` come besides."""

_HZ = 10.0
_STAND_S = 1.0
_MOVES = 1e-4  # share of the height a frame by which the pelvis must move to tell when


def find_whole(person: Person) -> list[dict[str, Judgement]]:
    """Return what is true of each repetition in `WHOLE` and of its joints."""
    track, sequence = _teach(person.plan.form), open_form(person.plan.form)
    standing = _follow_points(person, 0.0, min(_STAND_S, person.repetitions[0].start_s))
    calibration = calibrate(standing.plane(), standing.world, _STAND_S)
    tolerances = get_tolerances(sequence)
    out = []
    for span in person.repetitions:
        motion = _follow_points(person, span.start_s, span.end_s)
        places = np.array([find_place(person, t) for t in motion.time_s])
        signals = compute_signals(motion.plane(), motion.world, calibration)
        rest = median_found(compute_signals(standing.plane(), standing.world, calibration).features)
        p = Performance(
            motion.time_s,
            places,
            motion.plane(),
            signals,
            np.ones(len(places), bool),
            fit_amplitude(signals.features, rest, track, places),
            480.0,
        )
        found = measure_repetition(p, track, sequence.all_joints, tolerances, "front").measures
        out.append({k: v for k, v in found.items() if k in WHOLE or k.startswith("joint_angle")})
    return out


def find_trunk_delay(person: Person) -> list[float]:
    """Return by how much the trunk comes after the arms in each repetition; ms, + = later.

    The pelvis keeps the form's own time while a performer's hands are a little sooner or later; a
    planted delay makes the arms, taken together, late by half of it.
    """
    late = 0.5 * (person.plan.fault("left_late") + person.plan.fault("right_late"))
    out = []
    for span in person.repetitions:
        times = np.arange(span.start_s, span.end_s, 1 / _HZ)
        shares = np.array([person.share(t)[1] for t in times])
        ahead = np.array([find_place(person, t) for t in times]) - shares * person.seconds
        moves = np.abs(np.gradient([float(person.course.sink(u)) for u in shares]))
        pace = np.gradient(shares * person.seconds, 1 / _HZ)
        use = (moves > _MOVES) & (pace > 0.1)
        if not use.any():
            out.append(float("nan"))
            continue
        behind = float(np.average(ahead[use] / pace[use], weights=moves[use]))
        out.append(1000.0 * behind - late)
    return out


@cache
def _teach(form: str) -> Track:
    """Return the form as its teacher's body really goes through it."""
    told = tomllib.loads(
        (Path(__file__).parents[1] / "samples" / "samples.toml").read_text(encoding="utf-8")
    )["clips"]
    body = next(c["body"] for n, c in told.items() if c["form"] == form and "teacher" in n)
    teacher = Person(load_body(body), Plan(form, 0, 1, (_STAND_S, 0.0, 0.0)))
    standing = _follow_points(teacher, 0.0, _STAND_S)
    span = teacher.repetitions[0]
    motion = _follow_points(teacher, span.start_s, span.end_s)
    begun = Motion(
        motion.time_s - motion.time_s[0],
        motion.image,
        motion.world,
        motion.visibility,
        motion.presence,
        motion.width,
        motion.height,
    )
    calibration: Calibration = calibrate(standing.plane(), standing.world, _STAND_S)
    return make_track(Take(begun, calibration), smooth_s=0.0)


def _follow_points(person: Person, start_s: float, end_s: float) -> Motion:
    """Return a person's joints from straight ahead, without a lens, in metres."""
    times = np.arange(start_s, end_s, 1 / _HZ)
    points = np.full((len(times), N_POINTS, 3), np.nan)
    for k, t in enumerate(times):
        for name, at in find_keypoints(person.body, person.pose_at(t)).items():
            if name in INDEX:
                # Left is at greater x, y grows downwards, z away from the camera.
                points[k, INDEX[name]] = at * np.array([1.0, -1.0, -1.0])
    seen = np.isfinite(points).all(axis=2).astype(float)
    return Motion(times, points, points.copy(), seen, seen.copy(), 1.0, 1.0)
