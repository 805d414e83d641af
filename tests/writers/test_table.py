import csv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posecoach.body import INDEX
from posecoach.errors import InputError
from posecoach.readers import read_recording
from posecoach.readers.take import read_csv
from posecoach.writers import write_csv
from posecoach.writers.table import CSV_COLUMNS
from some_takes import is_one_line_about, takes, told

ARRAYS = ("time_s", "image", "world", "visibility", "presence")
FUZZ = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(take=takes())
@FUZZ
def test_the_very_same_take_comes_back(take, tmp_path):
    got = read_recording(write_csv(take, tmp_path / "take.csv"))
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(got, name), getattr(take, name), err_msg=name)
    assert (got.width, got.height) == (take.width, take.height)


def test_csv_for_other_programs(motion, tmp_path):
    """Read by the standard library alone, by the names of the columns."""
    with write_csv(motion, tmp_path / "take.csv").open(newline="") as f:
        rows = list(csv.DictReader(f))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == len(motion)
    at = INDEX["left_wrist"]
    for k in (0, 40, 79):
        assert float(rows[k]["time_s"]) == motion.time_s[k]
        assert float(rows[k]["left_wrist_image_y"]) == pytest.approx(motion.image[k, at, 1])
        assert float(rows[k]["left_wrist_world_z"]) == pytest.approx(motion.world[k, at, 2])
    assert rows[21]["nose_image_x"] == ""
    assert rows[30]["left_wrist_world_x"] == ""
    assert "raise.mp4" not in (tmp_path / "take.csv").read_text()


def test_csv_with_columns_moved_and_added(motion, tmp_path):
    with write_csv(motion, tmp_path / "take.csv").open(newline="") as f:
        rows = list(csv.reader(f))
    with (tmp_path / "moved.csv").open("w", newline="", encoding="utf-8-sig") as f:
        csv.writer(f, lineterminator="\r\n").writerows([*row[::-1], "x"] for row in rows)
    got = read_csv(tmp_path / "moved.csv")
    np.testing.assert_array_equal(got.image, motion.image)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("nose_image_x", "nose", 1), "'nose_image_x' and 0 more"),
        (lambda t: t.split("\n")[0], "1 to .* frames"),
        (lambda t: "", "columns"),
        (lambda t: t.replace("1280.0", "640.0", 1), "width and height"),
        (lambda t: t.replace("1280.0", "wide", 1), "line 2"),
        (lambda t: "\n".join(t.split("\n")[:5]) + "\n1,2,3\n", "line 6"),
        (lambda t: t + t.split("\n")[1] + "\n", "grow"),
        (lambda t: t + "x" * 200_000, "line"),
    ],
)
def test_a_wrong_csv_is_told(motion, tmp_path, change, words):
    path = write_csv(motion, tmp_path / "x.csv")
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=words) as error:
        read_csv(path)
    assert str(error.value).isprintable()


@given(data=st.binary(max_size=300), at=st.floats(0, 1))
@FUZZ
def test_any_damage_is_told_in_one_line(motion, tmp_path, data, at):
    path = write_csv(motion.cut(0, 1), tmp_path / "x.csv")
    sound = path.read_bytes()
    spot = int(at * len(sound))
    path.write_bytes(sound[:spot] + data + sound[spot:])
    for read in (read_csv, read_recording):
        assert is_one_line_about(told(read, path), path)


def test_what_cannot_be_written(motion, tmp_path):
    with pytest.raises(InputError, match="Expected to write"):
        write_csv(motion, tmp_path / "no" / "x.csv")
    with pytest.raises(InputError, match="Expected to read"):
        read_csv(tmp_path / "none.csv")
