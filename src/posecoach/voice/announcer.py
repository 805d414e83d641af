"""What is heard of a practice: each cue and word of praise spoken, and the breath tone.

Whoever runs the practice passes on each state. Nothing here waits, and nothing raises: what
cannot be heard is said once, and the practice goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from posecoach._closing import Closing
from posecoach.coach.state import State
from posecoach.coach.words import praise_text
from posecoach.text import N_, check_language, translate
from posecoach.voice.player import TonePlayer
from posecoach.voice.speaker import QueuedSpeaker, Speaker, SystemVoice
from posecoach.voice.tone import SILENCE, Pitch, follow_breath


class Player(Protocol):
    """Plays the breath tone."""

    def go_to(self, pitch: Pitch) -> None:
        """Glide to a pitch."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


class Announcer(Closing):
    """Speaks and plays what a practice's states say.

    `on_state` is called by the live loop's worker; everything else by the window.

    Parameters
    ----------
    language : str
    voice, tone : bool
        Whether to speak, and to play the breath tone.
    speaker : Speaker, optional
        The system's own voice unless given.
    open_player : callable, optional
        Opens the sound device; raises if it cannot.
    told : set of str, optional
        What was told before, and is not told again; what is told now is added.
    """

    def __init__(
        self,
        language: str = "en",
        *,
        voice: bool = True,
        tone: bool = False,
        speaker: Speaker | None = None,
        open_player: Callable[[], Player] = TonePlayer,
        told: set[str] | None = None,
    ) -> None:
        self._told = set() if told is None else told
        self._language = check_language(language)
        self._voice = voice
        self._speaker = speaker or QueuedSpeaker(SystemVoice())
        self._open_player = open_player
        self._player: Player | None = None
        self._lock = threading.Lock()
        self._problem: str | None = None
        self._praised = False
        self._closed = False
        self._tone = False
        if tone:
            self.set_tone(True)

    @property
    def voice(self) -> bool:
        """Whether cues are spoken."""
        return self._voice

    @property
    def tone(self) -> bool:
        """Whether the breath tone is played."""
        return self._tone

    def set_voice(self, on: bool) -> None:
        """Speak from now on, or be silent at once."""
        self._voice = on
        if not on:
            self._speaker.hush()

    def set_tone(self, on: bool) -> None:
        """Play the breath tone from now on, or let it fade."""
        with self._lock:
            self._tone = on
            if not on:
                if self._player is not None:
                    self._player.go_to(SILENCE)
            elif self._player is None and not self._closed:
                try:
                    self._player = self._open_player()
                except Exception as error:  # the practice goes on without it
                    self._tone = False
                    why = " ".join(str(error).split())
                    what = translate(N_("The breath tone cannot be played"), self._language)
                    self._problem = f"{what}: {why}"

    def set_language(self, language: str) -> None:
        """Speak another language from the next sentence on."""
        self._language = check_language(language)

    def on_state(self, state: State, *, resting: bool = False) -> None:
        """Let be heard what is new in a state; call it for every state, in order."""
        if self._voice and not resting:
            if state.new_cue is not None:
                self._speaker.say(state.new_cue.text, self._language)
            elif state.praise and not self._praised:
                self._speaker.say(praise_text(self._language, state.repetition), self._language)
        self._praised = state.praise
        if self._tone:
            with self._lock:
                if self._player is not None:
                    self._player.go_to(SILENCE if resting else follow_breath(state))

    def hush(self) -> None:
        """Be silent at once, until the next state."""
        self._speaker.hush()
        with self._lock:
            if self._player is not None:
                self._player.go_to(SILENCE)

    def take_problem(self) -> str | None:
        """Return, once, what cannot be heard; None if all is well."""
        with self._lock:
            problem, self._problem = self._problem, None
        if problem is None:
            why = self._speaker.take_problem()
            if why is not None:
                what = translate(N_("Cues cannot be spoken"), self._language)
                problem = f"{what}: {why}"
        if problem in self._told:
            return None
        self._told |= {problem} if problem else set()
        return problem

    def close(self) -> None:
        """Be silent and let go of the sound device; may be called twice."""
        self._speaker.close()
        with self._lock:
            self._closed = True
            player, self._player = self._player, None
        if player is not None:
            player.close()
