import io
import os
import stat
import struct
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures import heavens, make_motion
from posecoach.errors import SequenceError
from posecoach.reference import package
from posecoach.reference.arrays import write_arrays
from posecoach.reference.files import load_sequence, save_sequence
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.package import pack_sequence, read_package, unpack_sequence
from posecoach.reference.sequence import Phase, Sequence, take_of

FUZZ = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def make(**fields) -> Sequence:
    time = np.arange(60) / 6
    take = take_of(make_motion(time, heavens(time, time)))
    take = replace(take, motion=replace(take.motion, source="/media/usb/My Videos/raise.mp4"))
    form = Sequence(
        "raise-hands",
        (take, take),
        {"de": "Himmel", "zh": "天"},
        (Phase("up", 0.0, 4.0, "in"),),
        licence="CC-BY-4.0",
        consent="yes, in writing",
    )
    return replace(form, **fields)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_sequence(make(), tmp_path / "own" / "raise-hands")


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    folder = save_sequence(make(), tmp_path_factory.mktemp("sound") / "raise-hands")
    return pack_sequence(folder)


def files_in(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return {m.filename: z.read(m) for m in z.infolist()}


def build(files: dict[str, bytes] | list, method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in files.items() if isinstance(files, dict) else files:
            z.writestr(name, data)
    return out.getvalue()


def everything(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def refused(tmp_path: Path, data: bytes, *told: str) -> str:
    """Check that a package is refused with one line and that nothing is written for it."""
    file, out = tmp_path / "x.posecoach", tmp_path / "forms"
    file.write_bytes(data)
    before = everything(tmp_path)
    with pytest.raises(SequenceError) as error:
        unpack_sequence(file, out)
    line = str(error.value)
    assert line.isprintable()
    assert 20 < len(line) <= 500
    assert everything(tmp_path) == before
    for word in told:
        assert word in line
    return line


def test_what_is_packed_is_unpacked(tmp_path, folder):
    path = folder / TOML_NAME
    path.write_text("# by hand\n" + path.read_text().replace("id = ", "own = 3\nid = ", 1))
    file = tmp_path / "x.posecoach"
    file.write_bytes(pack_sequence(folder))
    target = unpack_sequence(file, tmp_path / "forms" / "deep")
    assert target == tmp_path / "forms" / "deep" / "raise-hands"
    assert sorted(p.name for p in target.parent.rglob("*")) == [NPZ_NAME, "raise-hands", TOML_NAME]
    got, had = load_sequence(target), load_sequence(folder)
    for name in Sequence.__dataclass_fields__:
        if name != "takes":
            assert getattr(got, name) == getattr(had, name), name
    for a, b in zip(got.takes, had.takes, strict=True):
        for name in ("time_s", "image", "world", "visibility", "presence"):
            np.testing.assert_array_equal(getattr(a.motion, name), getattr(b.motion, name))
        assert a.motion.source == "raise.mp4"
    text = (target / TOML_NAME).read_text()
    assert text == path.read_text().replace("/media/usb/My Videos/", "")
    assert "# by hand" in text
    if os.name == "posix":
        assert all(stat.S_IMODE(p.stat().st_mode) & 0o133 == 0 for p in target.iterdir())


def test_the_same_form_gives_the_same_bytes(tmp_path, folder, sound):
    assert pack_sequence(folder) == sound == pack_sequence(folder)
    file = tmp_path / "x.posecoach"
    file.write_bytes(sound)
    assert pack_sequence(unpack_sequence(file, tmp_path / "forms")) == sound


def test_a_package_says_nothing_of_the_computer(sound):
    assert b"usb" not in sound
    assert b"My Videos" not in sound
    with zipfile.ZipFile(io.BytesIO(sound)) as z:
        inner = zipfile.ZipFile(io.BytesIO(z.read(NPZ_NAME)))
        for member in (*z.infolist(), *inner.infolist()):
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert not member.extra
            assert not member.comment


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('consent = "', 'notes = {en = "see /home/maria/films"}\nconsent = "'),
        ('consent = "', '# from C:\\Users\\Maria\\films\nconsent = "'),
        ("[[phases]]", "# /Users/maria\n[[phases]]"),
    ],
)
def test_a_folder_of_the_computer_is_told(folder, old, new):
    path = folder / TOML_NAME
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(SequenceError, match=r"line \d+ names one"):
        pack_sequence(folder)


def test_an_address_is_no_folder(folder):
    form = replace(load_sequence(folder), origin="https://example.org/home/forms")
    save_sequence(form, folder)
    assert pack_sequence(folder)


@pytest.mark.parametrize("empty", [("consent",), ("licence",), ("consent", "licence")])
def test_consent_and_licence_are_asked_for(folder, empty):
    save_sequence(replace(load_sequence(folder), **dict.fromkeys(empty, " ")), folder)
    with pytest.raises(SequenceError, match=f"Expected {' and '.join(empty)} in"):
        pack_sequence(folder)
    assert read_package(pack_sequence(folder, without_consent=True), "x").sequence.id


def test_a_form_that_is_not_sound_is_not_packed(folder):
    path = folder / TOML_NAME
    path.write_text(path.read_text().replace("end_s = 4.0", "end_s = 99.0"))
    with pytest.raises(SequenceError, match="ends after the take"):
        pack_sequence(folder)
    with pytest.raises(SequenceError, match="expected a folder"):
        pack_sequence(folder.parent / "other")


def test_a_form_is_overwritten_only_if_asked_to(tmp_path, folder, sound):
    file = tmp_path / "x.posecoach"
    file.write_bytes(sound)
    (folder / "film.mp4").write_text("mine")
    (folder / "pictures").mkdir()
    before = {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    with pytest.raises(SequenceError, match="--replace"):
        unpack_sequence(file, folder.parent)
    assert before == {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    save_sequence(replace(load_sequence(folder), teacher="Li"), folder)
    unpack_sequence(file, folder.parent, replace=True)
    assert load_sequence(folder).teacher == ""
    assert sorted(p.name for p in folder.iterdir()) == [
        "film.mp4", NPZ_NAME, "pictures", TOML_NAME
    ]  # fmt: skip
    assert [p.name for p in folder.parent.iterdir()] == ["raise-hands"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_is_no_folder_is_never_replaced(tmp_path, sound, kind):
    file, forms = tmp_path / "x.posecoach", tmp_path / "forms"
    file.write_bytes(sound)
    forms.mkdir()
    if kind == "file":
        (forms / "raise-hands").write_text("mine")
    else:
        (tmp_path / "elsewhere").mkdir()
        (forms / "raise-hands").symlink_to(tmp_path / "elsewhere")
    before = everything(tmp_path)
    with pytest.raises(SequenceError, match="is there"):
        unpack_sequence(file, forms, replace=True)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("fail_at", [0, 1, 2, 3])
def test_a_disk_that_fails_leaves_the_old_form(tmp_path, folder, sound, monkeypatch, fail_at):
    file = tmp_path / "x.posecoach"
    file.write_bytes(sound)
    save_sequence(replace(load_sequence(folder), teacher="Li"), folder)
    before = {p: p.read_bytes() for p in folder.iterdir()}
    left, rename, put = [fail_at], Path.rename, Path.replace

    def failing(call):
        def instead(self, target):
            left[0] -= 1
            if left[0] == -1:
                raise OSError(28, "No space left on device")
            return call(self, target)

        return instead

    monkeypatch.setattr(Path, "rename", failing(rename))
    monkeypatch.setattr(Path, "replace", failing(put))
    with pytest.raises(SequenceError, match="No space left"):
        unpack_sequence(file, folder.parent, replace=True)
    assert {p: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in folder.parent.iterdir()] == ["raise-hands"]


def test_a_folder_that_cannot_be_written(tmp_path, sound):
    (tmp_path / "block").write_text("")
    file = tmp_path / "x.posecoach"
    file.write_bytes(sound)
    with pytest.raises(SequenceError, match="Expected to write"):
        unpack_sequence(file, tmp_path / "block" / "forms")


@pytest.mark.parametrize("name", ["missing", ".", "nul\0"])
def test_no_file_at_all(tmp_path, name):
    with pytest.raises(SequenceError, match="Expected"):
        unpack_sequence(tmp_path / name, tmp_path)


def test_versions(tmp_path, sound):
    files = files_in(sound)
    newer = (
        files[TOML_NAME].replace(b"sequence/1", b"sequence/1.4").replace(b"id =", b"x = 1\nid =", 1)
    )
    arrays = files[NPZ_NAME]
    with np.load(io.BytesIO(arrays)) as a:
        more = write_arrays({**a, "depth": np.zeros(3)}, compress=True)
    file = tmp_path / "x.posecoach"
    file.write_bytes(build({TOML_NAME: newer, NPZ_NAME: more}))
    folder = unpack_sequence(file, tmp_path / "forms")
    assert (folder / TOML_NAME).read_bytes() == newer
    assert read_package(file.read_bytes(), "x").newer
    assert not read_package(sound, "x").newer
    refused(tmp_path / "forms", build({TOML_NAME: files[TOML_NAME], NPZ_NAME: more}), "plain zip")
    for version in (b"2", b"2.0", b"10"):
        text = files[TOML_NAME].replace(b"sequence/1", b"sequence/" + version)
        told = refused(tmp_path / "forms", build({TOML_NAME: text, NPZ_NAME: arrays}))
        assert "newer posecoach; update posecoach" in told


# -- hostile zips ---------------------------------------------------------------------------


def info(name: str, mode: int = 0o644) -> zipfile.ZipInfo:
    got = zipfile.ZipInfo(name)
    got.create_system, got.external_attr = 3, mode << 16
    return got


def patch(data: bytes, sign: bytes, at: int, value: bytes, which: int = 0) -> bytes:
    """Write bytes into the which-th record with a signature."""
    start = -1
    for _ in range(which + 1):
        start = data.index(sign, start + 1)
    return data[: start + at] + value + data[start + at + len(value) :]


def hostile(sound: bytes) -> Iterator[tuple[str, bytes]]:
    files = files_in(sound)
    toml, npz = files[TOML_NAME], files[NPZ_NAME]
    both = [(TOML_NAME, toml), (NPZ_NAME, npz)]
    for name in ("/etc/x", "../x", "..\\x", "C:\\x", "x/sequence.toml", "sequence.toml/", "x",
                 "SEQUENCE.TOML", "__MACOSX/x"):  # fmt: skip
        yield f"more {name!r}", build([*both, (name, b"x")])
        yield f"instead {name!r}", build([(name, toml), both[1]])
    yield "one file", build(both[:1])
    yield "nothing", build([])
    yield "a link", build([(info(TOML_NAME, 0o120777), b"/etc/passwd"), both[1]])
    yield "a link as arrays", build([both[0], (info(NPZ_NAME, 0o120777), b"../../x.npz")])
    yield "a device", build([(info(TOML_NAME, 0o020666), toml), both[1]])
    yield "a folder", build([(info(TOML_NAME, 0o040755), b""), both[1]])
    yield "nested", build({TOML_NAME: toml, NPZ_NAME: sound})
    yield "nested deeper", build({TOML_NAME: sound, NPZ_NAME: npz})
    yield "bomb of text", build({TOML_NAME: b"#" * 50_000_000, NPZ_NAME: npz}, zipfile.ZIP_DEFLATED)
    zeros = bytes(package.MAX_PACKAGE_BYTES + 1)
    yield "bomb of arrays", build({TOML_NAME: toml, NPZ_NAME: zeros}, zipfile.ZIP_DEFLATED)
    inner = build({"image.npy": bytes(210_000_000)}, zipfile.ZIP_DEFLATED)
    yield "bomb inside", build({TOML_NAME: toml, NPZ_NAME: inner}, zipfile.ZIP_DEFLATED)
    yield "bzip2", build(both, zipfile.ZIP_BZIP2)
    yield "lzma", build(both, zipfile.ZIP_LZMA)
    yield "before", b"#!/bin/sh\n" + sound
    yield "behind", sound + b"x"
    yield "comment", sound[:-2] + b"\x04\x00PK\x05\x06"
    yield "two ends", sound + sound[-22:]
    yield "twice over", sound + sound
    yield "many", build([(str(k), b"") for k in range(5000)])
    for size in (0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, 0):
        value = struct.pack("<I", size)
        for which in (0, 1):
            yield f"size {size:x}", patch(sound, b"PK\x01\x02", 24, value, which)
            yield f"packed size {size:x}", patch(sound, b"PK\x01\x02", 20, value, which)
            yield f"at {size:x}", patch(sound, b"PK\x01\x02", 42, value, which)
        yield f"list at {size:x}", sound[:-6] + value + sound[-2:]
        yield f"list of {size:x}", sound[:-10] + value + sound[-6:]
    for count in (0, 1, 3, 0xFFFF):
        value = struct.pack("<HH", count, count)
        yield f"count {count}", sound[:-14] + value + sound[-10:]
    yield "secret", patch(sound, b"PK\x01\x02", 8, b"\x01")
    yield "patched", patch(sound, b"PK\x01\x02", 8, b"\x20")
    yield "other name inside", sound.replace(b"sequence.toml", b"sequence.tomx", 1)
    far = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, 200, 1 << 60)
    where = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(sound) - 22, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    yield "zip64", sound[:-22] + far + where + end
    yield "zip64 beside", sound[:-22] + far + where + sound[-22:]
    with pytest.warns(UserWarning, match="Duplicate"):
        twice, three = build([both[0], both[0]]), build([*both, both[0]])
    yield "twice text", twice
    yield "three", three


def test_hostile_zips_are_refused(tmp_path, sound):
    count = 0
    for what, data in hostile(sound):
        if data == sound:
            continue
        try:
            refused(tmp_path, data)
        except BaseException as error:
            raise AssertionError(what) from error
        count += 1
    assert count > 60


def hostile_arrays(npz: bytes) -> Iterator[tuple[str, bytes]]:
    with np.load(io.BytesIO(npz)) as data:
        arrays = {k: data[k] for k in data.files}

    def change(**changes) -> bytes:
        return write_arrays({**arrays, **changes}, compress=True)

    def raw(name: str, header: bytes, body: bytes = b"") -> bytes:
        files = files_in(npz)
        head = header.ljust(118 - len(header) % 64 + len(header)) + b"\n"
        files[name] = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + body
        return build(files)

    def set_at(array, value, *at):
        out = array.copy()
        out[at] = value
        return out

    a = arrays
    yield "order", change(time_s=a["time_s"][::-1])
    yield "equal times", change(time_s=np.zeros_like(a["time_s"]))
    yield "no time", change(time_s=set_at(a["time_s"], np.nan, 3))
    yield "endless time", change(time_s=set_at(a["time_s"], np.inf, -1))
    yield "long", change(time_s=a["time_s"] * 1e5)
    yield "endless point", change(image=set_at(a["image"], np.inf, 3, 4, 0))
    yield "far point", change(world=set_at(a["world"], 1e9, 3, 4, 0))
    yield "no likelihood", change(visibility=set_at(a["visibility"], np.nan, 3, 4))
    yield "likelihood", change(presence=set_at(a["presence"], 1.5, 3, 4))
    yield "nobody", change(image=np.full_like(a["image"], np.nan))
    yield "no take", change(take=set_at(a["take"].astype(float), np.nan, 3))
    yield "half takes", change(take=a["take"] * 0.5)
    yield "many takes", change(take=np.arange(len(a["take"])))
    for name in a:
        yield f"short {name}", change(**{name: a[name][:-1]})
        yield f"deep {name}", change(**{name: a[name][..., None]})
        yield f"text {name}", change(**{name: a[name].astype("U8")})
        yield f"bytes {name}", change(**{name: a[name].astype("S8")})
        yield f"complex {name}", change(**{name: a[name].astype(complex)})
        yield f"times {name}", change(**{name: np.zeros(a[name].shape, "M8[s]")})
        yield f"flags {name}", change(**{name: a[name] > 0})
        if name != "take":
            yield f"without {name}", write_arrays({k: a[k] for k in a if k != name}, compress=False)
        other = {k: v for k, v in files_in(npz).items() if k != f"{name}.npy"}
        yield f"other name {name}", build({**other, f"../{name}.npy": files_in(npz)[f"{name}.npy"]})
    yield "more", change(extra=np.zeros(3))
    pickle = io.BytesIO()
    np.lib.format.write_array(pickle, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    yield "pickle", build({**files_in(npz), "time_s.npy": pickle.getvalue()})
    yield "bare pickle", build({**files_in(npz), "time_s.npy": b"cos\nsystem\n(S'true'\ntR."})
    shape = b"{'descr': '<f4', 'fortran_order': False, 'shape': %s, }"
    for text in (b"(9999999999999,)", b"(-1,)", b"(True,)", b"()", b"(1e3,)", b"(2**31,)",
                 b"(((((((((((", b"(__import__('os').system('true'),)", b"(120L,)",
                 b"(0, 10**9)", b"(9" * 90 + b")" * 90):  # fmt: skip
        yield f"shape {text!r}", raw("time_s.npy", shape % text, bytes(480))
    z = bytes(480)
    yield "objects", raw("time_s.npy", b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}")
    yield "fields", raw(
        "time_s.npy", b"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (120,)}", z
    )  # fmt: skip
    yield (
        "nothing in it",
        raw("take.npy", b"{'descr': '|V0', 'fortran_order': False, 'shape': (120,)}"),
    )
    yield "no header", build({**files_in(npz), "image.npy": b"\x93NUMPY"})
    yield (
        "header of header",
        build({**files_in(npz), "image.npy": b"\x93NUMPY\x03\x00\xff\xff\xff\xff"}),
    )
    yield "empty", b""
    yield "no zip", b"x" * 500
    yield "several", npz + npz


def test_hostile_arrays_are_refused(tmp_path, sound):
    files = files_in(sound)
    for what, npz in hostile_arrays(files[NPZ_NAME]):
        try:
            refused(tmp_path, build({**files, NPZ_NAME: npz}))
        except BaseException as error:
            raise AssertionError(what) from error


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"raise-hands"', '"../raise"'),
        ('"raise-hands"', '"/raise"'),
        ('"raise-hands"', '"raise\\\\x"'),
        ('"raise-hands"', '".."'),
        ('"raise-hands"', '""'),
        ('"raise-hands"', '"raise-hands\\n"'),
        ('"Himmel"', '"a\\u001b[2Jb"'),
        ('"Himmel"', '"a\\u009b2Jb"'),
        ('"Himmel"', '"a\u202eb"'),
        ('"Himmel"', '"a\\nb"'),
        ('"Himmel"', '"' + "a" * 300 + '"'),
        ("[title]", '[title]\n"\\u001b[2J" = "x"'),
        ("[title]", '[title]\n"\\u001b[2J" = 3'),
        ("[title]", "# \u202e\n[title]"),
        ("[title]", 'note = "' + "a" * 30_000 + '"\n[title]'),
        ("[title]", "#" + "a" * 300_000 + "\n[title]"),
        ("[title]", "a." * 50_000 + "a = 1\n[title]"),
        ("[[phases]]", "[[phases]]\n[[phases]]"),
        ("[[takes]]", "[[takes]]\nwidth = 640\nheight = 480\n[[takes]]"),
        ("end_s = 4.0", "end_s = 1e300"),
        ("width = 640.0", "width = 1e300"),
    ],
)
def test_hostile_texts_are_refused(tmp_path, sound, old, new):
    files = files_in(sound)
    text = files[TOML_NAME].decode()
    assert old in text
    tomllib.loads(text)
    refused(tmp_path, build({**files, TOML_NAME: text.replace(old, new, 1).encode()}))


@given(data=st.binary(max_size=2000))
@FUZZ
def test_random_bytes_are_refused(tmp_path, data):
    refused(tmp_path, data)
    refused(tmp_path, b"PK\x03\x04" + data)


@given(share=st.floats(0, 1, exclude_max=True))
@FUZZ
def test_half_a_file_is_refused(tmp_path, sound, share):
    refused(tmp_path, sound[: int(share * len(sound))], "not all of it")


def same_or_refused(tmp_path: Path, data: bytes, sound: bytes) -> None:
    """Check that a change passes only if it touches nothing that counts, such as a date."""
    try:
        got = read_package(data, "x")
    except SequenceError:
        refused(tmp_path, data)
        return
    had = read_package(sound, "x")
    assert got.text == had.text
    for a, b in zip(got.sequence.takes, had.sequence.takes, strict=True):
        for name in ("time_s", "image", "world", "visibility", "presence"):
            np.testing.assert_array_equal(getattr(a.motion, name), getattr(b.motion, name))


@given(data=st.data(), heads=st.booleans())
@FUZZ
def test_flipped_bits_are_refused(tmp_path, sound, data, heads):
    """Anywhere, and where it hurts: in the heads and lists of the zip and of the arrays."""
    places = [i for i in range(len(sound)) if sound[i : i + 2] == b"PK"]
    spot = st.integers(0, len(sound) - 1)
    if heads:
        near = st.tuples(st.sampled_from(places), st.integers(0, 60))
        spot = near.map(lambda p: min(p[0] + p[1], len(sound) - 1))
    raw = bytearray(sound)
    for at in data.draw(st.lists(spot, min_size=1, max_size=4)):
        raw[at] ^= 1 << data.draw(st.integers(0, 7))
    same_or_refused(tmp_path, bytes(raw), sound)


@given(data=st.data())
@FUZZ
def test_pieces_put_in_left_out_or_doubled_are_refused(tmp_path, sound, data):
    at, end = sorted(data.draw(st.tuples(*[st.integers(0, len(sound))] * 2)))
    piece = data.draw(st.sampled_from([b"", sound[at:end] * 2, bytes(end - at), b"PK\x05\x06"]))
    changed = sound[:at] + piece + sound[end:]
    if changed != sound:
        same_or_refused(tmp_path, changed, sound)


@given(
    members=st.lists(
        st.tuples(
            st.sampled_from([TOML_NAME, NPZ_NAME, "../x", "time_s.npy"]), st.binary(max_size=200)
        ),
        max_size=4,
    ),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
@FUZZ
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_sound_zips_of_anything_are_refused(tmp_path, sound, members, method):
    refused(tmp_path, build(members, method))
    files = files_in(sound)
    inner = build([(f"{name}.npy", data) for name, data in members], method)
    refused(tmp_path, build({**files, NPZ_NAME: inner}))
    for name, data in members:
        refused(tmp_path, build([*files.items(), (name, data)], method))


KINDS = ("f2", "f4", "f8", ">f4", "i1", "i8", "u4", "?", "c8", "S3", "U2", "M8[s]", "O")
VALUES = (np.nan, np.inf, -np.inf, -1.0, 0.0, 0.5, 1.0, 2.0, 1e3, 1e30, -1e300)


SHARE = st.floats(0, 1)
CHANGES = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["time_s", "image", "world", "visibility", "presence"]),
        "value": st.sampled_from(VALUES),
        "spots": st.lists(SHARE, max_size=4),
        "axis": SHARE,
        "shape": st.sampled_from(["", "", "cut", "longer", "turn", "flat", "F"]),
        "kept": SHARE,
        "kind": st.sampled_from(KINDS),
    }
)


