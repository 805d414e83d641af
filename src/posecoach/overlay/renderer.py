"""The one renderer: a picture and the engine's state in, the picture with everything on it out."""

from __future__ import annotations

import cv2

from posecoach.coach.state import State
from posecoach.overlay import figure, panels
from posecoach.overlay.style import Image
from posecoach.reference.sequence import Sequence
from posecoach.text import check_language


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
        Show the teacher's figure.
    """

    def __init__(
        self, sequence: Sequence, language: str = "en", *, mirrored: bool = True, ghost: bool = True
    ) -> None:
        self.sequence = sequence
        self.language = check_language(language)
        self.mirrored = mirrored
        self.ghost = ghost

    def draw(self, picture: Image, state: State) -> Image:
        """Return a new picture with the state drawn on it.

        Parameters
        ----------
        picture : (height, width, 3) array of uint8
            Blue, green, red; as the camera gave it, not mirrored. It stays unchanged.
        state : State
            Of this picture's observation.
        """
        out: Image = cv2.flip(picture, 1) if self.mirrored else picture.copy()
        height, width = out.shape[:2]
        placed = figure.Placed(width, height, self.mirrored)
        if self.ghost:
            figure.draw_ghost(out, state, placed)
        figure.draw_skeleton(out, state, placed)
        figure.draw_plumb_line(out, state, placed)
        figure.draw_change(out, state, placed)
        panels.draw_place(out, state, self.sequence, self.language)
        panels.draw_tempo(out, state, self.language)
        panels.draw_sides(out, state, self.language, self.mirrored)
        panels.draw_count(out, state)
        panels.draw_message(out, state, self.language)
        return out
