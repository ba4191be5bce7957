"""Automatic upkeep of a database: a check at its first use, and cleaning and a backup each day."""

import logging
from datetime import date
from pathlib import Path

from holdwell.backup import daily, retention
from holdwell.encryption import rekey
from holdwell.store import database
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.process_state import database_file, process_state

_log = logging.getLogger("holdwell")


def check_once(path: Path) -> None:
    """Check a database for damage, once per server start. Raises StoreError (DAMAGED)."""
    if not path.exists():
        return
    file = (path, path.stat().st_ino)
    found_sound = process_state().found_sound
    if file in found_sound:
        return
    if database.looks_damaged(database_file(path)):
        raise StoreError(StoreProblem.DAMAGED, path)
    found_sound.add(file)


def run_once_a_day(store: Store) -> None:
    """Once a day, drop changes older than 30 days, prune old backups and make today's backup.

    A failure must not stop the user: it is logged, and the data page says if a backup failed.
    """
    state, path, now = process_state(), store.path, clock.now()
    today = now.local.date()
    if (path, today) not in state.upkeep_done:
        # A second run of the page, begun meanwhile, does not wait for this: it makes the backup.
        state.backup_due.add(path)
        state.upkeep_done.add((path, today))
        try:
            retention.run(store, now)
            rekey.convert_copies(store.file)
        except (StoreError, OSError) as error:
            _log.warning("%s was not tidied up today: %s", path, error)
    if path in state.backup_due:
        _back_up(store, today)


def _back_up(store: Store, today: date) -> None:
    """Make today's backup; the next page tries again if that fails or nothing is logged yet."""
    state, path = process_state(), store.path
    try:
        # Of a file system whose clock is days behind, `is_made` takes no backup for today's.
        if daily.make_daily(store.file, today) or daily.is_made(path, today):
            state.backup_due.discard(path)
        state.backup_failed.discard(path)
    except (CopyError, OSError) as error:
        state.backup_failed.add(path)
        _log.warning("no backup of %s today: %s", path, error)
