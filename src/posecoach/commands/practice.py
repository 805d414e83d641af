"""``posecoach practice``: in the window, or without one on the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from posecoach.analysis import Analyzer
from posecoach.capture.base import FrameSource
from posecoach.coach.state import Cue
from posecoach.errors import InputError
from posecoach.journal.keeper import Keeper
from posecoach.live import LiveLoop, LiveResult
from posecoach.overlay import OverlayWriter, Renderer
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.run import observe
from posecoach.reference.library import find_forms
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis
from posecoach.voice import Announcer

Say = Callable[[str], None]


@dataclass(frozen=True)
class Practice:
    """What a practice on the terminal needs.

    Attributes
    ----------
    sequence : Sequence
    source : FrameSource
        Closed at the end, as is the estimator.
    estimator : PoseEstimator
    language : str
    overlay : Path or None
        Where the annotated video goes.
    keeper : Keeper or None
        Writes the practice down as it happens; closed by the caller.
    announcer : Announcer or None
        Lets it be heard; closed by the caller. Only before a camera.
    """

    sequence: Sequence
    source: FrameSource
    estimator: PoseEstimator
    language: str
    overlay: Path | None = None
    keeper: Keeper | None = None
    announcer: Announcer | None = None


def first_form() -> str:
    """Return the form practised when none is named.

    Raises
    ------
    InputError
        There is none.
    """
    forms = find_forms()
    for wanted in ("two-hands-hold-up-the-heavens", *forms):
        if wanted in forms:
            return wanted
    raise InputError("Expected at least one form but there is none; record one: posecoach record")


def practise_headless(
    p: Practice, say: Say, progress: Callable[[int, int | None], None] | None = None
) -> Analysis:
    """Practise without a window, saying each cue as a line; return what came of it.

    A video is watched frame by frame, a camera until Ctrl+C with only its newest frame.
    """
    with p.source, closing(p.estimator) as estimator:
        if p.source.live:
            return _practise_live(p, estimator, say)
        analyzer = Analyzer(p.sequence, p.language)
        renderer = Renderer(p.sequence, p.language)
        writer = OverlayWriter(p.overlay, p.source.fps) if p.overlay else None
        try:
            for frame, observation in observe(p.source, estimator):
                state = analyzer.step(observation)
                if p.keeper is not None:
                    p.keeper.see(state)
                if state.new_cue is not None:
                    _tell(state.new_cue, say)
                if writer is not None:
                    writer.write(renderer.draw(frame.image, state))
                if progress is not None:
                    progress(frame.index + 1, p.source.frame_count)
        except KeyboardInterrupt:
            pass
        finally:
            if writer is not None:
                writer.close()
        return _finish(p, analyzer)


def _practise_live(p: Practice, estimator: PoseEstimator, say: Say) -> Analysis:
    analyzer = Analyzer(p.sequence, p.language)
    renderer = Renderer(p.sequence, p.language)
    writer = OverlayWriter(p.overlay, 15.0) if p.overlay else None

    def keep(result: LiveResult) -> None:
        if p.announcer is not None:
            p.announcer.on_state(result.state)
        if p.keeper is not None:
            p.keeper.see(result.state)

    loop = LiveLoop(p.source, estimator, analyzer, on_state=keep)
    last = float("-inf")
    with loop:
        try:
            while not loop.finished:
                result = loop.latest(wait_s=0.2)
                for cue in loop.drain_events().cues:
                    _tell(cue, say)
                # An even 15 pictures a second, whatever the camera's rate.
                if result is not None and writer is not None and result.frame.time_s - last > 0.066:
                    last = max(last + 1 / 15, result.frame.time_s - 1 / 15)
                    writer.write(renderer.draw(result.frame.image, result.state))
                elif result is None:
                    time.sleep(0.005)
        except KeyboardInterrupt:
            pass
        finally:
            if writer is not None:
                writer.close()
    return _finish(p, analyzer)


def _finish(p: Practice, analyzer: Analyzer) -> Analysis:
    analysis = analyzer.finish(p.source.name)
    if p.keeper is not None:
        p.keeper.finish(analysis)
    return analysis


def _tell(cue: Cue, say: Say) -> None:
    say(f"{cue.time_s:7.1f} s  {cue.text}")
