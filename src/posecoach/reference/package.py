"""A form in one file, to send it: ``NAME.posecoach``, a zip of sequence.toml and motion.npz.

What is packed says nothing of the computer it comes from, and the same form gives the same
bytes. What is unpacked comes from a stranger: the file is read into memory, held against every
limit, and only when all of it is sound is a folder made of it, in one step.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import tomllib
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posecoach._writing import write_atomic
from posecoach.errors import SequenceError, make_one_line
from posecoach.reference.arrays import collect_arrays, make_info, read_arrays, write_arrays
from posecoach.reference.check import check_sequence
from posecoach.reference.document import SequenceDoc, parse_doc
from posecoach.reference.files import load_sequence, make_sound, make_takes
from posecoach.reference.merging import write_over
from posecoach.reference.names import NPZ_NAME, TOML_NAME
from posecoach.reference.sequence import SCHEMA, Sequence

SUFFIX = ".posecoach"
MAX_PACKAGE_BYTES = 120_000_000  # an hour of takes
MAX_PACKED_TOML_BYTES = 250_000
MAX_TEXT = 20_000
MAX_TITLE = 200
_MAX_ERROR = 500
_END = b"PK\x05\x06"
_END_SIZE = 22
_MAX_DIRECTORY = 4000  # bytes of a list of a few short names
_NAMES = (TOML_NAME, NPZ_NAME)
_FOLDER = re.compile(r"(?<![\w.])(?:/home/|/Users/|/root/|~[\\/]|[A-Za-z]:[\\/]+Users[\\/])")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, eq=False)
class Package:
    """A package that was found sound.

    Attributes
    ----------
    sequence : Sequence
    text : bytes
        Its ``sequence.toml``.
    newer : bool
        Whether a newer posecoach made it; what this one does not know is kept in the text.
    """

    sequence: Sequence
    text: bytes
    newer: bool


def pack_sequence(folder: str | Path, *, without_consent: bool = False) -> bytes:
    """Return a form as the bytes of a package.

    Parameters
    ----------
    folder : str or path
    without_consent : bool
        Pack although nobody's consent or no licence is written down.

    Raises
    ------
    SequenceError
        The form is not sound, says nothing of consent or licence, names a folder of this
        computer, or is too large.
    """
    path = Path(folder)
    errors = [f for f in check_sequence(path) if f.level == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise SequenceError(
            f"Expected a sound form to pack but {errors[0].where}: {errors[0].text}{more}"
        )
    sequence = load_sequence(path)
    empty = [key for key in ("consent", "licence") if not getattr(sequence, key).strip()]
    if empty and not without_consent:
        raise SequenceError(
            f"Expected {' and '.join(empty)} in {TOML_NAME} before a form is sent but got none; "
            "write who agreed to what, and under which licence it may be shared "
            "(or --without-consent, for yourself alone)."
        )
    text = _without_folders((path / TOML_NAME).read_bytes().decode("utf-8"))
    arrays = collect_arrays([t.motion for t in sequence.takes])
    data = _zip({TOML_NAME: text.encode(), NPZ_NAME: write_arrays(arrays, compress=False)})
    read_package(data, sequence.id)  # nobody is sent what they could not unpack
    return data


def _without_folders(text: str) -> str:
    """Return a document in which takes name their video alone, without the folder it lay in."""
    plain = tomllib.loads(text)
    for take in plain.get("takes", []):
        if isinstance(take.get("source"), str):
            take["source"] = re.split(r"[\\/]", take["source"])[-1]
    text = write_over(text, plain)
    for number, line in enumerate(text.splitlines(), 1):
        if _FOLDER.search(line):
            raise SequenceError(
                f"Expected no folder of your computer in {TOML_NAME} but line {number} names "
                "one; take it out before the form is sent."
            )
    return text


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as z:
        for name, data in files.items():
            z.writestr(make_info(name), data)
    return out.getvalue()


def write_package(data: bytes, target: Path) -> None:
    """Write a package's bytes to a file.

    Raises
    ------
    SequenceError
        The file cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, data)
    except OSError as error:
        raise SequenceError(f"Expected to write {target} but got: {error}.") from error


