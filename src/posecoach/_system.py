"""The doctor's checks of the computer itself: Python, packages, libraries, folders, screen."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

MIN_FREE_GB = 0.3

# Debian's names of the packages; the same list as in scripts/setup.sh.
NEEDED_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
}
_WINDOW_LIBRARIES: Mapping[str, str] = {
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# In a process of its own: Qt ends the whole process when it finds no screen.
_ASK_QT = (
    "from PySide6.QtGui import QGuiApplication as A; a = A([]); s = a.primaryScreen().size(); "
    "print(a.platformName(), s.width(), s.height())"
)
_QT_S = 20.0


@dataclass(frozen=True)
class Check:
    """The answer of one check.

    Attributes
    ----------
    name : str
    ok : bool or None
        None where it is not needed, not known, or up to the person and not the computer.
    found : str
        What is there, in one line.
    advice : str or None
        What to do about it, if there is something to do.
    """

    name: str
    ok: bool | None
    found: str
    advice: str | None = None


def check_python() -> Check:
    """Return whether this Python is one posecoach is made for."""
    version = platform.python_version()
    cores = os.cpu_count() or 1
    found = f"{version} on {platform.system()} {platform.machine()}, {cores} processors"
    try:
        wanted = metadata.metadata("posecoach")["Requires-Python"]
    except metadata.PackageNotFoundError:
        return Check("python", None, f"{found}; posecoach itself is not installed", "install it")
    if not _fits(version, wanted):
        return Check("python", False, found, f"install posecoach with a Python {wanted}")
    return Check("python", True, found)


def check_packages() -> Check:
    """Return whether every package is there, in its range, and loads."""
    problems, versions, advice = [], [], []
    for requirement in metadata.requires("posecoach") or []:
        plain, _, marker = requirement.partition(";")
        name = re.split(r"[^\w.-]", plain, maxsplit=1)[0]
        if "extra" in marker:
            continue
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append(f"{name} is missing")
            continue
        if name.lower() in ("mediapipe", "numpy", "pyside6-essentials"):
            versions.append(f"{name} {version}")
        if not _fits(version, plain):
            problems.append(f"{name} {version} is not {plain.removeprefix(name).strip()}")
            if name == "mediapipe":
                advice.append("other versions of mediapipe send usage data or lack parts")
    if problems:
        advice.insert(0, "install posecoach again, in an environment of its own")
        return Check("packages", False, ", ".join(problems), "; ".join(advice))
    import cv2
    import mediapipe  # noqa: F401  (that it loads is what is checked)

    versions.append(f"OpenCV {cv2.__version__}")
    for other in ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless"):
        if _is_installed(other):
            advice.append(f"remove {other} and install opencv-contrib-python again: they clash")
    return Check("packages", True, ", ".join(versions), "; ".join(advice) or None)


def _is_installed(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def _fits(version: str, spec: str) -> bool:
    """Return whether a version lies within a specifier's ``>=`` and ``<``."""

    def key(text: str) -> tuple[int, ...]:
        numbers = [int(n) for n in re.findall(r"\d+", text)[:3]]
        return tuple(numbers + [0] * (3 - len(numbers)))

    for sign, limit in re.findall(r"(>=|<(?!=))\s*([\d.]+)", spec):
        if (key(version) >= key(limit)) != (sign == ">="):
            return False
    return True


def _find_missing(libraries: Mapping[str, str]) -> list[str]:
    """Return the packages of the shared libraries that cannot be loaded."""
    missing = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def check_libraries() -> Check:
    """Return whether the shared libraries of MediaPipe and OpenCV can be loaded."""
    if not sys.platform.startswith("linux"):
        return Check("libraries", True, "none are needed beside the system's own")
    missing = _find_missing(NEEDED_LIBRARIES)
    if missing:
        found = f"{len(missing)} of {len(NEEDED_LIBRARIES)} system libraries are missing"
        return Check("libraries", False, found, f"sudo apt-get install {' '.join(missing)}")
    return Check("libraries", True, f"{', '.join(NEEDED_LIBRARIES)} are there")


