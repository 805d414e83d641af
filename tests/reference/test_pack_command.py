"""The two commands, as typed."""

import shutil

import pytest

from figures import perform
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.record import make_sequence


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    form = make_sequence(
        "raise-hands", [perform(fps=15)[0]], titles={"en": "Sky"}, licence="CC0-1.0", consent="yes"
    )
    return save_sequence(form, tmp_path_factory.mktemp("forms") / "raise-hands")


@pytest.fixture
def own(tmp_path, made, monkeypatch):
    shutil.copytree(made, tmp_path / "own" / "raise-hands")
    monkeypatch.setenv("POSECOACH_FORMS", str(tmp_path / "own"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "own"


def test_there_and_back(run, own, tmp_path):
    got = run("references", "pack", "raise-hands")
    got.went_well()
    assert "raise-hands.posecoach" in got.out
    file = tmp_path / "raise-hands.posecoach"
    run("references", "unpack", file).refused(1, "is there", "--replace")
    got = run("references", "unpack", file, "--out", tmp_path / "theirs")
    got.went_well()
    for told in ("Sky", "Licence: CC0-1.0", "Teacher: not stated"):
        assert told in got.out
    assert load_sequence(tmp_path / "theirs" / "raise-hands").consent == "yes"
    run("references", "unpack", file, "--replace").went_well()


def test_out_may_be_a_file_or_a_folder(run, own, tmp_path):
    run("references", "pack", own / "raise-hands", "--out", own).went_well()
    run("references", "pack", "raise-hands", "--out", tmp_path / "a" / "b.posecoach").went_well()
    one, other = own / "raise-hands.posecoach", tmp_path / "a" / "b.posecoach"
    assert one.read_bytes() == other.read_bytes()
    run("references", "pack", "raise-hands", "--out", tmp_path / "b.mp4").refused(2, ".posecoach")


def test_consent_is_asked_for(run, own, tmp_path):
    form = own / "raise-hands"
    toml = form / "sequence.toml"
    toml.write_text(toml.read_text().replace('consent = "yes"', ""))
    run("references", "pack", form).refused(1, "consent", "--without-consent")
    assert not list(tmp_path.glob("*.posecoach"))
    got = run("references", "pack", form, "--without-consent")
    got.went_well()
    assert "do not pass it on" in got.out


def test_wrong_names(run, own, tmp_path):
    run("references", "pack", "no-such").refused(2, "raise-hands")
    run("references", "unpack", tmp_path / "none.posecoach").refused(1, "not there")
    run("references", "unpack", tmp_path).refused(1, "a folder")
    (tmp_path / "x.posecoach").write_bytes(b"MZ" * 100)
    run("references", "unpack", tmp_path / "x.posecoach").refused(1, "x.posecoach")


def test_a_shipped_form_that_is_hidden_is_told(run, own, tmp_path):
    run("references", "pack", "drawing-the-bow", "--out", tmp_path).went_well()
    got = run("references", "unpack", tmp_path / "drawing-the-bow.posecoach")
    got.went_well()
    assert "goes before the form of that name" in got.out
