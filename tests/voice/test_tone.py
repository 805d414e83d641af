from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.coach.state import Status
from posecoach.reference.sequence import Phase
from posecoach.voice.tone import (
    HIGH_HZ,
    LOUDEST,
    LOW_HZ,
    RATE,
    SILENCE,
    Pitch,
    ToneMaker,
    follow_breath,
)

IN, HOLD, OUT = Phase("a", 0, 4, "in"), Phase("b", 4, 5, "free"), Phase("c", 5, 10, "out")


def state(phase, place, status=Status.MOVING, tempo=1.0):
    return SimpleNamespace(phase=phase, place_s=place, status=status, tempo=tempo)


def heights(phase):
    places = np.linspace(phase.start_s, phase.end_s, 20)
    return [follow_breath(state(phase, p)).frequency_hz for p in places]


def test_rising_for_in_and_falling_for_out():
    rising, falling = heights(IN), heights(OUT)
    assert np.all(np.diff(rising) > 0)
    assert np.all(np.diff(falling) < 0)
    assert (rising[0], rising[-1]) == pytest.approx((LOW_HZ, HIGH_HZ))
    assert (falling[0], falling[-1]) == pytest.approx((HIGH_HZ, LOW_HZ))


@pytest.mark.parametrize(
    "other",
    [
        state(HOLD, 4.5),
        state(None, 2.0),
        state(IN, None),
        state(IN, 2.0, Status.PAUSED),
        state(IN, 2.0, Status.NOBODY),
        state(IN, 2.0, Status.WAITING),
        state(IN, 2.0, tempo=0.05),
    ],
)
def test_silence_where_there_is_no_breath_to_guide(other):
    assert follow_breath(other).level == 0.0


def test_it_waits_for_the_person_and_not_the_clock():
    at = [follow_breath(state(IN, 2.0, tempo=t)) for t in (0.4, 1.0, 2.0)]
    assert len(set(at)) == 1


def play(pitches, block):
    maker = ToneMaker()
    return np.concatenate([maker.make(p, block) for p in pitches])


pitches = st.lists(
    st.builds(Pitch, st.floats(LOW_HZ, HIGH_HZ), st.sampled_from([0.0, 0.3, 1.0])),
    min_size=1,
    max_size=30,
)


@given(pitches, st.integers(1, 3000))
@settings(deadline=None, max_examples=60)
def test_however_it_jumps_about_nothing_clicks(wanted, block):
    wave = play(wanted, block)
    assert wave.dtype == np.float32
    assert np.isfinite(wave).all()
    assert np.abs(wave).max() <= LOUDEST
    # The steepest a tone this high and loud can be, its octave too, and a little for the swell.
    steepest = LOUDEST * 2 * np.pi * HIGH_HZ * 1.4 / RATE
    assert np.abs(np.diff(wave, prepend=0.0)).max() <= steepest
    # A click would be energy where a hum has none.
    if len(wave) > 4096:
        spectrum = np.abs(np.fft.rfft(wave[:4096] * np.hanning(4096)))
        high = np.fft.rfftfreq(4096, 1 / RATE) > 3000
        assert spectrum[high].max(initial=0.0) <= 1e-3 * max(spectrum.max(), 1.0)


def test_a_soft_beginning_and_end():
    maker = ToneMaker()
    rise = maker.make(Pitch(LOW_HZ, 1.0), RATE)
    early, later = rise[: RATE // 50], rise[-RATE // 10 :]
    assert np.abs(early).max() < 0.02 * np.abs(later).max()
    fall = maker.make(SILENCE, 4 * RATE)
    assert np.abs(fall[-RATE // 10 :]).max() < 1e-6
    assert maker.silent


def test_the_pitch_is_the_one_asked_for():
    maker = ToneMaker()
    maker.make(Pitch(220.0, 1.0), RATE)
    wave = maker.make(Pitch(220.0, 1.0), RATE)
    spectrum = np.abs(np.fft.rfft(wave))
    assert np.argmax(spectrum) == 220


def test_blocks_leave_no_seam():
    wanted = Pitch(230.0, 1.0)
    whole = ToneMaker().make(wanted, 8000)
    parts = ToneMaker()
    assert np.allclose(
        np.concatenate([parts.make(wanted, n) for n in (1, 499, 3000, 0, 4500)]), whole, atol=1e-5
    )
