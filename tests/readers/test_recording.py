import contextlib
import io
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import heavens, perform
from posecoach.analysis import analyze
from posecoach.body import INDEX, MIRROR, get_skeleton
from posecoach.capture.replay import save_motion
from posecoach.errors import InputError, PosecoachError, UsageError
from posecoach.posture.angles import compute_lateral_lean
from posecoach.readers import read_recording
from posecoach.reference.sequence import Sequence

MOTION, _ = perform(repetitions=1, lean=6.0, fps=20.0)
COCO = get_skeleton("coco-17").joints
PIXELS = 480 * MOTION.plane()[:, [INDEX[n] for n in COCO]]
METRES = MOTION.world[:, [INDEX[n] for n in COCO]] + [0.3, -1.0, 2.0]


def write(path, header, rows, delimiter=","):
    lines = [] if header is None else [delimiter.join(header)]
    lines += [delimiter.join("" if v != v else repr(float(v)) for v in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def wide(path, points=PIXELS, names=COCO, joiner="_", time="time_s", scale=1.0, seen=None):
    axes = "xyz"[: points.shape[2]]
    header = [time] + [f"{n}{joiner}{a}" for n in names for a in axes]
    table = np.column_stack([scale * MOTION.time_s, points.reshape(len(points), -1)])
    if seen is not None:
        header += [f"{n}{joiner}visibility" for n in names]
        table = np.column_stack([table, seen])
    return write(path, header, table)


def check(motion, points=PIXELS):
    np.testing.assert_allclose(motion.time_s, MOTION.time_s, atol=1e-9)
    np.testing.assert_allclose(compute_lateral_lean(motion.plane()), 6.0, atol=1e-6)
    left, right = INDEX["left_shoulder"], INDEX["right_shoulder"]
    assert (motion.image[:, left, 0] > motion.image[:, right, 0]).all()
    assert np.isfinite(motion.world).any() == (points.shape[2] == 3)


@pytest.mark.parametrize("joiner", ["_", ".", " ", ":"])
@pytest.mark.parametrize("points", [PIXELS, METRES], ids=["pixels", "metres"])
def test_wide(tmp_path, points, joiner):
    motion = read_recording(wide(tmp_path / "a.csv", points, joiner=joiner))
    check(motion, points)
    assert motion.source == "a.csv"


@pytest.mark.parametrize(("time", "scale"), [("t", 1), ("timestamp_ms", 1000), ("Time (ms)", 1000)])
def test_times_are_named_with_their_unit(tmp_path, time, scale):
    check(read_recording(wide(tmp_path / "a.csv", time=time, scale=scale)))


def test_names_of_other_trackers(tmp_path):
    names = [n.replace("left_", "L").replace("right_", "R") for n in COCO]
    assert names[5] == "Lshoulder"
    names = [n[0] + n[1:].capitalize() if n[0] in "LR" else n for n in names]
    check(read_recording(wide(tmp_path / "a.csv", names=names)))
    order = np.random.default_rng(1).permutation(17)
    path = wide(tmp_path / "b.csv", PIXELS[:, order], [COCO[i] for i in order])
    check(read_recording(path))
    check(read_recording(path, "coco-17"))


@pytest.mark.parametrize("remarks", ["# by another program\n", '# 12" screen\n\n#, x, y\n'])
def test_remarks_before_the_header_and_german_spreadsheets(tmp_path, remarks):
    header = ["Zeit", *(f"{n}_{a}" for n in COCO for a in "xy")]
    table = np.column_stack([MOTION.time_s, PIXELS.reshape(-1, 34)])
    path = write(tmp_path / "a.csv", header, table, ";")
    path.write_text(remarks + path.read_text().replace(".", ","), encoding="utf-8")
    check(read_recording(path))
    lines = path.read_text().splitlines()
    lines[20] += ";1"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match="line 21"):
        read_recording(path)
    path.write_text(remarks, encoding="utf-8")
    with pytest.raises(InputError, match="empty"):
        read_recording(path)


def test_camel_case_columns(tmp_path):
    names = ["".join(w.capitalize() for w in n.split("_")) for n in COCO]
    header = ["time"] + [f"{n}{a}" for n in names for a in "XY"]
    path = write(
        tmp_path / "c.csv", header, np.column_stack([MOTION.time_s, PIXELS.reshape(-1, 34)])
    )
    check(read_recording(path))


def test_visibility_and_gaps(tmp_path):
    points, seen = PIXELS.copy(), np.full((len(PIXELS), 17), 0.9)
    points[4, 9] = np.nan
    points[5, 10], seen[5, 10] = 0.0, 0.0
    motion = read_recording(wide(tmp_path / "a.csv", points, seen=seen))
    assert np.isnan(motion.image[4, INDEX["left_wrist"], 0])
    assert np.isnan(motion.image[5, INDEX["right_wrist"], 0])
    assert motion.visibility[5, INDEX["right_wrist"]] == 0
    assert motion.visibility[6, INDEX["right_wrist"]] == 0.9
    assert np.isfinite(motion.image[6, INDEX["right_wrist"], 0])


@pytest.mark.parametrize("value", [2.0, -0.1])
def test_visibility_of_another_scale_is_refused(tmp_path, value):
    path = wide(tmp_path / "a.csv", seen=np.full((len(PIXELS), 17), value))
    with pytest.raises(InputError, match="from 0 to 1"):
        read_recording(path)


def test_zeros_are_missing_but_an_origin_is_not(tmp_path):
    points = METRES - METRES[:, 11:12]  # the left hip is the origin
    points[7, 0] = 0.0
    motion = read_recording(wide(tmp_path / "a.csv", points))
    assert motion.found.all()
    assert np.isnan(motion.image[7, INDEX["nose"], 0])


@pytest.mark.parametrize("points", [PIXELS, METRES], ids=["pixels", "metres"])
def test_long_in_any_order(tmp_path, points):
    axes = "xyz"[: points.shape[2]]
    rows = [
        ",".join([str(t), name, *(str(float(v)) for v in p)])
        for t, frame in zip(MOTION.time_s, points, strict=True)
        for name, p in zip(COCO, frame, strict=True)
    ]
    np.random.default_rng(0).shuffle(rows)
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(["time", "joint", *axes]), *rows]), encoding="utf-8")
    check(read_recording(path), points)
    path.write_text(path.read_text() + f"\n{rows[0]}\n")
    with pytest.raises(InputError, match="once a frame"):
        read_recording(path)


