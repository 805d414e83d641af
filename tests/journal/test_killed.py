import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLED = Path(__file__).with_name("killed.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes of this kind")
def test_killed_at_any_moment_at_most_the_current_repetition_is_missing(tmp_path):
    command = [sys.executable, str(KILLED), str(tmp_path), "60", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    kept = [int(line.split()[0]) for line in done.stdout.splitlines()]
    assert len(kept) >= 15  # the others were killed before the session had begun
    assert max(kept) > 3
