"""Importing an export into this or another database: previewed first, then all or nothing. Rows
with a new id are inserted; existing rows stay as they are."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import chain

from holdwell.domain.models import Moment
from holdwell.store import database, sqlcipher
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.store.table_info import ONE_A_DAY, OWNED_TABLES
from holdwell.transfer import import_undo
from holdwell.transfer.exporting import one_snapshot
from holdwell.transfer.validation import Tables
from holdwell.transfer.zip_reader import ExportProblem, InvalidExportError

_DAYS = ("local_day", "night", "day")
"""The columns that hold the local day of a row."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import will do, or has done, in numbers of rows by table.

    `existing` rows are skipped. `deleted` counts the new rows that have a tombstone, which no page
    will show. The days are the first and the last day of all other rows in the file.
    """

    new: Counter[str]
    existing: Counter[str]
    deleted: Counter[str]
    first_day: date | None
    last_day: date | None

    @property
    def entries(self) -> int:
        """How many new rows an undo would remove: all but those of `meta`."""
        return self.new.total() - self.new["meta"]


def preview(store: Store, data: Tables) -> Preview:
    """Return what `insert` would do, without writing. Raises StoreError."""
    with one_snapshot(store):
        return _preview(data, _missing(store, data))


def insert(store: Store, data: Tables, now: Moment) -> Preview:
    """Insert the rows that the database lacks, all or nothing, and return what was done.

    - A row whose id exists is skipped, even if its content differs.
    - If the database has a profile, it stays, and every new row belongs to it.
    - A hold is inserted only with its session: an existing session may have been edited since, and
      a hold that was removed from it must not return.
    - A day that has a row, in a table with one row per day, keeps it.

    Raises StoreError, or InvalidExportError if the database refuses a row nevertheless; then
    nothing has changed.
    """
    try:
        with store.change(now):
            missing = _missing(store, data)
            for table, rows in missing.items():
                database.insert_rows(store.db, table, rows)
            entries = {table: rows for table, rows in missing.items() if table != "meta"}
            added = {table: [row["id"] for row in rows] for table, rows in entries.items()}
            ahead = {
                row["id"]: row["updated_at"]
                for row in chain.from_iterable(entries.values())
                if row.get("updated_at", "") > now.iso
            }
            import_undo.remember(store, now, added, ahead=ahead)
    except sqlcipher.IntegrityError as error:
        raise InvalidExportError(ExportProblem.BAD_VALUE, str(error)) from error
    return _preview(data, missing)


def _missing(store: Store, data: Tables) -> Tables:
    """Return the rows of the export that the database lacks, ready to be inserted."""
    missing: Tables = {}
    for table, rows in data.items():
        key = "key" if table == "meta" else "id"
        existing = {row[key] for row in store.rows(f"SELECT {key} FROM {table}")}
        missing[table] = [row for row in rows if row[key] not in existing]
    own = [row["id"] for row in store.rows("SELECT id FROM profile ORDER BY created_at")]
    if own:
        missing["profile"] = []
        for table in OWNED_TABLES:
            for number, row in enumerate(missing[table]):
                if row["profile_id"] not in own:
                    missing[table][number] = {**row, "profile_id": own[0]}
    for table, column in ONE_A_DAY.items():
        missing[table] = _free_days(store, table, column, missing[table])
    coming = {row["id"] for row in missing["session"]}
    missing["hold"] = [row for row in missing["hold"] if row["session_id"] in coming]
    return missing


def _free_days(store: Store, table: str, column: str, rows: list[Row]) -> list[Row]:
    """Return the rows without those for days that have one, in the database or earlier in `rows`,
    which may be of two profiles."""
    days = store.rows(f"SELECT {column} AS day FROM {table} WHERE deleted_at IS NULL")
    taken = {row["day"] for row in days}
    free = []
    for row in rows:
        if row["deleted_at"] is None:
            if row[column] in taken:
                continue
            taken.add(row[column])
        free.append(row)
    return free


def _preview(data: Tables, missing: Tables) -> Preview:
    deleted = {
        table: sum(bool(row.get("deleted_at")) for row in missing[table]) for table in missing
    }
    new = Counter({table: len(rows) for table, rows in missing.items()})
    existing = Counter({table: len(rows) for table, rows in data.items()}) - new
    kept = [row for rows in data.values() for row in rows if not row.get("deleted_at")]
    days = [row[name] for row in kept for name in _DAYS if name in row]
    first, last = (date.fromisoformat(end(days)) if days else None for end in (min, max))
    # Without zeros, so that a counter is empty if there is nothing to count.
    return Preview(+new, existing, +Counter(deleted), first, last)
