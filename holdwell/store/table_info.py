"""The tables of each schema version, read from a scratch database that the migrations create.

So a new column or a new CHECK appears in an export and its JSON Schema, and in what an import
accepts, without being written down a second time.
"""

from contextlib import closing
from functools import cache

from holdwell.store import database, migrations, sqlcipher
from holdwell.store.rows import TABLE_OF
from holdwell.store.sqlite import Database

TABLES = (*TABLE_OF.values(), "meta")
"""Every table of an export; tables that others refer to come first."""

OWNED_TABLES = tuple(t for t in TABLES if t not in ("profile", "hold", "meta"))
"""The tables whose rows refer to the profile that owns them."""

ONE_A_DAY = {"cramp": "night", "goal": "from_day", "pause": "from_day", "left_out_day": "day"}
"""The tables with at most one row per day, apart from tombstones, and the column of the day."""

LOCAL_TABLES = ("change",)
"""The change log stays with the file: what the user corrected must not leave in an export that is
given to somebody. An import does not need it, because it changes no existing row."""

LOGGED_TABLES = (*(table for table in OWNED_TABLES if table != "goal"), *LOCAL_TABLES)
"""The tables of what a user logs or chooses, except goals: the first start may create one."""

INTERNAL_META = frozenset(
    {"schema_version", "demo", "last_upkeep", "last_import", "synced", "tapped_pain"}
)
"""Keys of `meta` that describe the file, not the user. They stay with the file.

That matters most for `demo`, which allows `make demo` to replace a database.
"""

DAY = r"^((19|20|21)[0-9]{2}|2200)-[0-9]{2}-[0-9]{2}$"
"""A day that the forms accept, 1900 to 2200: any other would break the form that edits it."""
TIME = (
    r"^(1899|(19|20|21)[0-9]{2}|220[01])-[0-9]{2}-[0-9]{2}"
    r"T([01][0-9]|2[0-3])(:[0-5][0-9]){2}\.[0-9]{3}Z$"
)
"""A time as `Moment.iso` writes it, which may fall on any such day in some time zone."""


def is_used(conn: sqlcipher.Connection) -> bool:
    """Return whether the user ever logged or chose anything, even if it was deleted."""
    tables = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in LOGGED_TABLES)
    return conn.execute(f"{tables} LIMIT 1").fetchone() is not None


def empty_database(version: int) -> Database:
    """Create an empty database in memory with the tables of a schema version.

    Foreign keys are off: a caller that fills it has to run PRAGMA foreign_key_check.
    """
    db = database.StoreDatabase(sqlcipher.in_memory())
    db.execute("PRAGMA foreign_keys=OFF")
    db.conn.executescript(_schema(version))
    return db


@cache
def _schema(version: int) -> str:
    """Return the SQL of the tables of a schema version; the migrations put no rows into them."""
    with closing(database.StoreDatabase(sqlcipher.in_memory())) as db:
        migrations.migrate(db, 0, version)
        return db.schema


@cache
def columns(version: int = database.SCHEMA_VERSION) -> dict[str, tuple[str, ...]]:
    """Return the columns of every table of a schema version, in the order of TABLES."""
    with closing(empty_database(version)) as db:
        known = db.table_names()
        return {name: tuple(db.table(name).columns_dict) for name in TABLES if name in known}
