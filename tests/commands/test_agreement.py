"""The command as typed, on recordings of the plain figure; on real clips in tests/real."""

import json

import jsonschema
import pytest

from posecoach.agreement import json_schema

pytestmark = pytest.mark.usefixtures("no_model")


@pytest.fixture
def clips(recordings):
    return [recordings[name] for name in ("clean", "leaning")]


def label(path, *rows):
    path.write_text("\n".join(["clip,time_s,measure,direction", *rows]) + "\n")
    return path


def test_from_a_template_to_a_number(run, clips, form, tmp_path):
    file = tmp_path / "maria.csv"
    got = run("agreement", "--template", file, *clips)
    got.went_well()
    assert "2 clips" in got.out
    text = file.read_text(encoding="utf-8-sig")
    text = text.replace("clean,,,", "clean,,nothing,").replace(
        "leaning,,,", "leaning,5.0,lateral_lean,left"
    )
    file.write_text(text)
    out = tmp_path / "out.json"
    got = run("agreement", file, *clips, "-r", form, "--json", out, "--language", "en")
    got.went_well()
    told = json.loads(out.read_text())
    jsonschema.validate(told, json_schema())
    (pair,) = told["pairs"]
    lean = pair["measures"]["lateral_lean"]
    assert (pair["clips"], lean["both"], lean["other_side"]) == (2, 1, 0)
    assert "coach and maria.csv (clips: 2, repetitions: 4)" in got.out
    assert "Lean to the side" in got.out
    german = run("agreement", file, *clips, "-r", form, "--language", "de")
    assert "Neigung zur Seite" in german.out
    assert "Durchgänge: 4" in german.out


def test_two_teachers_who_differ(run, clips, form, tmp_path):
    one = label(tmp_path / "one.csv", "clean,,nothing,", "leaning,5,lateral_lean,left")
    two = label(tmp_path / "two.csv", "clean,3,tempo_ratio,fast", "leaning,5,lateral_lean,right")
    got = run("agreement", one, *clips, "-r", form, "--second", two, "--language", "en")
    got.went_well()
    lines = got.out.splitlines()
    assert [x for x in lines if "(clips" in x] == [
        "coach and one.csv (clips: 2, repetitions: 4)",
        "coach and two.csv (clips: 2, repetitions: 4)",
        "one.csv and two.csv (clips: 2, repetitions: 4)",
    ]
    told = "leaning, repetition 1, Lean to the side: one.csv: to the left (5.0 s); two.csv: to the"
    assert any(told in line for line in lines)


def test_what_is_wrong_is_told(run, clips, form, tmp_path, recordings):
    file = label(tmp_path / "x.csv", "clean,,nothing,")
    run("agreement", file, *clips).refused(2, "--reference")
    run("agreement", tmp_path / "none.csv", *clips, "-r", form).refused(1, "none.csv")
    run("agreement", file, tmp_path / "clean.npz", "-r", form).refused(1, "not there")
    run("agreement", file, recordings["leaning"], "-r", form).refused(2, "none of them")
    run("agreement", file, *clips, "-r", form, "--json", file).refused(2, "lost")
    run("agreement", "--template", file, *clips).refused(2, "another name")
    bad = label(tmp_path / "bad.csv", "clean,soon,lateral_lean,left")
    run("agreement", bad, *clips, "-r", form).refused(1, "line 2")


def test_clips_not_labelled_yet_are_left_out(run, clips, form, tmp_path):
    file = label(tmp_path / "x.csv", "clean,,nothing,", "leaning,,,")
    got = run("agreement", file, *clips, "-r", form, "--language", "en")
    assert got.status == 0
    assert "says nothing yet of leaning" in got.err
    assert "clips: 1," in got.out
    assert "full agreement" in got.out
