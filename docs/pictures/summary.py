"""Pictures of how it was: after ordinary, long, half-seen and empty practices."""

from __future__ import annotations

import numpy as np

from posecoach.app.kit.qt import discard
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.coach.guidance import Guidance, Stage
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.person import PersonEstimator
from posecoach.reference.library import open_form
from practice import wait_for
from scenes import Album, Film, Replay, empty_room, form_of, rest, wait

SAMPLES = {
    "lean": ("heavens-lean-left-emma", 1),
    "late": ("heavens-left-late-ben", 1),
    "low": ("heavens-right-low-cleo", 1),
    "fast": ("bow-fast-ada", 1),
    "hurried": ("separating-hurried-ben", 1),
    "clean": ("heavens-clean-finn", 1),
    "long": ("separating-right-late-emma", 6),
}


def practise(
    clip: str,
    film: Film,
    estimator: PoseEstimator | None = None,
    guidance: Guidance | None = None,
    *,
    ask: bool = False,
) -> PracticeWindow:
    """Return the window after a film was played to its end."""
    window = PracticeWindow(
        open_form(form_of(clip)),
        film,
        estimator or Replay(clip),
        wishes=PracticeWishes(reopen=lambda: film, ask_feeling=ask, home=True, guidance=guidance),
    )
    window.resize(1366, 768)
    window.show()
    wait(lambda: window.pages.currentWidget() is window.summary)
    rest(100)
    return window


def shoot_summaries(album: Album) -> None:
    """Take them all."""
    for name, (clip, times) in SAMPLES.items():
        window = practise(clip, Film(clip, times=times), ask=name == "lean")
        if name == "lean":
            album.shoot("summary-feeling", window, window.set_language)
            window.summary.after.scale.choose(3)
            window.summary.after.main_button.click()
        album.shoot(f"summary-{name}", window, window.set_language)
        if name in ("lean", "low", "late"):
            window.summary.moment_button.click()
            rest(1500)
            window.summary.moment.view._timer.stop()
            album.shoot(f"summary-{name}-moment", window, window.set_language)
        discard(window)
    shoot_special(album)


def shoot_special(album: Album) -> None:
    """Take the uncommon ones."""
    clip = "heavens-lean-left-emma"
    film = Film(clip, until_s=6.0)
    window = practise_until(clip, film, 6.0)
    album.shoot("summary-nothing-whole", window, window.set_language)
    discard(window)

    def leave(image: np.ndarray, time_s: float) -> np.ndarray:
        return empty_room(clip) if time_s > 15.0 else image

    with PersonEstimator(ensure_model()) as estimator:
        window = practise(clip, Film(clip, times=2, change=leave), estimator)
        album.shoot("summary-half-seen", window, window.set_language)
        discard(window)
        hidden = "heavens-clean-finn"

    def hide(image: np.ndarray, time_s: float) -> np.ndarray:
        """Put a table before the legs, and somebody's shelf before the right half."""
        image = image.copy()
        height, width = image.shape[:2]
        image[int(0.55 * height) :, : int(0.5 * width)] = (60, 70, 80)
        return image

    with PersonEstimator(ensure_model()) as estimator:
        window = practise(hidden, Film(hidden, change=hide), estimator)
        album.shoot("summary-half-hidden", window, window.set_language)
        discard(window)
    with PersonEstimator(ensure_model()) as estimator:
        film = Film(clip, change=lambda image, _: empty_room(clip), until_s=4.0)
        window = practise_until(clip, film, 4.0, estimator)
        album.shoot("summary-nobody", window, window.set_language)
        discard(window)
    for name, guidance in (
        ("end-of-session", Guidance(Stage.END_OF_SESSION)),
        ("gentle", Guidance(gentle=True)),
    ):
        window = practise(clip, Film(clip, times=2), guidance=guidance)
        album.shoot(f"summary-{name}", window, window.set_language)
        discard(window)


def practise_until(
    clip: str, film: Film, time_s: float, estimator: PoseEstimator | None = None
) -> PracticeWindow:
    """Return the window after a practice that was ended early."""
    window = PracticeWindow(
        open_form(form_of(clip)),
        film,
        estimator or Replay(clip),
        wishes=PracticeWishes(reopen=lambda: film, home=True),
    )
    window.resize(1366, 768)
    window.show()
    wait_for(window, film)
    rest(200)
    window.end_practice()
    rest(100)
    return window
