"""The connection to a database file: reads, all-or-nothing writes, and changes that can be undone.

Every method raises StoreError; a write that raised has changed nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from holdwell.domain.models import (
    CheckInAnswer,
    CrampNight,
    Hold,
    Moment,
    PainEntry,
    Profile,
    Session,
    new_id,
)
from holdwell.store import database
from holdwell.store.change_log import ChangeRecorder
from holdwell.store.errors import translating
from holdwell.store.keys import Keyring
from holdwell.store.rows import TABLE_OF, Row, Stored, from_row, stamps, to_row
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.store.table_info import ONE_A_DAY

T = TypeVar("T")

FIRST_PROFILE_ID = "00000000-0000-4000-8000-000000000001"
"""Fixed, so that two windows opened at the same moment do not create two profiles."""
EXPORT_ID = "export_id"
"""A key of `meta`. The profile's id cannot serve: it is the same in every database."""


class BaseStore:
    """The connection, its transactions, and what every kind of entry needs."""

    def __init__(self, where: DatabaseFile | Path, own_changes: set[str] | None = None) -> None:
        """Open the database, or create it. Raises StoreError.

        A path is enough for a database that is not encrypted. For one run of a page, `own_changes`
        has the ids of the changes that its window has made; those made with this store are added,
        and the profile and the pregnancies are read once: see `_read_once`.
        """
        self.file = where if isinstance(where, DatabaseFile) else DatabaseFile(where, Keyring())
        self.db = database.connect(self.file)
        self.own_changes = set() if own_changes is None else own_changes
        self._recorder: ChangeRecorder | None = None
        self._remembered: dict[Callable[[], Any], Any] | None = None if own_changes is None else {}

    @property
    def path(self) -> Path:
        return self.file.path

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write inside the block, all or nothing. The user cannot undo it, unlike a `change`.

        Inside a change it joins that transaction, but an undo of the change leaves it alone.
        """
        if self._recorder is not None:
            yield
            return
        try:
            with translating(self.path), database.writing(self.db):
                yield
        finally:
            if self._remembered:
                self._remembered.clear()

    @contextmanager
    def change(
        self, now: Moment, undoes: str | None = None, continues: str = ""
    ) -> Iterator[ChangeRecorder]:
        """Write inside the block as one change by the user: all or nothing, and undone as one.

        Every edit and delete runs in a change: the surrounding one, or its own. `undoes` is the
        id of the change that this one reverts. `continues` is the id of an edit that this one
        goes on with: both are undone as one, unless the same rows were changed in between.
        """
        if self._recorder is not None:
            yield self._recorder
            return
        with self.writing():
            self._recorder = ChangeRecorder(self.db, now, undoes, continues)
            try:
                yield self._recorder
                self._recorder.write(self.profile().id)
                self.own_changes.add(self._recorder.id)
            finally:
                self._recorder = None

    def _note(self, table: str, row_id: str) -> None:
        if self._recorder is not None:
            self._recorder.note(table, row_id)

    def rows(self, sql: str, parameters: Sequence[object] | Row = ()) -> list[Row]:
        """Run a query and return its rows as dictionaries."""
        with translating(self.path):
            return list(self.db.query(sql, parameters))

    def _read_once(self, read: Callable[[], T]) -> T:
        """Return what `read` returns; in the run of a page, what it returned before.

        After a write by this connection, and inside a transaction, it is called again.
        """
        if self._remembered is None or self.db.conn.in_transaction:
            return read()
        if read not in self._remembered:
            self._remembered[read] = read()
        known: T = self._remembered[read]
        return known

    def _first(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        return next(iter(self.rows(sql, parameters)), None)

    # -- entries ----------------------------------------------------------------------------

    def find(
        self,
        kind: type[Stored],
        condition: str = "1",
        parameters: Sequence[object] = (),
        *,
        order: str = "",
        limit: int | None = None,
        deleted: bool = False,
    ) -> list[Stored]:
        """Return the entries of one kind that an SQL condition selects, sessions with their holds.

        `order` is what SQL has after ORDER BY. Entries with a tombstone are left out; with
        `deleted`, they are the only ones returned.
        """
        tombstone = "NOT NULL" if deleted else "NULL"
        sql = f"SELECT * FROM {TABLE_OF[kind]} WHERE deleted_at IS {tombstone} AND {condition}"
        if order:
            sql += f" ORDER BY {order}"
        if limit is not None:
            sql = f"{sql} LIMIT ?"
            parameters = [*parameters, limit]
        rows = self.rows(sql, parameters)
        if kind is not Session or not rows:
            return [from_row(kind, row) for row in rows]
        holds: dict[str, list[Hold]] = {row["id"]: [] for row in rows}
        # All ids in one parameter: SQLite limits the number of parameters.
        for row in self.rows(
            "SELECT * FROM hold WHERE session_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY session_id, position",
            [json.dumps(list(holds))],
        ):
            holds[row["session_id"]].append(from_row(Hold, row))
        return [from_row(kind, row, holds=tuple(holds[row["id"]])) for row in rows]

    def get(self, kind: type[Stored], entry_id: str) -> Stored | None:
        """Return an entry by its id; None if it is missing or has a tombstone."""
        return next(iter(self.find(kind, "id = ?", [entry_id])), None)

    def is_deleted(self, table: str, entry_id: str) -> bool:
        """Return whether a row exists and has a tombstone."""
        sql = f"SELECT 1 FROM {table} WHERE id = ? AND deleted_at IS NOT NULL"
        return self._first(sql, [entry_id]) is not None

    def save(self, entry: Session | PainEntry | CheckInAnswer, now: Moment) -> None:
        """Insert or replace an entry, a session together with its holds. Safe to repeat."""
        with self.change(now):
            self._put(entry, now)

    def save_all(
        self,
        entries: Iterable[Session | PainEntry | CrampNight],
        now: Moment,
        watch: Callable[[Iterable[Any]], Iterable[Any]] = iter,
    ) -> list[str]:
        """Add many entries in one transaction, all or nothing; return the ids of the new ones.

        An entry whose id exists is skipped; a cramp night must not have an answer yet. The change
        log is not written: `transfer.import_undo` reverts this. `watch` wraps the new entries of a
        kind as they are written, for a progress display.
        """
        added: list[str] = []
        with self.writing():
            owner = self._owner(now)
            # Inserting all entries of a kind at once is far quicker than one by one.
            for kind, group in groupby(entries, type):
                table = TABLE_OF[kind]
                common = stamps(kind, now, owner)
                new: dict[str, Any] = {}
                for entry in group:
                    new.setdefault(entry.id, entry)
                for (known,) in self.db.execute(f"SELECT id FROM {table}"):
                    new.pop(known, None)
                added += new
                rows = (to_row(entry) | common for entry in watch(new.values()))
                database.insert_rows(self.db, table, rows)
                if kind is Session:
                    self._insert_holds(new.values())
        return added

    def _put(self, entry: Any, now: Moment, *, by_user: bool = True, **columns: object) -> None:
        """Insert or replace an entry, with `columns` it has no field for; log it if `by_user`."""
        table = TABLE_OF[type(entry)]
        if by_user:
            self._note(table, entry.id)
        owner = "" if isinstance(entry, Profile) else self._owner(now)
        row = to_row(entry) | stamps(type(entry), now, owner) | columns
        known = self._first(f"SELECT created_at FROM {table} WHERE id = ?", [entry.id])
        self.db.table(table, pk="id").upsert(row | (known or {}))
        if isinstance(entry, Session):
            self.db.execute("DELETE FROM hold WHERE session_id = ?", [entry.id])
            self._insert_holds([entry])

    def _insert_holds(self, sessions: Iterable[Session]) -> None:
        rows = (
            to_row(hold) | {"session_id": session.id}
            for session in sessions
            for hold in session.holds
        )
        database.insert_rows(self.db, "hold", rows)

    def _put_of_day(self, entry: Any, now: Moment, *, by_user: bool = True) -> None:
        """Insert an entry, or replace the one of the same day, in a table with one row per day."""
        column = ONE_A_DAY[TABLE_OF[type(entry)]]
        day = getattr(entry, column).isoformat()
        for known in self.find(type(entry), f"{column} = ?", [day]):
            entry = replace(entry, id=known.id)
        self._put(entry, now, by_user=by_user)

    def delete(self, table: str, entry_id: str, now: Moment) -> None:
        """Put a tombstone on an entry, as a change or as part of the surrounding one."""
        self._set_deleted_at(table, entry_id, now, now.iso)

    def restore(self, table: str, entry_id: str, now: Moment) -> None:
        """Remove the tombstone of an entry, as a change or as part of the surrounding one."""
        self._set_deleted_at(table, entry_id, now, None)

    def _set_deleted_at(self, table: str, entry_id: str, now: Moment, at: str | None) -> None:
        with self.change(now):
            self._note(table, entry_id)
            self.db.execute(
                f"UPDATE {table} SET deleted_at = ?, updated_at = ? WHERE id = ?",
                [at, now.iso, entry_id],
            )

    def profile(self) -> Profile:
        """Return the profile; the default one if none has been saved yet."""
        return self._read_once(self._profile)

    def _profile(self) -> Profile:
        row = self._first("SELECT * FROM profile ORDER BY created_at LIMIT 1")
        return from_row(Profile, row) if row else Profile(id=FIRST_PROFILE_ID)

    def _owner(self, now: Moment) -> str:
        """Return the id of the profile that owns every row. It is created if it is missing."""
        profile = self.profile()
        if self._first("SELECT 1 FROM profile") is None:
            self._put(profile, now)
        return profile.id

    # -- meta -------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        row = self._first("SELECT value FROM meta WHERE key = ?", [key])
        return str(row["value"]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing():
            self.db.table("meta", pk="key").upsert({"key": key, "value": value})

    def export_id(self) -> str:
        """Return the random UUID of the user in exported files, created at the first call."""
        if (known := self.meta(EXPORT_ID)) is not None:
            return known
        with self.writing():
            self.db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", [EXPORT_ID, new_id()]
            )
        return str(self.meta(EXPORT_ID))
