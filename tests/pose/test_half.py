"""Half a person through the real model, which draws a whole one."""

import json
from functools import cache

import cv2
import numpy as np
import pytest

from conftest import ROOT
from posecoach.capture.base import Frame
from posecoach.capture.video import VideoFile
from posecoach.coach.ways import leave_legs_out
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.posture.parts import PartsKeeper
from posecoach.posture.view import find_obstacle

pytestmark = pytest.mark.slow

CLIP = ROOT / "samples" / "separating-hurried-ben"
EVERY = 15


@cache
def load():
    """Return some frames, and where shoulders, hips and knees are in the first, in pixels."""
    truth = json.loads(CLIP.with_suffix(".json").read_text(encoding="utf-8"))
    with VideoFile(CLIP.with_suffix(".mp4")) as video:
        images = [f.image for f in video if f.index % EVERY == 0][:14]
    pixels = np.reshape(truth["pixels"][0], (-1, 2))

    def middle(name):
        return np.mean([pixels[truth["points"].index(f"{s}_{name}")] for s in ("left", "right")], 0)

    return images, middle("shoulder"), middle("hip"), middle("knee")


def heights():
    _, shoulders, hips, knees = load()
    trunk = hips[1] - shoulders[1]
    return {
        "chest": shoulders[1] + 0.45 * trunk,
        "hip": hips[1] + 0.2 * trunk,
        "thigh": hips[1] + 0.5 * (knees - hips)[1],
    }


def cut(image, at, _):
    return np.ascontiguousarray(image[: int(at)])


def put_desk(image, at, _):
    image = image.copy()
    image[int(at) :] = (90, 96, 110)
    image[int(at) : int(at) + 6] = (60, 80, 120)
    return image


def come_closer(image, _, share):
    """As somebody who walks up to the lens: the chest grows until it fills the picture."""
    height, width = image.shape[:2]
    zoom = 1 + 3.0 * share
    w, h = int(width / zoom), int(height / zoom)
    x, y = (int(v) for v in load()[1] - [w / 2, h / 2])
    x, y = np.clip(x, 0, width - w), np.clip(y, 0, height - h)
    return cv2.resize(image[y : y + h, x : x + w], (width, height))


def watch(model, make, at=0.0, way=lambda o: o):
    """Return what is believed at the end, and whether something always was in the way."""
    keeper, told = PartsKeeper(), []
    images = load()[0]
    with MediaPipeEstimator(model) as estimator:
        for k, image in enumerate(images):
            seen = way(estimator.estimate(Frame(make(image, at, k / len(images)), k / 10, k)))
            if seen.found:
                parts = keeper.step(seen)
                told.append((parts.hips or find_obstacle(seen), parts.legs))
    return told


def test_a_whole_person_is_believed(model):
    assert set(watch(model, lambda image, *_: image)) == {(None, None)}


@pytest.mark.parametrize("make", [cut, put_desk])
def test_a_chest_and_head_are_not_a_body(model, make):
    told = watch(model, make, heights()["chest"])
    hips = [h for h, _ in told[3:]]
    assert set(hips) <= {"cut_off", "hidden"}


@pytest.mark.parametrize("right", [False, True])
def test_a_cupboard_before_one_side_makes_no_lean(model, right):
    # The first frames: both arms hang.
    def cover(image, *_):
        image = image.copy()
        half = image[image.shape[0] // 2 :]
        middle = half.shape[1] // 2
        half[:, slice(middle, None) if right else slice(middle)] = (90, 96, 110)
        return image

    told = watch(model, cover)
    assert {hips for hips, _ in told[3:]} == {"hidden"}


def test_legs_behind_a_desk_are_not_drawn(model):
    told = watch(model, put_desk, heights()["thigh"])
    assert {legs for _, legs in told} == {"legs_hidden"}
    assert {hips for hips, _ in told[3:]} == {None}


@pytest.mark.parametrize("way", [lambda o: o, leave_legs_out], ids=["whole", "upper body"])
def test_the_upper_body_alone_is_enough_when_the_hips_are_in_the_picture(model, way):
    told = watch(model, cut, heights()["thigh"], way)
    assert {hips for hips, _ in told[3:]} == {None}
    assert {legs for _, legs in told} == {"legs_cut_off"}


def test_who_walks_up_to_the_lens_is_not_judged(model):
    told = watch(model, come_closer)
    assert told[0] == (None, None)
    assert {hips for hips, _ in told[-4:]} == {"cut_off"}
    assert {legs for _, legs in told[-6:]} == {"legs_cut_off"}
