"""Repetitions and forms without a body: the journal does not look at them."""

from types import SimpleNamespace

import numpy as np

from posecoach.coach.state import Cue
from posecoach.measure.judgement import UNITS, Judgement
from posecoach.measure.repetition import Repetition
from posecoach.measure.tempo import Stretch, Tempo


def make_form(id="heavens"):
    titles = {"de": "Den Himmel stützen", "en": "Holding up the heavens", "zh": "托天"}
    return SimpleNamespace(id=id, titles=titles, duration_s=10.0)


def make_repetition(number=1, start_s=None):
    start_s = 12.0 * number if start_s is None else start_s
    time_s = start_s + np.arange(0, 10, 0.1)
    places = np.linspace(0.0, 10.0, len(time_s))
    measures = {
        m: Judgement(1.0 * k, 0.5, 0.5 * k, None, 0.1, 4.0, unit, True, None)
        for k, (m, unit) in enumerate(UNITS.items())
    }
    measures["forward_lean"] = Judgement.unseen("forward_lean", "front_view")
    tempo = Tempo(
        1.01,
        0.02,
        np.ones(len(time_s)),
        (Stretch(start_s + 1, start_s + 2, 1.5, 1.9),),
        (Stretch(start_s + 4, start_s + 6, 4.2, 0.01), Stretch(start_s + 7, start_s + 9, 7.0, 0.0)),
    )
    return Repetition(
        start_s,
        float(time_s[-1]),
        measures,
        {"lateral_lean": 3.2},
        tempo,
        np.stack([time_s, places]),
    )


def make_cue(time_s=3.0, text="Crown up, drift right"):
    return Cue(time_s, "lateral_lean", "raise", "left", 8.8, 4.0, 0.9, text)
