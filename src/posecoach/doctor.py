"""What works on this computer, and what to do about what does not.

Each check catches its own errors and says in plain words what it found. Nothing is downloaded
unless asked for, nothing is kept, and no picture leaves the memory.
"""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach._system import (
    NEEDED_LIBRARIES,
    Check,
    check_disk,
    check_display,
    check_folders,
    check_libraries,
    check_packages,
    check_python,
    check_sound,
)
from posecoach.capture.base import Frame, FrameSource
from posecoach.capture.light import measure_brightness
from posecoach.coach.setting_up import BLACK, BRIGHT, DARK
from posecoach.errors import PosecoachError, make_one_line
from posecoach.motion import Observation

__all__ = ["Check", "exit_status", "format_check", "run_checks"]

MIN_FPS, GOOD_FPS = 12.0, 24.0
TIMED, WARM_UP = 30, 3
_KEPT_BYTES = 100_000_000
_BODY_FOUND = 0.5  # share of frames from which on a body counts as in view

_OBSTACLES: Mapping[str, str] = {
    "too_small": "it is too small to judge; come closer: 2 to 4 m is right",
    "cut_off": "part of it is outside the picture; step back until head, hands and feet are in it",
    "hidden": "the hips are hidden; move what stands before them, or step back",
}


def run_checks(
    camera: int | str | None = None,
    model: str | None = None,
    *,
    source: str | None = None,
    seconds: float = 3.0,
    fetch: bool = False,
) -> Iterator[Check]:
    """Yield one check after the other, each as soon as it is done.

    Parameters
    ----------
    camera : int or str, optional
        Number or name; by default the first there is.
    model : str, optional
        ``lite``, ``full``, ``heavy`` or the path of a ``.task`` file.
    source : str, optional
        A video file that stands in for camera and person. What is wrong with its picture, and a
        missing screen, is then no fault of the computer.
    seconds : float
        How long the camera is watched.
    fetch : bool
        Whether a pose model that is not there may be downloaded.
    """
    e = _Examination(camera, model, source, seconds, fetch)
    for name, check in (
        ("python", check_python),
        ("packages", check_packages),
        ("libraries", check_libraries),
        ("folders", check_folders),
        ("disk", check_disk),
        ("model", e.check_model),
        ("camera", e.check_camera),
        ("light", e.check_light),
        ("body", e.check_body),
        ("speed", e.check_speed),
        ("display", lambda: check_display(None if source else False)),
        ("sound", check_sound),
    ):
        yield _guard(name, check)


def exit_status(checks: Iterable[Check]) -> int:
    """Return 0 if everything that is needed works, otherwise 1."""
    return int(any(c.ok is False for c in checks))


def format_check(check: Check) -> str:
    """Return a check as one line, and a second one if there is advice."""
    mark = {True: "ok", False: "NO", None: "--"}[check.ok]
    line = f"{mark}  {check.name:<10} {make_one_line(check.found)}"
    return line if check.advice is None else f"{line}\n{'':<14} -> {make_one_line(check.advice)}"


