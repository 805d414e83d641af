"""What a take's findings say to a teacher: what is so, and what to do, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from posecoach.errors import make_one_line
from posecoach.reference.quality import MOST_TEXT, Finding, fill
from posecoach.text import N_, format_number, translate

_WORDS: Mapping[str, str] = {
    "one-take": N_(
        "Only one repetition. Record two more: then students may vary where you vary yourself."
    ),
    "unlike": N_(
        "The repetitions last {low} to {high} seconds. Leave out the one unlike the others."
    ),
    "no-stance": N_(
        "No quiet standing before or after it. Stand still for two seconds first, then record it "
        "again."
    ),
    "slow": N_("Only {fps} pictures a second. More light helps, or another camera."),
    "seldom": N_(
        "The body was found in only {percent} percent of the pictures. Step back, or add light, "
        "and record it again."
    ),
    "gap": N_("Out of sight for {seconds} seconds, from second {at} on. Record this one again."),
    "bridged": N_(
        "Out of sight for a moment at second {at}; the way was drawn straight there. Look whether "
        "it is right."
    ),
    "much-bridged": N_(
        "Out of sight for {seconds} seconds in all, in short moments. Step back, add light, and "
        "record this one again."
    ),
    "small": N_("You are small in the picture. Come nearer, or choose a larger picture."),
    "cut": N_(
        "{parts} outside the picture for {percent} percent of the time. Step back, so that raised "
        "hands have room."
    ),
    "unsure": N_(
        "{parts} hard to see. Light from the front helps, and clothes that differ from the wall."
    ),
    "side": N_("You stand sideways. Face the camera, or choose the side view for this form."),
    "tremble": N_("The points tremble. Put the camera on something firm, and add light."),
}
_PARTS: Mapping[str, str] = {"head": N_("Head"), "hands": N_("Hands"), "feet": N_("Feet")}
_AND = N_("and")


def tell_advice(finding: Finding, language: str) -> str:
    """Return a finding in plain words of a language; its own line where it has no others.

    Parameters
    ----------
    finding : Finding
    language : str
    """
    template = _WORDS.get(finding.code)
    if template is None:
        told = fill(translate(finding.template, language), finding.values, language)
        return make_one_line(told, MOST_TEXT)
    values = {
        key: _tell_parts(value, language) if isinstance(value, str) else _tell(key, value, language)
        for key, value in finding.values.items()
    }
    return translate(template, language).format(**values)


def _tell(key: str, value: float, language: str) -> str:
    return format_number(value, 0 if key in ("percent", "fps") else 1, language)


def _tell_parts(parts: str, language: str) -> str:
    """Return such as "Head and hands" in a language."""
    names = [translate(_PARTS.get(p, p), language) for p in parts.split(" and ")]
    if language == "en":
        names[1:] = [n.lower() for n in names[1:]]
    return f" {translate(_AND, language)} ".join(names)
