"""The teacher alone: where in the picture, which side, and when."""

import numpy as np
import pytest

from posecoach.overlay.demonstration import Demonstration
from posecoach.overlay.style import GHOST
from posecoach.reference.library import open_form

SIZES = [(640, 480), (1366, 500), (480, 640)]


@pytest.fixture(scope="module")
def bow():
    """Return a form that goes to the left first."""
    return open_form("drawing-the-bow")


def figure(picture):
    return np.argwhere((np.abs(picture.astype(int) - GHOST) < 6).all(axis=2))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_whole_figure_is_in_the_picture_throughout(bow, width, height):
    shown = Demonstration(bow)
    for place_s in np.linspace(-1.0, shown.duration_s + 1.0, 9):
        picture = shown.draw(place_s, "de", width, height)
        assert picture.shape == (height, width, 3)
        found = figure(picture)
        assert len(found) > 0.004 * width * height
        low, high = found.min(axis=0), found.max(axis=0)
        assert (low > 2).all()
        assert (high < np.array([height, width]) - 3).all()


def test_it_moves_and_the_mirror_turns_it(bow):
    mirrored, plain = Demonstration(bow), Demonstration(bow, mirrored=False)
    widths = []
    for place_s in np.linspace(1.0, 5.0, 9):
        pictures = [d.draw(place_s, "en", 640, 480)[150:] for d in (mirrored, plain)]
        off = [figure(p)[:, 1].mean() - 320 for p in pictures]
        assert off[0] == pytest.approx(-off[1], abs=4)
        widths.append(np.ptp(figure(pictures[0])[:, 1]))
    assert max(widths) > 1.3 * min(widths)


def test_the_phase_is_told_in_the_language(bow):
    shown = Demonstration(bow)
    german, english = (shown.draw(3.0, tongue, 640, 480) for tongue in ("de", "en"))
    assert not np.array_equal(german, english)
    assert np.array_equal(german[200:], english[200:])
