import shutil

import numpy as np
import pytest

from figures import heavens, make_motion
from posecoach.errors import SequenceError
from posecoach.reference import library
from posecoach.reference.files import save_sequence
from posecoach.reference.sequence import Sequence


def save(folder, teacher=""):
    time = np.linspace(0, 5, 60)
    sequence = Sequence.from_takes([make_motion(time, heavens(time, time))], id="some-form")
    object.__setattr__(sequence, "teacher", teacher)
    return save_sequence(sequence, folder)


@pytest.fixture
def shelves(tmp_path, monkeypatch):
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    monkeypatch.setenv(library.FORMS_ENV, str(own))
    monkeypatch.setattr(library, "get_shipped_folder", lambda: shipped)
    return own, shipped


def test_no_shelf_no_forms(shelves):
    assert library.find_forms() == {}
    with pytest.raises(SequenceError, match="none yet"):
        library.open_form("bow")


def test_ones_own_go_before_the_shipped(shelves):
    own, shipped = shelves
    save(shipped / "sky", "shipped")
    save(shipped / "bow", "shipped")
    save(own / "bow", "own")
    (own / "notes").mkdir()
    (own / "file.txt").write_text("x")
    assert library.find_forms() == {"sky": shipped / "sky", "bow": own / "bow"}
    assert library.open_form("bow").teacher == "own"
    assert library.open_form("sky").teacher == "shipped"
    shutil.rmtree(own / "bow")
    assert library.open_form("bow").teacher == "shipped"


def test_a_folder_is_a_name_too(shelves, tmp_path, monkeypatch):
    save(tmp_path / "elsewhere", "me")
    assert library.open_form(tmp_path / "elsewhere").teacher == "me"
    monkeypatch.chdir(tmp_path)
    assert library.open_form("elsewhere").teacher == "me"


def test_unknown_and_empty_folders_are_told(shelves, tmp_path):
    own, _ = shelves
    save(own / "bow")
    with pytest.raises(SequenceError, match=r"'sky'; known forms: bow\."):
        library.open_form("sky")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SequenceError, match=r"sequence\.toml"):
        library.open_form(tmp_path / "empty")
    with pytest.raises(SequenceError):
        library.open_form("a\0b")


def test_the_folder_of_ones_own_without_the_variable(monkeypatch):
    monkeypatch.delenv(library.FORMS_ENV)
    assert library.get_own_folder().parts[-2:] == ("posecoach", "forms")


@pytest.fixture(autouse=True)
def _variable(monkeypatch):
    monkeypatch.setenv(library.FORMS_ENV, "unused")