def change_array(array, c):
    """Return an array with other values, shape, order and kind."""
    array = array.astype(float)
    array.flat[[int(s * (array.size - 1)) for s in c["spots"]]] = c["value"]
    axis = int(c["axis"] * (array.ndim - 1))
    if c["shape"] == "cut":
        array = array.take(range(int(c["kept"] * (array.shape[axis] - 1))), axis)
    elif c["shape"] == "longer":
        array = np.concatenate([array, array], axis)
    elif c["shape"] == "turn":
        array = array.T
    elif c["shape"] == "flat":
        array = array.ravel()
    elif c["shape"] == "F":
        array = np.asfortranarray(array)
    return array.astype(c["kind"])


@given(changes=st.lists(CHANGES, min_size=1, max_size=2, unique_by=lambda c: c["key"]))
@FUZZ
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_arrays_of_any_kind_are_refused_or_sound(tmp_path, sound, changes):
    """Other kinds, shapes, orders and values: refused in one line, or everything as promised."""
    files = files_in(sound)
    with np.load(io.BytesIO(files[NPZ_NAME])) as stored:
        arrays = {k: stored[k] for k in stored.files}
    for c in changes:
        key = next(k for k in arrays if k.endswith(c["key"]))
        arrays[key] = change_array(arrays[key], c)
    inner = []
    for key, array in arrays.items():
        out = io.BytesIO()
        np.lib.format.write_array(out, array, allow_pickle=True)
        inner.append((f"{key}.npy", out.getvalue()))
    package = build({**files, NPZ_NAME: build(inner)})
    try:
        form = read_package(package, "x").sequence
    except SequenceError:
        refused(tmp_path, package)
        return
    for take in form.takes:
        m = take.motion
        assert (np.diff(m.time_s) > 0).all()
        assert np.isfinite(m.time_s).all()
        for points in (m.image, m.world):
            assert points.shape == (len(m), 33, 3)
            assert np.nanmax(np.abs(points)) <= 1e3
        for likelihood in (m.visibility, m.presence):
            assert ((likelihood >= 0) & (likelihood <= 1)).all()


def test_a_package_zipped_by_hand_is_read(tmp_path, sound):
    data = build(dict(reversed(files_in(sound).items())), zipfile.ZIP_DEFLATED)
    assert read_package(data, "x").sequence.id == "raise-hands"
