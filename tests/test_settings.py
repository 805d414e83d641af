"""What is remembered: written whole, read whatever happened to it."""

import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from posecoach.errors import UsageError
from posecoach.settings import (
    CONFIG_ENV,
    Settings,
    SettingsStore,
    find_settings_files,
    get_settings_path,
)


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv(CONFIG_ENV, str(tmp_path / "config"))
    return get_settings_path()


def test_what_is_changed_is_found_again(path):
    store = SettingsStore()
    assert store.settings == Settings()
    store.change(camera='Camera "on a stick" – größer', mirrored=False, strictness=1.5)
    store.change(care_read=date(2026, 11, 24), language="de")
    store.change(camera=None)
    again = SettingsStore()
    wanted = Settings(mirrored=False, strictness=1.5, care_read=date(2026, 11, 24), language="de")
    assert again.settings == store.settings == wanted
    assert store.take_problem() is again.take_problem() is None
    assert find_settings_files() == [path]


def test_comments_and_keys_of_others_stay(path):
    path.parent.mkdir()
    path.write_text("# mine\nghost = false  # it distracts me\nlater = [1, 2]\n\n[more]\na = 1\n")
    store = SettingsStore()
    assert not store.settings.ghost
    store.change(ghost=True, voice=False)
    text = path.read_text()
    for words in ("# mine", "ghost = true  # it distracts me", "later = [1, 2]", "[more]\na = 1"):
        assert words in text
    assert SettingsStore().settings == Settings(voice=False)


def test_two_windows_do_not_undo_each_other(path):
    one, other = SettingsStore(), SettingsStore()
    one.change(ghost=False)
    other.change(mirrored=False)
    assert SettingsStore().settings == Settings(ghost=False, mirrored=False)


@pytest.mark.parametrize(
    "content", [b"no = toml =", b"\xff\xfe\x00", b"x" * 200_000, b"a = 1\na = 2"]
)
def test_a_broken_file_is_put_aside_with_one_line(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    store = SettingsStore()
    assert store.settings == Settings()
    problem = store.take_problem()
    assert "\n" not in problem
    assert problem.startswith("Expected settings in")
    assert store.take_problem() is None
    (aside,) = find_settings_files()
    assert aside.name in problem
    assert aside.read_bytes() == content
    store.change(ghost=False)
    assert SettingsStore().settings == Settings(ghost=False)
    assert aside.exists()


def test_values_that_do_not_fit_are_named_and_the_rest_is_kept(path):
    path.parent.mkdir()
    path.write_text('ghost = false\nstrictness = 9.0\nvoice = "loud"  # very\nlater = 1\n')
    store = SettingsStore()
    assert store.settings == Settings(ghost=False)
    problem = store.take_problem()
    assert "strictness = 9.0" in problem
    assert "voice = 'loud'" in problem
    assert "\n" not in problem
    assert "later = 1" in path.read_text()
    again = SettingsStore()
    assert (again.settings, again.take_problem()) == (Settings(ghost=False), None)
    assert len(find_settings_files()) == 2


def test_a_whole_number_and_the_bounds_are_fine(path):
    path.parent.mkdir()
    for text, wanted in (("1", 1.0), ("2", 2.0), ("0.75", 0.75)):
        path.write_text(f"strictness = {text}\n")
        store = SettingsStore()
        assert (store.settings.strictness, store.take_problem()) == (wanted, None)


@pytest.mark.parametrize(
    "fields",
    [{"colour": "red"}, {"mirrored": "yes"}, {"strictness": 0.1}, {"strictness": True}],
)
def test_what_is_no_setting_is_refused_and_changes_nothing(path, fields):
    store = SettingsStore()
    with pytest.raises(UsageError, match="Expected"):
        store.change(**fields)
    assert store.settings == Settings()
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_the_file_stays_one(path, tmp_path):
    mine = tmp_path / "dotfiles.toml"
    mine.write_text("ghost = false\n")
    path.parent.mkdir()
    path.symlink_to(mine)
    SettingsStore().change(mirrored=False)
    assert path.is_symlink()
    assert "mirrored = false" in mine.read_text()


def test_a_folder_that_cannot_be_written_is_told_once_and_nothing_else(path):
    path.parent.write_text("a file in the way")
    store = SettingsStore()
    store.take_problem()
    assert store.change(ghost=False).ghost is False
    problem = store.take_problem()
    assert problem is not None
    assert "\n" not in problem
    assert store.settings.ghost is False


def test_a_name_that_cannot_be_written_is_cleaned(path):
    store = SettingsStore()
    assert store.change(camera="\udcff odd").camera == "? odd"
    assert store.take_problem() is None
    assert SettingsStore().settings.camera == "? odd"


def test_nothing_is_kept_where_nothing_should_be(path):
    store = SettingsStore(keep=False)
    store.change(ghost=False)
    assert store.settings == Settings(ghost=False)
    assert not path.exists()


def test_only_the_owner_reads_it_and_no_half_file_is_left(path):
    SettingsStore().change(ghost=False)
    assert list(path.parent.iterdir()) == [path]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


@examples(max_examples=40)
@given(
    camera=st.none() | st.text(min_size=1, max_size=200),
    strictness=st.floats(0.75, 2.0),
    flags=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_every_choice_comes_back(tmp_path_factory, camera, strictness, flags):
    file = tmp_path_factory.getbasetemp() / "every.toml"
    file.unlink(missing_ok=True)
    fields = dict(zip(("mirrored", "gentle", "seated"), flags, strict=True))
    store = SettingsStore(file)
    store.change(camera=camera, strictness=strictness, **fields)
    assert store.take_problem() is None
    assert SettingsStore(file).settings == store.settings


@examples(max_examples=60)
@given(st.binary(max_size=300))
def test_no_file_stops_the_app(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(content)
    store = SettingsStore(file)
    store.change(ghost=False)
    assert SettingsStore(file).settings.ghost is False
    for left in file.parent.glob("any-damaged-*"):
        left.unlink()