def test_semicolons_commas_and_a_mark_as_spreadsheets_write_them(tmp_path):
    text = wide(tmp_path / "a.csv").read_text().replace(",", ";").replace(".", ",")
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbf" + text.encode().replace(b"\n", b"\r\n"))
    check(read_recording(tmp_path / "b.csv"))


def test_bare_rows_of_a_known_skeleton(tmp_path):
    rows = METRES.reshape(len(METRES), -1)
    path = write(tmp_path / "a.txt", None, rows)
    check(read_recording(path, "coco-17", rate_hz=20), METRES)
    timed = write(tmp_path / "b.csv", None, np.column_stack([MOTION.time_s, rows]))
    check(read_recording(timed, "coco-17"), METRES)
    for call, told in (
        ({}, "header"),
        ({"skeleton": "coco-17"}, "times"),
        ({"skeleton": "blazepose-33"}, "columns for skeleton"),
    ):
        with pytest.raises(InputError, match=told):
            read_recording(path, **call)


def test_z_may_be_up(tmp_path):
    x, y, z = np.moveaxis(METRES, -1, 0)  # y down, z away
    points = np.stack([x, z, -y], axis=-1)  # z up, y away: a turn, no mirror
    motion = read_recording(wide(tmp_path / "a.csv", points), up="z")
    check(motion, METRES)
    want = read_recording(wide(tmp_path / "b.csv", METRES))
    np.testing.assert_allclose(motion.image, want.image, atol=1e-9)


def test_shares_of_a_picture(tmp_path):
    """What BlazePose gives: shares of width and height, depth that is a guess and not turned."""
    points = MOTION.image.copy()
    points[..., 2] += 0.4 * (points[..., 0] - 0.5)  # as if turned by 20 degrees
    names = [f"n{i}" for i in range(33)]
    path = wide(tmp_path / "a.csv", points, names)
    motion = read_recording(path, "blazepose-33", picture=(640, 480))
    check(motion, METRES)
    again = tmp_path / "a.npz"
    np.savez(again, points=points, time_s=MOTION.time_s, picture_size=[640, 480],
             skeleton="blazepose-33")  # fmt: skip
    np.testing.assert_allclose(read_recording(again).image, motion.image)


