"""Export of everything as one zip, and import of it into this or another database.

An export holds holdwell.json, which is exact and is what an import reads; one CSV per table for a
spreadsheet; the JSON Schema of the former; and a README. An import is previewed first, brings in
what is not there yet (by UUID), and writes all of it or nothing.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from holdwell.domain.models import Moment
from holdwell.store import database, sqlcipher
from holdwell.store import table_info as tables
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.transfer import json_schema
from holdwell.transfer.validation import Archive, insert_sql, read
from holdwell.transfer.zip_reader import JSON_NAME, ExchangeError, ExchangeProblem

__all__ = [
    "Archive",
    "ExchangeError",
    "ExchangeProblem",
    "Preview",
    "TablePreview",
    "bring_in",
    "export",
    "preview",
    "read",
]

# The same content makes the same file: the order hangs on nothing but what is in the rows.
_ORDERED = {
    "profile": "SELECT * FROM profile ORDER BY created_at, id",
    "pregnancy": "SELECT * FROM pregnancy ORDER BY created_at, id",
    "session": "SELECT * FROM session ORDER BY started_at, id",
    "hold": "SELECT hold.* FROM hold LEFT JOIN session ON session.id = hold.session_id "
    "ORDER BY session.started_at, session.id, hold.position, hold.id",
    "cramp": "SELECT * FROM cramp ORDER BY night, id",
    "routine": "SELECT * FROM routine ORDER BY position, id",
    "check_in": "SELECT * FROM check_in ORDER BY asked_at, id",
    "meta": "SELECT * FROM meta ORDER BY key",
}

_DAYS = {"session": "local_day", "cramp": "night", "check_in": "local_day"}
"""The column that says which of her days a row belongs to."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""What a spreadsheet may take for a formula at the start of a text, and the mark against it.

https://owasp.org/www-community/attacks/CSV_Injection; the mark itself is in the list so that
taking one off always gives back what was there.
"""


# -- export -------------------------------------------------------------------------------------


def export(store: Store, now: Moment) -> bytes:
    """Return everything in the database as a zip, tombstones included, earlier versions not.

    All tables are read in one transaction. Two exports of the same content differ only where
    they say when they were made. Raises StoreError.
    """
    with _one_view(store):
        content = contents(store)
    files = {
        "README.txt": _readme(content, now),
        JSON_NAME: _json(content, now),
        "schema.json": json.dumps(json_schema.json_schema(), indent=2) + "\n",
        **{f"{table}.csv": to_csv(table, rows) for table, rows in content.items()},
    }
    made = io.BytesIO()
    local = now.local
    with zipfile.ZipFile(made, "w") as pack:
        for name, text in files.items():
            # A zip knows no year before 1980.
            stamp = (max(local.year, 1980), *local.timetuple()[1:6])
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # The same on every system, and hers alone (0600) where it is unpacked.
            entry.create_system = 3
            entry.external_attr = 0o100600 << 16
            pack.writestr(entry, text.encode())
    return made.getvalue()


def contents(store: Store) -> dict[str, list[Row]]:
    """Read every row of every table as an export holds them. Raises StoreError."""
    found = {table: store.rows(sql) for table, sql in _ORDERED.items()}
    found["meta"] = [row for row in found["meta"] if row["key"] not in tables.INTERNAL_META]
    return found


@contextmanager
def _one_view(store: Store) -> Iterator[None]:
    """Read inside as of one moment, whatever other windows write meanwhile."""
    with database.translating(store.path):
        store.db.execute("BEGIN")
        try:
            yield
        finally:
            store.db.rollback()


def _json(content: Mapping[str, list[Row]], now: Moment) -> str:
    """Write holdwell.json with one row a line, so that it can be looked at and compared."""
    header = {
        "format": json_schema.FORMAT,
        "format_version": json_schema.FORMAT_VERSION,
        "schema_version": database.SCHEMA_VERSION,
        "made_at": now.iso,
        "utc_offset": now.utc_offset,
    }
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in header.items()]
    made = []
    for table, rows in content.items():
        inside = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        made.append(f"{json.dumps(table)}: [{inside and f'{chr(10)}{inside}{chr(10)}'}]")
    joined = ",\n".join(made)
    return "{\n" + ",\n".join([*lines, f'"tables": {{\n{joined}\n}}']) + "\n}\n"


def to_csv(table: str, rows: list[Row]) -> str:
    """Write rows as CSV (RFC 4180) with a header. An empty cell is no value or an empty text.

    A text that a spreadsheet might run as a formula gets an apostrophe in front; see `unguarded`.
    """
    made = io.StringIO(newline="")
    names = [column.name for column in tables.columns()[table]]
    writer = csv.writer(made)
    writer.writerow(names)
    writer.writerows([_guarded(row[name]) for name in names] for row in rows)
    return made.getvalue()


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def unguarded(cell: str) -> str:
    """Return the text of a CSV cell as it was before `to_csv` guarded it."""
    return cell[1:] if cell.startswith("'") else cell


_README = """\
HOLDWELL: EVERYTHING YOU LOGGED
Made {when} by Holdwell.

