"""Every word the coach says, and how measures and reasons are called.

Cues say what to do, in three to five words, with an image where there is one; a deviation's side
is turned into the side to act on. On a picture of 4 by 3 each takes two lines at most in the
size that can be read from three metres (see `posecoach.overlay.panels`).
"""

from __future__ import annotations

from collections.abc import Mapping

from posecoach.text import LANGUAGES, N_, translate

_CUES: Mapping[str, tuple[str, ...]] = {
    "lateral_lean.left": (
        N_("Crown up, drift right"),
        N_("Grow tall, more right"),
        N_("To the plumb line, right"),
    ),
    "lateral_lean.right": (
        N_("Crown up, drift left"),
        N_("Grow tall, more left"),
        N_("To the plumb line, left"),
    ),
    "forward_lean.forward": (
        N_("Grow tall, a little back"),
        N_("Crown hangs from a thread"),
        N_("Lean on the air behind"),
    ),
    "forward_lean.back": (
        N_("Settle a little forward"),
        N_("Float a little forward"),
        N_("Weight over both feet"),
    ),
    "shoulder_tilt.left": (
        N_("Left shoulder lightly up"),
        N_("Shoulders level, left up"),
        N_("Level the scales, left up"),
    ),
    "shoulder_tilt.right": (
        N_("Right shoulder lightly up"),
        N_("Shoulders level, right up"),
        N_("Level the scales, right up"),
    ),
    "pelvis_tilt.left": (
        N_("Hips level, left up"),
        N_("Level the bowl, left up"),
        N_("Calm water, left side up"),
    ),
    "pelvis_tilt.right": (
        N_("Hips level, right up"),
        N_("Level the bowl, right up"),
        N_("Calm water, right side up"),
    ),
    "arm_height_difference.left": (
        N_("Right hand higher"),
        N_("Hands level, right up"),
        N_("Level tray, right side up"),
    ),
    "arm_height_difference.right": (
        N_("Left hand higher"),
        N_("Hands level, left up"),
        N_("Level tray, left side up"),
    ),
    "left_right_delay.left": (
        N_("Left hand sooner"),
        N_("Hands together, left sooner"),
        N_("One wave, left sooner"),
    ),
    "left_right_delay.right": (
        N_("Right hand sooner"),
        N_("Hands together, right sooner"),
        N_("One wave, right sooner"),
    ),
    "tempo_ratio.fast": (
        N_("Slower, like flowing water"),
        N_("Take more time"),
        N_("Drift slowly like clouds"),
    ),
    "tempo_ratio.slow": (
        N_("Keep gently flowing"),
        N_("Flow on without stopping"),
        N_("Let the river run on"),
    ),
    "evenness.uneven": (
        N_("Evenly, like drawing silk"),
        N_("One even flow"),
        N_("Smooth as still water"),
    ),
    "evenness.even": (
        N_("Let it flow freely"),
        N_("Let the breath lead"),
        N_("Play with the flow"),
    ),
    "joint_angle.left_shoulder.more": (
        N_("Lower the left arm"),
        N_("Let left hand sink"),
        N_("Left hand rests lower"),
    ),
    "joint_angle.right_shoulder.more": (
        N_("Lower the right arm"),
        N_("Let right hand sink"),
        N_("Right hand rests lower"),
    ),
    "joint_angle.left_shoulder.less": (
        N_("Open the left arm"),
        N_("Left hand floats up"),
        N_("Room under left arm"),
    ),
    "joint_angle.right_shoulder.less": (
        N_("Open the right arm"),
        N_("Right hand floats up"),
        N_("Room under right arm"),
    ),
    "joint_angle.left_elbow.more": (
        N_("Round the left elbow"),
        N_("Hold a ball, left"),
        N_("Left arm like a bow"),
    ),
    "joint_angle.right_elbow.more": (
        N_("Round the right elbow"),
        N_("Hold a ball, right"),
        N_("Right arm like a bow"),
    ),
    "joint_angle.left_elbow.less": (
        N_("Lengthen the left arm"),
        N_("Left hand reaches far"),
        N_("Left fingers reach out"),
    ),
    "joint_angle.right_elbow.less": (
        N_("Lengthen the right arm"),
        N_("Right hand reaches far"),
        N_("Right fingers reach out"),
    ),
    "joint_angle.left_hip.more": (
        N_("Sink into left hip"),
        N_("Sit back, left side"),
        N_("Perch on a stool, left"),
    ),
    "joint_angle.right_hip.more": (
        N_("Sink into right hip"),
        N_("Sit back, right side"),
        N_("Perch on a stool, right"),
    ),
    "joint_angle.left_hip.less": (
        N_("Rise from left hip"),
        N_("Left side grows tall"),
        N_("Float up, left side"),
    ),
    "joint_angle.right_hip.less": (
        N_("Rise from right hip"),
        N_("Right side grows tall"),
        N_("Float up, right side"),
    ),
    "joint_angle.left_knee.more": (
        N_("Soften the left knee"),
        N_("Left leg springs softly"),
        N_("Sink softly, left leg"),
    ),
    "joint_angle.right_knee.more": (
        N_("Soften the right knee"),
        N_("Right leg springs softly"),
        N_("Sink softly, right leg"),
    ),
    "joint_angle.left_knee.less": (
        N_("Rise on left leg"),
        N_("Left leg grows long"),
        N_("Push the earth, left"),
    ),
    "joint_angle.right_knee.less": (
        N_("Rise on right leg"),
        N_("Right leg grows long"),
        N_("Push the earth, right"),
    ),
    "carriage.trunk.away": (
        N_("Trunk calm, like a tree"),
        N_("Quiet trunk, quiet water"),
        N_("Crown and tailbone aligned"),
    ),
    "carriage.head.away": (
        N_("Head calm, gaze ahead"),
        N_("Balance a book, lightly"),
        N_("Let the head float"),
    ),
    "carriage.arms.away": (
        N_("Arms on the teacher's path"),
        N_("Draw the teacher's arc"),
        N_("Trace it with both hands"),
    ),
    "carriage.legs.away": (
        N_("Legs on the teacher's path"),
        N_("Feet like roots"),
        N_("Knees follow the feet"),
    ),
}

