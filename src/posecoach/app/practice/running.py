"""Opening the practice window, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable

from posecoach.analysis import Analysis
from posecoach.app.kit.qt import closing_on_interrupt, discard, make_application
from posecoach.app.practice.driving import Reopen
from posecoach.app.practice.set_up import SetUpWishes
from posecoach.app.practice.window import PracticeWindow
from posecoach.capture.base import FrameSource
from posecoach.coach.guidance import Guidance
from posecoach.journal.keeper import Keeper
from posecoach.overlay import OverlayWriter
from posecoach.pose.landmarker import PoseEstimator
from posecoach.reference.sequence import Sequence
from posecoach.voice import Announcer


def run_practice(
    sequence: Sequence,
    source: FrameSource | None,
    estimator: PoseEstimator,
    language: str = "en",
    *,
    mirrored: bool = True,
    ghost: bool = True,
    overlay: OverlayWriter | None = None,
    reopen: Reopen | None = None,
    on_finished: Callable[[Analysis], object] | None = None,
    keeper: Keeper | None = None,
    announcer: Announcer | None = None,
    guidance: Guidance | None = None,
    set_up: SetUpWishes | None = None,
    ask_feeling: bool = False,
    home: bool = False,
    full_screen: bool = False,
) -> Analysis | None:
    """Open the practice window and return when it is closed.

    Parameters
    ----------
    full_screen : bool
        Fill the screen from the start.

    Others are those of `PracticeWindow`.

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
        window = PracticeWindow(
            sequence,
            source,
            estimator,
            language,
            mirrored=mirrored,
            ghost=ghost,
            overlay=overlay,
            reopen=reopen,
            on_finished=on_finished,
            keeper=keeper,
            announcer=announcer,
            guidance=guidance,
            set_up=set_up,
            ask_feeling=ask_feeling,
            home=home,
        )
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
