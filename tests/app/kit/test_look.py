"""Colours that can be told apart by tired eyes: WCAG 2.2, success criteria 1.4.3, 1.4.6, 1.4.11."""

import pytest
from PySide6.QtGui import QColor

from posecoach.app.kit import look


def light(colour):
    """Return the relative luminance as WCAG defines it."""
    parts = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
        for p in QColor(colour).getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [look.BACKGROUND, look.PANEL, look.RAISED, look.LINE])
def test_writing_stands_out_from_every_ground(ground):
    assert contrast(look.TEXT, ground) >= 7.0


@pytest.mark.parametrize("ground", [look.BACKGROUND, look.PANEL])
def test_quiet_writing_and_signs_stand_out_too(ground):
    assert contrast(look.QUIET, ground) >= 7.0
    for sign in (look.OWN, look.CHANGE, look.GOOD, look.HANDLE):
        assert contrast(sign, ground) >= 3.0


def test_what_is_chosen_can_be_read_and_seen():
    assert contrast(look.TEXT, look.CHOSEN) >= 4.5
    assert contrast(look.DARK, look.OWN) >= 7.0
    for ground in (look.RAISED, look.CHOSEN):  # its border
        assert contrast(look.TEXT, ground) >= 3.0
    assert contrast(look.OWN, look.RAISED) >= 3.0
    assert contrast(look.FADED, look.RAISED) >= 4.5
