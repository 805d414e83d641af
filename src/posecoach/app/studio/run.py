"""Opening the studio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posecoach.app.kit.qt import closing_on_interrupt, discard, make_application
from posecoach.app.studio.window import StudioWindow
from posecoach.capture.base import FrameSource
from posecoach.capture.sources import open_source
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.person import PersonEstimator


def run_studio(
    form: str | Path | None = None,
    language: str = "en",
    *,
    camera: int | str | None = None,
    model: str | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Open the studio and return when it is closed.

    Parameters
    ----------
    form : str or Path, optional
        Form or folder to open; without it one chooses.
    language : str
    camera : int or str, optional
        Number or name of the camera for recording and preview.
    model : str, optional
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
        return open_source(None, camera=camera)

    window = StudioWindow(language, make_estimator, open_camera)
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
