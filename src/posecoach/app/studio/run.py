"""Opening the studio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from posecoach.app.kit.qt import closing_on_interrupt, discard, make_application
from posecoach.app.practice.set_up import SetUpWishes
from posecoach.app.studio.preview import Extras
from posecoach.app.studio.window import StudioWindow
from posecoach.capture.base import FrameSource
from posecoach.capture.sources import open_source
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.person import PersonEstimator
from posecoach.voice import Announcer


class Cameras(Protocol):
    """The camera one has chosen, and what the set-up before it needs."""

    def open(self) -> FrameSource:
        """Open it."""
        ...

    def wishes(self) -> SetUpWishes:
        """Return what the set-up needs to know."""
        ...


def run_studio(
    form: str | Path | None = None,
    language: str = "en",
    *,
    cameras: Cameras | None = None,
    model: str | None = None,
    announce: Callable[[str], Announcer] | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Open the studio and return when it is closed.

    Parameters
    ----------
    form : str or Path, optional
        Form or folder to open; without it one chooses.
    language : str
    cameras : Cameras, optional
        Opens the camera for recording and preview; the first there is unless given.
    model : str, optional
    announce : callable, optional
        Returns what lets a preview be heard, in a language.
    say : callable
        Gets lines for the terminal while the model is fetched.

    Raises
    ------
    InputError
        There is no screen, or the model cannot be used.
    Exception
        An error that posecoach does not raise on purpose, after the window was closed.
    """
    application = make_application()
    path = ensure_model(model, say)

    def make_estimator() -> PoseEstimator:
        return PersonEstimator(path)

    def open_camera() -> FrameSource:
        return open_source(None) if cameras is None else cameras.open()

    wishes = SetUpWishes if cameras is None else cameras.wishes
    window = StudioWindow(language, make_estimator, open_camera, Extras(announce, wishes))
    window.showMaximized()
    if form is not None:
        window.open_form(form)
    with closing_on_interrupt(window):
        application.exec()
    failure = window.failure or window.capture.failure
    if window.desk is not None:
        window.desk.close()
    discard(window)
    if failure is not None:
        raise failure
