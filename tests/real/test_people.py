"""A real clip of real people through the real model.

The package sports2d ships it (BSD-3-Clause): a sunset against the lens, two people, one walking
by, seen from the side; nobody does qigong. It is fetched once into the user's cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from posecoach.coach.session import Session
from posecoach.coach.state import Status
from posecoach.reference.library import find_forms, open_form

pytestmark = pytest.mark.slow

PACKAGE = "sports2d==0.8.34"
MEMBER = "Sports2D/Demo/demo.mp4"
LICENCE = "sports2d-0.8.34.dist-info/licenses/LICENSE"
SHA256 = "d9a66417185647b112304b57093f0c180f37a768e6a14daca75ca541f3b78039"
STEP = 2
_OFFLINE = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def street():
    """Return the clip; skip only where there is no network and it has never been fetched."""
    base = os.environ.get("POSECOACH_CACHE") or platformdirs.user_cache_dir("posecoach")
    folder = Path(base) / "test-data"
    video = folder / "sports2d-demo.mp4"
    if not video.is_file() or digest(video) != SHA256:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as tmp:
            fetch(Path(tmp))
            (wheel,) = Path(tmp).glob("*.whl")
            with zipfile.ZipFile(wheel) as z:
                z.extract(MEMBER, tmp)
                (folder / "sports2d-LICENSE").write_bytes(z.read(LICENCE))
            assert digest(Path(tmp) / MEMBER) == SHA256
            (Path(tmp) / MEMBER).replace(video)
    return video


def fetch(folder: Path) -> None:
    """Have pip fetch the package's wheel without what it needs, so that mirrors count."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        pip = [shutil.which("pip") or "pip"]
    command = [*pip, "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--retries=2", "--timeout=20"]
    done = subprocess.run(
        [*command, "--dest", str(folder), PACKAGE], capture_output=True, text=True, check=False
    )
    if done.returncode and any(sign in done.stderr for sign in _OFFLINE):
        pytest.skip(f"no network to fetch {PACKAGE} with, and it has not been fetched before")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def walkers(watcher, street):
    return watcher.watch(street, STEP)


def test_the_one_on_the_roof_is_kept_and_who_walks_by_is_not_followed(walkers):
    """He leaps down after six seconds; the model by itself then goes on with the woman."""
    assert len(walkers) == 230 // STEP
    on_the_roof = walkers.time_s < 5.5
    assert walkers.found[on_the_roof].mean() > 0.9
    hips = walkers.image[:, [23, 24]].mean(axis=1)
    low_left = walkers.found & (hips[:, 0] < 0.35) & (hips[:, 1] > 0.5)
    assert not low_left.any()
    assert (walkers.width, walkers.height) == (1768, 994)


def test_where_the_model_says_it_sees_somebody_there_is_a_body(walkers):
    """One of the two is where they are, upright, and of a plausible size."""
    plane = walkers.plane()[walkers.found]
    height = plane[:, [27, 28], 1].mean(axis=1) - plane[:, 0, 1]
    assert (np.median(height) > 0.25) & (np.median(height) < 0.6)
    middle = walkers.image[walkers.found][:, [11, 12, 23, 24], 0].mean(axis=1)
    assert 0.2 < np.median(middle) < 0.9


@pytest.mark.parametrize("form", sorted(find_forms()))
def test_passers_by_are_not_coached(walkers, form):
    session = Session(open_form(form))
    states = [session.step(o) for o in walkers]
    session.finish()
    assert session.cues == []
    assert session.repetitions == []
    assert 0.5 < session.seen <= 1
    # He faces the camera and then turns aside; the first frames must not settle left and right.
    assert session.view == "front"
    assert session.views.get("back", 0) < session.views["front"]
    for state in states:
        assert isinstance(state.status, Status)
        assert state.place_s is None or 0 <= state.place_s <= state.duration_s
        assert 0 <= state.certainty <= 1
        assert state.tempo is None or 0 <= state.tempo < 5
        # Nothing is said of the frontal plane of somebody who turns, squats and leaps.
        assert not any(j.judged for m, j in state.judgements.items() if m != "tempo_ratio")
