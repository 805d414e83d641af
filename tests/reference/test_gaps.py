from dataclasses import replace

import numpy as np
import pytest

from figures import perform
from posecoach.errors import SequenceError
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.gaps import bridge_gaps, find_gaps
from posecoach.reference.names import TOML_NAME
from posecoach.reference.record import make_sequence


@pytest.fixture(scope="module")
def motion():
    return perform(repetitions=2, between_s=3.0)[0]


def hide(motion, first, last):
    image, world = motion.image.copy(), motion.world.copy()
    seen = motion.visibility.copy()
    at = (motion.time_s >= first - 1e-6) & (motion.time_s < last - 1e-6)
    image[at], world[at], seen[at] = np.nan, np.nan, 0.0
    return replace(motion, image=image, world=world, visibility=seen, presence=seen)


def drop(motion, first, last):
    return motion._take((motion.time_s < first) | (motion.time_s >= last))


@pytest.mark.parametrize("lose", [hide, drop])
@pytest.mark.parametrize(("length", "spans"), [(0.06, 0), (0.2, 1), (0.5, 1)])
def test_short_gaps_are_bridged_and_marked(motion, tmp_path, lose, length, spans):
    got = make_sequence("x", [lose(motion, 6.0, 6.0 + length)])
    whole = make_sequence("x", [motion])
    assert [len(t.bridged) for t in got.takes] == [spans, 0]
    first = got.takes[0].motion
    assert first.found.all()
    on = np.interp(whole.takes[0].motion.time_s, first.time_s, first.image[:, 15, 1])
    np.testing.assert_allclose(on, whole.takes[0].motion.image[:, 15, 1], atol=0.01)
    assert (first.visibility == 1).all()
    if spans:
        ((a, b),) = got.takes[0].bridged
        assert b - a == pytest.approx(length, abs=0.04)
        offset = 6.0 - a  # the take's own clock starts before its first movement
        assert 2.0 - 0.7 < offset < 2.0 + 0.7
    folder = save_sequence(got, tmp_path / "x")
    assert ("bridged" in (folder / TOML_NAME).read_text()) == bool(spans)
    assert [t.bridged for t in load_sequence(folder).takes] == [t.bridged for t in got.takes]


@pytest.mark.parametrize("lose", [hide, drop])
@pytest.mark.parametrize("length", [0.6, 1.0, 3.0])
def test_long_gaps_are_refused_with_advice(motion, lose, length):
    with pytest.raises(SequenceError, match=rf"lost it for {length} s at 6\.0 s; .* record") as e:
        make_sequence("x", [lose(motion, 6.0, 6.0 + length)])
    assert "\n" not in str(e.value)


def test_several_long_gaps_are_counted(motion):
    with pytest.raises(SequenceError, match=r"lost it for 1\.0 s at 7\.0 s \(and 1 more"):
        make_sequence("x", [hide(hide(motion, 4.0, 4.8), 7.0, 8.0)])


def test_walking_in_and_out_may_lose_the_body():
    motion, _ = perform(repetitions=2, stand_s=4.0)
    end = float(motion.time_s[-1])
    got = make_sequence("x", [hide(hide(motion, 0.5, 1.6), end - 1.6, end - 0.5)])
    assert [t.bridged for t in got.takes] == [(), ()]
    assert all(t.calibration.done for t in got.takes)


def test_single_points_are_bridged_without_a_mark(motion):
    image, seen = motion.image.copy(), motion.visibility.copy()
    image[60:70, 15], seen[60:70, 15] = np.nan, 0.1  # a wrist
    image[100:140, 16] = np.nan  # for too long
    image[:, 31] = np.nan  # never there
    image[:5, 13] = np.nan  # before it is first seen
    got, spans = bridge_gaps(replace(motion, image=image, visibility=seen))
    assert spans == ()
    assert np.isfinite(got.image[60:70, 15]).all()
    assert (got.visibility[60:70, 15] == 1.0).all()
    assert np.isnan(got.image[100:140, 16]).all()
    assert np.isnan(got.image[:, 31]).all()
    assert np.isnan(got.image[:5, 13]).all()
    seen_before = np.isfinite(image)
    assert (got.image[seen_before] == image[seen_before]).all()


def test_nothing_missing_nothing_changed(motion):
    got, spans = bridge_gaps(motion)
    assert got is motion
    assert spans == ()
    assert find_gaps(motion) == []
    assert find_gaps(hide(motion, -1, 99)) == []
