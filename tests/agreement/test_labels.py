import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posecoach.agreement.labels import (
    WAYS,
    Remark,
    clip_name,
    read_labels,
    write_template,
)
from posecoach.errors import InputError, UsageError
from posecoach.reference.check import DIRECTIONS
from some_takes import is_one_line_about, told

PLAIN = """\
# anything
clip,time_s,measure,direction,note
a.mp4,4.5,lateral_lean,left,first arm up
a.mp4,1:02.5,left_right_delay,right,
b,,nothing,,
c,,,,
"""


def write(path, text: str, encoding: str = "utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_a_plain_table(tmp_path):
    got = read_labels(write(tmp_path / "maria.csv", PLAIN))
    assert got.rater == "maria.csv"
    assert got.clips == {
        "a": (Remark(4.5, "lateral_lean", "left"), Remark(62.5, "left_right_delay", "right")),
        "b": (),
    }
    assert got.unlabelled == ("c",)


def test_what_a_german_spreadsheet_makes_of_it(tmp_path):
    """Semicolons, decimal commas, CRLF, a mark at the start, quotes, the German words."""
    text = (
        '"# Schau jeden Clip einmal an;;;;"\r\nclip;time_s;measure;direction;note\r\n'
        "C:\\Videos\\a.mp4;4,5;Neigung zur Seite;links;\r\n"
        "a;0:12;Armhöhe;rechts höher;\r\nb;;nichts;;\r\n;;;;\r\n"
    )
    got = read_labels(write(tmp_path / "x.csv", text, "utf-8-sig"))
    assert got.clips == {
        "a": (Remark(4.5, "lateral_lean", "left"), Remark(12.0, "arm_height_difference", "right")),
        "b": (),
    }


def test_every_cue_can_be_labelled(tmp_path):
    """Whatever the coach may say a teacher can say too."""
    rows = [f"a,{k},{m},{d}" for k, (m, ways) in enumerate(WAYS.items()) for d in ways]
    text = "clip,time_s,measure,direction\n" + "\n".join(rows)
    assert len(read_labels(write(tmp_path / "x.csv", text)).clips["a"]) == len(rows)
    assert {m.partition(".")[0] for m in WAYS} >= set(DIRECTIONS)
    assert sorted(WAYS["tempo_ratio"]) == ["fast", "slow"]


def test_a_template_is_read_as_nothing_said_yet(tmp_path):
    path = write_template(["x/heavens 1.mp4", "bow.v2.mp4", "bow.v2.mp4"], tmp_path / "x.csv")
    got = read_labels(path)
    assert got.clips == {}
    assert got.unlabelled == ("heavens 1", "bow.v2")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="another name"):
        write_template(["a"], path)
    assert path.read_bytes() == before


def test_names_of_clips():
    assert clip_name("/a/b/heavens-lean.MP4") == "heavens-lean"
    assert clip_name("C:\\x\\y.mov") == "y"
    assert clip_name("take 1.5 m away") == "take 1.5 m away"
    assert clip_name(".mp4") == ".mp4"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("4.5", "early", "time in seconds.*line 3"),
        ("4.5", "-1", "time"),
        ("4.5", "", "time"),
        ("4.5", "nan", "time"),
        ("lateral_lean", "posture", "a measure .*'posture' in line 3"),
        ("lateral_lean,left", "lateral_lean,up", "left, right"),
        ("lateral_lean,left", "lateral_lean,", "left, right"),
        ("direction", "side", "'direction' is missing"),
        ("b,,nothing", "a,,nothing", "has both"),
        ("a.mp4,4.5", ",4.5", "a clip in line 3"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, old, new, words):
    path = write(tmp_path / "x.csv", PLAIN.replace(old, new, 1))
    with pytest.raises(InputError, match=words) as error:
        read_labels(path)
    assert str(error.value).isprintable()


def test_files_that_are_none(tmp_path):
    for data in (b"", b"\n\n# x\n", b"\xff\xfe\x00", b"PK\x03\x04" + b"\x80" * 50):
        (tmp_path / "x.csv").write_bytes(data)
        assert "x.csv" in told(read_labels, tmp_path / "x.csv")
    assert "none.csv" in told(read_labels, tmp_path / "none.csv")
    assert told(read_labels, tmp_path)


@given(data=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)),
       at=st.integers(0, len(PLAIN)))  # fmt: skip
@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_damage_is_told_in_one_line(tmp_path, data, at):
    sound = PLAIN.encode()
    path = tmp_path / "x.csv"
    path.write_bytes(sound[:at] + data + sound[at:])
    assert is_one_line_about(told(read_labels, path), path)
