"""The small public face, and the schema published with it."""

import json
import subprocess
import sys
from importlib import resources
from importlib.metadata import version

import numpy as np
import pytest

import posecoach
from figures import perform
from posecoach.body import INDEX, get_skeleton
from posecoach.result import json_schema

HEAVY = ("cv2", "mediapipe", "PySide6", "typer")


def loaded_by(code):
    """Return which heavy packages a fresh Python has loaded after some code."""
    code += f"\nimport sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_it_loads_no_camera_no_model_and_no_window():
    assert loaded_by("import posecoach") == "[]"


def test_nor_does_using_it():
    code = "import posecoach\nfor name in posecoach.__all__: getattr(posecoach, name)"
    assert loaded_by(code) == "[]"


def test_asking_for_help_loads_only_what_it_needs():
    code = "from posecoach.cli import main\ntry: main(['--version'])\nexcept SystemExit: pass"
    assert "cv2" not in loaded_by(code)


@pytest.mark.parametrize("name", posecoach.__all__)
def test_every_name_is_there(name):
    assert name in dir(posecoach)
    assert getattr(posecoach, name) is not None


def test_no_other_name_is():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = posecoach.nonsense


def test_the_version_is_the_packages():
    assert posecoach.__version__ == version("posecoach")


def test_the_errors_are_one_tree():
    for name in ("UsageError", "InputError", "SequenceError", "CameraError", "ModelError"):
        assert issubclass(getattr(posecoach, name), posecoach.PosecoachError)
    assert posecoach.UsageError.exit_status == 2
    assert posecoach.CameraError.exit_status == 1


def test_from_a_trackers_points_to_an_analysis():
    """The example of the documentation, with another tracker's skeleton."""
    index = [INDEX[name] for name in get_skeleton("coco-17").joints]

    def track(**more):
        moved, _ = perform(repetitions=1, fps=20.0, **more)
        return posecoach.Motion.from_points(moved.world[:, index], moved.time_s, skeleton="coco-17")

    sequence = posecoach.Sequence.from_takes([track(stand_s=0.2)])
    lean = np.full(len(perform(repetitions=1, fps=20.0)[0]), 0.0)
    lean[60:220] = 14.0
    analysis = posecoach.analyze(track(lean=lean), sequence)
    assert isinstance(analysis, posecoach.Analysis)
    assert len(analysis.repetitions) == 1
    assert {(c.measure, c.direction) for c in analysis.cues} == {("lateral_lean", "left")}
    assert len(analysis.place.time_s) == len(lean)
    assert json.loads(analysis.model_dump_json())["schema"] == "posecoach.analysis/1"


def test_a_session_gives_states():
    motion, _ = perform(repetitions=1, fps=20.0)
    session = posecoach.Session(posecoach.Sequence.from_takes([motion]))
    assert isinstance(session.step(motion.at(0)), posecoach.State)


def test_the_published_schema_is_the_documents():
    """Written by: python -c "import json; from posecoach.analysis import json_schema; ..."."""
    text = (resources.files("posecoach") / "analysis.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
