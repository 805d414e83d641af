"""Write sessions in child processes, kill each at a random moment, and look at the file.

``killed.py FOLDER ROUNDS SEED`` prints how many repetitions each round had kept and had been
told of, and ends with 1 if anything is not as it should be.
"""

import os
import random
import signal
import sqlite3
import struct
import sys
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from journal.things import make_cue, make_form, make_repetition
from posecoach.journal.store import Journal

WHOLE = make_repetition()


def write(path: Path, pipe: int) -> None:
    """Keep repetitions for ever, telling of each one that is kept."""
    with Journal.open(path) as journal:
        writer = journal.start_session(make_form(), "camera", "en")
        os.write(pipe, struct.pack("ii", writer.id, 0))
        for k in range(1, 100_000):
            writer.add_repetition(make_repetition(k))
            os.write(pipe, struct.pack("ii", writer.id, k))
            writer.add_cue(make_cue(float(k)))


def kill_once(path: Path, after_s: float) -> tuple[int, int] | None:
    """Let a child write and kill it; return the last thing it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(path, writing)
        finally:
            os._exit(3)
    os.close(writing)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child ended by itself"
    told = b""
    while part := os.read(reading, 65536):
        told += part
    os.close(reading)
    return struct.unpack("ii", told[-8:]) if told else None


def check(path: Path, told: tuple[int, int] | None) -> None:
    """Check that the file opens clean, with all that was told of and at most one more."""
    if not path.exists():
        assert told is None
        return
    with Journal.open(path) as journal:
        sessions = journal.list_sessions()
        kept = {s.id: journal.read_session(s.id) for s in sessions}
    assert not list(path.parent.glob("*damaged*"))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    if told is None:
        return
    id, count = told
    repetitions, said = kept[id].repetitions, kept[id].info.cues
    assert len(repetitions) - count in (0, 1), (len(repetitions), count)
    assert count - 1 <= len(said) <= len(repetitions)
    for r in repetitions:
        assert r.measures == WHOLE.measures
        assert len(r.tempo) == 20
        assert len(r.pauses) == 2
    print(len(repetitions), count)


def main(folder: str, rounds: str, seed: str) -> None:
    chance = random.Random(int(seed))
    for k in range(int(rounds)):
        # A few rounds into one file; the first ones often while it is being made.
        path = Path(folder) / f"file-{k // 4}" / "journal.sqlite3"
        check(path, kill_once(path, chance.choice((0.02, 0.1, 0.3)) * chance.random()))


if __name__ == "__main__":
    main(*sys.argv[1:])
