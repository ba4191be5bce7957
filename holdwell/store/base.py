"""One connection to one database file: reads, writes all or nothing, and changes to undo.

Every method raises StoreError, and a write that raised has changed nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from holdwell.domain.models import Moment, new_id
from holdwell.store import database
from holdwell.store.change_log import ChangeRecorder
from holdwell.store.errors import translating
from holdwell.store.rows import TABLE_OF, Made, Row, from_row
from holdwell.store.sqlcipher import DatabaseFile, Keyring
from holdwell.store.sqlite import Database

FIRST_PROFILE_ID = "00000000-0000-4000-8000-000000000001"
"""A fixed id, so that two windows opened at once do not make two profiles."""
_EXPORT_ID = "export_id"
"""A key of `meta`. The profile's own id is the same in every database, so it would not do."""


class BaseStore:
    """One connection to one database file: reads, writes, and changes that can be undone."""

    def __init__(self, where: DatabaseFile | Path, *, one_run: bool = False) -> None:
        """Open or make the file; a path alone if it is not encrypted. Raises StoreError.

        In `one_run` of a page, what many parts of the page ask for is read once: see `read_once`.
        """
        self.file = where if isinstance(where, DatabaseFile) else DatabaseFile(where, Keyring())
        self.db: Database = database.connect(self.file)
        self._recorder: ChangeRecorder | None = None
        self._read: dict[str, list[Row]] | None = {} if one_run else None

    @property
    def path(self) -> Path:
        return self.file.path

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write inside, all or nothing, in a way that cannot be undone: see `change`.

        Inside a change it is part of that, and still not undone with it.
        """
        if self._recorder is not None:
            yield
            return
        try:
            with translating(self.path), database.writing(self.db):
                yield
        finally:
            if self._read:
                self._read.clear()

    @contextmanager
    def change(self, now: Moment, undoes: str | None = None) -> Iterator[ChangeRecorder]:
        """Write inside as one change of the user's: all or nothing, and undone as one.

        Every edit and delete runs in a change, its own or the one around it. `undoes` is the id
        of the change that this one takes back.
        """
        if self._recorder is not None:
            yield self._recorder
            return
        with self.writing():
            self._recorder = ChangeRecorder(self.db, now, undoes)
            try:
                yield self._recorder
                self._recorder.write(self._profile_id())
            finally:
                self._recorder = None

    def _note(self, table: str, row_id: str) -> None:
        if self._recorder is not None:
            self._recorder.note(table, row_id)

    def rows(self, sql: str, parameters: Iterable[object] | Row = ()) -> list[Row]:
        """Run a query and return its rows as dictionaries."""
        with translating(self.path):
            given = parameters if isinstance(parameters, dict) else list(parameters)
            return list(self.db.query(sql, given))

    def read_once(self, sql: str) -> list[Row]:
        """Return the rows of a query, in one run of a page those of the last time it was asked.

        A write of this connection, and every question inside a transaction, reads again.
        """
        if self._read is None or self.db.conn.in_transaction:
            return self.rows(sql)
        if sql not in self._read:
            self._read[sql] = self.rows(sql)
        return self._read[sql]

    def _first(self, sql: str, parameters: Iterable[object] = ()) -> Row | None:
        return next(iter(self.rows(sql, parameters)), None)

    def find(
        self, kind: type[Made], condition: str, parameters: Iterable[object] = ()
    ) -> list[Made]:
        """Return the entries of a kind without a tombstone that fulfil an SQL condition."""
        sql = f"SELECT * FROM {TABLE_OF[kind]} WHERE deleted_at IS NULL AND {condition}"
        return [from_row(kind, row) for row in self.rows(sql, parameters)]

    def _upsert(self, table: str, row: Row, now: Moment, *, by_user: bool = True) -> None:
        """Insert or replace a row; a save `by_user` goes to the change log."""
        if by_user:
            self._note(table, row["id"])
        known = self._first(f"SELECT created_at FROM {table} WHERE id = ?", [row["id"]])
        created = known["created_at"] if known else now.iso
        stamps = {"created_at": created, "updated_at": now.iso}
        self.db.table(table, pk="id").upsert(row | stamps)

    def _set_deleted(self, table: str, row_id: str, now: Moment, *, deleted: bool = True) -> None:
        """Put a tombstone on a row, or take it away: a change, or part of the one around it."""
        with self.change(now):
            self._note(table, row_id)
            self.db.execute(
                f"UPDATE {table} SET deleted_at = ?, updated_at = ? WHERE id = ?",
                [now.iso if deleted else None, now.iso, row_id],
            )

    def _profile_id(self) -> str:
        """Return the id of the profile, or that which the first one will have."""
        found = self._first("SELECT id FROM profile ORDER BY created_at LIMIT 1")
        return str(found["id"]) if found else FIRST_PROFILE_ID

    # -- meta -------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        found = self._first("SELECT value FROM meta WHERE key = ?", [key])
        return str(found["value"]) if found else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing():
            self.db.table("meta", pk="key").upsert({"key": key, "value": value})

    def export_id(self) -> str:
        """Return the random UUID that stands for the user in files that leave the app.

        It is made when it is first asked for, and the same from then on.
        """
        if (known := self.meta(_EXPORT_ID)) is not None:
            return known
        with self.writing():
            self.db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", [_EXPORT_ID, new_id()]
            )
        return str(self.meta(_EXPORT_ID))
