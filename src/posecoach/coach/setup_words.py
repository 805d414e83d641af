"""What the set-up says, large and short, and how its checks and losses are called."""

from __future__ import annotations

from collections.abc import Mapping

from posecoach.coach.ways import Way
from posecoach.coach.words import measure_title, reason_text
from posecoach.text import N_, translate

_ADVICE: Mapping[str, str] = {
    "step_in": N_("Please step into the picture"),
    "step_back": N_("A step back, please"),
    "step_forward": N_("A step closer, please"),
    "step_left": N_("A step to your left"),
    "step_right": N_("A step to your right"),
    "lid_back": N_("Tilt the laptop lid back"),
    "lid_forward": N_("Tilt the laptop lid forward"),
    "open_shutter": N_("Open the camera's shutter"),
    "more_light": N_("More light, please"),
    "less_light": N_("Turn away from the window"),
    "clear_view": N_("Please clear the view"),
    "show_feet": N_("Show your feet, too"),
    "turn_front": N_("Turn to face the camera"),
    "turn_side": N_("Turn your side to the camera"),
    "level": N_("Set the laptop level"),
    "stand": N_("Stand quietly for a moment"),
    "hold": N_("Good. Stay like this"),
}

_SEATED: Mapping[str, str] = {
    "step_back": N_("A little further back"),
    "step_forward": N_("A little closer, please"),
    "step_left": N_("A little to your left"),
    "step_right": N_("A little to your right"),
    "stand": N_("Sit quietly for a moment"),
}

_CHECKS: Mapping[str, str] = {
    "seen": N_("You are seen"),
    "room": N_("The whole form has room"),
    "hands": N_("Raised hands have room"),
    "hands_shown": N_("Raised hands are seen"),
    "light": N_("There is enough light"),
    "still": N_("Upright is measured"),
}

_WAYS: Mapping[Way, str] = {
    Way.WHOLE: N_("Whole body, standing"),
    Way.SEATED: N_("Seated, on a chair"),
    Way.UPPER_BODY: N_("Upper body only"),
}

_JOINTS: Mapping[str, str] = {
    "elbow": N_("Elbows"),
    "knee": N_("Knees"),
    "hip": N_("Hip joints"),
    "shoulder": N_("Shoulder joints"),
}


def advice_text(key: str, language: str, way: Way = Way.WHOLE) -> str:
    """Return what to do now, in three to five words."""
    text = _SEATED.get(key) if way == Way.SEATED else None
    return translate(text or _ADVICE[key], language)


def check_text(key: str, language: str) -> str:
    """Return what a check is about, as it reads once it is well."""
    return translate(_CHECKS[key], language)


def way_text(way: Way, language: str) -> str:
    """Return the name of a way of practising."""
    return translate(_WAYS[way], language)


def tell_measures(
    prospects: Mapping[str, str | None], language: str
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return which measures will be judged, and which will not with why.

    A joint's two sides are told as one where the same holds for both.

    Parameters
    ----------
    prospects : mapping of str to str or None
        See `posecoach.coach.setting_up.SetUp`.
    language : str
    """
    judged: list[str] = []
    lost: list[tuple[str, str]] = []
    for measure, why in prospects.items():
        title = _tell_title(measure, prospects, language)
        if why is None:
            if title not in judged:
                judged.append(title)
        elif (title, text := _tell_reason(why, language)) not in lost:
            lost.append((title, text))
    return judged, lost


def _tell_title(measure: str, prospects: Mapping[str, str | None], language: str) -> str:
    kind, _, joint = measure.partition(".")
    side, _, name = joint.partition("_")
    if kind == "joint_angle" and name in _JOINTS:
        other = f"{kind}.{'right' if side == 'left' else 'left'}_{name}"
        if other in prospects and prospects[other] == prospects[measure]:
            return translate(_JOINTS[name], language)
    return measure_title(measure, language)


def _tell_reason(reason: str, language: str) -> str:
    if reason == "no_legs":
        return translate(N_("the legs are not looked at"), language)
    return reason_text(reason, language)
