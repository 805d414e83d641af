"""The one slow shape: where in the form one is, which phase, and how the breath goes.

A disc grows while the phase is for breathing in and shrinks while it is for out; around it a
ring, in one piece for each phase, fills up to the place. All of it is driven by the place in the
form and not by the clock: it waits for who stands still.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from posecoach.coach.state import State, Status
from posecoach.coach.words import breath_text, status_text
from posecoach.overlay.layer import Layer, lay, make_layer
from posecoach.overlay.style import (
    GOOD,
    MARGIN,
    OWN,
    PANEL,
    SHAPE_CAP,
    TRACK,
    WHITE,
    Image,
    fit_size,
    font_size,
    measure_cap,
    put_text,
    shade,
    shorten_text,
    text_width,
    unit_of,
    wrap_text,
)
from posecoach.reference.sequence import Phase, Sequence

RADIUS = 0.105  # of the ring, of the picture's unit
_RING = 0.02  # its breadth
_LEAST, _MOST = 0.22, 0.8  # the breath's disc, of the ring's radius
_GAP_DEG = 5.0  # between the ring's pieces
_KEEP = 0.4
_SMALLEST = 0.6  # of the usual size, for a long title
_WIDEST = 0.5  # of the picture, for the words
_NEXT = (212, 208, 205)  # the rest of the phase one is in


def breath_fullness(phases: tuple[Phase, ...], place_s: float) -> float:
    """Return how full the breath is at a place, 0 to 1; holds keep what was before them."""
    full = 0.0
    for phase in phases:
        if place_s < phase.start_s:
            break
        if phase.breath == "free":
            continue
        share = (place_s - phase.start_s) / max(phase.end_s - phase.start_s, 1e-6)
        share = min(max(share, 0.0), 1.0)
        share = share * share * (3.0 - 2.0 * share)  # it turns softly
        full = share if phase.breath == "in" else 1.0 - share
    return full


def find_bottom(width: int, height: int) -> int:
    """Return the row below the shape."""
    unit = unit_of(width, height)
    return round(2 * (MARGIN + RADIUS + _RING) * unit)


def draw_shape(image: Image, state: State, sequence: Sequence, language: str) -> None:
    """Draw the shape at the upper left, its words beside it."""
    height, width = image.shape[:2]
    unit = unit_of(width, height)
    phases = sequence.phases
    ends = tuple((p.start_s, p.end_s) for p in phases) or ((0.0, state.duration_s),)
    place = state.place_s
    current = -1
    if place is not None:
        current = max((k for k, e in enumerate(ends) if e[0] <= place), default=-1)
    duration = max(state.duration_s, ends[-1][1], 1e-6)
    spans = tuple(_span(e, duration, len(ends)) for e in ends)
    radius, thick = round(RADIUS * unit), max(4, round(_RING * unit))
    at = round(MARGIN * unit) + radius + thick
    side = 2 * (radius + thick)
    lay(image, _ring_layer(side, radius, thick, spans, current), at - side // 2, at - side // 2)
    _lay_words(image, state, sequence, language, 2 * at)
    if place is not None:
        now = 360.0 * min(max(place / duration, 0.0), 1.0)
        for start, end in spans[: current + 1]:
            if now > start:
                _arc(image, (at, at), radius, start, min(end, now), OWN, thick)
        tip = np.radians(now - 90.0)
        dot = (round(at + radius * np.cos(tip)), round(at + radius * np.sin(tip)))
        cv2.circle(image, dot, thick, PANEL, -1, cv2.LINE_AA)
        cv2.circle(image, dot, max(3, round(0.75 * thick)), WHITE, -1, cv2.LINE_AA)
    full = breath_fullness(phases, place or 0.0)
    grown = (_LEAST + (_MOST - _LEAST) * full) * radius
    cv2.circle(image, (at * 16, at * 16), round(16 * grown), GOOD, -1, cv2.LINE_AA, 4)


def _span(ends: tuple[float, float], duration: float, count: int) -> tuple[float, float]:
    gap = _GAP_DEG if count > 1 else 0.0
    start, end = 360.0 * ends[0] / duration + gap / 2, 360.0 * ends[1] / duration - gap / 2
    return start, max(start + 0.5, min(end, 360.0))


def _arc(
    image: Image,
    centre: tuple[int, int],
    radius: int,
    start: float,
    end: float,
    colour: tuple[int, int, int],
    thick: int,
) -> None:
    """Draw a piece of a ring; degrees clockwise from the top, its ends cut straight."""
    turn = np.radians(np.linspace(start, end, max(2, int((end - start) / 4) + 2)) - 90.0)
    ways = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    outer, inner = (radius + thick / 2) * ways, (radius - thick / 2) * ways[::-1]
    corners = np.round((np.concatenate([outer, inner]) + centre) * 16).astype(np.int32)
    cv2.fillPoly(image, [corners], colour, cv2.LINE_AA, 4)


@lru_cache(maxsize=24)
def _ring_layer(
    side: int, radius: int, thick: int, spans: tuple[tuple[float, float], ...], current: int
) -> Layer:
    centre = (side // 2, side // 2)

    def draw(sheet: Image) -> None:
        washed = sheet.copy()
        shade(washed, 0, 0, side, side, _KEEP)
        mask = np.zeros(sheet.shape[:2], np.uint8)
        cv2.circle(mask, centre, side // 2 - 1, 255, -1, cv2.LINE_AA)
        share = mask[..., None] / 255.0
        sheet[:] = np.round(washed * share + sheet * (1.0 - share)).astype(np.uint8)
        for k, (start, end) in enumerate(spans):
            _arc(sheet, centre, radius, start, end, _NEXT if k == current else TRACK, thick)

    return make_layer(side, side, draw)


def _lay_words(image: Image, state: State, sequence: Sequence, language: str, left: int) -> None:
    height, width = image.shape[:2]
    words, breath = sequence.title(language), ""
    if state.phase is not None:
        words = state.phase.titles.get(language) or state.phase.titles.get("en") or words
        breath = breath_text(state.phase.breath, language)
    elif state.status == Status.WAITING:
        words = status_text("waiting", language)
    layer = _words_layer(width, height, words, breath)
    top = left // 2 - layer.keep.shape[0] // 2
    lay(image, layer, left, top)


@lru_cache(maxsize=12)
def _words_layer(width: int, height: int, words: str, breath: str) -> Layer:
    unit = unit_of(width, height)
    usual = font_size(SHAPE_CAP * unit)
    cap = measure_cap(usual)
    pad = round(0.6 * cap)
    room = round(_WIDEST * width)
    size = max(fit_size(words, SHAPE_CAP * unit, room, 2), round(_SMALLEST * usual))
    first, *rest = wrap_text(words, size, room) or ("",)
    written = [first, *([" ".join(rest)] if rest else [])]
    lines = [(shorten_text(text, size, room), size, WHITE) for text in written]
    lines += [(breath, usual, GOOD)] if breath else []
    wide = max(text_width(text, big) for text, big, _ in lines) + 2 * pad
    tall = round(cap * (1.75 * len(lines) - 0.75)) + 2 * pad

    def draw(sheet: Image) -> None:
        shade(sheet, 0, 0, wide, tall, _KEEP)
        for k, (text, big, colour) in enumerate(lines):
            put_text(sheet, text, pad, pad + round(cap * (1.0 + 1.75 * k)), big, colour)

    return make_layer(wide, tall, draw)
