"""Starting Qt: what is said where it cannot start. Qt itself is asked in processes of their own."""

import os
import subprocess
import sys

import pytest

from posecoach.app.kit import qt
from posecoach.errors import InputError

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of Linux")


def run(code, **changes):
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    env = {k: v for k, v in {**env, **changes}.items() if v is not None}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env
    )


ASK = """
from posecoach.app.kit.qt import has_screen, make_application
from posecoach.errors import InputError
print(has_screen())
try:
    print(make_application().platformName())
except InputError as error:
    print(error)
"""


@LINUX
def test_without_a_screen_one_line_says_so():
    done = run(ASK, QT_QPA_PLATFORM=None)
    assert done.returncode == 0
    answer, line = done.stdout.splitlines()
    assert answer == "False"
    assert line.startswith("Expected a screen but neither DISPLAY nor WAYLAND_DISPLAY")


@LINUX
def test_a_screen_that_does_not_answer_does_not_abort():
    done = run(ASK, QT_QPA_PLATFORM=None, DISPLAY=":987")
    assert done.returncode == 0
    answer, line = done.stdout.splitlines()
    assert answer == "False"
    assert "DISPLAY=':987' does not answer" in line or "system library is missing" in line


def test_drawing_in_memory_works_with_opencv_imported_first():
    done = run("import cv2\n" + ASK, QT_QPA_PLATFORM="offscreen")
    assert done.stdout.splitlines() == ["False", "offscreen"]
    assert done.returncode == 0


def test_drawing_in_memory_is_a_screen_only_if_asked_for(application):
    assert qt.make_application() is application
    assert not qt.has_screen()
    assert qt.has_screen(forced=True)


@LINUX
def test_a_missing_library_is_named_with_its_packages():
    told = qt._tell_missing("libxcb-cursor.so.0: cannot open\nshared object file")
    assert "libxcb-cursor.so.0: cannot open shared object file" in told
    assert "sudo apt-get install" in told
    assert "libxcb-cursor0" in told
    assert "\n" not in told


def test_a_plugin_that_cannot_be_loaded_is_told(tmp_path):
    broken = tmp_path / "libqxcb.so"
    broken.write_bytes(b"no library")
    assert "libqxcb.so" in qt._can_load(broken)
    assert qt._can_load(tmp_path / "elsewhere.so") is None


def test_an_obstacle_is_an_error_of_input(monkeypatch):
    monkeypatch.setattr(qt, "find_obstacle", lambda: "Expected a screen but there is none.")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/somewhere")
    with pytest.raises(InputError, match="there is none"):
        qt.make_application()
    assert "QT_QPA_FONTDIR" not in os.environ


def test_qt_loses_no_reference_to_none(application):
    from PySide6.QtWidgets import QLabel

    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(500):
        label.setText("x")
        label.update()
    assert sys.getrefcount(None) > before - 200
