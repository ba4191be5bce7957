"""What is done for a database without being asked: a check at its first use, upkeep once a day."""

from __future__ import annotations

import logging
from pathlib import Path

from holdwell.backup import daily, retention
from holdwell.encryption import rekey
from holdwell.store import database, undo
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.process_state import database_file, process_state

_log = logging.getLogger("holdwell")


def check_once(path: Path) -> None:
    """Check a database for damage, once since the server started. Raises StoreError (DAMAGED)."""
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
    """Drop changes that are 30 days old, prune the backups, and make today's, once a day.

    A failure keeps nobody from stretching: it is logged, and the page of the data says of a
    backup that it failed.
    """
    state, path, now = process_state(), store.path, clock.now()
    today = now.local.date()
    if (path, today) in state.upkeep_done:
        return
    state.upkeep_done.add((path, today))
    try:
        undo.prune(store, now)
        retention.prune(path, now)
        rekey.convert_copies(store.file)
    except (StoreError, OSError) as error:
        _log.warning("%s was not tidied up today: %s", path, error)
    try:
        daily.make_daily(store.file, today)
        state.backup_failed.discard(path)
    except (CopyError, OSError) as error:
        state.backup_failed.add(path)
        _log.warning("no backup of %s today: %s", path, error)
