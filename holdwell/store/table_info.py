"""What the table definitions of a schema version say about each column.

The facts come from a scratch database that the migrations themselves made, so that a new column or
a new CHECK is in an export, in its JSON Schema and in what an import accepts without being written
down a second time.
"""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from holdwell.store import database, migrations, sqlcipher
from holdwell.store.rows import TABLE_OF
from holdwell.store.sqlite import Check, Database

TABLES = (*TABLE_OF.values(), "meta")
"""Every table of an export, those that others point to first."""

OWNED_TABLES = tuple(t for t in TABLES if t not in ("profile", "hold", "meta"))
"""The tables whose rows name the profile that they belong to."""

ONE_A_DAY = {"cramp": "night", "goal": "from_day", "pause": "from_day", "left_out_day": "day"}
"""The tables with one row at most for each day, tombstones aside, and the column of the day."""

LOCAL_TABLES = ("change",)
"""The change log stays with the file: what the user corrected must not travel in an export that is
given away, and an import, which changes no row that is there, has no need of it."""

LOGGED_TABLES = (*(table for table in OWNED_TABLES if table != "goal"), *LOCAL_TABLES)
"""The tables of what a user logs or chooses; a goal may be there from the first opening on."""

INTERNAL_META = frozenset({"schema_version", "demo", "last_upkeep", "last_import", "synced"})
"""Keys of `meta` about the file and not about the user: they stay with the file.

`demo` above all: it is what allows `make demo` to replace a database.
"""

DAY = r"^((19|20|21)[0-9]{2}|2200)-[0-9]{2}-[0-9]{2}$"
"""A day as the forms take it, 1900 to 2200: one outside would break the form that edits it."""
TIME = (
    r"^(1899|(19|20|21)[0-9]{2}|220[01])-[0-9]{2}-[0-9]{2}"
    r"T([01][0-9]|2[0-3])(:[0-5][0-9]){2}\.[0-9]{3}Z$"
)
"""The form that `Moment.iso` writes, of an instant that may fall on any such day somewhere."""

# Bounds that the database leaves open and that a page needs: a number of seconds that no timedelta
# holds, or an offset that no time zone has, would break every page that shows it.
_SECONDS_MAX = 7 * 24 * 3600
_INTEGER_MAX = 1_000_000
_OFFSET_MAX = 1080
_TEXT_MAX = 100_000
_ID_MAX = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQLite type, and what its CHECKs and our own bounds allow.

    `least` and `most` bound a number, `shortest` and `longest` a text (in characters).
    """

    name: str
    type: str
    nullable: bool
    references: str | None = None
    choices: tuple[str | int, ...] = ()
    least: int | None = None
    most: int | None = None
    shortest: int = 0
    longest: int = _TEXT_MAX
    pattern: str | None = None
    is_json: bool = False


OFFSET = Column("utc_offset", "INTEGER", False, least=-_OFFSET_MAX, most=_OFFSET_MAX)

_CHECKS: tuple[tuple[str, Callable[[re.Match[str]], dict[str, Any]]], ...] = (
    (r"\w+ BETWEEN (-?\d+) AND (-?\d+)", lambda m: {"least": int(m[1]), "most": int(m[2])}),
    (
        r"length\(\w+\) BETWEEN (\d+) AND (\d+)",
        lambda m: {"shortest": int(m[1]), "longest": int(m[2])},
    ),
    (r"\w+ >= (-?\d+)", lambda m: {"least": int(m[1])}),
    (r"(\w+) IS date\(\1\)", lambda _: {"pattern": DAY}),
    (r"json_valid\(\w+\)", lambda _: {"is_json": True}),
)


def bounds(check: Check) -> dict[str, Any] | None:
    """Return the fields of `Column` that a CHECK sets; None for a form that is not known here.

    SQLite itself enforces a CHECK of any form.
    """
    if check.options is not None:
        return {"choices": tuple(check.options)}
    for pattern, read in _CHECKS:
        if match := re.fullmatch(pattern, check.check):
            return read(match)
    return None


def is_used(conn: sqlcipher.Connection) -> bool:
    """Return whether the user of an open database ever logged or chose anything, deleted or not."""
    tables = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in LOGGED_TABLES)
    return conn.execute(f"{tables} LIMIT 1").fetchone() is not None


def empty_database(version: int = database.SCHEMA_VERSION) -> Database:
    """Make an empty database in memory as the first `version` migrations leave it.

    Foreign keys are off: a caller that fills it asks for PRAGMA foreign_key_check.
    """
    db = Database(sqlcipher.in_memory(), recursive_triggers=False, execute_plugins=False)
    db.execute("PRAGMA foreign_keys=OFF")
    db.conn.executescript(_schema(version))
    return db


@cache
def _schema(version: int) -> str:
    """Return the SQL of the tables that the first `version` migrations leave, which hold no row."""
    with closing(Database(sqlcipher.in_memory(), execute_plugins=False)) as db:
        migrations.migrate(db, 0, version)
        return db.schema


@cache
def columns(version: int = database.SCHEMA_VERSION) -> dict[str, tuple[Column, ...]]:
    """Return the columns of every table that a schema version has, in the order of TABLES."""
    db = empty_database(version)
    try:
        return {name: _columns(db, name) for name in TABLES if db.table(name).exists()}
    finally:
        db.close()


def _columns(db: Database, name: str) -> tuple[Column, ...]:
    table = db.table(name)
    references = {key.column: key.other_table for key in table.foreign_keys}
    found = {}
    for row in table.columns:
        nullable = not (row.notnull or row.is_pk)
        column = Column(row.name, row.type, nullable, references.get(row.name))
        found[row.name] = _bounded(column, bool(row.is_pk))
    for check in table.checks:
        found[check.column] = replace(found[check.column], **(bounds(check) or {}))
    return tuple(found.values())


def _bounded(column: Column, is_key: bool) -> Column:
    """Return a column with our own bounds, which its CHECKs may narrow."""
    if column.name.endswith("_at"):
        return replace(column, pattern=TIME)
    if column.name == "utc_offset":
        return replace(column, least=OFFSET.least, most=OFFSET.most)
    if is_key or column.references:
        return replace(column, shortest=1, longest=_ID_MAX)
    if column.type == "REAL":
        return replace(column, most=_SECONDS_MAX)
    if column.type == "INTEGER":
        return replace(column, most=_INTEGER_MAX)
    return column
