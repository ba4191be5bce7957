"""Reading an export back: a file from anywhere, of which nothing is believed until it is checked.

What `read` returns can be inserted as it is and shown on every page. The cells are checked one by
one for a detail that says where the fault is; then a scratch database with the real tables has the
last word, and brings an export of an earlier schema version up to today's.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from holdwell.domain.models import HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, Moment
from holdwell.store import database, sqlcipher
from holdwell.store import rows as mapping
from holdwell.store import table_info as tables
from holdwell.store.rows import Row
from holdwell.store.table_info import Column
from holdwell.transfer import json_schema
from holdwell.transfer.zip_reader import ExchangeProblem, fail, no_constant, parsed, shown

_JSON_DEPTH_MAX = 5
"""A plan is 3 deep. Far deeper, and Python could read it here and not on a page."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An export that was read and found good, its rows in the form of today's tables.

    `schema_version` is the one it was made with, `made` the moment when.
    """

    made: Moment
    schema_version: int
    tables: Mapping[str, tuple[Row, ...]]


def read(data: bytes) -> Archive:
    """Read an uploaded export: the zip, or its holdwell.json alone.

    Raises ExchangeError, whatever the bytes are.
    """
    content = parsed(data)
    version, made = _header(content)
    rows = _rows(content["tables"], version)
    settled = _settled(rows, version)
    _check_records(settled)
    return Archive(made, version, MappingProxyType({t: tuple(r) for t, r in settled.items()}))


def _header(content: dict[str, Any]) -> tuple[int, Moment]:
    if content.get("format") != json_schema.FORMAT:
        fail(ExchangeProblem.NOT_OURS, f"format is {shown(content.get('format'))}")
    for name, newest in (
        ("format_version", json_schema.FORMAT_VERSION),
        ("schema_version", database.SCHEMA_VERSION),
    ):
        version = content.get(name)
        if type(version) is not int or version < 1:
            fail(ExchangeProblem.BAD_VALUE, f"{name} is {shown(version)}")
        if version > newest:
            fail(ExchangeProblem.NEWER, f"{name} is {shown(version)}, not {newest} or less")
    _names(content, json_schema.HEADER, "the file")
    made_at, offset = content["made_at"], content["utc_offset"]
    try:
        time = _text(Column("made_at", "TEXT", False, pattern=tables.TIME), made_at)
        made = Moment.from_iso(time, _number(tables.OFFSET, offset))
    except ValueError as error:
        fail(ExchangeProblem.BAD_VALUE, f"made_at or utc_offset: {error}")
    return content["schema_version"], made


def _names(found: dict[str, Any], known: Iterable[str], where: str) -> None:
    """Check that an object has every name it should have and no other."""
    known = set(known)
    if found.keys() == known:
        return
    for name in found.keys() - known:
        fail(ExchangeProblem.BAD_SHAPE, f"{where} has an unknown {shown(name)}")
    fail(ExchangeProblem.BAD_SHAPE, f"{where} lacks {', '.join(sorted(known - found.keys()))}")


# -- the rows -----------------------------------------------------------------------------------


def _rows(content: object, version: int) -> dict[str, list[Row]]:
    """Check the shape of every table and the value of every cell."""
    known = tables.columns(version)
    if not isinstance(content, dict):
        fail(ExchangeProblem.BAD_SHAPE, "tables is not an object")
    _names(content, known, "tables")
    found = {table: list(_table(table, content[table], known[table])) for table in known}
    found["meta"] = [row for row in found["meta"] if row["key"] not in tables.INTERNAL_META]
    return found


def _table(table: str, content: object, known: tuple[Column, ...]) -> Iterator[Row]:
    if not isinstance(content, list):
        fail(ExchangeProblem.BAD_SHAPE, f"{table} is not a list")
    readers = [(column.name, column, _READERS[column.type]) for column in known]
    names = {column.name for column in known}
    for number, row in enumerate(content, 1):
        if not isinstance(row, dict):
            fail(ExchangeProblem.BAD_SHAPE, f"{table} row {number} is not an object")
        if row.keys() != names:
            _names(row, names, f"{table} row {number}")
        checked: Row = {}
        for name, column, reader in readers:
            value = row[name]
            if value is None and column.nullable:
                checked[name] = None
                continue
            try:
                checked[name] = reader(column, value)
            except ValueError as error:
                fail(
                    ExchangeProblem.BAD_VALUE,
                    f"{table} row {number}, {name}: {shown(value)} {error}",
                )
        yield checked


def _text(column: Column, value: object) -> str:
    """Check a text. ValueError says what is wrong with it."""
    if not isinstance(value, str):
        raise ValueError("is not text")
    if column.choices:
        if value not in column.choices:
            raise ValueError(f"is none of {', '.join(map(str, column.choices))}")
        return value
    if column.pattern:
        _check_time(column.pattern, value)
        return value
    if not column.shortest <= len(value) <= column.longest:
        raise ValueError(f"is not {column.shortest} to {column.longest} characters long")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("has half a character in it") from None
    return value


def _check_time(pattern: str, value: str) -> None:
    if not _compiled(pattern).fullmatch(value):
        raise ValueError(f"is not a {'day' if pattern == tables.DAY else 'time'} as we write it")
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not in the calendar") from None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _number(column: Column, value: object) -> int:
    """Check a whole number. 5.0 is one too, as JSON Schema has it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise ValueError("is not a whole number")
    if column.choices and value not in column.choices:
        raise ValueError(f"is none of {', '.join(map(str, column.choices))}")
    _check_bounds(column, value)
    return value


