"""Starting Qt: which screen there is, and one clear line if no window can be opened.

Qt ends the whole process when its platform plugin cannot be loaded, so that is tried first. The
other modules of this package import Qt at once; this one does so only when it is called.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from posecoach.errors import InputError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

# OpenCV points Qt at its own plugins and fonts when it is imported.
_FOREIGN = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_UNSEEN = ("offscreen", "minimal", "minimalegl", "vnc")
_SCREENS = ("WAYLAND_DISPLAY", "DISPLAY")
_PACKAGES = (
    "libegl1 libgl1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 "
    "libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0"
)


def has_screen(*, forced: bool = False) -> bool:
    """Return whether a window can be opened where somebody sees it.

    Parameters
    ----------
    forced : bool
        Count drawing in memory (``QT_QPA_PLATFORM=offscreen``) as a screen.
    """
    if _chosen_platform() in _UNSEEN:
        return forced
    return find_obstacle() is None


def make_application() -> QApplication:
    """Return the application, a new one if there is none yet.

    Raises
    ------
    InputError
        Qt cannot start: a system library is missing, or there is no screen.
    """
    for name in _FOREIGN:
        os.environ.pop(name, None)
    obstacle = find_obstacle()
    if obstacle is not None:
        raise InputError(obstacle)
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(["posecoach"])
    application.setApplicationName("posecoach")
    application.setApplicationDisplayName("posecoach")
    return application


def find_obstacle() -> str | None:
    """Return one line on why no window can be opened and what to do, or None if one can."""
    try:
        import PySide6.QtWidgets
    except ImportError as error:
        return _tell_missing(str(error))
    if PySide6.QtWidgets.QApplication.instance() is not None:
        return None
    if not sys.platform.startswith("linux") or _chosen_platform() in _UNSEEN:
        return None
    if not any(os.environ.get(name) for name in _SCREENS) and not _chosen_platform():
        return (
            "Expected a screen but neither DISPLAY nor WAYLAND_DISPLAY is set; start posecoach "
            "on the computer's own desktop."
        )
    plugins = Path(PySide6.QtWidgets.__file__).parent / "Qt" / "plugins" / "platforms"
    if _chosen_platform() not in ("", "xcb") and not _chosen_platform().startswith("wayland"):
        return None
    if os.environ.get("WAYLAND_DISPLAY") and _can_load(plugins / "libqwayland.so") is None:
        if _wayland_answers():
            return None
        if not os.environ.get("DISPLAY"):
            return _tell_no_answer("WAYLAND_DISPLAY")
    missing = _can_load(plugins / "libqxcb.so")
    if missing is not None:
        return _tell_missing(missing)
    return None if _x_answers() else _tell_no_answer("DISPLAY")


def discard(window: QWidget) -> None:
    """Close a window and delete it with everything in it, here and now.

    Left to Python it would be deleted whenever cycles are collected, be it in the thread of a
    live loop, where Qt's objects must not be touched.
    """
    import shiboken6

    window.close()
    shiboken6.delete(window)
    gc.collect()


@contextmanager
def closing_on_interrupt(window: QWidget) -> Iterator[None]:
    """Close a window on Ctrl-C in the terminal as if by its own button.

    Python hears of it once the window's next timer runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: window.close())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _chosen_platform() -> str:
    return os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]


def _can_load(plugin: Path) -> str | None:
    """Return what the dynamic linker says against a plugin; one that is elsewhere is not judged."""
    if not plugin.is_file():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error)
    return None


def _x_answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # not to be known from here
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed


def _wayland_answers() -> bool:
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / os.environ["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        try:
            door.connect(str(path))
        except OSError:
            return False
    return True


def _tell_missing(told: str) -> str:
    line = " ".join(told.split())[:160]
    if sys.platform.startswith("linux"):
        return (
            f"Expected to open a window but a system library is missing ({line}); on Debian or "
            f"Ubuntu 'sudo apt-get install {_PACKAGES}' brings it."
        )
    return f"Expected to open a window but Qt cannot be loaded ({line}); install posecoach again."


def _tell_no_answer(variable: str) -> str:
    return (
        f"Expected a screen but {variable}={os.environ.get(variable, '')!r} does not answer; "
        "start posecoach on the computer's own desktop."
    )