def read_package(data: bytes, name: str) -> Package:
    """Return what is in a package's bytes; nothing is written.

    Parameters
    ----------
    data : bytes
    name : str
        Said in errors.

    Raises
    ------
    SequenceError
        Something in it is not as `pack_sequence` makes it; one line.
    """
    try:
        return _read(data, name)
    except SequenceError as error:  # a stranger's words in it must not steer a terminal
        raise SequenceError(make_one_line(str(error), _MAX_ERROR)) from error


def _read(data: bytes, name: str) -> Package:
    text, arrays = _read_members(data, name)
    told = f"{TOML_NAME} of {name}"
    doc = parse_doc(text, told)
    _check_texts(doc, text, told)
    newer = doc.schema_ not in (SCHEMA, f"{SCHEMA}.0")
    inside = f"{NPZ_NAME} of {name}"
    _check_frame(arrays, 5, 20 if newer else 6, inside)
    found = read_arrays(arrays, inside, strict=True, others=newer)
    sequence = make_sound(doc, make_takes(doc, found, inside), told)
    return Package(sequence, text, newer)


def _read_members(data: bytes, name: str) -> tuple[bytes, bytes]:
    """Return the two files in a package."""
    _check_frame(data, 2, 2, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            members = {m.filename: m for m in z.infolist()}
            if sorted(members) != sorted(_NAMES) or len(z.infolist()) != 2:
                raise SequenceError(
                    f"Expected {' and '.join(_NAMES)} alone in {name} but it holds other files; "
                    "have it packed again."
                )
            if any(not _is_plain(m) for m in members.values()):
                raise SequenceError(
                    f"Expected plain files in {name} but it holds a link, a secret or a method "
                    "that is not read; have it packed again."
                )
            for member, most in ((TOML_NAME, MAX_PACKED_TOML_BYTES), (NPZ_NAME, MAX_PACKAGE_BYTES)):
                if members[member].file_size > most:
                    raise SequenceError(
                        f"Expected {member} of {name} of at most {most} bytes but it says it has "
                        f"{members[member].file_size}; fewer or shorter takes are enough."
                    )
            return z.read(members[TOML_NAME]), z.read(members[NPZ_NAME])
    except SequenceError:
        raise
    except Exception as error:  # zip and zlib each have their own
        first = (str(error).strip().splitlines() or [""])[0][:120] or type(error).__name__
        raise SequenceError(
            f"Expected a package but {name} is damaged ({first}); have it sent again."
        ) from error


def _is_plain(member: zipfile.ZipInfo) -> bool:
    kind = member.external_attr >> 16 & 0o170000
    return (
        kind in (0, 0o100000)
        and not member.flag_bits & 0x41
        and member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    )


def _check_frame(data: bytes, least: int, most: int, name: str) -> None:
    """Refuse what is no small plain zip, before a list of millions of names is read from it.

    The record at the end must end the file, tell of ``least`` to ``most`` members, and follow their
    list directly: no comment, nothing of zip64, nothing before or between.
    """
    if len(data) > MAX_PACKAGE_BYTES + MAX_PACKED_TOML_BYTES:
        raise SequenceError(
            f"Expected {name} of at most {MAX_PACKAGE_BYTES} bytes but it is larger; "
            "fewer or shorter takes are enough."
        )
    end = data[-_END_SIZE:]
    if len(end) < _END_SIZE or end[:4] != _END or data[:4] != b"PK\x03\x04":
        raise SequenceError(
            f"Expected a package of a form (*{SUFFIX}) but {name} is none, or not all of it; "
            "have it sent again."
        )
    number = {i: int.from_bytes(end[i : i + 2], "little") for i in (4, 6, 8, 10, 20)}
    size, start = (int.from_bytes(end[i : i + 4], "little") for i in (12, 16))
    if (
        number[4] or number[6] or number[20]
        or not least <= number[8] == number[10] <= most
        or size > _MAX_DIRECTORY
        or start + size + _END_SIZE != len(data)
    ):  # fmt: skip
        raise SequenceError(
            f"Expected a plain zip of {most} files at most but {name} is another; "
            "have it packed again."
        )


def _check_texts(doc: SequenceDoc, text: bytes, name: str) -> None:
    """Refuse texts that could steer a terminal, turn what is read, or flood it."""
    for line in text.decode("utf-8").replace("\r\n", "\n").split("\n"):
        _check_text(line, name)
    for value in _strings(doc.model_dump()):
        _check_text(value, name)
    titles = [doc.title, *(p.title for p in doc.phases)]
    short = [*(t for title in titles for t in title.values()), *(p.id for p in doc.phases)]
    short += [t for cues in doc.cues.values() for variants in cues.values() for t in variants]
    short += [doc.teacher, *doc.cues, *doc.tolerances, *(k for title in titles for k in title)]
    if any(len(t) > MAX_TITLE or "\n" in t for t in short):
        raise SequenceError(
            f"Expected titles and words of one line in {name} (at most {MAX_TITLE} characters) "
            "but some are longer; shorten them."
        )


def _check_text(text: str, name: str) -> None:
    if len(text) > MAX_TEXT:
        raise SequenceError(
            f"Expected texts of at most {MAX_TEXT} characters in {name} but one has {len(text)}."
        )
    for c in text:
        if (unicodedata.category(c) == "Cc" and c not in "\n\t") or c in _TURNING:
            raise SequenceError(
                f"Expected plain text in {name} but got a control character "
                f"(U+{ord(c):04X}); have it taken out."
            )


def _strings(value: Any) -> Iterator[str]:
    """Yield every text in plain values, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def unpack_sequence(file: str | Path, out: str | Path, *, replace: bool = False) -> Path:
    """Make a folder of a package, named by the form's id.

    Parameters
    ----------
    file : str or path
    out : str or path
        Folder of forms; made if it is not there.
    replace : bool
        Put the form in the place of one of the same name; other files in its folder stay.

    Returns
    -------
    Path
        The form's folder.

    Raises
    ------
    SequenceError
        The package is not sound, there is a form of that name, or the folder cannot be written.
        Nothing was written then.
    """
    package = open_package(file)
    target = Path(out) / package.sequence.id
    if target.is_symlink() or (target.exists() and not (replace and target.is_dir())):
        what = "--replace, or unpack it elsewhere (--out)" if target.is_dir() else "remove it first"
        raise SequenceError(f"Expected no {str(target)!r} yet but it is there; {what}.")
    try:
        _place(package, target)
    except OSError as error:
        raise SequenceError(
            f"Expected to write {target} but got: {error.strerror or error}."
        ) from error
    return target


def open_package(file: str | Path) -> Package:
    """Return what is in a package file; nothing is written.

    Raises
    ------
    SequenceError
        There is no such file, or it is not sound.
    """
    path = Path(file)
    try:
        if not path.is_file():
            what = "a folder" if path.is_dir() else "not there"
            raise SequenceError(f"Expected a package but {str(file)!r} is {what}; check the name.")
        with path.open("rb") as f:
            data = f.read(MAX_PACKAGE_BYTES + MAX_PACKED_TOML_BYTES + 1)
    except (OSError, ValueError) as error:
        raise SequenceError(f"Expected to read {str(file)!r} but got: {error}.") from error
    return read_package(data, path.name)


def _place(package: Package, target: Path) -> None:
    """Make the folder beside its place, see that it loads, and put it there in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    new, old = work / "new", work / "old"
    try:
        new.mkdir()
        arrays = collect_arrays([t.motion for t in package.sequence.takes])
        write_atomic(new / NPZ_NAME, write_arrays(arrays, compress=True))
        write_atomic(new / TOML_NAME, package.text)
        load_sequence(new)
        if not target.exists():
            new.rename(target)
            return
        target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            old.rename(target)
            raise
        for other in list(old.iterdir()):  # what else the teacher kept there
            if other.name not in _NAMES:
                other.rename(target / other.name)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        with suppress(OSError):
            work.rmdir()
