"""Laying a stretch of frames on the reference: is it the form, and where in it was one when."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posecoach._pieces import Pieces, finish
from posecoach.body import MIRROR, WRISTS
from posecoach.follow.adjust import Fit, adjust
from posecoach.follow.delay import undo_delay
from posecoach.follow.ends import find_ends
from posecoach.follow.leaps import are_leaps, keep_once
from posecoach.follow.retrace import (
    GAP_S,
    compare_ranges,
    fit_amplitude,
    retrace,
    retrace_leaping,
)
from posecoach.follow.sight import read_depth
from posecoach.follow.track import Track
from posecoach.measure.carriage import (
    compare_carriage,
    is_same_form,
    is_whole_form,
    sample_directions,
)
from posecoach.measure.repetition import Performance
from posecoach.posture.calibration import Calibration, turn_front
from posecoach.posture.facing import compute_facing_x, compute_order
from posecoach.posture.resample import median_found
from posecoach.posture.signals import compute_signals

Array = NDArray[np.float64]

SHORTEST_S = 1.0
_LONGEST = 3.0, 1.6  # times the reference; where one stood still, following had its chance
_PASSED = 5.0  # times the reference's tempo: faster than the fastest haste
_FEWEST = 8  # frames that can show a repetition at all
_NEAR = 0.15  # of the reference by which the fine path may differ from one known to be near
_DELAY_SHARE = 0.4  # of the reference that must be there in one piece to tell the delay
_START_S = 0.2  # of a recording cut to the form that show the start posture


@dataclass(frozen=True, eq=False)
class Seen:
    """One frame that may belong to a repetition.

    Attributes
    ----------
    time_s : float
    plane : (33, 2) array
    world : (33, 3) array
    doubt : str or None
        Why trunk or sides cannot be believed, as a key of a reason; None if they can.
    arms : bool
        Whether both wrists can be believed.
    view : {"front", "oblique", "side", "back"}
    place_s : float
        Where it was thought to be, seconds of the reference.
    known : bool
        Whether that was known.
    legs : str or None
        Why the legs cannot be believed; None if they can.
    visibility : (33,) array or None
        Of each point, 0 to 1; None if all are seen.
    """

    time_s: float
    plane: Array
    world: Array
    doubt: str | None
    arms: bool
    view: str
    place_s: float
    known: bool
    legs: str | None = None
    visibility: Array | None = None


def is_long_enough(time_s: Array) -> bool:
    """Return whether frames at these times can be a repetition; any frame rate will do."""
    return len(time_s) >= _FEWEST and float(time_s[-1] - time_s[0]) >= SHORTEST_S


def lay(
    frames: Many[Seen],
    online_s: Array,
    rest: Array,
    calibration: Calibration,
    track: Track,
    height_px: float,
    *,
    deep: bool = False,
    whole: bool = False,
) -> Pieces[Performance | None]:
    """Lay frames on the reference, piece by piece; in the end a repetition, or None if it is none.

    Parameters
    ----------
    frames : sequence of Seen
    online_s : (n,) array
        Where each was thought to be, seconds of the reference.
    rest : (features,) array
        The practitioner's start posture.
    calibration : Calibration
    track : Track
    height_px : float
        Height of the picture.
    deep : bool
        Whether the depth was measured, not guessed from one picture.
    whole : bool
        Whether the frames are known to be one whole repetition and `online_s` to be near.
    """
    frames = doubt_other_views(frames, calibration)
    calibration = replace(calibration, facing_x=_find_facing_x(frames))
    time_s, plane, world, good = stack(frames)
    if not is_long_enough(time_s):
        return None
    signals = compute_signals(plane, world, calibration)
    amplitude = compare_ranges(signals.features, track)
    path, leaps = retrace_leaping(
        time_s, signals.features, rest, track, online_s, amplitude, leaping=not whole
    )
    yield
    if leaps:
        through = retrace(time_s, signals.features, rest, track, online_s, amplitude)
        fit = yield from adjust(time_s, signals.features, rest, track, through, amplitude)
        if fit and not are_leaps(leaps, time_s, fit.path_s):
            path, leaps = fit.path_s, ()
    if leaps:
        keep = keep_once(time_s, path, leaps)
        if not is_long_enough(time_s[keep]):
            return None
        time_s, plane, world, path = time_s[keep], plane[keep], world[keep], path[keep]
        good = good[keep]
        frames = [f for f, kept in zip(frames, keep, strict=True) if kept]
        signals = compute_signals(plane, world, calibration)
    amplitude = fit_amplitude(signals.features, rest, track, path)
    features = np.where(good[:, None], signals.features, np.nan)
    fit = yield from _adjust(time_s, features, rest, track, path, amplitude, leapt=bool(leaps))
    delay = fit.delay if fit else None
    if fit and not leaps:
        path = fit.path_s
    together = undo_delay(time_s, features, delay.delay_s if delay else 0.0)
    ends = find_ends(time_s, together, rest, track, path, amplitude)
    yield
    if whole:
        slack = _NEAR * track.duration_s
        path = np.clip(path, online_s - slack, online_s + slack)
    inside = (path > 0.01 * path.max()) & (path < path.max() - 0.01 * track.duration_s)
    if not inside.any():
        return None
    span = slice(int(inside.argmax()), len(inside) - int(inside[::-1].argmax()))
    if not is_long_enough(time_s[span]):
        return None
    # Half a form, laid on the whole, passes the other half in no time: nobody was there.
    passed = np.gradient(path, time_s) > _PASSED
    good = good & ~passed
    frames = _doubt(frames, passed, "place_unknown")
    if track.lost is not None:
        guessed = track.lost[[track.index_at(float(s)) for s in path]]
        good = good & ~guessed
        frames = _doubt(frames, guessed, "reference_hidden")
    performance = Performance(
        time_s[span],
        path[span],
        plane[span],
        compute_signals(plane[span], world[span], calibration),
        good[span],
        amplitude,
        height_px,
        delay,
        world[span] if deep and track.deep else None,
        _find_doubt(frames[span]),
        _find_lost_legs(frames[span]),
        ends,
        leaps,
        None if whole else np.array([f.known for f in frames[span]]),
        calibration,
        read_depth(world[span]),
        _stack_visibility(frames[span]),
    )
    yield
    return performance if whole or _is_the_form(performance, track, calibration) else None


def lay_whole(
    frames: Many[Seen],
    calibration: Calibration,
    track: Track,
    height_px: float,
    *,
    deep: bool = False,
) -> Performance | None:
    """Return a whole recording as one repetition, or None if it is none.

    Recordings are often cut to exactly one repetition; without quiet standing at either end
    there is no moment to find the place from, but start and end are known.

    Parameters
    ----------
    frames : sequence of Seen
    calibration : Calibration
    track : Track
    height_px : float
    deep : bool
        Whether the depth was measured, not guessed from one picture.
    """
    time_s, plane, world, _ = stack(frames)
    longest = _LONGEST[1] if calibration.done else _LONGEST[0]
    lasted = float(time_s[-1] - time_s[0]) / track.duration_s
    if not is_long_enough(time_s) or not 1 / _LONGEST[0] < lasted < longest:
        return None
    deep = deep and track.deep
    carriage = compare_carriage(
        sample_directions(time_s, world if deep else plane),
        sample_directions(track.time_s, track.world if deep else track.plane),
    )
    if carriage is None or not is_whole_form(carriage):
        return None
    at = np.linspace(time_s[0], time_s[-1], len(carriage.path))
    online = np.interp(time_s, at, carriage.path) * track.duration_s
    start = time_s <= time_s[0] + _START_S
    features = compute_signals(plane[start], world[start], calibration).features
    known = np.isfinite(calibration.rest) & calibration.done
    rest = np.where(known, calibration.rest, median_found(features))
    work = lay(frames, online, rest, calibration, track, height_px, deep=deep, whole=True)
    return finish(work)


def stack(frames: Many[Seen]) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Return (time_s, plane, world, good) of frames.

    A tracker without wrists can still show the trunk; one that has them must see them.
    """
    plane = np.stack([f.plane for f in frames])
    wrists = bool(np.isfinite(plane[:, list(WRISTS)]).any())
    return (
        np.array([f.time_s for f in frames]),
        plane,
        np.stack([f.world for f in frames]),
        np.array([f.doubt is None and (f.arms or not wrists) for f in frames]),
    )


