"""The still stance: where vertical is for this camera and this person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body import ANKLES, BONES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from posecoach.posture.angles import (
    compute_arm_elevation,
    compute_lateral_lean,
    compute_line_tilt,
    compute_trunk_length,
    middle,
    rotate_plane,
)
from posecoach.posture.facing import compute_facing_x, estimate_turn
from posecoach.posture.features import compute_features
from posecoach.posture.resample import median_found
from posecoach.posture.view import is_edge_on

Array = NDArray[np.float64]

_BIAS_DEG = 4.0  # the most a model's own bias of a level line was found to be
_BELOW_DEG = 20.0  # by which hips lie below a high camera near by; shoulders less, feet more
_EDGE_ON_ROLL_DEG = 8.0  # a body edge on may lean by itself: a camera is hardly turned further
_STILL = 0.025  # standard deviation of a still point, in trunk lengths
_EARLY_S = 4.0  # people stand before they begin
_STANDING = 2.0  # trunk lengths from the ankles to the shoulders, from which someone stands
_HANGING_DEG = 32.0  # an arm raised less than this hangs
_LAP_DEG = 45.0  # and of somebody seated, its hand rests in the lap
_SEATED = 0.5  # how far the knees are below the hips, in trunk lengths; standing: nearly 1


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a still stance tells.

    Attributes
    ----------
    roll_deg : float
        How far the picture's vertical is turned; the vertical leans to greater x if positive.
    zero_lean, zero_shoulders, zero_pelvis : float
        Degrees these lines read on the still stance after `roll_deg` is taken out; subtracted
        from later readings, because the model's bias of a person stays much the same.
    facing : int
        +1 seen from the front, -1 from behind.
    trunk : float
        Trunk length in picture heights.
    bones : (len(BONES),) array
        Length of each drawn bone in trunk lengths as seen on the stance.
    rest : (features,) array
        Features of the stance, see `posecoach.posture.features`.
    seconds : float
        How long the stance was watched; 0 = not calibrated.
    facing_x : int
        Seen from the side: +1 looking towards greater x, -1 towards smaller; 0 from elsewhere.
    """

    roll_deg: float
    zero_lean: float
    zero_shoulders: float
    zero_pelvis: float
    facing: int
    trunk: float
    bones: Array
    rest: Array
    seconds: float
    facing_x: int = 0

    @property
    def mirror(self) -> int:
        """+1 or -1: turns x so that left is at greater x, or a body seen edge on looks there."""
        return self.facing_x or self.facing

    @property
    def done(self) -> bool:
        """Whether a still stance was seen."""
        return self.seconds > 0


def is_still_stance(plane: Array, world: Array) -> bool:
    """Return whether somebody stands still with hanging arms, or sits with hands in the lap.

    One hand may jump about where its elbow does not: half hidden, it is guessed anew in each frame.

    Parameters
    ----------
    plane : (n, 33, 2) array
    world : (n, 33, 3) array
    """
    core = [*SHOULDERS, *HIPS, *WRISTS]
    if len(plane) < 3 or not np.isfinite(plane[:, core]).all():
        return False
    trunk = float(np.median(compute_trunk_length(plane)))
    if not trunk > 0:
        return False
    moved = plane[:, [*core, *ELBOWS]].std(axis=0).max(axis=1) / trunk
    if float(moved[:4].max()) > _STILL:
        return False
    jumping = moved[4:6] > _STILL
    if jumping.all() or (jumping & ~(moved[6:] <= _STILL)).any():
        return False
    elevation = np.median(compute_arm_elevation(plane, world), axis=0)
    lean = abs(float(np.median(compute_lateral_lean(plane, _facing(plane)))))
    thigh = float(np.median((middle(plane, KNEES) - middle(plane, HIPS))[:, 1])) / trunk
    limit = _LAP_DEG if thigh < _SEATED else _HANGING_DEG
    return bool((elevation < limit).all() and lean < 20.0)


