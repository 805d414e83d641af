import io
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import heavens, make_motion
from posecoach.body import JOINT_ANGLES
from posecoach.errors import SequenceError
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.sequence import Phase, Sequence, take_of

SAME_FOLDER = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def make(**fields) -> Sequence:
    time = np.sort(np.random.default_rng(1).uniform(0, 10, 120))
    time[0] = 0.0
    stand = np.maximum(time - 2.0, 0.0)
    motion = make_motion(time, heavens(stand, stand, tilt=2.0))
    image, vis = motion.image.copy(), motion.visibility.copy()
    image[50, 15] = np.nan
    vis[50, 15] = 0.0
    motion = replace(motion, image=image, visibility=vis, source="a.mp4")
    return replace(Sequence("raise-hands", (take_of(motion),)), **fields)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_sequence(make(phases=(Phase("raise", 0.0, 4.0, "in"),)), tmp_path / "form")


def save_arrays(folder: Path, **changes) -> None:
    with np.load(folder / NPZ_NAME) as data:
        arrays = {k: data[k] for k in data.files}
    for name, value in changes.items():
        if value is None:
            del arrays[name]
        else:
            arrays[name] = value(arrays[name]) if callable(value) else value
    np.savez_compressed(folder / NPZ_NAME, **arrays)


def test_what_was_saved_is_loaded(tmp_path):
    whole = make(
        titles={"de": "Himmel stützen", "en": "Hold up the sky", "zh": "双手托天"},
        phases=(
            Phase("raise", 0.0, 4.0, "in", {"en": "Raise"}),
            Phase("lower", 4.0, 9.5, "out", symmetry="one-sided"),
        ),
        view="side",
        symmetry="mirrored",
        joints=("left_knee",),
        tolerances={"lateral_lean": 5.5, "joint_angle.left_knee": 20.0},
        cues={"lateral_lean.left": {"de": ("Lot fällen", "Mitte")}},
        notes={"en": "Two lines,\n\"quoted\" = 'so'"},
        teacher="Wang # not a comment",
        origin="[here]",
        licence="CC-BY-4.0",
        consent="yes",
    )
    got = load_sequence(save_sequence(whole, tmp_path / "a" / "form"))
    for name in Sequence.__dataclass_fields__:
        if name != "takes":
            assert getattr(got, name) == getattr(whole, name), name
    (own,), (take,) = got.takes, whole.takes
    np.testing.assert_allclose(own.motion.time_s, take.motion.time_s, atol=1e-6)
    for name in ("image", "world", "visibility", "presence"):
        np.testing.assert_allclose(getattr(own.motion, name), getattr(take.motion, name), atol=1e-6)
    assert (own.motion.width, own.motion.height, own.motion.source) == (640, 480, "a.mp4")
    c, d = own.calibration, take.calibration
    assert d.done
    for name in ("roll_deg", "zero_lean", "zero_shoulders", "zero_pelvis", "facing", "trunk"):
        assert getattr(c, name) == pytest.approx(getattr(d, name), abs=1e-3), name
    assert c.seconds == pytest.approx(d.seconds, abs=0.01)
    np.testing.assert_allclose(c.rest, d.rest, atol=0.02)
    np.testing.assert_allclose(c.bones, d.bones, atol=0.02)


def test_several_takes_keep_their_order(tmp_path):
    one = make()
    slow = replace(one.takes[0].motion, time_s=one.takes[0].motion.time_s * 1.5, width=1280.0)
    both = replace(one, takes=(*one.takes, take_of(slow)))
    got = load_sequence(save_sequence(both, tmp_path))
    assert [t.motion.width for t in got.takes] == [640, 1280]
    assert got.takes[1].motion.duration_s == pytest.approx(slow.duration_s, abs=1e-5)
    assert got.duration_s == pytest.approx(one.duration_s, abs=1e-5)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(
    titles=st.dictionaries(st.sampled_from(["de", "en", "zh", "a b", "x.y"]), TEXT, max_size=3),
    teacher=TEXT,
    notes=st.dictionaries(TEXT, st.text(st.characters(exclude_categories=["Cs"])), max_size=2),
    tolerances=st.dictionaries(TEXT, st.floats(1e-3, 1e6), max_size=3),
    cues=st.dictionaries(
        TEXT, st.dictionaries(TEXT, st.lists(TEXT, max_size=2).map(tuple), max_size=2), max_size=2
    ),
    joints=st.lists(st.sampled_from(sorted(JOINT_ANGLES)), max_size=4).map(tuple),
    borders=st.lists(st.floats(0, 9).map(lambda x: round(x, 3)), unique=True, max_size=5).map(
        sorted
    ),
)
@SAME_FOLDER
def test_whatever_a_teacher_writes_comes_back(tmp_path, borders, **fields):
    """Each save goes over the one before: nothing of it may remain."""
    phases = tuple(Phase(f"p{k}", a, b) for k, (a, b) in enumerate(pairwise(borders)))
    got = load_sequence(save_sequence(make(phases=phases, **fields), tmp_path / "form"))
    assert got.phases == phases
    for name, value in fields.items():
        assert getattr(got, name) == value


