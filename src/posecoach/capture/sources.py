"""From what a user names to a source of frames."""

from __future__ import annotations

import re
from pathlib import Path

from posecoach.capture.base import FrameSource
from posecoach.capture.camera import Camera
from posecoach.capture.paced import PacedSource
from posecoach.capture.video import VideoFile
from posecoach.errors import InputError, UsageError

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def open_source(
    spec: str | Path | int | None = None,
    *,
    camera: int | str | None = None,
    paced: bool = False,
    rotation: int = 0,
) -> FrameSource:
    """Open a video file or a camera.

    Parameters
    ----------
    spec : str, path or int, optional
        The path of a video; a number (also as text, unless a file has that name) or
        ``/dev/video0`` is a camera.
    camera : int or str, optional
        Number or name of the camera if no ``spec`` is given; by default the first there is.
    paced : bool
        Play a video at its own speed as if it were a camera.
    rotation : {0, 90, 180, 270}
        Degrees clockwise by which a camera's pictures are turned; videos say it themselves.

    Returns
    -------
    FrameSource
        To be closed by the caller.

    Raises
    ------
    CameraError
        The camera is missing, in use or refused.
    InputError
        The file is not there or is no video.
    UsageError
        Both a video and a camera were named.
    """
    if spec is not None and camera is not None:
        raise UsageError(
            f"Expected a video or a camera but got both ({str(spec)!r} and {str(camera)!r}); "
            "leave one out."
        )
    if spec is None or isinstance(spec, int):
        return Camera(camera if spec is None else spec, rotation=rotation)
    text = str(spec)
    number = text.removeprefix("/dev/video")
    if number.isdecimal() and (text != number or not Path(text).is_file()):
        return Camera(int(number), rotation=rotation)
    if _ADDRESS.match(text):
        raise InputError(
            f"Expected a file or a camera but {text!r} is a network address; "
            "posecoach opens none: save the video first."
        )
    video = VideoFile(spec)
    return PacedSource(video) if paced else video
