import csv
import json
import shutil

import cv2
import jsonschema
import pytest

from conftest import ROOT
from posecoach.capture.replay import load_motion
from posecoach.result import json_schema

TEACHER = ROOT / "samples" / "heavens-teacher.mp4"
COLUMNS = (
    "video,repetition,start_s,end_s,measure,value,reference,deviation,worst,uncertainty,"
    "tolerance,unit,judged,reason"
)


def read(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(document, json_schema())
    return document


@pytest.fixture
def bad(tmp_path, write_video, empty_room):
    """Return a recording that is none, by what is wrong with it."""
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("Dear diary\n" * 50)
    (tmp_path / "folder.mp4").mkdir()
    # OpenCV writes the index at the end: without it nothing can be read.
    (tmp_path / "truncated.mp4").write_bytes(empty_room.read_bytes()[:-600])
    (tmp_path / "noise.npz").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("missing.mp4", "is not there"),
        ("empty.mp4", "is empty"),
        ("text.mp4", "no frame"),
        ("folder.mp4", "is a folder"),
        ("truncated.mp4", "no frame"),
        ("missing.npz", "not there"),
        ("noise.npz", "damaged"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_a_document(bad, form, run, model, name, told):
    out = bad / "out.json"
    got = run("analyze", bad / name, "--reference", form, "--json", out)
    got.refused(1, told, name)
    document = read(out)
    assert told in document["message"]
    assert document["video"]["path"] == str(bad / name)
    assert document["video"]["frames"] == 0
    assert document["repetitions"] == document["cues"] == []


def test_a_video_that_breaks_off_is_judged_as_far_as_it_goes(tmp_path, run, form):
    # The samples have their index in front.
    (tmp_path / "part.mp4").write_bytes(TEACHER.read_bytes()[:60_000])
    out = tmp_path / "out.json"
    got = run("analyze", tmp_path / "part.mp4", "-r", form, "--json", out)
    assert (got.status, got.err) == (1, "")
    assert "found none; was it this form" in got.out
    document = read(out)
    assert 20 < document["video"]["frames"] < 300
    assert document["seen"] > 0.9


def test_a_video_of_nobody_is_no_success_but_a_document(tmp_path, run, form, empty_room):
    got = run("analyze", empty_room, "-r", form, "--json", tmp_path / "out.json")
    assert (got.status, got.err) == (1, "")
    assert "saw one in 0 % of the frames" in got.out
    document = read(tmp_path / "out.json")
    assert document["video"]["frames"] == 20
    assert document["seen"] == 0
    assert set(document["place"]["reference_s"]) == {None}


def test_an_unknown_form_is_told_before_any_work(run, recordings, no_model):
    run("analyze", "x.mp4", "-r", "no-such-form").refused(1, "no-such-form", "known forms")


def test_a_broken_form(tmp_path, run, recordings, form):
    broken = tmp_path / "broken"
    shutil.copytree(form, broken)
    (broken / "motion.npz").write_bytes(b"nothing")
    run("analyze", recordings["clean"], "-r", broken).refused(1, "motion.npz")
    (broken / "sequence.toml").write_text("title = [")
    run("analyze", recordings["clean"], "-r", broken).refused(1, "TOML")


def test_an_unknown_language(run, recordings, form):
    run("analyze", recordings["clean"], "-r", form, "-l", "fr").refused(2, "'fr'", "de, en")


@pytest.mark.parametrize("option", ["--json", "--csv", "--overlay", "--landmarks"])
def test_a_folder_that_is_not_there_is_told_before_any_work(
    tmp_path, run, recordings, form, no_model, option
):
    target = tmp_path / "nowhere" / "out.json"
    got = run("analyze", tmp_path / "later.mp4", "-r", form, option, target)
    got.refused(1, "nowhere", "is not there")


@pytest.mark.parametrize("option", ["--json", "--csv", "--overlay", "--landmarks"])
def test_a_result_is_never_written_over_the_recording(tmp_path, run, form, no_model, option):
    video = tmp_path / "mine.mp4"
    video.write_bytes(b"precious")
    run("analyze", video, "-r", form, option, video).refused(2, "would be lost")
    assert video.read_bytes() == b"precious"


def test_not_even_by_way_of_a_folder(tmp_path, run, form, no_model):
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_bytes(b"precious")
    got = run("analyze", tmp_path / "a.mp4", tmp_path / "b.mp4", "-r", form, "--overlay", tmp_path)
    got.refused(2, "would be lost")
    assert (tmp_path / "a.mp4").read_bytes() == b"precious"


def test_two_results_need_two_files(tmp_path, run, recordings, form, no_model):
    out = tmp_path / "out"
    got = run("analyze", recordings["clean"], "-r", form, "--json", out, "--csv", out)
    got.refused(2, "twice")
    assert not out.exists()


def test_several_recordings_need_a_folder(tmp_path, run, recordings, form, no_model):
    both = (recordings["clean"], recordings["leaning"])
    run("analyze", *both, "-r", form, "--json", tmp_path / "x.json").refused(2, "a folder")
    run("analyze", *both[:1] * 2, "-r", form, "--json", tmp_path).refused(2, "different names")
    assert list(tmp_path.iterdir()) == []


def test_landmarks_need_no_model(tmp_path, run, recordings, form, no_model):
    out = tmp_path / "out.json"
    got = run("analyze", recordings["leaning"], "-r", form, "--json", out)
    got.went_well()
    document = read(out)
    assert len(document["repetitions"]) == 2
    assert {(c["measure"], c["direction"]) for c in document["cues"]} == {("lateral_lean", "left")}
    assert "2 repetitions, body seen in 100 % of the frames" in got.out
    assert "Like a pine" in got.out
    assert "to the left" in got.out


def test_in_german(tmp_path, run, recordings, form, no_model):
    out = tmp_path / "out.json"
    got = run("analyze", recordings["leaning"], "-r", form, "--json", out, "--language", "de")
    got.went_well()
    assert "2 Durchgänge" in got.out
    assert "nach links" in got.out
    assert "Wie eine Kiefer" in {c["text"] for c in read(out)["cues"]}
    clean = run("analyze", recordings["clean"], "-r", form, "--language", "de")
    clean.went_well()
    assert "repetitions" not in clean.out


def test_a_clean_performance_is_said_to_be_one(run, recordings, form):
    got = run("analyze", recordings["clean"], "-r", form, "-l", "en")
    got.went_well()
    assert "no cue was needed" in got.out
    assert "Not judged, and why:\n    " in got.out
    assert "Lean forward: cannot be judged from the front" in got.out


def test_the_table_has_a_row_for_each_repetition_and_measure(tmp_path, run, recordings, form):
    out, table = tmp_path / "json", tmp_path / "all.csv"
    both = (recordings["clean"], recordings["leaning"])
    run("analyze", *both, "-r", form, "--json", out, "--csv", table).went_well()
    text = table.read_text(encoding="utf-8")
    assert text.splitlines()[0] == COLUMNS
    rows = list(csv.DictReader(text.splitlines()))
    documents = [read(out / f"{p.stem}.json") for p in both]
    want = [
        (d["video"]["path"], str(k), name)
        for d in documents
        for k, r in enumerate(d["repetitions"], 1)
        for name in r["measures"]
    ]
    assert [(r["video"], r["repetition"], r["measure"]) for r in rows] == want
    for row in rows:
        assert (row["judged"] == "True") == (row["value"] != "" and row["reason"] == "")
    lean = next(r for r in rows if r["measure"] == "lateral_lean")
    first = documents[0]["repetitions"][0]["measures"]["lateral_lean"]
    assert float(lean["value"]) == first["value"]


def test_one_bad_recording_among_good_ones_hides_none(tmp_path, run, recordings, form):
    three = (recordings["clean"], tmp_path / "gone.npz", recordings["leaning"])
    got = run("analyze", *three, "-r", form, "--json", tmp_path / "out")
    got.refused(1, "gone.npz")
    assert got.out.count("2 repetitions") == 2
    assert read(tmp_path / "out" / "gone.json")["message"]
    assert read(tmp_path / "out" / "leaning.json")["cues"]


def test_two_at_a_time_say_the_same(tmp_path, run, recordings, form):
    both = (recordings["clean"], tmp_path / "gone.npz", recordings["leaning"])
    one = run("analyze", *both, "-r", form, "--json", tmp_path / "one")
    two = run("analyze", *both, "-r", form, "--json", tmp_path / "two", "--jobs", 2)
    assert (one.status, one.err) == (two.status, two.err)
    assert one.out == two.out
    for path in both:
        name = f"{path.stem}.json"
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_picture_and_landmarks_are_kept_where_asked(tmp_path, run, recordings, form):
    video, kept = tmp_path / "seen.mp4", tmp_path / "kept.npz"
    source = recordings["once"]
    run(
        "analyze", source, "-r", form, "--overlay", video, "--landmarks", kept, "-l", "de"
    ).went_well()
    assert kept.read_bytes() == source.read_bytes()
    capture = cv2.VideoCapture(str(video))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == len(load_motion(source))
    ok, picture = capture.read()
    assert ok
    assert picture.max() > 100  # the skeleton on the recording's black
    capture.release()


def test_an_overlay_of_an_unknown_kind_leaves_nothing_open(tmp_path, run, recordings, form):
    got = run("analyze", recordings["once"], "-r", form, "--overlay", tmp_path / "seen.gif")
    got.refused(2, ".gif", ".mp4")


def test_the_video_and_the_replay_of_its_landmarks_agree(tmp_path, run):
    """Two commands on a sample: what was seen in it, and then the recording of what was seen."""
    clip = ROOT / "samples" / "separating-right-late-emma.mp4"
    form = "separating-heaven-and-earth"
    first, second, kept = (tmp_path / n for n in ("first.json", "second.json", "kept.npz"))
    run("analyze", clip, "-r", form, "--json", first, "--landmarks", kept).went_well()
    run("analyze", kept, "-r", form, "--json", second).went_well()
    seen, replayed = read(first), read(second)
    assert [c["measure"] for c in seen["cues"]] == ["left_right_delay"]
    assert seen["video"].pop("path") == str(clip)
    assert replayed["video"].pop("path") == str(kept)
    assert seen == replayed