What is in here
  holdwell.json   Everything, exactly. This is what Holdwell reads when you bring an export back
                  in: give it this whole zip, or holdwell.json alone.
  schema.json     Says precisely what holdwell.json looks like (JSON Schema, draft 2020-12).
  *.csv           The same again, one file for each table, for a spreadsheet. They are listed
                  below. Changes that you make in them are not read back.
  README.txt      This text.

Good to know
  Nobody but you has this file. It holds what you wrote about your health, unencrypted: keep it
  where you would keep a diary.
  Pain is the NRS-11 scale, a whole number from 0 (no pain) to 10 (the worst imaginable).
  Comfort is a whole number from 1 (not at all) to 5 (very).
  Times are UTC in ISO 8601, for example 2026-11-24T20:05:00.000Z. utc_offset is how many minutes
  your clock was ahead of UTC then: 60 means that it showed 21:05. local_day and night are days
  as your own calendar had them.
  Durations are in seconds.
  What you deleted is still here, with the time in deleted_at, so that you can still undo it.
  How an entry was before you changed it is not here: that stays on your computer.
  An empty cell means that nothing was given.
  The files are UTF-8. If letters look wrong in Excel, open the CSV with Data > From Text/CSV and
  choose 65001: Unicode (UTF-8).
  In the CSV files, a text that begins with = + - @ ' a tab or a new line has an apostrophe (')
  put before it, because a spreadsheet could run it as a formula. holdwell.json has the text as
  you wrote it.
  1 means yes and 0 means no.