_PRAISE = (N_("Yes, like this"), N_("Good, just so"), N_("Well found"))

_STATUS: Mapping[str, str] = {
    "nobody": N_("Please step into the picture"),
    "too_small": N_("Please come closer"),
    "cut_off": N_("Please step back"),
    "hidden": N_("Please clear the view"),
    "other_person": N_("Somebody else is in view"),
    "walking": N_("Find your place and stand"),
    "incomplete": N_("Please show the whole body"),
    "calibrating": N_("Stand quietly for a moment"),
    "ready": N_("Begin when you like"),
    "ready_silent": N_("Begin, this time without hints"),
    "moving": N_("Together with the teacher"),
    "paused": N_("A quiet pause"),
    "waiting": N_("Finding your place"),
    "done": N_("Well practised"),
}

_REASONS: Mapping[str, str] = {
    "nobody": N_("nobody was seen"),
    "incomplete": N_("too little of the body was seen"),
    "too_small": N_("the person was too small in the picture"),
    "cut_off": N_("the body was partly outside the picture"),
    "hidden": N_("the parts of the body it needs were hidden"),
    "legs_cut_off": N_("the legs were outside the picture"),
    "legs_hidden": N_("the legs were hidden"),
    "turned": N_("you were turned another way"),
    "sides_unsure": N_("left and right could not be told apart"),
    "other_person": N_("somebody else was in view"),
    "walking": N_("you were walking"),
    "reference_side": N_("the teacher was filmed from the side"),
    "reference_front": N_("the teacher was filmed from the front"),
    "reference_hidden": N_("the teacher's arms were out of sight"),
    "front_view": N_("cannot be judged from the front"),
    "side_view": N_("cannot be judged from the side"),
    "back_view": N_("cannot be judged from behind"),
    "oblique_view": N_("the camera stands too far to one side"),
    "one_sided": N_("the sides differ in this form"),
    "place_unknown": N_("it was not clear where in the form you were"),
    "leaning": N_("the trunk leaned too far to tell"),
    "too_short": N_("too little was seen of it"),
    "still_trunk": N_("the trunk hardly moves in this form"),
    "still_arms": N_("the arms hardly move in this form"),
    "to_camera": N_("the arm pointed towards the camera"),
    "other_tracker": N_("teacher and you were recorded in different ways"),
    "unsure": N_("the camera could not tell it surely enough"),
    "not_measured": N_("not measured yet"),
}

