"""Pruning what is old: changes, remains of interrupted copies, and copies no longer needed."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from holdwell.backup import daily
from holdwell.domain.models import Moment
from holdwell.store import database, undo
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


def run(store: Store, now: Moment) -> None:
    """Delete what is old by a clock that can be trusted. Raises StoreError, OSError."""
    prune_parts(store.path, now)
    upkeeps = note_upkeep(store, now)
    if (trusted := trusted_time(upkeeps, now)) is not None:
        undo.prune(store, trusted)
        prune(store.path, trusted)
    # A daily backup may go as soon as seven days of use have newer ones.
    if (trusted := trusted_time(upkeeps[-daily.KEPT_DAYS - 1 :], now)) is not None:
        daily.prune(store.path, trusted.local.date())
    daily.note_future(store.path, now)


def prune_parts(path: Path, now: Moment) -> list[Path]:
    """Remove the `*.part*` files older than an hour, which an interrupted copy leaves in the folder
    of backups, or an interrupted encryption beside the database; return them. Raises OSError."""
    # The second star is for SQLite's journal beside a part.
    folder = daily.folder_of(path)
    parts = [*database.files_beside(path, database.UNFINISHED), *folder.glob("*.part*")]
    return _remove(_older(parts, now, timedelta(hours=PART_HOURS)))


def prune(path: Path, trusted: Moment) -> list[Path]:
    """Delete copies of a database that are no longer needed, and return their paths.

    - Those made before a restore or an import: all but the last three of each kind, and those
      older than 30 days. One that is later than the `trusted_time` stays, and is not counted.
    - Those made before a migration to a new version: those older than 30 days, but never the last
      one.

    Any other file stays. Raises OSError.
    """
    latest = trusted.utc.strftime(daily.STAMP)
    kinds: dict[str | None, list[tuple[int, str, Path]]] = defaultdict(list)
    for copy in daily.folder_of(path).glob("before-*.db"):
        if match := _COPY.fullmatch(copy.name):
            # Copies by an earlier version of the app have no kind (None), and are counted apart.
            kind = "version" if match["version"] else match["kind"]
            number = match["version"] or match["stamp"]
            if kind == "version" or number <= latest:
                kinds[kind].append((len(number), number, copy))
    expired: list[Path] = []
    for kind, copies in kinds.items():
        newest_first = [copy for *_, copy in sorted(copies, reverse=True)]
        if kind == "version":
            aging = newest_first[1:]
        else:
            aging = newest_first[:KEPT_COPIES]
            expired += newest_first[KEPT_COPIES:]
        expired += _older(aging, trusted, timedelta(days=KEPT_DAYS))
    return _remove(expired)


LAST_UPKEEP = "last_upkeep"
"""A key of `meta`: the times of the last upkeeps, one for each day of use. They tell a clock that
was wrong on some of these days from one that is right."""
JUMP_DAYS = 2


def note_upkeep(store: Store, now: Moment) -> list[datetime]:
    """Save that an upkeep is done now; return the times of the last ones, this one last. Raises
    StoreError."""
    times = [datetime.fromisoformat(time) for time in (store.meta(LAST_UPKEEP) or "").split()]
    if not times or Moment(times[-1], now.utc_offset).local.date() != now.local.date():
        times = [*times, now.utc][-KEPT_DAYS:]
        store.set_meta(LAST_UPKEEP, " ".join(Moment(time, 0).iso for time in times))
    return times


def trusted_time(upkeeps: Sequence[datetime], now: Moment) -> Moment | None:
    """Return the time from which ages are counted; None: nothing may be deleted today.

    A wrong clock must not delete anything, even if it is wrong for some days: from one upkeep to
    the next at most two days pass, whatever the clock says. Only a clock that agrees with all
    `upkeeps` is trusted in full. None at the first one.
    """
    if len(upkeeps) < 2:
        return None
    steps = (later - earlier for earlier, later in pairwise(upkeeps))
    none, most = timedelta(), timedelta(days=JUMP_DAYS)
    passed = sum((min(max(step, none), most) for step in steps), none)
    return Moment(min(now.utc, upkeeps[0] + passed), now.utc_offset)


def _remove(paths: list[Path]) -> list[Path]:
    return [path for path in paths if secure_delete(path)]


def _older(paths: list[Path], now: Moment, age: timedelta) -> list[Path]:
    limit = (now.utc - age).timestamp()
    return [path for path in paths if path.lstat().st_mtime < limit]
