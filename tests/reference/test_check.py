import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import perform
from posecoach.body import JOINT_ANGLES
from posecoach.coach.cues import name_direction
from posecoach.errors import SequenceError
from posecoach.measure.judgement import FLOORS as ENGINE_FLOORS
from posecoach.reference import check
from posecoach.reference.advice import tell_advice
from posecoach.reference.check import Finding, check_sequence
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.record import make_sequence
from posecoach.reference.sequence import Phase, Sequence, Take

SAME_FOLDER = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def sound() -> Sequence:
    motion, _ = perform(repetitions=2)
    return make_sequence(
        "raise-hands",
        [motion],
        titles={"de": "Himmel stützen", "en": "Hold up the sky", "zh": "双手托天"},
        origin="recorded at home",
        licence="CC-BY-4.0",
        consent="yes",
        tolerances={"lateral_lean": 5.0, "joint_angle.left_knee": 20.0},
        cues={
            "lateral_lean.left": {"de": ("Scheitel hoch, mehr rechts",), "en": ("More right",)},
            "joint_angle.left_knee.more": {"en": ("Soften the left knee",)},
        },
    )


def find(sequence: Sequence, folder: Path) -> list[Finding]:
    return check_sequence(save_sequence(sequence, folder / "form"))


def change(take: Take, **motion) -> Take:
    return replace(take, motion=replace(take.motion, **motion))


def hide(take: Take, start_s: float, end_s: float) -> Take:
    image = take.motion.image.copy()
    image[(take.motion.time_s >= start_s) & (take.motion.time_s < end_s)] = np.nan
    return change(take, image=image)


def test_a_good_form_has_no_finding(sound, tmp_path):
    assert find(sound, tmp_path) == []


def test_the_vocabulary_is_the_engine_s_own():
    """The copy in the check must not drift from what the engine uses."""
    assert check.FLOORS == ENGINE_FLOORS
    for measure in ENGINE_FLOORS:
        ways = check.DIRECTIONS.get(measure, check._SIDES)
        assert ways == (name_direction(measure, 1.0), name_direction(measure, -1.0))


@pytest.mark.parametrize(
    ("fields", "level", "where", "text"),
    [
        ({"titles": {"en": "Sky"}}, "warning", "title.de", "title"),
        ({"titles": {"en": "Sky", "de": " "}}, "warning", "title.de", "title"),
        ({"origin": ""}, "warning", "origin", "comes from"),
        ({"licence": ""}, "warning", "licence", "shared"),
        ({"consent": ""}, "warning", "consent", "agreed"),
        ({"view": "side"}, "warning", "view", "'front'"),
        ({"notes": {"tlh": "x"}}, "warning", "notes.tlh", "'tlh'"),
        ({"tolerances": {"lateral_lean": 3.9}}, "warning", "tolerances.lateral_lean", "least 4"),
        ({"tolerances": {"lateral_lien": 9.0}}, "error", "tolerances.lateral_lien", "measure"),
        ({"tolerances": {"evenness.left": 9.0}}, "error", "tolerances.evenness.left", "measure"),
        ({"tolerances": {"joint_angle": 20.0}}, "error", "tolerances.joint_angle", "a joint of"),
        (
            {"tolerances": {"joint_angle.left_hip": 20.0}},
            "warning",
            "tolerances.joint_angle.left_hip",
            "joint that matters",
        ),
        ({"cues": {"lean.left": {}}}, "error", "cues.lean.left", "measure"),
        ({"cues": {"tempo_ratio.left": {}}}, "error", "cues.tempo_ratio.left", "fast, slow"),
        ({"cues": {"lateral_lean": {}}}, "error", "cues.lateral_lean", "left, right"),
        (
            {"cues": {"evenness.uneven": {"en": ("one two three four five six",)}}},
            "warning",
            "cues.evenness.uneven.en",
            "got 6 and 27",
        ),
        (
            {"cues": {"evenness.uneven": {"de": ("gleichmäßigst wie Seidenfadenziehen",)}}},
            "warning",
            "cues.evenness.uneven.de",
            "got 3 and 35",
        ),
        (
            {"cues": {"evenness.uneven": {"en": (" ",)}}},
            "error",
            "cues.evenness.uneven.en",
            "empty",
        ),
        (
            {"cues": {"evenness.uneven": {"fr": ("Doux",)}}},
            "warning",
            "cues.evenness.uneven.fr",
            "",
        ),
    ],
)
def test_one_wrong_field_is_one_finding(sound, tmp_path, fields, level, where, text):
    (finding,) = find(replace(sound, **fields), tmp_path)
    assert (finding.level, finding.where) == (level, where)
    assert text in finding.text
    assert finding.text.startswith("expected ")
    assert "got" in finding.text
    assert tell_advice(finding, "de").startswith("erwartet ")


