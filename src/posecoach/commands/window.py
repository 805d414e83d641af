"""Practice in a window: from the command's options to the app.

What takes long to import (OpenCV, MediaPipe, the engine) is imported after the first window
stands, while the person still reads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posecoach.app.kit.qt import find_obstacle
from posecoach.errors import InputError
from posecoach.settings import Settings, SettingsStore

if TYPE_CHECKING:
    from posecoach.app.home.choice import Choice
    from posecoach.app.home.preferences import Storage
    from posecoach.capture.base import FrameSource
    from posecoach.overlay import OverlayWriter
    from posecoach.reference.sequence import Sequence
    from posecoach.result import Analysis

_OVERLAY_FPS = 25.0


@dataclass(frozen=True)
class _Options:
    """What was asked for on the command line."""

    source: Path | None
    camera: str | None
    overlay: Path | None
    model: str | None
    mirrored: bool | None
    voice: bool | None
    say: Callable[[str], None]


class _Memory:
    """The settings, and the language spoken now: named beforehand or switched on the way."""

    def __init__(self, store: SettingsStore, language: str) -> None:
        self.store, self.language = store, language
        self.told: set[str] = set()  # what cannot be heard here is told after one practice

    def keep(self, **fields: object) -> None:
        """Find again the next time what a key has changed."""
        self.store.change(**fields)
        self.language = str(fields.get("language", self.language))


def practise_in_window(
    sequence: Sequence | None,
    source: Path | None,
    camera: str | None,
    language: str,
    *,
    overlay: Path | None = None,
    model: str | None = None,
    mirrored: bool | None = None,
    voice: bool | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Open the window and return the exit status.

    Parameters
    ----------
    sequence : Sequence or None
        None: the first window asks, and comes back after each practice.
    source : Path or None
        A video that plays at its own speed, as if it were the camera.
    camera : str or None
        Number or name.
    language : str
    overlay : Path, optional
        Where the annotated video goes.
    model : str, optional
    mirrored, voice : bool, optional
        Whether the picture is shown as a mirror does, and whether cues are spoken; by default as
        in the settings.
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
    store = SettingsStore()
    options = _Options(source, camera, overlay, model, mirrored, voice, say)
    memory = _Memory(store, language)
    problem = store.take_problem()
    if problem is not None:
        say(f"posecoach: {problem}")
    if sequence is not None and source is not None:  # a video has no back, and no questions
        _prepare(options)
        _tell(_practise(sequence, options, memory), memory.language, say)
        return 0
    while True:
        choice = _choose(sequence, options, memory)
        if choice is None:
            return 0
        memory.language = choice.language
        if not choice.form:
            from posecoach.commands.studio import open_studio

            open_studio(None, memory.language, camera=camera, model=model, say=say)
            continue
        form = sequence if sequence is not None else _open(choice.form, say)
        if form is not None:
            at_home = sequence is None
            analysis = _practise(form, options, memory, choice, home=at_home)
            _tell(analysis, memory.language, say)
        if sequence is not None:
            return 0


def _choose(sequence: Sequence | None, options: _Options, memory: _Memory) -> Choice | None:
    from posecoach.app.home.choice import Entry
    from posecoach.app.home.window import choose_practice

    entry = None
    if sequence is not None:
        entry = Entry(sequence.id, sequence.title(memory.language))
    return choose_practice(
        memory.store,
        memory.language,
        entry=entry,
        storage=_make_storage(),
        prepare=lambda: _prepare(options),
        studio=sequence is None,
    )


def _make_storage() -> Storage:
    from posecoach.app.home.preferences import Kept, Storage

    def look(language: str) -> list[Kept]:
        from posecoach.commands.data import tell_kept

        return [Kept(*kept) for kept in tell_kept(language)]

    def delete(what: str) -> None:
        from posecoach.commands.data import delete_kept

        delete_kept(what)

    return Storage(look, delete)


def _prepare(options: _Options) -> None:
    """Import what is heavy, and have the model at hand."""
    import posecoach.app.practice.running
    from posecoach.pose.bundle import ensure_model
    from posecoach.pose.person import PersonEstimator

    del posecoach
    ensure_model(options.model, options.say)
    del PersonEstimator


def _open(form: str, say: Callable[[str], None]) -> Sequence | None:
    from posecoach.reference.library import open_form

    try:
        return open_form(form)
    except InputError as error:
        say("posecoach: " + " ".join(str(error).split()))
        return None


def _practise(
    sequence: Sequence,
    options: _Options,
    memory: _Memory,
    choice: Choice | None = None,
    *,
    home: bool = False,
) -> Analysis | None:
    from posecoach.app.practice.running import run_practice
    from posecoach.app.practice.wishes import PracticeWishes
    from posecoach.capture.sources import open_source
    from posecoach.commands.cameras import CameraChoice
    from posecoach.journal.keeper import Keeper
    from posecoach.journal.past import choose_guidance
    from posecoach.pose.bundle import ensure_model
    from posecoach.pose.person import PersonEstimator
    from posecoach.voice import Announcer

    source, language = options.source, memory.language
    settings, cameras = memory.store.settings, CameraChoice(memory.store, options.camera)

    def reopen() -> FrameSource:
        if source is not None:
            return open_source(source, paced=True)
        return cameras.open()

    # A video that is none should say so on the terminal; a camera's trouble shows in the window.
    first = reopen() if source is not None else None
    kind = "camera" if source is None else "video"
    keeper = Keeper(sequence, kind, language, say=lambda line: options.say(f"posecoach: {line}"))
    if choice is not None:
        keeper.set_feeling(before=choice.feeling)
    announcer = Announcer(
        language,
        voice=settings.voice if options.voice is None else options.voice,
        tone=settings.breath_tone,
        told=memory.told,
    )
    guidance = choose_guidance(
        sequence.id,
        settings.guidance,
        settings.strictness,
        settings.gentle,
        smallest=settings.smallest,
    )
    model = ensure_model(options.model, options.say)
    with PersonEstimator(model) as estimator, keeper, announcer:
        writer = _open_writer(sequence.id, options, settings)
        try:
            wishes = PracticeWishes(
                mirrored=settings.mirrored if options.mirrored is None else options.mirrored,
                ghost=settings.ghost,
                inset=settings.inset,
                overlay=writer,
                reopen=reopen,
                keeper=keeper,
                announcer=announcer,
                guidance=guidance,
                set_up=cameras.wishes() if source is None else None,
                ask_feeling=choice is not None and settings.ask_feeling,
                home=home,
                remember=memory.keep,
            )
            return run_practice(
                sequence, first, estimator, language, wishes, full_screen=settings.full_screen
            )
        finally:
            if writer is not None:
                writer.close()


def _open_writer(form: str, options: _Options, settings: Settings) -> OverlayWriter | None:
    """Return what writes the video, where one was asked for: here, or in the settings for all."""
    from posecoach.overlay import OverlayWriter

    if options.overlay is not None:
        return OverlayWriter(options.overlay, _OVERLAY_FPS)
    if not settings.keep_video or options.source is not None:
        return None
    from posecoach.journal.place import make_video_path

    try:
        return OverlayWriter(make_video_path(form, datetime.now().astimezone()), _OVERLAY_FPS)
    except InputError as error:  # the practice goes on without
        options.say("posecoach: " + " ".join(str(error).split()))
        return None


def _tell(analysis: Analysis | None, language: str, say: Callable[[str], None]) -> None:
    from posecoach.commands.analyze import summarise

    if analysis is not None:
        for line in summarise(analysis, language):
            say(line)
