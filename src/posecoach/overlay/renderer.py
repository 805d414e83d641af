"""The one renderer: a picture and the engine's state in, the picture with everything on it out."""

from __future__ import annotations

from dataclasses import replace

import cv2

from posecoach.coach.state import State, Status
from posecoach.coach.words import reword
from posecoach.overlay import figure, panels
from posecoach.overlay.shape import draw_shape
from posecoach.overlay.style import Image
from posecoach.reference.sequence import Sequence
from posecoach.text import check_language

_UNSEEN = (Status.NOBODY, Status.INCOMPLETE)
_BLINK_S = 0.5  # a body may be missing for so long before anything is said


class Renderer:
    """Draws states on pictures.

    Parameters
    ----------
    sequence : Sequence
        The one being followed: its phases and title are shown.
    language : str
    mirrored : bool
        Show the picture as a mirror does; writing stays readable.
    ghost : bool
        Show the teacher's figure on one's own body.

    Attributes
    ----------
    inset : bool
        Show the teacher's figure small, in a corner.
    """

    def __init__(
        self, sequence: Sequence, language: str = "en", *, mirrored: bool = True, ghost: bool = True
    ) -> None:
        self.sequence = sequence
        self.language = check_language(language)
        self.mirrored = mirrored
        self.ghost = ghost
        self.inset = False
        self._seen: State | None = None

    def swap_teacher(self) -> None:
        """Show the teacher's figure in the next way: on the body, in the corner, not at all."""
        self.ghost, self.inset = not (self.ghost or self.inset), self.ghost

    def draw(self, picture: Image, state: State, *, told: bool = True) -> Image:
        """Return a new picture with the state drawn on it.

        Parameters
        ----------
        picture : (height, width, 3) array of uint8
            Blue, green, red; as the camera gave it, not mirrored. It stays unchanged.
        state : State
            Of this picture's observation.
        told : bool
            Whether the state's own large line is written; something else may stand there.
        """
        state = self._reword(state)
        out: Image = cv2.flip(picture, 1) if self.mirrored else picture.copy()
        height, width = out.shape[:2]
        placed = figure.Placed(width, height, self.mirrored)
        # A pass without feedback is none if the picture tells all the same.
        shown = state.guidance.shows_deviation
        if self.ghost and shown:
            figure.draw_ghost(out, state, placed)
        figure.draw_skeleton(out, state, placed)
        figure.draw_plumb_line(out, state, placed)
        around = self._hold(state)
        draw_shape(out, around, self.sequence, self.language)
        if shown:
            panels.draw_tempo(out, around, self.language)
            panels.draw_sides(out, around, self.language, self.mirrored)
            if self.inset:
                figure.draw_inset(out, state, placed)
        panels.draw_count(out, around)
        figure.draw_change(out, state, placed)
        if told:
            panels.draw_message(out, around, self.language)
        return out

    def _reword(self, state: State) -> State:
        """Return the state with its cue in the language on show: it may have changed since."""
        cue = state.cue
        if cue is None:
            return state
        own = self.sequence.cues_in(cue.phase)
        text = reword(cue.text, cue.measure, cue.direction, self.language, own=own)
        return state if text == cue.text else replace(state, cue=replace(cue, text=text))

    def _hold(self, state: State) -> State:
        """Return what the panels show: in a blink of the tracker, what they showed before it."""
        if state.status not in _UNSEEN:
            self._seen = state
        elif self._seen is not None and 0.0 <= state.time_s - self._seen.time_s < _BLINK_S:
            return replace(self._seen, cue=state.cue, new_cue=None, finished=None)
        return state
