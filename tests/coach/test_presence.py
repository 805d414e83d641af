import pytest

from posecoach.coach.presence import AWAY_S, GONE_S, WARNED_S, Presence, Whereabouts, count_down

FPS = 20


def watch(*stretches, resting=False):
    """Step through (seconds, seen) stretches; return the last answer of each."""
    presence, t, out = Presence(), 0.0, []
    for seconds, seen in stretches:
        for _ in range(round(seconds * FPS)):
            t += 1 / FPS
            last = presence.step(t, seen, resting=resting)
        out.append(last)
    return out


def test_who_has_not_come_cannot_leave():
    assert watch((100, False)) == [Whereabouts()]


def test_a_blink_is_no_leaving():
    assert watch((5, True), (AWAY_S - 0.1, False))[-1] == Whereabouts()


def test_who_leaves_is_waited_for_and_welcome_back():
    away, back = watch((5, True), (10, False), (0.1, True))[1:]
    assert away == Whereabouts(away=True)
    assert back == Whereabouts()


def test_the_end_is_announced_and_comes():
    warned = watch((5, True), (WARNED_S + 5, False))[-1]
    assert warned.away
    assert not warned.gone
    assert warned.left == pytest.approx(0.5, abs=0.02)
    assert watch((5, True), (GONE_S + 0.1, False))[-1].gone


def test_coming_back_in_the_last_moment_counts_from_anew():
    assert watch((5, True), (29, False), (0.1, True), (29, False))[-1].gone is False


def test_a_rest_may_last():
    assert watch((5, True), (200, False), resting=True)[-1] == Whereabouts()


@pytest.mark.parametrize(
    ("time_s", "shown"),
    [(10.0, (3, 1.0)), (10.5, (3, 0.5)), (11.5, (2, 0.5)), (12.9, (1, 0.1)), (13.0, None)],
)
def test_counting_down(time_s, shown):
    found = count_down(10.0, time_s)
    assert (found is None) == (shown is None)
    if shown is not None:
        assert found == (shown[0], pytest.approx(shown[1]))
    assert count_down(10.0, 9.0) is None
