"""Landmark recordings on disk: whole, repeatable, and never trusted."""

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from posecoach.capture import replay
from posecoach.capture.paced import PacedSource
from posecoach.capture.replay import (
    MotionEstimator,
    MotionSource,
    load_motion,
    save_motion,
)
from posecoach.errors import InputError
from posecoach.motion import Motion


def make_motion(n=12, seed=1):
    rng = np.random.default_rng(seed)
    image = rng.random((n, 33, 3)).astype(np.float32).astype(float)
    image[n // 2] = np.nan  # nobody there
    world = rng.normal(size=(n, 33, 3)).astype(np.float32).astype(float)
    seen = rng.random((n, 33)).astype(np.float32).astype(float)
    time_s = np.cumsum(rng.uniform(0.01, 0.05, n))
    return Motion(time_s, image, world, seen, seen[::-1].copy(), 640.0, 480.0)


def rewrite(path, changes=None, drop=(), extra=None):
    """Write the file anew with other arrays (or other raw bytes)."""
    with zipfile.ZipFile(path) as z:
        parts = {name: z.read(name) for name in z.namelist()}
    for name in drop:
        del parts[f"{name}.npy"]
    for name, value in (changes or {}).items():
        if not isinstance(value, bytes):
            out = io.BytesIO()
            np.save(out, value)
            value = out.getvalue()
        parts[f"{name}.npy"] = value
    parts |= extra or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.items():
            z.writestr(name, data)


@pytest.fixture
def saved(tmp_path):
    return save_motion(make_motion(), tmp_path / "a.npz")


def test_what_is_saved_comes_back(tmp_path):
    motion = make_motion()
    back = load_motion(save_motion(motion, tmp_path / "new" / "a.npz"))
    for name in ("time_s", "image", "world", "visibility", "presence"):
        np.testing.assert_array_equal(getattr(back, name), getattr(motion, name))
        assert getattr(back, name).dtype == np.float64
    assert (back.width, back.height) == (640.0, 480.0)
    assert back.source == "a.npz"


def test_numpy_reads_it_and_the_types_are_those_of_the_format(saved):
    with np.load(saved, allow_pickle=False) as data:
        assert str(data["schema"]) == "posecoach.landmarks/1"
        assert data["time_s"].dtype == np.float64
        assert {data[n].dtype.str for n in ("image", "world", "visibility", "presence")} == {"<f4"}
        assert data["image"].shape == (12, 33, 3)
        assert (float(data["width"]), float(data["height"])) == (640.0, 480.0)


def test_long_recordings_keep_their_times_exactly(tmp_path):
    motion = make_motion().shifted(36_000.0)  # ten hours: float32 would round to 4 ms
    back = load_motion(save_motion(motion, tmp_path / "a.npz"))
    np.testing.assert_array_equal(back.time_s, motion.time_s)


def test_the_file_is_the_same_byte_for_byte_in_another_process_and_at_another_time(tmp_path):
    first = save_motion(make_motion(), tmp_path / "a.npz").read_bytes()
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[2])\n"
        "import time; time.time = lambda: 2e9\n"
        "from capture.test_replay import make_motion\n"
        "from posecoach.capture.replay import save_motion\n"
        "save_motion(make_motion(), sys.argv[1])"
    )
    second = tmp_path / "b.npz"
    tests = Path(__file__).parents[1]
    subprocess.run([sys.executable, "-c", code, str(second), str(tests)], check=True, timeout=60)
    assert second.read_bytes() == first
    # Fixed for good: a change here is a change of the format.
    known = save_motion(
        Motion(
            np.array([0.0, 0.5]),
            np.zeros((2, 33, 3)),
            np.ones((2, 33, 3)),
            np.zeros((2, 33)),
            np.ones((2, 33)),
        ),
        tmp_path / "c.npz",
    )
    digest = hashlib.sha256(known.read_bytes()).hexdigest()
    assert digest == "61ccfd84ad8c29470230116cb88f35fc8fef2bb3afd5f0e3e6f91236af4809b8"


def test_columns_and_views_are_written_right(tmp_path):
    motion = make_motion()
    turned = Motion(
        motion.time_s[::1],
        np.asfortranarray(motion.image),
        motion.world[:, :, ::-1],
        motion.visibility,
        motion.presence,
    )
    back = load_motion(save_motion(turned, tmp_path / "a.npz"))
    np.testing.assert_array_equal(back.image, motion.image)
    np.testing.assert_array_equal(back.world, motion.world[:, :, ::-1])


def test_a_failed_write_leaves_the_old_file_and_no_remains(tmp_path, monkeypatch):
    path = save_motion(make_motion(seed=1), tmp_path / "a.npz")
    old = path.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(replay.os, "fsync", full)
    with pytest.raises(InputError, match="but got: No space left on device; choose"):
        save_motion(make_motion(seed=2), path)
    assert path.read_bytes() == old
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Expected to write"):
        save_motion(make_motion(), tmp_path / "file" / "a.npz")


