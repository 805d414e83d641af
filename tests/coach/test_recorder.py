from dataclasses import replace

import numpy as np
import pytest

from figures import heavens, perform
from follow_tracks import teach_sequence
from posecoach.coach.session import Session
from posecoach.follow.follower import Follower


@pytest.mark.parametrize("fps", [30, 8])
def test_a_repetition_is_measured_in_the_quarter_second_after_it_and_the_same_as_at_once(fps):
    sequence = teach_sequence(heavens)
    motion, _ = perform(repetitions=1, delay_left_s=0.3, fps=fps)
    going, steps = Session(sequence), []
    for o in motion:
        steps.append((o.time_s, going._recorder._work is not None, going.step(o).finished))
    begun = next(i for i, (_, working, _) in enumerate(steps) if working) - 1
    done = next(i for i, (_, _, finished) in enumerate(steps) if finished is not None)
    assert begun < done, "the frame that ends it does not measure it"
    assert steps[done][0] - steps[begun][0] <= 0.25 + 1 / fps
    assert not any(working for _, working, _ in steps[done + 1 :])
    # The recording ends with the repetition.
    cut = Session(sequence)
    for o in list(motion)[: begun + 1]:
        assert cut.step(o).finished is None
    whole, at_once = going.repetitions[0], cut.finish()
    assert at_once is not None
    assert cut.repetitions == [at_once]
    assert at_once.measures == whole.measures
    np.testing.assert_array_equal(at_once.path, whole.path)
    assert [c.measure for c in cut.cues] == [c.measure for c in going.cues]
    assert cut.cues


@pytest.mark.parametrize(("until_s", "found"), [(7.2, 1), (9.6, 0)])
def test_a_part_whose_place_was_not_known_is_no_repetition_lost(monkeypatch, until_s, found):
    step = Follower.step

    def doubtful(self, time_s, features):
        place = step(self, time_s, features)
        unsure = 2.6 < place.place_s < until_s
        return replace(place, certainty=0.1) if unsure else place

    monkeypatch.setattr(Follower, "step", doubtful)
    session = Session(teach_sequence(heavens))
    motion, _ = perform(repetitions=1, fps=15)
    for o in motion:
        session.step(o)
    assert len(session.repetitions) == found
