import shutil

import numpy as np
import pytest
import tomlkit

from conftest import ROOT
from posecoach.capture.replay import MotionEstimator, MotionSource, load_motion
from posecoach.capture.video import VideoFile
from posecoach.reference.files import load_sequence


def lengths(folder):
    return [t.motion.duration_s for t in load_sequence(folder).takes]


def contents(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("names", "takes"),
    [
        (["once"], 1),
        (["no-standing"], 1),
        (["teacher"], 2),
        (["thrice"], 3),
        (["once", "teacher"], 3),
    ],
)
def test_one_or_several_repetitions_with_standing_or_without(
    tmp_path, run, recordings, no_model, names, takes
):
    sources = [part for n in names for part in ("--source", recordings[n])]
    got = run("record", "my-form-2", *sources, "--out", tmp_path)
    got.went_well()
    # The standing is cut off, the movement is not.
    assert lengths(tmp_path / "my-form-2") == pytest.approx([10.0] * takes, abs=0.7)
    assert load_sequence(tmp_path / "my-form-2").symmetry == "symmetric"
    assert f"{takes} repetition{'s' * (takes > 1)} (" in got.out
    assert str(tmp_path / "my-form-2" / "sequence.toml") in got.out
    run("references", "check", tmp_path / "my-form-2").went_well()
    run("analyze", recordings["clean"], "-r", tmp_path / "my-form-2").went_well()


def test_a_video_cut_to_the_movement_itself(tmp_path, run, write_video, model):
    with VideoFile(ROOT / "samples" / "heavens-teacher.mp4") as video:
        images = [f.image for f in video if 2.0 <= f.time_s <= 12.5 and f.index % 3 == 0]
    source = write_video(tmp_path / "cut.mp4", images, fps=10.0)
    run("record", "heavens", "--source", source, "--out", tmp_path / "forms").went_well()
    assert lengths(tmp_path / "forms" / "heavens") == pytest.approx([10.0], abs=0.8)


def test_without_a_folder_it_becomes_ones_own(run, recordings, own_forms):
    run("record", "mine", "--source", recordings["once"]).went_well()
    try:
        got = run("references", "list")
        assert any(x.startswith("mine ") and "(your own)" in x for x in got.out.splitlines())
    finally:
        shutil.rmtree(own_forms / "mine")


def test_an_existing_form_is_not_touched(tmp_path, run, recordings, no_model, form):
    shutil.copytree(form, tmp_path / "heavens")
    before = contents(tmp_path / "heavens")
    got = run("record", "heavens", "--source", recordings["once"], "--out", tmp_path)
    got.refused(2, "heavens", "--replace")
    assert contents(tmp_path / "heavens") == before


def test_recording_again_keeps_what_people_wrote(tmp_path, run, recordings, form):
    folder = tmp_path / "heavens"
    shutil.copytree(form, folder)
    document = tomlkit.parse((folder / "sequence.toml").read_text(encoding="utf-8"))
    document["teacher"] = "Frau Übung"
    document["tolerances"] = {"lateral_lean": 6.0}
    document["phases"] = [
        {"id": "up", "start_s": 0.0, "end_s": 5.0, "breath": "in", "symmetry": "symmetric"},
        {"id": "down", "start_s": 5.0, "end_s": 10.0, "breath": "out", "symmetry": "symmetric"},
    ]
    text = "# Ask Frau Übung before changing this.\n" + tomlkit.dumps(document)
    (folder / "sequence.toml").write_text(text, encoding="utf-8")
    old = load_sequence(folder)
    got = run("record", "heavens", "--source", recordings["clean"], "--out", tmp_path, "--replace")
    got.went_well()
    new = load_sequence(folder)
    assert (new.titles, new.teacher, new.cues) == (old.titles, "Frau Übung", old.cues)
    assert new.tolerances == {"lateral_lean": 6.0}
    scale = new.duration_s / old.duration_s
    assert [(p.id, p.breath) for p in new.phases] == [("up", "in"), ("down", "out")]
    assert [p.end_s for p in new.phases] == pytest.approx([5 * scale, 10 * scale], abs=0.01)
    assert "# Ask Frau Übung" in (folder / "sequence.toml").read_text(encoding="utf-8")
    assert new.takes[0].motion.source == recordings["clean"].name
    assert not np.allclose(new.takes[0].motion.image[0], old.takes[0].motion.image[0])


