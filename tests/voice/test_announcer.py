from types import SimpleNamespace

import pytest

from posecoach.coach.state import Cue, Status
from posecoach.coach.words import praise_text
from posecoach.reference.sequence import Phase
from posecoach.voice import Announcer
from posecoach.voice.player import SoundError
from posecoach.voice.tone import SILENCE


class Heard:
    """Takes down what is said and played."""

    def __init__(self):
        self.said, self.tones, self.hushed, self.closed, self.problem = [], [], 0, 0, None

    def say(self, text, language):
        self.said.append((text, language))

    def hush(self):
        self.hushed += 1

    def take_problem(self):
        problem, self.problem = self.problem, None
        return problem

    def go_to(self, pitch):
        self.tones.append(pitch)

    def close(self):
        self.closed += 1


def state(text=None, praise=False, phase=None):
    cue = None if text is None else Cue(1.0, "lateral_lean", None, "left", 9.0, 4.0, 0.5, text)
    return SimpleNamespace(
        new_cue=cue,
        praise=praise,
        repetition=1,
        phase=phase,
        place_s=2.0,
        status=Status.MOVING,
        tempo=1.0,
    )


@pytest.fixture
def heard():
    return Heard()


def test_cues_and_praise_are_spoken_once_in_the_language(heard):
    with Announcer("de", speaker=heard) as a:
        for s in (state(), state("Hoch"), state(), state(praise=True), state(praise=True), state()):
            a.on_state(s)
        a.set_language("en")
        a.on_state(state("Up"))
    assert heard.said == [("Hoch", "de"), (praise_text("de", 1), "de"), ("Up", "en")]
    assert heard.closed == 1


def test_one_key_makes_it_silent_at_once_and_again_loud(heard):
    with Announcer(speaker=heard) as a:
        assert a.voice
        a.set_voice(False)
        assert heard.hushed == 1
        a.on_state(state("Up"))
        a.set_voice(True)
        a.on_state(state("Again"))
        a.on_state(state("Not while resting"), resting=True)
    assert heard.said == [("Again", "en")]


def test_the_tone_follows_the_breath(heard):
    breath = Phase("raise", 0.0, 4.0, "in")
    with Announcer(speaker=heard, tone=True, open_player=lambda: heard) as a:
        a.on_state(state(phase=breath))
        assert heard.tones[-1].level > 0
        a.on_state(state(phase=breath), resting=True)
        assert heard.tones[-1] == SILENCE
        a.set_tone(False)
        n = len(heard.tones)
        a.on_state(state(phase=breath))
        assert len(heard.tones) == n
    assert heard.closed == 2  # voice and player


def test_what_cannot_be_heard_is_told_once_and_the_rest_works(heard):
    def refuse():
        raise SoundError("Expected a sound device but there is none; connect one.")

    with Announcer("de", speaker=heard, tone=True, open_player=refuse) as a:
        assert not a.tone
        assert "connect one" in a.take_problem()
        heard.problem = "Expected a voice but there is none."
        assert "Expected a voice" in a.take_problem()
        assert a.take_problem() is None
        a.on_state(state("Hoch", phase=Phase("raise", 0.0, 4.0, "in")))
    assert heard.said == [("Hoch", "de")]


def test_what_was_told_after_one_practice_is_not_told_after_the_next(heard):
    told = set()
    for wanted in ("Cues cannot be spoken: no voice", None):
        with Announcer("en", speaker=heard, told=told) as a:
            heard.problem = "no voice"
            assert a.take_problem() == wanted
