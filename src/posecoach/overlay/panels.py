"""What stands around the person: tempo, left against right, repetitions, the cue.

What stays the same from picture to picture is drawn once, see `posecoach.overlay.layer`.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from posecoach.coach.state import State, Status
from posecoach.coach.words import measure_title, praise_text, status_text
from posecoach.overlay.layer import Layer, lay, make_layer
from posecoach.overlay.shape import find_bottom
from posecoach.overlay.style import (
    CHANGE,
    CUE_CAP,
    GOOD,
    LABEL_CAP,
    MARGIN,
    MOST_LINES,
    OWN,
    PANEL,
    QUIET,
    TRACK,
    WHITE,
    Colour,
    Image,
    fit_size,
    font_size,
    measure_cap,
    put_text,
    shade,
    text_width,
    unit_of,
    wrap_text,
)
from posecoach.text import N_, translate

_TEMPO_SPAN = 0.6  # the gauge's ends: tempo ratio 0.4 and 1.6
_TEMPO_BAND = 0.25
_KEEP = 0.42
_LINE = 1.42  # line pitch in cap heights
_IN_FORM = (Status.MOVING, Status.PAUSED)
_MOST_DOTS = 12
_GAUGE = 3.8  # the gauge's height in cap heights


class _Sizes:
    """Pixels of the panels on a picture of some size."""

    def __init__(self, image: Image) -> None:
        self.height, self.width = image.shape[:2]
        unit = self.unit = unit_of(self.width, self.height)
        self.margin = round(MARGIN * unit)
        self.cap = LABEL_CAP * unit
        self.font = font_size(self.cap)
        self.below = find_bottom(self.width, self.height)


def draw_tempo(image: Image, state: State, language: str) -> None:
    """Draw a quiet bar at the upper right: the mark is left of the middle when slower."""
    if state.tempo is None or state.status not in _IN_FORM:
        return
    s = _Sizes(image)
    asked = state.cue is not None and state.cue.measure == "tempo_ratio" and not state.praise
    layer = _tempo_layer(s.width, s.height, language, asked)
    wide = layer.keep.shape[1]
    left, top = s.width - wide, 0
    lay(image, layer, left, top)
    thick, half = _tempo_sizes(s)
    off = float(np.clip((state.tempo - 1.0) / _TEMPO_SPAN, -1.0, 1.0))
    x = left + s.margin + half + half * off
    y = top + round(1.45 * s.cap)
    outside = abs(state.tempo - 1.0) > _TEMPO_BAND
    tip = np.array([(x, y), (x - 1.3 * thick, y - 2.4 * thick), (x + 1.3 * thick, y - 2.4 * thick)])
    colour = CHANGE if outside else WHITE
    cv2.fillPoly(image, [np.round(tip * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)


def _tempo_sizes(s: _Sizes) -> tuple[int, int]:
    return max(4, round(0.014 * s.unit)), round(0.18 * s.unit)


@lru_cache(maxsize=8)
def _tempo_layer(width: int, height: int, language: str, asked: bool) -> Layer:
    s = _Sizes(np.broadcast_to(np.uint8(0), (height, width, 3)))
    thick, half = _tempo_sizes(s)
    wide, tall = 2 * half + 2 * s.margin, round(_GAUGE * s.cap)
    word = measure_title("tempo_ratio", language)

    def draw(sheet: Image) -> None:
        shade(sheet, 0, 0, wide, tall, _KEEP)
        left, right, middle = s.margin, s.margin + 2 * half, s.margin + half
        y = round(1.45 * s.cap) + thick // 2
        cv2.line(sheet, (left, y), (right, y), QUIET, max(1, thick // 3), cv2.LINE_AA)
        band = round(_TEMPO_BAND / _TEMPO_SPAN * half)
        cv2.line(sheet, (middle - band, y), (middle + band, y), OWN, thick, cv2.LINE_AA)
        baseline = round(y + 1.6 * s.cap)
        put_text(sheet, word, middle - text_width(word, s.font) // 2, baseline, s.font, WHITE)
        put_text(sheet, "–", left, baseline, s.font, WHITE)
        put_text(sheet, "+", right - text_width("+", s.font), baseline, s.font, WHITE)
        if asked:
            edge = max(3, round(0.008 * s.unit))
            corner = (wide - 1 - edge // 2, tall - 1 - edge // 2)
            cv2.rectangle(sheet, (edge // 2, edge // 2), corner, CHANGE, edge)

    return make_layer(wide, tall, draw)


def draw_sides(image: Image, state: State, language: str, mirrored: bool) -> None:
    """Draw left against right below the shape: how high each arm is, and whose it is."""
    live = state.arms
    if live is None or state.status not in (*_IN_FORM, Status.READY):
        return
    s = _Sizes(image)
    lay(image, _sides_layer(s.width, s.height, language, mirrored), 0, s.below)
    tall, bar, lefts = _sides_sizes(s)
    top = s.below + s.margin
    bottom = top + tall
    for x, side in zip(lefts, _sides_order(mirrored), strict=True):
        own, wanted = (np.clip(a[side] / 180.0, 0.0, 1.0) for a in (live.own, live.reference))
        if np.isfinite(own):
            cv2.rectangle(image, (x, round(bottom - own * tall)), (x + bar, bottom), OWN, -1)
        if np.isfinite(wanted):
            y = round(bottom - wanted * tall)
            cv2.line(image, (x - bar // 3, y), (x + bar + bar // 3, y), WHITE, max(2, bar // 4))


def _sides_order(mirrored: bool) -> tuple[int, int]:
    return (0, 1) if mirrored else (1, 0)


def _sides_sizes(s: _Sizes) -> tuple[int, int, tuple[int, int]]:
    bar = max(6, round(0.032 * s.unit))
    return round(0.17 * s.unit), bar, (s.margin + bar // 2, s.margin + 3 * bar)


@lru_cache(maxsize=4)
def _sides_layer(width: int, height: int, language: str, mirrored: bool) -> Layer:
    s = _Sizes(np.broadcast_to(np.uint8(0), (height, width, 3)))
    tall, bar, lefts = _sides_sizes(s)
    names = [translate(N_("L"), language), translate(N_("R"), language)]
    wide, high = lefts[1] + bar + bar // 2 + s.margin, round(s.margin + tall + 2.1 * s.cap)

    def draw(sheet: Image) -> None:
        shade(sheet, 0, 0, wide, high, _KEEP)
        for x, side in zip(lefts, _sides_order(mirrored), strict=True):
            cv2.rectangle(sheet, (x, s.margin), (x + bar, s.margin + tall), TRACK, -1)
            left = x + (bar - text_width(names[side], s.font)) // 2
            baseline = round(s.margin + tall + 1.5 * s.cap)
            put_text(sheet, names[side], left, baseline, s.font, WHITE)

    return make_layer(wide, high, draw)


def draw_count(image: Image, state: State) -> None:
    """Draw a dot for each repetition done, at the right below the gauge."""
    s = _Sizes(image)
    radius = max(3, round(0.014 * s.unit))
    y = round(_GAUGE * s.cap) + s.margin + radius
    for k in range(min(state.repetition, _MOST_DOTS)):
        at = (s.width - s.margin - round(2.8 * radius * k) - radius, y)
        cv2.circle(image, at, radius + 2, PANEL, -1, cv2.LINE_AA)
        cv2.circle(image, at, radius, GOOD, -1, cv2.LINE_AA)


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
        key = "ready" if state.guidance.speaks else "ready_silent"
        return status_text(key, language), WHITE
    return None, WHITE


def draw_banner(image: Image, text: str, colour: Colour) -> None:
    """Write large over the lower edge, with a stripe of the colour beside it."""
    height, width = image.shape[:2]
    layer = _banner_layer(width, height, text, colour)
    lay(image, layer, 0, height - layer.keep.shape[0])


def _stripe(width: int, height: int) -> int:
    return max(4, round(0.014 * unit_of(width, height)))


_UPRIGHT_CAP = 0.094  # of the height, on an upright picture


def fit_banner(text: str, width: int, height: int) -> tuple[int, tuple[str, ...]]:
    """Return font size and lines of a banner.

    Capitals are `CUE_CAP` of the height. On an upright picture they are smaller: as large as three
    lines can be that leave the upper body free. A long text of the teacher's takes three lines
    everywhere, and only then gets smaller.
    """
    room = width - 4 * _stripe(width, height)
    wide = fit_size(text, CUE_CAP * height, room, 2)
    least = fit_size(text, CUE_CAP * unit_of(width, height), room, MOST_LINES)
    size = max(wide, least)
    if height > width:
        size = max(size, fit_size(text, _UPRIGHT_CAP * height, room, MOST_LINES))
    return size, wrap_text(text, size, room)


@lru_cache(maxsize=6)
def _banner_layer(width: int, height: int, text: str, colour: Colour) -> Layer:
    stripe = _stripe(width, height)
    size, lines = fit_banner(text, width, height)
    cap = measure_cap(size)
    tall = min(height, round(cap * (_LINE * len(lines) + 0.35)))

    def draw(sheet: Image) -> None:
        shade(sheet, 0, 0, width, tall, 0.32)
        cv2.rectangle(sheet, (0, 0), (stripe - 1, tall), colour, -1)
        for k, line in enumerate(lines):
            left = (width - text_width(line, size)) // 2
            baseline = round(cap * (_LINE * k + 1.3))
            put_text(sheet, line, max(left, stripe + 2), baseline, size, WHITE)

    return make_layer(width, tall, draw)