The tables
{tables}"""

_TABLES_ABOUT = {
    "profile": "What you chose in the settings",
    "pregnancy": "Your dates",
    "session": "Every session, with pain before and after",
    "hold": "Every hold of every session",
    "cramp": "Your answers about cramps in the night",
    "routine": "The routines you shaped",
    "check_in": "How you said you were before a session",
    "meta": "What the app noted for itself",
}


def _readme(content: Mapping[str, list[Row]], now: Moment) -> str:
    blocks = []
    for table, rows in content.items():
        many = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        lines = [f"  {table}.csv: {_TABLES_ABOUT.get(table, table)} ({many})"]
        for column in tables.columns()[table]:
            said = f"{column.name:<18}{json_schema.about(table, column.name)}".rstrip()
            lines.append(f"    {said}")
        blocks.append("\n".join(lines) + "\n")
    when = now.local.strftime("%Y-%m-%d %H:%M")
    return _README.format(when=when, tables="\n".join(blocks))


# -- import -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What an import does, or did, to one table.

    `already_there` are rows it skips. `new_deleted` of the `new` ones carry a tombstone, so that
    she will not see them. The days are those of all rows of the table in the file, first and last;
    None in a table that has no days, or no rows.
    """

    table: str
    new: int
    already_there: int
    new_deleted: int = 0
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import does, table by table. `made` is when the export was made."""

    made: Moment
    tables: Mapping[str, TablePreview]

    @property
    def new(self) -> int:
        """How many rows it brings in all."""
        return sum(table.new for table in self.tables.values())

    @property
    def already_there(self) -> int:
        return sum(table.already_there for table in self.tables.values())

    @property
    def first_day(self) -> date | None:
        """The first local day that any row of the file belongs to."""
        return min((t.first_day for t in self.tables.values() if t.first_day), default=None)

    @property
    def last_day(self) -> date | None:
        return max((t.last_day for t in self.tables.values() if t.last_day), default=None)


def preview(store: Store, archive: Archive) -> Preview:
    """Say what `bring_in` would do, without writing. Raises StoreError."""
    with _one_view(store):
        return _preview(archive, _missing(store, archive))


def bring_in(store: Store, archive: Archive) -> Preview:
    """Insert what is not there yet and say what was done: all of it, or nothing.

    - A row whose id is there already is skipped, also if its content differs.
    - Her own profile stays if there is one, and everything brought in becomes part of it.
    - A hold comes only with its session: a session that is there may have been edited since, and
      a hold that she took out of it must not come back.
    - A night that has an answer keeps it.

    Raises StoreError, or ExchangeError if the database refuses a row after all; then nothing has
    changed.
    """
    try:
        with database.translating(store.path), database.writing(store.db):
            missing = _missing(store, archive)
            for table, rows in missing.items():
                if rows:
                    values = [tuple(row.values()) for row in rows]
                    store.db.conn.executemany(insert_sql(table, rows[0]), values)
    except sqlcipher.IntegrityError as error:
        raise ExchangeError(ExchangeProblem.BAD_VALUE, str(error)) from error
    return _preview(archive, missing)


def _missing(store: Store, archive: Archive) -> dict[str, list[Row]]:
    """Return the rows of the archive that the database lacks, as they are to be inserted."""
    found: dict[str, list[Row]] = {}
    for table, rows in archive.tables.items():
        key = "key" if table == "meta" else "id"
        known = {row[key] for row in store.rows(f"SELECT {key} FROM {table}")}
        found[table] = [row for row in rows if row[key] not in known]
    own = [row["id"] for row in store.rows("SELECT id FROM profile ORDER BY created_at")]
    if own:
        found["profile"] = []
        for table in ("pregnancy", "session", "cramp", "routine", "check_in"):
            found[table] = [
                row if row["profile_id"] in own else {**row, "profile_id": own[0]}
                for row in found[table]
            ]
    found["cramp"] = _free_nights(store, found["cramp"])
    coming = {row["id"] for row in found["session"]}
    found["hold"] = [row for row in found["hold"] if row["session_id"] in coming]
    return found


def _free_nights(store: Store, cramps: list[Row]) -> list[Row]:
    """Leave out the answers for nights that have one. Two profiles become one, too."""
    taken = {
        (row["profile_id"], row["night"])
        for row in store.rows("SELECT profile_id, night FROM cramp WHERE deleted_at IS NULL")
    }
    free = []
    for row in cramps:
        night = (row["profile_id"], row["night"])
        if row["deleted_at"] is None:
            if night in taken:
                continue
            taken.add(night)
        free.append(row)
    return free


def _preview(archive: Archive, missing: Mapping[str, list[Row]]) -> Preview:
    made = {}
    for table, rows in archive.tables.items():
        new = missing[table]
        column = _DAYS.get(table)
        days = sorted({row[column] for row in rows}) if column else []
        made[table] = TablePreview(
            table,
            len(new),
            len(rows) - len(new),
            sum(row.get("deleted_at") is not None for row in new),
            date.fromisoformat(days[0]) if days else None,
            date.fromisoformat(days[-1]) if days else None,
        )
    return Preview(archive.made, made)