def test_mirroring_is_said(tmp_path):
    names = [COCO[i] for i in range(17)]
    pairs = [n.replace("left", "?").replace("right", "left").replace("?", "right") for n in names]
    path = wide(tmp_path / "a.csv", PIXELS * [-1, 1], pairs)
    check(read_recording(path, mirrored=True))
    assert compute_lateral_lean(read_recording(path).plane())[0] == pytest.approx(-6)
    own = save_motion(MOTION, tmp_path / "own.npz")
    told = read_recording(own, mirrored=True)
    np.testing.assert_allclose(told.image[:, MIRROR, 1], MOTION.image[..., 1], atol=1e-6)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize(
    "more",
    [
        {"skeleton": "coco-17", "time_s": MOTION.time_s},
        {"joints": np.array(COCO), "rate_hz": 20.0},
        {"skeleton": np.array(COCO), "rate_hz": 20, "visibility": np.ones((len(PIXELS), 17))},
    ],
)
def test_arrays(tmp_path, save, more):
    save(tmp_path / "a.npz", points=np.asfortranarray(PIXELS.astype("f4")), **more)
    motion = read_recording(tmp_path / "a.npz")
    assert np.abs(compute_lateral_lean(motion.plane()) - 6).max() < 0.01
    np.testing.assert_allclose(motion.time_s, MOTION.time_s, atol=1e-6)


def test_own_recordings(tmp_path):
    motion = read_recording(save_motion(MOTION, tmp_path / "a.npz"))
    np.testing.assert_allclose(motion.image, MOTION.image, atol=1e-6)
    assert (motion.width, motion.height, motion.source) == (640, 480, "a.npz")


def test_a_table_is_judged_by_arrays_of_another_tracker(tmp_path):
    teacher, _ = perform(heavens, repetitions=1)
    np.savez(tmp_path / "t.npz", points=teacher.world, time_s=teacher.time_s,
             skeleton="blazepose-33")  # fmt: skip
    sequence = Sequence.from_takes([read_recording(tmp_path / "t.npz").cut(1.9, 12.1)])
    got = analyze(read_recording(wide(tmp_path / "a.csv")), sequence)
    assert len(got.repetitions) == 1
    assert got.repetitions[0].measures["lateral_lean"].judged


def npz(path, **arrays):
    np.savez(path, **arrays)
    return path


def csv_text(text):
    def make(folder):
        path = folder / "a.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return make


GOOD = "time," + ",".join(f"{s}_{p}_{a}" for s in ("left", "right") for p in ("shoulder", "hip")
                          for a in "xy")  # fmt: skip


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda d: d / "none.csv", "not there"),
        (lambda d: d, "a folder"),
        (csv_text(""), "empty"),
        (csv_text("hello\n"), "one column"),
        (csv_text("a,b\n1,2\n"), "left_wrist_x"),
        (csv_text(GOOD), "at least one row"),
        (csv_text(GOOD + "\n0,1,2\n"), "line 2 .* has 3"),
        (csv_text(GOOD + "\n0" + ",x" * 8), "holds 'x'"),
        (csv_text(GOOD + "\n0" + ",1_0" * 8), "holds '1_0'"),
        (csv_text(GOOD + "\n" + "0,1,0,1,2,0,0,0,2\n" * 2), "grow"),
        (csv_text(GOOD + "\n,1,0,1,2,0,0,0,2\n"), "finite"),
        (csv_text(GOOD + "\n0" + "," * 8), "shoulders and hips"),
        (csv_text(GOOD.replace("time,", "") + "\n" + "1,0,1,2,0,0,0,2\n"), "times"),
        (csv_text(GOOD + ",left_hip_x\n0,1,0,1,2,0,0,0,2,3\n"), "two for"),
        (csv_text("time,wrist_x,wrist_y\n0,1,2\n"), "left and right shoulder and hip"),
        (csv_text("joint,x,y\nnose,1,2\n"), "time or frame"),
        (csv_text("time,joint,x,y\n0,nose,1,2\n"), "left and right shoulder and hip"),
        (csv_text("time,joint,x,y\n0,nose,a,2\n"), "holds 'a'"),
        (csv_text("time,joint,x,y\n,nose,1,2\n"), "a time in line 2"),
        (lambda d: (d / "a.mp4").write_bytes(b"x") and d / "a.mp4", "rename"),
        (lambda d: (d / "a.csv").write_bytes(b"\xff\xfe\x00") and d / "a.csv", "UTF-8"),
        (lambda d: (d / "a.npz").write_bytes(b"PK") and d / "a.npz", "damaged"),
        (lambda d: npz(d / "a.npz", a=np.zeros(3)), "named points"),
        (lambda d: npz(d / "a.npz", points=np.zeros((3, 4))), "shape"),
        (lambda d: npz(d / "a.npz", points=PIXELS, rate_hz=20), "names"),
        (lambda d: npz(d / "a.npz", points=PIXELS, skeleton="coco-17"), "times"),
        (lambda d: npz(d / "a.npz", points=PIXELS, skeleton="coco-17", rate_hz=0), "above 0"),
        (lambda d: npz(d / "a.npz", points=PIXELS, skeleton="dog", rate_hz=20), "'dog'"),
        (lambda d: npz(d / "a.npz", points=PIXELS, skeleton="kinect-v2", rate_hz=9), "25 joints"),
        (lambda d: npz(d / "a.npz", points=PIXELS, time_s=np.arange(3.0)), "time_s"),
        (lambda d: npz(d / "a.npz", points=PIXELS, up="w", joints=COCO, rate_hz=9), "'w'"),
        (lambda d: npz(d / "a.npz", points=PIXELS, up="z", joints=COCO, rate_hz=9), "axes"),
        (lambda d: npz(d / "a.npz", schema="posecoach.landmarks/9"), "update posecoach"),
        (lambda d: npz(d / "a.npz", schema="posecoach.landmarks/1"), "has no width"),
        (lambda d: npz(d / "a.npz", points=np.array([{}], object)), "pickle|object|array of"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, make, told):
    with pytest.raises(InputError, match=told) as caught:
        read_recording(make(tmp_path))
    assert "\n" not in str(caught.value)
    assert "Expected" in str(caught.value) or "expected" in str(caught.value)


