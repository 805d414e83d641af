"""Several people in the picture: the practitioner stays the one who is reported."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from conftest import ROOT
from posecoach.body import HIPS, SHOULDERS
from posecoach.capture.base import Frame
from posecoach.capture.video import VideoFile
from posecoach.motion import Observation
from posecoach.person import locate
from posecoach.pose.landmarker import MediaPipeEstimator, PeopleFinder
from posecoach.pose.person import PersonEstimator, blur_others

CROWDS = Path(__file__).with_name("crowds")
LONE = ROOT / "samples" / "heavens-clean-dirk-small.mp4"


def load(name):
    with VideoFile(CROWDS / f"{name}.mp4") as video:
        frames = list(video)
    told = json.loads((CROWDS / f"{name}.json").read_text(encoding="utf-8"))["trunks"]
    nobody = np.full((4, 2), np.nan)
    trunks = [[nobody if p is None else np.reshape(p, (4, 2)) for p in people] for people in told]
    assert len(trunks) == len(frames)
    return frames, trunks


def who(seen: Observation, people) -> int | None:
    """Return whose trunk it is: a number, None for nobody, -1 for none of them."""
    if not seen.found:
        return None
    points = seen.image[[*SHOULDERS, *HIPS], :2] * [seen.width, seen.height]
    sizes = [np.linalg.norm(p[:2].mean(axis=0) - p[2:].mean(axis=0)) for p in people]
    off = [
        np.linalg.norm(points - p, axis=1).mean() / size
        for p, size in zip(people, sizes, strict=True)
    ]
    best = int(np.nanargmin(off))
    return best if off[best] < 0.6 else -1


def watch(estimator, name):
    frames, trunks = load(name)
    with estimator:
        return np.array(
            [
                {None: np.nan}.get(w := who(estimator.estimate(f), p), w)
                for f, p in zip(frames, trunks, strict=True)
            ],
            dtype=float,
        )


@pytest.mark.parametrize("name", ["through-front", "stops-in-front"])
def test_who_steps_in_front_is_never_taken_for_the_practitioner(model, name):
    bare = watch(MediaPipeEstimator(model), name)
    assert (bare > 0).sum() >= 4, "the model by itself is taken in, or this shows nothing"
    estimator = PersonEstimator(model)
    kept = watch(estimator, name)
    assert not (kept > 0).any()
    assert not (kept < 0).any()
    # They are found again, and no later than the model by itself finds them.
    back = int(np.flatnonzero(bare > 0)[-1]) + 2
    assert (kept[back:] == 0).all()
    assert np.isnan(kept).sum() <= (bare != 0).sum() + 2
    assert estimator.redirected >= 1


def test_the_one_who_practises_is_chosen_not_the_one_who_looks_on(model):
    bare = watch(MediaPipeEstimator(model), "looked-on")
    assert (bare == 1).mean() > 0.9
    kept = watch(PersonEstimator(model), "looked-on")
    # The practitioner stands in the middle from 3.9 s on.
    assert (kept[int(7.5 * 3.9) + 35 :] == 0).all()
    changes = np.flatnonzero(np.diff(kept[np.isfinite(kept)]))
    assert len(changes) == 1


def test_in_a_group_the_one_in_the_middle_is_watched(model):
    assert (watch(PersonEstimator(model), "group") == 0).all()


def test_alone_the_points_are_the_models_own(model):
    with VideoFile(LONE) as video:
        frames = [f for f, _ in zip(video, range(40), strict=False)]
    with MediaPipeEstimator(model) as bare, PersonEstimator(model) as kept:
        for frame in frames:
            a, b = bare.estimate(frame), kept.estimate(frame)
            np.testing.assert_array_equal(a.image, b.image)
            np.testing.assert_array_equal(a.visibility, b.visibility)
        assert kept.looks == 1
        assert kept.redirected == 0


def test_the_same_clip_gives_the_same_points(model):
    frames, _ = load("through-front")

    def see():
        with PersonEstimator(model) as estimator:
            return np.stack([estimator.estimate(f).image for f in frames[20:]])

    np.testing.assert_array_equal(see(), see())


def test_several_people_are_found_and_all_but_one_blurred_away(model):
    frames, trunks = load("looked-on")
    k = 60
    frame = frames[k]
    with PeopleFinder(model) as finder:
        people = finder.find(frame)
        assert {who(p, trunks[k]) for p in people} == {0, 1}
        for person in people:
            alone = blur_others(frame.image, person, locate(person))
            left = finder.find(Frame(alone, 0.0, 0))
            assert [who(p, trunks[k]) for p in left] == [who(person, trunks[k])]


def test_an_empty_room_then_somebody(model):
    frames, _ = load("group")
    with PersonEstimator(model) as estimator:
        empty = np.full_like(frames[0].image, 110)
        for k in range(3):
            assert not estimator.estimate(Frame(empty, k / 10, k)).found
        assert estimator.looks == 0
        assert estimator.estimate(Frame(frames[0].image, 0.3, 3)).found


@pytest.mark.parametrize("size", [(4, 4), (9, 300), (300, 9)])
def test_small_pictures_are_no_trouble(model, size):
    with PersonEstimator(model) as estimator:
        image = cv2.resize(load("group")[0][0].image, size)
        assert not estimator.estimate(Frame(image, 0.0, 0)).found
