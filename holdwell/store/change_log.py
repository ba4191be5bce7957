"""The user's changes of the last 30 days, row by row, so that every edit and delete can be undone.

A change is everything that one tap changed: the rows of the table `change` with the same `step`.
The store writes it in the same transaction as the change itself. SQLite triggers would not do: an
edit of a session replaces all its holds, which a trigger would see as many changes; the timer's
reports and an import would have to bypass them; and a trigger knows neither the tap nor the user's
clock.

Only the columns that differ are kept, with their values before and after. So undoing a change
leaves later changes to other columns of the row alone.
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
"""The tables whose edits can be undone. Meta belongs to the app; a check-in is never edited."""

HOLDS = "holds"
"""The key of a session's row in the log that holds the rows of its holds."""


def _columns(kind: type, names: Iterable[str]) -> frozenset[str]:
    return frozenset(column for name in names for column in columns_of(kind, name))


_UNITS: Mapping[str, tuple[frozenset[str], ...]] = {
    TABLE_OF[kind]: tuple(_columns(kind, unit) for unit in units) for kind, units in UNITS.items()
} | {
    # These are undone as a whole, but merged one by one: a page that asks how the birth went must
    # not restore the due date that it was drawn with.
    "pregnancy": (frozenset({"due_date", "birth_date", "ended", "birth_kind"}),),
}
"""By table: columns that only make sense together, and so are reverted together."""
_STAMPS = frozenset({"id", "profile_id", "created_at", "updated_at"})
_NOT_BY_USER: Mapping[str, frozenset[str]] = {
    # The UTC offset at the time of saving, and what the app records by itself.
    "profile": frozenset({"utc_offset", "welcomed", "safety_seen"}),
    "pregnancy": frozenset({"utc_offset"}),
    "cramp": frozenset({"utc_offset", "profile_id"}),
    "routine": frozenset({"utc_offset"}),
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that a change touched.

    `before` and `after` have the columns that differ; `before` is None if the change inserted the
    row. `now` is the whole row as it is today, None if it no longer exists.
    """

    table: str
    row_id: str
    before: Row | None
    after: Row
    now: Row | None


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that one tap changed. `undoes`: the id of the change that it reverted, if any."""

    id: str
    at: Moment
    rows: tuple[RowChange, ...]
    undoes: str | None = None


class ChangeRecorder:
    """Reads the rows that a change is about to touch, and afterwards logs what differs."""

    def __init__(self, db: Database, now: Moment, undoes: str | None, continues: str) -> None:
        self.id = new_id()
        self.written = 0
        """The number of rows logged, known when the change is over. With 0 there is no undo."""
        self._db = db
        self._now = now
        self._undoes = undoes
        self._continues = continues
        self._before: dict[tuple[str, str], Row | None] = {}

    def note(self, table: str, row_id: str) -> None:
        """Read a row that is about to change. Only its state before the whole change counts."""
        if table in TRACKED and (table, row_id) not in self._before:
            row = read_row(self._db, table, row_id)
            self._before[table, row_id] = row and {**row, **self._take_over(table, row_id)}

    def _take_over(self, table: str, row_id: str) -> Row:
        """Return the values from before the edit that this change continues, and delete that edit.

        Empty unless that edit is the last change of the row.
        """
        if not self._continues:
            return {}
        newest = "table_name = ? AND row_id = ? ORDER BY rowid DESC LIMIT 1"
        for row in self._db.query(f"SELECT * FROM change WHERE {newest}", [table, row_id]):
            if row["step"] == self._continues and row["before"] is not None:
                self._db.execute("DELETE FROM change WHERE id = ?", [row["id"]])
                return dict(json.loads(row["before"]))
        return {}

    def write(self, profile_id: str) -> None:
        """Log every noted row that the user really changed."""
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
    """Read one row, a session together with its holds; None if it does not exist."""
    row = next(iter(db.query(f"SELECT * FROM {table} WHERE id = ?", [row_id])), None)
    if row is not None and table == "session":
        holds = "SELECT * FROM hold WHERE session_id = ? ORDER BY position, id"
        row[HOLDS] = list(db.query(holds, [row_id]))
    return row


def differing(table: str, before: Row | None, after: Row) -> set[str]:
    """Return the columns whose change the user would notice, each with the rest of its unit."""
    if before is None:
        return set()
    ignored = _STAMPS | _NOT_BY_USER.get(table, frozenset())
    columns = {name for name in after if name not in ignored and before.get(name) != after[name]}
    for unit in _UNITS.get(table, ()):
        if columns & unit:
            columns |= unit
    return columns


def _is_by_user(table: str, before: Row | None, after: Row) -> bool:
    """Return whether the user made a change, rather than the timer or the app's first opening."""
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
