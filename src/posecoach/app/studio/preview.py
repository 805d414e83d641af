"""What a student will get: the practice window itself, with the form as it is on the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from posecoach.app.kit.qt import discard
from posecoach.app.practice.set_up import SetUpWishes
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.base import FrameSource
from posecoach.capture.paced import PacedSource
from posecoach.capture.replay import MotionEstimator, MotionSource
from posecoach.capture.sources import open_source
from posecoach.coach.guidance import Guidance
from posecoach.motion import Motion
from posecoach.pose.landmarker import PoseEstimator
from posecoach.readers import SUFFIXES, read_recording
from posecoach.reference.sequence import Sequence
from posecoach.result import Analysis
from posecoach.voice import Announcer

Setup = tuple[Callable[[], FrameSource], Callable[[], PoseEstimator]]


@dataclass(frozen=True)
class Extras:
    """What a practice has on this computer besides a source and a model.

    Attributes
    ----------
    announce : callable or None
        Returns what lets a practice be heard, in a language.
    wishes : callable
        Returns what the set-up before the camera needs.
    """

    announce: Callable[[str], Announcer] | None = None
    wishes: Callable[[], SetUpWishes] = SetUpWishes


class Preview(QObject):
    """A practice window over the studio; nothing of it is written into the journal.

    Parameters
    ----------
    sequence : Sequence
    setup : (callable, callable)
        Opens the source, and makes what finds the body in it.
    language : str
    guidance : Guidance, optional
        How much is said; as in a first practice unless given.
    announcer : Announcer, optional
        Lets it be heard; closed here.
    wishes : SetUpWishes, optional
        Begin with the set-up, as one does before a camera.

    Attributes
    ----------
    ended : signal
        The window was closed.
    analysis : Analysis or None
        Of the last practice in it.
    """

    ended = Signal()

    def __init__(
        self,
        sequence: Sequence,
        setup: Setup,
        language: str,
        parent: QObject | None = None,
        *,
        guidance: Guidance | None = None,
        announcer: Announcer | None = None,
        wishes: SetUpWishes | None = None,
    ) -> None:
        super().__init__(parent)
        self.analysis: Analysis | None = None
        reopen, make_estimator = setup
        self._announcer = announcer
        self._estimator: PoseEstimator | None = None
        try:
            self._estimator = make_estimator()
            self.window: PracticeWindow | None = PracticeWindow(
                sequence,
                None,
                self._estimator,
                language,
                PracticeWishes(
                    reopen=reopen,
                    guidance=guidance or Guidance(),
                    announcer=announcer,
                    set_up=wishes,
                ),
            )
        except BaseException:
            self._let_go()
            raise
        self.window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Clean up once the window was closed."""
        if watched is self.window and event.type() == QEvent.Type.Close:
            QTimer.singleShot(0, self.close)
        return False

    def close(self) -> None:
        """Close the window, the source and the model."""
        window, self.window = self.window, None
        if window is None:
            return
        window.removeEventFilter(self)
        window.close()
        self.analysis = window.analysis
        discard(window)
        self._let_go()
        self.ended.emit()

    def _let_go(self) -> None:
        if self._estimator is not None:
            self._estimator.close()
        if self._announcer is not None:
            self._announcer.close()


def set_up_motion(motion: Motion) -> Setup:
    """Return what plays a take again, at its own speed."""
    return lambda: PacedSource(MotionSource(motion)), lambda: MotionEstimator(motion)


def set_up_video(path: Path, make_estimator: Callable[[], PoseEstimator]) -> Setup:
    """Return what plays a video, or a landmark recording, as if it were the camera.

    Raises
    ------
    InputError
        The recording cannot be read.
    """
    if path.suffix.lower() in SUFFIXES:
        return set_up_motion(read_recording(path))
    return lambda: open_source(path, paced=True), make_estimator
