"""Speaking without holding anything up: one sentence at a time, the newest waits, none piles up."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from typing import Protocol

from posecoach._closing import Closing
from posecoach.errors import InputError
from posecoach.voice.programs import Program, VoiceError, find_programs, start, tell_missing

LONGEST_S = 12.0  # a sentence that takes longer has hung
STALE_S = 5.0  # what has waited for longer is no longer true
_AT_ONCE_S = 0.3  # no sentence is that short


class Voice(Protocol):
    """Speaks a sentence and returns when it is spoken."""

    def speak(self, text: str, language: str) -> None:
        """Speak; raises `VoiceError` if it cannot."""
        ...

    def stop(self) -> None:
        """End the sentence under way, from any thread."""
        ...


class Speaker(Protocol):
    """Takes sentences to be spoken and never waits."""

    def say(self, text: str, language: str) -> None:
        """Speak this next; what waits is replaced, what is under way ends first."""
        ...

    def hush(self) -> None:
        """Be silent at once."""
        ...

    def take_problem(self) -> str | None:
        """Return, once, why nothing is spoken."""
        ...

    def close(self) -> None:
        """Be silent and end."""
        ...


class SystemVoice:
    """The system's own voice, by whatever program speaks here.

    Parameters
    ----------
    programs : tuple of Program, optional
        Those there are, unless given. One that fails is not asked again in that language.
    """

    def __init__(self, programs: tuple[Program, ...] | None = None) -> None:
        self._programs = find_programs() if programs is None else programs
        self._failed: set[tuple[str, str]] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def speak(self, text: str, language: str) -> None:
        """Speak a sentence and return when it is spoken or was stopped.

        Raises
        ------
        VoiceError
            No program here can.
        """
        with self._lock:
            self._stopped = False
        why = "there is no program that speaks"
        for program in self._programs:
            if (program.name, language) in self._failed:
                continue
            try:
                self._run(program, text, language)
            except (OSError, subprocess.SubprocessError, InputError) as error:
                why = f"{program.name}: {' '.join(str(error).split())}"
                self._failed.add((program.name, language))
            else:
                return
        advice = "connect or switch on a sound device" if self._programs else tell_missing()
        raise VoiceError(f"Expected a voice on this computer but {why}; {advice}.")

    def stop(self) -> None:
        """End the sentence under way."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _run(self, program: Program, text: str, language: str) -> None:
        request = program.ask(text, language)
        began = time.monotonic()
        with self._lock:
            if self._stopped:
                return
            process = self._process = start(request)
        try:
            _, told = process.communicate(request.text.encode() or None, timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        finally:
            with self._lock:
                self._process = None
                stopped = self._stopped
        if stopped:
            return
        line = next((x for x in told.decode(errors="replace").splitlines() if x.strip()), "")
        if process.returncode == 3 and not line:
            raise VoiceError(f"it has no voice for {language!r}")
        # eSpeak NG ends well, and at once, where there is no sound device.
        if process.returncode != 0 or (line and time.monotonic() - began < _AT_ONCE_S):
            raise VoiceError(line[:120] or f"it ended with status {process.returncode}")


class QueuedSpeaker(Closing):
    """Speaks on a thread of its own.

    Parameters
    ----------
    voice : Voice
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, voice: Voice, clock: Callable[[], float] = time.monotonic) -> None:
        self._voice, self._clock = voice, clock
        self._changed = threading.Condition()
        self._waiting: tuple[str, str, float] | None = None
        self._thread: threading.Thread | None = None
        self._problem: str | None = None
        self._mute: set[str] = set()  # languages that cannot be spoken
        self._closed = self._busy = False

    @property
    def busy(self) -> bool:
        """Whether something is being spoken or waits."""
        with self._changed:
            return self._busy or self._waiting is not None

    def say(self, text: str, language: str) -> None:
        """Speak this next; what waits is replaced, what is under way ends first."""
        with self._changed:
            if language in self._mute or self._closed or not text.strip():
                return
            self._waiting = (text, language, self._clock())
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="posecoach-voice", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def hush(self) -> None:
        """Be silent at once."""
        with self._changed:
            self._waiting = None
        self._voice.stop()

    def take_problem(self) -> str | None:
        """Return, once, why nothing is spoken; None if all is well."""
        with self._changed:
            problem, self._problem = self._problem, None
            return problem

    def close(self) -> None:
        """Be silent and end; may be called twice."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        self.hush()
        if thread is not None and thread is not threading.current_thread():
            end = time.monotonic() + 3.0
            while thread.is_alive() and time.monotonic() < end:
                thread.join(0.1)
                self._voice.stop()  # one that was about to begin

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.wait_for(lambda: self._waiting is not None or self._closed)
                if self._closed or self._waiting is None:
                    return
                text, language, since = self._waiting
                self._waiting = None
                if self._clock() - since > STALE_S:
                    continue
                self._busy = True
            try:
                self._voice.speak(text, language)
            except Exception as error:  # whatever it is, the practice goes on
                with self._changed:
                    self._mute.add(language)
                    self._problem = " ".join(str(error).split()) or type(error).__name__
