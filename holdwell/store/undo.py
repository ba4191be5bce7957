"""What she changed in the last 30 days, read page by page, taken back, and let go of after."""

from __future__ import annotations

from datetime import timedelta

from holdwell.domain.models import Moment
from holdwell.store import change_log, database
from holdwell.store.change_log import KEPT_DAYS, Step
from holdwell.store.repository import Store


def steps(store: Store, *, limit: int, offset: int = 0) -> list[Step]:
    """Return one page of her steps, newest first. Raises StoreError."""
    with database.translating(store.path):
        return change_log.steps(store.db, store.profile().id, limit, offset)


def step_count(store: Store) -> int:
    """How many steps there are. Raises StoreError."""
    with database.translating(store.path):
        return change_log.count(store.db, store.profile().id)


def undo(store: Store, step_id: str, now: Moment) -> str | None:
    """Take back what a step changed; what she changed elsewhere since stays as it is.

    The undo is a step of its own: returns its id, or None if there was nothing to undo. Raises
    StoreError.
    """
    with store.step(now, undoes=step_id) as made:
        found = change_log.step(store.db, step_id)
        if found is None or not change_log.can_be_undone(found):
            return None
        change_log.put_back(store.db, made, found, now)
        return made.id


def forget(store: Store, now: Moment) -> None:
    """Let go of what was changed more than 30 days before `now`. Raises StoreError."""
    earlier = Moment(now.utc - timedelta(days=KEPT_DAYS), now.utc_offset).iso
    old = "FROM change WHERE profile_id = ? AND changed_at < ?"
    mine = [store.profile().id, earlier]
    # Looked for first: a record that cannot be written to opens all the same.
    if store.rows(f"SELECT 1 {old} LIMIT 1", mine):
        with store.writing():
            store.db.execute(f"DELETE {old}", mine)
