"""Every error posecoach raises on purpose, in one tree.

::

    PosecoachError
    ├── UsageError        the command or the call was wrong              (exit status 2)
    └── InputError        what came in could not be used or judged       (exit status 1)
        ├── SequenceError     a reference sequence or package
        ├── CameraError       a camera: none, in use, refused, unplugged
        └── ModelError        the pose model: not there, damaged, offline

Each message is one line: what was expected, what came, what to do.
"""


class PosecoachError(Exception):
    """Base of all errors raised on purpose; ``exit_status`` is what a command ends with."""

    exit_status = 1


class UsageError(PosecoachError):
    """The command or call itself was wrong."""

    exit_status = 2


class InputError(PosecoachError):
    """What came in (file, video, recording) could not be used or judged."""


class SequenceError(InputError):
    """A reference sequence or a package of one is missing, broken or not to be trusted."""


class CameraError(InputError):
    """A camera is missing, in use, refused, or was unplugged.

    Parameters
    ----------
    message : str
    kind : {"none", "unknown", "busy", "refused", "silent", "gone", "other"}
        There is none; none of that name; another program has it; it may not be used; it gives
        no picture; it went away.
    """

    def __init__(self, message: str = "", kind: str = "other") -> None:
        super().__init__(message)
        self.kind = kind


class ModelError(InputError):
    """The pose model is missing, damaged, or could not be fetched."""


def make_one_line(text: str, most: int | None = None) -> str:
    """Return a text as one printable line: names of files, joints and cameras are not ours.

    Control characters, which a terminal would obey, become spaces.

    Parameters
    ----------
    text : str
    most : int, optional
        Characters from which on it is cut off, with an ellipsis.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if most is None or len(line) <= most else f"{line[: most - 1].rstrip()}…"
