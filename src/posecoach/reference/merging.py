"""Saving over a ``sequence.toml`` that people have written in.

What is saved is first merged as plain values: known fields from the sequence, unknown ones from
the old file, phases matched by their ids and takes by their order. Then the old text is changed
only where it differs, so that comments, order and spelling stay.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.container import Container, OutOfOrderTableProxy
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, InlineTable, Table

from posecoach.reference.sequence import DEFAULT_JOINTS, SCHEMA, Sequence

Plain = dict[str, Any]
_DEFAULTS = {
    "joints": list(DEFAULT_JOINTS),
    "teacher": "",
    "origin": "",
    "licence": "",
    "consent": "",
    "set": "",
    "posture": "standing",
    "view": "front",
    "symmetry": "symmetric",
    "breath": "free",
    "source": "",
    "zero_lean": 0.0,
    "zero_shoulders": 0.0,
    "zero_pelvis": 0.0,
    "roll_deg": 0.0,
    "stance_s": 0.0,
}


def merge(old: Mapping[str, Any], s: Sequence) -> Plain:
    """Return what is to be written: the sequence's fields, and the old file's unknown ones.

    Parameters
    ----------
    old : mapping
        The old file's plain values; empty if there is none.
    s : Sequence
    """
    out = dict(old)
    known = str(old.get("schema", ""))
    out["schema"] = known if known.startswith(f"{SCHEMA}.") else SCHEMA  # a minor one stays
    out["id"] = s.id
    for key in ("teacher", "origin", "licence", "consent", "view", "symmetry"):
        _put(out, key, getattr(s, key), bool(old))
    # Most forms belong to no set and are done standing: that needs no lines.
    _put(out, "set", s.set, True)
    _put(out, "posture", s.posture, True)
    if s.number is not None:
        out["number"] = s.number
    else:
        out.pop("number", None)
    _put(out, "joints", list(s.joints), bool(old))
    cues = _plain_cues(s.cues)
    tables = (("title", s.titles), ("notes", s.notes), ("tolerances", s.tolerances), ("cues", cues))
    for key, table in tables:
        _put_table(out, key, table)
    if not old:
        out.setdefault("title", {})
    rows = _rows(old.get("phases"))
    by_id = {str(row.get("id")): row for row in reversed(rows)}
    out["phases"] = []
    for p in s.phases:
        had = by_id.pop(p.id, {})
        row = dict(had)
        row["id"] = p.id
        row["start_s"] = _round(p.start_s, 3, had.get("start_s"))
        row["end_s"] = _round(p.end_s, 3, had.get("end_s"))
        _put(row, "breath", p.breath, bool(had))
        _put(row, "symmetry", p.symmetry, bool(had))
        _put_table(row, "title", p.titles)
        if p.joints is not None:
            row["joints"] = list(p.joints)
        else:
            row.pop("joints", None)
        _put_table(row, "tolerances", p.tolerances)
        _put_table(row, "cues", _plain_cues(p.cues))
        out["phases"].append(row)
    rows = _rows(old.get("takes"))
    out["takes"] = []
    for k, take in enumerate(s.takes):
        had = rows[k] if k < len(rows) else {}
        row, c = dict(had), take.calibration
        row["width"], row["height"] = take.motion.width, take.motion.height
        for key, value, digits in (
            ("roll_deg", c.roll_deg, 3),
            ("zero_lean", c.zero_lean, 3),
            ("zero_shoulders", c.zero_shoulders, 3),
            ("zero_pelvis", c.zero_pelvis, 3),
            ("stance_s", c.seconds, 2),
        ):
            _put(row, key, _round(value, digits, had.get(key)), bool(had))
        _put(row, "source", take.motion.source, bool(had))
        row["bridged"] = [[round(a, 3), round(b, 3)] for a, b in take.bridged]
        if not row["bridged"]:
            del row["bridged"]
        out["takes"].append(row)
    return out


def _plain_cues(cues: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Plain:
    return {k: {lang: list(t) for lang, t in v.items()} for k, v in cues.items()}


def _put(row: Plain, key: str, value: Any, grown: bool) -> None:
    """Set a field; one that was left out in an old table and still says nothing stays so."""
    if not (grown and key not in row and value == _DEFAULTS[key]):
        row[key] = value


def _put_table(row: Plain, key: str, table: Mapping[str, Any]) -> None:
    if table:
        row[key] = dict(table)
    elif key not in row or row[key]:
        row.pop(key, None)


def _rows(found: Any) -> list[Plain]:
    return [r for r in found if isinstance(r, dict)] if isinstance(found, list) else []


def _round(value: float, digits: int, had: Any) -> float:
    """Return a number as it is written; one that people wrote and nobody changed stays."""
    if isinstance(had, int | float) and abs(had - value) < 1e-9:
        return had
    return round(float(value), digits)


def write_over(text: str, want: Plain) -> str:
    """Return a TOML text changed to say what is wanted.

    Parameters
    ----------
    text : str
        Sound TOML; may be empty.
    want : dict
        Plain values.

    Raises
    ------
    ValueError
        The old text is no TOML.
    """
    try:
        doc = tomlkit.parse(text)
        _sync(doc, want)
        new = tomlkit.dumps(doc)
        if is_same(tomllib.loads(new), want):
            return new
    except TOMLKitError as error:
        raise ValueError(str(error)) from error
    except (AttributeError, IndexError, KeyError, TypeError):
        pass  # an order of tables that the editor of TOML does not master
    return tomlkit.dumps(want)  # every value is there; comments are not


def is_same(a: Any, b: Any) -> bool:
    """Return whether plain values are the same; not a number is the same as itself."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(is_same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(is_same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return bool(a == b or (a != a and b != b))


