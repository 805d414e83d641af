"""``posecoach references``: what forms there are, what is in them, what is wrong with them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from posecoach.coach.words import breath_text, measure_title
from posecoach.errors import SequenceError
from posecoach.reference.advice import tell_advice
from posecoach.reference.check import check_sequence
from posecoach.reference.library import find_forms, get_own_folder, open_form
from posecoach.reference.names import TOML_NAME
from posecoach.text import N_, format_number, translate


def list_forms(language: str) -> Iterator[str]:
    """Yield a line for each form; a broken one says so and hides none of the others."""
    forms = find_forms()
    if not forms:
        yield translate(N_("No forms yet; record one: posecoach record NAME"), language)
    width = max((len(name) for name in forms), default=0)
    for name, folder in forms.items():
        try:
            form = open_form(folder)
        except SequenceError as error:
            broken = translate(N_("broken"), language)
            yield f"{name:<{width}}  {broken}: {error}"
            continue
        seconds = format_number(form.duration_s, 1, language)
        mine = (
            "  " + translate(N_("(your own)"), language)
            if folder.parent == get_own_folder()
            else ""
        )
        yield f"{name:<{width}}  {seconds:>5} s  {form.title(language)}{mine}"


def show_form(name: str, language: str) -> Iterator[str]:
    """Yield what is in a form, for people."""
    form = open_form(name)
    yield f"{form.title(language)}  ({form.id})"
    others = [f"{k}: {v}" for k, v in form.titles.items() if k != language]
    if others:
        yield "  " + "   ".join(others)
    for label, text in (
        (N_("Teacher"), form.teacher),
        (N_("Origin"), form.origin),
        (N_("Licence"), form.licence),
        (N_("Consent"), form.consent),
    ):
        if text:
            yield f"  {translate(label, language)}: {text}"
    if form.set:
        label, seated = translate(N_("Set"), language), translate(N_("seated"), language)
        place = [] if form.number is None else [str(form.number)]
        place += [seated] if form.posture == "seated" else []
        yield f"  {label}: {', '.join([form.set, *place])}"
    lengths = "; ".join(format_number(t.motion.duration_s, 1, language) for t in form.takes)
    takes, phases = translate(N_("Takes"), language), translate(N_("Phases"), language)
    yield f"  {takes}: {len(form.takes)} ({lengths} s)"
    yield f"  {phases}:"
    for p in form.phases:
        title = p.title(language)
        start, end = (format_number(x, 1, language) for x in (p.start_s, p.end_s))
        yield f"    {start:>5} - {end:>5} s  {title}, {breath_text(p.breath, language)}"
    if form.tolerances:
        yield "  " + translate(N_("Tolerances"), language) + ":"
        for measure, value in form.tolerances.items():
            yield f"    {measure_title(measure, language)}: {format_number(value, 2, language)}"
    notes = form.notes.get(language) or form.notes.get("en")
    if notes:
        yield "  " + translate(N_("Notes"), language) + ":"
        yield from textwrap.wrap(notes, 92, initial_indent="    ", subsequent_indent="    ")


_LEVELS = {"error": N_("error"), "warning": N_("warning")}


def check_forms(names: Sequence[str], language: str) -> Iterator[tuple[str, bool]]:
    """Yield each finding of each form as a line, and whether the form may be used."""
    known = find_forms()
    for name in names or list(known):
        given = Path(name)
        folder = given if (given / TOML_NAME).is_file() or given.is_dir() else known.get(name)
        findings = check_sequence(folder if folder is not None else given)
        errors = [f for f in findings if f.level == "error"]
        for finding in findings:
            told = finding.text if language == "en" else tell_advice(finding, language)
            level = translate(_LEVELS[finding.level], language)
            yield f"{name}: {level}: {finding.where}: {told}", finding.level != "error"
        if not errors:
            sound = translate(N_("sound"), language)
            if findings:
                doubts = translate(N_("{count} to look at"), language)
                sound += f", {doubts.format(count=len(findings))}"
            yield f"{name}: {sound}", True
