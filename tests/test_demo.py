import json

import cv2
import jsonschema
import pytest

from conftest import ROOT
from posecoach import demo
from posecoach.capture.video import VideoFile
from posecoach.errors import InputError
from posecoach.result import json_schema


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Run in an empty folder, without a screen, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("posecoach.app.kit.qt.has_screen", lambda: False)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return tmp_path


@pytest.fixture(scope="module")
def short(tmp_path_factory, write_video):
    """Return the demo's sample up to its first repetition, at ten frames a second."""
    with VideoFile(ROOT / "samples" / demo.SAMPLE) as video:
        images = [f.image for f in video if f.time_s < 14.5 and f.index % 3 == 0]
    return write_video(tmp_path_factory.mktemp("demo") / "short.mp4", images, fps=10.0)


def test_the_sample_is_in_the_clone():
    assert demo.find_sample() == ROOT / "samples" / demo.SAMPLE


def test_without_a_screen_it_writes_and_says_what_was_seen(short, monkeypatch, capfd, elsewhere):
    monkeypatch.setattr(demo, "find_sample", lambda: short)
    assert demo.main() == 0
    told = capfd.readouterr()
    assert told.err == ""
    document = json.loads((elsewhere / "demo-out" / "practice.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, json_schema())
    assert {(c["measure"], c["direction"]) for c in document["cues"]} == {("lateral_lean", "left")}
    assert document["reference"]["id"] == demo.FORM
    for cue in document["cues"]:
        assert cue["text"] in told.out
    for words in (
        "No screen here",
        "One repetition, body seen in 100 %",
        "to the left",
        "Annotated video: demo-out/practice.mp4",
        "All measures: demo-out/practice.json",
        f"posecoach practice {demo.FORM} --camera 0",
        "posecoach doctor",
    ):
        assert words in told.out
    assert told.out.count(" %\n") >= 4  # it says how far it is
    capture = cv2.VideoCapture(str(elsewhere / "demo-out" / "practice.mp4"))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == document["video"]["frames"]
    ok, picture = capture.read()
    assert ok
    assert picture.shape[1] >= document["video"]["width"]
    capture.release()
    assert sorted(p.name for p in elsewhere.rglob("*")) == [
        "demo-out",
        "practice.json",
        "practice.mp4",
    ]


def test_with_a_screen_it_opens_the_window(monkeypatch, capfd):
    opened = []

    def open_window(form, source, camera, language, **more):
        opened.append((form.id, source, camera, language))
        return 0

    monkeypatch.setattr("posecoach.app.kit.qt.has_screen", lambda: True)
    monkeypatch.setattr("posecoach.commands.window.practise_in_window", open_window)
    monkeypatch.setenv("LC_ALL", "de_AT.UTF-8")
    assert demo.main() == 0
    assert opened == [(demo.FORM, ROOT / "samples" / demo.SAMPLE, None, "de")]
    told = capfd.readouterr().out
    assert "Esc" in told
    assert "--camera 0" in told
    assert "With your own camera" not in told


def test_ones_own_form_of_the_same_name_is_not_in_the_way(own_forms, monkeypatch):
    folder = own_forms / demo.FORM
    folder.mkdir()
    (folder / "sequence.toml").write_text("broken = [")
    opened = []
    monkeypatch.setattr("posecoach.app.kit.qt.has_screen", lambda: True)
    monkeypatch.setattr(
        "posecoach.commands.window.practise_in_window", lambda *a, **m: opened.append(a) or 0
    )
    try:
        assert demo.main() == 0
    finally:
        (folder / "sequence.toml").unlink()
        folder.rmdir()
    assert opened


def test_not_in_a_clone(monkeypatch, capfd):
    def fail():
        raise InputError("Expected samples but they are not here.")

    monkeypatch.setattr(demo, "find_sample", fail)
    assert demo.main() == 1
    assert capfd.readouterr().err == "posecoach: Expected samples but they are not here.\n"


def test_a_file_in_the_place_of_the_folder(elsewhere, capfd, model):
    (elsewhere / "demo-out").touch()
    assert demo.main() == 1
    told = capfd.readouterr().err
    assert told.startswith("posecoach: Expected to make the folder demo-out")
    assert len(told.splitlines()) == 1


def test_ctrl_c(monkeypatch):
    def press():
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "find_sample", press)
    assert demo.main() == 130
