import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.measure.tempo_curve import compute_tempo_curve, compute_unevenness


@given(tempo=st.floats(0.4, 2.5), fps=st.sampled_from([10.0, 30.0, 60.0]))
def test_an_even_tempo_is_one_ratio_everywhere(tempo, fps):
    time = np.arange(0, 10 / tempo, 1 / fps)
    curve = compute_tempo_curve(time, tempo * time)
    np.testing.assert_allclose(curve.ratio, tempo, rtol=1e-6)
    assert (np.diff(curve.place_s) > 0).all()
    assert (curve.error > 0).all()


def test_haste_and_a_pause_show_where_they_are():
    time = np.arange(0, 14, 1 / 30)
    place = np.interp(time, [0, 3, 5, 8, 14], [0, 3, 7, 7.01, 13])
    curve = compute_tempo_curve(time, place)
    at = {round(float(p), 2): r for p, r in zip(curve.place_s, curve.ratio, strict=True)}
    assert at[1.25] == pytest.approx(1, abs=0.01)
    assert at[5.25] == pytest.approx(2, abs=0.01)
    assert at[7.25] < 0.2


def test_less_than_a_step_is_no_curve():
    time = np.arange(0, 0.3, 1 / 30)
    assert len(compute_tempo_curve(time, time + 0.1).ratio) == 0


@given(tempo=st.floats(0.4, 2.5), share=st.floats(0.15, 0.4), pause_s=st.floats(0.0, 3.0))
def test_what_wavers_is_uneven_and_a_pause_alone_is_not(tempo, share, pause_s):
    time = np.arange(0, 20 / tempo, 1 / 30)
    even = tempo * time
    turn = 2 * np.pi / 7  # faster and slower in turn, every seven seconds of the reference
    waver = even + share * np.sin(even * turn) / turn
    found, error = compute_unevenness(time, waver)
    assert abs(found - share) < 2 * error + 0.25 * share
    still = np.interp(time, [0, 5, 5 + pause_s, 99], [0, 5, 5, 99 - pause_s])
    found, error = compute_unevenness(time, still)
    assert found < error


def test_a_few_seconds_say_nothing_of_evenness():
    time = np.arange(0, 3, 1 / 30)
    assert np.isnan(compute_unevenness(time, time)).all()