def test_a_broken_form_is_not_recorded_over(tmp_path, run, recordings, form):
    folder = tmp_path / "heavens"
    shutil.copytree(form, folder)
    (folder / "sequence.toml").write_text("title = [")
    before = contents(folder)
    got = run("record", "heavens", "--source", recordings["once"], "--out", tmp_path, "--replace")
    got.refused(1, "words are kept")
    assert contents(folder) == before


@pytest.mark.parametrize(
    "name", ["Übung", "My-Form", "a b", "../up", "a--b", "", "x" * 61, "form\n"]
)
def test_an_unfit_name(tmp_path, run, recordings, no_model, name):
    got = run("record", name, "--source", recordings["once"], "--out", tmp_path)
    got.refused(2, "small letters, digits and hyphens")
    assert list(tmp_path.iterdir()) == []


def test_standing_still_is_no_form(tmp_path, run, recordings):
    got = run("record", "still", "--source", recordings["still"], "--out", tmp_path)
    got.refused(1, "Expected a movement")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_room_is_no_form(tmp_path, run, empty_room, model):
    got = run("record", "room", "--source", empty_room, "--out", tmp_path)
    got.refused(1, "saw one in 0 %")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_video_is_told_before_the_first_is_watched(tmp_path, run, empty_room, no_model):
    sources = ("--source", empty_room, "--source", tmp_path / "gone.mp4")
    run("record", "two", *sources, "--out", tmp_path / "forms").refused(1, "gone.mp4")
    assert list(tmp_path.iterdir()) == []


def test_camera_and_video_at_once(run, empty_room, no_model):
    got = run("record", "both", "--source", empty_room, "--camera", 1)
    got.refused(2, "a camera or videos", "leave one out")


def test_no_camera(tmp_path, run, monkeypatch, model):
    monkeypatch.setattr("posecoach.capture.camera.list_cameras", lambda: [])
    run("record", "none", "--camera", 99, "--out", tmp_path).refused(1, "camera")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def camera(monkeypatch, recordings, model):
    """Put a recording in the place of a camera and of the model; return what was opened."""
    motion = load_motion(recordings["once"])
    opened = []

    def open_camera(spec, *, camera):
        opened.append(camera)
        return MotionSource(motion)

    monkeypatch.setattr("posecoach.capture.sources.open_source", open_camera)
    monkeypatch.setattr("posecoach.pose.person.PersonEstimator", lambda model: Recorded(motion))
    return opened


class Recorded(MotionEstimator):
    """An estimator that can be opened as the real one is, and may be interrupted."""

    stop_at = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def estimate(self, frame):
        if frame.index == self.stop_at:
            raise KeyboardInterrupt
        return super().estimate(frame)


def test_from_a_camera(tmp_path, run, camera):
    said = ("--teacher", "Frau Übung", "--consent", "her own, today", "--licence", "CC-BY-4.0")
    options = ("--camera", "Logi", "--countdown", "1.5", *said)
    got = run("record", "live", *options, "--out", tmp_path)
    got.went_well()
    assert camera == ["Logi"]
    lines = got.out.splitlines()
    assert "Stand quietly" in lines[0]
    assert lines[2:5] == ["2 ...", "1 ...", "Recording."]
    assert "Before you send it, fill in: title" in lines
    form = load_sequence(tmp_path / "live")
    assert form.teacher == "Frau Übung"
    assert (form.consent, form.licence) == ("her own, today", "CC-BY-4.0")
    assert lengths(tmp_path / "live") == pytest.approx([10.0], abs=0.7)


def test_ctrl_c_ends_the_recording_and_keeps_it(tmp_path, run, camera, monkeypatch):
    monkeypatch.setattr(Recorded, "stop_at", 190)
    run("record", "live", "--countdown", 0, "--out", tmp_path).went_well()
    assert lengths(tmp_path / "live") == pytest.approx([10.0], abs=0.7)


def test_ctrl_c_at_once_leaves_nothing(tmp_path, run, camera, monkeypatch):
    monkeypatch.setattr(Recorded, "stop_at", 0)
    run("record", "live", "--out", tmp_path).refused(1, "at least one frame")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path, run, recordings):
    (tmp_path / "file").touch()
    got = run("record", "form", "--source", recordings["once"], "--out", tmp_path / "file")
    got.refused(1, str(tmp_path / "file"))
