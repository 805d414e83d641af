"""``posecoach studio``: with the camera and the voice of this computer's settings."""

from __future__ import annotations

from collections.abc import Callable

from posecoach.app.studio.run import run_studio
from posecoach.commands.cameras import CameraChoice
from posecoach.settings import SettingsStore
from posecoach.voice import Announcer


def open_studio(
    form: str | None,
    language: str,
    *,
    camera: str | None = None,
    model: str | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Open the teacher's studio and return when it is closed.

    Parameters
    ----------
    form : str or None
        Form or folder to open; None: one chooses.
    language : str
    camera : str, optional
        Number or name; by default the one used last, or the first there is.
    model : str, optional
    say : callable
        Gets lines for the terminal.
    """
    store = SettingsStore()
    if (problem := store.take_problem()) is not None:
        say(f"posecoach: {problem}")

    def announce(tongue: str) -> Announcer:
        settings = store.settings
        return Announcer(tongue, voice=settings.voice, tone=settings.breath_tone)

    cameras = CameraChoice(store, camera)
    run_studio(form, language, cameras=cameras, model=model, announce=announce, say=say)
