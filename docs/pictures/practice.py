"""Pictures of set-up, practice and trouble: the real window, samples as the camera."""

from __future__ import annotations

import numpy as np

from posecoach.app.kit.qt import discard
from posecoach.app.practice.set_up import SetUpWishes
from posecoach.app.practice.window import PracticeWindow
from posecoach.app.practice.wishes import PracticeWishes
from posecoach.capture.base import FrameSource
from posecoach.capture.camera import CameraInfo, find_camera
from posecoach.coach.guidance import Guidance, Stage
from posecoach.coach.ways import Way
from posecoach.errors import CameraError, ModelError
from posecoach.pose.bundle import ensure_model
from posecoach.pose.landmarker import PoseEstimator
from posecoach.pose.person import PersonEstimator
from posecoach.reference.library import open_form
from scenes import Album, Change, Film, Replay, empty_room, form_of, rest, shift, tell, wait

CAMERAS = [CameraInfo(0, "Integrated Webcam HD"), CameraInfo(2, "Logitech C920")]
LEANING = "heavens-lean-left-emma"
# What is wrong with the picture, and how long it takes until that is said.
SET_UPS: dict[str, tuple[Change | None, float]] = {
    "step-in": (lambda image, _: empty_room(LEANING), 1.2),
    "step-back": (lambda image, _: shift(image, zoom=1.45, down=-0.1), 1.6),
    "step-left": (lambda image, _: shift(image, right=-0.3), 1.6),
    "lid": (lambda image, _: shift(image, down=-0.2), 1.6),
    "more-light": (lambda image, _: np.asarray(image * 0.16, np.uint8), 1.6),
    "shutter": (lambda image, _: np.zeros_like(image), 1.2),
    "stand": (None, 0.7),
    "hold": (None, 1.85),
}


def open_window(
    clip: str,
    film: FrameSource,
    estimator: PoseEstimator,
    *,
    set_up: bool = False,
    way: Way = Way.WHOLE,
    guidance: Guidance | None = None,
) -> PracticeWindow:
    """Return the practice window before a film."""
    wishes = SetUpWishes(lambda: CAMERAS, camera=CAMERAS[0].name, way=way) if set_up else None
    window = PracticeWindow(
        open_form(form_of(clip)),
        film,
        estimator,
        wishes=PracticeWishes(reopen=lambda: film, set_up=wishes, guidance=guidance),
    )
    window.resize(1366, 768)
    window.show()
    return window


def wait_for(window: PracticeWindow, film: Film) -> None:
    """Wait until the film stands still."""

    def stands() -> bool:
        if window.trouble is not None:
            raise window.trouble
        return film.waits

    wait(stands)


def see_to(window: PracticeWindow, film: Film, time_s: float) -> None:
    """Play on to a time, and let it be shown."""
    film.play_to(time_s)
    wait_for(window, film)
    rest(250)


def shoot_set_up(album: Album) -> None:
    """Take the set-up in its states."""
    for name, (change, time_s) in SET_UPS.items():
        film = Film(LEANING, change=change, until_s=time_s)
        with PersonEstimator(ensure_model()) as estimator:
            window = open_window(LEANING, film, estimator, set_up=True)
            see_to(window, film, time_s)
            assert window.pages.in_set_up, name
            album.shoot(f"set-up-{name}", window, window.set_language)
            discard(window)
    clip = "heavens-right-low-cleo"
    film = Film(clip, until_s=1.2)
    window = open_window(clip, film, Replay(clip), set_up=True, way=Way.UPPER_BODY)
    see_to(window, film, 1.2)
    album.shoot("set-up-upper-body", window, window.set_language)
    discard(window)


def shoot_practice(album: Album) -> None:
    """Take the practice itself, from the count-down on."""
    clip = LEANING
    film = Film(clip, until_s=0.0, stand=3)
    window = open_window(clip, film, Replay(clip), set_up=True)

    def shoot(name: str) -> None:
        assert window.pages.in_room, name
        album.shoot(f"practice-{name}", window, window.set_language)

    wait_for(window, film)
    while window.pages.in_set_up:
        see_to(window, film, film._until_s + 0.5)
    see_to(window, film, film._until_s + 0.8)
    shoot("countdown")
    discard(window)

    film = Film(clip, until_s=0.6)
    window = open_window(clip, film, Replay(clip))
    see_to(window, film, 0.6)
    shoot("waiting")
    told = tell(clip)
    cue_s = told.cues[0][0]
    see_to(window, film, cue_s - 0.4)
    shoot("quiet")
    see_to(window, film, cue_s + 0.9)
    shoot("cue")
    window._obey("ghost")
    shoot("inset")
    window._obey("ghost")
    shoot("without-teacher")
    window._obey("ghost")
    window.toggle_rest()
    see_to(window, film, cue_s + 1.2)
    shoot("paused")
    window.toggle_rest()
    window.toggle_help()
    shoot("help")
    discard(window)

    clip = "heavens-left-late-ben"
    told = tell(clip, 2)
    film = Film(clip, times=2, until_s=told.cues[0][0] + 0.9)
    window = open_window(clip, film, Replay(clip))
    see_to(window, film, told.cues[0][0] + 0.9)
    shoot("cue-late")
    discard(window)

    clip = "bow-lean-right-dirk"
    told = tell(clip)
    film = Film(clip, until_s=told.cues[0][0] + 0.9)
    window = open_window(clip, film, Replay(clip))
    see_to(window, film, told.cues[0][0] + 0.9)
    shoot("cue-bow")
    discard(window)
    shoot_praise(album)
    shoot_away(album)
    shoot_unguided(album)


