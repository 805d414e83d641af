"""A whole repetition: its measures once it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from posecoach.body import JOINT_ANGLES
from posecoach.follow.delay import SideDelay
from posecoach.follow.track import STEP_S, Track
from posecoach.measure.evenness import compute_spectral_arc_length
from posecoach.measure.judgement import UNITS, Judgement, get_unit
from posecoach.measure.spread import Tolerances
from posecoach.measure.tempo import GAP_S, Tempo, compute_tempo
from posecoach.measure.uncertainty import estimate_error
from posecoach.posture.angles import compute_limb_lengths
from posecoach.posture.resample import median_found, quantile_found
from posecoach.posture.signals import Signals

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

HELD_S = 0.5
_UPRIGHT_DEG = 5.0  # a lean beyond this looks like a delay: arms follow trunk and gravity
_PEAK = 0.93  # height that is passed for the longest hold, half a second and more of a form
_EVEN_PEAKS_DEG = 12.0
_IN_PLANE = 0.75  # share of a limb's length that must show for its joint angle to be judged


@dataclass(frozen=True, eq=False)
class Performance:
    """The frames of one repetition, retraced.

    Attributes
    ----------
    time_s, places_s : (n,) array
        Seconds of the recording and of the reference.
    plane : (n, 33, 2) array
    signals : Signals
        Leading shape (n,).
    good : (n,) array of bool
        Frames in which trunk and arms were seen and can be believed.
    amplitude : float
    height_px : float
    delay : SideDelay or None
        Left against right in time; None if it could not be told.
    """

    time_s: Array
    places_s: Array
    plane: Array
    signals: Signals
    good: Mask
    amplitude: float
    height_px: float
    delay: SideDelay | None = None


@dataclass(frozen=True)
class Repetition:
    """One time through the form.

    Attributes
    ----------
    start_s, end_s : float
        Seconds of the recording.
    measures : mapping of str to Judgement
    worst_place_s : mapping of str to float
        Where in the reference the worst deviation was, by measure.
    tempo : Tempo or None
    path : (2, n) array
        Seconds of the recording and places in the reference.
    """

    start_s: float
    end_s: float
    measures: Mapping[str, Judgement]
    worst_place_s: Mapping[str, float]
    tempo: Tempo | None
    path: Array


def measure_repetition(
    p: Performance,
    track: Track,
    joints: tuple[str, ...],
    tolerances: Tolerances,
    view: str,
) -> Repetition:
    """Return all measures of a repetition.

    Parameters
    ----------
    p : Performance
    track : Track
        Of the reference.
    joints : tuple of str
        Joints whose angle matters.
    tolerances : Tolerances
        By measure and place.
    view : {"front", "back", "oblique", "side"}
    """
    out: dict[str, Judgement] = {}
    where: dict[str, float] = {}

    def put(measure: str, value: Judgement, place: float | None = None) -> None:
        out[measure] = value
        if place is not None:
            where[measure] = place

    limit = tolerances.typical

    frontal = view in ("front", "back", "oblique")
    tempo = compute_tempo(p.time_s, p.places_s, _moving(track, p.places_s))
    put("tempo_ratio", *_judge_tempo(tempo, tolerances))
    put("evenness", _judge_evenness(p, track, limit("evenness")))
    for measure in ("lateral_lean", "shoulder_tilt", "pelvis_tilt"):
        if not frontal:
            put(measure, Judgement.unseen(measure, "side_view", limit(measure)))
            continue
        own = getattr(p.signals, measure)
        ref = track.sample(getattr(track.signals, measure), p.places_s)
        put(measure, *_judge_course(measure, p, own, ref, tolerances, track))
    put("forward_lean", Judgement.unseen("forward_lean", "front_view", limit("forward_lean")))
    delay = p.delay if frontal else None
    leaning = out["lateral_lean"].deviation
    put("left_right_delay", _judge_delay(delay, limit("left_right_delay"), frontal, leaning))
    put(
        "arm_height_difference",
        *_judge_heights(p, track, delay, tolerances, frontal),
    )
    lengths = compute_limb_lengths(p.plane)
    for joint in joints:
        name = f"joint_angle.{joint}"
        put(name, *_judge_joint(name, joint, p, track, lengths, tolerances, frontal))
    return Repetition(
        float(p.time_s[0]), float(p.time_s[-1]), out, where, tempo, np.stack([p.time_s, p.places_s])
    )


def _moving(track: Track, places: Array) -> Mask:
    """Return where the reference itself moves: limb features faster than a tenth a second."""
    speed = np.linalg.norm(np.gradient(track.signals.features[:, :8], STEP_S, axis=0), axis=1)
    speed = gaussian_filter1d(np.nan_to_num(speed), 4)
    return np.asarray(track.sample(speed, places) > 0.12)


def find_held(
    time_s: Array, deviation: Array, good: Mask, held_s: float = HELD_S
) -> tuple[float, int] | None:
    """Return the largest deviation held for ``held_s`` and the frame in its middle.

    Held means that every moment of a stretch that long deviates to the same side by at least
    as much, a tenth of the frames left out.
    """
    if good.sum() < 3:
        return None
    t, d = time_s[good], deviation[good]
    index = np.flatnonzero(good)
    first = np.arange(len(t))
    last = np.searchsorted(t, t + held_s)
    usable = last < len(t)
    usable[usable] = t[last[usable]] - t[usable] <= 1.5 * held_s
    if not usable.any():
        return None
    held = np.zeros(len(t))
    lengths = last - first + 1
    for length in np.unique(lengths[usable]):  # one or two, unless the frame rate jumps about
        starts = first[usable & (lengths == length)]
        low, high = np.quantile(d[starts[:, None] + np.arange(length)], [0.1, 0.9], axis=1)
        held[starts] = np.where(low > 0, low, np.where(high < 0, high, 0.0))
    best = int(np.argmax(np.where(usable, np.abs(held), -1.0)))
    return float(held[best]), int(index[(best + int(last[best])) // 2])


def _judge_course(
    measure: str,
    p: Performance,
    own: Array,
    ref: Array,
    tolerances: Tolerances,
    track: Track,
    good: Mask | None = None,
    extra: float = 0.0,
) -> tuple[Judgement, float | None]:
    ok = (p.good if good is None else good) & np.isfinite(own) & np.isfinite(ref)
    tolerance = tolerances.typical(measure)
    if ok.sum() < 10 or ok.mean() < 0.3:
        return Judgement.unseen(measure, "hidden", tolerance), None
    deviation = own - ref
    # The worst is where it is worst against the tolerance there.
    limits = tolerances.at(measure, p.places_s)
    tolerance = float(np.median(limits[ok]))
    held = find_held(p.time_s, deviation / limits, ok)
    # Seconds of the repetition that tell independently of each other.
    free = max(2.0, float(p.time_s[-1] - p.time_s[0]))
    spread = float(deviation[ok].std() / np.sqrt(free))
    error = estimate_error(measure, track.calibration, p.height_px, 0.5 * spread, extra)
    return (
        Judgement(
            float(np.median(own[ok])),
            float(np.median(ref[ok])),
            float(np.median(deviation[ok])),
            float(held[0] * limits[held[1]]) if held else None,
            error,
            tolerance,
            get_unit(measure),
            True,
            None,
            float(limits[held[1]]) if held else None,
        ),
        float(p.places_s[held[1]]) if held else None,
    )


def _judge_tempo(tempo: Tempo | None, tolerances: Tolerances) -> tuple[Judgement, float | None]:
    name = "tempo_ratio"
    tolerance = there = tolerances.typical("tempo_ratio")
    if tempo is None:
        return Judgement.unseen(name, "too_short", tolerance), None
    off = tempo.ratio - 1.0
    worst, place = off, None
    for s in (*tempo.hurried, *tempo.pauses):
        limit = float(tolerances.at(name, np.array(s.place_s)))
        if abs(s.ratio - 1.0) / limit > abs(worst) / there:
            worst, place, there = s.ratio - 1.0, s.place_s, limit
    return Judgement(
        tempo.ratio, 1.0, off, worst, tempo.error, tolerance, UNITS[name], True, None, there
    ), place


def _judge_evenness(p: Performance, track: Track, tolerance: float) -> Judgement:
    name = "evenness"
    if p.good.mean() < 0.8 or float(np.diff(p.time_s).max(initial=0.0)) > GAP_S:
        return Judgement.unseen(name, "hidden", tolerance)
    grid = np.arange(p.time_s[0], p.time_s[-1], STEP_S)
    own = _limb_speed(_on_grid(grid, p.time_s, p.signals.features[:, :4]))
    low = track.index_at(float(p.places_s[0]))
    high = track.index_at(float(p.places_s[-1]))
    ref = _limb_speed(track.signals.features[low : high + 1, :4])
    value = compute_spectral_arc_length(own, 1 / STEP_S)
    reference = compute_spectral_arc_length(ref, 1 / STEP_S)
    if not np.isfinite(value) or not np.isfinite(reference):
        return Judgement.unseen(name, "too_short", tolerance)
    off = value - reference
    return Judgement(value, reference, off, off, 0.6, tolerance, UNITS[name], True, None)


def _on_grid(grid: Array, time_s: Array, values: Array) -> Array:
    out = np.empty((len(grid), values.shape[1]))
    for k in range(values.shape[1]):
        ok = np.isfinite(values[:, k])
        out[:, k] = np.interp(grid, time_s[ok], values[ok, k]) if ok.any() else 0.0
    return out


def _limb_speed(wrists: Array) -> Array:
    """Return the two wrists' common speed, (m, 4) to (m,)."""
    if len(wrists) < 8:
        return np.zeros(len(wrists))
    smooth = gaussian_filter1d(np.nan_to_num(wrists), 0.1 / STEP_S, axis=0, mode="nearest")
    return np.asarray(np.linalg.norm(np.gradient(smooth, STEP_S, axis=0), axis=1))


