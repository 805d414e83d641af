"""Takes for other programs: pose-format, movement, OpenSim, tables.

The formats are told in ``docs/formats.md``; `posecoach.readers` reads them back.
"""

from posecoach.writers.mot import write_mot
from posecoach.writers.netcdf import write_netcdf
from posecoach.writers.pose import write_pose
from posecoach.writers.table import write_csv
from posecoach.writers.takes import SUFFIXES, export_take
from posecoach.writers.trc import write_trc

__all__ = [
    "SUFFIXES",
    "export_take",
    "write_csv",
    "write_mot",
    "write_netcdf",
    "write_pose",
    "write_trc",
]