def _get_folders() -> dict[str, Path]:
    from posecoach.pose.bundle import get_cache_dir
    from posecoach.reference.library import get_own_folder

    return {"the pose model": get_cache_dir(), "your own forms": get_own_folder()}


def _nearest(folder: Path) -> Path:
    """Return the folder or its nearest ancestor that exists."""
    return next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())


def check_folders() -> Check:
    """Return whether the folders posecoach keeps things in can be written."""
    refused = []
    folders = _get_folders()
    for what, folder in folders.items():
        try:
            with tempfile.TemporaryFile(dir=_nearest(folder)) as file:
                file.write(b"posecoach")
        except OSError as error:
            refused.append(f"{folder} for {what} ({error.strerror or error})")
    if refused:
        return Check(
            "folders",
            False,
            f"cannot write {'; '.join(refused)}",
            "allow writing there, or set POSECOACH_CACHE and POSECOACH_FORMS to other folders",
        )
    return Check("folders", True, f"can write {', '.join(str(f) for f in folders.values())}")


def check_disk() -> Check:
    """Return whether there is room for the model and for sessions."""
    free = min(shutil.disk_usage(_nearest(f)).free for f in _get_folders().values()) / 1e9
    if free < MIN_FREE_GB:
        return Check(
            "disk", False, f"{free:.1f} GB free", f"free some space: {MIN_FREE_GB} GB are needed"
        )
    return Check("disk", True, f"{free:.1f} GB free")


def check_display(without: bool | None) -> Check:
    """Return whether a window can be opened; ``without`` is the answer if there is no screen."""
    set_by_hand = os.environ.get("QT_QPA_PLATFORM")
    screens = [os.environ.get(n) for n in ("WAYLAND_DISPLAY", "DISPLAY")]
    if sys.platform.startswith("linux") and not any(screens) and not set_by_hand:
        return Check(
            "display",
            without,
            "no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)",
            "start it on the computer's own desktop; without one, 'practice --headless' and "
            "'analyze' work",
        )
    # OpenCV points Qt at its own plugins when it is imported.
    ours = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
    env = {k: v for k, v in os.environ.items() if k not in ours}
    done = subprocess.run(
        [sys.executable, "-c", _ASK_QT],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=_QT_S,
        env=env,
    )
    told = done.stdout.split()
    if done.returncode == 0 and len(told) == 3:
        name, width, height = told
        if name in ("offscreen", "minimal"):
            return Check("display", None, f"windows are drawn where nobody sees them ({name})")
        return Check("display", True, f"a window opens ({name}, {width}x{height})")
    linux = sys.platform.startswith("linux")
    missing = _find_missing(_WINDOW_LIBRARIES) if linux else []
    line = next((x for x in done.stderr.splitlines() if x.strip()), "Qt ended without a word")
    return Check(
        "display",
        False,
        f"no window can be opened ({line[:160]})",
        f"sudo apt-get install {' '.join(missing)}"
        if missing
        else "check that DISPLAY or WAYLAND_DISPLAY names a screen you may use",
    )


def check_sound() -> Check:
    """Return whether cues can be spoken and the breath tone be played; neither is needed.

    Nothing is played: whether a voice is heard only ears can tell.
    """
    from posecoach.voice.player import SoundError, find_output
    from posecoach.voice.programs import find_programs, tell_missing

    advice = []
    programs = find_programs()
    found = f"voice: {programs[0].name}" if programs else "no voice"
    if not programs:
        advice.append(f"for spoken cues: {tell_missing()}")
    try:
        found += f", sound device: {find_output()}"
    except SoundError as error:
        found += ", no sound device"
        # Of the line only what to do.
        advice.append(f"for sound: {str(error).rpartition('; ')[2].rstrip('.')}")
    return Check("sound", None if advice else True, found, "; ".join(advice) or None)
