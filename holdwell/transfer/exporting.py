"""Exporting everything as a zip: holdwell.json, which is exact and can be imported again, its JSON
Schema, one CSV per table for spreadsheets, and a README."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from holdwell.domain.models import Moment
from holdwell.i18n.formats import decimal_marks
from holdwell.i18n.messages import counted, language
from holdwell.store import database, table_info
from holdwell.store.errors import translating
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.transfer import json_schema
from holdwell.transfer.zip_reader import JSON_NAME

# The order depends on the rows alone, so that the same content makes the same file.
_ORDERED = {
    "profile": "SELECT * FROM profile ORDER BY created_at, id",
    "pregnancy": "SELECT * FROM pregnancy ORDER BY created_at, id",
    "session": "SELECT * FROM session ORDER BY started_at, id",
    "hold": "SELECT hold.* FROM hold LEFT JOIN session ON session.id = hold.session_id "
    "ORDER BY session.started_at, session.id, hold.position, hold.id",
    "cramp": "SELECT * FROM cramp ORDER BY night, id",
    "routine": "SELECT * FROM routine ORDER BY position, id",
    "check_in": "SELECT * FROM check_in ORDER BY asked_at, id",
    "pain": "SELECT * FROM pain ORDER BY local_day, felt_at, id",
    "goal": "SELECT * FROM goal ORDER BY from_day, id",
    "pause": "SELECT * FROM pause ORDER BY from_day, id",
    "due_date": "SELECT * FROM due_date ORDER BY created_at, id",
    "left_out_day": "SELECT * FROM left_out_day ORDER BY day, id",
    "meta": "SELECT * FROM meta ORDER BY key",
}

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""The beginnings of texts that a spreadsheet may run as a formula
(https://owasp.org/www-community/attacks/CSV_Injection), and the apostrophe that prevents it. A text
that begins with an apostrophe gets another, so that removing one always restores the text."""


def export(store: Store, now: Moment) -> bytes:
    """Return everything in the database as a zip: with tombstones, without the change log.

    All tables are read in one transaction. Two exports of the same content differ only in the time
    at which they were made. Raises StoreError.
    """
    with one_snapshot(store):
        content = read_tables(store)
    files = {
        "README.txt": _readme(content, now),
        JSON_NAME: _json(content, now),
        "schema.json": _schema(),
        **{f"{table}.csv": to_csv(table, rows) for table, rows in content.items()},
    }
    buffer = io.BytesIO()
    local = now.local
    # A zip cannot hold a year before 1980.
    stamp = (max(local.year, 1980), *local.timetuple()[1:6])
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # The same on every system: unpacked, only the user may read it (mode 0600).
            entry.create_system = 3
            entry.external_attr = 0o100600 << 16
            archive.writestr(entry, text.encode())
    return buffer.getvalue()


@cache
def _schema() -> str:
    """Return schema.json. Cached, because it takes longer than the rest of an export."""
    return json.dumps(json_schema.json_schema(), indent=2) + "\n"


def read_tables(store: Store) -> dict[str, list[Row]]:
    """Read every row of every table as in an export. Raises StoreError."""
    content = {table: store.rows(sql) for table, sql in _ORDERED.items()}
    content["meta"] = [row for row in content["meta"] if row["key"] not in table_info.INTERNAL_META]
    return content


def fingerprint(store: Store) -> str:
    """Return a digest of all data, also what the change log leaves out. Raises StoreError."""
    return hashlib.sha256(repr(read_tables(store)).encode()).hexdigest()


@contextmanager
def one_snapshot(store: Store) -> Iterator[None]:
    """Read inside the block from a single state, whatever other windows write meanwhile."""
    with translating(store.path):
        store.db.execute("BEGIN")
        try:
            yield
        finally:
            store.db.rollback()


def _json(content: Mapping[str, list[Row]], now: Moment) -> str:
    """Return holdwell.json, with one row per line so that people can read and compare it."""
    header = {
        "format": json_schema.FORMAT,
        "format_version": json_schema.FORMAT_VERSION,
        "schema_version": database.SCHEMA_VERSION,
        "made_at": now.iso,
        "utc_offset": now.utc_offset,
    }
    lines = [f'"{name}": {json.dumps(value)}' for name, value in header.items()]
    tables = []
    for table, rows in content.items():
        inside = ",".join(f"\n{json.dumps(row, ensure_ascii=False)}" for row in rows)
        tables.append(f'"{table}": [{inside}' + ("\n]" if inside else "]"))
    lines.append('"tables": {\n' + ",\n".join(tables) + "\n}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def to_csv(table: str, rows: list[Row]) -> str:
    """Return the rows of a table as CSV with a header. An empty cell is null or an empty text.

    The last columns repeat each time in UTC as the user's clock showed it, if that is known.
    """
    names = table_info.columns()[table]
    times = [name for name in names if name in ("started_at", "ended_at", "asked_at", "felt_at")]
    lines: list[list[object]] = [[*names, *(name.replace("_at", "_local") for name in times)]]
    lines += [
        [*(row[name] for name in names), *(_local(row, name) for name in times)] for row in rows
    ]
    return csv_text(lines)


def csv_text(lines: Iterable[Iterable[object]]) -> str:
    """Return lines of cells as CSV (RFC 4180) that spreadsheets open correctly.

    It begins with a byte order mark, cells are separated by semicolons if the language writes
    decimals with a comma, and texts are `guarded`.
    """
    text = io.StringIO(newline="")
    mark = decimal_marks()[0]
    writer = csv.writer(text, delimiter=";" if mark == "," else ",")
    for cells in lines:
        writer.writerow(
            str(cell).replace(".", mark) if isinstance(cell, float) else guarded(cell)
            for cell in cells
        )
    return "\ufeff" + text.getvalue()


def _local(row: Row, name: str) -> str:
    """Return a time as the user's clock showed it, to the second; "" if it is not known."""
    if not row.get("time_known", 1) or row[name] is None or row["utc_offset"] is None:
        return ""
    return f"{Moment.from_iso(row[name], row['utc_offset']).local:%Y-%m-%d %H:%M:%S}"


def guarded(value: object) -> object:
    """Return a value; a text that a spreadsheet might run as a formula gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def unguarded(cell: str) -> str:
    """Return the text of a CSV cell without the apostrophe that `guarded` added."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def _readme(content: Mapping[str, list[Row]], now: Moment) -> str:
    code = language().code
    texts = json_schema.texts(code)
    lines = []
    for table, rows in content.items():
        count = counted("rows", len(rows))
        lines.append(f"  {table}.csv: {texts['tables'].get(table, table)} ({count})")
        for column in table_info.columns()[table]:
            lines.append(f"    {column:<18}{json_schema.about(table, column, code)}".rstrip())
        lines.append("")
    readme: str = texts["readme"]
    return readme.format(when=f"{now.local:%Y-%m-%d %H:%M}", tables="\n".join(lines))
