"""The user's changes of the last 30 days, row by row, so that every edit and delete can be undone.

A change is what one tap changed: the rows of the table `change` that share a `step`. The store
writes it in the transaction of the change itself. SQLite triggers would have the same reach and
three faults: an edit of a session replaces all its holds, which a trigger sees as many changes;
the timer's reports and an import would need a way past them; and a trigger knows neither the tap
nor the user's clock.

Only what differs is kept: the columns as they were and as they became. So undoing a change leaves
alone what was changed elsewhere in the same row since.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from holdwell.domain.edits import UNITS
from holdwell.domain.models import Moment, SessionState, new_id
from holdwell.store.rows import TABLE_OF, Row, columns_of
from holdwell.store.sqlite import Database
from holdwell.store.table_info import OWNED_TABLES

KEPT_DAYS = 30
TRACKED = ("profile", *(table for table in OWNED_TABLES if table != "check_in"))
"""The tables whose edits can be undone. Meta is the app's own, and a check-in is never edited."""

HOLDS = "holds"
"""The key under which a session's row has the rows of its holds."""

_UNITS: Mapping[str, tuple[frozenset[str], ...]] = {
    TABLE_OF[kind]: tuple(
        frozenset(column for name in unit for column in columns_of(kind, name)) for unit in units
    )
    for kind, units in UNITS.items()
} | {
    # Undone as a whole, but merged one by one: a page that asks how the birth went must not put
    # back the due date that it was drawn with.
    "pregnancy": (frozenset({"due_date", "birth_date", "ended", "birth_kind"}),),
}
"""Columns that only make sense together are reverted together."""
_STAMPS = frozenset({"id", "profile_id", "created_at", "updated_at"})
_NOT_BY_USER: Mapping[str, frozenset[str]] = {
    # The offset at which a row was saved, and what the app notes by itself.
    "profile": frozenset({"utc_offset", "welcomed", "safety_seen"}),
    "pregnancy": frozenset({"utc_offset"}),
    "cramp": frozenset({"utc_offset", "profile_id"}),
    "routine": frozenset({"utc_offset"}),
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that a change touched. `before` is None where the row was not there.

    `before` and `after` have the columns that differ, `now` the whole row as it is today; None:
    it is no longer there.
    """

    table: str
    row_id: str
    before: Row | None
    after: Row
    now: Row | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one tap changed. `undoes` is the id of the change that it took back, if it did."""

    id: str
    at: Moment
    rows: tuple[RowChange, ...]
    undoes: str | None = None


class ChangeRecorder:
    """Reads the rows that one change is about to touch, and writes down what became of them."""

    def __init__(
        self, db: Database, now: Moment, undoes: str | None = None, continues: str = ""
    ) -> None:
        self.id = new_id()
        self.written = 0
        """How many rows the user changed, once the change is over; 0: there is nothing to undo."""
        self._db = db
        self._now = now
        self._undoes = undoes
        self._continues = continues
        self._before: dict[tuple[str, str], Row | None] = {}

    def note(self, table: str, row_id: str) -> None:
        """Read a row that is about to change. Its first state within the change counts."""
        if table in TRACKED and (table, row_id) not in self._before:
            row = read_row(self._db, table, row_id)
            self._before[table, row_id] = row and {**row, **self._take_over(table, row_id)}

    def _take_over(self, table: str, row_id: str) -> Row:
        """Return the values from before the change that this one continues, and drop that change.

        Empty unless that change was an edit of the row, and the last change of it.
        """
        newest = "table_name = ? AND row_id = ? ORDER BY rowid DESC LIMIT 1"
        for row in self._db.query(f"SELECT * FROM change WHERE {newest}", [table, row_id]):
            if row["step"] == self._continues and row["before"] is not None:
                self._db.execute("DELETE FROM change WHERE id = ?", [row["id"]])
                return dict(json.loads(row["before"]))
        return {}

    def write(self, profile_id: str) -> None:
        """Write down every noted row that the user did change."""
        for (table, row_id), before in self._before.items():
            after = read_row(self._db, table, row_id)
            if after is None or not _is_by_user(table, before, after):
                continue
            columns = differing(table, before, after)
            if before is not None and not columns:
                continue
            self._db.table("change").insert(
                {
                    "id": new_id(),
                    "profile_id": profile_id,
                    "step": self.id,
                    "undoes": self._undoes,
                    "table_name": table,
                    "row_id": row_id,
                    "before": None if before is None else _json(before, columns),
                    "after": _json(after, columns),
                    "changed_at": self._now.iso,
                    "utc_offset": self._now.utc_offset,
                }
            )
            self.written += 1


def read_row(db: Database, table: str, row_id: str) -> Row | None:
    """Read one row as it is, a session with its holds."""
    row = next(iter(db.query(f"SELECT * FROM {table} WHERE id = ?", [row_id])), None)
    if row is not None and table == "session":
        holds = "SELECT * FROM hold WHERE session_id = ? ORDER BY position, id"
        row[HOLDS] = list(db.query(holds, [row_id]))
    return row


def differing(table: str, before: Row | None, after: Row) -> set[str]:
    """Return the columns that differ in a way the user would notice, each with its unit."""
    if before is None:
        return set()
    ignored = _STAMPS | _NOT_BY_USER.get(table, frozenset())
    columns = {name for name in after if name not in ignored and before.get(name) != after[name]}
    for unit in _UNITS.get(table, ()):
        if columns & unit:
            columns |= unit
    return columns


def _is_by_user(table: str, before: Row | None, after: Row) -> bool:
    """Return whether the user made a change, and not the timer or the app's first opening."""
    if table == "profile":
        return before is not None
    if table != "session":
        return True
    if before is None:
        return bool(after["state"] != SessionState.OPEN)
    is_deletion = before["deleted_at"] != after["deleted_at"]
    return bool(is_deletion or before["state"] != SessionState.OPEN)


def _json(row: Row, columns: Iterable[str]) -> str:
    return json.dumps({name: row[name] for name in sorted(columns)}, ensure_ascii=False)
