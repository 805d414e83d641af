"""What the set-up says, large and short, and how its checks and losses are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posecoach.coach.ways import Way
from posecoach.coach.words import measure_title, reason_text
from posecoach.measure.judgement import TOLD
from posecoach.text import N_, translate

_ADVICE: Mapping[str, str] = {
    "step_in": N_("Please step into the picture"),
    "come_near": N_("Stand 2 to 4 metres away"),
    "step_back": N_("A step back, please"),
    "step_forward": N_("A step closer, please"),
    "step_left": N_("A step to your left"),
    "step_right": N_("A step to your right"),
    "lid_back": N_("Tilt the laptop lid back"),
    "lid_forward": N_("Tilt the laptop lid forward"),
    "open_shutter": N_("Open the camera's shutter"),
    "more_light": N_("More light, please"),
    "less_light": N_("Camera away from the window"),
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
    "room": N_("Room for the form"),
    "hands": N_("Room for raised hands"),
    "hands_shown": N_("Raised hands seen"),
    "light": N_("Enough light"),
    "still": N_("Upright measured"),
}

_WAYS: Mapping[Way, str] = {
    Way.WHOLE: N_("Whole body, standing"),
    Way.SEATED: N_("Seated, on a chair"),
    Way.UPPER_BODY: N_("Upper body only"),
}

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Tempo and evenness"), ("tempo_ratio", "evenness")),
    (N_("Upright trunk"), ("lateral_lean", "shoulder_tilt", "pelvis_tilt")),
    (N_("Left and right"), ("left_right_delay", "arm_height_difference")),
    (N_("Elbows"), ("joint_angle.left_elbow", "joint_angle.right_elbow")),
    (N_("Knees"), ("joint_angle.left_knee", "joint_angle.right_knee")),
    (N_("Hip joints"), ("joint_angle.left_hip", "joint_angle.right_hip")),
    (N_("Shoulder joints"), ("joint_angle.left_shoulder", "joint_angle.right_shoulder")),
)
"""Measures that are told as one where the same holds for all of them."""


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

    Those that no cue is about are left out.

    Parameters
    ----------
    prospects : mapping of str to str or None
        See `posecoach.coach.setting_up.SetUp`.
    language : str
    """
    judged: list[str] = []
    lost: list[tuple[str, str]] = []
    plain = {m: why for m, why in prospects.items() if m not in TOLD}
    for title, why in _gather(plain, language):
        if why is None:
            judged.append(title)
        else:
            lost.append((title, _tell_reason(why, language)))
    return judged, lost


def _gather(prospects: Mapping[str, str | None], language: str) -> Iterator[tuple[str, str | None]]:
    """Yield titles and reasons, in the order of the measures, groups as one where they agree."""
    done: set[str] = set()
    for measure, why in prospects.items():
        if measure in done:
            continue
        group = next((g for g in _GROUPS if measure in g[1]), None)
        here = [m for m in group[1] if m in prospects] if group else []
        if group is not None and len(here) > 1 and len({prospects[m] for m in here}) == 1:
            done.update(here)
            yield translate(group[0], language), why
        else:
            yield measure_title(measure, language), why


def _tell_reason(reason: str, language: str) -> str:
    if reason == "no_legs":
        return translate(N_("the legs are not looked at"), language)
    return reason_text(reason, language)