_MEASURES: Mapping[str, str] = {
    "tempo_ratio": N_("Tempo"),
    "evenness": N_("Evenness"),
    "lateral_lean": N_("Lean to the side"),
    "forward_lean": N_("Lean forward"),
    "shoulder_tilt": N_("Shoulder tilt"),
    "pelvis_tilt": N_("Pelvis tilt"),
    "arm_height_difference": N_("Arm height"),
    "left_right_delay": N_("Left-right delay"),
    "symmetry_index": N_("Symmetry of the arms"),
    "sway": N_("Sway of the trunk"),
    "trunk_limb_delay": N_("Trunk after arms"),
    "joint_angle.left_shoulder": N_("Left shoulder angle"),
    "joint_angle.right_shoulder": N_("Right shoulder angle"),
    "joint_angle.left_elbow": N_("Left elbow angle"),
    "joint_angle.right_elbow": N_("Right elbow angle"),
    "joint_angle.left_hip": N_("Left hip angle"),
    "joint_angle.right_hip": N_("Right hip angle"),
    "joint_angle.left_knee": N_("Left knee angle"),
    "joint_angle.right_knee": N_("Right knee angle"),
    "carriage.trunk": N_("Carriage of the trunk"),
    "carriage.head": N_("Carriage of the head"),
    "carriage.arms": N_("Carriage of the arms"),
    "carriage.legs": N_("Carriage of the legs"),
}

_DIRECTIONS: Mapping[str, str] = {
    "left": N_("left"),
    "right": N_("right"),
    "fast": N_("too fast"),
    "slow": N_("too slow"),
    "even": N_("very even"),
    "uneven": N_("uneven"),
    "forward": N_("forward"),
    "back": N_("backward"),
    "more": N_("too straight"),
    "less": N_("too bent"),
    "away": N_("off the teacher's path"),
}

_SIDES: Mapping[str, tuple[str, str]] = {
    "lateral_lean": (N_("to the left"), N_("to the right")),
    "shoulder_tilt": (N_("left lower"), N_("right lower")),
    "pelvis_tilt": (N_("left lower"), N_("right lower")),
    "arm_height_difference": (N_("left higher"), N_("right higher")),
    "left_right_delay": (N_("left later"), N_("right later")),
}

_BREATH: Mapping[str, str] = {
    "in": N_("breathe in"),
    "out": N_("breathe out"),
    "free": N_("breathe freely"),
}

CUE_KEYS = tuple(_CUES)


def cue_text(
    measure: str,
    direction: str,
    language: str,
    *,
    own: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    variant: int = 0,
) -> str:
    """Return what to say.

    Parameters
    ----------
    measure, direction : str
        As in `posecoach.coach.state.Cue`.
    language : str
    own : mapping, optional
        The teacher's words by ``measure.direction`` and language; they come first, and where
        there is only one wording, others follow it: the same is not said again in the same words.
    variant : int
        Counts up each time the same is said; the wordings take turns.
    """
    key = f"{measure}.{direction}"
    theirs = (own or {}).get(key, {}).get(language, ())
    texts = tuple(theirs)
    if len(texts) < 2:
        texts += tuple(translate(t, language) for t in _CUES.get(key, ()))
    if not texts:
        return f"{measure_title(measure, language)}: {direction_text(measure, direction, language)}"
    return texts[variant % len(texts)]


def reword(
    text: str,
    measure: str,
    direction: str,
    language: str,
    *,
    own: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
) -> str:
    """Return a cue that was said in whatever language as it reads in this one.

    Parameters are those of `cue_text`. A text that is nobody's here stays as it is.
    """

    def find_all(tongue: str) -> list[str]:
        found: list[str] = []
        while True:
            said = cue_text(measure, direction, tongue, own=own, variant=len(found))
            if said in found:
                return found
            found.append(said)

    here = find_all(language)
    for tongue in LANGUAGES:
        there = find_all(tongue)
        if tongue != language and text in there and text not in here:
            return here[there.index(text) % len(here)]
    return text


def praise_text(language: str, variant: int = 0) -> str:
    """Return a word for coming back into the band."""
    return translate(_PRAISE[variant % len(_PRAISE)], language)


def status_text(key: str, language: str) -> str:
    """Return the invitation that belongs to a status or to a reason nothing can be judged."""
    return translate(_STATUS.get(key, _STATUS["waiting"]), language)


def reason_text(reason: str | None, language: str) -> str:
    """Return why a measure was not judged."""
    return translate(_REASONS.get(reason or "not_measured", _REASONS["not_measured"]), language)


def measure_title(measure: str, language: str) -> str:
    """Return a measure's name for people."""
    return translate(_MEASURES.get(measure, measure), language)


def direction_text(measure: str, direction: str, language: str) -> str:
    """Return a deviation's direction for people: which side does what, or which way."""
    if measure in _SIDES and direction in ("left", "right"):
        return translate(_SIDES[measure][direction == "right"], language)
    return translate(_DIRECTIONS.get(direction, direction), language)


def breath_text(breath: str, language: str) -> str:
    """Return the guidance for a phase's breath."""
    return translate(_BREATH.get(breath, _BREATH["free"]), language)
