"""Trunk against limbs in time."""

from __future__ import annotations

import numpy as np

from posecoach.follow.lag import find_lag
from posecoach.measure.judgement import Judgement, get_unit
from posecoach.measure.performance import Comparison, Judged
from posecoach.posture.features import FEATURES

_PELVIS = FEATURES.index("pelvis_height")
_LEAST_SINK = 0.13  # trunk lengths that the pelvis must come down; a tenth is read where none does
_LEAST_LEAN_DEG = 8.0
_FLOOR_MS = 120.0  # models differ by 100 to 250 on the same pictures
_SUREST_MS = 200.0  # beyond this nothing useful can be said


def judge_trunk_delay(measure: str, c: Comparison) -> Judged:
    """Judge by how much the trunk moves after the arms, against the reference; ms, + = later.

    The trunk is where the pelvis is high or low and where it leans; the arms give the place. Only
    in forms that move the trunk.
    """
    p, track, tolerance = c.performance, c.track, c.tolerances.typical(measure)
    if not c.frontal:
        return Judgement.unseen(measure, c.not_frontal, tolerance), None
    own, course, lost = [], [], None
    for least, mine, theirs in (
        (_LEAST_SINK, p.signals.features[:, _PELVIS], track.signals.features[:, _PELVIS]),
        (_LEAST_LEAN_DEG, p.signals.lateral_lean, track.signals.lateral_lean),
    ):
        if np.isfinite(theirs).all() and float(np.ptp(theirs)) >= least:
            if p.legs is not None and least == _LEAST_SINK:
                lost = p.legs  # the pelvis is high or low over the feet
                continue
            own.append(np.where(p.good, mine, np.nan))
            course.append(theirs)
    if not own:
        return Judgement.unseen(measure, lost or "still_trunk", tolerance), None
    lag = find_lag(p.time_s, np.stack(own, axis=1), np.stack(course, axis=1), track, p.places_s)
    if lag is None:
        return Judgement.unseen(measure, "unsure", tolerance), None
    ms, error = 1000.0 * lag.lag_s, float(np.hypot(1000.0 * lag.error_s, _FLOOR_MS))
    if error > _SUREST_MS:
        return Judgement.unseen(measure, "unsure", tolerance), None
    return Judgement(ms, 0.0, ms, ms, error, tolerance, get_unit(measure), True, None), None
