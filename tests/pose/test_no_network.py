"""Nothing leaves the machine: the pose model opens no socket, from start to close.

Later versions of MediaPipe send usage metrics when a landmarker is closed and every minute; the
range of versions is kept below them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import requires, version

import pytest

from conftest import ROOT

CLIP = ROOT / "samples" / "heavens-clean-dirk-small.mp4"

# Runs in a process of its own: hears of every socket Python makes, and counts those native code
# holds, which Python hears nothing of.
SCRIPT = """
import os, sys

told = []
sys.addaudithook(lambda event, args: told.append(event) if event.startswith("socket.") else None)

def sockets():
    if not os.path.isdir("/proc/self/fd"):
        return []
    links = []
    for fd in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{fd}"))
        except OSError:
            pass
    return [x for x in links if x.startswith("socket:")]

inherited = set(sockets())
from posecoach.capture.video import VideoFile
from posecoach.pose.landmarker import MediaPipeEstimator

model, clip = sys.argv[1:]
held, found = set(), 0
with VideoFile(clip) as video:
    with MediaPipeEstimator(model) as estimator:
        for frame in video:
            found += estimator.estimate(frame).found
            held |= set(sockets())
            if frame.index == 60:
                break
    held |= set(sockets())
import time
for _ in range(20):
    time.sleep(0.1)
    held |= set(sockets())
print(found, sorted(set(told)), sorted(held - inherited))
"""


def test_the_model_runs_and_closes_without_a_socket(model):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(model), str(CLIP)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found, events, held = re.fullmatch(r"(\d+) (\[.*\]) (\[.*\])\n", done.stdout).groups()
    assert int(found) > 50
    assert (events, held) == ("[]", "[]")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_system_call_for_the_network(model, tmp_path):
    """A socket opened and closed between two looks would be in the trace of system calls."""
    log = tmp_path / "calls"
    trace = ["strace", "-f", "-qq", "-e", "trace=socket,connect,sendto", "-o", str(log)]
    done = subprocess.run(
        [*trace, sys.executable, "-c", SCRIPT, str(model), str(CLIP)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if "ptrace" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip("tracing is not allowed here")
    assert done.returncode == 0, done.stderr
    calls = [c for c in log.read_text().splitlines() if "AF_INET" in c or "connect(" in c]
    assert calls == []


def test_mediapipe_is_one_of_the_versions_that_send_nothing():
    assert (0, 10, 32) <= tuple(map(int, version("mediapipe").split(".")[:3])) < (0, 10, 35)
    (wanted,) = (r for r in requires("posecoach") if r.startswith("mediapipe"))
    assert re.search(r"<0\.10\.35\b", wanted)
    with (ROOT / "pyproject.toml").open("rb") as file:
        listed = tomllib.load(file)["project"]["dependencies"]
    assert "mediapipe>=0.10.32,<0.10.35" in listed
