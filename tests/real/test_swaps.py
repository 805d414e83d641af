"""Swaps of left and right planted in what the model saw of a clip: found, left out, never cued."""

from dataclasses import replace

import numpy as np
import pytest

from conftest import ROOT
from posecoach.analysis import analyze
from posecoach.body import MIRROR
from posecoach.motion import Motion
from posecoach.posture.facing import HEELS, TOES
from posecoach.reference.library import open_form

pytestmark = pytest.mark.slow

CLIP = ROOT / "samples" / "heavens-teacher.mp4"
FORM = "two-hands-hold-up-the-heavens"
RISE_S = 0.15


@pytest.fixture(scope="module")
def motion(watcher):
    """Return what the model saw of a clean clip; it has for other tests."""
    return watcher.watch(CLIP, 2)


@pytest.fixture(scope="module")
def clean(motion):
    return analyze(motion, open_form(FORM))


def plant(motion: Motion, spans, rise_s: float = 0.0) -> Motion:
    """Return the motion with its sides exchanged in spans of seconds, at once or bit by bit."""
    share = np.zeros(len(motion))
    for start, end in spans:
        inside = np.minimum(motion.time_s - start, end - motion.time_s)
        ramp = np.clip(1 + inside / rise_s, 0, 1) if rise_s else (inside >= 0).astype(float)
        share = np.maximum(share, ramp)
    s = share[:, None, None]
    return replace(
        motion,
        image=(1 - s) * motion.image + s * motion.image[:, MIRROR],
        world=(1 - s) * motion.world + s * motion.world[:, MIRROR],
    )


def turn(motion: Motion, spans) -> Motion:
    """Return the motion as of a model that takes the front for the back in spans of seconds."""
    image, world = motion.image.copy(), motion.world.copy()
    for start, end in spans:
        at = (motion.time_s >= start) & (motion.time_s <= end)
        world[at, :, 2] *= -1
        feet = image[at]
        feet[:, [*HEELS, *TOES], 1] = feet[:, [*TOES, *HEELS], 1]
        image[at] = feet
    return plant(replace(motion, image=image, world=world), spans)


MANY = [(t, t + 0.3) for t in (3.1, 5.0, 6.4, 8.2, 14.1, 17.7, 19.0)]
LONG = [(5.0, 6.5), (16.0, 18.0)]


@pytest.mark.parametrize(
    ("make", "spans"),
    [
        (plant, MANY),
        (turn, MANY),
        (lambda m, spans: plant(m, spans, RISE_S), MANY),
        (plant, LONG),
        (plant, [(0.0, 0.6)]),
        (turn, [(0.0, 0.4)]),
    ],
    ids=["sudden", "whole", "blended", "long", "first", "first-whole"],
)
def test_planted_swaps_are_neither_cued_nor_measured(motion, clean, make, spans):
    got = analyze(make(motion, spans), open_form(FORM))
    assert clean.cues == []
    assert got.cues == []
    assert got.view == "front"
    assert len(got.repetitions) == len(clean.repetitions)
    for r, c in zip(got.repetitions, clean.repetitions, strict=True):
        for name, m in r.measures.items():
            want = c.measures[name]
            if not (m.judged and want.judged) or "delay" in name:
                continue
            assert abs(m.deviation - want.deviation) <= m.uncertainty, name


def test_where_the_sides_stay_unsure_that_is_the_reason(motion):
    spans = [(t, t + 0.33) for t in np.arange(2.5, 12.5, 0.45)]
    got = analyze(turn(motion, spans), open_form(FORM))
    assert got.cues == []
    measures = [m for r in got.repetitions for m in r.measures.values() if not m.judged]
    if got.repetitions and got.repetitions[0].start_s < 10:
        lean = got.repetitions[0].measures["lateral_lean"]
        assert (lean.judged, lean.reason) == (False, "sides_unsure")
    assert not any(m.deviation for m in measures)
