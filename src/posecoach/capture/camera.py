"""A camera as a source of frames: its own reader thread, and always the newest frame."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach._closing import Closing
from posecoach.capture._slot import NewestSlot
from posecoach.capture.base import Frame
from posecoach.errors import CameraError, UsageError

_ROTATE = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
_RETRY_S = 0.01  # between two attempts to read when a read failed
_REOPEN_EVERY_S = 0.5
_STUCK_S = 5.0  # a driver that blocks for so long beyond all patience is given up
_JOIN_S = 2.5
_PROBED = 4  # camera numbers tried where the system's list cannot be read


class Capture(Protocol):
    """What is used of ``cv2.VideoCapture``."""

    def isOpened(self) -> bool:  # noqa: N802
        """Return whether the camera could be opened."""
        ...

    def grab(self) -> bool:
        """Wait for the next picture; False if none came."""
        ...

    def retrieve(self) -> tuple[bool, Any]:
        """Decode the picture that was grabbed."""
        ...

    def get(self, prop: int) -> float:
        """Return a property."""
        ...

    def set(self, prop: int, value: float) -> bool:
        """Ask for a property; cameras may answer with another."""
        ...

    def release(self) -> None:
        """Let go of the camera."""
        ...


Opener = Callable[[int], Capture]


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera the system knows: its number and its name."""

    index: int
    name: str

    def __str__(self) -> str:
        return f"{self.index} ({self.name})"


def list_cameras() -> list[CameraInfo]:
    """Return the cameras the system knows, by number; none of them is opened for it."""
    silence_opencv()
    try:
        from cv2_enumerate_cameras import enumerate_cameras

        found = enumerate_cameras(_BACKENDS.get(sys.platform, cv2.CAP_ANY))
    except (ImportError, OSError, NotImplementedError):
        return _probe()
    by_index = {int(c.index): str(c.name or f"camera {c.index}") for c in found}
    return [CameraInfo(index, by_index[index]) for index in sorted(by_index)]


def _probe() -> list[CameraInfo]:
    found = []
    for index in range(_PROBED):
        capture = open_with_opencv(index)
        if capture.isOpened():
            found.append(CameraInfo(index, f"camera {index}"))
        capture.release()
    return found


def silence_opencv() -> None:
    """Keep OpenCV's own messages off stderr; posecoach says what is wrong itself."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def open_with_opencv(index: int) -> Capture:
    """Open a camera by its number with the system's own interface."""
    silence_opencv()
    # How long V4L2 may block in one read; the default of 10 s hides an unplugged camera.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
    capture: Capture = cv2.VideoCapture(index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))
    return capture


def find_refusal(camera: CameraInfo, system: str = sys.platform) -> str:
    """Return whether a camera that is there is ``"refused"`` or, as far as known, ``"busy"``."""
    device = Path(f"/dev/video{camera.index}")
    denied = device.exists() and not os.access(device, os.R_OK | os.W_OK)
    return "refused" if system.startswith("linux") and denied else "busy"


def explain_refusal(camera: CameraInfo, system: str = sys.platform) -> str:
    """Return one line on why a camera that is there cannot be opened, and what to do."""
    told = f"Expected to open camera {camera} but"
    if system.startswith("linux"):
        if find_refusal(camera, system) == "refused":
            device = Path(f"/dev/video{camera.index}")
            help_ = "join the group 'video' (sudo usermod -aG video $USER) and log in again"
            return f"{told} you may not use {device}; {help_}."
        help_ = "close it (video call, browser) and try again"
        return f"{told} it refused, most likely because another program uses it; {help_}."
    where = {
        "darwin": "System Settings > Privacy & Security > Camera, for the terminal or app",
        "win32": "Settings > Privacy & security > Camera, 'Let desktop apps access your camera'",
    }.get(system, "the system's privacy settings")
    return (
        f"{told} it is in use or not allowed; close other programs that use it "
        f"and allow it in {where}."
    )


