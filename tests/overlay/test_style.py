import cv2
import numpy as np
import pytest

from posecoach.coach import words
from posecoach.overlay.layer import lay, make_layer
from posecoach.overlay.panels import draw_banner, fit_banner
from posecoach.overlay.style import (
    CHANGE,
    LABEL_CAP,
    WHITE,
    font_size,
    measure_cap,
    put_text,
    shade,
    shorten_text,
    text_width,
)
from posecoach.text import translate

LARGE = [
    *(t for texts in words._CUES.values() for t in texts),
    *words._PRAISE,
    *words._STATUS.values(),
]
BOTH = ("de", "en")


def ink(text, size, width=900):
    """Return the pixels of a line of text, and its baseline."""
    sheet = np.zeros((3 * size, width, 3), np.uint8)
    put_text(sheet, text, 10, 2 * size, size, WHITE)
    return sheet[..., 0] > 127, 2 * size


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(("width", "height"), [(640, 480), (960, 540), (1280, 720), (1920, 1080)])
def test_what_is_said_large_takes_two_lines_and_can_be_read_from_afar(language, width, height):
    for message in LARGE:
        text = translate(message, language)
        size, lines = fit_banner(text, width, height)
        assert len(lines) <= 2, (text, lines)
        assert " ".join(lines) == text
        for capital in "HEIT":
            rows = np.flatnonzero(ink(capital, size)[0].any(axis=1))
            assert len(rows) >= 0.11 * height


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(("width", "height"), [(640, 480), (960, 540), (480, 640)])
def test_no_letter_is_cut_off(language, width, height):
    for message in LARGE:
        image = np.zeros((height, width, 3), np.uint8)
        draw_banner(image, translate(message, language), CHANGE)
        letters = (image > 200).all(axis=-1)
        assert letters.sum() > 300
        assert not letters[:, -3:].any()
        assert not letters[:, :8].any()
        assert not letters[-2:].any()
        top = np.flatnonzero(image.any(axis=(1, 2)))[0]
        assert not letters[top : top + 2].any()
        assert top > 0.55 * height


def test_a_teachers_long_words_take_three_lines_and_then_get_smaller():
    _, lines = fit_banner("Breathe out, let both hands float down", 640, 480)
    assert len(lines) == 3
    _, lines = fit_banner("all that one could ever wish to say at once " * 3, 640, 480)
    assert len(lines) <= 3
    size, lines = fit_banner("Donaudampfschifffahrtsgesellschaftskapitän", 640, 480)
    assert text_width(lines[0], size) <= 640


def test_letters_beyond_ascii_are_drawn_as_they_are():
    texts = "".join(translate(m, "de") for m in LARGE) + "äöüÄÖÜß站桩–…"
    unknown = ink("?", 60)[0]
    for letter in sorted({c for c in texts if ord(c) > 127}):
        drawn = ink(letter, 60)[0]
        assert drawn.sum() > 20, letter
        assert (drawn != unknown).sum() > 100, letter
    for plain, dotted in ("aä", "oö", "uü", "AÄ", "OÖ", "UÜ"):
        a, b = ink(plain, 60)[0], ink(dotted, 60)[0]
        top = np.flatnonzero(a.any(axis=1))[0]
        assert b[:top].sum() > 20  # the dots
        low = slice(top + 12, None)
        assert (a[low] != b[low]).mean() < 0.01


@pytest.mark.parametrize("height", [240, 480, 540, 720, 1080])
def test_labels_have_their_height(height):
    size = font_size(LABEL_CAP * height)
    assert measure_cap(size) >= 0.04 * height
    assert measure_cap(size) == ink("H", size)[0].any(axis=1).sum()


def test_a_name_too_long_is_cut_and_says_so():
    name = "Den Himmel mit beiden Händen stützen und wieder sinken lassen"
    size = font_size(20.0)
    assert shorten_text(name, size, 5000) == name
    for width in (60, 80, 200, 400):
        cut = shorten_text(name, size, width)
        assert text_width(cut, size) <= width
        assert cut.endswith("…")
    assert shorten_text(name, size, 0) == ""


def scribble(image):
    shade(image, 5, 5, 70, 50, 0.4)
    cv2.circle(image, (40, 30), 18, CHANGE, 5, cv2.LINE_AA)
    put_text(image, "Äh", 8, 40, 30, WHITE)


def test_a_layer_looks_like_what_was_drawn():
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)
    drawn, laid = picture.copy(), picture.copy()
    scribble(drawn)
    lay(laid, make_layer(80, 60, scribble), 0, 0)
    assert np.abs(drawn.astype(int) - laid).max() <= 5
    untouched = (slice(54, None), slice(None))
    assert (laid[untouched] == picture[untouched]).all()


@pytest.mark.parametrize(("left", "top"), [(-30, -20), (50, 40), (-200, 0), (0, 500), (90, 0)])
def test_a_layer_over_the_edge_is_cut(left, top):
    picture = np.full((60, 80, 3), 100, np.uint8)
    large = np.full((1060, 1080, 3), 100, np.uint8)
    layer = make_layer(80, 60, scribble)
    lay(picture, layer, left, top)
    lay(large, layer, left + 500, top + 500)
    assert (picture == large[500:560, 500:580]).all()
