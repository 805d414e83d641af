"""What the window itself has to tell while one practises."""

from __future__ import annotations

from posecoach.app.practice.resting import RestingCoach
from posecoach.coach.presence import Whereabouts, count_down
from posecoach.overlay.notices import Notice
from posecoach.text import N_, translate


def rest_text(language: str) -> str:
    """Return what stands there while the coach rests."""
    return translate(N_("Pause, the coach rests"), language)


def away_text(language: str) -> str:
    """Return what stands there while the camera itself is away."""
    return translate(N_("One moment, the camera is away"), language)


def find_notice(
    coach: RestingCoach,
    where: Whereabouts,
    time_s: float,
    language: str,
    *,
    camera_away: bool = False,
) -> Notice | None:
    """Return what is told in place of the coach's own words, if anything is.

    Parameters
    ----------
    coach : RestingCoach
    where : Whereabouts
    time_s : float
        On the clock of the frames.
    language : str
    camera_away : bool
        Whether the camera gives no picture and is looked for.
    """
    if camera_away:
        return Notice(away_text(language))
    if coach.resting:
        return Notice(rest_text(language))
    if coach.begun_s is not None:
        count = count_down(coach.begun_s, time_s)
        if count is not None:
            return Notice("", *count)
    if where.left is not None:
        return Notice(translate(N_("Come back, or we end"), language), None, where.left)
    if where.away:
        return Notice(translate(N_("Pause until you are back"), language))
    return None