def test_an_empty_recording_is_not_saved(tmp_path):
    motion = make_motion()
    with pytest.raises(InputError, match="1 to 400000 frames but got 0"):
        save_motion(motion.cut(-2, -1), tmp_path / "a.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "what"), [("none.npz", "not there"), ("", "a folder")])
def test_no_such_file(tmp_path, name, what):
    with pytest.raises(InputError, match=f"is {what}; check the name"):
        load_motion(tmp_path / name)


BAD = {
    "other schema": ({"schema": np.array("other/1")}, "is 'other/1'; choose"),
    "newer schema": ({"schema": np.array("posecoach.landmarks/2")}, "newer posecoach; update"),
    "number as schema": ({"schema": np.array(3.0)}, "is '3.0'"),
    "no schema": ({"schema": np.zeros(0)}, "is ''"),
    "times that fall": ({"time_s": np.arange(12.0)[::-1]}, "times that grow"),
    "times not finite": ({"time_s": np.r_[np.arange(11.0), np.inf]}, "finite times"),
    "times as text": ({"time_s": np.array(["1"] * 12)}, "expected numbers of shape"),
    "times in a table": ({"time_s": np.zeros((12, 1))}, "1 to 400000 times"),
    "no times": ({"time_s": np.zeros(0)}, "1 to 400000 times"),
    "fewer points": ({"image": np.zeros((12, 17, 3))}, r"in image but got float64 \(12, 17, 3\)"),
    "fewer frames": ({"world": np.zeros((11, 33, 3))}, "in world but got"),
    "infinite": ({"image": np.full((12, 33, 3), np.inf)}, "in image but got inf"),
    "huge": ({"world": np.full((12, 33, 3), 1e30)}, "in world but got 1e"),
    "beyond 1": ({"visibility": np.full((12, 33), 2.0)}, "in visibility but got 2"),
    "width of zero": ({"width": np.array(0.0)}, "in width but got 0"),
    "width not a number": ({"width": np.array(np.nan)}, "in width but got nan"),
    "height as list": ({"height": np.array([480.0])}, "in height but got"),
    "complex": ({"presence": np.zeros((12, 33), complex)}, "an array of complex128"),
    "column order": ({"image": np.asfortranarray(np.zeros((12, 33, 3)))}, "in column order"),
    "garbage": ({"image": b"garbage"}, "is damaged or something else"),
    "nothing": ({"image": b""}, "is damaged or something else"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_arrays_give_one_line(saved, case):
    changes, told = BAD[case]
    rewrite(saved, changes)
    with pytest.raises(InputError, match=told) as caught:
        load_motion(saved)
    assert "\n" not in str(caught.value)


def test_unknown_arrays_of_a_later_hand_are_passed_over(saved):
    rewrite(saved, {"note": np.array("x")})
    assert len(load_motion(saved)) == 12


def test_missing_arrays_are_named(saved):
    rewrite(saved, drop=["world", "width"])
    with pytest.raises(InputError, match="has no width, world"):
        load_motion(saved)


def test_pickles_are_never_loaded(saved, tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    out = io.BytesIO()
    np.save(out, np.array([Trap()], dtype=object), allow_pickle=True)
    rewrite(saved, {"image": out.getvalue()})
    with pytest.raises(InputError, match="an array of object"):
        load_motion(saved)
    assert not (tmp_path / "sprung").exists()


def test_a_header_that_claims_more_than_there_is_allocates_nothing(saved):
    out = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (10**14,)}
    np.lib.format.write_array_header_1_0(out, header)
    rewrite(saved, {"time_s": out.getvalue() + b"\0" * 8})
    with pytest.raises(InputError, match="says it is"):
        load_motion(saved)


def test_a_file_that_unpacks_to_too_much_is_refused(saved, monkeypatch):
    rewrite(saved, extra={"bomb.npy": b"\0" * 3_000_000})
    assert saved.stat().st_size < 1_000_000
    monkeypatch.setattr(replay, "MAX_BYTES", 1_000_000)
    with pytest.raises(InputError, match="it holds more"):
        load_motion(saved)


def test_a_file_that_is_too_large_is_refused(saved, monkeypatch):
    monkeypatch.setattr(replay, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match="is larger; cut it"):
        load_motion(saved)


def test_too_many_members_are_refused(saved):
    rewrite(saved, extra={f"{i}.npy": b"" for i in range(30)})
    with pytest.raises(InputError, match="it holds more"):
        load_motion(saved)


@pytest.mark.parametrize("data", [b"", b"text", b"PK\x03\x04" + b"\0" * 100])
def test_other_files_give_one_line(tmp_path, data):
    path = tmp_path / "a.npz"
    path.write_bytes(data)
    with pytest.raises(InputError, match="is damaged or something else") as caught:
        load_motion(path)
    assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_damage_of_any_byte_does_more_than_that(tmp_path):
    path = save_motion(make_motion(3), tmp_path / "a.npz")
    whole = path.read_bytes()
    rng = np.random.default_rng(5)
    told = []
    for k in range(400):
        data = bytearray(whole)
        if k % 4 == 0:
            data = data[: rng.integers(len(data))]
        else:
            # Headers and the directory at the end are the delicate parts.
            for at in rng.integers(0, len(data), 6):
                data[int(at) if k % 2 else -int(at) % 900 - 1] = rng.integers(256)
        path.write_bytes(bytes(data))
        try:
            load_motion(path)
        except InputError as error:
            told.append(str(error))
    assert len(told) > 300
    assert not [line for line in told if "\n" in line]


def test_a_recording_plays_as_a_source_and_its_own_estimator():
    motion = make_motion()
    with MotionSource(motion) as source:
        estimator = MotionEstimator(motion)
        frames = list(source)
        seen = [estimator.estimate(f) for f in frames]
        assert source.frame_count == 12
        assert source.fps == pytest.approx(motion.fps)
        estimator.close()
    assert [f.time_s for f in frames] == motion.time_s.tolist()
    assert frames[0].image.shape == (480, 640, 3)
    np.testing.assert_array_equal(np.stack([o.image for o in seen]), motion.image)
    assert seen[-1].time_s == frames[-1].time_s


def test_a_recording_plays_at_its_own_speed():
    motion = make_motion()
    with PacedSource(MotionSource(motion)) as source:
        numbers = [f.index for f in source]
        assert source.now_s() >= motion.time_s[-1]
    assert numbers[-1] == 11
