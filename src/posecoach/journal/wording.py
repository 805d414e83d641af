"""How kept sessions are told to people: the day, how long, what was said."""

from __future__ import annotations

from datetime import date, datetime

from posecoach.coach.words import cue_text
from posecoach.errors import make_one_line
from posecoach.journal.records import SessionInfo
from posecoach.text import N_, translate


def tell_minutes(seconds: float, language: str) -> str:
    """Return how long was practised."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return translate(N_("less than a minute"), language)
    word = N_("minute") if minutes == 1 else N_("minutes")
    return f"{minutes} {translate(word, language)}"


def tell_repetitions(n: int, language: str) -> str:
    """Return how many repetitions there were."""
    word = N_("repetition") if n == 1 else N_("repetitions")
    return f"{n} {translate(word, language)}"


def tell_day(day: date, language: str, today: date | None = None) -> str:
    """Return a day as people say it: today, yesterday, or its date."""
    away = ((today or datetime.now().astimezone().date()) - day).days
    if away in (0, 1):
        return translate((N_("today"), N_("yesterday"))[away], language)
    return day.strftime("%d.%m.%Y" if language == "de" else "%Y-%m-%d")


def tell_cues(s: SessionInfo, language: str) -> str:
    """Return what was said in a session, the most frequent first; empty if nothing is known."""
    texts: dict[tuple[str, str], list[str]] = {}
    for kept in s.cues:
        cue = kept.cue
        # The teacher's own words are known only in the language in which they were said.
        same = kept.language == language
        text = cue.text if same else cue_text(cue.measure, cue.direction, language)
        texts.setdefault((cue.measure, cue.direction), []).append(text)
    ordered = sorted(texts.values(), key=len, reverse=True)
    told = "; ".join(
        make_one_line(t[0]) if len(t) == 1 else f"{len(t)} × {make_one_line(t[0])}" for t in ordered
    )
    if not told and s.repetitions:
        told = translate(N_("no cue was needed"), language)
    return told
