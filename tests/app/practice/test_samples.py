"""Samples practised through the real window: the video is the camera, the real model watched it.

All of them: ``benchmarks/in_the_window.py``.
"""

from dataclasses import replace

import pytest

from app.conftest import Trial
from conftest import ROOT
from posecoach._closing import Closing
from posecoach.app.kit.qt import discard
from posecoach.capture.video import VideoFile
from posecoach.overlay import Renderer
from posecoach.reference.library import open_form

pytestmark = pytest.mark.slow


class Film(Closing):
    """Every so many pictures of a video, as fast as they are wanted."""

    live = False

    def __init__(self, path, step):
        self._video, self._step = VideoFile(path), step
        self.name, self.fps = path.name, self._video.fps / step
        self.width, self.height = self._video.width, self._video.height
        self.frame_count = None

    def __iter__(self):
        for frame in self._video:
            if frame.index % self._step == 0:
                yield replace(frame, index=frame.index // self._step)

    def close(self):
        self._video.close()


@pytest.fixture
def practised(application, watcher, monkeypatch):
    """Return what practises a sample to its end; it gives the window and the lines it showed."""
    made = []

    def practise(clip, form, language, step):
        path = ROOT / "samples" / f"{clip}.mp4"
        motion = watcher.watch(path, step)
        shown = []
        draw = Renderer.draw

        def note(renderer, picture, state, **more):
            shown.append(state.cue.text if state.cue is not None else "")
            return draw(renderer, picture, state, **more)

        monkeypatch.setattr(Renderer, "draw", note)
        t = Trial(open_form(form), motion, Film(path, step), language=language)
        made.append(t.window)
        t.wait_for_end()
        return t.window, {line for line in shown if line}

    yield practise
    for window in made:
        discard(window)


def test_a_clean_sample_ends_without_a_cue(practised):
    clip = "heavens-clean-dirk-small"
    window, shown = practised(clip, "two-hands-hold-up-the-heavens", "en", 1)
    assert window.analysis.cues == []
    assert shown == set()
    assert len(window.analysis.repetitions) == 2
    assert "Go on just like this" in window.summary.accessibleDescription()


def test_a_lean_is_told_with_its_side_and_in_its_words(practised):
    clip = "heavens-lean-left-emma"
    window, shown = practised(clip, "two-hands-hold-up-the-heavens", "de", 2)
    assert {(c.measure, c.direction) for c in window.analysis.cues} == {("lateral_lean", "left")}
    assert "Scheitel hoch, mehr rechts" in shown
    assert all("rechts" in line for line in shown)
    told = window.summary.accessibleDescription()
    assert "Scheitel hoch, mehr rechts" in told
    assert "Neigung: nach links" in told
    assert window.summary.moment_button.isVisible()
