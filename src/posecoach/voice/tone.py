"""The breath tone: rising while the phase is for breathing in, falling while it is for out.

It follows the person's place in the form and not the clock: who stands still hears it fade, who
goes slowly hears it rise slowly. Frequency and loudness glide, so that nothing clicks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.state import State, Status

RATE = 44_100
LOW_HZ, HIGH_HZ = 174.6, 261.6  # a fifth apart, within a humming voice
LOUDEST = 0.14  # of full scale
GLIDE_S = 0.12  # time constant of the frequency
SWELL_S = 0.35  # of the loudness
_OVERTONE = 0.18  # an octave above, so that small loudspeakers have something to give
_STANDING = 0.2  # tempo below which one stands


@dataclass(frozen=True)
class Pitch:
    """Where the tone is to go.

    Attributes
    ----------
    frequency_hz : float
    level : float
        0 is silence, 1 the loudest.
    """

    frequency_hz: float
    level: float


SILENCE = Pitch(LOW_HZ, 0.0)


def follow_breath(state: State) -> Pitch:
    """Return the tone that belongs to a state; silence outside the form, in holds and pauses."""
    phase, place = state.phase, state.place_s
    if state.status != Status.MOVING or phase is None or place is None or phase.breath == "free":
        return SILENCE
    share = (place - phase.start_s) / max(phase.end_s - phase.start_s, 1e-6)
    share = min(max(share, 0.0), 1.0)
    height = share if phase.breath == "in" else 1.0 - share
    frequency = LOW_HZ * (HIGH_HZ / LOW_HZ) ** height
    if state.tempo is not None and state.tempo < _STANDING:
        return Pitch(frequency, 0.0)
    # Soft at both ends: the breath turns without an edge.
    return Pitch(frequency, 0.35 + 0.65 * float(np.sin(np.pi * share)))


class ToneMaker:
    """Makes the samples, block after block, without a seam.

    Parameters
    ----------
    rate : int
        Samples a second.
    """

    def __init__(self, rate: int = RATE) -> None:
        self.rate = rate
        self._phase = 0.0
        self._now = (LOW_HZ, 0.0)

    @property
    def silent(self) -> bool:
        """Whether nothing is to be heard at this moment."""
        return self._now[1] < 1e-4

    def make(self, target: Pitch, samples: int) -> NDArray[np.float32]:
        """Return the next samples, (samples,), from -1 to 1, gliding towards a pitch."""
        if samples <= 0:
            return np.zeros(0, np.float32)
        if self.silent and target.level > 0:  # begin where it is to be, instead of gliding there
            self._now = (target.frequency_hz, self._now[1])
        time_s = np.arange(1, samples + 1) / self.rate
        (f0, a0), (f1, a1) = self._now, (target.frequency_hz, target.level)
        frequency = f1 + (f0 - f1) * np.exp(-time_s / GLIDE_S)
        level = a1 + (a0 - a1) * np.exp(-time_s / SWELL_S)
        phase = self._phase + 2 * np.pi * np.cumsum(frequency) / self.rate
        self._phase = float(phase[-1] % (2 * np.pi))
        self._now = (float(frequency[-1]), float(level[-1]))
        wave = np.sin(phase) + _OVERTONE * np.sin(2 * phase)
        # Loudness goes with the square: equal steps to the ear, and a soft beginning.
        return np.asarray(LOUDEST / (1 + _OVERTONE) * level**2 * wave, np.float32)
