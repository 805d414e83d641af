import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from posecoach.pose.quiet import quiet_stderr

FILES = Path("/proc/self/fd")
CHATTER = (
    b"W0000 00:00:1763.2 12 landmark_projection.cc:78] Using NORM_RECT without IMAGE_DIMENSIONS\n",
    b"I0000 00:00:1763.2 12 gl_context.cc:357] GL version: 3.2\n",
    b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n",
    b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
)


@pytest.mark.parametrize("line", CHATTER)
def test_chatter_is_held_back(capfd, line):
    with quiet_stderr():
        os.write(2, line)
    assert capfd.readouterr().err == ""


def test_what_is_wrong_is_told(capfd):
    with quiet_stderr():
        os.write(2, CHATTER[0] + b"E0000 00:00:1763.2 12 x.cc:1] broken\n" + CHATTER[1] + b"bad\n")
        print("and so is Python's own", file=sys.stderr)
    told = capfd.readouterr().err
    assert "broken" in told
    assert "bad" in told
    assert "Python's own" in told
    assert "NORM_RECT" not in told


def test_after_an_error_the_stream_is_back(capfd):
    def fail():
        with quiet_stderr():
            os.write(2, b"last words\n")
            raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        fail()
    os.write(2, b"and on\n")
    assert capfd.readouterr().err == "last words\nand on\n"


def test_everything_is_shown_where_asked(capfd, monkeypatch):
    monkeypatch.setenv("POSECOACH_VERBOSE", "1")
    with quiet_stderr():
        os.write(2, CHATTER[0])
    assert capfd.readouterr().err == CHATTER[0].decode()


@pytest.mark.skipif(not FILES.is_dir(), reason="only Linux lists a process's open files")
def test_no_descriptor_is_left_open():
    def count():
        return len(list(FILES.iterdir()))

    before = count()
    for _ in range(20):
        with quiet_stderr():
            pass
    assert count() == before


def test_a_program_without_an_error_stream():
    code = "import os; os.close(2); from posecoach.pose.quiet import quiet_stderr as q\n"
    code += "with q(): print('fine')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "fine\n")


def test_two_threads_at_once_leave_the_stream_as_it_was(capfd):
    """Each puts back what it found: overlapping, one would put back the other's file."""

    def work(wait_s):
        with quiet_stderr():
            time.sleep(wait_s)

    threads = [threading.Thread(target=work, args=(s,)) for s in (0.05, 0.15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"
