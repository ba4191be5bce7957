"""The tables of each schema version, from a scratch database that the migrations themselves made.

So a new column or a new CHECK is in an export, in its JSON Schema and in what an import accepts
without being written down a second time.
"""

from contextlib import closing
from functools import cache

from holdwell.store import database, migrations, sqlcipher
from holdwell.store.rows import TABLE_OF
from holdwell.store.sqlite import Database

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


def is_used(conn: sqlcipher.Connection) -> bool:
    """Return whether the user of an open database ever logged or chose anything, deleted or not."""
    tables = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in LOGGED_TABLES)
    return conn.execute(f"{tables} LIMIT 1").fetchone() is not None


def empty_database(version: int = database.SCHEMA_VERSION) -> Database:
    """Make an empty database in memory as the first `version` migrations leave it.

    Foreign keys are off: a caller that fills it asks for PRAGMA foreign_key_check.
    """
    db = database.StoreDatabase(sqlcipher.in_memory())
    db.execute("PRAGMA foreign_keys=OFF")
    db.conn.executescript(_schema(version))
    return db


@cache
def _schema(version: int) -> str:
    """Return the SQL of the tables that the first `version` migrations leave, which hold no row."""
    with closing(database.StoreDatabase(sqlcipher.in_memory())) as db:
        migrations.migrate(db, 0, version)
        return db.schema


@cache
def columns(version: int = database.SCHEMA_VERSION) -> dict[str, tuple[str, ...]]:
    """Return the columns of every table that a schema version has, in the order of TABLES."""
    with closing(empty_database(version)) as db:
        tables = {name: db.table(name) for name in TABLES}
        return {
            name: tuple(column.name for column in table.columns)
            for name, table in tables.items()
            if table.exists()
        }