@pytest.mark.parametrize(
    "options", [{"up": "x"}, {"rate_hz": 0.0}, {"picture": (0, 1)}, {"skeleton": "dog"}]
)
def test_options_without_sense(tmp_path, options):
    with pytest.raises(UsageError, match=r"^Expected"):
        read_recording(wide(tmp_path / "a.csv"), **options)


class Trap:
    def __reduce__(self):
        return (print, ("pickle was opened",))


def test_no_pickle_is_opened(tmp_path, capsys):
    body = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        body, {"descr": "|O", "fortran_order": False, "shape": (1, 1, 2)}
    )
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as z:
        z.writestr("points.npy", body.getvalue() + pickle.dumps(Trap()))
    with pytest.raises(InputError):
        read_recording(tmp_path / "a.npz")
    assert "pickle was opened" not in capsys.readouterr().out


def test_a_header_that_promises_too_much_allocates_nothing(tmp_path):
    body = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        body, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 33, 3)}
    )
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as z:
        z.writestr("points.npy", body.getvalue())
    with pytest.raises(InputError, match="but is not"):
        read_recording(tmp_path / "a.npz")


def test_too_many_frames(tmp_path, monkeypatch):
    monkeypatch.setattr("posecoach.readers.table.MAX_FRAMES", 10)
    monkeypatch.setattr("posecoach.readers.arrays.MAX_FRAMES", 10)
    with pytest.raises(InputError, match="at most 10 frames"):
        read_recording(wide(tmp_path / "a.csv"))
    with pytest.raises(InputError, match="1 to 10 frames"):
        read_recording(npz(tmp_path / "a.npz", points=PIXELS, joints=COCO, rate_hz=20))
    monkeypatch.setattr("posecoach.readers.table.MAX_BYTES", 10)
    monkeypatch.setattr("posecoach.readers.arrays.MAX_BYTES", 10)
    for name in ("a.csv", "a.npz"):
        with pytest.raises(InputError, match="larger; cut"):
            read_recording(tmp_path / name)


@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_broken_file_crashes(tmp_path, data):
    suffix = data.draw(st.sampled_from([".csv", ".npz"]))
    path = tmp_path / f"good{suffix}"
    if not path.exists():
        npz(path, points=PIXELS[:9], joints=COCO, rate_hz=20) if suffix == ".npz" else wide(path)
    raw = bytearray(path.read_bytes()[:4000] if suffix == ".csv" else path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    broken = tmp_path / f"broken{suffix}"
    broken.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    with contextlib.suppress(PosecoachError):
        read_recording(broken)