def test_words_at_the_limits_are_left_alone(sound, tmp_path):
    words = {"en": ("one two three four five", "x" * 34)}
    cues = {"lateral_lean.right": words, "evenness.even": words, "forward_lean.back": words}
    assert find(replace(sound, cues=cues), tmp_path) == []
    floors = {m: v for m, v in ENGINE_FLOORS.items() if m not in ("joint_angle", "carriage")}
    floors["carriage.head"] = ENGINE_FLOORS["carriage"]
    assert find(replace(sound, tolerances=floors), tmp_path) == []


@pytest.mark.parametrize(
    ("borders", "where", "text"),
    [
        ([], "phases", "got none"),
        ([(0.0, 5.0), (5.3, 10.25)], "phases.p1", "5.00 to 5.30"),
        ([(0.4, 10.25)], "phases.p0", "0.00 to 0.40"),
        ([(0.0, 9.0)], "phases.p0", "9.00 to"),
        ([(0.0, 5.0), (5.0, 5.4), (5.4, 10.25)], "phases.p1", "0.40 s"),
    ],
)
def test_phases_that_do_not_cover_the_form(sound, tmp_path, borders, where, text):
    assert sound.duration_s == pytest.approx(10.25, abs=0.05)
    phases = tuple(Phase(f"p{k}", a, b) for k, (a, b) in enumerate(borders))
    (finding,) = find(replace(sound, phases=phases), tmp_path)
    assert (finding.level, finding.where) == ("warning", where)
    assert text in finding.text


def test_phases_that_overlap_are_an_error(sound, tmp_path):
    folder = save_sequence(sound, tmp_path / "form")
    doc = tomlkit.parse((folder / TOML_NAME).read_text())
    doc["phases"][1]["start_s"] = 1.0
    (folder / TOML_NAME).write_text(tomlkit.dumps(doc))
    (finding,) = check_sequence(folder)
    assert finding.level == "error"
    assert "before the one before it ends" in finding.text


def test_a_body_out_of_sight(sound, tmp_path):
    def told(start_s, end_s):
        takes = (hide(sound.takes[0], start_s, end_s), sound.takes[1])
        found = find(replace(sound, takes=takes), tmp_path)
        assert {f.where for f in found} <= {"takes.0"}
        return [(f.level, re.search(r"\d+\.\d s|\d+ %", f.text.split("got")[1])[0]) for f in found]

    assert told(4.0, 4.4) == []
    assert told(4.0, 4.5) == [("warning", "0.5 s")]
    assert told(-1.0, 0.6) == [("warning", "94 %"), ("warning", "0.6 s")]
    assert told(9.6, 11.0) == [("warning", "94 %"), ("warning", "0.6 s")]
    assert told(3.0, 5.5) == [("error", "2.5 s"), ("warning", "76 %")]
    assert told(3.0, 9.0) == [("error", "41 %"), ("error", "6.0 s")]


def test_takes(sound, tmp_path):
    first, second = sound.takes
    (one,) = find(replace(sound, takes=(first,)), tmp_path)
    assert (one.level, one.where) == ("warning", "takes")
    assert "got one" in one.text
    slow = change(second, time_s=second.motion.time_s * 1.33)
    (unlike,) = find(replace(sound, takes=(first, slow)), tmp_path)
    assert (unlike.level, unlike.where) == ("warning", "takes")
    assert "10.2 to 13.6 s" in unlike.text
    alike = change(second, time_s=second.motion.time_s * 1.27)
    assert find(replace(sound, takes=(first, alike)), tmp_path) == []
    unset = replace(second, calibration=replace(second.calibration, seconds=0.0))
    (stance,) = find(replace(sound, takes=(first, unset)), tmp_path)
    assert (stance.level, stance.where) == ("warning", "takes.1")
    assert "quiet standing" in stance.text
    coarse = replace(first, motion=first.motion._take(np.arange(0, len(first.motion), 3)))
    (rate,) = find(replace(sound, takes=(coarse, second)), tmp_path)
    assert (rate.level, rate.where) == ("warning", "takes.0")
    assert "got 10.0" in rate.text


def test_everything_is_told_at_once_errors_first(sound, tmp_path):
    """Text and arrays are both wrong: neither hides the other."""
    folder = save_sequence(replace(sound, origin="", titles={}), tmp_path / "form")
    (folder / NPZ_NAME).write_bytes(b"PK")
    found = check_sequence(folder)
    assert [(f.level, f.where) for f in found] == [
        ("error", NPZ_NAME),
        ("warning", "title.de"),
        ("warning", "title.en"),
        ("warning", "origin"),
    ]
    text = (folder / TOML_NAME).read_text()
    text = text.replace("width = 640.0", "width = 0").replace('view = "front"', 'view = "top"')
    (folder / TOML_NAME).write_text(text)
    found = check_sequence(folder)
    assert [f.where for f in found] == ["view", "takes.0.width", "takes.1.width", NPZ_NAME]
    assert {f.level for f in found} == {"error"}


