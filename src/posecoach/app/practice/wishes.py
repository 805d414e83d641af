"""What a practice before the window is to be like, beside form, source and model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posecoach.app.practice.driving import Reopen
from posecoach.app.practice.set_up import SetUpWishes
from posecoach.coach.guidance import Guidance
from posecoach.journal.keeper import Keeper
from posecoach.overlay import OverlayWriter
from posecoach.result import Analysis
from posecoach.voice import Announcer


@dataclass(frozen=True)
class PracticeWishes:
    """What may be wished of the practice window; nothing must be.

    Attributes
    ----------
    mirrored : bool
        Show the picture as a mirror does.
    ghost, inset : bool
        Show the teacher's figure on one's own, or small in a corner.
    overlay : OverlayWriter or None
        Gets every picture that is drawn, at the source's size; closed by the caller.
    reopen : callable or None
        Opens the source again, for trying again and for another practice.
    on_finished : callable or None
        Gets the analysis of each practice that ended.
    keeper : Keeper or None
    announcer : Announcer or None
        Lets the practice be heard; closed by the caller.
    guidance : Guidance or None
        How much is said.
    set_up : SetUpWishes or None
        Begin with the set-up; without it the practice begins at once.
    ask_feeling : bool
        Ask at the end how the back feels.
    home : bool
        Whether there is a first page that one comes back to.
    remember : callable
        Called with what a key has changed and the next practice should find again:
        ``language``, ``mirrored``, ``ghost`` and ``inset``, ``voice``.
    """

    mirrored: bool = True
    ghost: bool = True
    inset: bool = False
    overlay: OverlayWriter | None = None
    reopen: Reopen | None = None
    on_finished: Callable[[Analysis], object] | None = None
    keeper: Keeper | None = None
    announcer: Announcer | None = None
    guidance: Guidance | None = None
    set_up: SetUpWishes | None = None
    ask_feeling: bool = False
    home: bool = False
    remember: Callable[..., object] = lambda **fields: None
