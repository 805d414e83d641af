"""Ways of practising: the whole body standing, on a chair, or from the hips upwards."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np

from posecoach.body import BLAZEPOSE_33
from posecoach.motion import Observation
from posecoach.reference.sequence import Sequence

LEGS = [
    i
    for i, name in enumerate(BLAZEPOSE_33)
    if name.split("_", 1)[-1] in ("knee", "ankle", "heel", "foot_index")
]
"""Points below the hips."""


class Way(StrEnum):
    """How somebody practises."""

    WHOLE = "whole"  # standing, head to feet in the picture
    SEATED = "seated"  # on a chair
    UPPER_BODY = "upper_body"  # legs out of the picture, or not to be judged


WAYS = tuple(Way)


def needs_legs(sequence: Sequence, way: Way) -> bool:
    """Return whether the legs are looked at: a seated form has seated legs of its own."""
    if way == Way.SEATED:
        return sequence.posture == "seated"
    return way == Way.WHOLE


def leave_legs_out(observation: Observation) -> Observation:
    """Return an observation without what is below the hips.

    The model draws legs behind a desk, and on a chair they are not the form's: what is not
    there is followed and judged by nobody.
    """
    image, world = observation.image.copy(), observation.world.copy()
    visibility, presence = observation.visibility.copy(), observation.presence.copy()
    image[LEGS] = world[LEGS] = np.nan
    visibility[LEGS] = presence[LEGS] = 0.0
    return replace(observation, image=image, world=world, visibility=visibility, presence=presence)
