"""The pose model's bundle, without a network.

The models come from the bundle that has been built on this machine, if there is one; without it
small stand-ins with the same shape are used, so that no test is left out.
"""

import hashlib
import os
import subprocess
import tarfile
import threading
import zipfile
from pathlib import Path

import flatbuffers
import platformdirs
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as meta
from mediapipe.tasks.metadata import schema_py_generated as tfl

from posecoach.errors import ModelError
from posecoach.pose import bundle
from posecoach.pose.metadata import add_normalisation, has_metadata

BUILT = Path(platformdirs.user_cache_dir("posecoach")) / "models" / "pose_landmarker_full.task"


def stand_in(name: str) -> bytes:
    """Return a TFLite file with one input and no layers."""
    tensor = tfl.TensorT()
    tensor.shape, tensor.name = [1, 8, 8, 3], name
    graph = tfl.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs, graph.operators = [tensor], [0], [0], []
    model = tfl.ModelT()
    model.version, model.subgraphs, model.buffers = 3, [graph], [tfl.BufferT()]
    out = flatbuffers.Builder(256)
    out.Finish(model.Pack(out), b"TFL3")
    return bytes(out.Output())


DETECTOR, LANDMARKS = stand_in("detector"), stand_in("landmarks")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(bundle.CACHE_ENV, str(tmp_path))
    monkeypatch.delenv(bundle.MODEL_ENV, raising=False)
    sums = {
        "detector": (hashlib.sha256(DETECTOR).hexdigest(),),
        **dict.fromkeys(bundle.VARIANTS, (hashlib.sha256(LANDMARKS).hexdigest(),)),
    }
    monkeypatch.setattr(bundle, "_SUMS", sums)

    def offline(command, **options):
        raise AssertionError(f"a test ran {command}")

    monkeypatch.setattr(subprocess, "run", offline)
    return tmp_path / "models"


def serve(monkeypatch, answer=(DETECTOR, LANDMARKS), *, npm=None):
    """Let both registries answer with files or an error; return what was asked."""
    asked = []

    def source(name, reply):
        def fetch(variant, folder, say):
            asked.append((name, variant))
            if isinstance(reply, BaseException):
                raise reply
            return reply

        return fetch

    monkeypatch.setattr(bundle, "_fetch_wheel", source("wheel", answer))
    monkeypatch.setattr(bundle, "_fetch_npm", source("npm", answer if npm is None else npm))
    return asked


def members(path):
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        return {i.filename: z.read(i) for i in z.infolist()}


def test_it_is_built_once_and_then_found(cache, monkeypatch):
    asked, said = serve(monkeypatch), []
    path = bundle.ensure_model(progress=said.append)
    assert path == cache / "pose_landmarker_full.task"
    assert asked == [("wheel", "full")]
    assert len(said) == 2
    parts = members(path)
    assert list(parts) == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
    assert all(has_metadata(p) for p in parts.values())
    said.clear()
    assert bundle.ensure_model("full", said.append) == path
    assert (asked, said) == ([("wheel", "full")], [])
    assert sorted(p.name for p in cache.iterdir()) == [
        "pose_landmarker_full.sha256",
        "pose_landmarker_full.task",
    ]


def test_the_data_lie_on_borders_and_the_bytes_are_always_the_same(cache, monkeypatch):
    serve(monkeypatch)
    path = bundle.ensure_model()
    first = path.read_bytes()
    with zipfile.ZipFile(path) as z:
        for i in z.infolist():
            assert i.compress_type == zipfile.ZIP_STORED
            start = i.header_offset + 30 + len(i.filename) + len(i.extra)
            assert start % 16 == 0
            assert first[start : start + 8] == z.read(i)[:8]
    path.unlink()
    assert bundle.ensure_model().read_bytes() == first


@pytest.mark.parametrize("variant", ["lite", "heavy"])
def test_other_variants_come_from_npm(variant, monkeypatch):
    asked = serve(monkeypatch)
    assert bundle.ensure_model(variant).name == f"pose_landmarker_{variant}.task"
    assert asked == [("npm", variant)]


def test_offline_without_a_model(cache, monkeypatch):
    serve(monkeypatch, ModelError("no network"), npm=ModelError("no npm"))
    with pytest.raises(ModelError, match="no network; no npm"):
        bundle.ensure_model()
    assert list(cache.iterdir()) == []


