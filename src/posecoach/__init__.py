"""posecoach: a calm movement coach for qigong.

The small public face, for use from Python without a camera or a window::

    motion = posecoach.Motion.from_points(points, time_s, skeleton="kinect-v2")
    sequence = posecoach.load_sequence("reference_sequences/drawing-the-bow")
    analysis = posecoach.analyze(motion, sequence)

Names are loaded when they are first used; none of them loads OpenCV, MediaPipe or Qt.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from posecoach.analysis import analyze
    from posecoach.coach.session import Session
    from posecoach.coach.state import Cue, State
    from posecoach.errors import (
        CameraError,
        InputError,
        ModelError,
        PosecoachError,
        SequenceError,
        UsageError,
    )
    from posecoach.motion import Motion, Observation
    from posecoach.readers import read_recording
    from posecoach.reference.files import load_sequence
    from posecoach.reference.sequence import Sequence
    from posecoach.result import Analysis

    __version__: str

__all__ = [
    "Analysis",
    "CameraError",
    "Cue",
    "InputError",
    "ModelError",
    "Motion",
    "Observation",
    "PosecoachError",
    "Sequence",
    "SequenceError",
    "Session",
    "State",
    "UsageError",
    "__version__",
    "analyze",
    "load_sequence",
    "read_recording",
]

_HOMES = {
    "posecoach.analysis": ("analyze",),
    "posecoach.result": ("Analysis",),
    "posecoach.coach.session": ("Session",),
    "posecoach.coach.state": ("Cue", "State"),
    "posecoach.errors": (
        "CameraError",
        "InputError",
        "ModelError",
        "PosecoachError",
        "SequenceError",
        "UsageError",
    ),
    "posecoach.motion": ("Motion", "Observation"),
    "posecoach.readers": ("read_recording",),
    "posecoach.reference.files": ("load_sequence",),
    "posecoach.reference.sequence": ("Sequence",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    value: Any
    if name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
    elif name == "__version__":
        from importlib.metadata import version

        value = version("posecoach")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
