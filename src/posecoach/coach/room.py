"""The room a form takes in the picture: how far hands, head and feet reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.body import HIPS, INDEX, NOSE, WRISTS
from posecoach.coach.ways import LEGS
from posecoach.follow.track import Track
from posecoach.posture.angles import middle, rotate_plane
from posecoach.posture.resample import median_found

Array = NDArray[np.float64]

_CROWN = 0.42  # of the trunk, from the nose to above the hair
_FINGERS = 0.08  # of the trunk, beyond the last point of a hand or a foot
_BELOW_HIPS = 0.3  # of the trunk: what is to be seen below the hips if the legs are not
_FACE = [i for i in range(1, 11) if i not in (INDEX["left_ear"], INDEX["right_ear"])]
_HANDS = [*WRISTS, INDEX["left_index"], INDEX["right_index"]]


@dataclass(frozen=True, eq=False)
class Room:
    """What a form needs, in trunk lengths from the middle of the hips at its start; y down.

    Attributes
    ----------
    left, top, right, bottom : float
        How far the form reaches in the picture (left: towards smaller x).
    stance : (33, 2) array
        The start pose, for the silhouette; NaN for what is not looked at.
    overhead : bool
        Whether the hands come above the head in it.
    """

    left: float
    top: float
    right: float
    bottom: float
    stance: Array
    overhead: bool

    @property
    def width(self) -> float:
        """Trunk lengths."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Trunk lengths."""
        return self.bottom - self.top


def measure_room(track: Track, *, legs: bool = True) -> Room:
    """Return the room a reference takes.

    Parameters
    ----------
    track : Track
    legs : bool
        Whether the legs are looked at.
    """
    c = track.calibration
    level = rotate_plane(track.plane, c.roll_deg)
    if c.facing < 0:
        level = level * np.array([-1.0, 1.0])
    hips = np.nanmedian(middle(level, HIPS)[:10], axis=0)
    trunk = c.trunk if c.trunk > 0 else 0.2
    reach = (level - hips) / trunk
    reach[:, _FACE] = np.nan
    if not legs:
        reach[:, LEGS] = np.nan
    crown = reach[:, NOSE, 1] - _CROWN
    top = float(min(np.nanmin(reach[..., 1]) - _FINGERS, np.nanmin(crown)))
    bottom = float(np.nanmax(reach[..., 1])) + _FINGERS
    stance = median_found(reach[:10])
    highest = float(np.nanmin(reach[:, _HANDS, 1]))
    return Room(
        float(np.nanmin(reach[..., 0])) - _FINGERS,
        top,
        float(np.nanmax(reach[..., 0])) + _FINGERS,
        bottom if legs else max(bottom, _BELOW_HIPS),
        stance,
        highest < float(np.nanmedian(crown)),
    )


def fit_stance(room: Room, aspect: float, height: float = 0.9) -> Array:
    """Return where to stand so that the whole form fits: the start pose in the picture plane.

    Parameters
    ----------
    room : Room
    aspect : float
        Width of the picture over its height.
    height : float
        Share of the picture's height, and of its width, that the form may take.

    Returns
    -------
    (33, 2) array
        In units of the picture's height, the form's room in the middle.
    """
    trunk = min(height / room.height, height * aspect / room.width, 0.26)
    middle_of = np.array([0.5 * (room.left + room.right), 0.5 * (room.top + room.bottom)])
    return np.asarray((room.stance - middle_of) * trunk + np.array([0.5 * aspect, 0.5]))
