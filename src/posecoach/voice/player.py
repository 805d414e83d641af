"""Playing the breath tone on the sound device, on the sound system's own thread."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach._closing import Closing
from posecoach.errors import InputError
from posecoach.voice.tone import RATE, SILENCE, Pitch, ToneMaker

LOST_S = 1.0  # with nothing new for longer the tone fades


class SoundError(InputError):
    """Nothing can be played here; the message is one line."""


def load_sounddevice() -> Any:
    """Return the module that plays sound; it is loaded only when wanted.

    Raises
    ------
    SoundError
        PortAudio is missing.
    """
    try:
        import sounddevice
    except (OSError, ImportError) as error:
        raise SoundError(
            f"Expected PortAudio for the breath tone but {' '.join(str(error).split())}; "
            "sudo apt-get install libportaudio2."
        ) from error
    return sounddevice


def find_output() -> str:
    """Return the name of the sound device that would be used.

    Raises
    ------
    SoundError
        There is none.
    """
    sd = load_sounddevice()
    try:
        return str(sd.query_devices(kind="output")["name"])
    except (sd.PortAudioError, ValueError) as error:
        raise SoundError(_tell(error)) from error


class TonePlayer(Closing):
    """Plays a tone that goes where it is told.

    Raises
    ------
    SoundError
        Nothing can be played here.
    """

    def __init__(self) -> None:
        sd = load_sounddevice()
        self._target, self._told_s = SILENCE, time.monotonic()
        self._maker = ToneMaker()
        try:
            self._stream = sd.OutputStream(
                samplerate=RATE, channels=1, dtype="float32", latency="high", callback=self._fill
            )
            self._stream.start()
        except (sd.PortAudioError, ValueError) as error:
            raise SoundError(_tell(error)) from error

    def go_to(self, pitch: Pitch) -> None:
        """Glide to a pitch."""
        self._target, self._told_s = pitch, time.monotonic()

    def close(self) -> None:
        """Let go of the device; may be called twice."""
        self._stream.close(ignore_errors=True)

    def _fill(self, out: NDArray[np.float32], frames: int, when: object, status: object) -> None:
        del when, status
        target = self._target
        if time.monotonic() - self._told_s > LOST_S:
            target = Pitch(target.frequency_hz, 0.0)
        out[:, 0] = self._maker.make(target, frames)


def _tell(error: Exception) -> str:
    why = " ".join(str(error).split()) or type(error).__name__
    return f"Expected a sound device but {why}; connect or switch on a sound device."
