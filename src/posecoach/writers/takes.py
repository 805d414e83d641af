"""One call for every format, chosen by the ending of the file's name."""

from __future__ import annotations

from pathlib import Path

from posecoach.errors import UsageError
from posecoach.motion import Motion
from posecoach.posture.calibration import Calibration
from posecoach.writers.even import find_rate
from posecoach.writers.mot import write_mot
from posecoach.writers.netcdf import write_netcdf
from posecoach.writers.pose import write_pose
from posecoach.writers.table import write_csv
from posecoach.writers.trc import write_trc

SUFFIXES = (".pose", ".nc", ".trc", ".mot", ".csv")
"""Endings of files that `export_take` writes."""

_KEEP_TIMES = (".nc", ".csv")


def export_take(
    motion: Motion, calibration: Calibration, path: str | Path, *, rate_hz: float | None = None
) -> Path:
    """Write a take in the format its name ends in.

    Parameters
    ----------
    motion : Motion
    calibration : Calibration
        Used for the angles of a ``.mot``.
    path : str or path
    rate_hz : float, optional
        Frames a second to sample the take anew; not for ``.nc`` and ``.csv``, which hold the
        take's own times.

    Raises
    ------
    UsageError
        The ending is not known, or the rate makes no sense.
    InputError
        The file cannot be written, or there is nothing for it to hold.
    """
    kind = Path(path).suffix.lower()
    if kind not in SUFFIXES:
        raise UsageError(
            f"Expected a name that ends in {', '.join(SUFFIXES)} but got {str(path)!r}."
        )
    if kind in _KEEP_TIMES:
        if rate_hz is not None:
            raise UsageError(f"Expected no rate for {kind}: it holds the take's own times.")
        return write_netcdf(motion, path) if kind == ".nc" else write_csv(motion, path)
    if kind == ".mot":
        return write_mot(motion, calibration, path, rate_hz=rate_hz)
    write = write_pose if kind == ".pose" else write_trc
    return write(motion, path, rate_hz=rate_hz)


def is_resampled(motion: Motion, path: str | Path) -> bool:
    """Return whether writing it without a rate samples it anew: no times in it, and uneven."""
    return Path(path).suffix.lower() == ".pose" and find_rate(motion) is None