def _sync(table: Any, want: Mapping[str, Any]) -> None:
    """Change a TOML table in place until it says what is wanted."""
    for key in [k for k in table if k not in want]:
        del table[key]
    for key, value in want.items():
        if key not in table:
            _add(table, key, value)
            continue
        old = table[key]
        plain = old.unwrap() if hasattr(old, "unwrap") else old
        if is_same(plain, value):
            continue
        if isinstance(value, Mapping) and isinstance(
            old, Container | Table | InlineTable | OutOfOrderTableProxy
        ):
            _sync(old, value)
        elif isinstance(old, AoT) and _are_tables(value):
            _sync_rows(old, value)
        else:
            table[key] = _aot(value) if _are_tables(value) else value


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _aot(rows: list[Plain]) -> AoT:
    out = tomlkit.aot()
    for row in rows:
        out.append(_table(row))
    return out


def _table(row: Mapping[str, Any]) -> Table:
    out = tomlkit.table()
    for key, value in row.items():
        out[key] = _aot(value) if _are_tables(value) else value
    return out


def _add(table: Any, key: str, value: Any) -> None:
    """Add a key to a table, before the comments at its end: those speak of what comes next."""
    body = table.value.body if isinstance(table, Table) else []
    tail = _cut_tail(body)
    table[key] = _aot(value) if _are_tables(value) else value
    body += tail


def _cut_tail(body: list[Any]) -> list[Any]:
    """Take comments and blank lines off the end of a table's body and return them."""
    at = len(body)
    while at and body[at - 1][0] is None:
        at -= 1
    tail = body[at:]
    del body[at:]
    return tail


def _last_body(table: Table) -> list[Any]:
    """Return the body that is written last of a table and the tables in it."""
    body: list[Any] = table.value.body
    inner = [item for key, item in body if key is not None]
    if inner and isinstance(inner[-1], Table):
        return _last_body(inner[-1])
    if inner and isinstance(inner[-1], AoT) and len(inner[-1]):
        return _last_body(inner[-1][-1])
    return body


def _sync_rows(rows: AoT, want: list[Plain]) -> None:
    """Change an array of tables; those with an id are found by it, others by their order."""

    def name(row: Mapping[str, Any], k: int) -> str:
        return f"id {row['id']}" if "id" in row else f"number {k}"

    names = [name(row, k) for k, row in enumerate(want)]
    for k in range(len(rows) - 1, -1, -1):
        own = name(rows[k], k)
        if own not in names or own in [name(rows[i], i) for i in range(k)]:
            tail = _cut_tail(_last_body(rows[k]))
            if k and any(getattr(item, "as_string", str)().strip() for _, item in tail):
                before = _last_body(rows[k - 1])
                _cut_blank(before)
                before += tail
            del rows[k]
    left = [name(row, k) for k, row in enumerate(rows)]
    if left != [n for n in names if n in left]:  # in another order
        had = {n: row for n, row in zip(left, list(rows), strict=True)}
        while len(rows):
            del rows[len(rows) - 1]
        for n in names:
            if n in had:
                rows.append(had[n])
        left = [n for n in names if n in had]
    for k, row in enumerate(want):
        if k < len(left) and left[k] == names[k]:
            _sync(rows[k], row)
        else:
            if k == len(rows) > 0:  # a blank line between the last one and the new one
                before = _last_body(rows[k - 1])
                if before and before[-1][0] is not None:
                    before.append((None, tomlkit.nl()))
            rows.insert(k, _table(row))
            left.insert(k, names[k])


def _cut_blank(body: list[Any]) -> None:
    while body and body[-1][0] is None and not body[-1][1].as_string().strip():
        del body[-1]