def calibrate(plane: Array, world: Array, seconds: float) -> Calibration:
    """Calibrate on frames of a still stance.

    The picture's roll is how the line from between the ankles to between the shoulders is turned:
    seen from one side, a trunk that is a little before or behind the hips looks as if it leaned,
    and so long a line is turned least by it. Trunk and legs must agree, and shoulders, pelvis and
    feet with them: a trunk that leans over its legs, or while the others are level, is a leaning
    person, not a rolled camera. Of a body seen from one side level lines slope in the picture, by
    the tangent of its turn for each degree they lie below the camera or above it; by so much they
    may disagree.

    Parameters
    ----------
    plane : (n, 33, 2) array
    world : (n, 33, 3) array
    seconds : float
        How long the frames last; 0 marks a makeshift calibration on frames that are no stance.
    """
    mid = median_found(plane)
    if is_edge_on(plane):
        return _calibrate_edge_on(mid, median_found(world), seconds)
    facing = _facing(plane)
    lean = facing * float(compute_lateral_lean(mid, facing))
    # A line whose left end is lower falls towards the left: the same turn as a lean to the left.
    shoulders = facing * float(compute_line_tilt(mid, SHOULDERS, facing))
    pelvis = facing * float(compute_line_tilt(mid, HIPS, facing))
    upright, legs, lines = lean, lean, [lean, shoulders, pelvis]
    if np.isfinite(mid[list(ANKLES)]).all():
        lines.append(facing * float(compute_line_tilt(mid, ANKLES, facing)))
        up = middle(mid, SHOULDERS) - middle(mid, ANKLES)
        # Sitting, or with the feet out of the picture, there is no such line.
        if -up[1] > _STANDING * np.linalg.norm(middle(mid, SHOULDERS) - middle(mid, HIPS)):
            upright, legs = _slope(up), _slope(middle(mid, HIPS) - middle(mid, ANKLES))
    turned = min(float(estimate_turn(mid)), 60.0)
    slope = _BELOW_DEG * float(np.tan(np.radians(turned)))
    if seconds > 0:
        agreed = float(np.median(lines))
        straight = abs(lean - legs) <= _BIAS_DEG
        straight &= max(abs(lean - agreed), abs(upright - agreed)) <= _BIAS_DEG + slope
        roll = upright if straight else agreed
    else:
        roll = 0.0

    def zero(value: float, more: float = 0.0) -> float:
        off = facing * (value - roll)
        return off if seconds > 0 and abs(off) <= _BIAS_DEG + more else 0.0

    level = rotate_plane(mid, roll)
    rest = compute_features(turn_front(level, facing), median_found(world))
    sizes = _measure_bones(level)
    return Calibration(
        roll, zero(lean), zero(shoulders, slope), zero(pelvis, slope), facing, *sizes, rest, seconds
    )


def _slope(up: Array) -> float:
    """Return how a line that goes up leans to greater x, degrees."""
    return float(np.degrees(np.arctan2(up[0], -up[1])))


def turn_front(plane: Array, mirror: int) -> Array:
    """Return points with x turned by `Calibration.mirror`."""
    return plane if mirror > 0 else plane * np.array([-1.0, 1.0])


def _measure_bones(level: Array) -> tuple[float, Array]:
    """Return the trunk's length, and each bone's in trunk lengths."""
    trunk = float(compute_trunk_length(level))
    lengths = np.array([float(np.linalg.norm(level[a] - level[b])) for a, b in BONES])
    return trunk, lengths / (trunk if trunk > 0 else np.nan)


def _calibrate_edge_on(mid: Array, world: Array, seconds: float) -> Calibration:
    """Calibrate on a body seen from the side: only the line from the ankles up tells vertical."""
    up = middle(mid, SHOULDERS) - middle(mid, ANKLES)
    length = float(np.linalg.norm(middle(mid, SHOULDERS) - middle(mid, HIPS)))
    roll = 0.0
    if seconds > 0 and np.isfinite(up).all() and -up[1] > _STANDING * length:
        upright = _slope(up)
        roll = upright if abs(upright) <= _EDGE_ON_ROLL_DEG else 0.0
    level = rotate_plane(mid, roll)
    looks = 1 if float(compute_facing_x(mid)) >= 0 else -1
    rest = compute_features(turn_front(level, looks), world)
    sizes = _measure_bones(level)
    return Calibration(roll, 0.0, 0.0, 0.0, 1, *sizes, rest, seconds, looks)


def _facing(plane: Array) -> int:
    across = [plane[..., pair[0], 0] - plane[..., pair[1], 0] for pair in (SHOULDERS, HIPS)]
    return 1 if float(np.nanmedian(np.stack(across))) >= 0 else -1


def find_still_stance(
    time_s: Array, plane: Array, world: Array, window_s: float = 1.0
) -> tuple[int, int] | None:
    """Return (first, last + 1) frame of the still stance from which a recording starts.

    The first of at least ``window_s`` that begins within `_EARLY_S`. Where there is none, the first
    that is half as long as the longest: forms have holds of their own, and some of them are long.
    """
    n = len(time_s)
    still = np.zeros(n, dtype=bool)
    start = 0
    for end in range(n):
        while time_s[end] - time_s[start] > window_s:
            start += 1
        if time_s[end] - time_s[start] >= 0.85 * window_s and is_still_stance(
            plane[start : end + 1], world[start : end + 1]
        ):
            still[start : end + 1] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(int)))
    spans = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    if not spans:
        return None
    longest = max(b - a for a, b in spans)
    early = [(a, b) for a, b in spans if time_s[a] - time_s[0] <= _EARLY_S]
    return next(iter(early), next((a, b) for a, b in spans if 2 * (b - a) >= longest))
