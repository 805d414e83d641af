import json
from pathlib import Path

import pytest

from posecoach.bench import Bench, Live, Stage, open_bench_source, run_bench
from posecoach.cli import main
from posecoach.commands.bench import format_bench
from posecoach.errors import InputError
from posecoach.reference.library import open_form

SAMPLES = Path(__file__).parents[1] / "samples"
FORM = "two-hands-hold-up-the-heavens"


def test_every_stage_of_a_real_video_is_measured(model, tmp_path, capsys):
    out = tmp_path / "bench.json"
    sample = str(SAMPLES / "heavens-teacher.mp4")
    with pytest.raises(SystemExit) as exit_:
        main(["bench", FORM, "--source", sample, "--seconds", "2", "--json", str(out)])
    assert exit_.value.code == 0
    told = capsys.readouterr().out
    result = json.loads(out.read_text())
    stages = {s["name"]: s for s in result["stages"]}
    assert list(stages)[:3] == ["reading a frame", "pose model", "engine"]
    assert len(stages) == 6
    for stage in stages.values():
        assert 0 < stage["median_ms"] <= stage["p95_ms"]
        assert stage["name"] in told
    # The model is dearer than the engine on any machine.
    assert stages["pose model"]["median_ms"] > stages["engine"]["median_ms"]
    assert 0 < result["live"]["fps"] <= 1.2 * result["live"]["source_fps"]
    assert result["live"]["latency_p95_ms"] >= result["live"]["latency_ms"] > 0
    assert "picture to drawn result" in told


def test_without_a_person_nothing_is_claimed(model, tmp_path):
    import cv2
    import numpy as np

    path = tmp_path / "empty.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 30, (320, 240))
    for _ in range(40):
        writer.write(np.full((240, 320, 3), 90, np.uint8))
    writer.release()
    with pytest.raises(InputError, match="shows one in 0 of 40"):
        run_bench(open_bench_source(path, None), model, open_form(FORM), seconds=2)


@pytest.mark.parametrize(
    ("live", "reached"),
    [
        (Live(30.0, 29.5, 0.02, 50.0, 70.0), True),
        (Live(30.0, 20.0, 0.33, 50.0, 70.0), False),
        (Live(30.0, 29.5, 0.02, 50.0, 120.0), False),
        (Live(15.0, 15.0, 0.0, 50.0, 90.0), True),  # a slow camera is not the machine's fault
    ],
)
def test_goals_of_live_practice(live, reached):
    assert live.reached is reached
    stage = Stage("engine", 1.2, 2.5, 100, 2.0)
    told = "\n".join(format_bench(Bench("clip.mp4", 640, 480, "full", (stage,), live)))
    assert ("--model lite" in told) is not reached
    assert "ok, goal 2.0" in told
