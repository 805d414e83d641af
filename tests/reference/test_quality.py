from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, perform
from posecoach.body import INDEX
from posecoach.reference.quality import check_take, check_takes
from posecoach.reference.record import make_sequence
from posecoach.reference.sequence import take_of

WRIST = INDEX["left_wrist"]


def take(figure=None, **more):
    return make_sequence("x", [perform(repetitions=1, figure=figure, **more)[0]]).takes[0]


def texts(take, view="front"):
    found = list(check_take("takes.0", take, view))
    assert all(f.where == "takes.0" and f.text.isprintable() for f in found)
    return [f.text for f in found]


def change(take, **arrays):
    return replace(take, motion=replace(take.motion, **arrays))


@pytest.mark.parametrize(
    "figure", [Figure(), Figure(noise=0.003), Figure(scale=0.3), Figure(roll_deg=6)]
)
def test_a_good_take_needs_no_advice(figure):
    assert texts(take(figure)) == []


@pytest.mark.parametrize(
    ("figure", "told", "advice"),
    [
        (Figure(scale=0.2), "48 pixels", "come nearer"),
        (Figure(scale=0.5, centre=(0.5, 0.45)), "hands outside", "step back"),
        (Figure(centre=(0.5, 0.75)), "feet outside", "step back"),
        (Figure(noise=0.012), "tremble", "something firm"),
    ],
)
def test_each_trouble_has_its_advice(figure, told, advice):
    found = texts(take(figure))
    if told == "48 pixels":
        assert "pixels tall" in found[0]
    else:
        assert any(told in text for text in found), found
    assert any(advice in text for text in found)


def test_dark_or_hidden_hands():
    one = take()
    seen = one.motion.visibility.copy()
    seen[: len(seen) // 2, WRIST] = 0.2
    (text,) = texts(change(one, visibility=seen))
    assert "hands well" in text
    assert "add light" in text


def test_from_the_side():
    one = take()
    image = one.motion.image.copy()
    image[..., 0] = 0.5 + 0.2 * (image[..., 0] - 0.5)
    turned = change(one, image=image)
    assert any("face the camera" in t for t in texts(turned))
    assert not any("face the camera" in t for t in texts(turned, "side"))


def test_bridged_gaps_are_told():
    one = replace(take(), bridged=((3.0, 3.3),))
    (text,) = texts(one)
    assert "0.3 s of short gaps that were bridged (at 3.0 s); look" in text
    many = replace(one, bridged=tuple((k, k + 0.3) for k in range(1, 8)))
    (text,) = texts(many)
    assert "5.0 s, ...); step back" in text


def test_missing_frames_are_told_once():
    motion, _ = perform(repetitions=1)
    motion = motion._take((motion.time_s < 5.0) | (motion.time_s > 5.45))
    one = make_sequence("x", [motion]).takes[0]
    assert len(one.bridged) == 1
    (text,) = texts(one)
    assert "bridged" in text


def test_hardly_anything_there_raises_nothing():
    motion, _ = perform(repetitions=1)
    image = motion.image.copy()
    image[5:] = np.nan
    take_five = replace(take_of(motion), motion=replace(motion, image=image))
    assert list(check_takes((take_five,)))
    image = motion.image.copy()
    image[:, INDEX["left_ankle"] :] = np.nan
    assert isinstance(texts(replace(take_five, motion=replace(motion, image=image))), list)