def find_camera(wanted: int | str | None, cameras: list[CameraInfo]) -> CameraInfo:
    """Return the camera of a number, a name, part of a name, or (None) the first one.

    Raises
    ------
    CameraError
        There is none, none of that number or name, or several of that name.
    """
    if not cameras:
        raise CameraError(
            "Expected a camera but this computer has none that can be seen; "
            "plug one in, or give a video file with --source.",
            "none",
        )
    if wanted is None:
        return cameras[0]
    there = ", ".join(str(c) for c in cameras)
    text = str(wanted).strip()
    number = text.removeprefix("/dev/video")
    if number.isdecimal():
        matches = [c for c in cameras if c.index == int(number)]
    else:
        matches = [c for c in cameras if c.name.casefold() == text.casefold()][:1]
        if text:
            matches = matches or [c for c in cameras if text.casefold() in c.name.casefold()]
    if len(matches) > 1:
        raise CameraError(
            f"Expected the name of one camera but {text!r} fits {len(matches)}; "
            f"give its number: {', '.join(str(c) for c in matches)}.",
            "unknown",
        )
    if not matches:
        raise CameraError(
            f"Expected camera {text!r} but there is only {there}; choose one of them.", "unknown"
        )
    return matches[0]


class Camera(Closing):
    """A camera, read by its own thread; iterating gives the newest frame and waits for it.

    Parameters
    ----------
    index_or_name : int or str, optional
        Number, name or part of a name; by default the first camera there is.
    width, height, fps : int
        What the camera is asked for; what it gives is in the attributes of these names.
    rotation : {0, 90, 180, 270}
        Degrees clockwise by which every picture is turned.
    opener : callable
        Opens a camera by its number.
    cameras : callable
        Lists the cameras.
    first_picture_s, gone_s, reopen_s : float
        Seconds to wait for the first picture; without a picture until the camera counts as gone;
        and for which it is then tried again.

    Raises
    ------
    CameraError
        There is no camera, not this one, it may not be used, or it gives no picture. Iterating
        raises it when the camera went away and did not come back.
    UsageError
        The rotation is none of the four.
    """

    live = True
    frame_count: int | None = None

    def __init__(
        self,
        index_or_name: int | str | None = None,
        width: int = 1280,
        height: int = 720,
        fps: float = 30,
        *,
        rotation: int = 0,
        opener: Opener = open_with_opencv,
        cameras: Callable[[], list[CameraInfo]] = list_cameras,
        first_picture_s: float = 5.0,
        gone_s: float = 2.0,
        reopen_s: float = 8.0,
    ) -> None:
        if rotation not in (0, *_ROTATE):
            raise UsageError(f"Expected a rotation of 0, 90, 180 or 270 but got {rotation}.")
        self.rotation = rotation
        self.reconnecting = False
        self._wanted = (width, height, fps)
        self._opener, self._cameras = opener, cameras
        self._gone_s, self._reopen_s = gone_s, reopen_s
        self.info = find_camera(index_or_name, cameras())
        self.name = self.info.name
        self.width = self.height = 0  # until the first picture
        self.fps = float(fps)
        self._count = 0
        self._last_s = -1.0
        self._slot = NewestSlot()
        self._stop = threading.Event()
        # Opened here and not in the thread: macOS asks for permission only on the main thread.
        capture = self._open(self.info)
        if capture is None:
            raise CameraError(explain_refusal(self.info), find_refusal(self.info))
        self._began = time.monotonic()
        self._reader = threading.Thread(
            target=self._read_all, args=(capture,), name="posecoach-camera", daemon=True
        )
        self._reader.start()
        try:
            arrived = self._slot.wait(first_picture_s)
        except BaseException:
            self.close()
            raise
        if not arrived:
            self.close()
            raise CameraError(
                f"Expected a picture from camera {self.info} but none came in "
                f"{first_picture_s:g} s; open its shutter, close other programs that use it, "
                "or plug it in again.",
                "silent",
            )

    @property
    def dropped(self) -> int:
        """Frames that came while the consumer was busy and were replaced by newer ones."""
        return self._slot.dropped

    def now_s(self) -> float:
        """Return the present moment on the clock of the frames' times, in seconds."""
        return time.monotonic() - self._began

    def __iter__(self) -> Iterator[Frame]:
        """Yield the newest frame each time, waiting for one that is new; ends when closed."""
        patience = self._gone_s + self._reopen_s + _STUCK_S
        while True:
            try:
                frame = self._slot.take(patience)
            except TimeoutError:
                raise self._gone() from None
            if frame is None:
                return
            yield frame

    def close(self) -> None:
        """Let go of the camera; may be called twice and from any thread."""
        self._stop.set()
        self._slot.shut()
        # A driver that blocks is not waited for: the thread lets go of the camera when it returns.
        if threading.current_thread() is not self._reader:
            self._reader.join(_JOIN_S)

    # Only the thread that reads touches the capture once it runs.

    def _open(self, camera: CameraInfo) -> Capture | None:
        try:
            capture = self._opener(camera.index)
        except cv2.error:
            return None
        if not capture.isOpened():
            capture.release()
            return None
        width, height, fps = self._wanted
        # Compressed first: uncompressed 720p is 10 frames a second over USB 2.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        capture.set(cv2.CAP_PROP_FPS, fps)
        told = float(capture.get(cv2.CAP_PROP_FPS))
        self.fps = told if 1.0 <= told <= 240.0 else float(fps)
        return capture

    def _read_all(self, capture: Capture | None) -> None:
        last = opened = time.monotonic()
        try:
            while not self._stop.is_set():
                at = self._read_one(capture) if capture is not None else None
                if at is not None:
                    last, self.reconnecting = at, False
                    continue
                if self._stop.wait(_RETRY_S if capture is not None else _REOPEN_EVERY_S):
                    break
                now = time.monotonic()
                if self._count == 0 or now - max(last, opened) < self._gone_s:
                    continue  # before the first picture, the constructor watches the time
                if now - last > self._gone_s + self._reopen_s:
                    self._slot.end(self._gone())
                    return
                self.reconnecting = True
                if capture is not None:
                    capture.release()
                capture = None  # should opening fail, there is nothing left to release
                capture = self._open(self._find_again())
                opened = time.monotonic() if capture is not None else opened
        except Exception as error:
            self._slot.end(error)
        finally:
            if capture is not None:
                capture.release()
            self._slot.end()

    def _read_one(self, capture: Capture) -> float | None:
        """Publish one picture; return when it came, or None if none did."""
        try:
            if not capture.grab():
                return None
            at = time.monotonic()
            ok, picture = capture.retrieve()
            if not ok or picture is None or picture.size == 0:
                return None
            image = self._prepare(picture)
        except cv2.error:
            return None
        # Two frames fetched in a burst must not share a time.
        self._last_s = max(at - self._began, self._last_s + 1e-4)
        self._slot.put(Frame(image, self._last_s, self._count))
        self._count += 1
        return at

    def _prepare(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the picture in three colours, turned, in the size of the first one."""
        image: Any = picture
        if image.ndim == 2 or image.shape[2] == 1:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        elif image.shape[2] == 4:
            image = cv2.cvtColor(image, cv2.COLOR_BGRA2BGR)
        if self.rotation:
            image = cv2.rotate(image, _ROTATE[self.rotation])
        if self._count == 0:
            self.height, self.width = image.shape[:2]
        elif image.shape[:2] != (self.height, self.width):
            image = _fit(image, self.width, self.height)
        return np.ascontiguousarray(image)

    def _find_again(self) -> CameraInfo:
        """Return the same camera: plugged in again it may have another number."""
        there = self._cameras()
        same = [c for c in there if c.name == self.info.name]
        return next((c for c in same if c.index == self.info.index), (same or [self.info])[0])

    def _gone(self) -> CameraError:
        return CameraError(
            f"Expected pictures from camera {self.info} but it stopped giving any "
            f"and did not come back; plug it in again and start once more.",
            "gone",
        )


def _fit(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return the picture in another size, its proportions kept, black beside it."""
    scale = min(width / image.shape[1], height / image.shape[0])
    w, h = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    out = np.zeros((height, width, 3), np.uint8)
    x, y = (width - w) // 2, (height - h) // 2
    out[y : y + h, x : x + w] = cv2.resize(image, (w, h))
    return out
