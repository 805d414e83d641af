import os
import tempfile
from pathlib import Path

import pytest

from journal.things import make_cue, make_form, make_repetition
from posecoach.journal.place import JOURNAL_NAME
from posecoach.journal.store import Journal


@pytest.fixture
def form():
    return make_form()


@pytest.fixture
def repetition():
    return make_repetition


@pytest.fixture
def cue():
    return make_cue


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sessions" / JOURNAL_NAME


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """Return a closed journal of several pages."""
    path = tmp_path_factory.mktemp("whole") / JOURNAL_NAME
    with Journal.open(path) as journal:
        for _ in range(3):
            writer = journal.start_session(make_form(), "camera", "en")
            for k in range(20):
                writer.add_repetition(make_repetition(k))
                writer.add_cue(make_cue(float(k)))
    return path


@pytest.fixture
def powerless():
    """Return a folder one may use and a context in which rights count, for root too."""
    folder = Path(tempfile.mkdtemp(prefix="posecoach-test-"))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.chown(folder, 65534, -1)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    for here, below, names in os.walk(folder, topdown=False):
        Path(here).chmod(0o700)
        for name in names:
            Path(here, name).unlink()
        for name in below:
            Path(here, name).rmdir()
    folder.rmdir()
