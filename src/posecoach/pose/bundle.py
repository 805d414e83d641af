"""The pose model: fetched once from a package registry, checked, cached.

No wheel of current MediaPipe ships a model. Its maker's older packages do: the detector and the
``full`` landmark model are taken from the PyPI wheel ``mediapipe==0.10.21`` (read as a zip, not
installed), ``lite`` and ``heavy`` from the npm package ``@mediapipe/pose``. Both are fetched
with the registry's own client, so that a user's mirrors and proxies count. All files are
Google's, Apache-2.0.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import platformdirs

from posecoach.errors import ModelError

VARIANTS = ("lite", "full", "heavy")
MODEL_ENV = "POSECOACH_MODEL"
CACHE_ENV = "POSECOACH_CACHE"

_WHEEL = "mediapipe==0.10.21"
_NPM = "@mediapipe/pose@0.5.1675469404"
_WHEEL_DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
_WHEEL_FULL = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
_NPM_DETECTOR = "package/pose_solution_packed_assets.data"

_SUMS: Mapping[str, tuple[str, ...]] = {
    "detector": (
        "a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    ),
    "lite": ("f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",),
    "full": ("e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",),
    "heavy": ("59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",),
}

_STALE_S = 3600.0

Progress = Callable[[str], None]


def get_cache_dir() -> Path:
    """Return the folder of cached models."""
    base = os.environ.get(CACHE_ENV)
    root = Path(base) if base else Path(platformdirs.user_cache_dir("posecoach"))
    return root / "models"


def ensure_model(model: str | None = None, progress: Progress | None = None) -> Path:
    """Return the path of a usable model bundle, building it if it is not cached yet.

    Parameters
    ----------
    model : str, optional
        ``lite``, ``full``, ``heavy`` or the path of a ``.task`` file; by default the
        environment variable ``POSECOACH_MODEL``, or ``full``.
    progress : callable, optional
        Gets one line of text per step.

    Raises
    ------
    ModelError
        The file does not exist, or the model could not be fetched or does not match.
    """
    say = progress or (lambda line: None)
    wanted = model or os.environ.get(MODEL_ENV) or "full"
    if wanted not in VARIANTS:
        return _own_bundle(Path(wanted))
    target = get_cache_dir() / f"pose_landmarker_{wanted}.task"
    if _is_intact(target):
        return target
    say(f"Preparing the pose model ({wanted}), once: about 40 MB are fetched ...")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_interrupted(target.parent)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as tmp:
            detector, landmarks = _fetch(wanted, Path(tmp), say)
            built = Path(tmp) / target.name
            _write_bundle(built, detector, landmarks)
            digest = hashlib.sha256(built.read_bytes()).hexdigest()
            sums = Path(tmp) / "sum"
            sums.write_text(digest + "\n")
            # The sum goes first: a bundle without its sum is built again, never believed.
            sums.replace(_sum_path(target))
            built.replace(target)
    except OSError as error:
        raise ModelError(
            f"Expected to write the pose model to {target.parent} but got: {error}; "
            f"free some space there or set {CACHE_ENV} to another folder."
        ) from error
    say("The pose model is ready; no network is needed from now on.")
    return target


def _clear_interrupted(folder: Path) -> None:
    """Remove what builds that were killed have left; a running one is younger."""
    for left in folder.glob(".building-*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)


def _own_bundle(path: Path) -> Path:
    if not path.is_file():
        raise ModelError(
            f"Expected a pose model ({', '.join(VARIANTS)} or the path of a .task file) "
            f"but got {str(path)!r}, which is no file."
        )
    if not zipfile.is_zipfile(path):
        raise ModelError(
            f"Expected a .task model bundle but {path} is not one; "
            "choose another file or leave --model out."
        )
    return path


def _sum_path(bundle: Path) -> Path:
    return bundle.with_suffix(".sha256")


def _is_intact(bundle: Path) -> bool:
    try:
        expected = _sum_path(bundle).read_text().strip()
        return hashlib.sha256(bundle.read_bytes()).hexdigest() == expected
    except (OSError, ValueError):  # a damaged sum may be no text at all
        return False


def _fetch(variant: str, folder: Path, say: Progress) -> tuple[bytes, bytes]:
    problems = []
    sources = [_fetch_npm] if variant != "full" else [_fetch_wheel, _fetch_npm]
    for source in sources:
        try:
            detector, landmarks = source(variant, folder, say)
            _check("detector", detector)
            _check(variant, landmarks)
        except ModelError as error:
            problems.append(str(error))
        except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, KeyError) as error:
            told = (str(error) or type(error).__name__).splitlines()[0]
            problems.append(
                f"Expected the pose model's package but it is damaged ({told}); try again."
            )
        else:
            return detector, landmarks
    raise ModelError("; ".join(problems))


def _fetch_wheel(variant: str, folder: Path, say: Progress) -> tuple[bytes, bytes]:
    del variant
    say(f"  fetching {_WHEEL} with pip (about 36 MB) ...")
    command = [
        *_pip(),
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
        "--python-version=3.11",
        "--implementation=cp",
        "--abi=cp311",
        "--platform=manylinux_2_28_x86_64",
        "--dest",
        str(folder),
        _WHEEL,
    ]
    _run(command, "pip")
    wheel = next(folder.glob("mediapipe-*.whl"), None)
    if wheel is None:
        raise ModelError(f"Expected pip to fetch {_WHEEL} but it left no wheel; try again.")
    with zipfile.ZipFile(wheel) as z:
        return z.read(_WHEEL_DETECTOR), z.read(_WHEEL_FULL)


def _pip() -> list[str]:
    for command in ([sys.executable, "-m", "pip"], ["pip"], ["pip3"]):
        if shutil.which(command[0]) is None:
            continue
        probe = subprocess.run([*command, "--version"], capture_output=True, check=False)
        if probe.returncode == 0:
            return command
    raise ModelError(
        "Expected pip to fetch the pose model but found none; install pip or bring a model "
        f"of your own with --model FILE.task or {MODEL_ENV}."
    )


def _fetch_npm(variant: str, folder: Path, say: Progress) -> tuple[bytes, bytes]:
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError(
            f"Expected npm to fetch the {variant} pose model but found none; install npm, "
            "use the full model, or bring one with --model FILE.task"
        )
    say(f"  fetching {_NPM} with npm (about 41 MB) ...")
    _run([npm, "pack", "--silent", "--pack-destination", str(folder), _NPM], "npm")
    archive = next(folder.glob("mediapipe-pose-*.tgz"), None)
    if archive is None:
        raise ModelError(f"Expected npm to fetch {_NPM} but it left no archive; try again.")
    with tarfile.open(archive) as t:

        def read(name: str) -> bytes:
            member = t.extractfile(name)
            if member is None:
                raise ModelError(f"Expected {name} in {_NPM} but it is not there.")
            return member.read()

        return read(_NPM_DETECTOR), read(f"package/pose_landmark_{variant}.tflite")


def _run(command: list[str], name: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"Expected {name} to fetch the pose model within 15 minutes but it did not; try again."
        ) from error
    if done.returncode != 0:
        lines = [x for x in done.stderr.splitlines() if x.strip()] or ["no message"]
        told = next((x for x in reversed(lines) if "error" in x.lower()), lines[-1])
        raise ModelError(
            f"Expected {name} to fetch the pose model but it failed ({told.strip()[:160]}); "
            "check the network and try again, or bring a model with --model FILE.task"
        )


def _check(part: str, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    if digest not in _SUMS[part]:
        raise ModelError(
            f"Expected the pose model's {part} file with sha256 {_SUMS[part][0][:12]}... but got "
            f"{digest[:12]}...; the download is damaged or was changed: try again."
        )


def _write_bundle(path: Path, detector: bytes, landmarks: bytes) -> None:
    """Write a stored zip with fixed dates and data on 16-byte borders (else it is copied)."""
    from posecoach.pose.metadata import add_normalisation, has_metadata

    members = {
        "pose_detector.tflite": detector
        if has_metadata(detector)
        else add_normalisation(detector, 127.5, 127.5),
        "pose_landmarks_detector.tflite": add_normalisation(landmarks, 0.0, 255.0),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as z:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            offset = z.fp.tell() + 30 + len(name) if z.fp is not None else 0
            pad = -(offset + 4) % 16
            # An extra field of an unused id holds the padding.
            info.extra = b"\xff\xff" + pad.to_bytes(2, "little") + b"\0" * pad
            z.writestr(info, data)
