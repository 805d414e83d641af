"""What all tests share: nothing of the user's is touched, and clips are watched only once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from filelock import FileLock

from posecoach.capture.replay import load_motion
from posecoach.cli import main
from posecoach.pose.bundle import ensure_model

ROOT = Path(__file__).parents[1]
WATCH = Path(__file__).parent / "real" / "watch.py"


@pytest.fixture(scope="session", autouse=True)
def own_forms(tmp_path_factory):
    """Keep the user's own forms and sessions out of reach, also of other processes."""
    folder = tmp_path_factory.mktemp("own-forms")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSECOACH_FORMS", str(folder))
        patch.setenv("POSECOACH_DATA", str(tmp_path_factory.mktemp("own-data")))
        patch.setenv("POSECOACH_CONFIG", str(tmp_path_factory.mktemp("own-config")))
        patch.delenv("POSECOACH_VERBOSE", raising=False)
        yield folder


@pytest.fixture(scope="session")
def model():
    """Return the real ``full`` model; ``make test`` has put it into the user's cache."""
    return ensure_model("full")


class Watcher:
    """Runs the real model over videos, each once, two at a time, in processes of their own."""

    def __init__(self, model: Path, folder: Path):
        self._model, self._folder = model, folder
        self._pool = ThreadPoolExecutor(min(2, os.cpu_count() or 1))
        self._jobs: dict[tuple[Path, int], Future[Path]] = {}

    def start(self, video: Path, step: int = 1) -> Future[Path]:
        """Have every ``step``-th frame of a video watched; the answer is a landmark recording."""
        if (video, step) not in self._jobs:
            self._jobs[video, step] = self._pool.submit(self._watch, video, step)
        return self._jobs[video, step]

    def watch(self, video: Path, step: int = 1):
        """Return what the model sees in a video."""
        return load_motion(self.start(video, step).result())

    def close(self):
        self._pool.shutdown(cancel_futures=True)

    def _watch(self, video: Path, step: int) -> Path:
        out = self._folder / f"{video.stem}-{step}.npz"
        # Several test processes share the folder: whoever comes first watches, the others wait.
        with FileLock(out.with_suffix(".lock")):
            if not out.exists():
                whole = out.with_name(f"half-{out.name}")
                what = [str(a) for a in (WATCH, self._model, video, step, whole)]
                done = subprocess.run(
                    [sys.executable, *what], capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stderr
                whole.rename(out)
        return out


@pytest.fixture(scope="session")
def watcher(model, tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the one that all of them share
    folder = base / "watched"
    folder.mkdir(exist_ok=True)
    watcher = Watcher(model, folder)
    yield watcher
    watcher.close()


@dataclass(frozen=True)
class Ran:
    """What a command line left."""

    status: int
    out: str
    err: str

    def refused(self, status: int, *words: str) -> None:
        """Check that it ended with one line that names what is wrong."""
        assert self.status == status, self.err or self.out
        assert len(self.err.splitlines()) == 1, self.err
        assert self.err.startswith("posecoach: ")
        for word in words:
            assert word in self.err

    def went_well(self) -> None:
        """Check that it did its work and complained of nothing."""
        assert (self.status, self.err) == (0, "")


@pytest.fixture
def run(capfd):
    """Return what runs a command line in this process; native code's output counts too."""

    def call(*arguments: object) -> Ran:
        capfd.readouterr()
        try:
            status: object = main([str(a) for a in arguments])
        except SystemExit as end:
            status = end.code
        told = capfd.readouterr()
        assert "Traceback" not in told.err
        return Ran(int(status or 0), told.out, told.err)  # type: ignore[call-overload]

    return call


@pytest.fixture(scope="session")
def write_video():
    """Return what writes pictures into a small video, as any camera program would."""

    def write(path: Path, images: Iterable[np.ndarray], fps: float = 15.0) -> Path:
        writer = None
        for image in images:
            if writer is None:
                height, width = image.shape[:2]
                code = cv2.VideoWriter.fourcc(*"mp4v")
                writer = cv2.VideoWriter(str(path), code, fps, (width, height))
            writer.write(image)
        assert writer is not None
        writer.release()
        return path

    return write


@pytest.fixture(scope="session")
def empty_room(tmp_path_factory, write_video):
    """Return a video in which nobody is."""
    grey = np.full((240, 320, 3), 120, np.uint8)
    return write_video(tmp_path_factory.mktemp("room") / "room.mp4", [grey] * 20)
