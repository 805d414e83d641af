"""Recordings of a plain figure and a form made of them: no command here needs the model."""

import numpy as np
import pytest

from figures import Figure, Moves, make_motion, perform
from posecoach.capture.replay import save_motion
from posecoach.reference.files import save_sequence
from posecoach.reference.record import make_sequence

FPS = 15.0


@pytest.fixture(scope="session")
def recordings(tmp_path_factory):
    """Return landmark recordings by name."""
    folder = tmp_path_factory.mktemp("recordings")
    other = Figure(trunk=0.55, scale=0.38, noise=0.001)
    clean = perform(fps=FPS, figure=other)[0]
    lean = 14.0 * ((clean.time_s > 2.5) & (clean.time_s < 11.5))
    quiet = np.arange(0, 12, 1 / FPS)
    zero = np.zeros(len(quiet))
    both = np.zeros((len(quiet), 2))
    still = Moves(both + 8.0, both, both, zero, zero)
    motions = {
        "teacher": perform(fps=FPS)[0],
        "clean": clean,
        "leaning": perform(fps=FPS, figure=other, lean=lean)[0],
        "once": perform(repetitions=1, fps=FPS)[0],
        "no-standing": perform(repetitions=1, fps=FPS, stand_s=0.0)[0],
        "thrice": perform(repetitions=3, fps=FPS, between_s=0.0)[0],
        "still": make_motion(quiet, still),
    }
    return {name: save_motion(m, folder / f"{name}.npz") for name, m in motions.items()}


@pytest.fixture(scope="session")
def form(tmp_path_factory):
    """Return the folder of a form with titles, phases and a teacher's own words."""
    own = {"lateral_lean.left": {"en": ("Like a pine",), "de": ("Wie eine Kiefer",)}}
    titles = {"de": "Den Himmel stützen", "en": "Holding up the heavens", "zh": "托天"}
    made = make_sequence("heavens", [perform(fps=FPS)[0]], titles=titles, cues=own)
    return save_sequence(made, tmp_path_factory.mktemp("forms") / "heavens")


@pytest.fixture
def no_model(monkeypatch):
    """Let nobody ask for the pose model."""

    def refuse(*args, **more):
        raise AssertionError("the pose model was asked for")

    monkeypatch.setattr("posecoach.pose.bundle.ensure_model", refuse)
    monkeypatch.setattr("posecoach.commands.analyze.PersonEstimator", refuse)