def _judge_delay(
    delay: SideDelay | None, tolerance: float, frontal: bool, lean_deg: float | None
) -> Judgement:
    name = "left_right_delay"
    if not frontal or delay is None:
        reason = "side_view" if not frontal else "too_short"
        return Judgement.unseen(name, reason, tolerance)
    if lean_deg is not None and abs(lean_deg) > _UPRIGHT_DEG:
        return Judgement.unseen(name, "leaning", tolerance)
    ms = 1000.0 * delay.delay_s
    # The valley's floor is a tenth too near zero (benchmarks), whatever its width.
    error = float(np.linalg.norm([1000.0 * delay.error_s, 15.0, 0.1 * ms]))
    return Judgement(ms, 0.0, ms, ms, error, tolerance, UNITS[name], True, None)


def _judge_heights(
    p: Performance, track: Track, delay: SideDelay | None, tolerances: Tolerances, frontal: bool
) -> tuple[Judgement, float | None]:
    """Judge left against right arm height, amplitude and timing taken out."""
    name = "arm_height_difference"
    if not frontal:
        return Judgement.unseen(name, "side_view", tolerances.typical(name)), None
    reference = track.signals.elevation
    rest = median_found(reference[:3])
    # Each side at its own time: a late arm is late, not low.
    half = 0.5 * (delay.delay_s if delay else 0.0)
    expected = np.stack(
        [
            track.sample(reference[:, side], _shifted(p, sign * half))
            for side, sign in ((0, 1.0), (1, -1.0))
        ],
        axis=1,
    )
    scaled = rest + p.amplitude * (expected - rest)
    own = p.signals.elevation
    value = own[:, 0] - own[:, 1]
    ref = scaled[:, 0] - scaled[:, 1]
    # In one-sided moments the amplitude itself moves left minus right; be less sure there.
    lopsided = float(np.median(np.abs(expected[:, 0] - expected[:, 1])))
    extra = 0.5 * abs(1.0 - p.amplitude) * lopsided
    judged, place = _judge_course(name, p, value, ref, tolerances, track, extra=extra)
    peaks = _compare_peaks(p, track)
    if judged.judged and peaks is not None and abs(peaks[0]) > abs(judged.worst or 0.0):
        limit = float(tolerances.at(name, np.array([peaks[1]]))[0])
        return replace(judged, worst=peaks[0], worst_tolerance=limit), peaks[1]
    return judged, place


