"""States of a practice by the formula figure."""

from dataclasses import replace

import numpy as np
import pytest

from figures import Figure, heavens, perform
from follow_tracks import teach_sequence
from posecoach.coach.session import Session
from posecoach.coach.state import Cue, Status
from posecoach.motion import Observation
from posecoach.reference.sequence import Phase

PHASES = (
    Phase("raise", 0.0, 4.5, "in", {"de": "Hände heben", "en": "Raise the hands"}),
    Phase("hold", 4.5, 5.5, "free", {"de": "Den Himmel stützen", "en": "Hold up the heavens"}),
    Phase("lower", 5.5, 10.0, "out", {"de": "Öffnen und sinken", "en": "Open and lower"}),
)


@pytest.fixture(scope="session")
def sequence():
    titles = {"de": "Den Himmel stützen", "en": "Holding up the heavens"}
    return teach_sequence(heavens, phases=PHASES, titles=titles)


@pytest.fixture(scope="session")
def states(sequence):
    """One repetition in German, leaning to the left in its first half."""
    options = {"repetitions": 1, "fps": 20.0, "figure": Figure(trunk=0.55, scale=0.36)}
    motion, place = perform(**options)
    lean = 14.0 * np.nan_to_num((place > 1.0) & (place < 5.0))
    motion = perform(**options, lean=lean)[0]
    session = Session(sequence, "de")
    return [session.step(o) for o in motion]


@pytest.fixture(scope="session")
def moving(states):
    """Return a state within the form, with nothing said."""

    def find(place_s=2.5, **changes):
        for s in states:
            if s.status == Status.MOVING and s.place_s is not None and s.place_s >= place_s:
                quiet = {"cue": None, "new_cue": None, "praise": False, "judgements": {}}
                return replace(s, **(quiet | changes))
        raise AssertionError("no such place")

    return find


@pytest.fixture(scope="session")
def nobody(states):
    def make(time_s=100.0, reason="nobody", status=Status.NOBODY):
        return replace(
            states[0],
            time_s=time_s,
            status=status,
            reason=reason,
            observation=Observation.nobody(time_s, 640.0, 480.0),
            place_s=None,
            phase=None,
            tempo=None,
            arms=None,
            ghost=None,
            cue=None,
            praise=False,
        )

    return make


@pytest.fixture(scope="session")
def cue():
    def make(measure, direction, text="Grow tall"):
        return Cue(1.0, measure, "raise", direction, 10.0, 4.0, 1.0, text)

    return make


@pytest.fixture
def picture():
    """Return a picture of some size in which every place looks different."""

    def make(width=640, height=480):
        y, x = np.mgrid[:height, :width]
        grey = 90 + 60 * np.sin(x / 37) * np.cos(y / 29)
        return np.clip(np.stack([grey, grey + 20 * x / width, grey], -1), 0, 255).astype(np.uint8)

    return make
