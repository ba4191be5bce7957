"""What she changed in the last 30 days, row by row, so that every edit and delete can be undone.

A step is what one tap changed: the rows of `change` that share its id. The store writes it in the
transaction of the change itself. SQLite triggers would have the same reach and three faults: an
edit of a session replaces all its holds, which a trigger sees as many; the timer's reports and an
import would need a way past them; and a trigger knows neither her tap nor her clock.

Only what differs is kept: the columns as they were and as they became. So undoing a change leaves
alone what she changed elsewhere in the same row since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from holdwell.domain.models import Moment, SessionState, new_id
from holdwell.store.rows import Row

KEPT_DAYS = 30
TRACKED = ("profile", "pregnancy", "session", "cramp", "routine")
"""The tables whose edits can be undone. Meta is the app's own, and a check-in is never edited."""

HOLDS = "holds"
"""Where the rows of `hold` stand in what is known of a session."""

_UNITS: Mapping[str, tuple[frozenset[str], ...]] = {
    # Columns that only make sense together are put back together.
    "session": (
        frozenset({"started_at", "utc_offset", "ended_at", "local_day"}),
        frozenset({HOLDS, "held_s"}),
    ),
    "pregnancy": (frozenset({"due_date", "birth_date", "ended", "birth_kind"}),),
}
_STAMPS = frozenset({"id", "profile_id", "created_at", "updated_at"})
_NOT_HERS: Mapping[str, frozenset[str]] = {
    # Where a row says at which offset it was saved, and what the app notes as she goes along.
    "profile": frozenset({"utc_offset", "welcomed", "safety_seen"}),
    "pregnancy": frozenset({"utc_offset"}),
    "cramp": frozenset({"utc_offset", "profile_id"}),
    "routine": frozenset({"utc_offset"}),
    "session": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One row that a step changed. `before` is None where the row was not there.

    `before` and `after` have the columns that differ, `now` the whole row as it is today; None:
    it is no longer there.
    """

    table: str
    row_id: str
    before: Row | None
    after: Row
    now: Row | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one tap of hers changed. `undoes` names the step that it took back, if it did."""

    id: str
    at: Moment
    changes: tuple[Change, ...]
    undoes: str | None = None


class Journal:
    """Notes the rows that one step is about to change, and writes down what became of them."""

    def __init__(self, db: Database, now: Moment, undoes: str | None = None) -> None:
        self.id = new_id()
        self.written = 0
        """How many rows were changed by her doing, once the step is over; 0: it is no step."""
        self._db = db
        self._now = now
        self._undoes = undoes
        self._before: dict[tuple[str, str], Row | None] = {}

    def note(self, table: str, row_id: str) -> None:
        """Say that a row is about to change. Its first state in the step counts."""
        if table in TRACKED and (table, row_id) not in self._before:
            self._before[table, row_id] = row_of(self._db, table, row_id)

    def write(self, profile_id: str) -> None:
        """Write down every noted row that did change by her doing."""
        for (table, row_id), before in self._before.items():
            after = row_of(self._db, table, row_id)
            if after is None or not _hers(table, before, after):
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


def row_of(db: Database, table: str, row_id: str) -> Row | None:
    """Read one row as it is, a session with its holds."""
    found = next(iter(db.query(f"SELECT * FROM {table} WHERE id = ?", [row_id])), None)
    if found is not None and table == "session":
        holds = "SELECT * FROM hold WHERE session_id = ? ORDER BY position, id"
        found[HOLDS] = list(db.query(holds, [row_id]))
    return found


def differing(table: str, before: Row | None, after: Row) -> set[str]:
    """The columns that differ in a way she would know of, each with those it belongs to."""
    if before is None:
        return set()
    ignored = _STAMPS | _NOT_HERS[table]
    found = {name for name in after if name not in ignored and before.get(name) != after[name]}
    for unit in _UNITS.get(table, ()):
        if found & unit:
            found |= unit
    return found


def _hers(table: str, before: Row | None, after: Row) -> bool:
    """Whether a change is one of hers, and not the timer at work or the app's own beginning."""
    if table == "profile":
        return before is not None
    if table != "session":
        return True
    if before is None:
        return bool(after["state"] != SessionState.OPEN)
    deleted = before["deleted_at"] != after["deleted_at"]
    return bool(deleted or before["state"] != SessionState.OPEN)


def _json(row: Row, columns: Iterable[str]) -> str:
    return json.dumps({name: row[name] for name in sorted(columns)}, ensure_ascii=False)


# -- reading ------------------------------------------------------------------------------------


def steps(db: Database, profile_id: str, limit: int, offset: int = 0) -> list[Step]:
    """One page of her steps, newest first."""
    found = db.query(
        "SELECT step, max(rowid) AS last FROM change WHERE profile_id = ? GROUP BY step "
        "ORDER BY max(changed_at) DESC, last DESC LIMIT ? OFFSET ?",
        [profile_id, limit, offset],
    )
    read = [step(db, row["step"]) for row in list(found)]
    return [one for one in read if one is not None]


def count(db: Database, profile_id: str) -> int:
    """How many steps there are."""
    sql = "SELECT count(DISTINCT step) FROM change WHERE profile_id = ?"
    return int(db.execute(sql, [profile_id]).fetchone()[0])


def step(db: Database, step_id: str) -> Step | None:
    """One step with its rows as they are now; None if it is not there, or no longer."""
    rows = list(db.query("SELECT * FROM change WHERE step = ? ORDER BY rowid", [step_id]))
    if not rows:
        return None
    changes = tuple(
        Change(
            table=row["table_name"],
            row_id=row["row_id"],
            before=json.loads(row["before"]) if row["before"] is not None else None,
            after=json.loads(row["after"]),
            now=row_of(db, row["table_name"], row["row_id"]),
        )
        for row in rows
    )
    at = Moment.from_iso(rows[0]["changed_at"], rows[0]["utc_offset"])
    return Step(step_id, at, changes, rows[0]["undoes"])


# -- undoing ------------------------------------------------------------------------------------


def undone(change: Change, at: str) -> Row | None:
    """The row as undoing a change would leave it; None where that would change nothing.

    `at` is the time (UTC, ISO 8601) that a tombstone would carry.
    """
    now = change.now
    if now is None:
        return None
    if change.before is None:
        return {**now, "deleted_at": at} if now["deleted_at"] is None else None
    target = {**now, **change.before}
    if now.get("deleted_at") and target.get("deleted_at"):
        target["deleted_at"] = now["deleted_at"]
    return target if differing(change.table, now, target) else None


def can_be_undone(found: Step) -> bool:
    """Whether undoing a step would change anything."""
    return any(undone(change, "") is not None for change in found.changes)


def put_back(db: Database, journal: Journal, found: Step, now: Moment) -> None:
    """Undo a step inside a transaction, as a new step that can itself be undone."""
    targets = [
        (change, target)
        for change in found.changes
        if (target := undone(change, now.iso)) is not None
    ]
    for change, target in targets:
        if change.table == "cramp" and target["deleted_at"] is None:
            _make_room(db, journal, target, now)
        journal.note(change.table, change.row_id)
        columns = differing(change.table, change.now, target)
        _update(db, change.table, {name: target[name] for name in columns - {HOLDS}}, target, now)
        if HOLDS in columns:
            db.execute("DELETE FROM hold WHERE session_id = ?", [change.row_id])
            db.table("hold").insert_all(target[HOLDS])


def _make_room(db: Database, journal: Journal, cramp: Row, now: Moment) -> None:
    """Take back any other answer for the night: it has one, and the database says so too."""
    taken = db.query(
        "SELECT * FROM cramp WHERE profile_id = ? AND night = ? AND id <> ? AND deleted_at IS NULL",
        [cramp["profile_id"], cramp["night"], cramp["id"]],
    )
    for row in list(taken):
        journal.note("cramp", row["id"])
        _update(db, "cramp", {"deleted_at": now.iso}, row, now)


def _update(db: Database, table: str, values: Mapping[str, Any], row: Row, now: Moment) -> None:
    named = {**values, "updated_at": now.iso}
    sets = ", ".join(f"{name} = ?" for name in named)
    db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", [*named.values(), row["id"]])
