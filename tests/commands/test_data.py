import io
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from figures import perform
from journal.things import make_cue, make_form, make_repetition
from posecoach.capture.replay import save_motion
from posecoach.journal.place import make_video_path
from posecoach.journal.store import Journal
from posecoach.pose.bundle import get_cache_dir

FORM = "heavens"
posix = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a machine of one's own: nothing is stored on it yet."""
    for name in ("POSECOACH_DATA", "POSECOACH_FORMS", "POSECOACH_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSECOACH_FORMS", str(tmp_path / "data" / "forms"))
    monkeypatch.setenv("POSECOACH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("POSECOACH_CONFIG", str(tmp_path / "config"))
    return tmp_path


@pytest.fixture
def answer(monkeypatch):
    def give(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return give


def keep(started_at=None, repetitions=2, cues=(), minutes=5.0, ended=True, form=None):
    with Journal.open() as journal:
        writer = journal.start_session(form or make_form(), "camera", "en", started_at=started_at)
        for k in range(repetitions):
            writer.add_repetition(make_repetition(k))
        for cue in cues:
            writer.add_cue(cue)
        if ended:
            writer.finish(practised_s=60 * minutes)
        return writer.id


@pytest.fixture
def filled(home, form):
    """Store something of everything, and put something of others' beside it."""
    keep()
    shutil.copytree(form, home / "data" / "forms" / "heavens")
    shutil.copytree(form, home / "data" / "forms" / "bow")
    models = home / "cache" / "models"
    (models / ".building-x" / "deep").mkdir(parents=True)
    for name in ("pose_landmarker_full.task", "pose_landmarker_full.sha256", ".building-x/deep/a"):
        (models / name).write_bytes(bytes(1500))
    video = make_video_path("heavens", datetime(2026, 7, 1, 8, tzinfo=UTC))
    for name in (video.name, f".{video.stem}.77.part.mp4"):
        (video.parent / name).write_bytes(bytes(1200))
    settings = home / "config" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text("language = 'de'\n")
    return home


def stored(home):
    return {str(p.relative_to(home)) for p in home.rglob("*") if p.is_symlink() or not p.is_dir()}


# The history.


def test_no_history_yet(run, home):
    for language, told in (("en", "No practice is kept yet"), ("de", "Noch keine Übungszeit")):
        got = run("history", "-l", language)
        got.went_well()
        assert got.out.startswith(told)
    assert stored(home) == set()
    run("history", "--json", home / "h.json").went_well()
    assert json.loads((home / "h.json").read_text()) == {
        "schema": "posecoach.history/1",
        "sessions": [],
    }


@pytest.fixture
def in_berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set")
def test_history_in_words_newest_first(run, home, in_berlin):
    lean, late = make_cue(), make_cue(9.0, "Grow tall, more right")
    keep(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), 1, [lean, late], minutes=12.2)
    keep(datetime(2026, 1, 1, 5, 0, tzinfo=UTC), 3, minutes=0.3)
    keep(datetime(2026, 7, 3, 5, 0, tzinfo=UTC), 0, ended=False)
    got = run("history", "-l", "en")
    got.went_well()
    assert [" ".join(line.split()) for line in got.out.splitlines()] == [
        "2026-07-03 07:00 Holding up the heavens less than a minute 0 repetitions (not ended)",
        "2026-07-02 00:30 Holding up the heavens 12 minutes 1 repetition 2 × Crown up, drift right",
        "2026-01-01 06:00 Holding up the heavens less than a minute 3 repetitions "
        "no cue was needed",
    ]
    german = run("history", "-l", "de").out
    for words in ("02.07.2026 00:30", "Den Himmel stützen", "12 Minuten", "nicht beendet"):
        assert words in german
    assert "Crown" not in german


def test_a_strangers_title_stays_on_its_line(run, home):
    form = make_form()
    form.titles = {"en": "one\ntwo\x1b[31m\rthree\u2028four"}
    keep(form=form, cues=[make_cue(text="up\nand\x07away")])
    got = run("history", "-l", "en")
    got.went_well()
    assert len(got.out.splitlines()) == 1
    assert "one two [31m three four" in got.out
    assert "up and away" in got.out


def test_history_as_json(run, home, tmp_path):
    id = keep(cues=[make_cue()])
    got = run("history", "--json", tmp_path / "h.json")
    got.went_well()
    (session,) = json.loads((tmp_path / "h.json").read_text())["sessions"]
    assert (session["id"], session["form"], session["source"]) == (id, "heavens", "camera")
    started = datetime.fromisoformat(session["started_at"])
    assert started.utcoffset() == timedelta(0)
    assert [r["number"] for r in session["repetitions"]] == [1, 2]
    unseen = session["repetitions"][0]["measures"]["forward_lean"]
    assert (unseen["value"], unseen["judged"], unseen["reason"]) == (None, False, "front_view")
    assert session["cues"][0]["text"] == "Crown up, drift right"
    assert session["cues"][0]["language"] == "en"


def test_history_cannot_be_written_there(run, home):
    keep()
    run("history", "--json", home / "gone" / "h.json").refused(1, "gone")
    before = (home / "data" / "sessions" / "journal.sqlite3").read_bytes()
    path = home / "data" / "sessions" / "journal.sqlite3"
    run("history", "--json", path).refused(2, "would be lost")
    assert path.read_bytes() == before
    run("history", "-l", "tlh").refused(2, "'tlh'")


def test_a_damaged_history(run, home):
    keep()
    path = home / "data" / "sessions" / "journal.sqlite3"
    path.write_bytes(path.read_bytes()[:5000])
    run("history").refused(1, "damaged", "moved to")
    assert "No practice" in run("history", "-l", "en").out
    (moved,) = path.parent.glob("*damaged*")
    assert moved.stat().st_size == 5000
    assert moved.name in run("data", "list").out


# Practising.


def test_a_practice_is_kept(run, home, recordings, form, no_model):
    got = run("practice", form, "--headless", "--source", recordings["leaning"], "-l", "en")
    got.went_well()
    told = [line.split(maxsplit=2)[2] for line in got.out.splitlines()[:-1]]
    with Journal.open() as journal:
        (info,) = journal.list_sessions()
    assert (info.source, info.form, info.repetitions) == ("video", FORM, 2)
    assert [c.cue.text for c in info.cues] == told
    assert info.ended_at is not None


def test_a_practice_goes_on_without_a_journal(run, home, recordings, form, no_model):
    (home / "data").write_bytes(b"precious")
    got = run("practice", form, "--headless", "--source", recordings["leaning"], "-l", "en")
    assert got.status == 0
    assert got.out.splitlines()[-1].startswith("2 repetitions")
    assert len(got.err.splitlines()) == 1
    assert got.err.startswith("posecoach: This practice cannot be kept for now: Expected")
    assert (home / "data").read_bytes() == b"precious"


@pytest.mark.skipif(sys.platform == "win32", reason="cannot be killed so")
def test_a_practice_killed_in_the_middle(run, home, form):
    film = save_motion(perform(repetitions=6, fps=15.0)[0], home / "film.npz")
    command = [sys.executable, "-m", "posecoach", "practice", str(form), "--headless"]
    process = subprocess.Popen([*command, "--source", str(film)], stdout=subprocess.DEVNULL)
    path = home / "data" / "sessions" / "journal.sqlite3"
    kept = 0
    end = time.monotonic() + 60
    while kept < 2 and time.monotonic() < end:
        time.sleep(0.02)
        if path.is_file():
            with Journal.open() as journal:
                kept = max((s.repetitions for s in journal.list_sessions()), default=0)
    process.kill()
    process.wait()
    with Journal.open() as journal:
        (info,) = journal.list_sessions()
    assert kept >= 2
    assert info.repetitions >= kept
    run("history").went_well()


# What is stored.


def test_everything_stored_is_listed(run, filled):
    got = run("data", "list", "-l", "en")
    got.went_well()
    for path in stored(filled):
        assert str(filled / path) in got.out
    lines = {line[:15].strip(): line for line in got.out.splitlines() if line[0] != " "}
    assert set(lines) == {"Sessions", "Videos", "Your own forms", "Pose model", "Settings"}
    assert "4.5 kB" in lines["Pose model"]
    german = run("data", "list", "-l", "de").out
    assert "4,5 kB" in german
    assert "Eigene Übungen" in german


def test_nothing_stored(run, home):
    got = run("data", "list", "-l", "en")
    got.went_well()
    assert got.out.count(" nothing ") == 5
    got = run("data", "delete", "--all")
    got.went_well()
    assert stored(home) == set()


KINDS = {"sessions": "data/sessions/", "forms": "data/forms/", "model": "cache/"}


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_that_is_deleted(run, filled, kind):
    before = stored(filled)
    gone = {p for p in before if p.startswith(KINDS[kind])}
    assert gone
    run("data", "delete", f"--{kind}", "--yes").went_well()
    assert stored(filled) == before - gone
    assert not (filled / KINDS[kind]).is_dir() or kind == "model"


def test_all_is_deleted(run, filled):
    run("data", "delete", "--all", "--yes").went_well()
    assert stored(filled) == set()
    assert run("data", "list", "-l", "en").out.count(" nothing ") == 5


@pytest.mark.parametrize(
    ("text", "language", "gone"),
    [
        ("yes\n", "en", True),
        ("J\n", "de", True),
        (" y \n", "de", True),
        ("n\n", "en", False),
        ("\n", "de", False),
        ("yesterday\n", "en", False),
    ],
)
def test_it_asks_first(run, filled, answer, text, language, gone):
    before = stored(filled)
    answer(text)
    got = run("data", "delete", "--model", "-l", language)
    assert (got.status, got.err) == (0 if gone else 1, "")
    assert "pose_landmarker_full.task" in got.out
    assert (stored(filled) != before) == gone


def test_nobody_answers(run, filled, answer):
    before = stored(filled)
    answer("")
    got = run("data", "delete", "--all")
    assert got.status == 2
    assert got.err.endswith("posecoach: Expected an answer but got none; answer, or say --yes.\n")
    assert stored(filled) == before


def test_what_to_delete_must_be_said(run, filled):
    before = stored(filled)
    run("data", "delete").refused(2, "--sessions")
    run("data", "delete", "--yes").refused(2, "--all")
    assert stored(filled) == before


def test_others_files_stay(run, filled):
    others = [
        "data/notes.txt",
        "data/sessions/notes.txt",
        "data/sessions/other.sqlite3",
        "data/forms/readme.txt",
        "data/forms/heavens/video.mp4",
        "data/forms/strange/motion.npz",
        "data/forms/strange/thesis.odt",
        "cache/models/mine.task",
        "cache/other/thing",
    ]
    for name in others:
        (filled / name).parent.mkdir(exist_ok=True)
        (filled / name).write_text("mine")
    run("data", "delete", "--all", "--yes").went_well()
    assert stored(filled) == set(others)


@posix
def test_links_do_not_lead_out(run, filled, form):
    out = filled / "elsewhere"
    shutil.copytree(form, out / "form")
    (out / "file").write_text("precious")
    forms, models = filled / "data" / "forms", filled / "cache" / "models"
    (forms / "linked").symlink_to(out / "form")
    (forms / "unrelated").symlink_to(out)
    (forms / "heavens" / "motion.npz").unlink()
    (forms / "heavens" / "motion.npz").symlink_to(out / "file")
    (models / ".building-x" / "out").symlink_to(out)
    (models / ".building-y").symlink_to(out)
    (models / "pose_landmarker_lite.task").symlink_to(out / "file")
    (filled / "data" / "sessions" / "journal.sqlite3-wal").symlink_to(out / "file")
    run("data", "delete", "--forms", "--model", "--yes").went_well()
    assert (out / "file").read_text() == "precious"
    assert sorted(p.name for p in (out / "form").iterdir()) == ["motion.npz", "sequence.toml"]
    left = {p for p in stored(filled) if not p.startswith("elsewhere")}
    assert {p for p in left if "sessions" not in p and "videos" not in p} == {
        "data/forms/unrelated",
        "config/settings.toml",
        "cache/models/.building-y",
    }


@posix
@pytest.mark.parametrize("kind", ["forms", "sessions", "models"])
def test_a_folder_that_is_a_link_is_refused(run, filled, kind):
    place = filled / ("cache" if kind == "models" else "data") / kind
    place.rename(filled / "elsewhere")
    place.symlink_to(filled / "elsewhere")
    before = stored(filled)
    assert f"-> {filled / 'elsewhere'}" in run("data", "list").out
    run("data", "delete", "--all", "--yes").refused(1, "link", str(place), "nothing was deleted")
    assert stored(filled) == before


@posix
def test_a_folder_that_becomes_a_link_meanwhile(filled):
    from posecoach.commands.data import choose_parts, delete_stored
    from posecoach.errors import InputError

    bow = filled / "data" / "forms" / "bow"
    out = filled / "elsewhere"
    parts = choose_parts(["forms"])
    bow.rename(out)
    bow.symlink_to(out)
    with pytest.raises(InputError, match="moved elsewhere"):
        delete_stored(parts, "en", ask=None, say=lambda line: None)
    assert sorted(p.name for p in out.iterdir()) == ["motion.npz", "sequence.toml"]


def test_a_practice_under_way_is_not_deleted(run, filled):
    with Journal.open() as journal:
        writer = journal.start_session(make_form(), "camera", "en")
        before = stored(filled)
        run("data", "delete", "--all", "--yes").refused(1, "in use", "Nothing was deleted")
        assert stored(filled) == before
        writer.note("rest", 1.0)
    run("data", "delete", "--all", "--yes").went_well()


def test_damaged_ones_moved_aside_are_deleted_too(run, home):
    keep()
    path = home / "data" / "sessions" / "journal.sqlite3"
    path.write_bytes(b"nothing")
    run("history").refused(1, "damaged")
    assert any("damaged" in name for name in stored(home))
    run("data", "delete", "--sessions", "-y").went_well()
    assert stored(home) == set()


def test_settings_and_damaged_ones_are_listed_and_deleted(run, filled):
    folder = filled / "config"
    damaged = folder / "settings-damaged-20260101T000000000000Z.toml"
    damaged.write_text("no = toml =")
    (folder / "mine.txt").write_text("somebody's own")
    assert str(damaged) in run("data", "list").out
    run("data", "delete", "--settings", "--yes").went_well()
    assert [p.name for p in folder.iterdir()] == ["mine.txt"]
    assert any("sessions" in name for name in stored(filled))


def test_shipped_forms_are_nobodys_own(run, home, monkeypatch):
    from posecoach.reference.library import get_shipped_folder

    shipped = get_shipped_folder()
    before = sorted(shipped.rglob("*"))
    monkeypatch.setenv("POSECOACH_FORMS", str(shipped))
    run("data", "delete", "--forms", "--yes").went_well()
    assert sorted(shipped.rglob("*")) == before


def test_the_users_own_folders_without_settings_of_ours(home, monkeypatch):
    for name in ("POSECOACH_DATA", "POSECOACH_FORMS", "POSECOACH_CACHE"):
        monkeypatch.delenv(name)
    from posecoach.commands.data import find_parts

    for part in find_parts():
        assert os.path.commonpath([part.folder, home]) == str(home)
        assert part.files == ()
    assert get_cache_dir().is_relative_to(home)


def test_the_page_of_settings_shows_and_deletes_the_same(run, filled):
    from posecoach.commands.data import delete_kept, tell_kept

    (filled / "data" / "videos" / "holiday.mp4").write_bytes(b"of others")
    kept = {title: (size, folder) for title, size, folder in tell_kept("en")}
    assert set(kept) == {"Sessions", "Videos", "Your own forms", "Settings"}
    assert kept["Videos"] == ("2.4 kB", filled / "data" / "videos")
    delete_kept("practices")
    assert {title: bool(size) for title, size, _ in tell_kept("en")} == {
        "Sessions": False,
        "Videos": False,
        "Your own forms": True,
        "Settings": True,
    }
    delete_kept("everything")
    left = stored(filled)
    assert "data/videos/holiday.mp4" in left
    assert any("pose_landmarker_full.task" in x for x in left)  # fetched again at once otherwise
    assert not any(x.startswith(("config", "data/sessions", "data/forms")) for x in left)