def test_no_folder_and_no_files(tmp_path):
    for name in (tmp_path / "none", "\0", tmp_path / ("x" * 5000)):
        assert [(f.level, f.where) for f in check_sequence(name)] == [("error", "folder")]
    assert [f.where for f in check_sequence(tmp_path)] == [TOML_NAME, NPZ_NAME]
    (tmp_path / TOML_NAME).mkdir()
    with (tmp_path / NPZ_NAME).open("wb") as f:
        f.truncate(200_000_001)
    found = check_sequence(tmp_path)
    assert [f.where for f in found] == [TOML_NAME, NPZ_NAME]
    assert "at most 200000000 bytes" in found[1].text


def test_a_surprise_becomes_a_finding(sound, tmp_path, monkeypatch):
    folder = save_sequence(sound, tmp_path / "form")

    def fail(*args):
        raise MemoryError("too much")

    monkeypatch.setattr(check, "check_takes", fail)
    assert any("MemoryError" in f.text for f in check_sequence(folder))


def test_a_stranger_s_text_cannot_steer_the_terminal_or_flood_it(sound, tmp_path):
    bad = "\x1b[2J\n" + "x" * 1000
    cues = {str(k) + bad: {"en": (bad,)} for k in range(300)}
    found = find(replace(sound, cues=cues), tmp_path)
    assert len(found) == 200
    assert "401 findings" in found[-1].text
    for f in found:
        assert str(f).isprintable()
        assert len(str(f)) < 450
        assert tell_advice(f, "de").isprintable()


@given(data=st.data())
@SAME_FOLDER
def test_no_folder_raises_and_no_error_means_it_loads(sound, tmp_path, data):
    folder = tmp_path / "form"
    if not folder.exists():
        save_sequence(sound, folder)
        for name in (TOML_NAME, NPZ_NAME):
            (tmp_path / name).write_bytes((folder / name).read_bytes())
    raw = bytearray((tmp_path / NPZ_NAME).read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=3)):
        raw[at] ^= data.draw(st.integers(1, 255))
    lines = (tmp_path / TOML_NAME).read_text().splitlines()
    hostile = ["nan", "-inf", "{}", "[]", '""', "1e400", "true", "[[[", '"\\u001b[2J"', "'", "0.1"]
    for at in data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=3)):
        value = data.draw(st.sampled_from(hostile))
        lines[at] = data.draw(
            st.sampled_from([lines[at].split("=")[0] + "= " + value, value, lines[at][:-1], ""])
        )
    (folder / NPZ_NAME).write_bytes(raw)
    (folder / TOML_NAME).write_text("\n".join(lines))
    found = check_sequence(folder)
    assert all(f.level in ("error", "warning") and str(f).isprintable() for f in found)
    try:
        load_sequence(folder)
    except SequenceError:
        assert any(f.level == "error" for f in found)


@given(
    st.dictionaries(
        st.sampled_from([TOML_NAME, NPZ_NAME, "x"]), st.binary(max_size=300), max_size=3
    )
)
@SAME_FOLDER
def test_any_bytes_for_files(tmp_path, contents):
    for name in (TOML_NAME, NPZ_NAME, "x"):
        (tmp_path / name).unlink(missing_ok=True)
        if name in contents:
            (tmp_path / name).write_bytes(contents[name])
    assert any(f.level == "error" for f in check_sequence(tmp_path))


def test_every_joint_may_have_words(sound, tmp_path):
    joints = tuple(JOINT_ANGLES)
    cues = {f"joint_angle.{j}.less": {"en": ("Rise a little",)} for j in joints}
    assert find(replace(sound, joints=joints, cues=cues), tmp_path) == []


def test_what_a_phase_says_of_its_own_is_checked(sound, tmp_path):
    first = replace(
        sound.phases[0],
        joints=("left_knee",),
        tolerances={"lateral_lean": 1.0},
        cues={"lateral_lean.up": {"en": ("No such way",)}},
    )
    got = find(replace(sound, phases=(first, *sound.phases[1:])), tmp_path)
    assert {(f.level, f.where) for f in got} == {
        ("warning", f"phases.{first.id}.tolerances.lateral_lean"),
        ("error", f"phases.{first.id}.cues.lateral_lean.up"),
    }
