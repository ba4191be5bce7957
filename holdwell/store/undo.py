"""The changes of the last 30 days: read page by page, undone, and pruned after."""

from datetime import timedelta

from holdwell.domain.models import Moment
from holdwell.store import change_log
from holdwell.store.change_log import KEPT_DAYS, Change
from holdwell.store.errors import translating
from holdwell.store.repository import Store


def changes(store: Store, *, limit: int, offset: int = 0) -> list[Change]:
    """Return one page of the changes, newest first. Raises StoreError."""
    with translating(store.path):
        return change_log.read_page(store.db, limit, offset)


def change_count(store: Store) -> int:
    """Return how many changes there are. Raises StoreError."""
    with translating(store.path):
        return change_log.count(store.db)


def undo(store: Store, change_id: str, now: Moment) -> str | None:
    """Take back one change; what was changed elsewhere since stays as it is.

    The undo is a change of its own: returns its id, or None if there was nothing to undo. Raises
    StoreError.
    """
    with store.change(now, undoes=change_id) as recorder:
        change = change_log.read(store.db, change_id)
        if change is None or not change_log.can_be_undone(change):
            return None
        change_log.revert(store.db, recorder, change, now)
        return recorder.id


def prune(store: Store, now: Moment) -> None:
    """Delete the changes made more than 30 days before `now`. Raises StoreError."""
    earliest = Moment(now.utc - timedelta(days=KEPT_DAYS), now.utc_offset).iso
    old = "FROM change WHERE changed_at < ?"
    # Asked for first: a database that cannot be written to opens all the same.
    if store.rows(f"SELECT 1 {old} LIMIT 1", [earliest]):
        with store.writing():
            store.db.execute(f"DELETE {old}", [earliest])
