"""What stands around the person: place in the form, breath, tempo, left against right, the cue."""

from __future__ import annotations

import cv2
import numpy as np

from posecoach.coach.state import State, Status
from posecoach.coach.words import breath_text, praise_text, status_text
from posecoach.overlay.style import (
    CHANGE,
    CUE_CAP,
    GOOD,
    LABEL_CAP,
    MARGIN,
    OWN,
    PANEL,
    QUIET,
    WHITE,
    Colour,
    Image,
    fit_size,
    font_size,
    put_text,
    shade,
    text_width,
    wrap_text,
)
from posecoach.reference.sequence import Sequence
from posecoach.text import N_, translate

_TEMPO_SPAN = 0.6  # the gauge's ends: tempo ratio 0.4 and 1.6
_KEEP = 0.42
_LINE = 1.42  # line pitch in cap heights


def draw_place(image: Image, state: State, sequence: Sequence, language: str) -> None:
    """Draw the form's phases along the top, filled up to the place, with the breath's guidance."""
    h, w = image.shape[:2]
    margin = round(MARGIN * h)
    cap = LABEL_CAP * h
    size = font_size(cap)
    bar_top, bar = margin, max(5, round(0.016 * h))
    shade(image, 0, 0, w, round(bar_top + bar + 1.75 * cap + 0.4 * margin), _KEEP)
    left, right = margin, w - margin
    phases = sequence.phases
    ends = [(p.start_s, p.end_s) for p in phases] or [(0.0, state.duration_s)]
    scale = (right - left) / max(state.duration_s, 1e-6)
    gap = max(2, round(0.004 * w))
    place = state.place_s if state.place_s is not None else 0.0
    for start, end in ends:
        x0, x1 = round(left + start * scale), round(left + end * scale) - gap
        cv2.rectangle(image, (x0, bar_top), (x1, bar_top + bar), (120, 115, 110), -1)
        if place > start:
            x2 = min(x1, round(left + place * scale))
            cv2.rectangle(image, (x0, bar_top), (x2, bar_top + bar), OWN, -1)
    if state.place_s is not None:
        at = (round(left + place * scale), bar_top + bar // 2)
        cv2.circle(image, at, bar, WHITE, -1, cv2.LINE_AA)
    baseline = round(bar_top + bar + 1.45 * cap)
    title = sequence.title(language)
    phase = state.phase
    words = title
    if phase is not None:
        name = phase.titles.get(language) or phase.titles.get("en")
        words = name or title
    put_text(image, words, left, baseline, size, WHITE)
    if phase is not None and phase.breath != "free":
        breath = breath_text(phase.breath, language)
        put_text(image, breath, right - text_width(breath, size), baseline, size, GOOD)


def draw_tempo(image: Image, state: State, language: str) -> None:
    """Draw a gauge under the top bar, right: the mark is left of the middle when slower."""
    if state.tempo is None or state.status not in (Status.MOVING, Status.PAUSED):
        return
    h, w = image.shape[:2]
    margin, cap = round(MARGIN * h), LABEL_CAP * h
    size = font_size(0.8 * cap)
    slower, faster = translate(N_("slower"), language), translate(N_("faster"), language)
    width = max(round(0.30 * h), text_width(slower, size) + text_width(faster, size) + size)
    right, top = w - margin, round(0.145 * h)
    left = right - width
    y = round(top + 1.1 * cap)
    shade(image, left - margin // 2, top - margin // 2, w, round(y + 2.2 * cap), _KEEP)
    thick = max(3, round(0.012 * h))
    cv2.line(image, (left, y), (right, y), QUIET, max(1, thick // 3), cv2.LINE_AA)
    middle = (left + right) // 2
    band = round(0.25 / _TEMPO_SPAN * width / 2)
    cv2.line(image, (middle - band, y), (middle + band, y), OWN, thick, cv2.LINE_AA)
    off = float(np.clip((state.tempo - 1.0) / _TEMPO_SPAN, -1.0, 1.0))
    at = round(middle + 0.5 * width * off)
    outside = abs(state.tempo - 1.0) > 0.25
    points = np.array([(at, y - 4), (at - thick, y - 3 * thick), (at + thick, y - 3 * thick)])
    cv2.fillPoly(image, [points.astype(np.int32)], CHANGE if outside else WHITE, cv2.LINE_AA)
    baseline = round(y + 1.7 * cap)
    put_text(image, slower, left, baseline, size, QUIET)
    put_text(image, faster, right - text_width(faster, size), baseline, size, QUIET)


def draw_sides(image: Image, state: State, language: str, mirrored: bool) -> None:
    """Draw left against right under the top bar, left: how high each arm is, and whose it is."""
    live = state.arms
    if live is None or state.status not in (Status.MOVING, Status.PAUSED, Status.READY):
        return
    h = image.shape[0]
    margin, cap = round(MARGIN * h), LABEL_CAP * h
    top, tall = round(0.145 * h), round(0.17 * h)
    bar = max(6, round(0.026 * h))
    width = round(0.16 * h)
    shade(image, 0, top - margin // 2, margin + width, round(top + tall + 1.9 * cap), _KEEP)
    names = [translate(N_("L"), language), translate(N_("R"), language)]
    order = (0, 1) if mirrored else (1, 0)
    bottom = top + tall
    for slot, side in enumerate(order):
        x = round(margin * 0.6 + width * (0.18 + 0.46 * slot))
        cv2.rectangle(image, (x, top), (x + bar, bottom), (120, 115, 110), -1)
        own = float(np.clip(live.own[side] / 180.0, 0.0, 1.0))
        if np.isfinite(own):
            cv2.rectangle(image, (x, round(bottom - own * tall)), (x + bar, bottom), OWN, -1)
        ref = float(np.clip(live.reference[side] / 180.0, 0.0, 1.0))
        if np.isfinite(ref):
            y = round(bottom - ref * tall)
            cv2.line(image, (x - bar // 3, y), (x + bar + bar // 3, y), WHITE, max(2, bar // 5))
        size = font_size(cap)
        put_text(
            image,
            names[side],
            x + (bar - text_width(names[side], size)) // 2,
            round(bottom + 1.45 * cap),
            size,
            WHITE,
        )


def draw_message(image: Image, state: State, language: str) -> None:
    """Draw the one large line: a cue, a word of praise, or what the camera needs."""
    text, colour = find_message(state, language)
    if text:
        draw_banner(image, text, colour)


def find_message(state: State, language: str) -> tuple[str | None, Colour]:
    """Return the large line and the colour of its edge."""
    if state.cue is not None and not state.praise:
        return state.cue.text, CHANGE
    if state.praise:
        return praise_text(language, state.repetition), GOOD
    if state.status in (Status.NOBODY, Status.INCOMPLETE):
        return status_text(state.reason or "nobody", language), WHITE
    if state.status == Status.CALIBRATING:
        return status_text("calibrating", language), WHITE
    if state.status == Status.READY and state.repetition == 0 and (state.place_s or 0.0) < 0.5:
        return status_text("ready", language), WHITE
    return None, WHITE


def draw_banner(image: Image, text: str, colour: Colour) -> None:
    """Write large over the lower edge, with a stripe of the colour beside it."""
    h, w = image.shape[:2]
    margin = round(MARGIN * h)
    stripe = max(4, round(0.014 * h))
    room = w - 2 * margin - 2 * stripe
    size = fit_size(text, CUE_CAP * h, room)
    cap = 0.75 * size
    lines = wrap_text(text, size, room)
    height = round(cap * (_LINE * len(lines) + 0.25))
    top = h - height
    shade(image, 0, top, w, h, 0.32)
    cv2.rectangle(image, (0, top), (stripe, h), colour, -1)
    for k, line in enumerate(lines):
        left = (w - text_width(line, size)) // 2
        baseline = round(top + cap * (_LINE * k + 1.22))
        put_text(image, line, max(left, stripe + 2), baseline, size, WHITE)


def draw_count(image: Image, state: State) -> None:
    """Draw a dot for each repetition done, at the lower right, unless a line stands there."""
    h, w = image.shape[:2]
    radius, margin = max(3, round(0.011 * h)), round(MARGIN * h)
    for k in range(min(state.repetition, 12)):
        at = (w - margin - round(2.8 * radius * k) - radius, h - margin - radius)
        cv2.circle(image, at, radius + 2, PANEL, -1, cv2.LINE_AA)
        cv2.circle(image, at, radius, GOOD, -1, cv2.LINE_AA)