def shoot_praise(album: Album) -> None:
    """Take the word that comes when something has come right again."""
    for clip in (
        "separating-hurried-ben",
        "bow-lean-right-dirk",
        LEANING,
        "heavens-right-low-cleo",
    ):
        told = tell(clip)
        if told.praises:
            film = Film(clip, until_s=told.praises[0] + 0.6)
            window = open_window(clip, film, Replay(clip))
            see_to(window, film, told.praises[0] + 0.6)
            album.shoot("practice-praise", window, window.set_language)
            discard(window)
            return
    raise ValueError("no sample has praise")


def shoot_away(album: Album) -> None:
    """Take what is said to who has left, is half outside, or stays away."""

    def leave(image: np.ndarray, time_s: float) -> np.ndarray:
        return empty_room(LEANING) if time_s > 5.0 else image

    film = Film(LEANING, times=3, change=leave, until_s=7.0)
    with PersonEstimator(ensure_model()) as estimator:
        window = open_window(LEANING, film, estimator)
        see_to(window, film, 7.0)
        album.shoot("practice-away", window, window.set_language)
        see_to(window, film, 28.0)
        album.shoot("practice-come-back", window, window.set_language)
        discard(window)
    film = Film(LEANING, change=lambda image, _: shift(image, zoom=2.4, down=0.75), until_s=2.5)
    with PersonEstimator(ensure_model()) as estimator:
        window = open_window(LEANING, film, estimator)
        see_to(window, film, 2.5)
        album.shoot("practice-half-seen", window, window.set_language)
        discard(window)


def shoot_unguided(album: Album) -> None:
    """Take a practice whose hints come at the end."""
    when = tell(LEANING).cues[0][0] + 0.9
    film = Film(LEANING, until_s=when)
    guidance = Guidance(Stage.END_OF_SESSION)
    window = open_window(LEANING, film, Replay(LEANING), guidance=guidance)
    see_to(window, film, when)
    album.shoot("practice-without-hints", window, window.set_language)
    discard(window)


def find_troubles() -> dict[str, Exception]:
    """Return a camera's troubles in the words in which they come."""
    errors: dict[str, Exception] = {}
    for wanted, cameras in ((None, []), ("Logitech C922", CAMERAS)):
        try:
            find_camera(wanted, cameras)
        except CameraError as error:
            errors[error.kind] = error
    info = CAMERAS[0]
    for kind, told in (
        ("busy", f"Expected to open camera {info} but another program uses it; close that one."),
        ("refused", f"Expected to open camera {info} but that is not allowed; allow it."),
        (
            "silent",
            f"Expected a picture from camera {info} but none came in 5 s; open its shutter.",
        ),
        ("gone", f"Expected pictures from camera {info} but it stopped giving any."),
    ):
        errors[kind] = CameraError(told, kind)
    return errors


def shoot_troubles(album: Album) -> None:
    """Take every page of trouble."""
    errors = find_troubles()
    errors["model"] = ModelError("Expected the pose model but it is not there; run 'make demo'.")
    errors["other"] = RuntimeError("something nobody expected")
    for kind, error in errors.items():

        def fail(error: Exception = error) -> FrameSource:
            raise error

        wishes = SetUpWishes(lambda: CAMERAS, lambda camera: fail(), camera=CAMERAS[0].name)
        window = PracticeWindow(
            open_form(form_of(LEANING)),
            None,
            Replay(LEANING),
            wishes=PracticeWishes(reopen=fail, set_up=wishes),
        )
        window.resize(1366, 768)
        window.show()
        wait(lambda w=window: w.trouble is not None)
        album.shoot(f"trouble-{kind}", window, window.set_language)
        if kind == "none":
            window.look_for_cameras()
            wait(lambda w=window: w.pages.set_up.camera_box.count() > 0)
            album.shoot("set-up-choose-camera", window, window.set_language)
        discard(window)
