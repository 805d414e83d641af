"""Practice in a window: from the command's options to the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posecoach.app.home import choose_practice
from posecoach.app.practice import run_practice
from posecoach.app.qt import find_obstacle
from posecoach.capture.base import FrameSource
from posecoach.capture.sources import open_source
from posecoach.commands.analyze import summarise
from posecoach.errors import InputError
from posecoach.journal.keeper import Keeper
from posecoach.journal.past import choose_guidance
from posecoach.overlay import OverlayWriter
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import MediaPipeEstimator
from posecoach.reference.library import open_form
from posecoach.reference.sequence import Sequence
from posecoach.settings import SettingsStore
from posecoach.voice import Announcer

_OVERLAY_FPS = 25.0


def practise_in_window(
    sequence: Sequence | None,
    source: Path | None,
    camera: str | None,
    language: str,
    *,
    overlay: Path | None = None,
    model: str | None = None,
    mirrored: bool = True,
    voice: bool | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Open the window and return the exit status.

    Parameters
    ----------
    sequence : Sequence or None
        None: the first window asks.
    source : Path or None
        A video that plays at its own speed, as if it were the camera.
    camera : str or None
        Number or name.
    language : str
    overlay : Path, optional
        Where the annotated video goes.
    model : str, optional
    mirrored : bool
    voice : bool, optional
        Whether cues are spoken; by default as in the settings.
    say : callable
        Gets lines for the terminal.

    Raises
    ------
    InputError
        There is no screen, or the video or the model cannot be used.
    """
    obstacle = find_obstacle()
    if obstacle is not None:
        raise InputError(f"{obstacle} Without a window: posecoach practice --headless")
    path = ensure_model(model, say)
    wanted: str | int | None = camera
    if sequence is None:
        choice = choose_practice(language)
        if choice is None:
            return 0
        sequence, language = open_form(choice.form), choice.language
        wanted = choice.camera if camera is None else camera

    def reopen() -> FrameSource:
        if source is not None:
            return open_source(source, paced=True)
        return open_source(None, camera=wanted)

    # A video that is none should say so on the terminal; a camera's trouble shows in the window.
    first = reopen() if source is not None else None
    kind = "camera" if source is None else "video"
    keeper = Keeper(sequence, kind, language, say=lambda line: say(f"posecoach: {line}"))
    chosen = SettingsStore().settings
    announcer = Announcer(
        language, voice=chosen.voice if voice is None else voice, tone=chosen.breath_tone
    )
    with MediaPipeEstimator(path) as estimator, keeper, announcer:
        writer = OverlayWriter(overlay, _OVERLAY_FPS) if overlay else None
        try:
            analysis = run_practice(
                sequence,
                first,
                estimator,
                language,
                mirrored=mirrored,
                overlay=writer,
                reopen=reopen,
                keeper=keeper,
                announcer=announcer,
                guidance=choose_guidance(
                    sequence.id, chosen.guidance, chosen.strictness, chosen.gentle
                ),
            )
        finally:
            if writer is not None:
                writer.close()
    if analysis is not None:
        for line in summarise(analysis, language):
            say(line)
    return 0