def test_comments_and_unknown_fields_of_people_are_kept(folder):
    path = folder / TOML_NAME
    path.write_text("# by hand\nlevel = 3 # stars\n" + path.read_text() + "\n[extra]\nx = 1\n")
    save_sequence(replace(load_sequence(folder), teacher="Li"), folder)
    text = path.read_text()
    assert "# by hand" in text
    assert "# stars" in text
    assert tomlkit.parse(text)["extra"] == {"x": 1}
    assert load_sequence(folder).teacher == "Li"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id": "My Form"}, "id"),
        ({"view": "above"}, "view"),
        ({"joints": ("left_thumb",)}, "left_thumb"),
        ({"tolerances": {"lateral_lean": 0.0}}, "not above 0"),
        ({"phases": (Phase("a", 1, 99),)}, "ends after the take"),
    ],
)
def test_what_could_not_be_loaded_is_not_saved(tmp_path, fields, told):
    with pytest.raises(SequenceError, match=told):
        save_sequence(make(**fields), tmp_path / "form")
    assert not (tmp_path / "form").exists()


def test_a_damaged_old_file_is_not_overwritten(folder):
    (folder / TOML_NAME).write_text("title = [broken")
    arrays = (folder / NPZ_NAME).read_bytes()
    with pytest.raises(SequenceError, match="mend or remove"):
        save_sequence(make(), folder)
    assert (folder / TOML_NAME).read_text() == "title = [broken"
    assert (folder / NPZ_NAME).read_bytes() == arrays


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SequenceError, match="Expected to write"):
        save_sequence(make(), tmp_path / "file" / "form")


def test_a_write_that_fails_leaves_nothing_behind(folder, monkeypatch):
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SequenceError, match="No space left"):
        save_sequence(make(teacher="Li"), folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@pytest.mark.parametrize("name", [TOML_NAME, NPZ_NAME])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(SequenceError, match=name):
        load_sequence(folder)


@pytest.mark.parametrize("name", [TOML_NAME, NPZ_NAME])
def test_too_large_files_are_not_read(folder, name, monkeypatch):
    with (folder / name).open("r+b") as f:
        f.truncate(1_000_001 if name == TOML_NAME else 200_000_001)
    with pytest.raises(SequenceError, match="at most"):
        load_sequence(folder)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sequence/1", "sequence/2", "newer posecoach"),
        ("sequence/1", "sequence/10", "newer posecoach"),
        ("sequence/1", "sequence/²", "Expected schema"),
        ("sequence/1", "sequence/" + "9" * 5000, "newer posecoach"),
        ("sequence/1", "other/1", "Expected schema"),
        ('id = "raise-hands"', 'id = "../x"', "id"),
        ('id = "raise-hands"', "", "id"),
        ("start_s = 0.0", "start_s = -1.0", "start_s"),
        ("start_s = 0.0", "start_s = nan", "start_s"),
        ("start_s = 0.0", "start_s = inf", "not after its start"),
        ("end_s = 4.0", "end_s = 0.0", "end_s"),
        ("end_s = 4.0", "end_s = inf", "after the take"),
        ('breath = "in"', 'breath = "hold"', "breath"),
        ("width = 640.0", "width = 0.0", "width"),
        ("width = 640.0", "width = nan", "width"),
        ("height = 480.0", "height = 1e-300", "height"),
        ("roll_deg", "roll_deg = nan #", "roll_deg"),
        ('"left_elbow"', '"left_nose"', "left_nose"),
        ("[title]", "[tolerances]\nlateral_lean = nan\n[title]", "lateral_lean"),
        ("[title]", '[title]\n"a\\nb" = 3', "title"),
        ("[title]", "[title]\nx = " + "9" * 5000, "Expected"),
        ("[title]", "[title", "Expected TOML"),
        ("[title]", "x = " + "[" * 5000, "Expected TOML"),
    ],
)
def test_a_wrong_document_is_told_in_one_line(folder, old, new, told):
    path = folder / TOML_NAME
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(SequenceError, match=told) as error:
        load_sequence(folder)
    assert "\n" not in str(error.value)


def test_no_text_at_all(folder):
    (folder / TOML_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SequenceError, match="Expected TOML"):
        load_sequence(folder)


class Bomb:
    def __reduce__(self):
        return (exec, ("raise SystemExit('unpickled')",))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"world": None}, "world"),
        ({"time_s": lambda a: a[:-1]}, "image"),
        ({"image": lambda a: a[..., :2]}, "image"),
        ({"image": np.array([Bomb()], dtype=object)}, "damaged"),
        ({"image": lambda a: a.astype(str)}, "image"),
        ({"image": lambda a: a.astype(complex)}, "image"),
        ({"time_s": lambda a: a[::-1]}, "grow"),
        ({"time_s": lambda a: a * np.nan}, "finite"),
        ({"time_s": lambda a: a * 1e9}, "at most 7200 s"),
        ({"time_s": lambda a: a.astype(float) * 1e307}, "at most 7200 s"),
        ({"take": lambda a: a + 1}, "takes 0 to 0"),
        ({"take": lambda a: a + np.nan}, "takes 0 to 0"),
        ({"take": lambda a: np.arange(len(a))}, "takes 0 to 0"),
        ({"image": lambda a: a * np.nan}, "none"),
        ({"image": lambda a: np.full_like(a, np.inf)}, "none"),
        ({"image": lambda a: a * 0}, "fall together"),
        ({k: (lambda a: a[:0]) for k in ("time_s", "image", "world")}, "1 to"),
    ],
)
def test_wrong_arrays_are_told(folder, changes, told):
    save_arrays(folder, **changes)
    with pytest.raises(SequenceError, match=told) as error:
        load_sequence(folder)
    assert "\n" not in str(error.value)