def test_offline_with_a_model(monkeypatch):
    serve(monkeypatch)
    path = bundle.ensure_model()
    serve(monkeypatch, ModelError("no network"))
    assert bundle.ensure_model() == path


@pytest.mark.parametrize(
    "broken",
    [
        ModelError("no pip"),
        zipfile.BadZipFile("File is not a zip file"),
        KeyError("no such member"),
        EOFError("ended"),
        (DETECTOR, LANDMARKS[:-1]),
        (b"", LANDMARKS),
    ],
)
def test_the_other_registry_helps_out(broken, monkeypatch):
    asked = serve(monkeypatch, broken, npm=(DETECTOR, LANDMARKS))
    assert len(members(bundle.ensure_model())) == 2
    assert asked == [("wheel", "full"), ("npm", "full")]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((DETECTOR, LANDMARKS + b"x"), "heavy file with sha256"),
        ((LANDMARKS, LANDMARKS), "detector file with sha256"),
        (tarfile.ReadError("not a gzip file"), "damaged"),
    ],
)
def test_a_changed_download_is_refused(cache, reply, told, monkeypatch):
    serve(monkeypatch, reply)
    with pytest.raises(ModelError, match=told):
        bundle.ensure_model("heavy")
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "no sum", "wrong sum", "sum no text"])
def test_a_damaged_cache_is_built_again(cache, harm, monkeypatch):
    asked = serve(monkeypatch)
    path = bundle.ensure_model()
    sound, sums = path.read_bytes(), path.with_suffix(".sha256")
    if harm == "cut":
        path.write_bytes(sound[:-100])
    elif harm == "flip":
        path.write_bytes(sound[:200] + bytes([sound[200] ^ 1]) + sound[201:])
    elif harm == "empty":
        path.write_bytes(b"")
    elif harm == "no sum":
        sums.unlink()
    elif harm == "wrong sum":
        sums.write_text("0" * 64)
    else:
        sums.write_bytes(b"\xff\xfe")
    assert bundle.ensure_model().read_bytes() == sound
    assert len(asked) == 2


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(1)])
def test_an_interrupted_fetch_leaves_nothing_that_is_believed(cache, stop, monkeypatch):
    serve(monkeypatch, stop)
    with pytest.raises(type(stop)):
        bundle.ensure_model()
    assert list(cache.iterdir()) == []
    serve(monkeypatch)
    assert len(members(bundle.ensure_model())) == 2


def test_killed_between_sum_and_bundle(cache, monkeypatch):
    serve(monkeypatch)
    replace = Path.replace

    def killed(self, target):
        if Path(target).suffix == ".task":
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as m:
        m.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            bundle.ensure_model()
    assert not (cache / "pose_landmarker_full.task").exists()
    assert len(members(bundle.ensure_model())) == 2


def test_what_killed_builds_left_is_cleared_but_not_a_running_one(cache, monkeypatch):
    serve(monkeypatch)
    old, young = cache / ".building-old", cache / ".building-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "part").write_bytes(b"x")
    os.utime(old, (0, 0))
    bundle.ensure_model()
    assert not old.exists()
    assert young.exists()


def test_two_at_once(cache, monkeypatch):
    meet = threading.Barrier(4, timeout=10)

    def fetch(variant, folder, say):
        meet.wait()
        return DETECTOR, LANDMARKS

    monkeypatch.setattr(bundle, "_fetch_wheel", fetch)
    got, wrong = [], []

    def build():
        try:
            got.append(bundle.ensure_model())
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=build) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=30)
    assert wrong == []
    assert len(set(got)) == 1
    assert len(members(got[0])) == 2
    assert bundle._is_intact(got[0])
    assert len(list(cache.iterdir())) == 2


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch):
    serve(monkeypatch)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(bundle.CACHE_ENV, str(tmp_path / "file"))
    with pytest.raises(ModelError, match=bundle.CACHE_ENV):
        bundle.ensure_model()


def test_a_model_of_ones_own(tmp_path, monkeypatch):
    asked = serve(monkeypatch)
    own = tmp_path / "own.task"
    with zipfile.ZipFile(own, "w") as z:
        z.writestr("pose_detector.tflite", b"x")
    assert bundle.ensure_model(str(own)) == own
    monkeypatch.setenv(bundle.MODEL_ENV, str(own))
    assert bundle.ensure_model() == own
    assert bundle.ensure_model("full") != own
    assert asked == [("wheel", "full")]


