"""The moments of the cues: the right stretch of the practice, drawn and played again."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from figures import Figure, perform
from posecoach.analysis import Analyzer
from posecoach.app.kit.qt import discard
from posecoach.app.summary.moments import (
    AFTER_S,
    BEFORE_S,
    MOST,
    MomentKeeper,
    draw_moment,
    find_worst_times,
)
from posecoach.app.summary.pages import SummaryPage, make_summary
from posecoach.coach.guidance import Guidance

OTHER = Figure(trunk=0.55, scale=0.38, noise=0.001)


def practise(motion, sequence, guidance=None, picture=None):
    analyzer, keeper = (
        Analyzer(sequence, "en", guidance),
        MomentKeeper(pictures=picture is not None),
    )
    for observation in motion:
        state = analyzer.step(observation)
        keeper.see(SimpleNamespace(state=state, frame=SimpleNamespace(image=picture)))
    return analyzer.finish(), keeper.moments


@pytest.fixture(scope="module")
def late():
    """Return a repetition with the left arm late: known only when it is over."""
    return perform(repetitions=1, figure=OTHER, delay_left_s=0.6)[0]


def test_a_cue_of_the_moment_is_where_it_was_given(leaning, sequence):
    result, moments = practise(leaning, sequence)
    (moment,) = moments
    cue = result.cues[0]
    assert moment.cue.measure == cue.measure == "lateral_lean"
    assert moment.at_s == pytest.approx(cue.time_s, abs=0.01)
    times = [s.time_s for s, _ in moment.frames]
    assert times == sorted(times)
    assert times[0] == pytest.approx(cue.time_s - BEFORE_S, abs=0.1)
    assert times[-1] == pytest.approx(cue.time_s + AFTER_S, abs=0.1)
    assert all(jpeg is None for _, jpeg in moment.frames)  # no picture unless one is kept


def test_what_only_a_repetition_tells_is_shown_where_it_was(late, sequence):
    result, moments = practise(late, sequence)
    assert {c.measure for c in result.cues} == {"left_right_delay"}
    (moment,) = moments
    (repetition,) = result.repetitions
    assert repetition.start_s < moment.at_s < repetition.end_s


def test_what_was_held_back_is_kept_too(leaning, sequence):
    _, moments = practise(leaning, sequence, Guidance("end_of_session"))
    assert [m.cue.measure for m in moments] == ["lateral_lean"]


def test_the_same_cue_is_kept_once_and_there_are_not_many(leaning, sequence):
    keeper = MomentKeeper()
    analyzer = Analyzer(sequence, "en")
    states = [analyzer.step(o) for o in leaning]
    cue = next(s.new_cue for s in states if s.new_cue is not None)
    from dataclasses import replace

    found = [s for s in states if s.observation.found]
    for k, state in enumerate(found):
        new = replace(cue, measure=f"joint_angle.{k // 8}") if k % 4 == 0 else None
        keeper.see(SimpleNamespace(state=replace(state, new_cue=new, finished=None), frame=None))
    moments = keeper.moments
    assert len(moments) == MOST
    assert len({m.cue.measure for m in moments}) == MOST


def test_where_nobody_was_seen_there_is_no_moment(leaning, sequence):
    analyzer = Analyzer(sequence, "en")
    states = [analyzer.step(o) for o in leaning]
    state = next(s for s in states if s.new_cue is not None)
    keeper = MomentKeeper()
    keeper.see(SimpleNamespace(state=state, frame=None))  # one picture is no moment
    assert keeper.moments == ()


def test_worst_places_become_times(leaning, sequence):
    analyzer = Analyzer(sequence, "en")
    repetition = next(s.finished for s in map(analyzer.step, leaning) if s.finished is not None)
    times = find_worst_times(repetition)
    assert set(times) >= set(repetition.measures)
    assert all(repetition.start_s <= t <= repetition.end_s for t in times.values())


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_moment_is_drawn_as_a_figure(leaning, sequence, mirrored):
    _, (moment,) = practise(leaning, sequence)
    drawn = draw_moment(moment, len(moment.frames) // 2, mirrored=mirrored)
    assert drawn.dtype == np.uint8
    assert drawn.shape[0] > 200
    orange = (np.abs(drawn.astype(int) - (40, 150, 255)).sum(axis=2) < 60).any(axis=0)
    side = np.flatnonzero(orange).mean() / drawn.shape[1]
    # Leaning left, one should go right: on the right in a mirror.
    assert (side > 0.5) == mirrored


def test_pictures_are_shown_where_a_video_is_kept(leaning, sequence):
    picture = np.full((480, 640, 3), (10, 200, 10), np.uint8)
    _, (moment,) = practise(leaning.cut(0, 8), sequence, picture=picture)
    drawn = draw_moment(moment, 0, mirrored=True)
    assert np.abs(np.median(drawn, axis=(0, 1)) - (10, 200, 10)).max() < 12


def test_moments_are_played_from_the_summary(application, leaning, late, sequence):
    analysis, one = practise(leaning, sequence)
    moments = (*one, *practise(late, sequence)[1])
    page = SummaryPage()
    page.resize(1000, 600)
    page.show()
    words = make_summary(analysis, sequence, "en")
    page.show_summary(words, "en", can_repeat=True)
    assert page.moment_button.isHidden()
    page.show_summary(
        words, "en", can_repeat=True, moments=moments, moment_words=[m.cue.text for m in moments]
    )
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_M)
    assert page.pages.currentWidget() is page.moment
    assert page.moment.headline.text() == moments[0].cue.text
    first = page.moment.view.at_s
    end = 200
    while page.moment.view.at_s == first and end:
        QTest.qWait(10)
        end -= 1
    assert page.moment.view.at_s > first
    page.moment.main_button.click()
    assert page.moment.headline.text() == moments[1].cue.text
    QTest.keyClick(page.moment, Qt.Key.Key_Escape)
    assert page.pages.currentWidget() is page.overview
    assert page.moment.view.at_s is None
    discard(page)
