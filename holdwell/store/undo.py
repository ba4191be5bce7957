"""The changes of the last 30 days: reading, undoing and pruning them."""

import json
from datetime import timedelta

from holdwell.domain.models import Moment
from holdwell.store import change_log
from holdwell.store.change_log import Change, ChangeRecorder, RowChange
from holdwell.store.errors import translating
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.store.table_info import ONE_A_DAY


def changes(store: Store, *, limit: int) -> list[Change]:
    """Return the latest changes, newest first. Raises StoreError."""
    ids = store.rows(
        "SELECT step, max(rowid) AS last FROM change GROUP BY step "
        "ORDER BY max(changed_at) DESC, last DESC LIMIT ?",
        [limit],
    )
    return [change for row in ids if (change := read_change(store, row["step"]))]


def change_count(store: Store) -> int:
    """Return the number of changes in the log. Raises StoreError."""
    return int(store.rows("SELECT count(DISTINCT step) AS n FROM change")[0]["n"])


def read_change(store: Store, change_id: str) -> Change | None:
    """Read a change with its rows as they are now; None if there is none. Raises StoreError."""
    rows = store.rows("SELECT * FROM change WHERE step = ? ORDER BY rowid", [change_id])
    if not rows:
        return None
    with translating(store.path):
        changes = tuple(
            RowChange(
                table=row["table_name"],
                row_id=row["row_id"],
                before=json.loads(row["before"]) if row["before"] is not None else None,
                after=json.loads(row["after"]),
                now=change_log.read_row(store.db, row["table_name"], row["row_id"]),
            )
            for row in rows
        )
    at = Moment.from_iso(rows[0]["changed_at"], rows[0]["utc_offset"])
    return Change(change_id, at, changes, rows[0]["undoes"])


def reverted(change: RowChange, at: str) -> Row | None:
    """Return the row as undoing a change would leave it; None if that would change nothing.

    `at` is the time (UTC, ISO 8601) for a tombstone, which undoing an insert puts on the row.
    """
    now = change.now
    if now is None:
        return None
    if change.before is None:
        return {**now, "deleted_at": at} if now["deleted_at"] is None else None
    target = {**now, **change.before}
    if now.get("deleted_at") and target.get("deleted_at"):
        target["deleted_at"] = now["deleted_at"]
    return target if change_log.differing(change.table, now, target) else None


def can_be_undone(change: Change) -> bool:
    """Return whether undoing a change would change anything."""
    return any(reverted(row, "") is not None for row in change.rows)


def was_edited_elsewhere(store: Store, change_id: str) -> bool:
    """Return whether undoing a change would replace what another window has edited since.

    All later changes count that are not in `store.own_changes`. Undoing an addition would replace
    the whole row, and restoring the entry of a day would delete one that was added for that day
    since. Raises StoreError.
    """
    change = read_change(store, change_id)
    later = (
        "SELECT step, after FROM change WHERE table_name = ? AND row_id = ? AND rowid > "
        "(SELECT max(rowid) FROM change WHERE step = ?)"
    )
    for row in change.rows if change is not None else ():
        target = reverted(row, "")
        if target is None:
            continue
        edits = store.rows(later, [row.table, row.row_id, change_id])
        if any(
            row.before is None or row.after.keys() & json.loads(edit["after"]).keys()
            for edit in edits
            if edit["step"] not in store.own_changes
        ):
            return True
        if not all(_is_own(store, row.table, other) for other in _others(store, row, target)):
            return True
    return False


def _is_own(store: Store, table: str, row_id: str) -> bool:
    """Return whether the last change of a row was made in this window."""
    newest = "table_name = ? AND row_id = ? ORDER BY rowid DESC LIMIT 1"
    found = store.rows(f"SELECT step FROM change WHERE {newest}", [table, row_id])
    return any(edit["step"] in store.own_changes for edit in found)


def _others(store: Store, row: RowChange, target: Row) -> list[str]:
    """Return the ids of the entries to delete if a row becomes `target`: a day has only one."""
    if row.table not in ONE_A_DAY or target["deleted_at"] is not None:
        return []
    column = ONE_A_DAY[row.table]
    sql = f"SELECT id FROM {row.table} WHERE {column} = ? AND id <> ? AND deleted_at IS NULL"
    return [other["id"] for other in store.rows(sql, [target[column], row.row_id])]


def undo(store: Store, change_id: str, now: Moment) -> str | None:
    """Revert one change; later changes to other columns and rows stay.

    The undo is itself a change: its id is returned, or None if there was nothing to undo. Raises
    StoreError.
    """
    with store.change(now, undoes=change_id) as recorder:
        change = read_change(store, change_id)
        rows = change.rows if change is not None else ()
        targets = [(row, target) for row in rows if (target := reverted(row, now.iso))]
        for row, target in targets:
            _revert(store, recorder, row, target, now)
        return recorder.id if targets else None


def _revert(
    store: Store, recorder: ChangeRecorder, row: RowChange, target: Row, now: Moment
) -> None:
    """Give a row its earlier values, inside a transaction."""
    for other in _others(store, row, target):
        store.delete(row.table, other, now)
    recorder.note(row.table, row.row_id)
    columns = change_log.differing(row.table, row.now, target)
    values = {name: target[name] for name in columns - {change_log.HOLDS}} | {"updated_at": now.iso}
    store.db.table(row.table).update(row.row_id, values)
    if change_log.HOLDS in columns:
        store.db.execute("DELETE FROM hold WHERE session_id = ?", [row.row_id])
        store.db.table("hold").insert_all(target[change_log.HOLDS])


def prune(store: Store, now: Moment) -> None:
    """Delete the changes made more than 30 days before `now`. Raises StoreError."""
    earliest = Moment(now.utc - timedelta(days=change_log.KEPT_DAYS), now.utc_offset).iso
    old = "FROM change WHERE changed_at < ?"
    # Query first: a database that cannot be written to must still open.
    if store.rows(f"SELECT 1 {old} LIMIT 1", [earliest]):
        with store.writing():
            store.db.execute(f"DELETE {old}", [earliest])
