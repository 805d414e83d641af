"""Opening the practice window, and what comes of it."""

from __future__ import annotations

from posecoach.app.kit.qt import closing_on_interrupt, discard, make_application
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.base import FrameSource
from posecoach.pose.landmarker import PoseEstimator
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis


def run_practice(
    sequence: Sequence,
    source: FrameSource | None,
    estimator: PoseEstimator,
    language: str = "en",
    wishes: PracticeWishes | None = None,
    *,
    full_screen: bool = False,
) -> Analysis | None:
    """Open the practice window and return when it is closed.

    Parameters
    ----------
    sequence : Sequence
    source : FrameSource or None
        Closed by the window. None: it is opened by the wish to.
    estimator : PoseEstimator
        Closed by the caller.
    language : str
    wishes : PracticeWishes, optional
    full_screen : bool
        Fill the screen from the start.

    Returns
    -------
    Analysis or None
        Of the last practice; None if nothing was watched.

    Raises
    ------
    InputError
        No window can be opened; the source is closed all the same.
    Exception
        An error that posecoach does not raise on purpose, after the window was closed.
    """
    try:
        application = make_application()
        window = PracticeWindow(sequence, source, estimator, language, wishes)
    except BaseException:
        if source is not None:
            source.close()
        raise
    window.showMaximized()
    if full_screen:
        window.full_screen.toggle()
    with closing_on_interrupt(window):
        application.exec()
    window.close()
    analysis, failure = window.analysis, window.failure
    discard(window)
    if failure is not None:
        raise failure
    return analysis
