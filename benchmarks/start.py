"""How long until the first window stands: seconds from the process's start to its first paint.

Each run is a process of its own, drawn in memory, with settings and sessions of its own. The
first one finds no compiled byte code, as after an installation; what the system has of the files
in its memory stays there.

    .venv/bin/python benchmarks/start.py [RUNS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The window tells when it was painted for the first time, and closes.
_CHILD = """
import sys, time
from PySide6.QtCore import QTimer
import posecoach.app.home.window as home
from posecoach.cli import main

class Timed(home.HomeWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.tell)  # once what is inside it was painted too

    def tell(self):
        if not hasattr(self, "told"):
            self.told = (time.time() - float(sys.argv[1]), time.process_time())
            print(*self.told, flush=True)
        self.close()

home.HomeWindow = Timed
main([])
"""


def start(folder: Path, compiled: bool) -> tuple[float, float]:
    """Return the seconds that passed and those of the processor, of one start."""
    own = {f"POSECOACH_{name}": str(folder / name) for name in ("CONFIG", "DATA", "FORMS")}
    environment = {**os.environ, **own, "QT_QPA_PLATFORM": "offscreen", "LANG": "en_GB.UTF-8"}
    if not compiled:
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "nothing compiled")
    command = [sys.executable, "-c", _CHILD, str(time.time())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    passed, busy = done.stdout.split()[:2]
    return float(passed), float(busy)


def main() -> None:
    """Print the seconds of several starts."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        fresh = start(Path(folder), compiled=False)
        found = [start(Path(folder), compiled=True) for _ in range(runs)]
    print(f"without byte code   {fresh[0]:.2f} s, of the processor {fresh[1]:.2f} s")
    for name, k in (("passed", 0), ("of the processor", 1)):
        values = sorted(f[k] for f in found)
        listed = " ".join(f"{v:.2f}" for v in values)
        print(f"{name:<18}  median {statistics.median(values):.2f} s   ({listed})")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{os.cpu_count()} processors, load {load:.1f}")


if __name__ == "__main__":
    main()
