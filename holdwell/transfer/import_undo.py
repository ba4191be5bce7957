"""Undoing the last import: what it added is removed, and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from holdwell.domain.models import Moment
from holdwell.store import undo as change_undo
from holdwell.store.repository import Store
from holdwell.store.table_info import OWNED_TABLES, TABLES

_KEY = "last_import"
_IDS = "SELECT value FROM json_each(?)"
_CHILDREN = {"profile": ("profile_id", OWNED_TABLES), "pregnancy": ("pregnancy_id", ("due_date",))}
"""By table: the column by which other tables refer to its rows, and those tables."""


@dataclass(frozen=True, slots=True)
class LastImport:
    """The time of the last import, and how many rows it added."""

    at: Moment
    count: int


def remember(
    store: Store,
    now: Moment,
    added: Mapping[str, Sequence[str]],
    change_id: str | None = None,
    ahead: Mapping[str, str] | None = None,
) -> None:
    """Save what an import did, for its undo: `added`, by table the ids of the new rows, and
    `change_id`, the change that completed existing rows.

    `ahead` has the `updated_at` of each row for which it is later than `now`, because the clock
    that wrote the row was ahead of this one. An import that did nothing is not saved.
    """
    if any(added.values()) or change_id is not None:
        saved = {"at": now.iso, "offset": now.utc_offset, "new": added, "change": change_id}
        store.set_meta(_KEY, _json(saved | {"ahead": ahead or {}}))


def _json(value: object) -> str:
    """Return JSON, written part by part: json.dumps has all parts at once, ten times the memory."""
    text = StringIO()
    json.dump(value, text)
    return text.getvalue()


def last_import(store: Store) -> LastImport | None:
    """Return the last import unless it was undone. Raises StoreError."""
    if (text := store.meta(_KEY)) is None:
        return None
    saved = json.loads(text)
    count = sum(map(len, saved["new"].values()))
    return LastImport(Moment.from_iso(saved["at"], saved["offset"]), count)


def undo(store: Store, now: Moment) -> int:
    """Undo the last import, all or nothing, and return how many rows were removed.

    Rows that the user has edited or deleted since stay, as do rows that others refer to. Rows are
    removed without a tombstone, so that the same file can be imported again. Raises StoreError.
    """
    if (text := store.meta(_KEY)) is None:
        return 0
    saved = json.loads(text)
    removed = 0
    with store.change(now):
        for table in reversed([t for t in TABLES if t != "hold" and saved["new"].get(t)]):
            column, children = _CHILDREN.get(table, ("", ()))
            unless = "".join(f" AND id NOT IN (SELECT {column} FROM {child})" for child in children)
            rows = store.rows(
                f"SELECT id, updated_at FROM {table} WHERE id IN ({_IDS}){unless}",
                [json.dumps(saved["new"][table])],
            )
            unchanged = []
            for row in rows:
                updated_at, ahead = row["updated_at"], saved.get("ahead", {}).get(row["id"])
                if updated_at == ahead or (ahead is None and updated_at <= saved["at"]):
                    unchanged.append(row["id"])
            ids = [json.dumps(unchanged)]
            removed += len(unchanged)
            if table == "session":
                # Removing a session removes its holds.
                holds = f"SELECT count(*) AS holds FROM hold WHERE session_id IN ({_IDS})"
                removed += store.rows(holds, ids)[0]["holds"]
            store.db.execute(f"DELETE FROM {table} WHERE id IN ({_IDS})", ids)
        store.db.execute("DELETE FROM meta WHERE key = ?", [_KEY])
        if saved["change"]:
            change_undo.undo(store, saved["change"], now)
    return removed