def _real(column: Column, value: object) -> float:
    if type(value) not in (int, float):
        raise ValueError("is not a number")
    assert isinstance(value, int | float)
    _check_bounds(column, value)
    return float(value)


def _check_bounds(column: Column, value: float) -> None:
    # Infinity, which JSON writes as 1e999, fails one of these unless a bound is missing.
    if column.least is not None and not value >= column.least:
        raise ValueError(f"is less than {column.least}")
    if column.most is not None and not value <= column.most:
        raise ValueError(f"is more than {column.most}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("is not a number")


_READERS: dict[str, Callable[[Column, object], object]] = {
    "TEXT": _text,
    "INTEGER": _number,
    "REAL": _real,
}


# -- the last word ------------------------------------------------------------------------------


def _settled(rows: dict[str, list[Row]], version: int) -> dict[str, list[Row]]:
    """Pour the rows into real tables of their version, and bring those up to today's."""
    db = tables.empty_database(version)
    try:
        db.execute("BEGIN")
        for table, items in rows.items():
            _pour(db, table, items)
        for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
            fail(ExchangeProblem.DANGLING, f"{table} row {rowid}: its {parent} is missing")
        if version == database.SCHEMA_VERSION:
            return rows
        tables.migrate(db, version)
        return {table: list(db.query(f"SELECT * FROM {table}")) for table in tables.columns()}
    except sqlcipher.Error as error:
        return fail(ExchangeProblem.BAD_VALUE, f"schema version {version}: {error}")
    finally:
        db.close()


def _pour(db: Database, table: str, rows: list[Row]) -> None:
    if not rows:
        return
    try:
        db.conn.executemany(insert_sql(table, rows[0]), [tuple(row.values()) for row in rows])
    except sqlcipher.IntegrityError as error:
        # The rows before the one that failed are in, so their number says which it was.
        failed = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] + 1
        doubled = sqlcipher.is_doubled(error)
        fail(
            ExchangeProblem.DUPLICATE if doubled else ExchangeProblem.BAD_VALUE,
            f"{table} row {failed}: {error}",
        )


def insert_sql(table: str, columns: Iterable[str]) -> str:
    """The SQL that inserts one row given as its values in the order of `columns`."""
    names = list(columns)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _check_records(rows: dict[str, list[Row]]) -> None:
    """Make every record that a page would make. What cannot be one would break that page."""
    for table, make in _MAKERS.items():
        for number, row in enumerate(rows[table], 1):
            try:
                make(row)
            except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
                fail(ExchangeProblem.BAD_VALUE, f"{table} row {number}: {shown(str(error))}")


def _session(row: Row) -> None:
    # The form that edits a session shows the day on which it began, where she was.
    _check_time(tables.DAY, mapping.session(row, ()).started.local.date().isoformat())
    if row["plan"] and not isinstance(_strict_json(row["plan"]), dict):
        raise ValueError("the plan is not an object")


def _routine(row: Row) -> None:
    items = _strict_json(row["stretches"])
    if not isinstance(items, list):
        raise ValueError("stretches is not a list")
    for item in items:
        if not isinstance(item, dict) or item.keys() != {"stretch", "hold_s"}:
            raise ValueError("an item of stretches is not a stretch with its hold_s")
        _text(Column("stretch", "TEXT", False, shortest=1), item["stretch"])
        seconds = item["hold_s"]
        if type(seconds) is not int or not HOLD_SECONDS_MIN <= seconds <= HOLD_SECONDS_MAX:
            raise ValueError(f"hold_s is not {HOLD_SECONDS_MIN} to {HOLD_SECONDS_MAX}")
    mapping.routine(row)


def _strict_json(text: str) -> Any:
    """Read JSON inside a cell. ValueError also for what only some readers would read."""
    value = json.loads(text, parse_constant=no_constant, parse_float=_finite)
    if _depth(value, _JSON_DEPTH_MAX) > _JSON_DEPTH_MAX:
        raise ValueError("the JSON is nested too deep")
    return value


def _depth(value: object, enough: int) -> int:
    """How deep a value is nested; any number above `enough` if it is deeper than that."""
    if not isinstance(value, dict | list) or enough < 0:
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max((_depth(item, enough - 1) for item in inside), default=0)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value


_MAKERS: dict[str, Callable[[Row], object]] = {
    "profile": mapping.profile,
    "pregnancy": mapping.pregnancy,
    "session": _session,
    "hold": mapping.hold,
    "routine": _routine,
    "check_in": mapping.check_in,
}
