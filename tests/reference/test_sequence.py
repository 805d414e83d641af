import numpy as np
import pytest

from figures import heavens, make_motion, perform
from posecoach.errors import SequenceError
from posecoach.motion import Motion, Observation
from posecoach.reference.sequence import Phase, Sequence, take_of


def one(seconds=5.0, start=0.0):
    time = np.linspace(0, seconds, int(seconds * 20))
    return make_motion(time + start, heavens(2 * time, 2 * time))


def test_takes_begin_at_zero():
    sequence = Sequence.from_takes([one(start=1e5), one(7.0)])
    assert sequence.takes[0].motion.time_s[0] == 0
    assert sequence.duration_s == pytest.approx(5.0)
    assert sequence.takes[1].motion.duration_s == pytest.approx(7.0)


def test_a_name_in_any_language_is_better_than_an_id():
    sequence = Sequence("himmel", (take_of(one()),), titles={"de": "Himmel stützen"})
    assert sequence.title("en") == "Himmel stützen"
    assert Phase("phase-3", 0.0, 1.0).title("en") == "Part 3"
    assert Phase("raise", 0.0, 1.0, titles={"de": "Heben", "en": ""}).title("en") == "Heben"


def test_standing_sets_the_vertical():
    motion, _ = perform(repetitions=1, stand_s=2.0)
    assert take_of(motion).calibration.done
    moving = make_motion(np.arange(60) / 30, heavens(np.linspace(2, 4, 60), np.linspace(2, 4, 60)))
    assert not take_of(moving).calibration.done


def test_a_given_calibration_is_kept():
    motion, _ = perform(repetitions=1)
    given = take_of(motion).calibration
    assert take_of(one(), given).calibration is given


@pytest.mark.parametrize(
    "motion",
    [
        one(0.9),
        one().cut(99, 100),
        Motion.from_observations([Observation.nobody(t, 640, 480) for t in (0.0, 1.0, 2.0)]),
    ],
)
def test_no_take_without_a_body(motion):
    with pytest.raises(SequenceError, match="Expected a take of at least 1 s"):
        Sequence.from_takes([motion])


def test_no_takes():
    with pytest.raises(SequenceError, match="at least one take"):
        Sequence.from_takes([])


def test_the_phase_at_a_place():
    s = Sequence("x", (), phases=(Phase("a", 1, 2), Phase("b", 2, 3)))
    at = [s.phase_at(t) for t in (0.5, 1.0, 1.9, 2.0, 3.0, 9.0)]
    assert [p.id if p else None for p in at] == [None, "a", "a", "b", "b", "b"]
    assert Sequence("x", ()).phase_at(1.0) is None


def test_titles_fall_back():
    assert Sequence("x", (), {"de": "Bogen", "en": "Bow"}).title("de") == "Bogen"
    assert Sequence("x", (), {"en": "Bow"}).title("de") == "Bow"
    assert Sequence("x", ()).title("de") == "x"