def _stack_visibility(frames: Many[Seen]) -> Array | None:
    """Return the points' visibility, (n, 33), or None if it is not known of every frame."""
    known = [f.visibility for f in frames if f.visibility is not None]
    return np.stack(known) if len(known) == len(frames) else None


def find_view(frames: Many[Seen]) -> str:
    """Return the view that most frames had."""
    views = [f.view for f in frames]
    return max(sorted(set(views)), key=views.count) if views else "front"


def doubt_other_views(frames: Many[Seen], calibration: Calibration) -> list[Seen]:
    """Return the frames, doubting those seen from elsewhere than most: who turned meanwhile."""
    edge_on = find_view(frames) == "side"
    contrary = calibration.facing * compute_order(np.stack([f.plane for f in frames])) < 0
    out = []
    for f, turned in zip(frames, contrary.tolist(), strict=True):
        doubt = f.doubt
        if (f.view == "side") != edge_on:
            doubt = doubt or ("turned" if edge_on else "side_view")
        elif not edge_on and turned:
            doubt = doubt or "turned"
        out.append(f if doubt is f.doubt else replace(f, doubt=doubt))
    return out


def _doubt(frames: Many[Seen], which: NDArray[np.bool_], reason: str) -> list[Seen]:
    """Return the frames, doubting some of them."""
    doubted = zip(frames, which.tolist(), strict=True)
    return [replace(f, doubt=f.doubt or reason) if doubt else f for f, doubt in doubted]


