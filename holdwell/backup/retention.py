"""Pruning the folder of backups: remains of interrupted copies, and copies no longer needed.
`daily.prune` prunes the daily backups."""

import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from holdwell.backup.daily import folder_of
from holdwell.domain.models import Moment
from holdwell.store import database
from holdwell.store.files import secure_delete
from holdwell.store.repository import Store

PART_HOURS = 1
"""A copy that is still being made is younger than this, even of a large database."""
KEPT_COPIES = 3
KEPT_DAYS = 30

_COPY = re.compile(
    r"before-(?:(?:(?P<kind>[a-z]+)-)?(?P<stamp>\d{8}-\d{6}-\d{6})|version-(?P<version>\d+))"
    r"(?:-\d+)?\.db"
)


def prune(path: Path, now: Moment) -> list[Path]:
    """Remove what is no longer needed from the folder of backups; return what was removed.

    - `*.part*` files, which an interrupted copy leaves, after an hour; also beside the database,
      where an interrupted encryption leaves them.
    - Copies made before a restore or an import: all but the last three of each kind, and those
      older than 30 days.
    - Copies made before a migration to a new version: those older than 30 days, but never the
      last one.

    Any other file stays. Raises OSError.
    """
    folder = folder_of(path)
    # The second star is for SQLite's journal beside a part.
    parts = [*database.beside(path, database.UNFINISHED), *folder.glob("*.part*")]
    expired = [*_older(parts, now, timedelta(hours=PART_HOURS)), *_copies(folder, now)]
    return [path for path in expired if secure_delete(path)]


LAST_UPKEEP = "last_upkeep"
"""A key of `meta`: the time of the last upkeep, which deletes old data."""
JUMP_DAYS = 2


def trusted_time(store: Store, now: Moment) -> Moment | None:
    """Return the time from which ages are counted; None: nothing may be deleted today.

    A clock that is wrong once must not delete anything: data is old only if the next upkeep agrees.
    So the returned time is at most two days after the last upkeep, and None at the first one. Saves
    `now` for the next upkeep. Raises StoreError.
    """
    last = store.meta(LAST_UPKEEP)
    store.set_meta(LAST_UPKEEP, now.iso)
    if last is None:
        return None
    latest = Moment.from_iso(last, now.utc_offset).utc + timedelta(days=JUMP_DAYS)
    return Moment(min(now.utc, latest), now.utc_offset)


def _older(paths: list[Path], now: Moment, age: timedelta) -> list[Path]:
    limit = (now.utc - age).timestamp()
    return [path for path in paths if path.stat().st_mtime < limit]


def _copies(folder: Path, now: Moment) -> list[Path]:
    """Return the copies of a whole database that are no longer needed."""
    kinds: dict[str | None, list[tuple[int, str, Path]]] = defaultdict(list)
    for path in folder.glob("before-*.db"):
        if match := _COPY.fullmatch(path.name):
            # Copies by an earlier version of the app have no kind (None), and are counted apart.
            kind = "version" if match["version"] else match["kind"]
            number = match["version"] or match["stamp"]
            kinds[kind].append((len(number), number, path))
    expired: list[Path] = []
    for kind, copies in kinds.items():
        newest_first = [path for *_, path in sorted(copies, reverse=True)]
        if kind == "version":
            aging = newest_first[1:]
        else:
            aging = newest_first[:KEPT_COPIES]
            expired += newest_first[KEPT_COPIES:]
        expired += _older(aging, now, timedelta(days=KEPT_DAYS))
    return expired