def _compare_peaks(p: Performance, track: Track) -> tuple[float, float] | None:
    """Return how much higher the left arm comes than the right, and where in the reference.

    In a form whose sides take turns a side is compared with the mirrored other side: each at the
    height it keeps longest near its highest, so that a smaller amplitude of both is no
    difference. None where the reference itself raises one arm higher.
    """
    reference = track.signals.elevation
    own = np.where(p.good[:, None], p.signals.elevation, np.nan)
    if np.isfinite(own).all(axis=1).mean() < 0.5:
        return None
    theirs = quantile_found(reference, _PEAK)
    if abs(float(theirs[0] - theirs[1])) > _EVEN_PEAKS_DEG or float(theirs.min()) < 60.0:
        return None
    # Over places, not over time: who hurries past the highest point has been there too.
    seen = np.isfinite(own).all(axis=1)
    order = np.argsort(p.places_s[seen], kind="stable")
    at = p.places_s[seen][order]
    ours = np.array(
        [quantile_found(np.interp(track.time_s, at, own[seen, k][order]), _PEAK) for k in (0, 1)]
    )
    apart = float((ours[0] - ours[1]) - (theirs[0] - theirs[1]))
    low = 1 if apart > 0 else 0
    return apart, float(track.time_s[int(np.nanargmax(reference[:, low]))])


def _shifted(p: Performance, shift_s: float) -> Array:
    return np.interp(p.time_s - shift_s, p.time_s, p.places_s)


def _judge_joint(
    name: str,
    joint: str,
    p: Performance,
    track: Track,
    lengths: Array,
    tolerances: Tolerances,
    frontal: bool,
) -> tuple[Judgement, float | None]:
    if not frontal:
        return Judgement.unseen(name, "side_view", tolerances.typical(name)), None
    index = list(JOINT_ANGLES).index(joint)
    own = p.signals.joints[:, index]
    ref = track.sample(track.signals.joints[:, index], p.places_s)
    good = p.good.copy()
    if joint.endswith("elbow"):
        side = 0 if joint.startswith("left") else 1
        ref_lengths = compute_limb_lengths(track.plane)
        for who, at in ((lengths, None), (ref_lengths, p.places_s)):
            share = who[:, side] / quantile_found(who[:, side], 0.95)
            if at is not None:
                share = track.sample(share, at)
            good &= (share > _IN_PLANE).all(axis=1)
    if good.mean() < 0.25:
        return Judgement.unseen(name, "front_view", tolerances.typical(name)), None
    return _judge_course(name, p, own, ref, tolerances, track, good=good)