def _find_facing_x(frames: Many[Seen]) -> int:
    """Return which way whoever is seen from the side looks in the picture; 0 from elsewhere."""
    if find_view(frames) != "side":
        return 0
    ways = compute_facing_x(np.stack([f.plane for f in frames if f.view == "side"]))
    return 1 if float(np.median(ways)) >= 0 else -1


def _find_doubt(frames: Many[Seen]) -> str:
    """Return the commonest reason why frames cannot be believed."""
    doubts = [f.doubt or "hidden" for f in frames if f.doubt is not None or not f.arms]
    return max(doubts, key=doubts.count) if doubts else "hidden"


def _find_lost_legs(frames: Many[Seen]) -> str | None:
    """Return why the legs were not seen in most of the frames; None if they were."""
    lost = [f.legs for f in frames if f.legs is not None]
    return max(lost, key=lost.count) if 2 * len(lost) > len(frames) else None


def _fold(plane: Array) -> Array:
    """Return a body seen edge on with its sides laid on each other: the far one is half hidden."""
    return np.asarray(0.5 * (plane + plane[:, MIRROR]))


def _is_the_form(p: Performance, track: Track, calibration: Calibration) -> bool:
    """Return whether what was followed can be the form at all, in time and along the path.

    A path can be laid through any movement; another form's postures then stay far apart, or its
    postures only fit where time is bent. Unknown counts as yes.
    """
    along = np.maximum.accumulate(p.places_s) + 1e-9 * np.arange(len(p.places_s))
    if p.space is not None:
        own, theirs = p.space, track.world
    else:
        own = turn_front(p.plane, calibration.mirror)
        theirs = turn_front(track.plane, track.calibration.mirror)
        if calibration.facing_x and track.edge_on:
            own, theirs = _fold(own), _fold(theirs)
    for part in _split(p.time_s) if p.leaps else [slice(None)]:
        span = (track.time_s >= along[part][0]) & (track.time_s <= along[part][-1])
        if span.sum() < 30:
            continue
        reference = sample_directions(track.time_s[span], theirs[span])
        for clock in (p.time_s[part], along[part]):
            carriage = compare_carriage(sample_directions(clock, own[part]), reference)
            if carriage is not None and not is_same_form(carriage):
                return False
    return True


def _split(time_s: Array) -> list[slice]:
    """Return the parts without a gap."""
    edges = [0, *(np.flatnonzero(np.diff(time_s) > GAP_S) + 1), len(time_s)]
    return [slice(int(a), int(b)) for a, b in pairwise(edges)]


def _adjust(
    time_s: Array,
    features: Array,
    rest: Array,
    track: Track,
    path: Array,
    amplitude: float,
    *,
    leapt: bool,
) -> Pieces[Fit | None]:
    """Fit path and sides; where something was left out, the sides to the longest part without."""
    part = slice(None)
    if leapt:
        part = max(_split(time_s), key=lambda s: s.stop - s.start)
        if path[part][-1] - path[part][0] < _DELAY_SHARE * track.duration_s:
            return None
    return (yield from adjust(time_s[part], features[part], rest, track, path[part], amplitude))
