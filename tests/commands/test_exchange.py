"""Export and import as typed, on the shipped forms."""

import numpy as np
import pytest

from figures import perform
from posecoach.analysis import analyze
from posecoach.readers import read_recording
from posecoach.reference.files import load_sequence
from posecoach.reference.library import find_forms, open_form

FORM = "two-hands-hold-up-the-heavens"


@pytest.fixture(scope="module")
def taught():
    return open_form(FORM)


@pytest.mark.parametrize("kind", ["pose", "nc", "trc", "csv"])
def test_what_is_exported_makes_a_form_again(run, taught, tmp_path, kind):
    """The teacher's own second take, judged by the form that went through the file, is clean."""
    file = tmp_path / f"take.{kind}"
    run("references", "export", FORM, "--to", file).went_well()
    got = run(
        "references", "import", file, "again", "--out", tmp_path, "--whole", "--title", "Sky",
        "--licence", "CC0-1.0", "--consent", "animated", "--language", "en",
    )  # fmt: skip
    got.went_well()
    assert "1 repetition" in got.out
    assert "empty" not in got.out
    form = load_sequence(tmp_path / "again")
    assert form.title("en") == "Sky"
    assert (form.licence, form.consent) == ("CC0-1.0", "animated")
    assert f"take.{kind}" in form.origin
    assert str(tmp_path) not in (tmp_path / "again" / "sequence.toml").read_text()
    assert form.symmetry == taught.symmetry
    assert form.duration_s == pytest.approx(taught.duration_s, abs=0.05)
    if kind in ("nc", "csv"):
        np.testing.assert_array_equal(form.takes[0].motion.image, taught.takes[0].motion.image)
        return
    judged = analyze(taught.takes[1].motion, form)
    assert len(judged.repetitions) == 1
    assert not judged.cues


def test_a_take_by_its_number(run, taught, tmp_path):
    got = run("references", "export", FORM, "--to", tmp_path / "x.csv", "--take", 2)
    got.went_well()
    many = len(taught.takes)
    assert f"take 2 of {many}" in got.out
    own = read_recording(tmp_path / "x.csv")
    np.testing.assert_array_equal(own.image, taught.takes[1].motion.image)
    run("references", "export", FORM, "--to", tmp_path / "x.csv", "--take", many + 1).refused(
        2, f"1 to {many}"
    )


def test_what_cannot_be_exported(run, tmp_path):
    run("references", "export", FORM, "--to", tmp_path / "x.pdf").refused(2, ".pose, .nc")
    run("references", "export", FORM, "--to", tmp_path / "no" / "x.nc").refused(1, "folder")
    run("references", "export", "none", "--to", tmp_path / "x.nc").refused(1, "known forms")
    run("references", "export", FORM, "--to", tmp_path / "x.nc", "--rate", 30).refused(2, "times")
    run("references", "export", FORM, "--to", tmp_path / "x.trc", "--rate", 0).refused(2, "rate")
    run("references", "export", FORM, "--to", find_forms()[FORM] / "x" / "y.nc").refused(1)
    assert not list(tmp_path.iterdir())


def test_repetitions_are_looked_for(run, tmp_path):
    from posecoach.writers import write_pose

    write_pose(perform(fps=15)[0], tmp_path / "class.pose")
    got = run("references", "import", tmp_path / "class.pose", "sky", "--out", tmp_path)
    got.went_well()
    assert "2 repetitions" in got.out
    assert "licence and consent are empty" in got.out
    again = ("references", "import", tmp_path / "class.pose", "sky", "--out", tmp_path)
    run(*again).refused(2, "--replace")
    run(*again, "--replace").went_well()


def test_what_cannot_be_imported(run, tmp_path):
    def refused(name: str, status: int, *words: str, data: bytes = b"x"):
        (tmp_path / name).write_bytes(data)
        run("references", "import", tmp_path / name, "form", "--out", tmp_path / "forms").refused(
            status, *words
        )

    refused("x.mot", 1, "angles")
    refused("x.mp4", 2, "record NAME --source x.mp4")
    refused("x.pose", 1, "x.pose")
    refused("x.nc", 1, "x.nc")
    refused("x.trc", 1, "x.trc")
    refused("x.nc", 1, "x.nc", data=b"\x89HDF\r\n\x1a\n" + b"\0" * 200)
    run("references", "import", tmp_path / "none.nc", "form").refused(1, "not there")
    run("references", "import", tmp_path / "x.nc", "Form 1").refused(2, "small letters")
    assert not (tmp_path / "forms").exists()


@pytest.mark.usefixtures("no_model")
def test_analyze_takes_such_files(run, tmp_path):
    file = tmp_path / "student.pose"
    run("references", "export", FORM, "--to", file, "--take", 2).went_well()
    got = run("analyze", file, "-r", FORM, "--json", tmp_path / "x.json", "--language", "en")
    got.went_well()
    assert "One repetition" in got.out
    assert "no cue was needed" in got.out