@pytest.mark.parametrize("name", ["no/such.task", "huge", "."])
def test_no_such_model(name):
    with pytest.raises(ModelError, match="is no file"):
        bundle.ensure_model(name)


def test_a_file_that_is_no_bundle(tmp_path):
    (tmp_path / "a.task").write_bytes(b"text")
    with pytest.raises(ModelError, match="is not one"):
        bundle.ensure_model(str(tmp_path / "a.task"))


def test_the_registry_client_that_fails_is_quoted(monkeypatch):
    def run(command, **options):
        return subprocess.CompletedProcess(command, 1, "", "noise\nERROR: no route to host\nbye\n")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ModelError, match="no route to host") as error:
        bundle._run(["pip"], "pip")
    assert "\n" not in str(error.value)

    def slow(command, **options):
        raise subprocess.TimeoutExpired(command, 900)

    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(ModelError, match="15 minutes"):
        bundle._run(["pip"], "pip")


def client(monkeypatch, leave):
    """Stand in for pip and npm: each leaves a file in the folder it is told."""

    def run(command, **options):
        if "--version" not in command:
            option = "--dest" if "--dest" in command else "--pack-destination"
            leave(Path(command[command.index(option) + 1]))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(bundle.shutil, "which", lambda name: f"/bin/{name}")


def test_the_wheel_is_read_as_a_zip(monkeypatch):
    def leave(folder):
        with zipfile.ZipFile(folder / "mediapipe-0.10.21-x.whl", "w") as z:
            z.writestr(bundle._WHEEL_DETECTOR, DETECTOR)
            z.writestr(bundle._WHEEL_FULL, LANDMARKS)

    client(monkeypatch, leave)
    assert len(members(bundle.ensure_model())) == 2


def test_the_npm_package_is_read_as_a_tar(tmp_path, monkeypatch):
    def leave(folder):
        with tarfile.open(folder / "mediapipe-pose-0.5.tgz", "w:gz") as t:
            for name, data in (
                (bundle._NPM_DETECTOR, DETECTOR),
                ("package/pose_landmark_lite.tflite", LANDMARKS),
            ):
                (tmp_path / "part").write_bytes(data)
                t.add(tmp_path / "part", name)

    client(monkeypatch, leave)
    assert len(members(bundle.ensure_model("lite"))) == 2
    with pytest.raises(ModelError, match="damaged"):  # holds no heavy model
        bundle.ensure_model("heavy")


@pytest.mark.parametrize("data", [None, b"", b"PK\x03\x04 cut off"])
def test_a_package_that_is_none(data, monkeypatch):
    def leave(folder):
        if data is not None:
            (folder / "mediapipe-0.10.21-x.whl").write_bytes(data)
            (folder / "mediapipe-pose-0.5.tgz").write_bytes(data)

    client(monkeypatch, leave)
    with pytest.raises(ModelError) as error:
        bundle.ensure_model()
    assert "\n" not in str(error.value)


def test_metadata_say_how_a_picture_becomes_input():
    with_it = add_normalisation(LANDMARKS, 127.5, 255.0)
    assert not has_metadata(LANDMARKS)
    assert has_metadata(with_it)
    tree = tfl.ModelT.InitFromObj(tfl.Model.GetRootAs(with_it, 0))
    assert tree.subgraphs[0].tensors[0].shape.tolist() == [1, 8, 8, 3]
    packed = bytes(tree.buffers[tree.metadata[-1].buffer].data)
    got = meta.ModelMetadataT.InitFromObj(meta.ModelMetadata.GetRootAs(packed, 0))
    options = got.subgraphMetadata[0].inputTensorMetadata[0].processUnits[0].options
    assert (options.mean.tolist(), options.std.tolist()) == ([127.5], [255.0])


def test_the_real_bundle_on_this_machine_is_whole():
    """Where the model has been fetched it is the maker's own; elsewhere there is none to check."""
    if not BUILT.is_file():
        assert not bundle._is_intact(BUILT)
        return
    assert bundle._is_intact(BUILT)
    parts = members(BUILT)
    assert all(len(p) > 1_000_000 and has_metadata(p) for p in parts.values())
