"""The teacher alone, going through a form: what can be seen of it before it is practised."""

from __future__ import annotations

import numpy as np

from posecoach.coach.state import State, Status
from posecoach.motion import Observation
from posecoach.overlay.figure import Placed, draw_figure
from posecoach.overlay.shape import draw_shape
from posecoach.overlay.style import Image
from posecoach.reference.sequence import Sequence

_DARK = (29, 25, 22)  # blue, green, red
_WIDE = 0.56  # room of the whole movement, of the picture's width
_TALL, _LOW = 0.76, 0.54  # of its height, and its middle from the top
_TALL_BELOW, _LOW_BELOW = 0.66, 0.63  # the same below the words, where there is no room beside
_NARROW = 1.8  # pictures less wide for their height have none


class Demonstration:
    """Draws the take that is followed, with its phases and its breath.

    Parameters
    ----------
    sequence : Sequence
    mirrored : bool
        As in a mirror, as one will see oneself.

    Attributes
    ----------
    sequence : Sequence
    """

    def __init__(self, sequence: Sequence, *, mirrored: bool = True) -> None:
        self.sequence, self._mirrored = sequence, mirrored
        motion = sequence.takes[0].motion
        self._times = motion.time_s - motion.time_s[0]
        self._planes = np.stack([o.plane() for o in motion])
        found = self._planes[np.isfinite(self._planes).all(axis=-1)]
        self._low, self._high = found.min(axis=0), found.max(axis=0)

    @property
    def duration_s(self) -> float:
        """Seconds once through."""
        return float(self._times[-1])

    def find_notes(self, language: str) -> str:
        """Return what the teacher says of the form, such as what to spare; may be empty."""
        notes = self.sequence.notes
        return notes.get(language) or next(iter(notes.values()), "")

    def draw(self, place_s: float, language: str, width: int, height: int) -> Image:
        """Return the picture at a place.

        Parameters
        ----------
        place_s : float
            In seconds of the form; what lies outside it is brought to its ends.
        language : str
        width, height : int
            Of the picture, in pixels.
        """
        place_s = min(max(place_s, 0.0), self.duration_s)
        at = int(np.searchsorted(self._times, place_s, side="right")) - 1
        size = np.maximum(self._high - self._low, 1e-6)
        beside = width > _NARROW * height
        tall, low = (_TALL, _LOW) if beside else (_TALL_BELOW, _LOW_BELOW)
        scale = min(tall * height / size[1], _WIDE * width / size[0])
        middle = np.array([0.5 * width, low * height])
        points = middle + (self._planes[at] - (self._low + self._high) / 2) * scale
        if self._mirrored:
            points[:, 0] = width - 1 - points[:, 0]
        picture = np.full((height, width, 3), _DARK, np.uint8)
        draw_figure(picture, points, Placed(width, height, self._mirrored))
        state = State(
            time_s=place_s,
            status=Status.MOVING,
            reason=None,
            observation=Observation.nobody(place_s, float(width), float(height)),
            calibration=None,
            place_s=place_s,
            duration_s=self.duration_s,
            certainty=1.0,
            tempo=None,
            phase=self.sequence.phase_at(place_s),
            repetition=0,
        )
        draw_shape(picture, state, self.sequence, language)
        return picture
