"""The command line itself: exit statuses, errors, help, and what surrounds the commands."""

import os
import subprocess
import sys

import pytest

from posecoach.doctor import Check
from posecoach.errors import CameraError

COMMANDS = ("practice", "record", "analyze", "references", "doctor")


def start(*arguments, **environment):
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "posecoach", *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        timeout=120,
    )


def test_as_a_process():
    got = start("--help")
    assert (got.returncode, got.stderr) == (0, b"")
    for command in COMMANDS:
        assert command in got.stdout.decode()


def test_an_error_as_a_process(tmp_path):
    got = start("analyze", tmp_path / "gone.mp4", "-r", "drawing-the-bow", POSECOACH_MODEL="gone")
    assert got.returncode == 1
    assert got.stdout == b""
    assert got.stderr.decode().startswith("posecoach: Expected a pose model")
    assert got.stderr.count(b"\n") == 1


def test_a_terminal_that_knows_no_chinese():
    got = start(
        "references", "show", "drawing-the-bow", "-l", "de", PYTHONIOENCODING="ascii", LC_ALL="C"
    )
    assert (got.returncode, got.stderr) == (0, b"")
    assert b"zh: ???????" in got.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_goes_away():
    command = [sys.executable, "-m", "posecoach", "references", "check"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.close()
    told = running.stderr.read()
    running.stderr.close()
    assert running.wait(60) == 1
    assert told == b""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    got = run(command, "--help")
    got.went_well()
    assert "Usage:" in got.out


def test_the_version(run):
    import posecoach

    got = run("--version")
    got.went_well()
    assert got.out == f"posecoach {posecoach.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("analyze",),
        ("analyze", "x.mp4"),
        ("analyze", "x.mp4", "-r", "form", "--jobs", "0"),
        ("record",),
        ("record", "x", "--seconds", "1"),
        ("practice", "--nonsense"),
        ("references", "show"),
        ("references", "frobnicate"),
    ],
)
def test_wrong_usage(run, arguments):
    got = run(*arguments)
    assert got.status == 2
    assert "Usage:" in got.err
    assert got.out == ""


def test_without_a_command_the_window_opens(run, monkeypatch):
    opened = []

    def open_window(form, source, camera, language, **more):
        opened.append((form, source, camera, language))
        return 0

    monkeypatch.setattr("posecoach.commands.window.practise_in_window", open_window)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    run().went_well()
    run("practice", "drawing-the-bow", "--camera", "Logi", "--language", "EN").went_well()
    (none, *first), (form, *second) = opened
    assert (none, first) == (None, [None, None, "de"])
    assert (form.id, second) == ("drawing-the-bow", [None, "Logi", "en"])


def test_no_screen_is_told_in_one_line(run, monkeypatch):
    monkeypatch.setattr("posecoach.commands.window.find_obstacle", lambda: "Expected a screen.")
    run().refused(1, "Expected a screen.", "--headless")


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (CameraError("Expected a camera\nbut got none."), 1, "Expected a camera but got none."),
        (OSError(28, "No space left on device", "/x/y"), 1, "No space left on device (/x/y)"),
        (PermissionError(13, "Permission denied"), 1, "Permission denied"),
    ],
)
def test_what_goes_wrong_is_one_line(run, monkeypatch, error, status, told):
    def fail(*arguments):
        raise error

    monkeypatch.setattr("posecoach.commands.references.list_forms", fail)
    run("references", "list").refused(status, told)


def test_ctrl_c(run, monkeypatch):
    def press(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("posecoach.commands.references.list_forms", press)
    assert run("references", "list").status == 130


@pytest.mark.parametrize(("camera", "status"), [(True, 0), (None, 0), (False, 1)])
def test_doctor_ends_as_its_checks_do(run, monkeypatch, camera, status):
    asked = []

    def run_checks(*arguments, **more):
        asked.append((arguments, more))
        yield Check("python", True, "3.12")
        yield Check("camera", camera, "none found", "plug one in")

    monkeypatch.setattr("posecoach.doctor.run_checks", run_checks)
    got = run("doctor", "--camera", "1", "--source", "me.mp4", "--model", "lite")
    assert (got.status, got.err) == (status, "")
    assert asked == [(("1", "lite"), {"source": "me.mp4", "fetch": False})]
    assert "plug one in" in got.out


def test_doctor_without_a_camera(run, monkeypatch, model):
    monkeypatch.setattr("posecoach.capture.camera.list_cameras", lambda: [])
    got = run("doctor", "--camera", 99)
    assert (got.status, got.err) == (1, "")
    assert any(line.startswith("NO  camera") for line in got.out.splitlines())
    assert any(line.startswith("ok  model") for line in got.out.splitlines())
