"""What all pictures need: samples as a camera, what the real model sees in them, a shutter."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from posecoach._closing import Closing
from posecoach.analysis import Analyzer
from posecoach.capture.base import Frame
from posecoach.capture.replay import load_motion, save_motion
from posecoach.capture.video import VideoFile
from posecoach.coach.guidance import Guidance
from posecoach.journal.store import Journal
from posecoach.motion import Motion, Observation
from posecoach.pose.bundle import ensure_model
from posecoach.pose.person import PersonEstimator
from posecoach.reference.library import open_form
from posecoach.result import Analysis

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
FORMS = {
    "heavens": "two-hands-hold-up-the-heavens",
    "bow": "drawing-the-bow",
    "separating": "separating-heaven-and-earth",
}
LANGUAGES = ("en", "de")
SIZES = ((1366, 768), (1920, 1080))
LIMIT_S = 300.0

Image = NDArray[np.uint8]
Change = Callable[[Image, float], Image]


def form_of(clip: str) -> str:
    """Return the id of the form that is practised in a sample."""
    return FORMS[clip.split("-")[0]]


@cache
def watch(clip: str) -> Motion:
    """Return what the real model sees in a sample; it is kept in the user's cache."""
    video = SAMPLES / f"{clip}.mp4"
    kept = Path(platformdirs.user_cache_dir("posecoach")) / "pictures" / f"{clip}.npz"
    if kept.exists() and kept.stat().st_mtime > video.stat().st_mtime:
        return load_motion(kept)
    with VideoFile(video) as source, PersonEstimator(ensure_model()) as estimator:
        seen = [estimator.estimate(frame) for frame in source]
    motion = Motion.from_observations(seen, video.name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    save_motion(motion, kept)
    return motion


class Film(Closing):
    """A sample as a camera: it stops where one wants to look, and can play more than once.

    Parameters
    ----------
    clip : str
    times : int
        How often it plays, one after the other.
    change : callable, optional
        Gets each picture and its time, returns another one.
    until_s : float, optional
        Where it stops first.
    stand : int
        How often its first second, of quiet standing, comes before.
    """

    live = False

    def __init__(
        self,
        clip: str,
        *,
        times: int = 1,
        change: Change | None = None,
        until_s: float = float("inf"),
        stand: int = 0,
    ) -> None:
        self.path = SAMPLES / f"{clip}.mp4"
        self.name = self.path.name
        with VideoFile(self.path) as video:
            self.width, self.height, self.fps = video.width, video.height, video.fps
            self.frame_count = video.frame_count
        self._times, self._change, self._stand = times, change, stand
        self._until_s, self._moved = until_s, threading.Condition()
        self._closed = False
        self.waits = False
        """Whether it stands still."""

    def play_to(self, time_s: float) -> None:
        """Go on to another time."""
        with self._moved:
            self._until_s, self.waits = time_s, False
            self._moved.notify_all()

    def close(self) -> None:
        """End."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames, each when it may be seen."""
        began_s = last_s = 0.0
        for most_s in [1.0] * self._stand + [float("inf")] * self._times:
            with VideoFile(self.path) as video:
                for frame in video:
                    if frame.time_s >= most_s:
                        break
                    last_s = began_s + frame.time_s
                    if not self._may_show(last_s):
                        return
                    image = frame.image
                    if self._change is not None:
                        image = self._change(image, last_s)
                    yield replace(frame, image=image, time_s=last_s)
            began_s = last_s + 1.0 / self.fps

    def _may_show(self, time_s: float) -> bool:
        with self._moved:
            while time_s > self._until_s and not self._closed:
                self.waits = True
                self._moved.wait()
            return not self._closed


class Replay:
    """The model, as it saw a sample before: by a frame's number, at the frame's own time."""

    def __init__(self, clip: str) -> None:
        self._motion = watch(clip)

    def estimate(self, frame: Frame) -> Observation:
        """Return the body."""
        return replace(self._motion.at(frame.index), time_s=frame.time_s)

    def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Told:
    """What the coach says of a sample, and when."""

    cues: tuple[tuple[float, str], ...]
    praises: tuple[float, ...]
    analysis: Analysis


@cache
def tell(clip: str, times: int = 1) -> Told:
    """Return when cues and praise come in a sample."""
    analyzer = Analyzer(open_form(form_of(clip)), "en")
    motion = watch(clip)
    cues, praises, praised = [], [], False
    step = 1.0 / motion.fps
    for turn in range(times):
        for observation in motion:
            time_s = observation.time_s + turn * (motion.time_s[-1] + step)
            state = analyzer.step(replace(observation, time_s=time_s))
            if state.new_cue is not None:
                cues.append((state.time_s, state.new_cue.measure))
            if state.praise and not praised:
                praises.append(state.time_s)
            praised = state.praise
    return Told(tuple(cues), tuple(praises), analyzer.finish(clip))


# Practices of the last days, the newest last: form, clip, turns, days ago, hour, back, guidance.
PAST = (
    ("heavens-lean-left-emma", 2, 9, 18, (5, 4), Guidance()),
    ("heavens-left-late-ben", 3, 7, 7, (5, 5), Guidance()),
    ("heavens-clean-dirk-small", 2, 6, 19, (4, 3), Guidance(gentle=True)),
    ("heavens-clean-finn", 4, 3, 8, (4, None), Guidance()),
    ("bow-lean-right-dirk", 2, 2, 8, (3, 2), Guidance()),
    ("bow-clean-emma", 2, 1, 9, (None, None), Guidance()),
)


def keep_past() -> None:
    """Write some days of practice into the journal, as the window would have."""
    now = datetime.now(UTC)
    with Journal.open() as journal:
        for clip, turns, days, hour, (before, after), guidance in PAST:
            sequence, told = open_form(form_of(clip)), tell(clip, turns).analysis
            began = (now - timedelta(days=days)).replace(hour=hour, minute=12)
            writer = journal.start_session(
                sequence, "camera", "en", started_at=began, guidance=guidance, feeling_before=before
            )
            writer.finish(told, practised_s=turns * watch(clip).duration_s)
            if after is not None:
                journal.set_feeling(writer.id, after=after)


@contextmanager
def own_machine() -> Iterator[Path]:
    """Give a home of its own for a while: nothing of the user's is seen or touched."""
    names = [f"POSECOACH_{n}" for n in ("DATA", "FORMS", "CONFIG")]
    before = {n: os.environ.get(n) for n in names}
    with tempfile.TemporaryDirectory() as folder:
        for n in names:
            os.environ[n] = str(Path(folder) / n.rsplit("_", 1)[1].lower())
        try:
            yield Path(folder)
        finally:
            for n, value in before.items():
                if value is None:
                    del os.environ[n]
                else:
                    os.environ[n] = value


def rest(ms: int) -> None:
    """Let the window work for a while, and other threads beside it."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def wait(true: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
    """Let the window work until something is so."""
    for _ in range(round(limit_s / 0.02)):
        if true():
            return
        rest(20)
    raise TimeoutError("waited in vain")


def take(window: QWidget, question: QWidget | None = None) -> QPixmap:
    """Return a picture of a window: from the screen if there is one, with what stands over it."""
    if QGuiApplication.platformName() == "xcb":
        window.raise_()
        rest(60)
        return window.screen().grabWindow(int(window.winId()))
    picture = window.grab()
    if question is not None and question.isVisible():
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 130))
        over = question.grab()
        left = (picture.width() - over.width()) // 2
        painter.drawPixmap(QPoint(left, (picture.height() - over.height()) // 3), over)
        painter.end()
    return picture


class Album:
    """The folder the pictures go to.

    Parameters
    ----------
    folder : Path
    languages : sequence of str
    sizes : sequence of (int, int)
    """

    def __init__(
        self,
        folder: Path,
        languages: tuple[str, ...] = LANGUAGES,
        sizes: tuple[tuple[int, int], ...] = SIZES,
    ) -> None:
        self.folder, self.languages, self.sizes = folder, languages, sizes
        self._taken: Counter[str] = Counter()
        folder.mkdir(parents=True, exist_ok=True)

    def shoot(
        self,
        name: str,
        window: QWidget,
        speak: Callable[[str], object],
        ready: Callable[[], object] = lambda: None,
    ) -> None:
        """Take a window in each size and language, switched while it stands.

        Parameters
        ----------
        name : str
        window : QWidget
        speak : callable
            Switches the window's language.
        ready : callable
            Called before each picture.
        """
        for size in self.sizes:
            window.resize(*size)
            for language in self.languages:
                speak(language)
                ready()
                rest(120)
                self.save(f"{name}-{language}-{size[0]}", take(window))
        speak(self.languages[0])

    def save(self, name: str, picture: QPixmap) -> None:
        """Write one picture."""
        self._taken[name] += 1
        if self._taken[name] > 1:
            raise ValueError(f"two pictures are called {name}")
        picture.save(str(self.folder / f"{name}.png"))
        print(name, flush=True)


def shift(image: Image, *, zoom: float = 1.0, right: float = 0.0, down: float = 0.0) -> Image:
    """Return a picture as a camera would see it that is nearer or looks elsewhere.

    Parameters
    ----------
    image : (height, width, 3) array
    zoom : float
    right, down : float
        By so much of width and height what is in the picture moves.
    """
    height, width = image.shape[:2]
    x = 0.5 * width * (1 - zoom) + right * width
    y = 0.5 * height * (1 - zoom) + down * height
    how = np.array([[zoom, 0, x], [0, zoom, y]])
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(image, how, (width, height), borderMode=border), np.uint8)


@cache
def empty_room(clip: str) -> Image:
    """Return the room of a sample with nobody in it."""
    import tomllib

    sys.path.insert(0, str(SAMPLES))
    from people.body import load_body
    from people.camera import fit_camera
    from people.room import draw_room

    spec = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))["clips"][clip]
    view = dict(spec.get("camera", {}))
    size = tuple(view.pop("size", (640, 480)))
    camera = fit_camera(size, load_body(spec["body"]).height, **view)
    picture = draw_room(camera, spec.get("room", 1), spec.get("light", 1.0), 2)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
