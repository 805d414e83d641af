"""Where phases meet: moving, splitting and joining them, always in order and inside the take."""

from __future__ import annotations

from collections.abc import Sequence as Seq
from dataclasses import dataclass, replace

from posecoach.reference.sequence import Phase

MIN_PHASE_S = 0.5
_TOUCH_S = 0.1  # phases are marked by hand: so near they meet
_DIGITS = 3

Phases = tuple[Phase, ...]


@dataclass(frozen=True)
class Border:
    """A moment at which a phase ends, or begins, or both.

    Attributes
    ----------
    time_s : float
    left, right : int or None
        The phase that ends there and the one that begins there.
    """

    time_s: float
    left: int | None
    right: int | None


def find_borders(phases: Seq[Phase]) -> tuple[Border, ...]:
    """Return the borders in order; where phases meet there is one for both."""
    out: list[Border] = []
    for k, p in enumerate(phases):
        if k and p.start_s - phases[k - 1].end_s <= _TOUCH_S:
            out[-1] = Border(p.start_s, k - 1, k)
        else:
            out.append(Border(p.start_s, None, k))
        out.append(Border(p.end_s, k, None))
    return tuple(out)


def move(phases: Phases, number: int, to_s: float, duration_s: float) -> Phases:
    """Return the phases with a border moved as far as its neighbours leave room."""
    found = find_borders(phases)
    border = found[number]
    low, high = 0.0, duration_s
    if border.left is not None:
        low = phases[border.left].start_s + MIN_PHASE_S
    elif number:
        low = found[number - 1].time_s + _TOUCH_S
    if border.right is not None:
        high = phases[border.right].end_s - MIN_PHASE_S
    elif number + 1 < len(found):
        high = found[number + 1].time_s - _TOUCH_S
    if low > high:
        return phases
    at = round(min(max(to_s, low), high), _DIGITS)
    out = list(phases)
    if border.left is not None:
        out[border.left] = replace(out[border.left], end_s=at)
    if border.right is not None:
        out[border.right] = replace(out[border.right], start_s=at)
    return tuple(out)


def split(phases: Phases, at_s: float, duration_s: float) -> Phases:
    """Return the phases with the one at a time split, or a new one in the gap there."""
    at = round(at_s, _DIGITS)
    for k, p in enumerate(phases):
        if p.start_s <= at < p.end_s:
            if at - p.start_s < MIN_PHASE_S or p.end_s - at < MIN_PHASE_S:
                return phases
            late = replace(p, id=find_new_id(phases, p.id), start_s=at, titles={})
            return (*phases[:k], replace(p, end_s=at), late, *phases[k + 1 :])
    after = next((k for k, p in enumerate(phases) if p.start_s > at), len(phases))
    low = phases[after - 1].end_s if after else 0.0
    high = phases[after].start_s if after < len(phases) else round(duration_s, _DIGITS)
    if high - low < MIN_PHASE_S:
        return phases
    new = Phase(find_new_id(phases, f"phase-{len(phases) + 1}"), low, high)
    return (*phases[:after], new, *phases[after:])


def join(phases: Phases, number: int) -> Phases:
    """Return the phases with one and the next as one; the last cannot be joined."""
    if not 0 <= number < len(phases) - 1:
        return phases
    one = replace(phases[number], end_s=phases[number + 1].end_s)
    return (*phases[:number], one, *phases[number + 2 :])


def stretch(phases: Phases, factor: float, duration_s: float) -> Phases:
    """Return the phases with their times multiplied, for a take of another tempo."""
    moved = [replace(p, start_s=p.start_s * factor, end_s=p.end_s * factor) for p in phases]
    return _fit(moved, duration_s)


def shift(phases: Phases, by_s: float, before_s: float, after_s: float) -> Phases:
    """Return the phases moved in time, for a take that begins and ends elsewhere.

    Parameters
    ----------
    by_s : float
        Added to every time.
    before_s, after_s : float
        Length of the take before and now. What reached the take's ends reaches its new ones.
    """
    moved = [replace(p, start_s=p.start_s + by_s, end_s=p.end_s + by_s) for p in phases]
    if phases and phases[0].start_s <= _TOUCH_S:
        moved[0] = replace(moved[0], start_s=min(0.0, moved[0].start_s))
    if phases and before_s - phases[-1].end_s <= _TOUCH_S:
        moved[-1] = replace(moved[-1], end_s=max(after_s, moved[-1].end_s))
    return _fit(moved, after_s)


def _fit(phases: Seq[Phase], duration_s: float) -> Phases:
    """Return the phases cut to a take; those hardly left give their room to a neighbour."""
    end = round(duration_s, _DIGITS)
    cut = [
        replace(
            p,
            start_s=round(min(max(p.start_s, 0.0), end), _DIGITS),
            end_s=round(min(max(p.end_s, 0.0), end), _DIGITS),
        )
        for p in phases
    ]
    kept = [p for p in cut if p.end_s - p.start_s >= MIN_PHASE_S]
    if not kept and cut:
        widest = max(cut, key=lambda p: p.end_s - p.start_s)
        return (replace(widest, start_s=0.0, end_s=end),)
    for gone in (p for p in cut if p.end_s - p.start_s < MIN_PHASE_S):
        for k, p in enumerate(kept):
            if 0 <= gone.start_s - p.end_s <= _TOUCH_S:
                kept[k] = replace(p, end_s=max(p.end_s, gone.end_s))
                break
            if 0 <= p.start_s - gone.end_s <= _TOUCH_S:
                kept[k] = replace(p, start_s=min(p.start_s, gone.start_s))
                break
    return tuple(kept)


def dress(bare: Phases, worded: Phases) -> Phases:
    """Return phases with the ids and words of others, one after the other as far as they go."""
    out: list[Phase] = []
    for k, p in enumerate(bare):
        if k < len(worded):
            out.append(replace(worded[k], start_s=p.start_s, end_s=p.end_s))
        else:
            out.append(replace(p, id=find_new_id((*worded, *out), p.id)))
    return tuple(out)


def find_new_id(phases: Seq[Phase], like: str) -> str:
    """Return an id that no phase has, like the one given."""
    taken = {p.id for p in phases}
    base, _, number = like.rpartition("-")
    if not (base and number.isdecimal()):
        base = like
    if like not in taken:
        return like
    k = 2
    while f"{base[:50]}-{k}" in taken:
        k += 1
    return f"{base[:50]}-{k}"
