"""Names for phases that nobody has named yet: what the arms do in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.posture.features import FEATURES, WEIGHTS
from posecoach.text import LANGUAGES, N_, translate

Array = NDArray[np.float64]

_RAISED = 0.35  # radians by which an arm comes up or down
_SPREAD = 0.5  # trunk lengths by which the hands part or meet
_TURNED = 0.12  # trunk lengths by which the nose leaves the ears' middle
_QUIET = 0.4  # share of the form's mean speed

_BOTH = {1: N_("Raise the arms"), -1: N_("Lower the arms")}
_LEFT = {1: N_("Raise the left arm"), -1: N_("Lower the left arm")}
_RIGHT = {1: N_("Raise the right arm"), -1: N_("Lower the right arm")}
_APART = {1: N_("Open the arms"), -1: N_("Bring the hands together")}
_IN_TURN = N_("One arm up, the other down")
_TURN, _REST = N_("Turn the head"), N_("Stay")


def name_phase(features: Array, speed: Array, mean_speed: float) -> dict[str, str]:
    """Return a name for a phase by language; none where nothing stands out.

    Parameters
    ----------
    features : (m, features) array
        Of the phase; weighted as in `posecoach.reference.record.Course`.
    speed : (m,) array
        In it.
    mean_speed : float
        Of the whole form.
    """
    found = _find(features / np.sqrt(WEIGHTS), float(speed.mean()) < _QUIET * mean_speed)
    return {} if found is None else {lang: translate(found, lang) for lang in LANGUAGES}


def _find(features: Array, quiet: bool) -> str | None:
    change = dict(zip(FEATURES, features[-1] - features[0], strict=True))
    left, right = (_sign(change[f"{side}_elevation"], _RAISED) for side in ("left", "right"))
    if left and right:
        return _BOTH[left] if left == right else _IN_TURN
    if left or right:
        up, other = (left, "right") if left else (right, "left")
        if _sign(change[f"{other}_elevation"], 0.5 * _RAISED) == up:
            return _BOTH[up]  # one of them a little less
        return _LEFT[left] if left else _RIGHT[right]
    apart = _sign(change["left_wrist_x"] - change["right_wrist_x"], _SPREAD)
    if apart:
        return _APART[apart]
    if _sign(change["head_turn"], _TURNED):
        return _TURN
    return _REST if quiet else None


def _sign(value: float, least: float) -> int:
    return 0 if abs(value) < least else int(np.sign(value))
