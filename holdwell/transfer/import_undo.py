"""The undo of the last import: it takes back what the import brought, and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdwell.domain.models import Moment
from holdwell.store import undo as change_undo
from holdwell.store.repository import Store
from holdwell.store.table_info import OWNED_TABLES, TABLES

_KEY = "last_import"
_IDS = "SELECT value FROM json_each(?)"
_CHILDREN = {"profile": ("profile_id", OWNED_TABLES), "pregnancy": ("pregnancy_id", ("due_date",))}
"""The tables whose rows point to a row, and their column that does."""


@dataclass(frozen=True, slots=True)
class LastImport:
    """When something was imported last, and how many rows it brought."""

    at: Moment
    count: int


def remember(
    store: Store,
    now: Moment,
    brought: Mapping[str, Sequence[str]],
    change_id: str | None = None,
    ahead: Mapping[str, str] | None = None,
) -> None:
    """Keep what an import brought: the ids of new rows, and the change of rows it completed.

    `ahead` has the `updated_at` of each row that is later than `now`: the clock that wrote it was
    ahead of this one. An import that brought nothing leaves the one before it the last.
    """
    if any(brought.values()) or change_id is not None:
        told = {"at": now.iso, "offset": now.utc_offset, "new": brought, "change": change_id}
        store.set_meta(_KEY, json.dumps(told | {"ahead": ahead or {}}))


def last_import(store: Store) -> LastImport | None:
    """Return the last import that was not taken back. Raises StoreError."""
    if (text := store.meta(_KEY)) is None:
        return None
    told = json.loads(text)
    count = sum(map(len, told["new"].values()))
    return LastImport(Moment.from_iso(told["at"], told["offset"]), count)


def undo(store: Store, now: Moment) -> int:
    """Take the last import back, all or nothing, and return how many rows went. Raises StoreError.

    What the user has edited or deleted since stays, and so does a row that others point to. The
    rows are deleted without a tombstone, so that the same file can be imported again.
    """
    if (text := store.meta(_KEY)) is None:
        return 0
    told = json.loads(text)
    gone = 0
    with store.change(now):
        # A hold goes with its session.
        for table in reversed([t for t in TABLES if t != "hold" and told["new"].get(t)]):
            column, children = _CHILDREN.get(table, ("", ()))
            unless = "".join(f" AND id NOT IN (SELECT {column} FROM {child})" for child in children)
            found = store.rows(
                f"SELECT id, updated_at FROM {table} WHERE id IN ({_IDS}){unless}",
                [json.dumps(told["new"][table])],
            )
            ahead = told.get("ahead", {})
            same = [
                row_id
                for row_id, at in (row.values() for row in found)
                if (at == ahead[row_id] if row_id in ahead else at <= told["at"])
            ]
            store.db.execute(f"DELETE FROM {table} WHERE id IN ({_IDS})", [json.dumps(same)])
            gone += len(same)
        store.db.execute("DELETE FROM meta WHERE key = ?", [_KEY])
        if told["change"]:
            change_undo.undo(store, told["change"], now)
    return gone
