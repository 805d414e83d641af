"""Here, away, gone: a practice waits for who has left, and ends if nobody comes back."""

from __future__ import annotations

from dataclasses import dataclass

AWAY_S = 1.0  # out of the picture for longer is more than a blink of the tracker
WARNED_S = 20.0  # after so long the end is announced
GONE_S = 30.0  # and after so long the practice ends
COUNT_S = 3.0  # counted down before a practice


@dataclass(frozen=True)
class Whereabouts:
    """Where the practitioner is.

    Attributes
    ----------
    away : bool
        Whether the practice waits.
    left : float or None
        While the end is announced, how much of that time is left, 1 to 0.
    gone : bool
        Whether the practice is over.
    """

    away: bool = False
    left: float | None = None
    gone: bool = False


class Presence:
    """Watches over who comes and goes.

    Nobody who has not been seen yet can leave, and who rests on purpose may stay away.
    """

    def __init__(self) -> None:
        self._since: float | None = None  # last time somebody was seen

    def step(self, time_s: float, seen: bool, *, resting: bool = False) -> Whereabouts:
        """Take in one moment.

        Parameters
        ----------
        time_s : float
        seen : bool
            Whether enough of a body is in the picture.
        resting : bool
            Whether the practice was paused by a key.
        """
        if seen or (resting and self._since is not None):
            self._since = time_s
            return Whereabouts()
        if self._since is None:
            return Whereabouts()
        away = time_s - self._since
        if away < AWAY_S:
            return Whereabouts()
        left = None
        if away >= WARNED_S:
            left = max(0.0, (GONE_S - away) / (GONE_S - WARNED_S))
        return Whereabouts(True, left, away >= GONE_S)


def count_down(since_s: float, time_s: float) -> tuple[int, float] | None:
    """Return the number to show, 3 to 1, and the share of its second left; None once it is over."""
    left = COUNT_S - (time_s - since_s)
    if not 0.0 < left <= COUNT_S:
        return None
    number = int(-(-left // 1))
    return number, left - (number - 1)