def _guard(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except PosecoachError as error:
        found, semicolon, advice = str(error).partition("; ")
        return Check(name, False, found, advice if semicolon else None)
    except ImportError as error:
        packages = " ".join(NEEDED_LIBRARIES.values())
        return Check(
            name,
            False,
            f"cannot be loaded ({error})",
            "install posecoach again; on Debian or Ubuntu also: sudo apt-get install " + packages,
        )
    except Exception as error:  # a check must never keep the others from being made
        told = f"could not be checked: {type(error).__name__} ({error})"
        return Check(name, False, told, "try again; if it stays so, report this line")


@dataclass(frozen=True)
class _Watch:
    """What was seen of a source's pictures."""

    luma: float
    frozen: bool
    frames: list[Frame]


class _Examination:
    """The checks that need one another's results: model, pictures, body, speed."""

    def __init__(
        self,
        camera: int | str | None,
        model: str | None,
        source: str | None,
        seconds: float,
        fetch: bool,
    ) -> None:
        self._camera, self._model, self._source = camera, model, source
        self._seconds, self._fetch = seconds, fetch
        self._picture_is_bad = None if source else False
        self._bundle: Path | None = None
        self._watch: _Watch | None = None
        self._times_ms: list[float] = []
        self._found = 0.0

    def check_model(self) -> Check:
        from posecoach.pose import bundle

        wanted = self._model or os.environ.get(bundle.MODEL_ENV) or "full"
        if wanted in bundle.VARIANTS:
            path = bundle.get_cache_dir() / f"pose_landmarker_{wanted}.task"
            if not self._fetch and not bundle._is_intact(path):
                what = "damaged" if path.is_file() else "not here yet"
                return Check(
                    "model",
                    False,
                    f"the pose model ({wanted}) is {what}",
                    "run once with a network: python -m posecoach.pose (about 40 MB), or bring "
                    "one with --model FILE.task",
                )
        path = self._bundle = bundle.ensure_model(wanted)
        what = f"{wanted}, intact" if wanted in bundle.VARIANTS else "your own"
        return Check("model", True, f"{what}, {path.stat().st_size / 1e6:.1f} MB, {path}")

    def check_camera(self) -> Check:
        if self._source is not None:
            from posecoach.capture.video import VideoFile

            with VideoFile(self._source) as video:
                return self._watch_source(video, f"{video.name} stands in")
        from posecoach.capture import camera

        there = camera.list_cameras()
        with camera.Camera(self._camera) as source:
            others = f" (of {', '.join(str(c) for c in there)})" if len(there) > 1 else ""
            return self._watch_source(source, f"{source.name}{others}")

    def _watch_source(self, source: FrameSource, name: str) -> Check:
        frames: deque[Frame] = deque(maxlen=TIMED)
        times: list[float] = []
        lumas: list[float] = []
        changes = 0
        last: NDArray[np.uint8] | None = None
        give_up = time.monotonic() + 2 * self._seconds + 5
        for frame in source:
            if not times:
                frames = deque(maxlen=max(2, min(TIMED, _KEPT_BYTES // frame.image.nbytes)))
            frames.append(frame)
            times.append(frame.time_s)
            small = frame.image[::4, ::4]
            lumas.append(measure_brightness(frame.image))
            changes += last is not None and not np.array_equal(small, last)
            last = small
            if times[-1] - times[0] >= self._seconds or time.monotonic() > give_up:
                break
        if len(times) < 2:
            return Check(
                "camera",
                False,
                f"{name}: {len(times)} pictures",
                "plug the camera in again, or choose another with --camera N",
            )
        # The first pictures are those in which a camera still finds its exposure.
        self._watch = _Watch(float(np.median(lumas[len(lumas) // 3 :])), changes == 0, [*frames])
        fps = (len(times) - 1) / max(times[-1] - times[0], 1e-6)
        found = f"{name}, {source.width}x{source.height}, {fps:.1f} frames a second"
        if fps >= GOOD_FPS - 1:
            return Check("camera", True, found)
        slow = "add light: cameras slow down in the dark; or close other programs that use it"
        return Check("camera", fps >= MIN_FPS or self._picture_is_bad, found, slow)

    def check_light(self) -> Check:
        if self._watch is None:
            return Check("light", None, "not known without a picture")
        luma = self._watch.luma
        found = f"brightness {luma:.0f} of 255"
        bad = self._picture_is_bad
        if luma < BLACK:
            return Check("light", bad, f"{found}: black", "open the camera's shutter or cap")
        if self._watch.frozen:
            told = f"{found}; all pictures are exactly the same"
            return Check("light", bad, told, "the camera hangs: plug it in again, or restart")
        if luma < DARK:
            return Check("light", bad, f"{found}: too dark", "switch on a lamp in front of you")
        if luma > BRIGHT:
            told = "turn the camera away from window or lamp"
            return Check("light", bad, f"{found}: too bright", told)
        return Check("light", True, found)

    def check_body(self) -> Check:
        if self._bundle is None:
            return Check("body", None, "not known without the pose model")
        seen = self._estimate(self._bundle)
        if self._watch is None:
            return Check("body", None, "not known without a picture")
        bodies = [o for o in seen if o.found]
        self._found = len(bodies) / len(seen)
        share = f"seen in {100 * self._found:.0f} % of {len(seen)} pictures"
        if self._found < _BODY_FOUND:
            told = "stand 2 to 4 m before the camera, whole body in the picture, and try again"
            return Check("body", None, share, told)
        from posecoach.posture.view import find_obstacle

        tall = 100 * float(np.median([_measure_height(o) for o in bodies]))
        share += f", about {tall:.0f} % of the picture's height"
        ((obstacle, _),) = Counter(find_obstacle(o) for o in bodies).most_common(1)
        if obstacle is not None:
            what, _, advice = _OBSTACLES.get(obstacle, f"{obstacle}; try again").partition("; ")
            return Check("body", None, f"{share}; {what}", advice)
        return Check("body", True, share)

    def _estimate(self, bundle: Path) -> list[Observation]:
        """Run the model over the pictures kept, there and back, or over an empty one."""
        from posecoach.pose.landmarker import MediaPipeEstimator

        if self._watch is not None:
            images = [f.image for f in self._watch.frames]
        else:
            images = [np.full((720, 1280, 3), 128, np.uint8)]
        seen = []
        with MediaPipeEstimator(bundle) as estimator:
            back_and_forth = cycle([*images, *images[-2:0:-1]])
            for k, image in enumerate(islice(back_and_forth, WARM_UP + TIMED)):
                began = time.perf_counter()
                seen.append(estimator.estimate(Frame(image, k / 30, k)))
                self._times_ms.append(1000 * (time.perf_counter() - began))
        return seen[WARM_UP:]

    def check_speed(self) -> Check:
        if not self._times_ms:
            return Check("speed", None, "not known: the pose model did not run")
        ms = float(np.median(self._times_ms[WARM_UP:]))
        fps = 1000 / ms
        if self._found < _BODY_FOUND:
            return Check(
                "speed",
                None,
                f"searching for a body: {ms:.0f} ms a picture; following one was not measured",
                "stand before the camera, or give a video of a person with --source",
            )
        found = f"pose model: {ms:.0f} ms a picture, enough for {fps:.0f} a second"
        if fps >= GOOD_FPS:
            return Check("speed", True, found)
        return Check(
            "speed", fps >= MIN_FPS, found, "close other programs, plug in power, or --model lite"
        )


def _measure_height(o: Observation) -> float:
    """Return how much of the picture's height the points that are seen span."""
    y = o.image[:, 1][(o.visibility >= 0.5) & np.isfinite(o.image[:, 1])]
    return float(np.ptp(np.clip(y, 0.0, 1.0))) if len(y) else 0.0