def test_impossible_points_and_likelihoods_are_not_believed(folder):
    def wild(a):
        a = a.astype(float)
        a[7, 20] = [1e300, -np.inf, 3]
        return a

    save_arrays(
        folder, image=wild, visibility=lambda a: a * 5, presence=lambda a: np.full_like(a, np.nan)
    )
    motion = load_sequence(folder).takes[0].motion
    assert np.isnan(motion.image[7, 20, :2]).all()
    assert motion.image[7, 20, 2] == 3
    assert motion.visibility.max() <= 1
    assert 0 <= motion.presence.min() <= motion.presence.max() <= 1


def test_a_header_that_promises_too_much(folder):
    """A few bytes that claim to be 80 GB end in an error, not in no memory."""
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000,), }"
    header += " " * (117 - len(header)) + "\n"
    member = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    with np.load(folder / NPZ_NAME) as data:
        arrays = {k: data[k] for k in data.files if k != "time_s"}
    out = io.BytesIO()
    np.savez(out, **arrays)
    with zipfile.ZipFile(out, "a") as z:
        z.writestr("time_s.npy", member + bytes(80))
    (folder / NPZ_NAME).write_bytes(out.getvalue())
    with pytest.raises(SequenceError, match="damaged"):
        load_sequence(folder)


def test_a_zip_bomb_is_not_unpacked(folder):
    with zipfile.ZipFile(folder / NPZ_NAME, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("image.npy", bytes(200_000_001))
    with pytest.raises(SequenceError, match="too much"):
        load_sequence(folder)


def try_to_load(folder: Path) -> str:
    try:
        load_sequence(folder)
    except SequenceError as error:
        return str(error)
    return ""


@given(data=st.data())
@SAME_FOLDER
def test_no_damage_to_the_arrays_does_more_than_raise(tmp_path, data):
    folder = tmp_path / "form"
    if not folder.exists():
        save_sequence(make(), folder)
        (tmp_path / "sound").write_bytes((folder / NPZ_NAME).read_bytes())
    raw = bytearray((tmp_path / "sound").read_bytes())
    kind = data.draw(st.sampled_from(["flip", "cut", "junk", "insert"]))
    at = data.draw(st.integers(0, len(raw) - 1))
    if kind == "flip":
        for k in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=20)):
            raw[k] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        raw = raw[:at]
    elif kind == "junk":
        raw = bytearray(data.draw(st.binary(max_size=200)))
    else:
        raw[at:at] = data.draw(st.binary(min_size=1, max_size=50))
    (folder / NPZ_NAME).write_bytes(raw)
    assert "\n" not in try_to_load(folder)


@given(data=st.data())
@SAME_FOLDER
def test_no_damage_to_the_text_does_more_than_raise(tmp_path, data):
    folder = tmp_path / "form"
    if not folder.exists():
        save_sequence(make(phases=(Phase("raise", 0.0, 4.0, "in"),)), folder)
        (tmp_path / "sound").write_text((folder / TOML_NAME).read_text())
    lines = (tmp_path / "sound").read_text().splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    value = data.draw(
        st.sampled_from(
            ["", "nan", "-inf", "{}", "[]", '""', "1e400", "1979-05-27", "true", "[[[", "'"]
        )
    )
    lines[at] = data.draw(
        st.sampled_from([lines[at].split("=")[0] + "= " + value, value, lines[at][:-1], ""])
    )
    (folder / TOML_NAME).write_text("\n".join(lines))
    assert "\n" not in try_to_load(folder)


def test_what_a_phase_says_of_its_own_is_kept_and_checked(tmp_path):
    sequence = make(phases=(Phase("raise", 0.0, 4.0, "in"), Phase("lower", 4.0, 9.5)))
    first = replace(
        sequence.phases[0],
        joints=("left_knee",),
        tolerances={"lateral_lean": 9.0},
        cues={"lateral_lean.left": {"de": ("Wie eine Kiefer",)}},
    )
    marked = replace(sequence, phases=(first, *sequence.phases[1:]))
    folder = save_sequence(marked, tmp_path / sequence.id)
    back = load_sequence(folder)
    assert back.phases[0] == first
    assert back.phases[1].joints is None
    save_sequence(replace(back, phases=sequence.phases), folder)
    assert "Kiefer" not in (folder / "sequence.toml").read_text()
