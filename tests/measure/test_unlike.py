"""Two kinds of trackers: what they differ by is claimed, or not told."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from figures import heavens, perform
from posecoach import Motion, Sequence, analyze
from posecoach.body import BLAZEPOSE_33, INDEX, SKELETONS
from posecoach.coach.session import Session
from posecoach.measure.judgement import Judgement
from posecoach.measure.unlike import UNTOLD, estimate_unlike, widen

FACE = [i for i in range(11) if i]


@cache
def record(lean=0.0):
    motion, _ = perform(heavens, repetitions=1, lean=lean)
    points = motion.image * [motion.width, motion.height, motion.width]
    points[:, FACE] = points[:, INDEX["nose"], None] + 3.0
    return points[..., :2], motion.time_s


def watch(skeleton, lean=0.0):
    points, times = record(lean)
    names = BLAZEPOSE_33 if skeleton == "blazepose-33" else SKELETONS[skeleton].joints
    return Motion.from_points(points[:, [INDEX[n] for n in names]], times, skeleton)


@pytest.mark.parametrize("lean", [0.0, 12.0])
def test_another_tracker_s_recording_is_claimed_wider(lean):
    teacher = Sequence.from_takes([watch("blazepose-33")])
    same = analyze(watch("blazepose-33", lean), teacher)
    other = analyze(watch("coco-17", lean), teacher)
    ours, theirs = same.repetitions[0].measures, other.repetitions[0].measures
    assert all(ours[m].judged for m in UNTOLD if m in ours)
    for measure in UNTOLD:
        if measure in theirs:
            assert theirs[measure].reason == "other_tracker"
    assert theirs["lateral_lean"].deviation == pytest.approx(ours["lateral_lean"].deviation)
    assert theirs["lateral_lean"].uncertainty > ours["lateral_lean"].uncertainty
    assert theirs["tempo_ratio"].uncertainty > ours["tempo_ratio"].uncertainty
    cued = {c.measure for c in other.cues}
    assert cued == ({"lateral_lean"} if lean else set())


def test_so_is_what_is_told_while_it_goes_on():
    teacher = Sequence.from_takes([watch("coco-17")])
    errors = {}
    for skeleton in ("coco-17", "blazepose-33"):
        session = Session(teacher)
        states = [session.step(o) for o in watch(skeleton, 12.0)]
        leans = [s.judgements["lateral_lean"] for s in states if s.judgements]
        errors[skeleton] = np.median([j.uncertainty for j in leans if j.judged])
    assert errors["blazepose-33"] > errors["coco-17"] + 0.3


def test_the_claim_grows_with_how_far_the_reference_goes():
    track = Session(Sequence.from_takes([watch("coco-17")])).track
    leaning = replace(track.signals, lateral_lean=30 * np.sin(track.time_s))
    still, moving = track, replace(track, signals=leaning)
    assert estimate_unlike("lateral_lean", still) < 1.5
    assert estimate_unlike("lateral_lean", moving) > 6.0


def test_a_path_on_which_nothing_fits_tells_nothing():
    track = Session(Sequence.from_takes([watch("coco-17")])).track
    read = Judgement(9.0, 0.0, 9.0, 9.5, 1.0, 4.0, "deg", True, None)
    near, far = (
        widen({"lateral_lean": read}, track, misfit)["lateral_lean"] for misfit in (0.3, 1.0)
    )
    assert near.judged
    assert (far.judged, far.reason) == (False, "other_tracker")
